//! The one way out: every call to a provider, with its limits of time, size and redirects.

use std::error::Error;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Request, StatusCode};
use rustls::ClientConfig;
use rustls::crypto::aws_lc_rs;
use rustls_platform_verifier::BuilderVerifierExt;
use url::{Host, Url};

/// How long a connection may take to stand, TLS included.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// How long a call may take from its first byte out to its last byte in.
pub const CALL_TIMEOUT: Duration = Duration::from_secs(8);

/// Largest answer that is read, in bytes. Key sets and discovery documents of real providers stay below 100 KiB.
pub const MAX_BODY_BYTES: usize = 512 * 1024;

/// Idle connections that are kept to one provider, and for how long: shorter than servers commonly keep theirs, so that
/// a call seldom meets a connection that is just being closed.
const IDLE_CONNECTIONS: usize = 128;
const IDLE_TIMEOUT: Duration = Duration::from_secs(45);

/// The client for one worker's calls: connections belong to the runtime that opened them. Cheap to clone.
///
/// It follows no redirect: where a document, a key or a token comes from is for the operator to say, not for an answer.
#[derive(Clone, Debug)]
pub struct Http(reqwest::Client);

/// An answer that came in whole.
pub struct Answer {
    /// Its status; a redirect only from [`Http::look`].
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, at most [`MAX_BODY_BYTES`] or [`Limits::bytes`] long.
    pub body: Vec<u8>,
}

/// What a document of another size than most may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Largest body that is read, in bytes.
    pub bytes: usize,
    /// From the first byte out to the last byte in.
    pub time: Duration,
}

/// Why a call gave nothing that can be used. It holds nothing of an answer's body, and can be told to all who wait for one call.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HttpError {
    /// The name does not resolve, nothing listens, TLS fails, or the connection broke.
    #[error("no connection: {cause}")]
    Connection {
        /// What the network said.
        cause: String,
    },
    /// It took longer than [`CONNECT_TIMEOUT`], [`CALL_TIMEOUT`] or [`Limits::time`].
    #[error("no answer in time")]
    Timeout,
    /// The answer is larger than this many bytes.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(usize),
    /// The answer is a redirect, which is never followed.
    #[error("the answer is a redirect ({0}), which is not followed: give the final address")]
    Redirect(u16),
    /// A status that says no.
    #[error("the answer has status {0}")]
    Status(u16),
    /// Not what was asked for: no JSON, or JSON of another shape.
    #[error("the answer is not {expected}")]
    Unreadable {
        /// What was asked for.
        expected: &'static str,
    },
    /// So many calls to this provider are under way already that another would only queue up.
    #[error("{0} calls to this provider are under way already")]
    Busy(usize),
}

impl Http {
    /// A client with all limits set.
    ///
    /// # Errors
    /// [`HttpError::Connection`] if the system's certificates cannot be read.
    #[allow(clippy::disallowed_methods, reason = "the one place that makes a client")]
    pub fn new() -> Result<Self, HttpError> {
        let tls = TLS.as_ref().map_err(|cause| HttpError::Connection { cause: cause.to_string() })?;
        reqwest::Client::builder()
            .tls_backend_preconfigured(tls.clone())
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(CALL_TIMEOUT)
            .pool_max_idle_per_host(IDLE_CONNECTIONS)
            .pool_idle_timeout(IDLE_TIMEOUT)
            .tcp_nodelay(true)
            .referer(false)
            .user_agent(concat!("roomkey/", env!("CARGO_PKG_VERSION")))
            .build()
            .map(Self)
            .map_err(explain)
    }

    /// Sends `request` and reads the whole answer, whatever its status but a redirect.
    ///
    /// # Errors
    /// Any [`HttpError`] but `Status`, `Unreadable` and `Busy`.
    pub async fn call(&self, request: Request<Vec<u8>>) -> Result<Answer, HttpError> {
        let response = self.send(request).await?;
        match response.status() {
            status if status.is_redirection() => Err(HttpError::Redirect(status.as_u16())),
            _ => read(response, MAX_BODY_BYTES).await,
        }
    }

    /// The same, for whoever wants to see where a redirect leads.
    ///
    /// # Errors
    /// Any [`HttpError`] but `Redirect`, `Status`, `Unreadable` and `Busy`.
    pub async fn look(&self, request: Request<Vec<u8>>) -> Result<Answer, HttpError> {
        read(self.send(request).await?, MAX_BODY_BYTES).await
    }

    /// The same, for a document that is larger or takes longer than other answers.
    ///
    /// # Errors
    /// Any [`HttpError`] but `Redirect`, `Status`, `Unreadable` and `Busy`.
    pub async fn look_within(&self, limits: Limits, request: Request<Vec<u8>>) -> Result<Answer, HttpError> {
        let mut request = reqwest::Request::try_from(request).map_err(explain)?;
        *request.timeout_mut() = Some(limits.time);
        read(self.0.execute(request).await.map_err(explain)?, limits.bytes).await
    }

    async fn send(&self, request: Request<Vec<u8>>) -> Result<reqwest::Response, HttpError> {
        let request = reqwest::Request::try_from(request).map_err(explain)?;
        self.0.execute(request).await.map_err(explain)
    }

    /// Fetches a JSON document.
    ///
    /// # Errors
    /// Any [`HttpError`] but `Unreadable` and `Busy`.
    pub async fn get_json(&self, url: &Url) -> Result<Answer, HttpError> {
        let mut request = Request::new(Vec::new());
        *request.uri_mut() =
            url.as_str().parse().map_err(|_| HttpError::Connection { cause: "unusable address".to_owned() })?;
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
        let answer = self.call(request).await?;
        if answer.status != StatusCode::OK {
            return Err(HttpError::Status(answer.status.as_u16()));
        }
        Ok(answer)
    }
}

/// Reads an answer to its end.
async fn read(mut response: reqwest::Response, most: usize) -> Result<Answer, HttpError> {
    let announced = response.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length: usize| length > most) {
        return Err(HttpError::TooLarge(most));
    }
    let mut body = Vec::with_capacity(announced.unwrap_or(4096));
    while let Some(chunk) = response.chunk().await.map_err(explain)? {
        if body.len() + chunk.len() > most {
            return Err(HttpError::TooLarge(most));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status: response.status(), headers: std::mem::take(response.headers_mut()), body })
}

impl Answer {
    /// The media type of the answer, without its parameters, in lower case.
    pub fn media_type(&self) -> Option<String> {
        let value = self.headers.get(CONTENT_TYPE)?.to_str().ok()?;
        Some(value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
    }
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answer").field("status", &self.status).finish_non_exhaustive()
    }
}

/// Whether what is sent there stays between here and there: `https`, or `http` on this very machine.
pub fn is_secure(url: &Url) -> bool {
    match url.scheme() {
        "https" => true,
        "http" => is_loopback(url),
        _ => false,
    }
}

/// Whether the host is this machine, by name (RFC 6761, section 6.3) or by address.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// TLS by the system's certificates, which are read once for all workers: it takes longer than all else at start.
static TLS: LazyLock<Result<ClientConfig, rustls::Error>> = LazyLock::new(|| {
    let mut config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_platform_verifier()?
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
});

/// What the network says, down to the innermost cause, without the address: it may hold a query.
fn explain(error: reqwest::Error) -> HttpError {
    if error.is_timeout() {
        return HttpError::Timeout;
    }
    let error = error.without_url();
    let mut innermost: &dyn Error = &error;
    while let Some(cause) = innermost.source() {
        innermost = cause;
    }
    HttpError::Connection { cause: innermost.to_string() }
}

//! The products that many sites log in with, by their public documentation: addresses, fields, error bodies and pages.

pub mod apple;
pub mod entra;
pub mod github;
pub mod google;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Mutex;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use url::Url;

use super::fake::{Reply, Request};
use super::visitor::{Page, Visitor, parameter};

pub const CLIENT_ID: &str = "roomkey-client";
pub const CLIENT_SECRET: &str = "a-secret-that-the-product-gave-out";

/// Authorization codes that are out, each good for one exchange.
#[derive(Default)]
pub struct Codes(Mutex<BTreeMap<String, Issued>>);

/// What a code was asked with.
pub struct Issued {
    pub nonce: Option<String>,
    pub redirect_uri: String,
    challenge: Option<String>,
}

impl Codes {
    /// The person agrees to `request`: gives the code.
    pub fn issue(&self, request: &Url, prefix: &str) -> String {
        assert_eq!(parameter(request, "response_type").as_deref(), Some("code"));
        assert_eq!(parameter(request, "client_id").as_deref(), Some(CLIENT_ID));
        let mut random = [0; 16];
        aws_lc_rs::rand::fill(&mut random).unwrap();
        let code = format!("{prefix}{}", URL_SAFE_NO_PAD.encode(random));
        let issued = Issued {
            nonce: parameter(request, "nonce"),
            redirect_uri: parameter(request, "redirect_uri").unwrap(),
            challenge: parameter(request, "code_challenge"),
        };
        assert_eq!(issued.challenge.is_some(), parameter(request, "code_challenge_method").as_deref() == Some("S256"));
        self.0.lock().unwrap().insert(code.clone(), issued);
        code
    }

    /// Takes a code back, for the form of a token request: its redirect URI and its verifier have to fit (RFC 7636, section 4.6).
    pub fn redeem(&self, form: &BTreeMap<String, String>) -> Option<Issued> {
        let issued = self.0.lock().unwrap().remove(form.get("code")?)?;
        let challenge =
            form.get("code_verifier").map(|verifier| URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes())));
        (form.get("redirect_uri") == Some(&issued.redirect_uri) && challenge == issued.challenge).then_some(issued)
    }
}

/// The form of a request.
pub fn form(request: &Request) -> BTreeMap<String, String> {
    url::form_urlencoded::parse(&request.body).into_owned().collect()
}

/// Whether a form holds the client's id and secret, as `client_secret_post` has them.
pub fn is_client(form: &BTreeMap<String, String>) -> bool {
    let is = |name: &str, value: &str| form.get(name).is_some_and(|given| given == value);
    is("client_id", CLIENT_ID) && is("client_secret", CLIENT_SECRET)
}

/// A path without its query, and the parameters of that.
pub fn split(path: &str) -> (&str, BTreeMap<String, String>) {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    (path, url::form_urlencoded::parse(query.as_bytes()).into_owned().collect())
}

/// An answer in JSON.
pub fn json(status: u16, body: &Value) -> Reply {
    with_headers(status, &[], body)
}

/// An answer in JSON with more headers.
pub fn with_headers(status: u16, headers: &[(&str, &str)], body: &Value) -> Reply {
    let body = body.to_string();
    let mut answer = format!("HTTP/1.1 {status} X\r\ncontent-type: application/json; charset=utf-8\r\n");
    for (name, value) in headers {
        write!(answer, "{name}: {value}\r\n").unwrap();
    }
    write!(answer, "content-length: {}\r\nconnection: close\r\n\r\n{body}", body.len()).unwrap();
    Reply::Bytes(answer.into_bytes())
}

/// A number as products have them, from a running count.
pub fn token(prefix: &str) -> String {
    let mut random = [0; 24];
    aws_lc_rs::rand::fill(&mut random).unwrap();
    format!("{prefix}{}", URL_SAFE_NO_PAD.encode(random))
}

/// Follows a meeting link to the product, and comes back from there with what `agree` gives.
pub async fn visit(visitor: &mut Visitor, link: &str, agree: impl FnOnce(&Url) -> Vec<(String, String)>) -> Page {
    visitor.cookies_mut().remove("roomkey-session");
    let redirect = visitor.get(link).await;
    if redirect.status != 303 {
        return redirect;
    }
    let request = redirect.location();
    let mut response = agree(&request);
    response.push(("state".to_owned(), parameter(&request, "state").unwrap()));
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(response).finish();
    visitor.get(&format!("{}?{query}", parameter(&request, "redirect_uri").unwrap())).await
}

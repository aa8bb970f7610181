//! Addresses on the web: `https`, or plain `http` on this machine only.

use std::fmt;

use url::Url;

use super::read::{Fault, text_type};
use crate::provider::http::is_loopback;

/// An address without credentials, query and fragment, which others are built on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct WebUrl(pub(super) Url);

/// An address that may have a query, as OAuth's endpoints may (RFC 6749, sections 3.1 and 3.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct EndpointUrl(pub(super) Url);

/// Where browsers reach Roomkey: every address that it hands out starts with this one.
///
/// `https`, or `http` on a loopback host; it may have a path, below which all of Roomkey's routes then stand.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicUrl(Url);

impl WebUrl {
    /// # Errors
    /// What is wrong with it; never with its text if that holds a password.
    pub(super) fn parse(text: &str) -> Result<Self, Fault> {
        let EndpointUrl(url) = EndpointUrl::parse(text)?;
        match url.query() {
            None => Ok(Self(url)),
            Some(_) => Err(Fault::new("has a query", "leave out `?` and what follows")),
        }
    }
}

impl EndpointUrl {
    /// # Errors
    /// What is wrong with it; never with its text if that holds a password.
    pub(super) fn parse(text: &str) -> Result<Self, Fault> {
        let url = Url::parse(text).map_err(|cause| match cause {
            url::ParseError::RelativeUrlWithoutBase => no_scheme(text),
            cause => Fault::new(format!("is no URL ({cause})"), EXAMPLE),
        })?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Fault::new("holds a user name or password", "leave out what stands before `@`"));
        }
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(&url) => {}
            "http" => {
                let remedy = "use `https`; plain `http` is for loopback hosts (`127.0.0.1`, `[::1]`, `localhost`) only";
                return Err(Fault::new("is plain `http`", remedy));
            }
            // `localhost:8080` parses as the scheme `localhost`.
            _ if !text.contains("://") => return Err(no_scheme(text)),
            scheme => return Err(Fault::new(format!("has the scheme `{scheme}`"), EXAMPLE)),
        }
        match url.fragment() {
            None => Ok(Self(url)),
            Some(_) => Err(Fault::new("has a fragment", "leave out `#` and what follows")),
        }
    }
}

const EXAMPLE: &str = "give an address as in `https://meet.example.com`";

fn no_scheme(text: &str) -> Fault {
    let host = text.split(['/', '?', '#']).next().unwrap_or(text);
    let plain = !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:".contains(&byte));
    Fault::new("has no scheme", if plain { format!("did you mean `https://{host}…`?") } else { EXAMPLE.to_owned() })
}

text_type!(WebUrl, "WebUrl", { "format": "uri", "pattern": "^https?://[^?#@]+$" });
text_type!(EndpointUrl, "EndpointUrl", { "format": "uri", "pattern": "^https?://[^#@]+$" });

impl WebUrl {
    /// The same address with `/` at the end of its path, so that names can be put behind it.
    pub(super) fn as_folder(&self) -> Url {
        let mut url = self.0.clone();
        if !url.path().ends_with('/') {
            url.set_path(&format!("{}/", url.path()));
        }
        url
    }
}

impl PublicUrl {
    pub(super) fn new(url: &WebUrl) -> Self {
        Self(url.as_folder())
    }

    /// The address of `path`, which is percent-encoded and may have a query; with or without a leading `/` it stands below this
    /// address.
    pub fn join(&self, path: &str) -> Url {
        let mut url = self.0.clone();
        let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
        url.set_path(&format!("{}{}", self.0.path(), path.trim_start_matches('/')));
        url.set_query(query);
        url
    }

    /// The address itself; its path ends in `/`.
    pub fn as_url(&self) -> &Url {
        &self.0
    }

    /// Whether it is `https`: then cookies are `Secure` and browsers are told to stay with it.
    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// Scheme, host and port, as browsers write them into `Origin` (RFC 6454, section 6.2).
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// The path that all routes stand below: `/`, or one that begins and ends with `/`.
    pub fn path(&self) -> &str {
        self.0.path()
    }

    /// The host, without the port.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }
}

/// As in the file: without `/` at its end.
impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

impl fmt::Debug for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicUrl({self})")
    }
}

impl std::str::FromStr for PublicUrl {
    type Err = NotAPublicUrl;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        WebUrl::parse(text)
            .map(|url| Self::new(&url))
            .map_err(|fault| NotAPublicUrl(format!("{}; {}", fault.wrong, fault.remedy)))
    }
}

/// Why a text is no public address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotAPublicUrl(String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn http_is_for_this_machine_only() {
        for text in [
            "https://sso.example.com",
            "http://localhost:8080",
            "http://127.8.0.1",
            "http://[::1]:1",
            "http://a.localhost",
        ] {
            assert!(WebUrl::parse(text).is_ok(), "{text}");
        }
        for text in ["http://sso.example.com", "http://10.0.0.1", "http://localhost.example.com", "http://[::2]"] {
            assert_eq!(WebUrl::parse(text).unwrap_err().wrong, "is plain `http`", "{text}");
        }
    }

    #[test]
    fn each_fault_of_an_address_is_named() {
        let faults = [
            "sso.example.com",
            "localhost:8080",
            "",
            "ftp://sso.example.com",
            "https://",
            "https://user:hunter2@sso.example.com",
            "https://sso.example.com/?a=b",
            "https://sso.example.com/#a",
        ]
        .map(|text| WebUrl::parse(text).unwrap_err().wrong);

        let wrong = [
            "has no scheme",
            "has no scheme",
            "has no scheme",
            "has the scheme `ftp`",
            "is no URL (empty host)",
            "holds a user name or password",
            "has a query",
            "has a fragment",
        ];
        assert_eq!(faults, wrong);
    }

    #[test]
    fn an_endpoint_may_have_a_query() {
        let url = EndpointUrl::parse("https://id.example.com/token?p=signin").unwrap();

        assert_eq!(url.0.query(), Some("p=signin"));
        assert_eq!(EndpointUrl::parse("https://id.example.com/token#p").unwrap_err().wrong, "has a fragment");
    }

    #[test]
    fn routes_stand_below_the_public_path() {
        let root: PublicUrl = "https://sso.example.com".parse().unwrap();
        let below: PublicUrl = "http://localhost:8080/sso".parse().unwrap();

        let urls = [
            root.join("callback/work"),
            root.join("/room/a%20b?provider=work"),
            below.join("/callback/work"),
            below.join(""),
        ];

        assert_eq!(
            urls.map(String::from),
            [
                "https://sso.example.com/callback/work",
                "https://sso.example.com/room/a%20b?provider=work",
                "http://localhost:8080/sso/callback/work",
                "http://localhost:8080/sso/",
            ]
        );
        assert_eq!([root.to_string(), below.to_string()], ["https://sso.example.com", "http://localhost:8080/sso"]);
        assert_eq!([root.origin(), below.origin()], ["https://sso.example.com", "http://localhost:8080"]);
        assert_eq!([root.is_https(), below.is_https()], [true, false]);
    }
}

//! The settings of Jitsi's side that fit a configuration, as text to be pasted: one file a place where they go.
//!
//! A value of the configuration stands in each text quoted as that place reads it.

mod config_js;
mod docker;
mod nginx;
mod prosody;

use std::net::SocketAddr;

use url::Url;

use super::{Algorithm, Meeting};

/// What the texts depend on.
#[derive(Clone, Copy, Debug)]
pub struct Printed<'a> {
    /// Where browsers reach Roomkey; its path ends in `/`.
    pub public_url: &'a Url,
    /// Where the proxy reaches it.
    pub listen: SocketAddr,
    /// The deployment.
    pub meeting: &'a Meeting,
    /// What its tokens are signed by.
    pub algorithm: Algorithm,
    /// The secret of an HS algorithm, where it is wanted; else a placeholder stands for it.
    pub secret: Option<&'a str>,
    /// The `sso.clientId` of a front end that logs people in by itself; `None` for the redirect.
    pub inline: Option<&'a str>,
    /// People without a token wait until somebody with one is there.
    pub guests: bool,
}

/// What stands in the place of the secret.
const PLACEHOLDER: &str = "PUT-THE-SECRET-HERE";

impl Printed<'_> {
    fn secret(&self) -> &str {
        self.secret.unwrap_or(PLACEHOLDER)
    }

    /// `path` below the public address.
    fn below(&self, path: &str) -> String {
        format!("{}{path}", self.public_url)
    }

    /// Prosody's main host: Jitsi's own, unless `meeting.subject` says otherwise.
    fn domain(&self) -> &str {
        &self.meeting.subject
    }

    fn meeting_host(&self) -> &str {
        self.meeting.url.host_str().unwrap_or_default()
    }

    /// `tokenAuthUrl`, with the braces that the front end fills in.
    fn token_auth_url(&self) -> String {
        let Some(client_id) = self.inline else {
            return self.below("room/{room}?state={state}");
        };
        let encode = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        format!(
            "{}?response_type=code&scope=openid&client_id={}&redirect_uri={}&state={{state}}\
             &code_challenge={{code_challenge}}&code_challenge_method=S256",
            self.below("oauth2/authorize"),
            encode(client_id),
            encode(&format!("{}static/sso.html", self.meeting.url)),
        )
    }
}

/// `text` between quotes, for languages that escape by a backslash.
fn quoted(text: &str, quote: char) -> String {
    let mut quoted = String::from(quote);
    for c in text.chars() {
        if c == '\\' || c == quote {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push(quote);
    quoted
}

#[cfg(test)]
mod tests;

//! Values of the protocols that several kinds of provider share.

use crate::config::address::WebUrl;
use crate::config::period::Period;
use crate::config::read::{Fault, nearest, quoted, text_type};

/// How long ago something may have been: up to a year.
pub(in crate::config) type Age = Period<0, 31_536_000>;

/// An issuer, as it is spelt.
#[derive(Clone, Debug)]
pub(in crate::config) struct Issuer {
    pub(super) text: String,
    pub(super) host: String,
}

/// A client's id: visible ASCII and spaces (RFC 6749, appendix A.1).
#[derive(Clone, Debug)]
pub(in crate::config) struct ClientId(pub(super) String);

/// A scope token (RFC 6749, section 3.3).
#[derive(Clone, Debug, PartialEq)]
pub(in crate::config) struct Scope(pub(super) String);

/// `prompt` (OpenID Connect Core 1.0, section 3.1.2.1).
#[derive(Clone, Debug)]
pub(in crate::config) struct Prompt(pub(super) Option<String>);

/// Authentication context classes with spaces between.
#[derive(Clone, Debug)]
pub(in crate::config) struct AcrText(pub(super) Vec<String>);

impl Issuer {
    /// What is put behind an issuer to find its metadata (OpenID Connect Discovery 1.0, section 4).
    const WELL_KNOWN: &'static str = "/.well-known/openid-configuration";

    fn parse(text: &str) -> Result<Self, Fault> {
        let WebUrl(url) = WebUrl::parse(text)?;
        if let Some(issuer) = text.trim_end_matches('/').strip_suffix(Self::WELL_KNOWN) {
            let remedy = format!("leave out `{}`: {}", Self::WELL_KNOWN, quoted(issuer));
            return Err(Fault::new("is the address of the discovery document", remedy));
        }
        Ok(Self { text: text.to_owned(), host: url.host_str().unwrap_or_default().to_owned() })
    }
}

impl ClientId {
    fn parse(text: &str) -> Result<Self, Fault> {
        if text.is_empty() || !text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
            return Err(Fault::new("is empty or not printable ASCII", "give it as the provider shows it"));
        }
        Ok(Self(text.to_owned()))
    }
}

impl Scope {
    fn parse(text: &str) -> Result<Self, Fault> {
        let allowed = |byte: u8| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
        if text.is_empty() || !text.bytes().all(allowed) {
            let remedy = "give each scope as a string of its own, as in `[\"openid\", \"profile\"]`";
            return Err(Fault::new(format!("{} is no scope", quoted(text)), remedy));
        }
        Ok(Self(text.to_owned()))
    }
}

impl Prompt {
    const WORDS: [&'static str; 5] = ["none", "login", "consent", "select_account", "create"];

    fn parse(text: &str) -> Result<Self, Fault> {
        let words: Vec<_> = text.split(' ').filter(|word| !word.is_empty()).collect();
        if let Some(unknown) = words.iter().find(|word| !Self::WORDS.contains(word)) {
            let near = nearest(unknown, Self::WORDS.into_iter());
            let remedy = near.map_or_else(
                || format!("choose from {}", Self::WORDS.join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            return Err(Fault::new(format!("{} is no prompt", quoted(unknown)), remedy));
        }
        if words.len() > 1 && words.contains(&"none") {
            return Err(Fault::new("has `none` beside others", "`none` stands alone"));
        }
        Ok(Self((!words.is_empty()).then(|| words.join(" "))))
    }
}

impl AcrText {
    fn parse(text: &str) -> Result<Self, Fault> {
        if text.chars().any(char::is_control) {
            return Err(Fault::new("has a control character", "give the provider's own names"));
        }
        Ok(Self(text.split(' ').filter(|class| !class.is_empty()).map(str::to_owned).collect()))
    }
}

text_type!(Issuer, "Issuer", { "format": "uri", "pattern": "^https?://[^?#@]+$" });
text_type!(ClientId, "ClientId", { "minLength": 1 });
text_type!(Scope, "Scope", { "pattern": "^[!#-\\[\\]-~]+$" });
text_type!(Prompt, "Prompt", {
    "pattern": "^(|none|(login|consent|select_account|create)( (login|consent|select_account|create))*)$"
});
text_type!(AcrText, "AcrValues", {});

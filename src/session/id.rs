//! What opens a session, and what names it.

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use zeroize::ZeroizeOnDrop;

use crate::provider::{ProviderId, Subject};

/// What opens a session: 192 random bits, in the browser's cookie alone. The store holds its hash, so that whoever steals
/// the database opens no session with it. Does not print.
#[derive(Clone, PartialEq, Eq, ZeroizeOnDrop)]
pub struct SessionId([u8; 24]);

/// A text that is no session's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the id of a session")]
pub struct NotASessionId;

impl SessionId {
    /// A new id.
    pub fn random() -> Self {
        Self(random())
    }

    /// The id as the cookie holds it.
    pub fn expose(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// What a form on a page of this session's carries, so that no other site can send it: a hash that only whoever has the id can make.
    pub fn form_token(&self) -> String {
        hash(&[b"form", &self.0])
    }

    /// Whether `token` is this session's.
    pub fn made_form(&self, token: &str) -> bool {
        verify_slices_are_equal(self.form_token().as_bytes(), token.as_bytes()).is_ok()
    }

    /// The id as the store holds it.
    pub fn hash(&self) -> String {
        hash(&[b"session", &self.0])
    }
}

impl FromStr for SessionId {
    type Err = NotASessionId;

    fn from_str(text: &str) -> Result<Self, NotASessionId> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| NotASessionId)?;
        bytes.try_into().map(Self).map_err(|_| NotASessionId)
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionId([redacted])")
    }
}

/// A new name for a session that begins at `now`, which opens nothing. Later ones sort after earlier ones: a table that is
/// ordered by them grows at its end, and no page of it is written twice.
pub(super) fn new_handle(now: Timestamp) -> String {
    format!("{:012x}{}", now.as_millisecond(), URL_SAFE_NO_PAD.encode(random::<12>()))
}

/// By what all sessions of a person are found.
pub(super) fn person(provider: &ProviderId, subject: &Subject) -> String {
    hash(&[b"person", provider.as_str().as_bytes(), subject.as_str().as_bytes()])
}

/// By what all sessions are found that belong to one session at the provider.
pub(super) fn sid(provider: &ProviderId, sid: &str) -> String {
    hash(&[b"sid", provider.as_str().as_bytes(), sid.as_bytes()])
}

/// The hash by which a token that is good for one use is remembered.
pub(super) fn token(provider: &ProviderId, jti: &str) -> String {
    hash(&[b"token", provider.as_str().as_bytes(), jti.as_bytes()])
}

/// SHA-256 over parts, none of which but the last holds a zero byte.
fn hash(parts: &[&[u8]]) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, &parts.join(&0)))
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_id_reads_back_and_does_not_print() {
        let id = SessionId::random();

        assert_eq!(id.expose().parse(), Ok(id.clone()));
        assert!(!format!("{id:?}").contains(&id.expose()));
        assert!(!id.hash().contains(&id.expose()));
    }

    #[test]
    fn a_person_is_another_at_another_provider() {
        let (work, other) = ("work".parse().unwrap(), "other".parse().unwrap());
        let identity = crate::provider::testing::somebody_from("work");

        assert_eq!(person(&work, identity.subject()), person(&work, identity.subject()));
        assert_ne!(person(&work, identity.subject()), person(&other, identity.subject()));
        assert_ne!(sid(&work, "s"), sid(&other, "s"));
        assert_ne!(sid(&work, "s"), token(&work, "s"));
    }

    proptest! {
        #[test]
        fn only_24_bytes_of_base64url_are_an_id(text in "[A-Za-z0-9_=+/-]{0,60}") {
            let read = text.parse::<SessionId>();

            prop_assert_eq!(read.is_ok(), text.len() == 32 && !text.contains(['=', '+', '/']));
        }
    }
}

//! Codes and refresh tokens: random, opaque, and known to the store by their hashes alone.

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::ZeroizeOnDrop;

/// An authorization code (RFC 6749, section 1.3.1): 256 random bits. Does not print.
#[derive(Clone, PartialEq, Eq, ZeroizeOnDrop)]
pub struct Code([u8; 32]);

/// A refresh token: the name of its family, and 256 random bits. Does not print.
///
/// The name is the hash of the code that the family is made of, so that a used token leads to the family it would end.
#[derive(Clone, PartialEq, Eq, ZeroizeOnDrop)]
pub struct RefreshToken {
    family: String,
    secret: [u8; 32],
}

/// A text that is none of Roomkey's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("neither a code nor a refresh token")]
pub struct NotACredential;

impl Code {
    /// Longest text that can be one, in bytes.
    pub const MAX_BYTES: usize = 43;

    /// A new one.
    pub fn random() -> Self {
        Self(random())
    }

    /// As the front end gets it.
    pub fn expose(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// As the store has it.
    pub(super) fn hash(&self) -> String {
        hash(&[b"inline code", &self.0])
    }
}

impl RefreshToken {
    /// Longest text that can be one, in bytes.
    pub const MAX_BYTES: usize = 87;

    /// A new one of this family.
    pub(super) fn random(family: String) -> Self {
        Self { family, secret: random() }
    }

    /// As the front end gets it.
    pub fn expose(&self) -> String {
        format!("{}.{}", self.family, URL_SAFE_NO_PAD.encode(self.secret))
    }

    /// Its family, as the store has it.
    pub(super) fn family(&self) -> &str {
        &self.family
    }

    /// As the store has it.
    pub(super) fn hash(&self) -> String {
        hash(&[b"inline refresh token", self.family.as_bytes(), &self.secret])
    }
}

impl FromStr for Code {
    type Err = NotACredential;

    fn from_str(text: &str) -> Result<Self, NotACredential> {
        bytes(text).map(Self)
    }
}

impl FromStr for RefreshToken {
    type Err = NotACredential;

    fn from_str(text: &str) -> Result<Self, NotACredential> {
        let (family, secret) = text.split_once('.').ok_or(NotACredential)?;
        bytes(family)?;
        Ok(Self { family: family.to_owned(), secret: bytes(secret)? })
    }
}

fn bytes(text: &str) -> Result<[u8; 32], NotACredential> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| NotACredential)?;
    bytes.try_into().map_err(|_| NotACredential)
}

/// SHA-256 over parts, none of which but the last holds a zero byte.
fn hash(parts: &[&[u8]]) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, &parts.join(&0)))
}

fn random() -> [u8; 32] {
    let mut bytes = [0; 32];
    aws_lc_rs::rand::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code([redacted])")
    }
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefreshToken([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn credentials_read_back_and_do_not_print() {
        let code = Code::random();
        let token = RefreshToken::random(code.hash());

        assert_eq!(code.expose().parse(), Ok(code.clone()));
        assert_eq!(token.expose().parse(), Ok(token.clone()));
        assert_eq!((code.expose().len(), token.expose().len()), (Code::MAX_BYTES, RefreshToken::MAX_BYTES));
        let printed = format!("{code:?} {token:?}");
        assert_eq!(printed, "Code([redacted]) RefreshToken([redacted])");
    }

    #[test]
    fn the_store_learns_nothing_that_opens_anything() {
        let code = Code::random();
        let token = RefreshToken::random(code.hash());

        assert_ne!(code.hash(), code.expose());
        assert!(!token.expose().contains(&token.hash()));
        assert!(!token.expose().contains(&code.expose()));
    }

    #[test]
    fn a_secret_belongs_to_its_own_family() {
        let token = RefreshToken::random(Code::random().hash());
        let moved = RefreshToken { family: Code::random().hash(), secret: token.secret };

        assert_ne!(token.hash(), moved.hash());
    }

    proptest! {
        #[test]
        fn nothing_else_is_a_credential(text in "[A-Za-z0-9_=+/.-]{0,90}") {
            let is_one = |part: &str| part.len() == 43 && !part.contains(['=', '+', '/', '.']);

            prop_assert!(text.parse::<Code>().is_err() || is_one(&text));
            let parts = text.split_once('.').is_some_and(|(family, secret)| is_one(family) && is_one(secret));
            prop_assert!(text.parse::<RefreshToken>().is_err() || parts);
        }

        #[test]
        fn arbitrary_text_does_not_panic(text in "\\PC{0,100}") {
            let _ = (text.parse::<Code>(), text.parse::<RefreshToken>());
        }
    }
}

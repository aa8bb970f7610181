//! By which door somebody comes to a meeting, hence where their login ends.

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use data_encoding::{BASE32_NOPAD, HEXLOWER};
use serde::{Deserialize, Serialize};

/// Where a login ends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Door {
    /// In a link to the meeting.
    #[default]
    Link,
    /// In a code for Jitsi's front end, which waits in the meeting (JITSI.md, "Three ways to send somebody to the bridge").
    Inline(Box<InlineRequest>),
    /// In a link to the meeting, for who holds the pass with this code.
    Pass(PassCode),
}

/// What opens a pass: 128 random bits, as 26 of `a-z 2-7` (RFC 4648, section 6, in lower case).
///
/// Does not print; [`expose`](Self::expose) gives the text for the holder.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PassCode([u8; 16]);

/// A text that is no code of a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the code of a pass")]
pub struct NotAPassCode;

impl PassCode {
    /// A new one.
    pub fn random() -> Self {
        let mut bits = [0; 16];
        aws_lc_rs::rand::fill(&mut bits).expect("the operating system gives random bytes");
        Self(bits)
    }

    /// The code as its holder gets it.
    pub fn expose(&self) -> String {
        BASE32_NOPAD.encode(&self.0).to_ascii_lowercase()
    }

    /// What the store knows it by.
    pub fn fingerprint(&self) -> String {
        Self::fingerprint_of(&self.expose())
    }

    /// The same of whatever somebody gives for a code, so that a text which is none is looked up as one that nobody has.
    pub fn fingerprint_of(text: &str) -> String {
        let labelled = format!("roomkey/pass/1\0{}", text.to_ascii_lowercase());
        HEXLOWER.encode(digest(&SHA256, labelled.as_bytes()).as_ref())
    }
}

impl FromStr for PassCode {
    type Err = NotAPassCode;

    /// In either case: QR codes of capital letters are smaller.
    fn from_str(text: &str) -> Result<Self, NotAPassCode> {
        let bits = BASE32_NOPAD.decode(text.to_ascii_uppercase().as_bytes()).map_err(|_| NotAPassCode)?;
        bits.try_into().map(Self).map_err(|_| NotAPassCode)
    }
}

impl TryFrom<String> for PassCode {
    type Error = NotAPassCode;

    fn try_from(text: String) -> Result<Self, NotAPassCode> {
        text.parse()
    }
}

impl From<PassCode> for String {
    fn from(code: PassCode) -> Self {
        code.expose()
    }
}

impl fmt::Debug for PassCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PassCode([redacted])")
    }
}

/// What of an authorization request (RFC 6749, section 4.1.1) its answer depends on, beside the meeting.
///
/// Client and redirect URI are not in it: there is one of each.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InlineRequest {
    /// `state`, to the letter: the front end gets back what it sent.
    pub state: String,
    /// `nonce`, for the ID Token.
    pub nonce: Option<String>,
    /// `code_challenge`.
    pub code_challenge: CodeChallenge,
}

/// A `code_challenge` of method `S256`: the SHA-256 of a secret of the front end's (RFC 7636, section 4.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeChallenge([u8; 32]);

/// A text that is no `code_challenge` of method `S256`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the SHA-256 of a `code_verifier` in base64url")]
pub struct NotAChallenge;

/// How long a `code_verifier` is, in characters (RFC 7636, section 4.1).
const VERIFIER_LENGTH: std::ops::RangeInclusive<usize> = 43..=CodeChallenge::MAX_VERIFIER_BYTES;

impl CodeChallenge {
    /// Longest `code_verifier`, in bytes.
    pub const MAX_VERIFIER_BYTES: usize = 128;

    /// Whether this was made of `code_verifier`.
    pub fn is_of(&self, code_verifier: &str) -> bool {
        let is_unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        VERIFIER_LENGTH.contains(&code_verifier.len())
            && code_verifier.bytes().all(is_unreserved)
            && verify_slices_are_equal(digest(&SHA256, code_verifier.as_bytes()).as_ref(), &self.0).is_ok()
    }
}

impl FromStr for CodeChallenge {
    type Err = NotAChallenge;

    fn from_str(text: &str) -> Result<Self, NotAChallenge> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| NotAChallenge)?;
        bytes.try_into().map(Self).map_err(|_| NotAChallenge)
    }
}

impl fmt::Display for CodeChallenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

/// `state` may hold a refresh token.
impl fmt::Debug for InlineRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InlineRequest").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// RFC 7636, appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    fn challenge() -> CodeChallenge {
        CHALLENGE.parse().unwrap()
    }

    #[test]
    fn a_challenge_is_of_its_own_verifier_alone() {
        assert!(challenge().is_of(VERIFIER));
        assert!(!challenge().is_of(&VERIFIER.replace('d', "e")));
        assert!(!challenge().is_of(CHALLENGE), "as method `plain` would have it");
    }

    #[test]
    fn a_verifier_that_could_be_guessed_is_refused_though_it_fits() {
        let of = |verifier: &str| {
            let hash = URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
            hash.parse::<CodeChallenge>().unwrap().is_of(verifier)
        };

        assert!(!of(&"a".repeat(42)));
        assert!(of(&"a".repeat(43)) && of(&"a".repeat(128)));
        assert!(!of(&"a".repeat(129)));
        assert!(!of(&"+".repeat(43)), "no unreserved character");
    }

    #[test]
    fn a_challenge_reads_back_and_a_request_does_not_print() {
        let request =
            InlineRequest { state: "secret".to_owned(), nonce: Some("secret".to_owned()), code_challenge: challenge() };

        assert_eq!(challenge().to_string(), CHALLENGE);
        assert!(!format!("{request:?}").contains("secret"));
    }

    #[test]
    fn a_code_reads_back_in_either_case_and_does_not_print() {
        let code = PassCode::random();

        let text = code.expose();

        assert_eq!((text.len(), text.parse()), (26, Ok(code.clone())));
        assert_eq!(text.to_ascii_uppercase().parse(), Ok(code.clone()));
        assert_eq!(PassCode::fingerprint_of(&text.to_ascii_uppercase()), code.fingerprint());
        assert!(!format!("{code:?}").contains(&text) && !code.fingerprint().contains(&text));
    }

    proptest! {
        #[test]
        fn whatever_is_taken_for_a_code_is_written_as_one(text in "[a-zA-Z0-9=-]{24,28}|\\PC{0,30}") {
            if let Ok(code) = text.parse::<PassCode>() {
                prop_assert_eq!(code.expose(), text.to_ascii_lowercase());
            }
        }

        #[test]
        fn only_32_bytes_of_base64url_are_a_challenge(text in "[A-Za-z0-9_=+/-]{0,50}") {
            if text.parse::<CodeChallenge>().is_ok() {
                prop_assert!(text.len() == 43 && !text.contains(['=', '+', '/']));
            }
        }
    }
}

//! A signed token, taken apart before anything in it is believed (RFC 7515, section 5.2).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::IdTokenAlgorithm;
use crate::provider::FailedCheck;
use crate::provider::error::Untrusted;

/// Longest token that is read, in bytes. Providers that list groups in it reach some ten thousand.
pub const MAX_TOKEN_BYTES: usize = 64 * 1024;

/// A compact JWS whose signature has not been checked.
pub(super) struct UnverifiedJws<'a> {
    pub(super) algorithm: IdTokenAlgorithm,
    pub(super) key_id: Option<String>,
    pub(super) signing_input: &'a [u8],
    pub(super) signature: Vec<u8>,
    payload: Vec<u8>,
}

/// The parameters of a JOSE header that are read. Keys that a token brings along (`jwk`, `jku`, `x5c`, `x5u`) are not among
/// them: only the provider's own key set counts.
#[derive(Deserialize)]
struct Header {
    alg: String,
    typ: Option<String>,
    kid: Option<String>,
    crit: Option<Value>,
}

impl<'a> UnverifiedJws<'a> {
    /// Takes `token` apart, if it is signed by one of the `allowed` algorithms.
    pub(super) fn parse(token: &'a str, allowed: &[IdTokenAlgorithm]) -> Result<Self, Untrusted> {
        Self::parse_as(&["JWT"], token, allowed)
    }

    /// The same for a token whose header says that it is of one of the `types`, or nothing (`typ`, RFC 8725, section 3.11).
    pub(super) fn parse_as(types: &[&str], token: &'a str, allowed: &[IdTokenAlgorithm]) -> Result<Self, Untrusted> {
        let malformed = |detail| Untrusted::new(FailedCheck::IdToken, detail);
        if token.len() > MAX_TOKEN_BYTES {
            return Err(malformed("the token is too long"));
        }
        let (signing_input, signature) = token.rsplit_once('.').ok_or_else(|| malformed("the token has no parts"))?;
        let (header, payload) =
            signing_input.split_once('.').ok_or_else(|| malformed("the token has no three parts"))?;
        if payload.contains('.') {
            return Err(malformed("the token has more than three parts: it is encrypted, or no JWS"));
        }
        let decode = |part| URL_SAFE_NO_PAD.decode(part).map_err(|_| malformed("a part is not base64url"));
        let header: Header =
            serde_json::from_slice(&decode(header)?).map_err(|_| malformed("the header is not a JOSE header"))?;
        if header.crit.is_some() {
            return Err(malformed("the header demands an extension (`crit`)"));
        }
        let known = |typ: &str| types.iter().any(|known| typ.eq_ignore_ascii_case(known));
        if header.typ.is_some_and(|typ| !known(&typ)) {
            return Err(malformed("the header's `typ` is that of another kind of token"));
        }
        let algorithm = IdTokenAlgorithm::from_name(&header.alg)
            .filter(|algorithm| allowed.contains(algorithm))
            .ok_or_else(|| Untrusted::new(FailedCheck::Algorithm, "the token is not signed by an algorithm in use"))?;
        Ok(Self {
            algorithm,
            key_id: header.kid,
            signing_input: signing_input.as_bytes(),
            signature: decode(signature)?,
            payload: decode(payload)?,
        })
    }

    /// The claims, once the caller has checked the signature.
    pub(super) fn into_claims(self) -> Result<Map<String, Value>, Untrusted> {
        serde_json::from_slice(&self.payload)
            .map_err(|_| Untrusted::new(FailedCheck::IdToken, "the payload is not a JSON object"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn token(header: &str) -> String {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        format!("{}.{}.{}", part(header), part("{\"sub\":\"u\"}"), part("signature"))
    }

    fn refused(token: &str) -> Option<FailedCheck> {
        UnverifiedJws::parse(token, &[IdTokenAlgorithm::RS256]).err().map(|untrusted| untrusted.check)
    }

    #[test]
    fn a_token_comes_apart() {
        let text = token(r#"{"alg":"RS256","kid":"k","typ":"jwt"}"#);

        let jws = UnverifiedJws::parse(&text, &[IdTokenAlgorithm::RS256]).unwrap();

        assert_eq!(jws.algorithm, IdTokenAlgorithm::RS256);
        assert_eq!(jws.key_id.as_deref(), Some("k"));
        assert_eq!(jws.signature, b"signature");
        assert_eq!(jws.signing_input, text.rsplit_once('.').unwrap().0.as_bytes());
        assert_eq!(jws.into_claims().unwrap().len(), 1);
    }

    #[test]
    fn algorithms_that_are_not_in_use_are_refused() {
        for alg in ["none", "None", "HS256", "HS512", "RS384", "ES256", "rs256", "RSA1_5", ""] {
            assert_eq!(refused(&token(&format!(r#"{{"alg":"{alg}"}}"#))), Some(FailedCheck::Algorithm), "{alg}");
        }
    }

    #[test]
    fn headers_that_demand_something_are_refused() {
        let headers = [
            r#"{"alg":"RS256","crit":["b64"],"b64":false}"#,
            r#"{"alg":"RS256","crit":[]}"#,
            r#"{"alg":"RS256","typ":"at+jwt"}"#,
            r#"{"alg":"RS256","typ":"logout+jwt"}"#,
            r#"{"alg":["RS256"]}"#,
            r#"{"kid":"k"}"#,
            "[]",
            "",
        ];
        for header in headers {
            assert_eq!(refused(&token(header)), Some(FailedCheck::IdToken), "{header}");
        }
    }

    #[test]
    fn what_is_no_compact_jws_is_refused() {
        let good = token(r#"{"alg":"RS256"}"#);
        let padded = good.replacen('.', "=.", 1);
        let encrypted = format!("{good}.x.y");
        let long = format!("{good}{}", "A".repeat(MAX_TOKEN_BYTES));
        for text in ["", ".", "..", "a.b", padded.as_str(), encrypted.as_str(), long.as_str()] {
            assert_eq!(refused(text), Some(FailedCheck::IdToken));
        }
    }

    proptest! {
        #[test]
        fn arbitrary_text_neither_passes_nor_panics(text in "[ -~.]{0,300}") {
            prop_assert!(refused(&text).is_some());
        }
    }
}

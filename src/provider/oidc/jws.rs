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
        if header.typ.is_some_and(|typ| !typ.eq_ignore_ascii_case("JWT")) {
            return Err(malformed("the header's `typ` is not `JWT`"));
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

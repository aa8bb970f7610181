//! A provider's key set (RFC 7517), parsed once for all signatures that follow.

use aws_lc_rs::signature::{self, ParsedPublicKey, RsaPublicKeyComponents, VerificationAlgorithm};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::Value;

use super::IdTokenAlgorithm;
use super::jws::UnverifiedJws;
use crate::provider::http::HttpError;

/// Most keys that are read of one set.
const MAX_KEYS: usize = 100;

/// Most keys that are tried on one token, when its `kid` leaves a choice.
const MAX_TRIED: usize = 8;

/// Length of an RSA modulus, in bytes: from what RFC 7518, section 3.3 asks for to what a signature may cost to check.
const MODULUS_BYTES: std::ops::RangeInclusive<usize> = 256..=1024;

/// The public keys of a provider that can verify something.
#[derive(Default)]
pub(super) struct KeySet {
    keys: Vec<VerificationKey>,
}

struct VerificationKey {
    key_id: Option<String>,
    algorithm: IdTokenAlgorithm,
    key: ParsedPublicKey,
}

/// Why a key set does not vouch for a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BadSignature {
    /// No key fits: the provider may have new ones.
    NoKey,
    /// The key that the token names did not make it.
    Wrong,
}

#[derive(Deserialize)]
struct Document {
    keys: Vec<Value>,
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    #[serde(rename = "use")]
    usage: Option<String>,
    key_ops: Option<Vec<String>>,
    alg: Option<String>,
    kid: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

impl KeySet {
    /// Reads the keys of `json` that can verify one of the `allowed` algorithms. Others (of unknown type, too short, symmetric,
    /// for encryption) are skipped: a provider may publish keys for purposes of its own.
    pub(super) fn parse(json: &[u8], allowed: &[IdTokenAlgorithm]) -> Result<Self, HttpError> {
        let document: Document =
            serde_json::from_slice(json).map_err(|_| HttpError::Unreadable { expected: "a JSON Web Key Set" })?;
        let jwks = document.keys.into_iter().take(MAX_KEYS).filter_map(|key| serde_json::from_value::<Jwk>(key).ok());
        let keys = jwks.filter(Jwk::may_verify).flat_map(|jwk| {
            allowed
                .iter()
                .filter_map(|&algorithm| {
                    let key = jwk.parse(algorithm)?;
                    Some(VerificationKey { key_id: jwk.kid.clone(), algorithm, key })
                })
                .collect::<Vec<_>>()
        });
        Ok(Self { keys: keys.collect() })
    }

    /// Whether there is a key at all.
    pub(super) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Checks the signature of `jws` by the key that it names, or by all that fit if it names none.
    pub(super) fn verify(&self, jws: &UnverifiedJws<'_>) -> Result<(), BadSignature> {
        let named = |key: &&VerificationKey| jws.key_id.is_none() || key.key_id == jws.key_id;
        let fitting = self.keys.iter().filter(|key| key.algorithm == jws.algorithm).filter(named).take(MAX_TRIED);
        let mut outcome = Err(BadSignature::NoKey);
        for key in fitting {
            if key.key.verify_sig(jws.signing_input, &jws.signature).is_ok() {
                return Ok(());
            }
            // A token without `kid` may be signed by a key that is not known yet.
            if jws.key_id.is_some() {
                outcome = Err(BadSignature::Wrong);
            }
        }
        outcome
    }
}

impl Jwk {
    fn may_verify(&self) -> bool {
        self.usage.as_deref().is_none_or(|usage| usage == "sig")
            && self.key_ops.as_ref().is_none_or(|ops| ops.iter().any(|op| op == "verify"))
    }

    /// The key, if it is one for `algorithm`.
    fn parse(&self, algorithm: IdTokenAlgorithm) -> Option<ParsedPublicKey> {
        if self.alg.as_deref().is_some_and(|alg| IdTokenAlgorithm::from_name(alg) != Some(algorithm)) {
            return None;
        }
        use IdTokenAlgorithm as A;
        match algorithm {
            A::RS256 => self.rsa(&signature::RSA_PKCS1_2048_8192_SHA256),
            A::RS384 => self.rsa(&signature::RSA_PKCS1_2048_8192_SHA384),
            A::RS512 => self.rsa(&signature::RSA_PKCS1_2048_8192_SHA512),
            A::PS256 => self.rsa(&signature::RSA_PSS_2048_8192_SHA256),
            A::PS384 => self.rsa(&signature::RSA_PSS_2048_8192_SHA384),
            A::PS512 => self.rsa(&signature::RSA_PSS_2048_8192_SHA512),
            A::ES256 => self.ec("P-256", 32, &signature::ECDSA_P256_SHA256_FIXED),
            A::ES384 => self.ec("P-384", 48, &signature::ECDSA_P384_SHA384_FIXED),
            A::ES512 => self.ec("P-521", 66, &signature::ECDSA_P521_SHA512_FIXED),
            A::EdDSA => {
                (self.kty == "OKP" && self.crv.as_deref() == Some("Ed25519")).then_some(())?;
                ParsedPublicKey::new(&signature::ED25519, decode(self.x.as_ref(), Some(32))?).ok()
            }
        }
    }

    fn rsa(&self, parameters: &'static signature::RsaParameters) -> Option<ParsedPublicKey> {
        (self.kty == "RSA").then_some(())?;
        let without_leading_zeros =
            |bytes: Vec<u8>| bytes.into_iter().skip_while(|&byte| byte == 0).collect::<Vec<_>>();
        let n = without_leading_zeros(decode(self.n.as_ref(), None)?);
        let e = without_leading_zeros(decode(self.e.as_ref(), None)?);
        let plausible_exponent = e.last().is_some_and(|low| low & 1 == 1) && e != [1];
        (MODULUS_BYTES.contains(&n.len()) && plausible_exponent).then_some(())?;
        RsaPublicKeyComponents { n, e }.to_parsed_public_key(parameters).ok()
    }

    fn ec(&self, curve: &str, bytes: usize, algorithm: &'static dyn VerificationAlgorithm) -> Option<ParsedPublicKey> {
        (self.kty == "EC" && self.crv.as_deref() == Some(curve)).then_some(())?;
        let mut point = vec![4];
        point.extend(decode(self.x.as_ref(), Some(bytes))?);
        point.extend(decode(self.y.as_ref(), Some(bytes))?);
        ParsedPublicKey::new(algorithm, point).ok()
    }
}

fn decode(text: Option<&String>, bytes: Option<usize>) -> Option<Vec<u8>> {
    let decoded = URL_SAFE_NO_PAD.decode(text?.trim_end_matches('=')).ok()?;
    bytes.is_none_or(|bytes| decoded.len() == bytes).then_some(decoded)
}

impl std::fmt::Debug for KeySet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeySet").field("keys", &self.keys.len()).finish()
    }
}

#[cfg(test)]
mod tests;

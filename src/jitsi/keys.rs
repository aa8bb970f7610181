//! The key that signs tokens.

use std::fmt;

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::error::{KeyRejected, Unspecified};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{KeyPair, RsaEncoding, RsaKeyPair};
use aws_lc_rs::{digest, hmac};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD as BASE64URL};
use serde::Serialize;

use super::algorithm::{Algorithm, Family};

/// A key, its algorithm and its `kid`, parsed once at start. Does not print.
pub struct SigningKey {
    algorithm: Algorithm,
    key_id: String,
    /// The first part of every token: the header `{ typ, alg, kid }`, encoded.
    header: String,
    signer: Signer,
    pseudonyms: hmac::Key,
}

enum Signer {
    Hmac(Box<hmac::Key>),
    Rsa(Box<RsaKeyPair>, &'static dyn RsaEncoding),
}

/// Why a key cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SigningKeyError {
    /// A secret that could be guessed.
    #[error("the secret is {bytes} bytes long, it has to be at least {}", SigningKey::MIN_SECRET_BYTES)]
    ShortSecret {
        /// Its length.
        bytes: usize,
    },
    /// Not the PEM of an RSA private key, or encrypted.
    #[error("not an RSA private key in PEM, unencrypted, as PKCS#8 or PKCS#1")]
    NotRsa,
    /// An RSA key of the wrong size, or broken.
    #[error("not a sound RSA private key of 2048 to 8192 bits")]
    Rejected(#[source] KeyRejected),
    /// A `kid` that a header cannot carry safely.
    #[error("a key id has 1 to {} printable ASCII characters", SigningKey::MAX_KEY_ID_BYTES)]
    KeyId,
}

#[derive(Serialize)]
struct Header<'a> {
    typ: &'static str,
    alg: &'static str,
    kid: &'a str,
}

/// Members in the order of RFC 7638, section 3.2.
#[derive(Serialize)]
struct Thumbprint<'a> {
    e: &'a str,
    kty: &'static str,
    n: &'a str,
}

/// A key as Prosody fetches it from a JWKS (RFC 7517, section 4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublicJwk {
    kty: &'static str,
    #[serde(rename = "use")]
    usage: &'static str,
    alg: &'static str,
    kid: String,
    n: String,
    e: String,
}

impl SigningKey {
    /// Shortest secret for HS algorithms, in bytes (RFC 7518, section 3.2, for HS256).
    pub const MIN_SECRET_BYTES: usize = 32;

    /// Longest `kid`, in bytes.
    pub const MAX_KEY_ID_BYTES: usize = 128;

    /// A key for `algorithm`: for HS the secret's bytes, for RS a PEM file.
    ///
    /// Without `key_id` the `kid` of an RSA key is its thumbprint (RFC 7638), and that of a secret a value derived
    /// from it, which does not help to guess it more than a token does.
    ///
    /// # Errors
    /// [`SigningKeyError`]: the operator needs another key.
    pub fn new(algorithm: Algorithm, key: &[u8], key_id: Option<String>) -> Result<Self, SigningKeyError> {
        let printable = |id: &String| id.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
        if key_id.as_ref().is_some_and(|id| id.is_empty() || id.len() > Self::MAX_KEY_ID_BYTES || !printable(id)) {
            return Err(SigningKeyError::KeyId);
        }
        match algorithm.family() {
            Family::Hmac(hash) => Self::from_secret(algorithm, hash, key, key_id),
            Family::Rsa(encoding) => Self::from_pem(algorithm, encoding, key, key_id),
        }
    }

    fn from_secret(
        algorithm: Algorithm,
        hash: hmac::Algorithm,
        secret: &[u8],
        key_id: Option<String>,
    ) -> Result<Self, SigningKeyError> {
        if secret.len() < Self::MIN_SECRET_BYTES {
            return Err(SigningKeyError::ShortSecret { bytes: secret.len() });
        }
        let key_id = key_id.unwrap_or_else(|| BASE64URL.encode(&derive(secret, "kid").as_ref()[..16]));
        Ok(Self::with(algorithm, key_id, Signer::Hmac(Box::new(hmac::Key::new(hash, secret))), secret))
    }

    fn from_pem(
        algorithm: Algorithm,
        encoding: &'static dyn RsaEncoding,
        pem: &[u8],
        key_id: Option<String>,
    ) -> Result<Self, SigningKeyError> {
        let der = jsonwebtoken::EncodingKey::from_rsa_pem(pem).map_err(|_| SigningKeyError::NotRsa)?;
        let pair = RsaKeyPair::from_der(der.as_bytes()).map_err(SigningKeyError::Rejected)?;
        let key_id = key_id.unwrap_or_else(|| thumbprint(&pair));
        Ok(Self::with(algorithm, key_id, Signer::Rsa(Box::new(pair), encoding), der.as_bytes()))
    }

    fn with(algorithm: Algorithm, key_id: String, signer: Signer, private: &[u8]) -> Self {
        let header = Header { typ: "JWT", alg: algorithm.name(), kid: &key_id };
        let header = BASE64URL.encode(serde_json::to_vec(&header).expect("three strings are always JSON"));
        let pseudonyms = hmac::Key::new(hmac::HMAC_SHA256, derive(private, "context.user.id").as_ref());
        Self { algorithm, key_id, header, signer, pseudonyms }
    }

    /// The `kid` in the header of its tokens.
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// The `alg` in the header of its tokens.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The public half for a JWKS; a secret has none.
    pub fn public_jwk(&self) -> Option<PublicJwk> {
        let Signer::Rsa(pair, _) = &self.signer else { return None };
        let (n, e) = modulus_and_exponent(pair);
        Some(PublicJwk { kty: "RSA", usage: "sig", alg: self.algorithm.name(), kid: self.key_id.clone(), n, e })
    }

    /// The public half as PEM of a `SubjectPublicKeyInfo` (RFC 7468, section 13); a secret has none.
    pub fn public_pem(&self) -> Option<String> {
        let Signer::Rsa(pair, _) = &self.signer else { return None };
        let der: PublicKeyX509Der<'_> = pair.public_key().as_der().ok()?;
        let lines = STANDARD.encode(der.as_ref());
        let lines: Vec<_> = lines.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
        Some(format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n")))
    }

    /// The name under which everybody in a meeting may know somebody: the same at each login, but telling nothing of
    /// `subject`, which outside the organisation may identify them, and which may be short enough to be guessed.
    ///
    /// HMAC-SHA256 over both texts, cut to 128 bits, in hexadecimal. It changes with the signing key.
    pub(super) fn pseudonym(&self, provider: &str, subject: &str) -> String {
        let mut context = hmac::Context::with_key(&self.pseudonyms);
        // A provider's id has no NUL, so that no two pairs run into the same bytes.
        for part in [provider.as_bytes(), &[0], subject.as_bytes()] {
            context.update(part);
        }
        data_encoding::HEXLOWER.encode(&context.sign().as_ref()[..16])
    }

    /// Length in bytes of a token with `claims` bytes of JSON.
    pub(super) fn token_bytes(&self, claims: usize) -> usize {
        let signature = match &self.signer {
            Signer::Hmac(key) => key.algorithm().tag_len(),
            Signer::Rsa(pair, _) => pair.public_modulus_len(),
        };
        let encoded = |bytes: usize| (bytes * 4).div_ceil(3);
        self.header.len() + 1 + encoded(claims) + 1 + encoded(signature)
    }

    /// A signed JWT in compact form (RFC 7515, section 7.1) with `claims`, which are JSON.
    pub(super) fn sign(&self, claims: &[u8]) -> Result<String, Unspecified> {
        let mut token = String::with_capacity(self.token_bytes(claims.len()));
        token.push_str(&self.header);
        token.push('.');
        BASE64URL.encode_string(claims, &mut token);
        match &self.signer {
            Signer::Hmac(key) => {
                let tag = hmac::sign(key, token.as_bytes());
                token.push('.');
                BASE64URL.encode_string(tag, &mut token);
            }
            Signer::Rsa(pair, encoding) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(*encoding, &SystemRandom::new(), token.as_bytes(), &mut signature)?;
                token.push('.');
                BASE64URL.encode_string(signature, &mut token);
            }
        }
        Ok(token)
    }
}

/// A value of its own for each purpose from a private key, from which neither the key nor a token can be made: what a
/// token signs has a dot and no space.
fn derive(private: &[u8], purpose: &str) -> hmac::Tag {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, private), format!("roomkey {purpose}").as_bytes())
}

/// RFC 7638, section 3, over SHA-256.
fn thumbprint(pair: &RsaKeyPair) -> String {
    let (n, e) = modulus_and_exponent(pair);
    let members = serde_json::to_vec(&Thumbprint { e: &e, kty: "RSA", n: &n }).expect("three strings are always JSON");
    BASE64URL.encode(digest::digest(&digest::SHA256, &members))
}

/// `n` and `e` of a JWK (RFC 7518, section 6.3.1).
fn modulus_and_exponent(pair: &RsaKeyPair) -> (String, String) {
    let public = pair.public_key();
    let encode = |number: aws_lc_rs::io::Positive<'_>| BASE64URL.encode(number.big_endian_without_leading_zero());
    (encode(public.modulus()), encode(public.exponent()))
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("algorithm", &self.algorithm)
            .field("key_id", &self.key_id)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;

//! The key that signs tokens.

use std::fmt;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::error::{KeyRejected, Unspecified};
use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{RsaEncoding, RsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use serde::Serialize;
use zeroize::Zeroizing;

use super::algorithm::{Algorithm, Family};
use super::public::thumbprint;

/// A key, its algorithm and its `kid`, parsed once at start. Does not print.
pub struct SigningKey {
    algorithm: Algorithm,
    key_id: String,
    /// The first part of every token: the header `{ typ, alg, kid }`, encoded.
    header: String,
    pub(super) signer: Signer,
}

pub(super) enum Signer {
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
    /// No key came of it.
    #[error("no RSA key could be made")]
    Generation(#[source] Unspecified),
    /// A `kid` that a header cannot carry safely.
    #[error("a key id has 1 to {} printable ASCII characters", SigningKey::MAX_KEY_ID_BYTES)]
    KeyId,
}

/// Size of the keys that Roomkey makes: for one that signs some weeks, as good as a larger one, which would take three times
/// as long at each login (NIST SP 800-57 part 1, table 2).
const GENERATED: KeySize = KeySize::Rsa2048;

#[derive(Serialize)]
struct Header<'a> {
    typ: &'static str,
    alg: &'static str,
    kid: &'a str,
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

    /// The keys of a PEM file that may hold several, one after the other. Each goes by its thumbprint, so that it keeps its
    /// `kid` wherever it stands.
    ///
    /// # Errors
    /// [`SigningKeyError`] of the first that cannot be used.
    pub fn all_of_pem(algorithm: Algorithm, pem: &[u8]) -> Result<Vec<Self>, SigningKeyError> {
        let text = std::str::from_utf8(pem).map_err(|_| SigningKeyError::NotRsa)?;
        let blocks = text.split_inclusive("-----END ").collect::<Vec<_>>();
        // Each block but the first begins with the rest of the line that ended the one before.
        let keys = blocks.iter().zip(blocks.iter().skip(1)).map(|(block, end)| {
            let line = end.lines().next().unwrap_or_default();
            Self::new(algorithm, Zeroizing::new(format!("{block}{line}\n")).as_bytes(), None)
        });
        match keys.collect::<Result<Vec<_>, _>>()? {
            none if none.is_empty() => Err(SigningKeyError::NotRsa),
            keys => Ok(keys),
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
        Ok(Self::with(algorithm, key_id, Signer::Hmac(Box::new(hmac::Key::new(hash, secret)))))
    }

    fn from_pem(
        algorithm: Algorithm,
        encoding: &'static dyn RsaEncoding,
        pem: &[u8],
        key_id: Option<String>,
    ) -> Result<Self, SigningKeyError> {
        let der = jsonwebtoken::EncodingKey::from_rsa_pem(pem).map_err(|_| SigningKeyError::NotRsa)?;
        let pair = RsaKeyPair::from_der(der.as_bytes()).map_err(SigningKeyError::Rejected)?;
        Ok(Self::from_pair(algorithm, encoding, pair, key_id))
    }

    fn from_pair(
        algorithm: Algorithm,
        encoding: &'static dyn RsaEncoding,
        pair: RsaKeyPair,
        key_id: Option<String>,
    ) -> Self {
        let key_id = key_id.unwrap_or_else(|| thumbprint(&pair));
        Self::with(algorithm, key_id, Signer::Rsa(Box::new(pair), encoding))
    }

    /// A new RSA key for `algorithm`, and the PKCS#8 document by which to keep it. Computes for a good part of a second, so
    /// never on a thread that answers requests.
    ///
    /// # Errors
    /// [`SigningKeyError::NotRsa`] for an HS algorithm, [`SigningKeyError::Generation`] if the library gives none.
    pub fn generate(algorithm: Algorithm) -> Result<(Self, Zeroizing<Vec<u8>>), SigningKeyError> {
        let Family::Rsa(encoding) = algorithm.family() else { return Err(SigningKeyError::NotRsa) };
        let pair = RsaKeyPair::generate(GENERATED).map_err(SigningKeyError::Generation)?;
        let document: Pkcs8V1Der<'_> = pair.as_der().map_err(SigningKeyError::Generation)?;
        let document = Zeroizing::new(document.as_ref().to_vec());
        Ok((Self::from_pair(algorithm, encoding, pair, None), document))
    }

    /// The key of a PKCS#8 document that [`generate`](Self::generate) gave.
    ///
    /// # Errors
    /// [`SigningKeyError`] if it is anything else.
    pub fn from_pkcs8(algorithm: Algorithm, document: &[u8]) -> Result<Self, SigningKeyError> {
        let Family::Rsa(encoding) = algorithm.family() else { return Err(SigningKeyError::NotRsa) };
        let pair = RsaKeyPair::from_pkcs8(document).map_err(SigningKeyError::Rejected)?;
        Ok(Self::from_pair(algorithm, encoding, pair, None))
    }

    fn with(algorithm: Algorithm, key_id: String, signer: Signer) -> Self {
        let header = header("JWT", algorithm, &key_id);
        Self { algorithm, key_id, header, signer }
    }

    /// The `kid` in the header of its tokens.
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// The `alg` in the header of its tokens.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
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
        self.sign_under(&self.header, claims)
    }

    /// A signed JWT of another kind (RFC 8725, section 3.11): Prosody takes none whose `typ` is not `JWT`.
    pub(crate) fn sign_as(&self, typ: &'static str, claims: &[u8]) -> Result<String, Unspecified> {
        self.sign_under(&header(typ, self.algorithm, &self.key_id), claims)
    }

    fn sign_under(&self, header: &str, claims: &[u8]) -> Result<String, Unspecified> {
        let mut token = String::with_capacity(self.token_bytes(claims.len()));
        token.push_str(header);
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

/// The first part of a token.
fn header(typ: &'static str, algorithm: Algorithm, key_id: &str) -> String {
    let header = Header { typ, alg: algorithm.name(), kid: key_id };
    BASE64URL.encode(serde_json::to_vec(&header).expect("three strings are always JSON"))
}

/// A value from a secret, from which neither the secret nor a token can be made: what a token signs has a dot and no space.
fn derive(secret: &[u8], purpose: &str) -> hmac::Tag {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), format!("roomkey {purpose}").as_bytes())
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

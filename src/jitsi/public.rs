//! The public half of a key: what Prosody fetches, and what checks a token.

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rsa::PublicKeyComponents;
use aws_lc_rs::signature::{
    KeyPair, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RsaKeyPair,
    RsaParameters,
};
use aws_lc_rs::{digest, hmac};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD as BASE64URL};
use data_encoding::HEXLOWER;
use serde::Serialize;

use super::Algorithm;
use super::keys::{Signer, SigningKey};

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

/// A set of them (RFC 7517, section 5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublicJwkSet {
    /// Its keys.
    pub keys: Vec<PublicJwk>,
}

impl SigningKey {
    /// The public half for a JWKS; a secret has none.
    pub fn public_jwk(&self) -> Option<PublicJwk> {
        let Signer::Rsa(pair, _) = &self.signer else { return None };
        let (n, e) = modulus_and_exponent(pair);
        Some(PublicJwk { kty: "RSA", usage: "sig", alg: self.algorithm().name(), kid: self.key_id().to_owned(), n, e })
    }

    /// The public half as PEM of a `SubjectPublicKeyInfo` (RFC 7468, section 13); a secret has none.
    pub fn public_pem(&self) -> Option<String> {
        let Signer::Rsa(pair, _) = &self.signer else { return None };
        let der: PublicKeyX509Der<'_> = pair.public_key().as_der().ok()?;
        let lines = STANDARD.encode(der.as_ref());
        let lines: Vec<_> = lines.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
        Some(format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n")))
    }

    /// Under which name, without `.pem`, Prosody asks `asap_key_server` for it: the SHA-256 of its `kid`, in hexadecimal.
    pub fn asap_name(&self) -> String {
        HEXLOWER.encode(digest::digest(&digest::SHA256, self.key_id().as_bytes()).as_ref())
    }

    /// Whether `signature` is this key's under `signed`.
    pub(super) fn verifies(&self, signed: &[u8], signature: &[u8]) -> bool {
        match &self.signer {
            Signer::Hmac(key) => hmac::verify(key, signed, signature).is_ok(),
            Signer::Rsa(pair, _) => {
                let public = pair.public_key();
                let components = PublicKeyComponents {
                    n: public.modulus().big_endian_without_leading_zero(),
                    e: public.exponent().big_endian_without_leading_zero(),
                };
                let verify = |by| components.verify(by, signed, signature).is_ok();
                verifier(self.algorithm()).is_some_and(verify)
            }
        }
    }
}

fn verifier(algorithm: Algorithm) -> Option<&'static RsaParameters> {
    match algorithm {
        Algorithm::Rs256 => Some(&RSA_PKCS1_2048_8192_SHA256),
        Algorithm::Rs384 => Some(&RSA_PKCS1_2048_8192_SHA384),
        Algorithm::Rs512 => Some(&RSA_PKCS1_2048_8192_SHA512),
        Algorithm::Hs256 | Algorithm::Hs384 | Algorithm::Hs512 => None,
    }
}

/// RFC 7638, section 3, over SHA-256.
pub(super) fn thumbprint(pair: &RsaKeyPair) -> String {
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

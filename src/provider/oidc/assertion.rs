//! `private_key_jwt`: a client that proves itself by a signed assertion (OpenID Connect Core 1.0, section 9; RFC 7523).

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;

use crate::provider::{Leg, ProviderError};

/// How long an assertion may be used, in seconds: the time of one call.
const LIFETIME_SECONDS: i64 = 60;

/// RFC 7523, section 2.2.
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The key of one client, ready to sign.
#[derive(Clone)]
pub(super) struct Assertion {
    key: EncodingKey,
    header: Header,
    issuer: String,
    client_id: String,
    audience: String,
    sent_as: SentAs,
}

/// By which parameters an assertion travels.
#[derive(Clone, Copy)]
enum SentAs {
    /// `client_assertion` (RFC 7523, section 2.2).
    Assertion,
    /// `client_secret`.
    Secret,
}

/// A private key that cannot sign assertions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the key is neither an RSA key nor a P-256 key in PEM (PKCS#8, or PKCS#1 for RSA)")]
pub struct UnusableClientKey;

/// A PEM from which no assertion can be made that a certificate proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnusableCertificate {
    /// Not PEM, or a key of another kind.
    #[error("there is no RSA key in PEM (PKCS#8 or PKCS#1) in it")]
    NoKey,
    /// The key stands alone.
    #[error("there is no certificate in it")]
    NoCertificate,
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    jti: String,
    iat: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    nbf: Option<i64>,
    exp: i64,
}

/// A private key of a client, parsed once.
#[derive(Clone)]
pub struct ClientKey {
    key: EncodingKey,
    algorithm: Algorithm,
    key_id: Option<String>,
    /// The SHA-256 of the certificate, in base64url.
    thumbprint: Option<String>,
}

impl ClientKey {
    /// Parses a PEM: RSA keys sign by RS256, P-256 keys by ES256. `key_id` goes into the header as `kid`.
    ///
    /// # Errors
    /// [`UnusableClientKey`] if it is none of these.
    pub fn parse(pem: &SecretString, key_id: Option<String>) -> Result<Self, UnusableClientKey> {
        let bytes = pem.expose_secret().as_bytes();
        let rsa = EncodingKey::from_rsa_pem(bytes).map(|key| (key, Algorithm::RS256));
        let (key, algorithm) = rsa
            .or_else(|_| EncodingKey::from_ec_pem(bytes).map(|key| (key, Algorithm::ES256)))
            .map_err(|_| UnusableClientKey)?;
        let key = Self { key, algorithm, key_id, thumbprint: None };
        // A key that parses may still be of another curve: only signing tells.
        if key.signs() { Ok(key) } else { Err(UnusableClientKey) }
    }

    /// Parses a PEM of an RSA key and the certificate by which the server knows it, in any order; of several certificates the
    /// first counts. Assertions are signed by PS256 and name the certificate (Microsoft identity platform, "Application
    /// authentication certificate credentials").
    ///
    /// # Errors
    /// [`UnusableCertificate`] if one of the two is missing or the key cannot sign.
    pub fn certified(pem: &SecretString) -> Result<Self, UnusableCertificate> {
        let blocks = pem::parse_many(pem.expose_secret()).map_err(|_| UnusableCertificate::NoKey)?;
        let key = blocks.iter().find(|block| block.tag().ends_with("PRIVATE KEY")).ok_or(UnusableCertificate::NoKey)?;
        let key = SecretString::from(pem::encode(key));
        let key = EncodingKey::from_rsa_pem(key.expose_secret().as_bytes()).map_err(|_| UnusableCertificate::NoKey)?;
        let certificate = blocks.iter().find(|block| block.tag() == "CERTIFICATE");
        let certificate = certificate.ok_or(UnusableCertificate::NoCertificate)?;
        let thumbprint = URL_SAFE_NO_PAD.encode(digest(&SHA256, certificate.contents()));
        let key = Self { key, algorithm: Algorithm::PS256, key_id: None, thumbprint: Some(thumbprint) };
        if key.signs() { Ok(key) } else { Err(UnusableCertificate::NoKey) }
    }

    fn signs(&self) -> bool {
        jsonwebtoken::encode(&Header::new(self.algorithm), &(), &self.key).is_ok()
    }
}

impl Assertion {
    /// Assertions of `client_id`, meant for the server at `audience`.
    pub(super) fn new(key: &ClientKey, client_id: String, audience: String) -> Self {
        Self::new_as(SentAs::Assertion, key, client_id.clone(), client_id, audience)
    }

    /// Assertions that `issuer` makes for `client_id`, in the place of a secret.
    pub(super) fn as_secret(key: &ClientKey, issuer: String, client_id: String, audience: String) -> Self {
        Self::new_as(SentAs::Secret, key, issuer, client_id, audience)
    }

    fn new_as(sent_as: SentAs, key: &ClientKey, issuer: String, client_id: String, audience: String) -> Self {
        let mut header = Header::new(key.algorithm);
        header.kid.clone_from(&key.key_id);
        header.x5t_s256.clone_from(&key.thumbprint);
        Self { key: key.key.clone(), header, issuer, client_id, audience, sent_as }
    }

    /// The parameters of the token request that carry a new assertion.
    pub(super) fn parameters(&self, now: Timestamp) -> Result<Vec<(&'static str, String)>, ProviderError> {
        let mut jti = [0; 16];
        aws_lc_rs::rand::fill(&mut jti).expect("the operating system gives random bytes");
        let claims = Claims {
            iss: &self.issuer,
            sub: &self.client_id,
            aud: &self.audience,
            jti: URL_SAFE_NO_PAD.encode(jti),
            iat: now.as_second(),
            nbf: self.header.x5t_s256.is_some().then_some(now.as_second()),
            exp: now.as_second() + LIFETIME_SECONDS,
        };
        let assertion = jsonwebtoken::encode(&self.header, &claims, &self.key)
            .map_err(|_| ProviderError::TurnedAway { leg: Leg::Token, code: "client-key-does-not-sign".to_owned() })?;
        Ok(match self.sent_as {
            SentAs::Assertion => {
                vec![("client_assertion_type", ASSERTION_TYPE.to_owned()), ("client_assertion", assertion)]
            }
            SentAs::Secret => vec![("client_secret", assertion)],
        })
    }
}

impl std::fmt::Debug for ClientKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ClientKey([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAIR: &str = include_str!("../../../tests/support/products/entra-client.pem");

    /// What `openssl x509 -fingerprint -sha256` says, in base64url.
    const THUMBPRINT: &str = "Q6RKV325LowZP0GgzC8WitaltQDJAiaGqYwgrfqOFTc";

    fn outcome(pem: &str) -> Result<Option<String>, UnusableCertificate> {
        ClientKey::certified(&pem.into()).map(|key| key.thumbprint)
    }

    #[test]
    fn a_certificate_is_named_by_its_thumbprint_in_either_order() {
        let (key, certificate) = PAIR.split_at(PAIR.find("-----BEGIN CERTIFICATE").unwrap());

        assert_eq!(outcome(PAIR), Ok(Some(THUMBPRINT.to_owned())));
        assert_eq!(outcome(&format!("{certificate}{key}")), Ok(Some(THUMBPRINT.to_owned())));
    }

    #[test]
    fn a_key_or_a_certificate_alone_is_not_enough() {
        let (key, certificate) = PAIR.split_at(PAIR.find("-----BEGIN CERTIFICATE").unwrap());

        assert_eq!(outcome(key), Err(UnusableCertificate::NoCertificate));
        for without_key in [certificate, "", "no PEM"] {
            assert_eq!(outcome(without_key), Err(UnusableCertificate::NoKey), "{without_key}");
        }
    }
}

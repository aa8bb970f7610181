//! Roomkey's own key at an identity provider: it signs what Roomkey sends, and opens what is encrypted for it.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, OaepAlgorithm, OaepPrivateDecryptingKey, PrivateDecryptingKey};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use super::algorithm::RSA_SHA256;

/// An RSA key and the certificate by which identity providers know it. Does not print.
pub struct OwnKey {
    signing: KeyPair,
    decrypting: OaepPrivateDecryptingKey,
    certificate: Vec<u8>,
}

/// Why a key and a certificate cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnusableOwnKey {
    /// Not PEM, or another kind of key.
    #[error("there is no RSA key of 2048 to 8192 bits in PEM (PKCS#8 or PKCS#1) in it")]
    Key,
    /// Not PEM, or something else than a certificate.
    #[error("there is no certificate in PEM in it")]
    Certificate,
    /// The certificate is another key's.
    #[error("the certificate is that of another key")]
    Apart,
}

impl OwnKey {
    /// The key and the certificate in these PEM texts; of several certificates the first counts.
    ///
    /// # Errors
    /// [`UnusableOwnKey`] if one of them is not what it should be, or they do not belong together.
    pub fn from_pem(key: &SecretString, certificate: &str) -> Result<Self, UnusableOwnKey> {
        let (signing, decrypting) = private(key).ok_or(UnusableOwnKey::Key)?;
        let blocks = pem::parse_many(certificate).map_err(|_| UnusableOwnKey::Certificate)?;
        let certificate = blocks.into_iter().find(|block| block.tag() == "CERTIFICATE");
        let certificate = certificate.ok_or(UnusableOwnKey::Certificate)?.into_contents();
        let (_, parsed) = x509_parser::parse_x509_certificate(&certificate).map_err(|_| UnusableOwnKey::Certificate)?;
        let public: PublicKeyX509Der<'_> = signing.public_key().as_der().map_err(|_| UnusableOwnKey::Key)?;
        if parsed.public_key().raw != public.as_ref() {
            return Err(UnusableOwnKey::Apart);
        }
        Ok(Self { signing, decrypting, certificate })
    }

    /// Its certificate, in DER.
    pub fn certificate(&self) -> &[u8] {
        &self.certificate
    }

    /// The URI of the algorithm that it signs by: RSA PKCS#1 1.5 with SHA-256, which every identity provider knows.
    pub fn method(&self) -> &'static str {
        RSA_SHA256
    }

    /// Its signature over `message`.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        let mut signature = vec![0; self.signing.public_modulus_len()];
        self.signing
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
            .expect("a key that was parsed signs, and the signature is as long as its modulus");
        signature
    }

    /// What was encrypted for it by RSA-OAEP; `None` for everything else, whatever is wrong with it.
    pub(super) fn decrypt(&self, algorithm: &'static OaepAlgorithm, encrypted: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let mut plain = Zeroizing::new(vec![0; self.decrypting.min_output_size()]);
        let length = self.decrypting.decrypt(algorithm, encrypted, &mut plain, None).ok()?.len();
        plain.truncate(length);
        Some(plain)
    }
}

fn private(pem: &SecretString) -> Option<(KeyPair, OaepPrivateDecryptingKey)> {
    let blocks = pem::parse_many(pem.expose_secret()).ok()?;
    let block = blocks.into_iter().find(|block| block.tag().ends_with("PRIVATE KEY"))?;
    let pkcs1 = block.tag() == "RSA PRIVATE KEY";
    let der = Zeroizing::new(block.into_contents());
    let signing = if pkcs1 { KeyPair::from_der(&der) } else { KeyPair::from_pkcs8(&der) }.ok()?;
    let pkcs8: Pkcs8V1Der<'_> = signing.as_der().ok()?;
    let decrypting = PrivateDecryptingKey::from_pkcs8(pkcs8.as_ref()).ok()?;
    Some((signing, OaepPrivateDecryptingKey::new(decrypting).ok()?))
}

impl std::fmt::Debug for OwnKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OwnKey([redacted])")
    }
}

//! Public keys of identity providers, from the certificates of their metadata.

use aws_lc_rs::signature::{self, UnparsedPublicKey, VerificationAlgorithm};
use jiff::Timestamp;
use x509_parser::public_key::PublicKey;

use super::algorithm::SignatureMethod;

/// A key that signatures are checked by. A certificate is no more than its wrapping here: trust comes from the metadata, and neither
/// its dates nor its issuer count (SAML 2.0 Metadata Interoperability Profile, section 2.6.1).
#[derive(Clone, Debug)]
pub(super) struct VerifyingKey {
    kind: Kind,
    /// DER `SubjectPublicKeyInfo`.
    key: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Rsa,
    P256,
    P384,
    P521,
}

/// A certificate without a key that Roomkey checks signatures by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum UnusableKey {
    /// Not DER, or no certificate.
    #[error("it is no X.509 certificate")]
    NoCertificate,
    /// Another kind of key, or a short one.
    #[error("its key is neither RSA of 2048 to 8192 bits nor on P-256, P-384 or P-521")]
    Kind,
}

/// When the certificate in `der` ends; `None` if it is none. No signature is judged by it: it is for operators, who have to know when
/// the other side may refuse or change it.
pub fn certificate_ends(der: &[u8]) -> Option<Timestamp> {
    let (_, certificate) = x509_parser::parse_x509_certificate(der).ok()?;
    Timestamp::from_second(certificate.validity().not_after.timestamp()).ok()
}

impl VerifyingKey {
    /// The key of a certificate in DER.
    ///
    /// # Errors
    /// [`UnusableKey`] if there is none that could be used.
    pub(super) fn from_certificate(der: &[u8]) -> Result<Self, UnusableKey> {
        let (_, certificate) = x509_parser::parse_x509_certificate(der).map_err(|_| UnusableKey::NoCertificate)?;
        let info = certificate.public_key();
        let kind = match info.parsed() {
            Ok(PublicKey::RSA(key)) if (2048..=8192).contains(&key.key_size()) => Kind::Rsa,
            Ok(PublicKey::EC(point)) => match point.key_size() {
                256 => Kind::P256,
                384 => Kind::P384,
                // Sixty-six bytes a coordinate.
                521 | 528 => Kind::P521,
                _ => return Err(UnusableKey::Kind),
            },
            _ => return Err(UnusableKey::Kind),
        };
        Ok(Self { kind, key: info.raw.to_vec() })
    }

    /// Whether `signature` over `message` is by this key; never by one that `method` is not made for.
    pub(super) fn has_signed(&self, method: SignatureMethod, message: &[u8], signature: &[u8]) -> bool {
        let verify = |algorithm: &'static dyn VerificationAlgorithm| {
            UnparsedPublicKey::new(algorithm, &self.key).verify(message, signature).is_ok()
        };
        match (method, self.kind) {
            (SignatureMethod::RsaSha1, Kind::Rsa) => verify(&signature::RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY),
            (SignatureMethod::RsaSha256, Kind::Rsa) => verify(&signature::RSA_PKCS1_2048_8192_SHA256),
            (SignatureMethod::RsaSha384, Kind::Rsa) => verify(&signature::RSA_PKCS1_2048_8192_SHA384),
            (SignatureMethod::RsaSha512, Kind::Rsa) => verify(&signature::RSA_PKCS1_2048_8192_SHA512),
            (SignatureMethod::PssSha256, Kind::Rsa) => verify(&signature::RSA_PSS_2048_8192_SHA256),
            (SignatureMethod::PssSha384, Kind::Rsa) => verify(&signature::RSA_PSS_2048_8192_SHA384),
            (SignatureMethod::PssSha512, Kind::Rsa) => verify(&signature::RSA_PSS_2048_8192_SHA512),
            (SignatureMethod::EcdsaSha256, Kind::P256) => verify(&signature::ECDSA_P256_SHA256_FIXED),
            (SignatureMethod::EcdsaSha384, Kind::P384) => verify(&signature::ECDSA_P384_SHA384_FIXED),
            (SignatureMethod::EcdsaSha512, Kind::P521) => verify(&signature::ECDSA_P521_SHA512_FIXED),
            _ => false,
        }
    }
}

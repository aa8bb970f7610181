//! The algorithms of signatures that are taken, by their URIs (XML Signature 1.1, section 6; RFC 9231).

use aws_lc_rs::digest::{self, Algorithm};

/// How a signature is made. Those that are left out are not known at all: HMAC, by which a public key would be a secret, among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SignatureMethod {
    /// RSA PKCS#1 1.5 with SHA-1: for providers that the operator has vouched for by `insecure_sha1`.
    RsaSha1,
    /// RSA PKCS#1 1.5 with SHA-256.
    RsaSha256,
    /// RSA PKCS#1 1.5 with SHA-384.
    RsaSha384,
    /// RSA PKCS#1 1.5 with SHA-512.
    RsaSha512,
    /// RSA-PSS with SHA-256 throughout and a salt as long.
    PssSha256,
    /// RSA-PSS with SHA-384 throughout and a salt as long.
    PssSha384,
    /// RSA-PSS with SHA-512 throughout and a salt as long.
    PssSha512,
    /// ECDSA with SHA-256, on P-256.
    EcdsaSha256,
    /// ECDSA with SHA-384, on P-384.
    EcdsaSha384,
    /// ECDSA with SHA-512, on P-521.
    EcdsaSha512,
}

/// Exclusive canonicalisation without comments (Exclusive XML Canonicalization 1.0): the only one that SAML asks for.
pub(super) const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";

/// The transform that leaves the signature itself out (XML Signature 1.1, section 6.6.4).
pub(super) const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";

/// RSA PKCS#1 1.5 with SHA-256, by which Roomkey itself signs.
pub(super) const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";

/// SHA-256.
pub(super) const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";

/// SHA-1.
pub(super) const SHA1: &str = "http://www.w3.org/2000/09/xmldsig#sha1";

impl SignatureMethod {
    /// The method of this URI; SHA-1 only if `sha1` is taken.
    pub(super) fn from_uri(uri: &str, sha1: bool) -> Option<Self> {
        match uri {
            "http://www.w3.org/2000/09/xmldsig#rsa-sha1" if sha1 => Some(Self::RsaSha1),
            RSA_SHA256 => Some(Self::RsaSha256),
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384" => Some(Self::RsaSha384),
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512" => Some(Self::RsaSha512),
            "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1" => Some(Self::PssSha256),
            "http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1" => Some(Self::PssSha384),
            "http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1" => Some(Self::PssSha512),
            "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256" => Some(Self::EcdsaSha256),
            "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384" => Some(Self::EcdsaSha384),
            "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512" => Some(Self::EcdsaSha512),
            _ => None,
        }
    }
}

/// The digest of this URI; SHA-1 only if `sha1` is taken.
pub(super) fn digest(uri: &str, sha1: bool) -> Option<&'static Algorithm> {
    match uri {
        SHA1 if sha1 => Some(&digest::SHA1_FOR_LEGACY_USE_ONLY),
        SHA256 => Some(&digest::SHA256),
        "http://www.w3.org/2001/04/xmldsig-more#sha384" => Some(&digest::SHA384),
        "http://www.w3.org/2001/04/xmlenc#sha512" => Some(&digest::SHA512),
        _ => None,
    }
}

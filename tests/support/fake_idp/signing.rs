//! XML signatures by an identity provider of our own, right or wrong.

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, SHA512, digest};
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::keys::IdpKey;

pub const DS: &str = "http://www.w3.org/2000/09/xmldsig#";
pub const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
pub const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
pub const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
pub const SHA_256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";

/// How an element is signed.
#[derive(Clone)]
pub struct Signing {
    pub key: IdpKey,
    /// The certificate that the signature itself names.
    pub named: IdpKey,
    pub method: String,
    pub digest: String,
    pub canonicalization: String,
    pub transforms: String,
    /// Instead of `#` and the element's own `ID`.
    pub uri: Option<String>,
    /// Changes `SignedInfo` before it is signed.
    pub info: fn(String) -> String,
    /// Changes the whole signature.
    pub whole: fn(String) -> String,
}

impl Signing {
    pub fn by(key: &IdpKey) -> Self {
        Self {
            key: key.clone(),
            named: key.clone(),
            method: RSA_SHA256.to_owned(),
            digest: SHA_256.to_owned(),
            canonicalization: EXCLUSIVE.to_owned(),
            transforms: format!(
                "<ds:Transform Algorithm=\"{ENVELOPED}\"></ds:Transform><ds:Transform Algorithm=\"{EXCLUSIVE}\"></ds:Transform>"
            ),
            uri: None,
            info: |info| info,
            whole: |signature| signature,
        }
    }

    /// The signature over `element`, which is in canonical form and has this `ID`.
    pub fn signature(&self, element: &str, id: &str) -> String {
        let algorithm = match self.digest.rsplit_once('#').unwrap().1 {
            "sha1" => &SHA1_FOR_LEGACY_USE_ONLY,
            "sha512" => &SHA512,
            _ => &SHA256,
        };
        let digest = STANDARD.encode(digest(algorithm, element.as_bytes()));
        let uri = self.uri.clone().unwrap_or_else(|| format!("#{id}"));
        let info = (self.info)(format!(
            "<ds:SignedInfo><ds:CanonicalizationMethod Algorithm=\"{}\"></ds:CanonicalizationMethod>\
             <ds:SignatureMethod Algorithm=\"{}\"></ds:SignatureMethod><ds:Reference URI=\"{uri}\"><ds:Transforms>{}</ds:Transforms>\
             <ds:DigestMethod Algorithm=\"{}\"></ds:DigestMethod><ds:DigestValue>{digest}</ds:DigestValue></ds:Reference>\
             </ds:SignedInfo>",
            self.canonicalization, self.method, self.transforms, self.digest
        ));
        let canonical = info.replacen("<ds:SignedInfo>", &format!("<ds:SignedInfo xmlns:ds=\"{DS}\">"), 1);
        let value = if self.method.contains("hmac") {
            // What is public as a secret: the key of the metadata.
            let key = hmac::Key::new(hmac::HMAC_SHA256, &self.key.public());
            hmac::sign(&key, canonical.as_bytes()).as_ref().to_vec()
        } else if self.method.contains("none") {
            Vec::new()
        } else {
            self.key.sign(&self.method, canonical.as_bytes())
        };
        let certificate = STANDARD.encode(self.named.certificate());
        (self.whole)(format!(
            "<ds:Signature xmlns:ds=\"{DS}\">{info}<ds:SignatureValue>{}</ds:SignatureValue><ds:KeyInfo><ds:X509Data>\
             <ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>",
            STANDARD.encode(value)
        ))
    }

    /// `element` with its signature behind the issuer.
    pub fn sign(&self, element: &str, id: &str) -> String {
        insert(element, &self.signature(element, id))
    }
}

/// `element` with `more` behind its issuer.
pub fn insert(element: &str, more: &str) -> String {
    let end = "</saml:Issuer>";
    let at = element.find(end).map_or_else(|| element.find('>').unwrap() + 1, |at| at + end.len());
    format!("{}{more}{}", &element[..at], &element[at..])
}

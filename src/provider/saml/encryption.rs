//! What an identity provider has encrypted for Roomkey (XML Encryption 1.1): a key by RSA-OAEP, and by that key an element.
//!
//! Whoever knows Roomkey's certificate can encrypt anything for it: what comes out is no more to be believed than what came in. So
//! every failure looks the same, and block ciphers without authentication (CBC) are opened only within a response whose own
//! signature has been checked: otherwise the answers to changed texts tell what is in them (Jager and Somorovsky, "How to Break XML
//! Encryption").

use aws_lc_rs::aead::{AES_128_GCM, AES_192_GCM, AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::cipher::{AES_128, AES_192, AES_256, DecryptingKey, DecryptionContext, UnboundCipherKey};
use aws_lc_rs::iv::FixedLength;
use aws_lc_rs::rsa::{
    OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OAEP_SHA384_MGF1SHA384, OAEP_SHA512_MGF1SHA512, OaepAlgorithm,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::algorithm::{SHA1, SHA256};
use super::check::SamlCheck;
use super::document::{Document, Element, Limits};
use super::own_key::OwnKey;
use super::signature::DS;
use crate::provider::error::Untrusted;

/// The namespace of XML Encryption.
pub(super) const XENC: &str = "http://www.w3.org/2001/04/xmlenc#";

/// The namespace of XML Encryption 1.1.
const XENC11: &str = "http://www.w3.org/2009/xmlenc11#";

/// Most keys that are tried: one for each of Roomkey's certificates that the provider may know.
const MAX_KEYS: usize = 4;

/// Length of an AES block, in bytes.
const BLOCK: usize = 16;

/// How the element is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cipher {
    Gcm(usize),
    Cbc(usize),
}

/// An element that was encrypted, with the namespaces around it; not yet parsed.
pub(super) struct Decrypted(Zeroizing<Vec<u8>>);

/// Opens `encrypted`: an `EncryptedAssertion` or `EncryptedID`. `authentic` says whether it stands in something whose signature
/// has been checked.
pub(super) fn decrypt(encrypted: Element<'_>, key: Option<&OwnKey>, authentic: bool) -> Result<Decrypted, Untrusted> {
    let failed = |detail: &'static str| SamlCheck::Decryption.failed(detail);
    let key = key.ok_or_else(|| failed("there is no `key_file`"))?;
    let data = encrypted.only_child(XENC, "EncryptedData").ok_or_else(|| failed("there is not one `EncryptedData`"))?;
    let cipher = method(data).and_then(|(uri, _)| Cipher::from_uri(uri));
    let cipher = cipher.ok_or_else(|| failed("its cipher is none that is taken"))?;
    if matches!(cipher, Cipher::Cbc(_)) && !authentic {
        return Err(failed("its cipher is CBC, and the response around it is not signed"));
    }
    // Either within `KeyInfo`, or beside the data, which refers to it: there is no other place for one here.
    let within = data.only_child(DS, "KeyInfo").into_iter().flat_map(|info| info.children(XENC, "EncryptedKey"));
    let keys: Vec<_> = within.chain(encrypted.children(XENC, "EncryptedKey")).take(MAX_KEYS).collect();
    if keys.is_empty() {
        return Err(failed("there is no `EncryptedKey`"));
    }
    let transports: Vec<_> = keys.iter().filter_map(|&key| Some((transport(key)?, value(key)?))).collect();
    if transports.is_empty() {
        return Err(failed("its key transport is none that is taken"));
    }
    let data_value = value(data);
    let opened = transports.iter().find_map(|(algorithm, wrapped)| {
        let content_key = key.decrypt(algorithm, wrapped)?;
        cipher.open(&content_key, data_value.clone()?)
    });
    opened.map(|plain| within_namespaces(data, &plain)).ok_or_else(|| failed("it was not encrypted for Roomkey's key"))
}

impl Decrypted {
    /// Parses it; the element itself is the only one in the root.
    pub(super) fn parse(&self, limits: Limits) -> Result<Document<'_>, Untrusted> {
        Document::parse(&self.0, limits)
            .map_err(|error| SamlCheck::Decryption.failed(format!("what was in it: {error}")))
    }
}

/// The element as it would stand in the place of `data`, with the prefixes that mean something there.
fn within_namespaces(data: Element<'_>, plain: &[u8]) -> Decrypted {
    let mut document = Zeroizing::new(b"<decrypted".to_vec());
    for (prefix, uri) in data.namespaces() {
        let uri = super::xml::escaped(uri);
        let declaration =
            if prefix.is_empty() { format!(" xmlns=\"{uri}\"") } else { format!(" xmlns:{prefix}=\"{uri}\"") };
        document.extend_from_slice(declaration.as_bytes());
    }
    document.push(b'>');
    document.extend_from_slice(plain);
    document.extend_from_slice(b"</decrypted>");
    Decrypted(document)
}

/// `Algorithm` of the `EncryptionMethod`, and the element itself.
fn method(encrypted: Element<'_>) -> Option<(&str, Element<'_>)> {
    let method = encrypted.only_child(XENC, "EncryptionMethod")?;
    Some((method.attribute("Algorithm")?, method))
}

/// The bytes of its `CipherValue`; there are none elsewhere (`CipherReference`).
fn value(encrypted: Element<'_>) -> Option<Vec<u8>> {
    let value = encrypted.only_child(XENC, "CipherData")?.only_child(XENC, "CipherValue")?;
    let mut text = value.text().ok()?;
    text.retain(|c| !c.is_ascii_whitespace());
    STANDARD.decode(text).ok()
}

/// RSA-OAEP by one and the same hash throughout, which is all that providers use; not PKCS#1 1.5, which answers for attackers
/// (XML Encryption 1.1, section 6.1.7).
fn transport(key: Element<'_>) -> Option<&'static OaepAlgorithm> {
    let (uri, method) = method(key)?;
    if method.child(XENC, "OAEPparams").is_some() {
        return None;
    }
    let digest = method.child(DS, "DigestMethod").map_or(Some(SHA1), |digest| digest.attribute("Algorithm"))?;
    let mask = method.child(XENC11, "MGF").map(|mask| mask.attribute("Algorithm"));
    let mask = match (uri, mask) {
        ("http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p", None) => "mgf1sha1",
        ("http://www.w3.org/2009/xmlenc11#rsa-oaep", None) => "mgf1sha1",
        ("http://www.w3.org/2009/xmlenc11#rsa-oaep", Some(mask)) => mask?.strip_prefix(XENC11)?,
        _ => return None,
    };
    match (digest, mask) {
        (SHA1, "mgf1sha1") => Some(&OAEP_SHA1_MGF1SHA1),
        (SHA256, "mgf1sha256") => Some(&OAEP_SHA256_MGF1SHA256),
        ("http://www.w3.org/2001/04/xmldsig-more#sha384", "mgf1sha384") => Some(&OAEP_SHA384_MGF1SHA384),
        ("http://www.w3.org/2001/04/xmlenc#sha512", "mgf1sha512") => Some(&OAEP_SHA512_MGF1SHA512),
        _ => None,
    }
}

impl Cipher {
    fn from_uri(uri: &str) -> Option<Self> {
        match uri {
            "http://www.w3.org/2009/xmlenc11#aes128-gcm" => Some(Self::Gcm(16)),
            "http://www.w3.org/2009/xmlenc11#aes192-gcm" => Some(Self::Gcm(24)),
            "http://www.w3.org/2009/xmlenc11#aes256-gcm" => Some(Self::Gcm(32)),
            "http://www.w3.org/2001/04/xmlenc#aes128-cbc" => Some(Self::Cbc(16)),
            "http://www.w3.org/2001/04/xmlenc#aes192-cbc" => Some(Self::Cbc(24)),
            "http://www.w3.org/2001/04/xmlenc#aes256-cbc" => Some(Self::Cbc(32)),
            _ => None,
        }
    }

    fn open(self, key: &[u8], encrypted: Vec<u8>) -> Option<Zeroizing<Vec<u8>>> {
        match self {
            Self::Gcm(length) if key.len() == length => gcm(key, encrypted),
            Self::Cbc(length) if key.len() == length => cbc(key, encrypted),
            _ => None,
        }
    }
}

/// XML Encryption 1.1, section 5.2.4: the nonce stands before the text, the tag after it.
fn gcm(key: &[u8], encrypted: Vec<u8>) -> Option<Zeroizing<Vec<u8>>> {
    let algorithm = match key.len() {
        16 => &AES_128_GCM,
        24 => &AES_192_GCM,
        _ => &AES_256_GCM,
    };
    let key = LessSafeKey::new(UnboundKey::new(algorithm, key).ok()?);
    let mut text = Zeroizing::new(encrypted);
    let nonce = Nonce::try_assume_unique_for_key(text.get(..NONCE_LEN)?).ok()?;
    let length = key.open_within(nonce, Aad::empty(), &mut text, NONCE_LEN..).ok()?.len();
    text.truncate(length);
    Some(text)
}

/// XML Encryption 1.1, section 5.2: the initialization vector stands before the text; the last byte says how many were put at its
/// end to fill the block, whatever those are.
fn cbc(key: &[u8], encrypted: Vec<u8>) -> Option<Zeroizing<Vec<u8>>> {
    let algorithm = match key.len() {
        16 => &AES_128,
        24 => &AES_192,
        _ => &AES_256,
    };
    let key = DecryptingKey::cbc(UnboundCipherKey::new(algorithm, key).ok()?).ok()?;
    let (vector, text) = encrypted.split_first_chunk::<BLOCK>()?;
    let mut text = Zeroizing::new(text.to_vec());
    let context = DecryptionContext::Iv128(FixedLength::from(vector));
    let length = key.decrypt(&mut text, context).ok()?.len();
    let filling = usize::from(*text.get(length.checked_sub(1)?)?);
    if filling == 0 || filling > BLOCK {
        return None;
    }
    text.truncate(length.checked_sub(filling)?);
    Some(text)
}

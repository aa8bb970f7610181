//! XML encryption for Roomkey, right or wrong.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::cipher::{AES_256, EncryptingKey, EncryptionContext, UnboundCipherKey};
use aws_lc_rs::iv::FixedLength;
use aws_lc_rs::rsa::{
    OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OaepPublicEncryptingKey, Pkcs1PublicEncryptingKey, PublicEncryptingKey,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::keys::IdpKey;

/// How something is encrypted.
#[derive(Clone)]
pub struct Encryption {
    pub key: IdpKey,
    pub cipher: &'static str,
    pub transport: &'static str,
    /// The key stands beside the data instead of within it.
    pub beside: bool,
    /// Flips a bit of the text.
    pub broken: bool,
}

pub const GCM: &str = "http://www.w3.org/2009/xmlenc11#aes256-gcm";
pub const CBC: &str = "http://www.w3.org/2001/04/xmlenc#aes256-cbc";
pub const OAEP: &str = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";
pub const OAEP_SHA256: &str = "http://www.w3.org/2009/xmlenc11#rsa-oaep";
pub const PKCS1: &str = "http://www.w3.org/2001/04/xmlenc#rsa-1_5";

impl Encryption {
    pub fn for_key(key: &IdpKey) -> Self {
        Self { key: key.clone(), cipher: GCM, transport: OAEP, beside: false, broken: false }
    }

    /// `wrapper` (`saml:EncryptedAssertion`, `saml:EncryptedID`) around `element`.
    pub fn encrypt(&self, wrapper: &str, element: &str) -> String {
        let content_key = [7; 32];
        let mut data = if self.cipher == GCM { gcm(&content_key, element) } else { cbc(&content_key, element) };
        if self.broken {
            let middle = data.len() / 2;
            data[middle] ^= 1;
        }
        let method = match self.transport {
            OAEP_SHA256 => {
                "<ds:DigestMethod xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/>\
                 <x11:MGF xmlns:x11=\"http://www.w3.org/2009/xmlenc11#\" Algorithm=\"http://www.w3.org/2009/xmlenc11#mgf1sha256\"/>"
            }
            _ => "",
        };
        let wrapped = format!(
            "<xenc:EncryptedKey><xenc:EncryptionMethod Algorithm=\"{}\">{method}</xenc:EncryptionMethod><xenc:CipherData>\
             <xenc:CipherValue>{}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedKey>",
            self.transport,
            STANDARD.encode(self.wrap(&content_key))
        );
        let (within, beside) = if self.beside { (String::new(), wrapped) } else { (wrapped, String::new()) };
        format!(
            "<{wrapper} xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" xmlns:xenc=\"http://www.w3.org/2001/04/xmlenc#\">\
             <xenc:EncryptedData Type=\"http://www.w3.org/2001/04/xmlenc#Element\"><xenc:EncryptionMethod Algorithm=\"{}\"/>\
             <ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">{within}</ds:KeyInfo><xenc:CipherData><xenc:CipherValue>{}\
             </xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>{beside}</{wrapper}>",
            self.cipher,
            STANDARD.encode(data)
        )
    }

    fn wrap(&self, content_key: &[u8]) -> Vec<u8> {
        let public = PublicEncryptingKey::from_der(&self.key.public()).unwrap();
        let mut wrapped = vec![0; public.key_size_bytes()];
        match self.transport {
            PKCS1 => {
                let key = Pkcs1PublicEncryptingKey::new(public).unwrap();
                key.encrypt(content_key, &mut wrapped).unwrap();
            }
            transport => {
                let algorithm = if transport == OAEP { &OAEP_SHA1_MGF1SHA1 } else { &OAEP_SHA256_MGF1SHA256 };
                let key = OaepPublicEncryptingKey::new(public).unwrap();
                key.encrypt(algorithm, content_key, &mut wrapped, None).unwrap();
            }
        }
        wrapped
    }
}

fn gcm(key: &[u8], text: &str) -> Vec<u8> {
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).unwrap());
    let nonce = [9; NONCE_LEN];
    let mut data = text.as_bytes().to_vec();
    key.seal_in_place_append_tag(Nonce::from(&nonce), Aad::empty(), &mut data).unwrap();
    [nonce.as_slice(), &data].concat()
}

fn cbc(key: &[u8], text: &str) -> Vec<u8> {
    let key = EncryptingKey::cbc(UnboundCipherKey::new(&AES_256, key).unwrap()).unwrap();
    let vector = [9; 16];
    let mut data = text.as_bytes().to_vec();
    let filling = 16 - data.len() % 16;
    data.resize(data.len() + filling - 1, 0xaa);
    data.push(u8::try_from(filling).unwrap());
    key.less_safe_encrypt(&mut data, EncryptionContext::Iv128(FixedLength::from(&vector))).unwrap();
    [vector.as_slice(), &data].concat()
}

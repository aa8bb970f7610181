//! Keys of an identity provider of our own, each with a certificate that it has signed itself.

use std::sync::{Arc, LazyLock};

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{self, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RsaEncoding, RsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A key and its certificate.
#[derive(Clone)]
pub struct IdpKey {
    pair: Arc<Pair>,
    certificate: Vec<u8>,
}

enum Pair {
    Rsa(RsaKeyPair),
    P256(EcdsaKeyPair),
}

/// The provider's own.
pub fn idp() -> IdpKey {
    static KEY: LazyLock<IdpKey> = LazyLock::new(|| IdpKey::of(Pair::Rsa(rsa())));
    KEY.clone()
}

/// Another of the provider's, on P-256.
pub fn idp_p256() -> IdpKey {
    static KEY: LazyLock<IdpKey> =
        LazyLock::new(|| IdpKey::of(Pair::P256(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap())));
    KEY.clone()
}

/// Of somebody who wants to be the provider.
pub fn stranger() -> IdpKey {
    static KEY: LazyLock<IdpKey> = LazyLock::new(|| IdpKey::of(Pair::Rsa(rsa())));
    KEY.clone()
}

/// Roomkey's.
pub fn roomkey() -> IdpKey {
    static KEY: LazyLock<IdpKey> = LazyLock::new(|| IdpKey::of(Pair::Rsa(rsa())));
    KEY.clone()
}

/// One that is the same each time.
pub fn kept() -> IdpKey {
    let pem = pem::parse(include_str!("../../data/keys/rsa-2048-pkcs8.pem")).unwrap();
    IdpKey::of(Pair::Rsa(RsaKeyPair::from_pkcs8(pem.contents()).unwrap()))
}

fn rsa() -> RsaKeyPair {
    RsaKeyPair::generate(KeySize::Rsa2048).unwrap()
}

impl IdpKey {
    fn of(pair: Pair) -> Self {
        let certificate = certificate(&public(&pair));
        Self { pair: Arc::new(pair), certificate }
    }

    /// In DER.
    pub fn certificate(&self) -> &[u8] {
        &self.certificate
    }

    /// DER `SubjectPublicKeyInfo`.
    pub fn public(&self) -> Vec<u8> {
        public(&self.pair)
    }

    pub fn pem(&self) -> String {
        let der = match &*self.pair {
            Pair::Rsa(pair) => AsDer::<Pkcs8V1Der<'_>>::as_der(pair).unwrap().as_ref().to_vec(),
            Pair::P256(pair) => pair.to_pkcs8v1().unwrap().as_ref().to_vec(),
        };
        format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", lines(&der))
    }

    pub fn certificate_pem(&self) -> String {
        format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines(&self.certificate))
    }

    /// A signature by the method of this URI.
    pub fn sign(&self, method: &str, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match &*self.pair {
            Pair::Rsa(pair) => {
                let encoding: &'static dyn RsaEncoding = match method.rsplit_once(['#', '-']).unwrap().1 {
                    "sha384" => &signature::RSA_PKCS1_SHA384,
                    "sha512" => &signature::RSA_PKCS1_SHA512,
                    "MGF1" => &signature::RSA_PSS_SHA256,
                    _ => &signature::RSA_PKCS1_SHA256,
                };
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(encoding, &random, message, &mut signature).unwrap();
                signature
            }
            Pair::P256(pair) => pair.sign(&random, message).unwrap().as_ref().to_vec(),
        }
    }
}

fn public(pair: &Pair) -> Vec<u8> {
    match pair {
        Pair::Rsa(pair) => AsDer::<PublicKeyX509Der<'_>>::as_der(pair.public_key()).unwrap().as_ref().to_vec(),
        Pair::P256(pair) => AsDer::<PublicKeyX509Der<'_>>::as_der(pair.public_key()).unwrap().as_ref().to_vec(),
    }
}

fn lines(der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<_> = text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    lines.join("\n")
}

/// A certificate of the first version, without names (RFC 5280, section 4.1). Nobody checks its signature.
fn certificate(public: &[u8]) -> Vec<u8> {
    let algorithm = sequence(&[&[0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11], &[0x05, 0]]);
    let time = |text: &str| tagged(0x17, text.as_bytes());
    let validity = sequence(&[&time("200101000000Z"), &time("400101000000Z")]);
    let name = sequence(&[]);
    let body = sequence(&[&[0x02, 1, 1], &algorithm, &name, &validity, &name, public]);
    sequence(&[&body, &algorithm, &tagged(0x03, &[0, 0])])
}

fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    tagged(0x30, &parts.concat())
}

fn tagged(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut der = vec![tag];
    match u8::try_from(length) {
        Ok(short @ 0..=127) => der.push(short),
        Ok(long) => der.extend([0x81, long]),
        _ => {
            der.push(0x82);
            der.extend_from_slice(&u16::try_from(length).unwrap().to_be_bytes());
        }
    }
    der.extend_from_slice(content);
    der
}

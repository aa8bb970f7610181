//! Keys of a provider of our own.

use std::sync::LazyLock;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{self, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RsaKeyPair, RsaPublicKeyComponents};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

/// A private key and the name it is published by.
#[derive(Clone)]
pub struct Key {
    pub kid: String,
    pair: std::sync::Arc<Pair>,
}

enum Pair {
    Rsa(RsaKeyPair),
    P256(EcdsaKeyPair),
    P384(EcdsaKeyPair),
    P521(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

/// The provider's own key for each algorithm. The RSA key is kept in a file, since making one takes long.
pub fn key(alg: &str) -> Key {
    static RSA: LazyLock<Key> = LazyLock::new(|| {
        let pem = include_str!("../../data/keys/rsa-2048-pkcs8.pem");
        let der: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
        Key::new("rsa", Pair::Rsa(RsaKeyPair::from_pkcs8(&STANDARD.decode(der).unwrap()).unwrap()))
    });
    static P256: LazyLock<Key> =
        LazyLock::new(|| Key::new("p256", Pair::P256(ec(&signature::ECDSA_P256_SHA256_FIXED_SIGNING))));
    static P384: LazyLock<Key> =
        LazyLock::new(|| Key::new("p384", Pair::P384(ec(&signature::ECDSA_P384_SHA384_FIXED_SIGNING))));
    static P521: LazyLock<Key> =
        LazyLock::new(|| Key::new("p521", Pair::P521(ec(&signature::ECDSA_P521_SHA512_FIXED_SIGNING))));
    static ED: LazyLock<Key> = LazyLock::new(|| Key::new("ed", Pair::Ed25519(Ed25519KeyPair::generate().unwrap())));
    match alg {
        "ES256" => P256.clone(),
        "ES384" => P384.clone(),
        "ES512" => P521.clone(),
        "EdDSA" => ED.clone(),
        _ => RSA.clone(),
    }
}

/// Another RSA key, of somebody who wants to be the provider.
pub fn stranger(kid: &str) -> Key {
    static STRANGER: LazyLock<Key> =
        LazyLock::new(|| Key::new("stranger", Pair::Rsa(RsaKeyPair::generate(KeySize::Rsa2048).unwrap())));
    Key { kid: kid.to_owned(), ..STRANGER.clone() }
}

fn ec(algorithm: &'static signature::EcdsaSigningAlgorithm) -> EcdsaKeyPair {
    EcdsaKeyPair::generate(algorithm).unwrap()
}

fn text(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Key {
    fn new(kid: &str, pair: Pair) -> Self {
        Self { kid: kid.to_owned(), pair: std::sync::Arc::new(pair) }
    }

    /// The public half.
    pub fn jwk(&self) -> Value {
        let ec = |crv: &str, pair: &EcdsaKeyPair| {
            let point = &pair.public_key().as_ref()[1..];
            let (x, y) = point.split_at(point.len() / 2);
            json!({"kty": "EC", "crv": crv, "x": text(x), "y": text(y)})
        };
        let mut jwk = match &*self.pair {
            Pair::Rsa(pair) => {
                let RsaPublicKeyComponents { n, e } = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key());
                json!({"kty": "RSA", "n": text(n), "e": text(e)})
            }
            Pair::P256(pair) => ec("P-256", pair),
            Pair::P384(pair) => ec("P-384", pair),
            Pair::P521(pair) => ec("P-521", pair),
            Pair::Ed25519(pair) => json!({"kty": "OKP", "crv": "Ed25519", "x": text(pair.public_key())}),
        };
        jwk["kid"] = json!(self.kid);
        jwk["use"] = json!("sig");
        jwk
    }

    /// The private half, as PKCS#8 in PEM, of a key that a client may have.
    pub fn pem(&self) -> String {
        let der = match &*self.pair {
            Pair::Rsa(pair) => AsDer::<Pkcs8V1Der<'_>>::as_der(pair).unwrap().as_ref().to_vec(),
            Pair::P256(pair) | Pair::P384(pair) | Pair::P521(pair) => pair.to_pkcs8v1().unwrap().as_ref().to_vec(),
            Pair::Ed25519(pair) => pair.to_pkcs8v1().unwrap().as_ref().to_vec(),
        };
        let lines = STANDARD
            .encode(der)
            .as_bytes()
            .chunks(64)
            .fold(String::new(), |text, line| text + std::str::from_utf8(line).unwrap() + "\n");
        format!("-----BEGIN PRIVATE KEY-----\n{lines}-----END PRIVATE KEY-----\n")
    }

    /// What a client signs by with it.
    pub fn algorithm(&self) -> jsonwebtoken::Algorithm {
        if matches!(*self.pair, Pair::Rsa(_)) { jsonwebtoken::Algorithm::RS256 } else { jsonwebtoken::Algorithm::ES256 }
    }

    /// A compact JWS by the algorithm that the header names, as far as the key can.
    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        self.sign_text(header["alg"].as_str().unwrap(), &header.to_string(), claims.to_string())
    }

    /// The same for a header and a payload that need not be what they should.
    pub fn sign_text(&self, alg: &str, header: &str, payload: impl AsRef<[u8]>) -> String {
        let input = format!("{}.{}", text(header), text(payload));
        let signature = match &*self.pair {
            Pair::Rsa(pair) => {
                let encoding: &'static dyn signature::RsaEncoding = match alg {
                    "RS384" => &signature::RSA_PKCS1_SHA384,
                    "RS512" => &signature::RSA_PKCS1_SHA512,
                    "PS256" => &signature::RSA_PSS_SHA256,
                    "PS384" => &signature::RSA_PSS_SHA384,
                    "PS512" => &signature::RSA_PSS_SHA512,
                    _ => &signature::RSA_PKCS1_SHA256,
                };
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(encoding, &SystemRandom::new(), input.as_bytes(), &mut signature).unwrap();
                signature
            }
            Pair::P256(pair) | Pair::P384(pair) | Pair::P521(pair) => {
                pair.sign(&SystemRandom::new(), input.as_bytes()).unwrap().as_ref().to_vec()
            }
            Pair::Ed25519(pair) => pair.sign(input.as_bytes()).as_ref().to_vec(),
        };
        format!("{input}.{}", text(signature))
    }
}

/// A JWS by HMAC-SHA256, whatever the header says.
pub fn sign_by_secret(secret: &[u8], header: &Value, claims: &Value) -> String {
    let input = format!("{}.{}", text(header.to_string()), text(claims.to_string()));
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), input.as_bytes());
    format!("{input}.{}", text(tag))
}

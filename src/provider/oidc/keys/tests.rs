use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair, RsaKeyPair};
use serde_json::json;

use super::*;
use IdTokenAlgorithm as A;

/// A key pair of a provider's, for one algorithm.
enum Pair {
    Rsa(RsaKeyPair),
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
}

impl Pair {
    fn new(algorithm: A) -> Self {
        let ec = |signing: &'static EcdsaSigningAlgorithm| Self::Ec(EcdsaKeyPair::generate(signing).unwrap());
        match algorithm {
            A::ES256 => ec(&signature::ECDSA_P256_SHA256_FIXED_SIGNING),
            A::ES384 => ec(&signature::ECDSA_P384_SHA384_FIXED_SIGNING),
            A::ES512 => ec(&signature::ECDSA_P521_SHA512_FIXED_SIGNING),
            A::EdDSA => Self::Ed(Ed25519KeyPair::generate().unwrap()),
            _ => Self::Rsa(RsaKeyPair::generate(KeySize::Rsa2048).unwrap()),
        }
    }

    fn jwk(&self, kid: Option<&str>) -> Value {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let mut jwk = match self {
            Self::Rsa(pair) => {
                let RsaPublicKeyComponents { n, e } = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key());
                json!({"kty": "RSA", "n": text(&n), "e": text(&e)})
            }
            Self::Ec(pair) => {
                let point = &pair.public_key().as_ref()[1..];
                let (x, y) = point.split_at(point.len() / 2);
                let crv = match x.len() {
                    32 => "P-256",
                    48 => "P-384",
                    _ => "P-521",
                };
                json!({"kty": "EC", "crv": crv, "x": text(x), "y": text(y)})
            }
            Self::Ed(pair) => json!({"kty": "OKP", "crv": "Ed25519", "x": text(pair.public_key().as_ref())}),
        };
        if let Some(kid) = kid {
            jwk["kid"] = json!(kid);
        }
        jwk
    }

    fn token(&self, algorithm: A, kid: Option<&str>) -> String {
        let mut header = json!({"alg": algorithm.name()});
        if let Some(kid) = kid {
            header["kid"] = json!(kid);
        }
        let input = format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode("{}"));
        let signature = match self {
            Self::Rsa(pair) => {
                let encoding = match algorithm {
                    A::RS384 => &signature::RSA_PKCS1_SHA384,
                    A::RS512 => &signature::RSA_PKCS1_SHA512,
                    A::PS256 => &signature::RSA_PSS_SHA256,
                    A::PS384 => &signature::RSA_PSS_SHA384,
                    A::PS512 => &signature::RSA_PSS_SHA512,
                    _ => &signature::RSA_PKCS1_SHA256,
                };
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(encoding, &SystemRandom::new(), input.as_bytes(), &mut signature).unwrap();
                signature
            }
            Self::Ec(pair) => pair.sign(&SystemRandom::new(), input.as_bytes()).unwrap().as_ref().to_vec(),
            Self::Ed(pair) => pair.sign(input.as_bytes()).as_ref().to_vec(),
        };
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

fn set(keys: &[Value], allowed: &[A]) -> KeySet {
    KeySet::parse(json!({ "keys": keys }).to_string().as_bytes(), allowed).unwrap()
}

fn verify(keys: &KeySet, token: &str) -> Result<(), BadSignature> {
    keys.verify(&UnverifiedJws::parse(token, &A::ALL).unwrap())
}

#[test]
fn every_algorithm_is_verified_by_its_own_key() {
    for algorithm in A::ALL {
        let pair = Pair::new(algorithm);
        let keys = set(&[pair.jwk(Some("k"))], &[algorithm]);
        let stranger = Pair::new(algorithm);

        assert_eq!(verify(&keys, &pair.token(algorithm, Some("k"))), Ok(()), "{algorithm:?}");
        assert_eq!(verify(&keys, &stranger.token(algorithm, Some("k"))), Err(BadSignature::Wrong), "{algorithm:?}");
    }
}

#[test]
fn a_key_is_used_for_its_own_algorithm_only() {
    let pair = Pair::new(A::RS256);
    let mut jwk = pair.jwk(Some("k"));
    jwk["alg"] = json!("RS256");
    let keys = set(&[jwk], &A::ALL);

    assert_eq!(verify(&keys, &pair.token(A::RS256, Some("k"))), Ok(()));
    assert_eq!(verify(&keys, &pair.token(A::PS256, Some("k"))), Err(BadSignature::NoKey));
}

#[test]
fn an_unknown_kid_is_no_key_and_a_missing_one_tries_all() {
    let (one, two) = (Pair::new(A::ES256), Pair::new(A::ES256));
    let keys = set(&[one.jwk(Some("one")), two.jwk(Some("two"))], &[A::ES256]);

    assert_eq!(verify(&keys, &two.token(A::ES256, Some("three"))), Err(BadSignature::NoKey));
    assert_eq!(verify(&keys, &two.token(A::ES256, Some("one"))), Err(BadSignature::Wrong));
    assert_eq!(verify(&keys, &two.token(A::ES256, None)), Ok(()));
    assert_eq!(verify(&keys, &Pair::new(A::ES256).token(A::ES256, None)), Err(BadSignature::NoKey));
}

#[test]
fn keys_that_share_a_kid_are_all_tried() {
    let (one, two) = (Pair::new(A::ES256), Pair::new(A::ES256));
    let keys = set(&[one.jwk(Some("same")), two.jwk(Some("same"))], &[A::ES256]);

    assert_eq!(verify(&keys, &two.token(A::ES256, Some("same"))), Ok(()));
}

#[test]
fn what_cannot_verify_is_skipped() {
    let ec = Pair::new(A::ES256);
    let changed = |name: &str, value: Value| {
        let mut jwk = ec.jwk(Some("k"));
        jwk[name] = value;
        jwk
    };
    let weak = json!({"kty": "RSA", "n": URL_SAFE_NO_PAD.encode([0xff; 128]), "e": "AQAB"});
    let plain = json!({"kty": "RSA", "n": URL_SAFE_NO_PAD.encode([0xff; 256]), "e": "AQ"});
    let useless = [
        json!({"kty": "oct", "k": "c2VjcmV0", "alg": "HS256"}),
        json!({"kty": "XYZ"}),
        json!("no object"),
        json!({}),
        weak,
        plain,
        changed("use", json!("enc")),
        changed("key_ops", json!(["sign"])),
        changed("alg", json!("ES384")),
        changed("crv", json!("P-384")),
        changed("x", json!("AAAA")),
        changed("x", json!(URL_SAFE_NO_PAD.encode([1; 32]))),
        changed("y", json!("not base64!")),
        changed("kty", json!("OKP")),
    ];

    for jwk in useless {
        let keys = set(std::slice::from_ref(&jwk), &A::ALL);

        assert!(keys.is_empty(), "{jwk}");
    }
}

#[test]
fn a_useless_key_hides_no_good_one() {
    let pair = Pair::new(A::EdDSA);
    let keys = set(&[json!({"kty": "oct", "k": "c2VjcmV0", "kid": "k"}), pair.jwk(Some("k"))], &A::ALL);

    assert_eq!(verify(&keys, &pair.token(A::EdDSA, Some("k"))), Ok(()));
}

#[test]
fn an_rsa_modulus_with_leading_zeros_is_the_same_key() {
    let pair = Pair::new(A::RS256);
    let mut jwk = pair.jwk(Some("k"));
    let n = URL_SAFE_NO_PAD.decode(jwk["n"].as_str().unwrap()).unwrap();
    jwk["n"] = json!(URL_SAFE_NO_PAD.encode([vec![0], n].concat()));

    assert_eq!(verify(&set(&[jwk], &[A::RS256]), &pair.token(A::RS256, Some("k"))), Ok(()));
}

#[test]
fn what_is_no_key_set_is_unreadable() {
    for json in ["", "{}", "[]", "{\"keys\":1}", "<html>"] {
        assert_eq!(
            KeySet::parse(json.as_bytes(), &A::ALL).unwrap_err(),
            HttpError::Unreadable { expected: "a JSON Web Key Set" }
        );
    }
}

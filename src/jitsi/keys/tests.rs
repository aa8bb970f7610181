use jsonwebtoken::{DecodingKey, Validation};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::jitsi::testing::SECRET;

const PKCS1: &[u8] = include_bytes!("../../../tests/data/keys/rsa-2048-pkcs1.pem");
const PKCS8: &[u8] = include_bytes!("../../../tests/data/keys/rsa-2048-pkcs8.pem");
const PUBLIC: &str = include_str!("../../../tests/data/keys/rsa-2048-public.pem");
const TOO_SMALL: &[u8] = include_bytes!("../../../tests/data/keys/rsa-1024.pem");
const ELLIPTIC: &[u8] = include_bytes!("../../../tests/data/keys/ec-p256.pem");
const ENCRYPTED: &[u8] = include_bytes!("../../../tests/data/keys/rsa-2048-encrypted.pem");

/// Of the key in `rsa-2048-*.pem`, as Node.js computes it.
const THUMBPRINT: &str = "pBTBMpUFQYCuRBoxpSf2y1bh1uPY92qMbJrNEYsdrpc";

fn key(algorithm: Algorithm) -> SigningKey {
    SigningKey::new(algorithm, if algorithm.is_symmetric() { SECRET } else { PKCS8 }, None).unwrap()
}

fn failure(algorithm: Algorithm, key: &[u8], key_id: Option<&str>) -> SigningKeyError {
    SigningKey::new(algorithm, key, key_id.map(str::to_owned)).unwrap_err()
}

fn header(token: &str) -> Value {
    serde_json::from_slice(&BASE64URL.decode(token.split('.').next().unwrap()).unwrap()).unwrap()
}

#[test]
fn every_algorithm_signs_what_another_implementation_verifies() {
    for algorithm in Algorithm::ALL {
        let key = key(algorithm);

        let token = key.sign(br#"{"room":"standup"}"#).unwrap();

        let verifier = match algorithm.is_symmetric() {
            true => DecodingKey::from_secret(SECRET),
            false => DecodingKey::from_rsa_pem(PUBLIC.as_bytes()).unwrap(),
        };
        let mut validation = Validation::new(algorithm.name().parse().unwrap());
        validation.required_spec_claims.clear();
        validation.validate_aud = false;
        let verified = jsonwebtoken::decode::<Value>(&token, &verifier, &validation).unwrap();
        assert_eq!(verified.claims, json!({ "room": "standup" }), "{algorithm}");
        assert_eq!(header(&token), json!({ "typ": "JWT", "alg": algorithm.name(), "kid": key.key_id() }));
    }
}

#[test]
fn both_encodings_of_an_rsa_key_are_the_same_key() {
    let (one, other) = (SigningKey::new(Algorithm::Rs256, PKCS1, None), SigningKey::new(Algorithm::Rs256, PKCS8, None));
    let (one, other) = (one.unwrap(), other.unwrap());

    assert_eq!(one.key_id(), THUMBPRINT);
    assert_eq!(other.key_id(), THUMBPRINT);
    assert_eq!(one.sign(b"{}"), other.sign(b"{}"));
}

#[test]
fn the_public_half_is_what_prosody_fetches() {
    let key = key(Algorithm::Rs384);

    let jwk = serde_json::to_value(key.public_jwk().unwrap()).unwrap();

    assert_eq!(key.public_pem().as_deref(), Some(PUBLIC));
    assert_eq!((&jwk["kty"], &jwk["use"], &jwk["alg"]), (&json!("RSA"), &json!("sig"), &json!("RS384")));
    assert_eq!((&jwk["kid"], &jwk["e"]), (&json!(THUMBPRINT), &json!("AQAB")));
    let decoded = BASE64URL.decode(jwk["n"].as_str().unwrap()).unwrap();
    assert_eq!((decoded.len(), decoded[0] >= 0x80), (256, true));
    assert_eq!(jwk.as_object().unwrap().len(), 6);
}

#[test]
fn a_secret_has_no_public_half() {
    let key = key(Algorithm::Hs256);

    assert_eq!((key.public_jwk(), key.public_pem()), (None, None));
}

#[test]
fn a_secrets_key_id_is_its_own_and_not_the_secret() {
    let (one, other) = (key(Algorithm::Hs256), SigningKey::new(Algorithm::Hs256, &[b'x'; 32], None).unwrap());

    assert_ne!(one.key_id(), other.key_id());
    assert_eq!(one.key_id(), key(Algorithm::Hs512).key_id());
    assert_eq!(one.key_id().len(), 22);
    assert!(!BASE64URL.encode(SECRET).contains(one.key_id()));
}

#[test]
fn a_key_id_can_be_chosen_within_limits() {
    let longest = "k".repeat(128);

    let key = SigningKey::new(Algorithm::Rs256, PKCS8, Some(longest.clone())).unwrap();

    assert_eq!(key.key_id(), longest);
    for bad in ["", "a\nb", "é", "a\"\u{7F}", &"k".repeat(129)] {
        assert_eq!(failure(Algorithm::Hs256, SECRET, Some(bad)), SigningKeyError::KeyId, "{bad:?}");
    }
}

#[test]
fn a_weak_or_foreign_key_is_refused_for_what_it_is() {
    assert_eq!(failure(Algorithm::Hs256, &SECRET[..31], None), SigningKeyError::ShortSecret { bytes: 31 });
    assert_eq!(failure(Algorithm::Hs512, b"", None), SigningKeyError::ShortSecret { bytes: 0 });
    assert!(matches!(failure(Algorithm::Rs256, TOO_SMALL, None), SigningKeyError::Rejected(_)));
    assert!(matches!(failure(Algorithm::Rs256, PUBLIC.as_bytes(), None), SigningKeyError::Rejected(_)));
    for other in [ELLIPTIC, ENCRYPTED, SECRET, b"", b"-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----"] {
        assert_eq!(failure(Algorithm::Rs256, other, None), SigningKeyError::NotRsa);
    }
}

#[test]
fn a_key_does_not_print() {
    let printed = format!("{:?}", key(Algorithm::Hs256));

    assert!(!printed.contains("Tb3v") && !printed.contains("84, 98"), "{printed}");
}

#[test]
fn a_key_made_here_signs_and_reads_back_from_its_document() {
    let (made, document) = SigningKey::generate(Algorithm::Rs256).unwrap();

    let again = SigningKey::from_pkcs8(Algorithm::Rs256, &document).unwrap();

    assert_eq!(again.key_id(), made.key_id());
    assert_eq!(again.sign(b"{}"), made.sign(b"{}"));
    assert_eq!(SigningKey::generate(Algorithm::Hs256).err(), Some(SigningKeyError::NotRsa));
    assert_eq!(SigningKey::from_pkcs8(Algorithm::Hs256, &document).err(), Some(SigningKeyError::NotRsa));
}

#[test]
fn a_file_of_several_keys_gives_each_under_its_own_name() {
    let (other, document) = SigningKey::generate(Algorithm::Rs256).unwrap();
    let body = base64::engine::general_purpose::STANDARD.encode(&document);
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----");
    let file = format!("{}\n{pem}\n", std::str::from_utf8(PKCS1).unwrap());

    let keys = SigningKey::all_of_pem(Algorithm::Rs256, file.as_bytes()).unwrap();

    let names: Vec<_> = keys.iter().map(SigningKey::key_id).collect();
    assert_eq!(names, [THUMBPRINT, other.key_id()]);
    for broken in [format!("{file}-----BEGIN X-----\n-----END X-----\n"), "no key".to_owned(), String::new()] {
        let refused = SigningKey::all_of_pem(Algorithm::Rs256, broken.as_bytes());
        assert_eq!(refused.err(), Some(SigningKeyError::NotRsa), "{broken}");
    }
}

#[test]
fn prosody_asks_for_a_key_by_the_hash_of_its_id() {
    let key = SigningKey::new(Algorithm::Rs256, PKCS8, Some("k1".to_owned())).unwrap();

    // printf k1 | sha256sum
    assert_eq!(key.asap_name(), "6ab9f1eb8f7d3388f4f9d586f66e99fd54080df2c446f0e58668b09c08a16dd0");
}

#[test]
fn a_key_verifies_its_own_signatures_and_no_others() {
    for algorithm in Algorithm::ALL {
        let key = key(algorithm);
        let token = key.sign(b"{}").unwrap();
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let mut signature = BASE64URL.decode(signature).unwrap();

        assert!(key.verifies(signed.as_bytes(), &signature), "{algorithm}");
        assert!(!key.verifies(b"another text", &signature), "{algorithm}");
        signature[5] ^= 1;
        assert!(!key.verifies(signed.as_bytes(), &signature), "{algorithm}");
    }
}

proptest! {
    #[test]
    fn the_length_of_a_token_is_known_before_it_is_signed(claims in prop::collection::vec(any::<u8>(), 0..300)) {
        for algorithm in [Algorithm::Hs256, Algorithm::Hs384, Algorithm::Hs512] {
            let key = key(algorithm);

            prop_assert_eq!(key.sign(&claims).unwrap().len(), key.token_bytes(claims.len()));
        }
    }
}

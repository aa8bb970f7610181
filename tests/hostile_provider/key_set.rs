//! The key set (RFC 7517).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use crate::script::{each_key, html, key_set, keys_alone, text};
use crate::support::ending::DOWN;
use crate::support::fake::{Reply, keys};

const USELESS: &str = "a key that can be used";

broken! {
    an_empty_key_set: keys_alone(vec![]) => DOWN, USELESS;
    a_key_set_of_secrets: keys_alone(vec![json!({"kty": "oct", "k": "AAAA", "kid": "rsa"})]) => DOWN, USELESS;
    a_key_set_of_unknown_types: each_key(|key| key["kty"] = json!("QUANTUM")) => DOWN, USELESS;
    keys_for_encryption: each_key(|key| key["use"] = json!("enc")) => DOWN, USELESS;
    keys_that_may_not_verify: each_key(|key| key["key_ops"] = json!(["encrypt", "wrapKey"])) => DOWN, USELESS;
    keys_for_hmac: each_key(|key| key["alg"] = json!("HS256")) => DOWN, USELESS;
    keys_without_their_parts: each_key(|key| {
        for part in ["n", "x"] {
            key.as_object_mut().unwrap().remove(part);
        }
    }) => DOWN, USELESS;
    keys_whose_parts_are_no_base64: each_key(|key| {
        for part in ["n", "x"] {
            key[part] = json!("+/+/");
        }
    }) => DOWN, USELESS;
    a_key_that_is_too_short: keys_alone(vec![
        json!({"kty": "RSA", "kid": "rsa", "n": URL_SAFE_NO_PAD.encode([0xab; 128]), "e": "AQAB"}),
    ]) => DOWN, USELESS;
    a_key_whose_length_is_padding: keys_alone(vec![
        json!({"kty": "RSA", "kid": "rsa", "n": URL_SAFE_NO_PAD.encode([vec![0; 128], vec![0xab; 128]].concat()), "e": "AQAB"}),
    ]) => DOWN, USELESS;
    a_key_that_is_far_too_long: keys_alone(vec![
        json!({"kty": "RSA", "kid": "rsa", "n": URL_SAFE_NO_PAD.encode(vec![0xab; 4096]), "e": "AQAB"}),
    ]) => DOWN, USELESS;
    a_key_with_an_exponent_that_anybody_can_sign_by: |script| {
        script.keys = Box::new(|_| {
            let mut key = keys::key("RS256").jwk();
            key["e"] = json!("AQ");
            Reply::Json(json!({"keys": [key]}))
        });
        script.id_token = Box::new(|token| {
            let (input, _) = token.rsplit_once('.').unwrap();
            *token = format!("{input}.{}", URL_SAFE_NO_PAD.encode(padded_hash(input)));
        });
    } => DOWN, USELESS;
    a_key_with_an_even_exponent: each_key(|key| {
        key["e"] = json!("AQAA");
        key["x"] = json!("");
    }) => DOWN, USELESS;
    a_point_that_is_not_on_its_curve: keys_alone(vec![
        json!({"kty": "EC", "crv": "P-256", "kid": "p256", "x": URL_SAFE_NO_PAD.encode([1; 32]), "y": URL_SAFE_NO_PAD.encode([1; 32])}),
    ]) => DOWN, USELESS;
    a_point_of_another_curve: each_key(|key| {
        key["crv"] = json!("secp256k1");
        key["n"] = json!("");
    }) => DOWN, USELESS;
    good_keys_behind_too_many_others: key_set(|mut set| {
        let list = set["keys"].as_array_mut().unwrap();
        list.splice(0..0, (0..10_000).map(|_| json!({"kty": "oct"})));
        Reply::Json(set)
    }) => DOWN, USELESS;
    a_key_set_in_html: key_set(|_| html(200)) => DOWN, "not a JSON Web Key Set";
    a_key_set_that_is_a_list: key_set(|mut set| Reply::Json(set["keys"].take())) => DOWN, "not a JSON Web Key Set";
    a_key_set_that_is_deep: key_set(|_| text(format!("{{\"keys\":{}", "[".repeat(100_000)))) => DOWN, "not a JSON Web Key Set";
    a_key_set_cut_short: key_set(Reply::Truncated) => DOWN, "no usable answer from the key set";
    a_missing_key_set: key_set(|_| html(404)) => DOWN, "status 404";
    a_failing_key_set: key_set(|_| html(500)) => DOWN, "status 500";
    a_redirecting_key_set: key_set(|_| Reply::Redirect("http://localhost:9/keys".to_owned())) => DOWN, "is a redirect";
    a_huge_key_set: key_set(|mut set| {
        set["more"] = json!("x".repeat(600_000));
        Reply::Json(set)
    }) => DOWN, "larger than";
    an_endless_key_set: key_set(|_| Reply::Endless) => DOWN, "larger than";
    a_key_set_that_hangs_up: key_set(|_| Reply::Gone) => DOWN, "no usable answer from the key set";
    a_silent_key_set: key_set(|_| Reply::Silent) => DOWN, "no answer in time";
}

/// What an RSA signature by SHA-256 is before the private key has been at work, and after it if the exponent is 1
/// (RFC 8017, section 9.2).
fn padded_hash(input: &str) -> Vec<u8> {
    let prefix = b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20";
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, input.as_bytes());
    [&[0, 1][..], &[0xff; 202], &[0], prefix, hash.as_ref()].concat()
}

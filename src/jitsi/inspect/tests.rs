use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::jitsi::testing::{SECRET, meeting};

const NOW: i64 = 1_800_000_000;
const PEM: &[u8] = include_bytes!("../../../tests/data/keys/rsa-2048-pkcs8.pem");

fn key(algorithm: Algorithm) -> Arc<SigningKey> {
    let material = if algorithm.is_symmetric() { SECRET } else { PEM };
    Arc::new(SigningKey::new(algorithm, material, Some("k1".to_owned())).unwrap())
}

/// A token for `standup` at which nothing is wrong.
fn claims() -> Value {
    json!({
        "iss": "roomkey", "aud": "jitsi", "sub": "meet.jitsi", "room": "standup",
        "iat": NOW, "nbf": NOW - 10, "exp": NOW + 300,
        "context": { "user": { "id": "u", "name": "Ada", "moderator": true } },
    })
}

/// Signs `claims` under a header of the test's own.
fn signed(algorithm: Algorithm, header: &Value, claims: &Value) -> String {
    let encode = |value: &Value| BASE64URL.encode(value.to_string());
    let mut token = format!("{}.{}", encode(header), encode(claims));
    let signature = match algorithm {
        Algorithm::Hs256 => jsonwebtoken::crypto::sign(
            token.as_bytes(),
            &jsonwebtoken::EncodingKey::from_secret(SECRET),
            jsonwebtoken::Algorithm::HS256,
        ),
        _ => jsonwebtoken::crypto::sign(
            token.as_bytes(),
            &jsonwebtoken::EncodingKey::from_rsa_pem(PEM).unwrap(),
            jsonwebtoken::Algorithm::RS256,
        ),
    };
    token.push('.');
    token.push_str(&signature.unwrap());
    token
}

fn faults_of(algorithm: Algorithm, token: &str) -> Vec<Fault> {
    let (meeting, keys) = (meeting(), [key(algorithm)]);
    let request = JoinRequest::from_link(None, "standup", None).unwrap();
    let now = Timestamp::from_second(NOW).unwrap();
    let expected = Expected { meeting: &meeting, algorithm, keys: &keys, request: Some(&request), now };
    UnverifiedToken::parse(token).unwrap().faults(&expected)
}

/// What is wrong once `change` has been made to a good token.
fn after(change: impl Fn(&mut Value, &mut Value)) -> Vec<Fault> {
    let (mut header, mut claims) = (json!({ "typ": "JWT", "alg": "RS256", "kid": "k1" }), claims());
    change(&mut header, &mut claims);
    faults_of(Algorithm::Rs256, &signed(Algorithm::Rs256, &header, &claims))
}

fn claim(claim: &'static str, found: &str, wanted: &str) -> Fault {
    Fault::Claim { claim, found: found.to_owned(), wanted: wanted.to_owned() }
}

#[test]
fn nothing_is_wrong_with_a_good_token() {
    let hs = signed(Algorithm::Hs256, &json!({ "typ": "JWT", "alg": "HS256" }), &claims());

    assert_eq!(after(|_, _| {}), []);
    assert_eq!(faults_of(Algorithm::Hs256, &hs), []);
}

#[test]
fn each_fault_of_the_header_is_named() {
    let unknown = Fault::UnknownKey { found: "`k2`".to_owned() };
    let other = |found: &str| Fault::Algorithm { found: found.to_owned(), wanted: Algorithm::Rs256 };

    assert_eq!(after(|header, _| header["typ"] = json!("jwt")), [Fault::Type]);
    assert_eq!(after(|header, _| header["alg"] = json!("none")), [other("`none`")]);
    assert_eq!(after(|header, _| header["alg"] = json!("HS256")), [other("`HS256`")]);
    assert_eq!(after(|header, _| drop(header.as_object_mut().unwrap().remove("kid"))), [Fault::NoKeyId]);
    assert_eq!(after(|header, _| header["kid"] = json!("k2")), [unknown]);
}

#[test]
fn each_fault_of_the_claims_is_named() {
    /// What a case does to good claims.
    type Change<'a> = &'a dyn Fn(&mut Value);
    let cases: [(Change<'_>, Fault); 12] = [
        (&|claims| claims["iss"] = json!("other"), claim("iss", "`other`", "roomkey")),
        (&|claims| claims["aud"] = json!(["jitsi"]), claim("aud", "a list", "jitsi")),
        (&|claims| claims["sub"] = json!("sales"), claim("sub", "`sales`", "meet.jitsi")),
        (&|claims| claims["room"] = json!("Standup"), claim("room", "`Standup`", "standup")),
        (&|claims| claims["room"] = Value::Null, claim("room", "null", "standup")),
        (&|claims| claims["exp"] = json!(NOW), Fault::Expired { ago: 0 }),
        (&|claims| claims["exp"] = json!("soon"), Fault::Time { claim: "exp", found: "`soon`".to_owned() }),
        (&|claims| claims["exp"] = Value::Null, Fault::Time { claim: "exp", found: "null".to_owned() }),
        (&|claims| claims["nbf"] = json!(NOW + 1), Fault::NotYet { ahead: 1 }),
        (&|claims| claims["context"]["room"] = json!({ "regex": true }), Fault::EveryRoom),
        (
            &|claims| claims["context"]["user"]["email"] = Value::Null,
            Fault::Stumbling { place: "context.user.email".to_owned(), found: "null".to_owned() },
        ),
        (
            &|claims| claims["context"]["user"]["name"] = json!("a\u{7}"),
            Fault::Stumbling { place: "context.user.name".to_owned(), found: "`a\\u{7}`".to_owned() },
        ),
    ];

    let long = "x".repeat(5_000);

    for (change, fault) in cases {
        assert_eq!(after(|_, claims| change(claims)), [fault]);
    }
    assert!(matches!(after(|_, claims| claims["long"] = json!(long))[..], [Fault::TooLarge { bytes: 6_000.. }]));
    assert_eq!(after(|_, claims| claims["room"] = json!("*")), [claim("room", "`*`", "standup"), Fault::EveryRoom]);
}

#[test]
fn a_signature_of_another_key_is_told_apart_from_another_claim() {
    let good = signed(Algorithm::Hs256, &json!({ "typ": "JWT", "alg": "HS256", "kid": "old" }), &claims());
    let other = SigningKey::new(Algorithm::Hs256, &[1; 32], None).unwrap().sign(claims().to_string().as_bytes());

    assert_eq!(faults_of(Algorithm::Hs256, &good), []);
    assert_eq!(faults_of(Algorithm::Hs256, &other.unwrap()), [Fault::Signature { by: "the secret".to_owned() }]);
}

#[test]
fn whichever_room_is_meant_a_token_has_to_name_one() {
    let (meeting, keys) = (meeting(), [key(Algorithm::Hs256)]);
    let now = Timestamp::from_second(NOW).unwrap();
    let expected = Expected { meeting: &meeting, algorithm: Algorithm::Hs256, keys: &keys, request: None, now };
    let mut incomplete = claims();
    incomplete["sub"] = json!(1);
    incomplete.as_object_mut().unwrap().remove("room");
    let header = json!({ "typ": "JWT", "alg": "HS256" });

    let faults =
        |claims: &Value| UnverifiedToken::parse(&signed(Algorithm::Hs256, &header, claims)).unwrap().faults(&expected);

    let no_text = |claim, found: &str| Fault::NoText { claim, found: found.to_owned() };
    assert_eq!(faults(&claims()), []);
    assert_eq!(faults(&incomplete), [no_text("sub", "1"), no_text("room", "missing")]);
}

#[test]
fn what_is_no_token_is_told_why() {
    let refused = |text: &str| UnverifiedToken::parse(text).err();
    let object = BASE64URL.encode("{}");

    assert_eq!(refused(""), Some(NotAToken::Parts { found: 1 }));
    assert_eq!(refused("a.b.c.d"), Some(NotAToken::Parts { found: 4 }));
    assert_eq!(refused("%.b.c"), Some(NotAToken::Encoding { part: "header" }));
    assert_eq!(refused(&format!("{object}.W10.")), Some(NotAToken::Json { part: "payload" }));
    assert_eq!(refused(&format!("{object}.{object}.a=")), Some(NotAToken::Encoding { part: "signature" }));
    assert_eq!(refused(&"a".repeat(UnverifiedToken::MAX_BYTES + 1)), Some(NotAToken::TooLong));
}

proptest! {
    #[test]
    fn no_text_panics(text in ".{0,300}|[A-Za-z0-9_.-]{0,300}") {
        if let Ok(token) = UnverifiedToken::parse(&text) {
            let (meeting, keys) = (meeting(), [key(Algorithm::Hs256)]);
            let now = Timestamp::from_second(NOW).unwrap();
            token.faults(&Expected { meeting: &meeting, algorithm: Algorithm::Hs256, keys: &keys, request: None, now });
        }
    }
}

use std::time::Duration;

use jsonwebtoken::{DecodingKey, Validation};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::jitsi::testing::{SECRET, key, meeting, pseudonyms};
use crate::jitsi::{Algorithm, Share};
use crate::policy::{Outcome, Permit, Policy, Role, Rule, Window};
use crate::provider::testing::somebody_from;
use crate::room::JoinRequest;

const NOW: i64 = 1_800_000_000;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn permit(role: Role) -> Permit {
    Permit { role, features: None, token_lifetime: None }
}

/// What a rule with this window and permit grants to anybody.
fn grant_into(tenant: Option<&str>, room: &str, window: Window, permit: Permit) -> Grant {
    let rule = Rule {
        name: "all".to_owned(),
        rooms: vec!["*".parse().unwrap(), "*/*".parse().unwrap()],
        groups: Vec::new(),
        emails: Vec::new(),
        email_domains: Vec::new(),
        providers: Vec::new(),
        claims: Vec::new(),
        members: None,
        passes: false,
        window,
        when: None,
        outcome: Outcome::Admit(permit),
    };
    let request = JoinRequest::from_link(tenant, room, None).unwrap();
    Policy::new(vec![rule], &[]).decide(&somebody_from("work"), &request, at(NOW)).unwrap()
}

fn grant() -> Grant {
    grant_into(None, "standup", Window::default(), permit(Role::Participant))
}

fn ending(until: i64) -> Grant {
    grant_into(None, "standup", Window { from: None, until: Some(at(until)) }, permit(Role::Participant))
}

/// The payload, verified by another implementation.
fn claims(token: &MeetingToken) -> Value {
    let mut validation = Validation::new(jsonwebtoken::Algorithm::HS256);
    validation.set_audience(&["jitsi"]);
    validation.validate_exp = false;
    jsonwebtoken::decode::<Value>(&token.text, &DecodingKey::from_secret(SECRET), &validation).unwrap().claims
}

fn signed(grant: &Grant, identity: &VerifiedIdentity) -> Value {
    claims(&MeetingToken::sign(&meeting(), &key(), &pseudonyms(), grant, identity, at(NOW)).unwrap())
}

fn user(identity: &VerifiedIdentity) -> Value {
    signed(&grant(), identity)["context"]["user"].clone()
}

#[test]
fn a_token_says_what_jitsi_reads_and_nothing_else() {
    let ada = somebody_from("work")
        .with_subject("f:81:ada")
        .with_name("Ada")
        .with_email("ada@example.com", true)
        .with_avatar("https://example.com/ada.png")
        .with_groups(&["board"])
        .with_claim("department", "finance");
    let features = Some(["recording".parse().unwrap(), "flip".parse().unwrap()].into());
    let permit = Permit { features, ..permit(Role::Moderator) };
    let grant = grant_into(Some("Acme"), "Réunion", Window::default(), permit);

    let token = MeetingToken::sign(&meeting(), &key(), &pseudonyms(), &grant, &ada, at(NOW)).unwrap();

    let expected = json!({
        "iss": "roomkey", "aud": "jitsi", "sub": "acme", "room": "r%c3%a9union",
        "iat": NOW, "nbf": NOW - 10, "exp": NOW + 300,
        "context": {
            "user": {
                "id": pseudonyms().of("work", "f:81:ada"), "name": "Ada", "email": "ada@example.com",
                "avatar": "https://example.com/ada.png", "affiliation": "owner", "moderator": true,
            },
            "features": { "flip": true, "recording": true },
        },
    });
    assert_eq!(claims(&token), expected);
    let header = jsonwebtoken::decode_header(&token.text).unwrap();
    assert_eq!(
        header,
        jsonwebtoken::Header {
            kid: Some("k1".to_owned()),
            ..jsonwebtoken::Header::new(jsonwebtoken::Algorithm::HS256)
        }
    );
}

#[test]
fn what_a_person_does_not_have_is_left_out() {
    let nobody = somebody_from("work");

    let expected = json!({
        "iss": "roomkey", "aud": "jitsi", "sub": "meet.jitsi", "room": "standup",
        "iat": NOW, "nbf": NOW - 10, "exp": NOW + 300,
        "context": { "user": {
            "id": pseudonyms().of("work", "u-1"), "affiliation": "member", "moderator": false,
        } },
    });
    assert_eq!(signed(&grant(), &nobody), expected);
}

#[test]
fn only_what_the_operator_shares_is_in_the_token() {
    let ada = somebody_from("work")
        .with_name("Ada")
        .with_email("ada@example.com", true)
        .with_avatar("https://example.com/ada.png");
    let shared = |name, email, avatar| {
        let meeting = Meeting { share: Share { name, email, avatar }, ..meeting() };
        let token = MeetingToken::sign(&meeting, &key(), &pseudonyms(), &grant(), &ada, at(NOW)).unwrap();
        let user = claims(&token)["context"]["user"].clone();
        ["name", "email", "avatar"].map(|field| user.get(field).is_some())
    };

    for choice in [[true, false, false], [false, true, false], [false, false, true], [false; 3]] {
        assert_eq!(shared(choice[0], choice[1], choice[2]), choice);
    }
}

#[test]
fn the_group_of_the_deployment_is_in_the_token() {
    let meeting = Meeting { group: Some("example".to_owned()), ..meeting() };

    let token = MeetingToken::sign(&meeting, &key(), &pseudonyms(), &grant(), &somebody_from("work"), at(NOW)).unwrap();

    assert_eq!(claims(&token)["context"]["group"], "example");
}

#[test]
fn an_unverified_address_is_not_signed() {
    assert_eq!(user(&somebody_from("work").with_email("chair@example.com", false)).get("email"), None);
}

#[test]
fn no_feature_at_all_is_not_the_default() {
    let none = Permit { features: Some([].into()), ..permit(Role::Moderator) };
    let grant = grant_into(None, "standup", Window::default(), none);

    assert_eq!(signed(&grant, &somebody_from("work"))["context"]["features"], json!({}));
}

#[test]
fn a_name_is_shown_without_what_breaks_lines_or_turns_letters_around() {
    let shown = |name: &str| user(&somebody_from("work").with_name(name)).get("name").cloned();

    assert_eq!(shown("Zoë  Ó’Brien 🎉"), Some(json!("Zoë  Ó’Brien 🎉")));
    assert_eq!(shown("  Ada "), Some(json!("Ada")));
    assert_eq!(shown("A\u{0}d\u{7F}\u{85}a\n"), Some(json!("Ada")));
    assert_eq!(shown("\u{202E}Ada\u{2066}\u{200F}\u{2028}"), Some(json!("Ada")));
    assert_eq!(shown("نیم\u{200C}فاصله"), Some(json!("نیم\u{200C}فاصله")));
    assert_eq!(shown("\u{202E} \u{0}"), None);
    assert_eq!(shown(""), None);
    assert_eq!(shown(&"é".repeat(201)), Some(json!("é".repeat(200))));
}

#[test]
fn an_address_that_cannot_be_one_is_left_out() {
    let shown = |email: &str| user(&somebody_from("work").with_email(email, true)).get("email").is_some();

    assert!(shown(&format!("{}@example.com", "a".repeat(242))));
    assert!(!shown(&format!("{}@example.com", "a".repeat(243))));
    assert!(!shown("ada@example.com\r\n"));
    assert!(!shown("ada @example.com"));
    assert!(!shown("ada@example.com\u{0}"));
}

#[test]
fn a_picture_is_loaded_over_https_alone() {
    let shown = |avatar: &str| user(&somebody_from("work").with_avatar(avatar)).get("avatar").cloned();

    assert_eq!(shown("https://example.com/é.png"), Some(json!("https://example.com/%C3%A9.png")));
    for other in [
        "http://example.com/a.png",
        "javascript:alert(1)",
        "data:image/png;base64,AAAA",
        "//example.com/a.png",
        "/a.png",
        "https://user:secret@example.com/a.png",
        "https://",
        &format!("https://example.com/{}", "a".repeat(1024)),
        &format!("https://example.com/{}", "é".repeat(400)),
    ] {
        assert_eq!(shown(other), None, "{other}");
    }
}

#[test]
fn a_token_lives_as_long_as_its_rule_or_else_its_deployment_says() {
    let short = Permit { token_lifetime: Some(Duration::from_secs(30)), ..permit(Role::Participant) };
    let grant = grant_into(None, "standup", Window::default(), short);

    assert_eq!(signed(&grant, &somebody_from("work"))["exp"], NOW + 30);
    assert_eq!(signed(&self::grant(), &somebody_from("work"))["exp"], NOW + 300);
}

#[test]
fn no_token_outlives_its_rule() {
    assert_eq!(signed(&ending(NOW + 60), &somebody_from("work"))["exp"], NOW + 60);
    assert_eq!(signed(&ending(NOW + 600), &somebody_from("work"))["exp"], NOW + 300);
}

#[test]
fn a_grant_that_has_ended_signs_nothing() {
    let grant = ending(NOW + 60);
    let at_its_end = |second| {
        MeetingToken::sign(&meeting(), &key(), &pseudonyms(), &grant, &somebody_from("work"), at(second)).err()
    };

    assert!(at_its_end(NOW + 59).is_none());
    assert!(matches!(at_its_end(NOW + 60), Some(SigningError::Ended)));
    assert!(matches!(at_its_end(NOW + 61), Some(SigningError::Ended)));
}

#[test]
fn a_picture_gives_way_when_the_token_would_be_too_large() {
    let room = "r".repeat(1023);
    let grant = grant_into(None, &room, Window::default(), permit(Role::Participant));
    let somebody = somebody_from("work")
        .with_name(&"漢".repeat(200))
        .with_email(&format!("{}@example.com", "a".repeat(242)), true)
        .with_avatar(&format!("https://example.com/{}", "a".repeat(1000)));

    let token = MeetingToken::sign(&meeting(), &key(), &pseudonyms(), &grant, &somebody, at(NOW)).unwrap();

    assert!(token.text.len() <= MeetingToken::MAX_BYTES, "{}", token.text.len());
    let user = claims(&token)["context"]["user"].clone();
    assert_eq!((user.get("avatar"), user["name"].as_str().unwrap().chars().count()), (None, 200));
}

#[test]
fn a_token_that_is_still_too_large_is_not_signed() {
    let features = (0..80).map(|n| format!("{n:0>60}").parse().unwrap()).collect();
    let grant = grant_into(
        None,
        "standup",
        Window::default(),
        Permit { features: Some(features), ..permit(Role::Participant) },
    );

    let outcome = MeetingToken::sign(&meeting(), &key(), &pseudonyms(), &grant, &somebody_from("work"), at(NOW)).err();

    assert!(matches!(outcome, Some(SigningError::TooLarge { bytes }) if bytes > 7000), "{outcome:?}");
}

#[test]
fn an_rsa_key_signs_the_same_claims() {
    let pem = include_bytes!("../../../tests/data/keys/rsa-2048-pkcs8.pem");
    let rsa = SigningKey::new(Algorithm::Rs256, pem, None).unwrap();

    let token = MeetingToken::sign(&meeting(), &rsa, &pseudonyms(), &grant(), &somebody_from("work"), at(NOW)).unwrap();

    let public = DecodingKey::from_rsa_pem(rsa.public_pem().unwrap().as_bytes()).unwrap();
    let mut validation = Validation::new(jsonwebtoken::Algorithm::RS256);
    validation.set_audience(&["jitsi"]);
    validation.validate_exp = false;
    let verified = jsonwebtoken::decode::<Value>(&token.text, &public, &validation).unwrap().claims;
    assert_eq!((&verified["room"], &verified["exp"]), (&json!("standup"), &json!(NOW + 300)));
}

/// Neither `null` nor a list nor a control character stands anywhere in it.
fn is_safe_for_prosody(value: &Value) -> bool {
    match value {
        Value::Null | Value::Array(_) => false,
        Value::Bool(_) | Value::Number(_) => true,
        Value::String(text) => !text.contains(char::is_control),
        Value::Object(members) => members.iter().all(|(key, value)| !key.is_empty() && is_safe_for_prosody(value)),
    }
}

proptest! {
    #[test]
    fn nothing_that_a_provider_says_makes_a_token_that_prosody_cannot_read(
        name in any::<String>(), email in any::<String>(), avatar in "(https://)?\\PC{0,40}", subject in any::<String>(),
    ) {
        let somebody =
            somebody_from("work").with_subject(&subject).with_name(&name).with_email(&email, true).with_avatar(&avatar);

        let token = MeetingToken::sign(&meeting(), &key(), &pseudonyms(), &grant(), &somebody, at(NOW)).unwrap();

        prop_assert!(token.text.len() <= MeetingToken::MAX_BYTES);
        prop_assert!(is_safe_for_prosody(&claims(&token)));
    }

    #[test]
    fn a_token_is_good_from_before_now_until_after_now(seconds in 10..86_400_u64, left in 1..100_000_i64) {
        let window = Window { from: None, until: Some(at(NOW + left)) };
        let life = Permit { token_lifetime: Some(Duration::from_secs(seconds)), ..permit(Role::Participant) };

        let claims = signed(&grant_into(None, "standup", window, life), &somebody_from("work"));

        let (nbf, exp) = (claims["nbf"].as_i64().unwrap(), claims["exp"].as_i64().unwrap());
        prop_assert!(nbf < NOW && NOW < exp && exp <= NOW + left && exp <= NOW + seconds.cast_signed());
    }
}

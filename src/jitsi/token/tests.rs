use std::time::Duration;

use jsonwebtoken::{DecodingKey, Validation};
use serde_json::{Value, json};

use super::*;
use crate::jitsi::{Algorithm, Deliver, Share};
use crate::policy::{Outcome, Permit, Policy, Role, Rule, Window};
use crate::provider::testing::somebody_from;
use crate::room::JoinRequest;

const SECRET: &[u8] = b"0123456789abcdef0123456789ABCDEF";

fn meeting() -> Meeting {
    Meeting {
        url: "https://meet.example.com".parse().unwrap(),
        app_id: "roomkey".to_owned(),
        audience: "jitsi".to_owned(),
        subject: "meet.example.com".to_owned(),
        share: Share { name: true, email: true, avatar: true },
        token_lifetime: Duration::from_mins(5),
        deliver: Deliver::Query,
    }
}

fn now() -> Timestamp {
    Timestamp::from_second(1_800_000_000).unwrap()
}

fn grant(room: &str, role: Role, window: Window) -> Grant {
    let permit = Permit { role, features: None, token_lifetime: None };
    let rule = Rule {
        name: "all".to_owned(),
        rooms: vec!["*".parse().unwrap()],
        groups: Vec::new(),
        emails: Vec::new(),
        email_domains: Vec::new(),
        providers: Vec::new(),
        claims: Vec::new(),
        window,
        outcome: Outcome::Admit(permit),
    };
    let request = JoinRequest::from_link(None, room, None).unwrap();
    Policy::new(vec![rule], &[]).decide(&somebody_from("work"), &request, now()).unwrap()
}

fn key() -> SigningKey {
    SigningKey::new(Algorithm::Hs256, SECRET, Some("k1".to_owned())).unwrap()
}

fn claims(token: &MeetingToken) -> Value {
    let mut validation = Validation::new(jsonwebtoken::Algorithm::HS256);
    validation.set_audience(&["jitsi"]);
    validation.validate_exp = false;
    jsonwebtoken::decode::<Value>(&token.0, &DecodingKey::from_secret(SECRET), &validation).unwrap().claims
}

#[test]
fn a_token_says_what_jitsi_reads_and_nothing_else() {
    let ada = somebody_from("work")
        .with_name("Ada")
        .with_email("ada@example.com", true)
        .with_avatar("https://example.com/ada.png")
        .with_claim("department", "finance");
    let grant = grant("Réunion", Role::Moderator, Window::default());

    let token = MeetingToken::sign(&meeting(), &key(), &grant, &ada, now()).unwrap();

    let expected = json!({
        "iss": "roomkey", "aud": "jitsi", "sub": "meet.example.com", "room": "r%c3%a9union",
        "iat": 1_800_000_000, "nbf": 1_799_999_990, "exp": 1_800_000_300,
        "context": { "user": {
            "id": key().pseudonym("work", "u-1"), "name": "Ada", "email": "ada@example.com",
            "avatar": "https://example.com/ada.png", "affiliation": "owner", "moderator": true,
        } },
    });
    assert_eq!(claims(&token), expected);
}

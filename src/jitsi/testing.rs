//! A deployment for the tests of tokens and links.

use std::time::Duration;

use super::{Algorithm, Deliver, Meeting, Pseudonyms, Share, SigningKey};
use crate::login::SealingKeys;

pub(super) const SECRET: &[u8] = b"Tb3vX8qLr0Wn5yHc7Ke2Ud9Zg4Mj6Pa1";

pub(crate) fn meeting() -> Meeting {
    Meeting {
        url: "https://meet.example.com".parse().unwrap(),
        app_id: "roomkey".to_owned(),
        audience: "jitsi".to_owned(),
        subject: "meet.jitsi".to_owned(),
        share: Share { name: true, email: true, avatar: true },
        token_lifetime: Duration::from_mins(5),
        deliver: Deliver::Query,
        group: None,
        skip_prejoin: false,
    }
}

pub(super) fn key() -> SigningKey {
    SigningKey::new(Algorithm::Hs256, SECRET, Some("k1".to_owned())).unwrap()
}

pub(super) fn pseudonyms() -> Pseudonyms {
    Pseudonyms::new(&SealingKeys { current: vec![9; 32].into(), previous: Vec::new() }).unwrap()
}

//! Tokens and the doctor before a real Prosody.

#[path = "support/prosody.rs"]
mod prosody;

use std::time::Duration;

use prosody::{DOMAIN, Prosody, Settings};
use roomkey::clock::Clock;
use roomkey::doctor::bosh::{BoshError, Connection, Occupant};
use roomkey::doctor::prosody::{diagnose, observe};
use roomkey::jitsi::{Algorithm, Deliver, Meeting, Share, SigningKey};
use roomkey::provider::http::Http;

const SECRET: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";

fn meeting(url: &str) -> Meeting {
    Meeting {
        url: url.parse().unwrap(),
        app_id: "roomkey".into(),
        audience: "jitsi".into(),
        subject: DOMAIN.into(),
        share: Share { name: true, email: true, avatar: true },
        token_lifetime: Duration::from_secs(300),
        deliver: Deliver::Query,
    }
}

const GOOD: &str = "app_id = \"roomkey\"\napp_secret = \"0f8fad5b-d9cb-469f-a165-70867728950e\"\nasap_accepted_audiences = { \"jitsi\" }\n";

#[tokio::test]
async fn the_doctor_is_silent_on_a_good_prosody() {
    let prosody = Prosody::start(&Settings::token(GOOD));
    let (http, key) = (Http::new().unwrap(), SigningKey::new(Algorithm::Hs256, SECRET.as_bytes(), None).unwrap());
    let meeting = meeting(&prosody.origin());

    let observed = observe(&http, &prosody.address(), &meeting, &key, &Clock::system()).await.unwrap();

    eprintln!("{observed:#?}");
    assert_eq!(diagnose(&observed, &meeting, &key), [], "{}", prosody.log());
}

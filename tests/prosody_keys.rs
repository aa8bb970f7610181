//! A real Prosody that fetches Roomkey's own keys from a running Roomkey, while they change.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test stops at the first thing amiss")]

mod support;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use roomkey::doctor::bosh::{BoshError, Connection, Occupant};
use roomkey::provider::http::Http;
use support::fake::FakeProvider;
use support::login::log_in;
use support::prosody::{DOMAIN, Prosody, Settings};
use support::roomkey::Roomkey;
use support::visitor::Visitor;

/// How many keys in a row Prosody has to take.
const KEYS: usize = 4;

/// Enters `room` as the front end does. Requests of one connection are numbered from `rid` on.
async fn enter(http: &Http, prosody: &Prosody, room: &str, token: &str, rid: u64) -> Result<Occupant, BoshError> {
    let address = prosody.address();
    let mut connection = Connection::open(http, &address, room, Some(token), rid).await?;
    let outcome = match connection.ask_for(room).await {
        Ok(_) => connection.join(room).await,
        Err(error) => Err(error),
    };
    connection.close().await;
    outcome
}

#[tokio::test]
async fn prosody_takes_every_token_by_its_key_server_and_by_its_key_set_while_keys_change() {
    let provider = FakeProvider::start().await;
    let roomkey = Roomkey::start(&format!(
        "[meeting]\nurl = \"http://meet.localhost:9\"\nsubject = \"{DOMAIN}\"\n\
         [meeting.signing]\nmanaged = true\nrotate = \"10s\"\n\
         {}[[access]]\nrooms = [\"*\"]\nrole = \"moderator\"\n",
        provider.configuration("")
    ));
    let common = "app_id = \"roomkey\"\nasap_accepted_audiences = { \"jitsi\" }\nsignature_algorithm = \"RS256\"\n";
    let server = format!("{common}asap_key_server = \"{}/asap\"\n", roomkey.url);
    let set = format!("{common}cache_keys_url = \"{}/.well-known/jwks.json\"\n", roomkey.url);
    let prosodies = [Prosody::start(&Settings::token(&server)), Prosody::start(&Settings::token(&set))];
    let deadline = Instant::now() + Duration::from_secs(20);
    while !prosodies[1].log().contains("Keys fetched") {
        assert!(Instant::now() < deadline, "{}", prosodies[1].log());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let (http, mut visitor) = (Http::new().unwrap(), Visitor::new());
    log_in(&mut visitor, &format!("{}/room/standup", roomkey.url), &provider).await;
    let (mut kids, mut rid) = (BTreeSet::new(), 1_000);
    let deadline = Instant::now() + Duration::from_secs(90);

    while kids.len() < KEYS {
        assert!(Instant::now() < deadline, "keys change every ten seconds, and only {} have signed", kids.len());
        let token = visitor.get(&format!("{}/room/standup", roomkey.url)).await.token();
        kids.insert(jsonwebtoken::decode_header(&token).unwrap().kid.unwrap());
        for prosody in &prosodies {
            rid += 1_000;
            let entered = enter(&http, prosody, "standup", &token, rid).await;
            let log = || format!("{entered:?}\n{}", prosody.log());
            assert_eq!(entered, Ok(Occupant { moderator: true }), "{}", log());
        }
        rid += 1_000;
        let elsewhere = enter(&http, &prosodies[0], "board", &token, rid).await;
        assert!(matches!(elsewhere, Err(BoshError::Join { .. })), "{elsewhere:?}");
        tokio::time::sleep(Duration::from_millis(400)).await;
    }
}

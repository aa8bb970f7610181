//! A key server's client that caches as the headers allow meets no token that it cannot verify, over many rotations.

use std::time::Duration;

use super::{ManagedKeys, at, replica, settings};
use crate::clock::Clock;
use crate::jitsi::Rotation;
use crate::keyring::KeyRing;
use crate::session::tests::postgres::Postgres;

/// A client of `/.well-known/jwks.json`: it asks one replica, and again only once its copy is as old as it may be.
struct Client {
    kids: Vec<String>,
    fetched: i64,
    max_age: i64,
}

impl Client {
    fn fetch(from: &ManagedKeys, now: i64) -> Self {
        let published = KeyRing::managed(from.clone()).published().unwrap();
        let set: serde_json::Value = serde_json::from_str(&published.jwks().body).unwrap();
        let kids = set["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned());
        Self { kids: kids.collect(), fetched: now, max_age: i64::try_from(published.max_age().as_secs()).unwrap() }
    }
}

const START: i64 = 1_800_000_000;
const ROTATE: Duration = Duration::from_mins(10);
const TOKEN_LIFETIME: i64 = 300;
const ROTATIONS: i64 = 25;

/// Clients that begin at different times, and so renew their copies at different times.
const CLIENTS: i64 = 12;

#[tokio::test]
async fn no_token_is_refused_by_a_client_that_caches_as_the_headers_allow() {
    let server = Postgres::start();
    let address = server.database("roomkey");
    let clock = Clock::standing_at(at(START));
    let replicas = [(); 2].map(|()| replica(&address, &clock, settings(ROTATE, 1, &[])));
    let look_again = i64::try_from(Rotation::new(ROTATE).look_again().as_secs()).unwrap();
    for replica in &replicas {
        replica.look().await.unwrap();
    }
    let mut clients: Vec<_> = (0..CLIENTS).map(|n| Client::fetch(&replicas[n as usize % 2], START - n * 5)).collect();
    let (mut checked, mut signers) = (0, std::collections::BTreeSet::new());
    let mut tokens: Vec<(String, i64)> = Vec::new();

    for now in START..START + ROTATIONS * i64::try_from(ROTATE.as_secs()).unwrap() {
        clock.set(at(now));
        for (number, replica) in (0..).zip(&replicas) {
            // They look at different times, as two processes do.
            if now % look_again == number * look_again / 2 {
                replica.look().await.unwrap();
            }
            let kid = replica.signing(now).unwrap().key_id().to_owned();
            signers.insert(kid.clone());
            tokens.push((kid, now + TOKEN_LIFETIME));
        }
        tokens.retain(|(_, end)| *end > now);
        for (number, client) in clients.iter_mut().enumerate() {
            if now - client.fetched >= client.max_age {
                *client = Client::fetch(&replicas[(number + checked) % 2], now);
            }
            // The one that has just been signed, the oldest that is good still, and one between.
            for (kid, _) in [tokens.first(), tokens.get(tokens.len() / 2), tokens.last()].into_iter().flatten() {
                assert!(client.kids.contains(kid), "second {}: {kid} is in no copy of {}", now - START, client.fetched);
                checked += 1;
            }
        }
    }

    assert!(signers.len() as i64 >= ROTATIONS, "{} keys have signed", signers.len());
    assert!(checked > 100_000, "{checked} checks");
}

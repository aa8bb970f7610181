//! Keys in a store of the tests' own, at times of the tests' own.

mod caching;

use std::time::Duration;

use futures_util::future::join_all;
use jiff::Timestamp;
use secrecy::SecretSlice;
use tempfile::TempDir;

use super::{KeyRing, KeyringError, ManagedKeys, Rotated, Settings};
use crate::clock::Clock;
use crate::jitsi::{Algorithm, Rotation};
use crate::login::{Sealer, SealingKeys};
use crate::session::tests::postgres::Postgres;
use crate::store::{KeyRow, Store, StoreError};

const NOW: i64 = 1_800_000_000;
const DAY: i64 = 24 * 60 * 60;

pub(super) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn address(folder: &TempDir) -> String {
    format!("sqlite://{}", folder.path().join("roomkey.db").display())
}

/// `session.secret` and `session.previous_secrets`, a byte for each.
fn settings(rotate: Duration, current: u8, previous: &[u8]) -> Settings {
    let secret = |byte: u8| SecretSlice::from(vec![byte; 32]);
    let secrets =
        SealingKeys { current: secret(current), previous: previous.iter().map(|&byte| secret(byte)).collect() };
    Settings {
        algorithm: Algorithm::Rs256,
        rotation: Rotation::new(rotate),
        token_lifetime: Duration::from_mins(5),
        sealer: Sealer::new(&secrets).unwrap(),
    }
}

/// A replica on the store at `address`.
pub(super) fn replica(address: &str, clock: &Clock, settings: Settings) -> ManagedKeys {
    let keys = ManagedKeys::new(Store::open(address).unwrap(), clock.clone());
    keys.follow(Some(settings));
    keys
}

fn monthly(address: &str, clock: &Clock) -> ManagedKeys {
    replica(address, clock, settings(Duration::from_hours(30 * 24), 1, &[]))
}

fn kid(keys: &ManagedKeys, now: i64) -> Option<String> {
    keys.signing(now).map(|key| key.key_id().to_owned())
}

fn jwks(keys: &ManagedKeys) -> Vec<String> {
    let published = KeyRing::managed(keys.clone()).published().unwrap();
    let set: serde_json::Value = serde_json::from_str(&published.jwks().body).unwrap();
    set["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

async fn rows(address: &str) -> Vec<KeyRow> {
    Store::open(address).unwrap().signing_keys().await.unwrap()
}

#[tokio::test]
async fn the_first_look_makes_a_key_that_signs_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::standing_at(at(NOW));
    let keys = monthly(&address(&folder), &clock);

    let before = kid(&keys, NOW);
    keys.look().await.unwrap();

    assert_eq!(before, None);
    assert_eq!(vec![kid(&keys, NOW).unwrap()], jwks(&keys));
}

#[tokio::test]
async fn a_key_is_followed_by_the_next_and_withdrawn_after_its_last_token() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::standing_at(at(NOW));
    let keys = monthly(&address(&folder), &clock);
    keys.look().await.unwrap();
    let first = kid(&keys, NOW).unwrap();
    let mut published = Vec::new();

    for second in [29 * DAY - 1, 29 * DAY, 30 * DAY, 30 * DAY + 359, 30 * DAY + 360] {
        clock.set(at(NOW + second));
        keys.look().await.unwrap();
        published.push((jwks(&keys).len(), kid(&keys, NOW + second).unwrap() == first));
    }

    // 300 s for the token and 60 for clocks that differ.
    assert_eq!(published, [(1, true), (2, true), (2, false), (2, false), (1, false)]);
    assert_eq!(rows(&address(&folder)).await.len(), 1);
}

#[tokio::test]
async fn replicas_that_look_at_the_same_time_make_one_key() {
    let server = Postgres::start();
    let address = server.database("roomkey");
    let clock = Clock::standing_at(at(NOW));
    let replicas: Vec<_> = (0..4).map(|_| monthly(&address, &clock)).collect();

    for second in [0, 29 * DAY] {
        clock.set(at(NOW + second));
        let looked = join_all(replicas.iter().map(ManagedKeys::look)).await;
        assert!(looked.iter().all(Result::is_ok), "{looked:?}");
    }

    let kids: Vec<_> = rows(&address).await.into_iter().map(|row| row.kid).collect();
    assert_eq!(kids.len(), 2);
    assert!(replicas.iter().all(|replica| jwks(replica) == kids));
}

#[tokio::test]
async fn what_was_known_serves_on_while_the_store_is_down() {
    let mut server = Postgres::start();
    let address = server.database("roomkey");
    let clock = Clock::standing_at(at(NOW));
    let keys = monthly(&address, &clock);
    keys.look().await.unwrap();
    let before = jwks(&keys);

    server.stop();
    clock.set(at(NOW + 45 * DAY));
    let looked = keys.look().await;

    assert!(matches!(looked, Err(KeyringError::Store(StoreError::Unreachable(_)))), "{looked:?}");
    assert_eq!(jwks(&keys), before);
    assert_eq!(kid(&keys, NOW + 45 * DAY), before.first().cloned());
}

#[tokio::test]
async fn a_start_without_a_store_finds_the_keys_once_it_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing");
    let keys = monthly(&format!("sqlite://{}", missing.join("roomkey.db").display()), &Clock::system());

    let looked = keys.look().await;
    keys.look_regularly();
    std::fs::create_dir(&missing).unwrap();

    assert!(looked.is_err());
    for _ in 0..200 {
        if keys.published().is_some() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("no key has been made");
}

#[tokio::test]
async fn a_key_stands_sealed_in_the_store_and_is_sealed_anew_by_the_next_secret() {
    let folder = tempfile::tempdir().unwrap();
    let (address, clock) = (address(&folder), Clock::standing_at(at(NOW)));
    let month = Duration::from_hours(30 * 24);
    replica(&address, &clock, settings(month, 1, &[])).look().await.unwrap();
    let before = rows(&address).await;

    replica(&address, &clock, settings(month, 2, &[1])).look().await.unwrap();
    let after = rows(&address).await;
    let with_new_alone = replica(&address, &clock, settings(month, 2, &[]));
    with_new_alone.look().await.unwrap();

    assert_ne!(before[0].sealed, after[0].sealed);
    assert_eq!((&before[0].kid, after.len()), (&after[0].kid, 1));
    assert_eq!(jwks(&with_new_alone), [after[0].kid.clone()]);
    // A modulus of 2048 bits has more bytes than any sealed text could hide by chance: no part of it stands there.
    assert!(!data_encoding::BASE64URL_NOPAD.decode(after[0].sealed.as_bytes()).unwrap().starts_with(&[0x30, 0x82]));
}

#[tokio::test]
async fn a_key_sealed_by_another_secret_does_not_sign_and_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (address, clock) = (address(&folder), Clock::standing_at(at(NOW)));
    let month = Duration::from_hours(30 * 24);
    let (one, other) =
        (replica(&address, &clock, settings(month, 1, &[])), replica(&address, &clock, settings(month, 2, &[])));

    one.look().await.unwrap();
    let listed = other.list().await;
    other.look().await.unwrap();
    one.look().await.unwrap();

    assert!(matches!(listed, Err(KeyringError::Foreign { count: 1 })), "{listed:?}");
    assert_eq!(rows(&address).await.len(), 2);
    assert_ne!(kid(&one, NOW), kid(&other, NOW));
}

#[tokio::test]
async fn a_key_is_published_for_the_longest_token_that_it_ever_signed() {
    let folder = tempfile::tempdir().unwrap();
    let (address, clock) = (address(&folder), Clock::standing_at(at(NOW)));
    monthly(&address, &clock).look().await.unwrap();
    let mut longer = settings(Duration::from_hours(30 * 24), 1, &[]);
    longer.token_lifetime = Duration::from_hours(24);

    replica(&address, &clock, longer).look().await.unwrap();
    monthly(&address, &clock).look().await.unwrap();

    assert_eq!(rows(&address).await[0].token_lifetime, DAY);
}

#[tokio::test]
async fn the_operator_can_have_the_next_key_before_its_time_but_only_one() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::standing_at(at(NOW));
    let keys = monthly(&address(&folder), &clock);
    keys.look().await.unwrap();
    let first = kid(&keys, NOW);

    let rotated = keys.rotate(false).await.unwrap();
    let again = keys.rotate(false).await.unwrap();
    keys.look().await.unwrap();

    let Rotated::Next(next, signs) = rotated else { panic!("{rotated:?}") };
    assert_eq!((signs, again), (NOW + DAY, Rotated::AlreadyNext(next.clone(), NOW + DAY)));
    assert_eq!((kid(&keys, NOW + DAY - 1), kid(&keys, NOW + DAY)), (first, Some(next)));
}

#[tokio::test]
async fn keys_that_have_leaked_are_gone_at_the_next_look_of_every_replica() {
    let folder = tempfile::tempdir().unwrap();
    let (address, clock) = (address(&folder), Clock::standing_at(at(NOW)));
    let keys = monthly(&address, &clock);
    keys.look().await.unwrap();
    keys.rotate(false).await.unwrap();

    let revoked = monthly(&address, &clock).rotate(true).await.unwrap();
    keys.look().await.unwrap();

    let Rotated::Revoked(new, others) = revoked else { panic!("{revoked:?}") };
    assert_eq!(others, 2);
    assert_eq!((jwks(&keys), kid(&keys, NOW)), (vec![new.clone()], Some(new)));
}

#[tokio::test]
async fn a_key_that_another_replica_has_just_made_is_found_when_it_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let (address, clock) = (address(&folder), Clock::standing_at(at(NOW)));
    let (maker, asked) = (monthly(&address, &clock), monthly(&address, &clock));
    maker.rotate(false).await.unwrap();
    let made = maker.list().await.unwrap().remove(0).key.asap_name();

    let ring = KeyRing::managed(asked);
    let (before, found) = (ring.published().is_some(), ring.published_with(&made).await.unwrap());

    assert!(!before && found.pem(&made).is_some());
}

//! What the databases themselves have to hold to.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use futures_util::future::join_all;
use tempfile::TempDir;

use super::{NewIdentity, NewSession, Previous, Sessions, Store, StoreError};
use crate::session::tests::postgres::Postgres;
use crate::session::tests::redis::Redis;

fn address(folder: &TempDir) -> String {
    format!("sqlite://{}", folder.path().join("roomkey.db").display())
}

async fn begin(sessions: &Sessions, number: u32, ends: i64) -> Result<(), StoreError> {
    let session = NewSession {
        handle: format!("handle-{number}"),
        id: format!("id-{number}"),
        device: String::new(),
        now: 100,
        ends,
    };
    let identity = NewIdentity {
        provider: "work".to_owned(),
        person: "person".to_owned(),
        sid: None,
        identity: "sealed".to_owned(),
        tether: "sealed".to_owned(),
    };
    sessions.begin(session, identity, Previous::None).await
}

async fn recovers(check: impl AsyncFn() -> Result<(), StoreError>) -> bool {
    for _ in 0..100 {
        if check().await.is_ok() {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    false
}

#[tokio::test]
async fn replicas_that_start_together_agree_on_the_tables_in_sqlite() {
    let folder = tempfile::tempdir().unwrap();

    let opened = join_all((0..8).map(|_| async { Store::open(&address(&folder)).unwrap().check().await })).await;

    assert!(opened.iter().all(Result::is_ok), "{opened:?}");
}

#[tokio::test]
async fn replicas_that_start_together_agree_on_the_tables_in_postgresql() {
    let server = Postgres::start();
    let address = server.database("roomkey");

    let opened = join_all((0..8).map(|_| async { Store::open(&address).unwrap().check().await })).await;

    assert!(opened.iter().all(Result::is_ok), "{opened:?}");
}

#[tokio::test]
async fn the_file_and_its_log_are_for_their_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&address(&folder)).unwrap();

    store.spend("token".to_owned(), 200).await.unwrap();

    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder.path().join("roomkey.db")), 0o600);
    assert_eq!(mode(&folder.path().join("roomkey.db-wal")), 0o600);
}

#[tokio::test]
async fn a_token_is_spent_once_over_all_replicas() {
    let folder = tempfile::tempdir().unwrap();
    let replicas = [Store::open(&address(&folder)).unwrap(), Store::open(&address(&folder)).unwrap()];

    let spent = join_all((0..20).map(|number| replicas[number % 2].spend("token".to_owned(), 200))).await;

    assert_eq!(spent.into_iter().filter(|spent| *spent.as_ref().unwrap()).count(), 1);
}

async fn failures_are_written_in_turn(store: Store) {
    let id = || "id".to_owned();

    let first = store.note_failures(id(), None, (1, 100), 200).await.unwrap();
    let unaware = store.note_failures(id(), None, (1, 101), 200).await.unwrap();
    let late = store.note_failures(id(), Some((0, 100)), (1, 102), 200).await.unwrap();
    let aware = store.note_failures(id(), Some((1, 100)), (2, 103), 200).await.unwrap();

    assert_eq!([first, unaware, late, aware], [true, false, false, true]);
    assert_eq!(store.failures(id()).await.unwrap(), Some((2, 103)));
    assert_eq!((store.sweep(199).await.unwrap(), store.sweep(200).await.unwrap()), (0, 1));
    store.note_failures(id(), None, (1, 100), 200).await.unwrap();
    store.forget_failures(id()).await.unwrap();
    assert_eq!(store.failures(id()).await.unwrap(), None);
}

#[tokio::test]
async fn failures_are_written_in_turn_in_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    failures_are_written_in_turn(Store::open(&address(&folder)).unwrap()).await;
}

#[tokio::test]
async fn failures_are_written_in_turn_in_postgresql() {
    let server = Postgres::start();
    failures_are_written_in_turn(Store::open(&server.database("roomkey")).unwrap()).await;
}

#[tokio::test]
async fn what_has_ended_is_swept_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&address(&folder)).unwrap();
    let sessions = Sessions::Store(store.clone());
    for number in 0..450 {
        begin(&sessions, number, 200).await.unwrap();
    }
    begin(&sessions, 450, 201).await.unwrap();
    store.spend("old".to_owned(), 200).await.unwrap();
    store.spend("new".to_owned(), 201).await.unwrap();

    let swept = store.sweep(200).await.unwrap();

    assert_eq!(swept, 451);
    assert_eq!(sessions.of_person("person".to_owned(), 0).await.unwrap().len(), 1);
    assert!(store.spend("old".to_owned(), 300).await.unwrap());
    assert!(!store.spend("new".to_owned(), 300).await.unwrap());
}

#[tokio::test]
async fn a_file_that_cannot_be_opened_is_told_and_opened_once_it_can() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing");
    let store = Store::open(&format!("sqlite://{}", missing.join("roomkey.db").display())).unwrap();

    let before = store.check().await;
    std::fs::create_dir(&missing).unwrap();

    assert!(matches!(before, Err(StoreError::Unreachable(_))));
    assert!(recovers(async || store.check().await).await);
}

#[tokio::test]
async fn a_dead_postgresql_is_told_at_once_and_found_again() {
    let mut server = Postgres::start();
    let store = Store::open(&server.database("roomkey")).unwrap();
    let sessions = Sessions::Store(store.clone());
    begin(&sessions, 1, 200).await.unwrap();

    server.stop();
    let first = begin(&sessions, 2, 200).await;
    let began = std::time::Instant::now();
    let next = begin(&sessions, 3, 200).await;
    let waited = began.elapsed();
    server.start_again();

    assert!(matches!(first, Err(StoreError::Unreachable(_))), "{first:?}");
    assert!(matches!(next, Err(StoreError::Unreachable(_))), "{next:?}");
    assert!(waited < Duration::from_millis(100), "{waited:?}");
    assert!(recovers(async || store.check().await).await);
    assert!(sessions.find("id-1".to_owned(), 100).await.unwrap().is_some());
    begin(&sessions, 4, 200).await.unwrap();
}

#[tokio::test]
async fn a_dead_redis_is_told_and_found_again() {
    let mut server = Redis::start();
    let sessions = Sessions::in_redis(&server.database(0)).unwrap();
    begin(&sessions, 1, i64::from(u32::MAX)).await.unwrap();

    server.stop();
    let dead = begin(&sessions, 2, i64::from(u32::MAX)).await;
    server.start_again();

    assert!(matches!(dead, Err(StoreError::Unreachable(_))), "{dead:?}");
    assert!(recovers(async || sessions.check().await).await);
    begin(&sessions, 3, i64::from(u32::MAX)).await.unwrap();
}

#[tokio::test]
async fn a_redis_key_ends_by_itself() {
    let server = Redis::start();
    let sessions = Sessions::in_redis(&server.database(0)).unwrap();
    let now = crate::clock::Clock::system().now().as_second();
    begin(&sessions, 1, now + 1).await.unwrap();

    tokio::time::sleep(Duration::from_millis(2_100)).await;

    let client = redis::Client::open(server.database(0)).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let left: Vec<String> = redis::cmd("KEYS").arg("*").query_async(&mut connection).await.unwrap();
    assert_eq!(left, Vec::<String>::new());
}

#[tokio::test]
async fn an_address_that_cannot_be_used_is_refused_without_its_password() {
    let refused = Sessions::in_redis("http://:sesame@localhost").unwrap_err();

    assert!(matches!(refused, StoreError::Address { .. }));
    assert!(!format!("{refused:?} {refused}").contains("sesame"));
}

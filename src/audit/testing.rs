//! A store for each test, what records in it, and what happens.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use secrecy::SecretSlice;
use sqlx::AnyConnection;
use sqlx::Connection;

use super::{
    Client, ClientAddress, Event, Filter, Found, Held, Outcome, Person, Search, Settings, Sinks, Trail, Unverified,
};
use crate::clock::Clock;
use crate::login::{LoginId, Sealer, SealingKeys};
use crate::policy::Role;
use crate::provider::testing::somebody_from;
use crate::room::JoinRequest;
use crate::session::tests::database_in_postgresql;
use crate::session::tests::postgres::Postgres;
use crate::store::{CheckpointRow, Store};

/// What seals by these secrets, the current one first.
pub(crate) fn sealer(secrets: &[u8]) -> Sealer {
    let mut secrets = secrets.iter().map(|&secret| SecretSlice::from(vec![secret; 32]));
    Sealer::new(&SealingKeys { current: secrets.next().unwrap(), previous: secrets.collect() }).unwrap()
}

/// A store of its own, and a clock.
pub(crate) struct Stage {
    pub(crate) store: Store,
    pub(crate) address: String,
    pub(crate) clock: Clock,
    folder: tempfile::TempDir,
    _server: Option<Arc<Postgres>>,
}

impl Stage {
    pub(crate) fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let address = format!("sqlite://{}", folder.path().join("roomkey.db").display());
        Self::at(address, folder, None)
    }

    pub(crate) fn postgres() -> Self {
        let (address, server) = database_in_postgresql();
        Self::at(address, tempfile::tempdir().unwrap(), Some(server))
    }

    fn at(address: String, folder: tempfile::TempDir, server: Option<Arc<Postgres>>) -> Self {
        let noon = "2026-11-24T12:00:00Z".parse().unwrap();
        let store = Store::open(&address).unwrap();
        Self { store, address, clock: Clock::standing_at(noon), folder, _server: server }
    }

    /// Where records wait.
    pub(crate) fn journal(&self) -> PathBuf {
        self.folder.path().join("journal")
    }

    /// What records as one process does.
    pub(crate) fn trail(&self) -> Trail {
        self.trail_in(Store::open(&self.address).unwrap(), &[1])
    }

    pub(crate) fn trail_in(&self, store: Store, secrets: &[u8]) -> Trail {
        let trail = Trail::new(store, self.clock.clone());
        trail.follow(Settings {
            client_address: ClientAddress::Full,
            keep: None,
            journal: self.journal(),
            sealer: Arc::new(sealer(secrets)),
            sinks: Sinks::default(),
        });
        trail
    }

    pub(crate) async fn verify(&self, kept: &[CheckpointRow]) -> Result<Held, Unverified> {
        super::verify(&self.store, &sealer(&[1]), kept).await
    }

    pub(crate) async fn find(&self, filter: &Filter) -> Vec<Found> {
        let search = Search::new(&self.store, &sealer(&[1])).await.unwrap();
        search.page(filter, &["work".parse().unwrap()], None, 1_000).await.unwrap()
    }

    pub(crate) async fn all(&self) -> Vec<Found> {
        self.find(&Filter { oldest_first: true, ..Filter::default() }).await
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Lets time pass.
    pub(crate) fn pass(&self, time: Duration) {
        self.clock.set(self.now() + time);
    }

    /// Changes the database behind Roomkey's back; says how many rows it was.
    pub(crate) async fn meddle(&self, sql: &str) -> u64 {
        sqlx::any::install_default_drivers();
        let mut connection = AnyConnection::connect(&self.address).await.unwrap();
        let done = sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        done.rows_affected()
    }

    /// What a query gives, as text.
    pub(crate) async fn ask(&self, sql: &str) -> Vec<String> {
        sqlx::any::install_default_drivers();
        let mut connection = AnyConnection::connect(&self.address).await.unwrap();
        let rows = sqlx::query_scalar(sqlx::AssertSqlSafe(sql.to_owned())).fetch_all(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        rows
    }
}

pub(crate) fn request(room: &str) -> JoinRequest {
    JoinRequest::from_link(None, room, None).unwrap()
}

pub(crate) fn client(address: &str) -> Client {
    Client { address: address.parse().ok(), device: "Firefox, Linux".to_owned() }
}

/// The person of this name has entered `room`.
pub(crate) fn entered(name: &str, room: &str) -> Event {
    let identity =
        somebody_from("work").with_subject(&format!("u-{name}")).with_email(&format!("{name}@example.com"), true);
    Event::new(Outcome::Entered, LoginId::random())
        .meeting(&request(room))
        .provider(identity.provider())
        .rule("staff")
        .role(Role::Participant)
        .person(Some(Person::of(&identity)))
        .client(client("198.51.100.7"))
}

/// Somebody from `address` was not verified.
pub(crate) fn failed(address: &str) -> Event {
    Event::new(Outcome::Failed, LoginId::random())
        .meeting(&request("standup"))
        .provider(&"work".parse().unwrap())
        .reason("provider-refused")
        .detail("the provider refused the login (`access_denied`)")
        .client(client(address))
}

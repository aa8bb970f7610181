//! Keeps what outlives a request: SQLite for one process, PostgreSQL for several.
//!
//! One set of SQL serves both, and it stands here alone: one file a table. Everybody else sees rows of plain text and
//! Unix seconds, whose ids are hashed and whose secrets are sealed before they come here.
//!
//! A store that cannot be reached is [`StoreError::Unreachable`] to each caller at once, after the first has waited at most
//! [`TIMEOUT`]; it is looked for in the background, and recovers by itself.
//!
//! SQLite runs with a write-ahead log and one writer. A process killed at any moment leaves whole transactions alone, since
//! what was committed is with the operating system; `synchronous=NORMAL` leaves it to the system when the log reaches the
//! disk, so that a power cut may forget the last moments of logins, and never leaves the file broken.

mod api;
mod audit;
mod audit_search;
mod audit_sink;
mod error;
mod failed_login;
mod inline;
mod look;
mod look_up;
mod measured;
mod open;
mod pass;
mod powers;
mod redis;
mod session;
mod session_identity;
mod sessions;
mod signing_key;
mod spent_token;
mod sweep;
mod together;

pub use api::{AnswerRow, ApiKeyRow};
pub use audit::{Added, AuditKeyRow, CheckpointRow, Doubtful, Found, HeadRow, PersonRow, RecordRow};
pub use audit_search::Wanted;
pub use audit_sink::Progress;
pub use error::StoreError;
pub use failed_login::Failures;
pub use inline::{FamilyRow, NewCode, NewFamily};
pub use look::Tables;
pub use measured::{Connections, Measured};
pub use pass::{PassRow, PassUse};
pub use session::{Listed, NewSession, Previous, SessionRow};
pub use session_identity::{Claim, IdentityRow, NewIdentity, Renewed};
pub use sessions::Sessions;
pub use signing_key::KeyRow;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use sqlx::{PgPool, SqlitePool};
use tokio::runtime::Handle;
use tokio::sync::watch;

use crate::measure::Histogram;
use error::{StillDown, Stopping, TooSlow};
use look_up::LookUps;
use session::Begun;
pub(crate) use together::{Line, line};

/// How long a caller waits for the store.
pub const TIMEOUT: Duration = Duration::from_secs(2);

/// How often a store that is down is looked for.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

/// The database. Cheap to clone; all clones share its connections.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    manner: Manner,
    target: open::Target,
    pools: OnceLock<Pools>,
    /// Logins whose sessions are to be kept.
    logins: Line<Begun>,
    /// Sessions that are looked for by their ids.
    sessions: LookUps<String, SessionRow>,
    health: watch::Sender<Health>,
    measured: Measured,
    /// Connections to a server belong to the runtime that opened them. This one outlives those of the web workers, which end
    /// one by one while requests on the others still finish.
    home: Handle,
}

#[derive(Clone)]
enum Pools {
    Sqlite { read: SqlitePool, write: SqlitePool },
    Postgres(PgPool),
}

/// What the store is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    /// To serve: it is made if it is not there, and brought to this version's tables.
    Serving,
    /// To be looked into: it stays as it is.
    Reading,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Health {
    /// Never reached yet, nor found dead.
    Opening,
    Up,
    Down,
}

/// Runs one query on either database: `on!(store, read, pool => query)`. The query owns what it binds.
macro_rules! on {
    ($store:expr, read, $pool:ident => $run:expr) => {
        match $store.pools().await? {
            $crate::store::Pools::Sqlite { read: $pool, .. } => {
                $store.here(&$store.measured().reads, async { $run }).await
            }
            $crate::store::Pools::Postgres($pool) => {
                $store.at_home(&$store.measured().reads, async move { $run }).await
            }
        }
    };
    ($store:expr, write, $pool:ident => $run:expr) => {
        match $store.pools().await? {
            $crate::store::Pools::Sqlite { write: $pool, .. } => {
                $store.here(&$store.measured().writes, async { $run }).await
            }
            $crate::store::Pools::Postgres($pool) => {
                $store.at_home(&$store.measured().writes, async move { $run }).await
            }
        }
    };
}
pub(in crate::store) use on;

impl Store {
    /// The store at `url` (`sqlite://FILE` or `postgres://…`). It is opened, and brought to this version's tables, in the
    /// background: whoever asks meanwhile waits for that.
    ///
    /// # Errors
    /// [`StoreError::Address`] if `url` is not the address of a store.
    ///
    /// # Panics
    /// Outside a Tokio runtime, which has to live as long as the store is used.
    pub fn open(url: &str) -> Result<Self, StoreError> {
        Self::open_in(Manner::Serving, url)
    }

    fn open_in(manner: Manner, url: &str) -> Result<Self, StoreError> {
        let (logins, counter) = line();
        let inner = Arc::new(Inner {
            manner,
            target: url.parse()?,
            pools: OnceLock::new(),
            logins,
            sessions: LookUps::new(),
            health: watch::Sender::new(Health::Opening),
            measured: Measured::default(),
            home: Handle::current(),
        });
        let watched = Arc::downgrade(&inner);
        tokio::spawn(async move {
            while let Some(inner) = watched.upgrade() {
                inner.recover().await;
                let mut health = inner.health.subscribe();
                drop(inner);
                if health.wait_for(|health| *health == Health::Down).await.is_err() {
                    return;
                }
            }
        });
        let writer = Arc::downgrade(&inner);
        tokio::spawn(counter.serve(move |logins| {
            let store = writer.upgrade().map(Self);
            async move { store.ok_or(StoreError::unreachable(Stopping))?.begin_sessions(logins).await }
        }));
        Ok(Self(inner))
    }

    /// Whether the store can be used now.
    ///
    /// # Errors
    /// Why not.
    pub async fn check(&self) -> Result<(), StoreError> {
        on!(self, read, pool => sqlx::query("SELECT 1").execute(&pool).await.map(drop))
    }

    /// Whether the store was there a moment ago: asks nobody, and waits only while it is being opened.
    ///
    /// # Errors
    /// It was not.
    pub(crate) async fn is_up(&self) -> Result<(), StoreError> {
        self.pools().await.map(drop)
    }

    async fn pools(&self) -> Result<Pools, StoreError> {
        let health = *self.0.health.borrow();
        let health = match health {
            Health::Opening => {
                let mut changes = self.0.health.subscribe();
                let known = changes.wait_for(|health| *health != Health::Opening);
                let known = tokio::time::timeout(TIMEOUT, known).await;
                known.ok().and_then(Result::ok).map_or(Health::Opening, |health| *health)
            }
            known => known,
        };
        match (health, self.0.pools.get()) {
            (Health::Up, Some(pools)) => Ok(pools.clone()),
            _ => Err(StoreError::unreachable(StillDown)),
        }
    }

    /// Runs a query of SQLite's, which has threads of its own, in the caller's task.
    async fn here<T>(
        &self,
        measured: &Histogram,
        run: impl Future<Output = Result<T, sqlx::Error>>,
    ) -> Result<T, StoreError> {
        let run = measured.time(tokio::time::timeout(TIMEOUT, run));
        run.await.map_err(|_| StoreError::unreachable(TooSlow))?.map_err(Into::into)
    }

    /// Runs a query of PostgreSQL's where its connections live.
    async fn at_home<T: Send + 'static>(
        &self,
        measured: &Histogram,
        run: impl Future<Output = Result<T, sqlx::Error>> + Send + 'static,
    ) -> Result<T, StoreError> {
        let task = self.0.home.spawn(tokio::time::timeout(TIMEOUT, run));
        let outcome = match measured.time(task).await {
            Ok(Ok(outcome)) => outcome.map_err(StoreError::from),
            Ok(Err(_)) => Err(StoreError::unreachable(TooSlow)),
            Err(_) => Err(StoreError::unreachable(Stopping)),
        };
        if let Err(StoreError::Unreachable(cause)) = &outcome {
            self.0.found_down(cause.as_ref());
        }
        outcome
    }
}

impl Inner {
    /// Lets everybody know at once, and [`recover`](Self::recover) begin.
    fn found_down(&self, cause: &(dyn std::error::Error + 'static)) {
        let was_up = self.health.send_if_modified(|health| std::mem::replace(health, Health::Down) == Health::Up);
        if was_up {
            tracing::error!(
                error = crate::provider::chain(cause),
                "the store cannot be reached: no new sessions until it is back",
            );
        }
    }

    /// Tries until the store answers.
    async fn recover(&self) {
        loop {
            match self.reach().await {
                Ok(()) => {
                    let was = self.health.send_replace(Health::Up);
                    if was == Health::Down {
                        tracing::info!("the store is back");
                    }
                    return;
                }
                Err(error) => {
                    if self.health.send_replace(Health::Down) == Health::Opening {
                        tracing::error!(
                            error = crate::provider::chain(&error),
                            "the store cannot be opened: no new sessions until it can",
                        );
                    }
                    tokio::time::sleep(LOOK_AGAIN).await;
                }
            }
        }
    }

    async fn reach(&self) -> Result<(), StoreError> {
        let reach = async {
            match self.pools.get() {
                None => {
                    let pools = match self.manner {
                        Manner::Serving => open::open(&self.target).await?,
                        Manner::Reading => open::open_to_read(&self.target),
                    };
                    self.pools.get_or_init(|| pools);
                    Ok(())
                }
                Some(Pools::Sqlite { read, .. }) => sqlx::query("SELECT 1").execute(read).await.map(drop),
                Some(Pools::Postgres(pool)) => sqlx::query("SELECT 1").execute(pool).await.map(drop),
            }
        };
        tokio::time::timeout(open::TIMEOUT, reach).await.map_err(|_| StoreError::unreachable(TooSlow))??;
        Ok(())
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("health", &*self.0.health.borrow()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;

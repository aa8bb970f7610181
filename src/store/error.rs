//! Why the store gave no answer.

use std::sync::Arc;

use sqlx::error::DatabaseError;

/// A cause of any kind, which all who waited for the same query share.
type Cause = Arc<dyn std::error::Error + Send + Sync>;

/// Why the store gave no answer. Neither its text nor its sources hold anything of a row.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// `store.url` or `store.sessions` cannot be the address of a store: the operator must act.
    #[error("the store's address cannot be used: {detail}")]
    Address {
        /// What is wrong with it, without the address itself, which may hold a password.
        detail: String,
    },
    /// It is down, starting, full or too slow: callers go on without it, and it recovers by itself.
    #[error("the store cannot be reached")]
    Unreachable(#[source] Cause),
    /// It was reached and refused the query: a fault of Roomkey's, or of whoever changed the tables.
    #[error("the store refused the query")]
    Refused(#[source] Cause),
}

/// The store has been found dead, and has not come back yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it was down a moment ago")]
pub(super) struct StillDown;

/// A query took longer than [`TIMEOUT`](super::TIMEOUT).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no answer in time")]
pub(super) struct TooSlow;

/// The runtime that holds the store's connections has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Roomkey is stopping")]
pub(super) struct Stopping;

/// The code of a refusal, or its kind.
#[derive(Debug, thiserror::Error)]
#[error("Redis says `{0}`")]
struct RedisSays(String);

impl StoreError {
    /// The store cannot be reached, because of `cause`.
    pub(crate) fn unreachable(cause: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Unreachable(Arc::new(cause))
    }

    /// Whoever would write has ended.
    pub(crate) fn stopping() -> Self {
        Self::unreachable(Stopping)
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let unreachable = match &error {
            sqlx::Error::Database(refusal) => is_trouble(refusal.as_ref()),
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => true,
            _ => false,
        };
        if unreachable { Self::unreachable(error) } else { Self::Refused(Arc::new(error)) }
    }
}

impl From<redis::RedisError> for StoreError {
    fn from(error: redis::RedisError) -> Self {
        let trouble = error.is_io_error()
            || error.is_timeout()
            || error.is_connection_dropped()
            || error.is_connection_refusal()
            || matches!(error.code(), Some("LOADING" | "READONLY" | "MASTERDOWN" | "OOM" | "MISCONF" | "NOREPLICAS"));
        // Text of the server's own could quote a script's arguments: the kind says enough.
        let cause = RedisSays(error.code().map_or_else(|| format!("{:?}", error.kind()), str::to_owned));
        if trouble { Self::unreachable(cause) } else { Self::Refused(Arc::new(cause)) }
    }
}

/// Whether a database's refusal is about the database and not about the query: PostgreSQL's classes 08, 53, 57 and 58 (its
/// manual, appendix A), a read-only replica, or SQLite's BUSY, LOCKED, READONLY, IOERR, CORRUPT, FULL and CANTOPEN.
fn is_trouble(refusal: &dyn DatabaseError) -> bool {
    let Some(code) = refusal.code() else {
        return false;
    };
    if refusal.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some() {
        // An extended code has the primary one in its lowest byte.
        return code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6 | 8 | 10 | 11 | 13 | 14));
    }
    ["08", "53", "57", "58"].iter().any(|class| code.starts_with(class)) || code == "25006" || code == "40001"
}

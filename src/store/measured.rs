//! What the store has measured of itself.

use std::sync::atomic::{AtomicU64, Ordering};

use super::{Pools, Store, StoreError, on};
use crate::measure::Histogram;

/// Most sessions that are counted: beyond, the count would take the database longer than it is worth.
const MOST_COUNTED: i64 = 1_000_000;

/// In the place of a number of sessions: they have not been counted yet.
const NOT_COUNTED: u64 = u64::MAX;

/// What the store has measured of itself.
#[derive(Debug)]
pub struct Measured {
    /// How long reading took, the wait for a connection included.
    pub reads: Histogram,
    /// How long writing took, the wait for a connection included.
    pub writes: Histogram,
    sessions: AtomicU64,
}

/// The connections of one pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connections {
    /// What they are for: `read`, `write`, or `all`.
    pub pool: &'static str,
    /// How many are in use.
    pub used: usize,
    /// How many are open and not in use.
    pub idle: usize,
    /// How many there may be.
    pub most: usize,
}

impl Default for Measured {
    fn default() -> Self {
        Self { reads: Histogram::default(), writes: Histogram::default(), sessions: AtomicU64::new(NOT_COUNTED) }
    }
}

impl Measured {
    /// How many sessions there were when they were last counted, at most a million; `None` before that.
    pub fn sessions(&self) -> Option<u64> {
        Some(self.sessions.load(Ordering::Relaxed)).filter(|&count| count != NOT_COUNTED)
    }
}

impl Store {
    /// What it has measured of itself.
    pub fn measured(&self) -> &Measured {
        &self.0.measured
    }

    /// Its connections, pool by pool; none before it has been reached for the first time.
    pub fn connections(&self) -> Vec<Connections> {
        let of = |pool, open: u32, idle: usize, most: u32| {
            let (open, most) = (open as usize, most as usize);
            Connections { pool, used: open.saturating_sub(idle), idle, most }
        };
        match self.0.pools.get() {
            None => Vec::new(),
            Some(Pools::Sqlite { read, write }) => vec![
                of("read", read.size(), read.num_idle(), read.options().get_max_connections()),
                of("write", write.size(), write.num_idle(), write.options().get_max_connections()),
            ],
            Some(Pools::Postgres(pool)) => {
                vec![of("all", pool.size(), pool.num_idle(), pool.options().get_max_connections())]
            }
        }
    }

    /// How many logins wait for their sessions to be written.
    pub fn logins_waiting(&self) -> usize {
        self.0.logins.length()
    }

    /// Counts the sessions that have not ended by `now`, for [`Measured::sessions`].
    ///
    /// # Errors
    /// The store is down; what was counted last stands.
    pub(super) async fn count_sessions(&self, now: i64) -> Result<(), StoreError> {
        let count: i64 = on!(self, read, pool => {
            sqlx::query_scalar(COUNT).bind(now).bind(MOST_COUNTED).fetch_one(&pool).await
        })?;
        self.0.measured.sessions.store(count.unsigned_abs(), Ordering::Relaxed);
        Ok(())
    }
}

/// By the index of ends alone.
const COUNT: &str = "SELECT COUNT(*) FROM (SELECT 1 FROM session WHERE ends > $1 LIMIT $2) AS counted";

//! Removing rows that have ended, in the background and in small batches, so that nobody waits for it.

use std::time::Duration;

use super::{Store, StoreError, on};
use crate::clock::Clock;

/// Rows removed by one transaction.
const BATCH: i64 = 200;

/// How often rows are looked for, and how long the store rests between two batches.
const INTERVAL: Duration = Duration::from_secs(30);
const REST: Duration = Duration::from_millis(20);

const SESSIONS: &str = "DELETE FROM session WHERE handle IN (SELECT handle FROM session WHERE ends <= $1 LIMIT $2)";

const TOKENS: &str = "DELETE FROM spent_token WHERE token IN (SELECT token FROM spent_token WHERE ends <= $1 LIMIT $2)";

const CODES: &str = "DELETE FROM inline_code WHERE code IN (SELECT code FROM inline_code WHERE ends <= $1 LIMIT $2)";

const FAMILIES: &str =
    "DELETE FROM inline_family WHERE family IN (SELECT family FROM inline_family WHERE ends <= $1 LIMIT $2)";

const FAILURES: &str = "DELETE FROM failed_login WHERE id IN (SELECT id FROM failed_login WHERE ends <= $1 LIMIT $2)";

const PASSES: &str = "DELETE FROM pass WHERE id IN (SELECT id FROM pass WHERE forgotten <= $1 LIMIT $2)";

/// Keys that have ended stand in the list for 30 days more.
const API_KEYS: &str = "DELETE FROM api_key WHERE id IN (SELECT id FROM api_key WHERE ends <= $1 - 2592000 LIMIT $2)";

const API_ANSWERS: &str = "DELETE FROM api_answer WHERE id IN (SELECT id FROM api_answer WHERE ends <= $1 LIMIT $2)";

impl Store {
    /// Removes what has ended by `now`, until nothing is left of it, and says how many rows it was.
    ///
    /// # Errors
    /// The store is down; the rest waits for the next sweep.
    pub async fn sweep(&self, now: i64) -> Result<u64, StoreError> {
        let mut swept = 0;
        for sql in [SESSIONS, TOKENS, CODES, FAMILIES, FAILURES, PASSES, API_KEYS, API_ANSWERS] {
            loop {
                let removed = on!(self, write, pool => {
                    sqlx::query(sql).bind(now).bind(BATCH).execute(&pool).await.map(|done| done.rows_affected())
                })?;
                swept += removed;
                if removed < BATCH.unsigned_abs() {
                    break;
                }
                tokio::time::sleep(REST).await;
            }
        }
        Ok(swept)
    }

    /// Sweeps, and counts what is left, for as long as the runtime lives. Several replicas may.
    pub fn sweep_regularly(&self, clock: Clock) {
        let store = self.clone();
        tokio::spawn(async move {
            loop {
                // A store that is down has been logged where it was found so, and what cannot be counted is not swept either.
                let _ = store.count_sessions(clock.now().as_second()).await;
                tokio::time::sleep(INTERVAL).await;
                if let Err(error @ StoreError::Refused(_)) = store.sweep(clock.now().as_second()).await {
                    tracing::error!(
                        error = crate::provider::chain(&error),
                        "sessions that have ended cannot be removed"
                    );
                }
            }
        });
    }
}

//! Table `failed_login`: how often logins by password have failed, by the hash of whose they are.

use super::{Store, StoreError, on};

const FIND: &str = "SELECT failures, last_failed FROM failed_login WHERE id = $1";

/// Takes the place of what was read, and of nothing else.
const COUNT: &str = "INSERT INTO failed_login (id, failures, last_failed, ends) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (id) DO UPDATE SET failures = excluded.failures, last_failed = excluded.last_failed, ends = excluded.ends \
     WHERE failed_login.failures = $5 AND failed_login.last_failed = $6";

const FORGET: &str = "DELETE FROM failed_login WHERE id = $1";

/// Failures: how many there were at the time of the last, and when that was, in Unix seconds.
pub type Failures = (i64, i64);

impl Store {
    /// What is known of `id`.
    ///
    /// # Errors
    /// The store is down.
    pub async fn failures(&self, id: String) -> Result<Option<Failures>, StoreError> {
        on!(self, read, pool => sqlx::query_as(FIND).bind(id).fetch_optional(&pool).await)
    }

    /// Notes `new` until `ends`; `false` if it is not `seen` any more that is known of `id`.
    ///
    /// # Errors
    /// The store is down: whether it is noted is not known.
    pub async fn note_failures(
        &self,
        id: String,
        seen: Option<Failures>,
        new: Failures,
        ends: i64,
    ) -> Result<bool, StoreError> {
        let seen = seen.unwrap_or((-1, -1));
        let noted = on!(self, write, pool => {
            let count = sqlx::query(COUNT).bind(id).bind(new.0).bind(new.1).bind(ends).bind(seen.0).bind(seen.1);
            count.execute(&pool).await.map(|done| done.rows_affected())
        })?;
        Ok(noted > 0)
    }

    /// Forgets all failures of `id`.
    ///
    /// # Errors
    /// The store is down: they count on.
    pub async fn forget_failures(&self, id: String) -> Result<(), StoreError> {
        on!(self, write, pool => sqlx::query(FORGET).bind(id).execute(&pool).await.map(drop))
    }
}

//! Table `audit_sink`: how far the audit trail has been sent on, and who sends.

use super::{Store, StoreError, on};

/// How far a sink has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Progress {
    /// All records up to this one have arrived.
    pub delivered: i64,
    /// Those up to this one may have.
    pub tried: i64,
}

/// A sink begins with what is recorded from then on.
const BEGIN: &str = "INSERT INTO audit_sink (name, delivered, tried, holder, lease) \
     SELECT $1, number, number, '', 0 FROM audit_head WHERE one = 1 ON CONFLICT (name) DO NOTHING";

const CLAIM: &str = "UPDATE audit_sink SET holder = $1, lease = $2 WHERE name = $3 AND (holder = $1 OR lease <= $4) \
     RETURNING delivered, tried";

const NOTE: &str = "UPDATE audit_sink SET delivered = $1, tried = $2 WHERE name = $3 AND holder = $4";

const FIND: &str = "SELECT delivered, tried FROM audit_sink WHERE name = $1";

impl Store {
    /// Claims a sink for `holder` until `lease`, and says how far it has come; `None` if another has it.
    ///
    /// # Errors
    /// The store is down.
    pub async fn claim_sink(
        &self,
        name: &'static str,
        holder: String,
        now: i64,
        lease: i64,
    ) -> Result<Option<Progress>, StoreError> {
        if self.sink(name).await?.is_none() {
            on!(self, write, pool => sqlx::query(BEGIN).bind(name).execute(&pool).await.map(drop))?;
        }
        on!(self, write, pool => {
            sqlx::query_as(CLAIM).bind(holder).bind(lease).bind(name).bind(now).fetch_optional(&pool).await
        })
    }

    /// Notes how far a sink has come, if `holder` has it still.
    ///
    /// # Errors
    /// It may not have been noted.
    pub async fn note_sink(
        &self,
        name: &'static str,
        holder: String,
        Progress { delivered, tried }: Progress,
    ) -> Result<(), StoreError> {
        on!(self, write, pool => {
            sqlx::query(NOTE).bind(delivered).bind(tried).bind(name).bind(holder).execute(&pool).await.map(drop)
        })
    }

    /// How far a sink has come; `None` if it has never begun.
    ///
    /// # Errors
    /// The store is down.
    pub async fn sink(&self, name: &'static str) -> Result<Option<Progress>, StoreError> {
        on!(self, read, pool => sqlx::query_as(FIND).bind(name).fetch_optional(&pool).await)
    }
}

//! Table `spent_token`: tokens that are good for one use.

use super::{Store, StoreError, on};

const SPEND: &str = "INSERT INTO spent_token (token, ends) VALUES ($1, $2) ON CONFLICT (token) DO NOTHING";

impl Store {
    /// Remembers the token of this hash until `ends`; `false` if it has been spent before, on any replica.
    ///
    /// # Errors
    /// The store is down: whether it has been spent is not known.
    pub async fn spend(&self, token: String, ends: i64) -> Result<bool, StoreError> {
        let spent = on!(self, write, pool => {
            sqlx::query(SPEND).bind(token).bind(ends).execute(&pool).await.map(|done| done.rows_affected())
        })?;
        Ok(spent > 0)
    }
}

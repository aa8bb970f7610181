//! Table `signing_key`: the keys that Roomkey makes itself.

use super::{Store, StoreError, on};

/// A key as the store has it. Times are Unix seconds.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct KeyRow {
    /// Counts the keys.
    pub number: i64,
    /// Its `kid`.
    pub kid: String,
    /// The private key, sealed.
    pub sealed: String,
    /// Since when it is published.
    pub published: i64,
    /// From when on it may sign.
    pub signs: i64,
    /// Longest life of the tokens that it has signed, in seconds.
    pub token_lifetime: i64,
}

const ALL: &str = "SELECT number, kid, sealed, published, signs, token_lifetime FROM signing_key ORDER BY number";

const ADD: &str = "INSERT INTO signing_key (number, kid, sealed, published, signs, token_lifetime) \
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";

const RESEAL: &str = "UPDATE signing_key SET sealed = $1 WHERE number = $2 AND sealed = $3";

const LENGTHEN: &str = "UPDATE signing_key SET token_lifetime = $1 WHERE number = $2 AND token_lifetime < $1";

const REMOVE: &str = "DELETE FROM signing_key WHERE number = $1";

const REMOVE_BEFORE: &str = "DELETE FROM signing_key WHERE number < $1";

impl Store {
    /// All keys, by their numbers.
    ///
    /// # Errors
    /// They are not known now.
    pub async fn signing_keys(&self) -> Result<Vec<KeyRow>, StoreError> {
        on!(self, read, pool => sqlx::query_as(ALL).fetch_all(&pool).await)
    }

    /// Adds a key; `false` if another replica has added one of this number first.
    ///
    /// # Errors
    /// Nobody knows whether it has been added.
    pub async fn add_signing_key(&self, row: KeyRow) -> Result<bool, StoreError> {
        let KeyRow { number, kid, sealed, published, signs, token_lifetime } = row;
        let added = on!(self, write, pool => {
            let add = sqlx::query(ADD).bind(number).bind(kid).bind(sealed).bind(published).bind(signs);
            add.bind(token_lifetime).execute(&pool).await.map(|done| done.rows_affected())
        })?;
        Ok(added > 0)
    }

    /// Puts `sealed` in place of what `row` has, unless another replica was first.
    ///
    /// # Errors
    /// It may be as it was.
    pub async fn reseal_signing_key(&self, row: KeyRow, sealed: String) -> Result<(), StoreError> {
        on!(self, write, pool => {
            sqlx::query(RESEAL).bind(sealed).bind(row.number).bind(row.sealed).execute(&pool).await.map(drop)
        })
    }

    /// Notes that a key signs tokens that live for so many seconds, if that is longer than what is known.
    ///
    /// # Errors
    /// It may not have been noted.
    pub async fn lengthen_tokens_of(&self, number: i64, token_lifetime: i64) -> Result<(), StoreError> {
        on!(self, write, pool => {
            sqlx::query(LENGTHEN).bind(token_lifetime).bind(number).execute(&pool).await.map(drop)
        })
    }

    /// Removes a key.
    ///
    /// # Errors
    /// It may still be there.
    pub async fn remove_signing_key(&self, number: i64) -> Result<(), StoreError> {
        on!(self, write, pool => sqlx::query(REMOVE).bind(number).execute(&pool).await.map(drop))
    }

    /// Removes every key before this one, and says how many.
    ///
    /// # Errors
    /// They may still be there.
    pub async fn remove_signing_keys_before(&self, number: i64) -> Result<u64, StoreError> {
        on!(self, write, pool => {
            sqlx::query(REMOVE_BEFORE).bind(number).execute(&pool).await.map(|done| done.rows_affected())
        })
    }
}

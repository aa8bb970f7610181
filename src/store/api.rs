//! Tables `api_key` and `api_answer`: keys of programs, and what they were answered.

use super::{Store, StoreError, on};

/// A key as it is kept. Times are Unix seconds.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ApiKeyRow {
    /// What names it. Opens nothing.
    pub id: String,
    /// The SHA-256 of the key.
    pub secret: String,
    /// What whoever made it calls it.
    pub name: String,
    /// What it may do, in words between spaces.
    pub scopes: String,
    /// When it was made.
    pub made: i64,
    /// When it ends.
    pub ends: i64,
}

/// An answer that is given again to whoever asks the same again.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct AnswerRow {
    /// The hash of who asks, and of what they call their request.
    pub id: String,
    /// Who asks: the id of a key.
    pub api_key: String,
    /// The hash of the request.
    pub asked: String,
    /// The answer, sealed.
    pub answer: String,
    /// Until when it is given again.
    pub ends: i64,
}

/// Answers that are kept for one key.
pub(super) const MOST_ANSWERS: i64 = 1_000;

const PUT_KEY: &str = "INSERT INTO api_key (id, secret, name, scopes, made, ends) VALUES ($1, $2, $3, $4, $5, $6)";

const FIND_KEY: &str = "SELECT id, secret, name, scopes, made, ends FROM api_key WHERE secret = $1 AND ends > $2";

const LIST_KEYS: &str = "SELECT id, secret, name, scopes, made, ends FROM api_key ORDER BY made, id";

const END_KEY: &str = "DELETE FROM api_key WHERE id = $1 RETURNING id, secret, name, scopes, made, ends";

const FIND_ANSWER: &str = "SELECT id, api_key, asked, answer, ends FROM api_answer WHERE id = $1 AND ends > $2";

/// Takes the place of an answer that has ended, and of no other.
pub(super) const PUT_ANSWER: &str = "INSERT INTO api_answer (id, api_key, asked, answer, ends) VALUES ($1, $2, $3, $4, $5) \
     ON CONFLICT (id) DO UPDATE SET asked = excluded.asked, answer = excluded.answer, ends = excluded.ends \
     WHERE api_answer.ends <= $6";

/// Removes the oldest answers to a key that are too many.
pub(super) const CUT_ANSWERS: &str = "DELETE FROM api_answer WHERE id IN (SELECT id FROM api_answer WHERE api_key = $1 \
     ORDER BY ends DESC, id LIMIT 9223372036854775807 OFFSET $2)";

impl Store {
    /// Keeps a key.
    ///
    /// # Errors
    /// The store is down.
    pub async fn keep_api_key(&self, key: ApiKeyRow) -> Result<(), StoreError> {
        let ApiKeyRow { id, secret, name, scopes, made, ends } = key;
        on!(self, write, pool => {
            let put = sqlx::query(PUT_KEY).bind(id).bind(secret).bind(name).bind(scopes).bind(made).bind(ends);
            put.execute(&pool).await.map(drop)
        })
    }

    /// The key with this SHA-256, unless it has ended by `now`.
    ///
    /// # Errors
    /// The store is down.
    pub async fn api_key(&self, secret: String, now: i64) -> Result<Option<ApiKeyRow>, StoreError> {
        on!(self, read, pool => sqlx::query_as(FIND_KEY).bind(secret).bind(now).fetch_optional(&pool).await)
    }

    /// All keys, those that ended lately included.
    ///
    /// # Errors
    /// The store is down.
    pub async fn api_keys(&self) -> Result<Vec<ApiKeyRow>, StoreError> {
        on!(self, read, pool => sqlx::query_as(LIST_KEYS).fetch_all(&pool).await)
    }

    /// Ends the key of this id at once, and gives what was known of it; `None` if there is none.
    ///
    /// # Errors
    /// The store is down.
    pub async fn end_api_key(&self, id: String) -> Result<Option<ApiKeyRow>, StoreError> {
        on!(self, write, pool => sqlx::query_as(END_KEY).bind(id).fetch_optional(&pool).await)
    }

    /// What was answered to the request of this id, if it is given again at `now`.
    ///
    /// # Errors
    /// The store is down.
    pub async fn api_answer(&self, id: String, now: i64) -> Result<Option<AnswerRow>, StoreError> {
        on!(self, read, pool => sqlx::query_as(FIND_ANSWER).bind(id).bind(now).fetch_optional(&pool).await)
    }
}

#[cfg(test)]
mod tests;

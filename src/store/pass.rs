//! Tables `pass` and `pass_person`: invitations, and who has come by them.

use sqlx::QueryBuilder;

use super::api::{AnswerRow, CUT_ANSWERS, MOST_ANSWERS, PUT_ANSWER};
use super::{Store, StoreError, on};

/// A pass as it is kept. Times are Unix seconds.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct PassRow {
    /// What names it. Opens nothing.
    pub id: String,
    /// The SHA-256 of its code.
    pub code: String,
    /// Rooms, role, features, and whom it is for, as JSON.
    pub terms: String,
    /// What `most` is a number of: `uses` or `people`.
    pub counts: String,
    /// The limit; 0 for none.
    pub most: i64,
    /// How many there were.
    pub used: i64,
    /// When it begins to be good; 0 for at once.
    pub begins: i64,
    /// When it ceases to be.
    pub ends: i64,
    /// When it was made.
    pub made: i64,
    /// When it was withdrawn; 0 if it was not.
    pub withdrawn: i64,
    /// When it goes from the store.
    pub forgotten: i64,
}

/// Somebody about to enter by a pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassUse {
    /// The SHA-256 of its code.
    pub code: String,
    /// Whoever comes, by a hash, if people are counted: each of them counts once.
    pub person: Option<String>,
}

const INSERT: &str =
    "INSERT INTO pass (id, code, terms, counts, most, used, begins, ends, made, withdrawn, forgotten) ";

const FIND: &str = "SELECT id, code, terms, counts, most, used, begins, ends, made, withdrawn, forgotten \
     FROM pass WHERE code = $1";

const FIND_NAMED: &str = "SELECT id, code, terms, counts, most, used, begins, ends, made, withdrawn, forgotten \
     FROM pass WHERE id = $1";

const LIST: &str = "SELECT id, code, terms, counts, most, used, begins, ends, made, withdrawn, forgotten \
     FROM pass WHERE id > $1 ORDER BY id LIMIT $2";

/// Counts one use more, if there is one left.
const COUNT: &str = "UPDATE pass SET used = used + 1 \
     WHERE code = $1 AND withdrawn = 0 AND begins <= $2 AND ends > $2 AND (most = 0 OR used < most)";

/// Notes somebody who has not come before.
const COME: &str = "INSERT INTO pass_person (pass, person) \
     SELECT id, $2 FROM pass WHERE code = $1 AND withdrawn = 0 AND begins <= $3 AND ends > $3 \
     ON CONFLICT (pass, person) DO NOTHING";

/// Whether somebody has come before by a pass that is still good.
const HAS_COME: &str = "SELECT COUNT(*) FROM pass p JOIN pass_person q ON q.pass = p.id \
     WHERE p.code = $1 AND q.person = $2 AND p.withdrawn = 0 AND p.begins <= $3 AND p.ends > $3";

const WITHDRAW: &str = "UPDATE pass SET withdrawn = $2 WHERE id = $1 AND withdrawn = 0";

/// Rows of one statement: SQLite takes 32,766 values.
const ROWS: usize = 500;

impl Store {
    /// Keeps passes, all or none.
    ///
    /// # Errors
    /// The store is down: none is kept.
    pub async fn keep_passes(&self, passes: Vec<PassRow>) -> Result<(), StoreError> {
        self.keep(passes, None).await.map(drop)
    }

    /// Keeps passes together with the `answer` that tells of them, all or none; `false`, and nothing is kept, if the same request has
    /// an answer at `now`. Of one key's answers the oldest go when they become too many.
    ///
    /// # Errors
    /// The store is down: none is kept.
    pub async fn keep_passes_once(
        &self,
        passes: Vec<PassRow>,
        answer: AnswerRow,
        now: i64,
    ) -> Result<bool, StoreError> {
        self.keep(passes, Some((answer, now))).await
    }

    async fn keep(&self, passes: Vec<PassRow>, answer: Option<(AnswerRow, i64)>) -> Result<bool, StoreError> {
        on!(self, write, pool => {
            let mut transaction = pool.begin().await?;
            if let Some((AnswerRow { id, api_key, asked, answer, ends }, now)) = answer {
                let put = sqlx::query(PUT_ANSWER).bind(id).bind(&api_key).bind(asked).bind(answer).bind(ends).bind(now);
                if put.execute(&mut *transaction).await?.rows_affected() == 0 {
                    transaction.rollback().await?;
                    return Ok(false);
                }
                sqlx::query(CUT_ANSWERS).bind(api_key).bind(MOST_ANSWERS).execute(&mut *transaction).await?;
            }
            for rows in passes.chunks(ROWS) {
                let values = |mut values: sqlx::query_builder::Separated<'_, _, _>, row: &PassRow| {
                    values.push_bind(row.id.clone()).push_bind(row.code.clone()).push_bind(row.terms.clone());
                    values.push_bind(row.counts.clone()).push_bind(row.most).push_bind(row.used);
                    values.push_bind(row.begins).push_bind(row.ends).push_bind(row.made);
                    values.push_bind(row.withdrawn).push_bind(row.forgotten);
                };
                QueryBuilder::new(INSERT).push_values(rows, values).build().execute(&mut *transaction).await?;
            }
            transaction.commit().await?;
            Ok(true)
        })
    }

    /// The pass whose code has this SHA-256.
    ///
    /// # Errors
    /// The store is down.
    pub async fn pass(&self, code: String) -> Result<Option<PassRow>, StoreError> {
        on!(self, read, pool => sqlx::query_as(FIND).bind(code).fetch_optional(&pool).await)
    }

    /// The pass of this id.
    ///
    /// # Errors
    /// The store is down.
    pub async fn pass_named(&self, id: String) -> Result<Option<PassRow>, StoreError> {
        on!(self, read, pool => sqlx::query_as(FIND_NAMED).bind(id).fetch_optional(&pool).await)
    }

    /// The first `most` passes behind the id `after`, in the order in which they were made.
    ///
    /// # Errors
    /// The store is down.
    pub async fn passes(&self, after: String, most: i64) -> Result<Vec<PassRow>, StoreError> {
        on!(self, read, pool => sqlx::query_as(LIST).bind(after).bind(most).fetch_all(&pool).await)
    }

    /// Lets somebody in by a pass at `now`, if it is good and there is room for one more; of any number that come at once, on any
    /// number of replicas, no more than its limit.
    ///
    /// # Errors
    /// The store is down: whether it counted is not known.
    pub async fn use_pass(&self, used: PassUse, now: i64) -> Result<bool, StoreError> {
        let PassUse { code, person } = used;
        match person {
            None => on!(self, write, pool => {
                let counted = sqlx::query(COUNT).bind(code).bind(now).execute(&pool).await?;
                Ok(counted.rows_affected() == 1)
            }),
            Some(person) => on!(self, write, pool => {
                let mut transaction = pool.begin().await?;
                let come = sqlx::query(COME).bind(&code).bind(&person).bind(now).execute(&mut *transaction).await?;
                let is_let_in = if come.rows_affected() == 1 {
                    let counted = sqlx::query(COUNT).bind(&code).bind(now).execute(&mut *transaction).await?;
                    counted.rows_affected() == 1
                } else {
                    let known = sqlx::query_scalar::<_, i64>(HAS_COME).bind(&code).bind(&person).bind(now);
                    known.fetch_one(&mut *transaction).await? > 0
                };
                if is_let_in {
                    transaction.commit().await?;
                } else {
                    transaction.rollback().await?;
                }
                Ok(is_let_in)
            }),
        }
    }

    /// Withdraws the pass of this id; `false` if there is none, or it was withdrawn before.
    ///
    /// # Errors
    /// The store is down.
    pub async fn withdraw_pass(&self, id: String, now: i64) -> Result<bool, StoreError> {
        let withdrawn = on!(self, write, pool => {
            sqlx::query(WITHDRAW).bind(id).bind(now).execute(&pool).await.map(|done| done.rows_affected())
        })?;
        Ok(withdrawn > 0)
    }
}

#[cfg(test)]
pub(super) mod tests;

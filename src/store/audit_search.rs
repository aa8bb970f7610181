//! Searching `audit_record`: one index serves each search, and what it does not hold is checked row by row.

use sqlx::{Database, QueryBuilder};

use super::powers::one_of;
use super::{PersonRow, RecordRow, Store, StoreError, on};

/// Which records are looked for; all that is given has to fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// From this time on, in Unix microseconds.
    pub since: Option<i64>,
    /// Before this time.
    pub until: Option<i64>,
    /// Of this room.
    pub room: Option<String>,
    /// Within this tenant.
    pub tenant: Option<String>,
    /// With this outcome.
    pub outcome: Option<String>,
    /// With this reference number.
    pub reference: Option<String>,
    /// By this provider.
    pub provider: Option<String>,
    /// Of this person, by the name of their key.
    pub person: Option<String>,
    /// After this record, by its time and number, in the order asked for: the next page.
    pub last: Option<(i64, i64)>,
    /// Oldest first, and not newest first.
    pub oldest_first: bool,
}

const SELECT: &str = "SELECT number, at, outcome, reference, room, tenant, provider, rule, role, reason, detail, device, \
     person, sealed, hash FROM audit_record WHERE 1 = 1";

const NAMED: &str = "SELECT person, subject, handle, sealed FROM audit_person WHERE person IN (";

const OF_SUBJECT: &str =
    "SELECT person, subject, handle, sealed FROM audit_person WHERE subject = $1 OR handle = $1 LIMIT $2";

impl Wanted {
    fn query<DB: Database>(self, limit: i64) -> QueryBuilder<DB>
    where
        i64: sqlx::Type<DB> + for<'q> sqlx::Encode<'q, DB>,
        String: sqlx::Type<DB> + for<'q> sqlx::Encode<'q, DB>,
    {
        let mut query = QueryBuilder::new(SELECT);
        let texts = [
            (" AND room = ", self.room),
            (" AND tenant = ", self.tenant),
            (" AND outcome = ", self.outcome),
            (" AND reference = ", self.reference),
            (" AND provider = ", self.provider),
            (" AND person = ", self.person),
        ];
        for (condition, text) in texts {
            if let Some(text) = text {
                query.push(condition).push_bind(text);
            }
        }
        if let Some(since) = self.since {
            query.push(" AND at >= ").push_bind(since);
        }
        if let Some(until) = self.until {
            query.push(" AND at < ").push_bind(until);
        }
        let (after, order) = if self.oldest_first { (">", "") } else { ("<", " DESC") };
        if let Some((at, number)) = self.last {
            query.push(format!(" AND at {after}= ")).push_bind(at);
            query.push(format!(" AND (at {after} ")).push_bind(at);
            query.push(format!(" OR number {after} ")).push_bind(number).push(")");
        }
        query.push(format!(" ORDER BY at{order}, number{order} LIMIT ")).push_bind(limit);
        query
    }
}

impl Store {
    /// The records that fit, newest first, at most `limit`.
    ///
    /// # Errors
    /// The store is down.
    pub async fn search_trail(&self, wanted: Wanted, limit: i64) -> Result<Vec<RecordRow>, StoreError> {
        on!(self, read, pool => wanted.query(limit).build_query_as().fetch_all(&pool).await)
    }

    /// The people of these names.
    ///
    /// # Errors
    /// The store is down.
    pub async fn people_named(&self, people: Vec<String>) -> Result<Vec<PersonRow>, StoreError> {
        on!(self, read, pool => one_of(NAMED, people).build_query_as().fetch_all(&pool).await)
    }

    /// The people whose subject or handle has this hash, at most `limit`.
    ///
    /// # Errors
    /// The store is down.
    pub async fn people_by(&self, hash: String, limit: i64) -> Result<Vec<PersonRow>, StoreError> {
        on!(self, read, pool => sqlx::query_as(OF_SUBJECT).bind(hash).bind(limit).fetch_all(&pool).await)
    }
}

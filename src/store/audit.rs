//! Tables `audit_record`, `audit_person`, `audit_head`, `audit_checkpoint` and `audit_key`: the audit trail.
//!
//! Whatever changes the trail holds the row of `audit_head` from its first statement on, so that replicas take turns.

use serde::{Deserialize, Serialize};
use sqlx::QueryBuilder;

use super::powers::{one_of, portions};
use super::{Store, StoreError, on};

/// A record, column by column; the text of what it has not is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct RecordRow {
    /// Counts the records, from 1 on.
    pub number: i64,
    /// When it was decided, in Unix microseconds.
    pub at: i64,
    /// What became of the attempt.
    pub outcome: String,
    /// The reference number.
    pub reference: String,
    /// The room, as Prosody sees it.
    pub room: String,
    /// Its tenant.
    pub tenant: String,
    /// The provider's id.
    pub provider: String,
    /// The rule that decided.
    pub rule: String,
    /// As what somebody was let in.
    pub role: String,
    /// A stable word for why.
    pub reason: String,
    /// More about it, for people to read.
    pub detail: String,
    /// Family of browser and system.
    pub device: String,
    /// Whose key seals the rest.
    pub person: String,
    /// What is known of the person, sealed.
    pub sealed: String,
    /// The SHA-256 of all the above and of the hash before.
    pub hash: String,
}

/// A person's key.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct PersonRow {
    /// A random name.
    pub person: String,
    /// A keyed hash of provider and subject.
    pub subject: String,
    /// A keyed hash of the address, or of what else they go by.
    pub handle: String,
    /// The key, sealed.
    pub sealed: String,
}

/// Where the chain ends.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct HeadRow {
    /// The last record.
    pub number: i64,
    /// Its hash.
    pub hash: String,
    /// The last record that has been removed for its age.
    pub cut: i64,
    /// The last record that has been signed.
    pub checkpoint: i64,
    /// When that was, in Unix microseconds.
    pub checkpoint_at: i64,
    /// A keyed hash of all the above.
    pub seal: String,
}

/// A signed record.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow, Serialize, Deserialize)]
pub struct CheckpointRow {
    /// The record.
    pub number: i64,
    /// When it was signed, in Unix microseconds.
    pub at: i64,
    /// The record's hash.
    pub hash: String,
    /// The checkpoint before.
    pub previous: i64,
    /// By whom.
    pub public_key: String,
    /// Over all the above.
    pub signature: String,
}

/// A secret of the trail.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct AuditKeyRow {
    /// Counts them.
    pub number: i64,
    /// The secret, sealed.
    pub sealed: String,
}

/// What names a record that may have been written already, though nobody was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubtful {
    /// Its reference number.
    pub reference: String,
    /// When it was decided.
    pub at: i64,
    /// Its outcome.
    pub outcome: String,
}

/// What whoever adds to the chain finds once nobody else can.
#[derive(Clone, Debug)]
pub struct Found {
    /// Where it ends.
    pub head: HeadRow,
    /// Of the people asked for, those who are known.
    pub people: Vec<PersonRow>,
    /// Of each doubtful record, whether it is there.
    pub written: Vec<bool>,
}

/// What is added to the chain.
#[derive(Clone, Debug, Default)]
pub struct Added {
    /// People who were not known.
    pub people: Vec<PersonRow>,
    /// The records.
    pub records: Vec<RecordRow>,
    /// People whose keys are destroyed.
    pub erased: Vec<String>,
    /// A signature, if it is time for one.
    pub checkpoint: Option<CheckpointRow>,
    /// Where the chain ends now. What its `cut` has passed is removed, with the keys of people of whom nothing else is left.
    pub head: HeadRow,
}

const HOLD: &str = "UPDATE audit_head SET number = number WHERE one = 1 \
     RETURNING number, hash, cut, checkpoint, checkpoint_at, seal";

const HEAD: &str = "SELECT number, hash, cut, checkpoint, checkpoint_at, seal FROM audit_head WHERE one = 1";

const MOVE: &str = "UPDATE audit_head SET number = $1, hash = $2, cut = $3, checkpoint = $4, checkpoint_at = $5, seal = $6 \
     WHERE one = 1";

const IS_WRITTEN: &str = "SELECT number FROM audit_record WHERE reference = $1 AND at = $2 AND outcome = $3";

const PEOPLE: &str = "SELECT person, subject, handle, sealed FROM audit_person WHERE subject IN (";

const INSERT_PEOPLE: &str = "INSERT INTO audit_person (person, subject, handle, sealed) ";

const INSERT: &str = "INSERT INTO audit_record (number, at, outcome, reference, room, tenant, provider, rule, role, reason, \
     detail, device, person, sealed, hash) ";

const ERASE: &str = "DELETE FROM audit_person WHERE person IN (";

const CUT_PEOPLE: &str = "DELETE FROM audit_person WHERE person IN (SELECT person FROM audit_record WHERE number <= $1) \
     AND NOT EXISTS (SELECT 1 FROM audit_record r WHERE r.person = audit_person.person AND r.number > $1)";

const CUT: &str = "DELETE FROM audit_record WHERE number <= $1";

const CUT_CHECKPOINTS: &str = "DELETE FROM audit_checkpoint WHERE number < $1";

const SIGN: &str = "INSERT INTO audit_checkpoint (number, at, hash, previous, public_key, signature) \
     VALUES ($1, $2, $3, $4, $5, $6)";

const RECORDS: &str = "SELECT number, at, outcome, reference, room, tenant, provider, rule, role, reason, detail, device, \
     person, sealed, hash FROM audit_record WHERE number > $1 ORDER BY number LIMIT $2";

const CHECKPOINTS: &str =
    "SELECT number, at, hash, previous, public_key, signature FROM audit_checkpoint ORDER BY number";

const ALL_PEOPLE: &str =
    "SELECT person, subject, handle, sealed FROM audit_person WHERE person > $1 ORDER BY person LIMIT $2";

const KEYS: &str = "SELECT number, sealed FROM audit_key ORDER BY number";

const ADD_KEY: &str = "INSERT INTO audit_key (number, sealed) VALUES ($1, $2) ON CONFLICT DO NOTHING";

const RESEAL_KEY: &str = "UPDATE audit_key SET sealed = $1 WHERE number = $2 AND sealed = $3";

impl Store {
    /// Adds to the chain what `link` makes of what it finds, all or nothing. `subjects` are the people it needs to know of,
    /// `doubtful` the records that may be there.
    ///
    /// # Errors
    /// Nothing has been added, or nobody knows.
    pub async fn add_to_trail<F>(
        &self,
        subjects: Vec<String>,
        doubtful: Vec<Doubtful>,
        link: F,
    ) -> Result<(), StoreError>
    where
        F: FnOnce(Found) -> Added + Send + 'static,
    {
        on!(self, write, pool => {
            let mut transaction = pool.begin().await?;
            let head: HeadRow = sqlx::query_as(HOLD).fetch_one(&mut *transaction).await?;
            let cut = head.cut;
            let mut written = Vec::with_capacity(doubtful.len());
            for Doubtful { reference, at, outcome } in doubtful {
                let found = sqlx::query_scalar::<_, i64>(IS_WRITTEN).bind(reference).bind(at).bind(outcome);
                written.push(found.fetch_optional(&mut *transaction).await?.is_some());
            }
            let mut people = Vec::new();
            if !subjects.is_empty() {
                people = one_of(PEOPLE, subjects).build_query_as().fetch_all(&mut *transaction).await?;
            }
            let Added { people, records, erased, checkpoint, head } = link(Found { head, people, written });
            for rows in portions(people) {
                QueryBuilder::new(INSERT_PEOPLE)
                    .push_values(rows, |mut values, PersonRow { person, subject, handle, sealed }| {
                        values.push_bind(person).push_bind(subject).push_bind(handle).push_bind(sealed);
                    })
                    .build()
                    .execute(&mut *transaction)
                    .await?;
            }
            for rows in portions(records) {
                QueryBuilder::new(INSERT)
                    .push_values(rows, |mut values, row| {
                        values.push_bind(row.number).push_bind(row.at).push_bind(row.outcome);
                        values.push_bind(row.reference).push_bind(row.room).push_bind(row.tenant);
                        values.push_bind(row.provider).push_bind(row.rule).push_bind(row.role);
                        values.push_bind(row.reason).push_bind(row.detail).push_bind(row.device);
                        values.push_bind(row.person).push_bind(row.sealed).push_bind(row.hash);
                    })
                    .build()
                    .execute(&mut *transaction)
                    .await?;
            }
            if !erased.is_empty() {
                one_of(ERASE, erased).build().execute(&mut *transaction).await?;
            }
            if head.cut > cut {
                for sql in [CUT_PEOPLE, CUT, CUT_CHECKPOINTS] {
                    sqlx::query(sql).bind(head.cut).execute(&mut *transaction).await?;
                }
            }
            if let Some(CheckpointRow { number, at, hash, previous, public_key, signature }) = checkpoint {
                let sign = sqlx::query(SIGN).bind(number).bind(at).bind(hash).bind(previous);
                sign.bind(public_key).bind(signature).execute(&mut *transaction).await?;
            }
            let HeadRow { number, hash, cut, checkpoint, checkpoint_at, seal } = head;
            let moved = sqlx::query(MOVE).bind(number).bind(hash).bind(cut).bind(checkpoint).bind(checkpoint_at);
            moved.bind(seal).execute(&mut *transaction).await?;
            transaction.commit().await
        })
    }

    /// Where the chain ends.
    ///
    /// # Errors
    /// The store is down, or the row is gone.
    pub async fn head_of_trail(&self) -> Result<HeadRow, StoreError> {
        on!(self, read, pool => sqlx::query_as(HEAD).fetch_one(&pool).await)
    }

    /// The records after the one of this number, at most `limit`.
    ///
    /// # Errors
    /// The store is down.
    pub async fn records_after(&self, number: i64, limit: i64) -> Result<Vec<RecordRow>, StoreError> {
        on!(self, read, pool => sqlx::query_as(RECORDS).bind(number).bind(limit).fetch_all(&pool).await)
    }

    /// All signed records.
    ///
    /// # Errors
    /// The store is down.
    pub async fn checkpoints(&self) -> Result<Vec<CheckpointRow>, StoreError> {
        on!(self, read, pool => sqlx::query_as(CHECKPOINTS).fetch_all(&pool).await)
    }

    /// People in the order of their names, after this one, at most `limit`.
    ///
    /// # Errors
    /// The store is down.
    pub async fn people_after(&self, person: String, limit: i64) -> Result<Vec<PersonRow>, StoreError> {
        on!(self, read, pool => sqlx::query_as(ALL_PEOPLE).bind(person).bind(limit).fetch_all(&pool).await)
    }

    /// The secrets of the trail, by their numbers.
    ///
    /// # Errors
    /// The store is down.
    pub async fn audit_keys(&self) -> Result<Vec<AuditKeyRow>, StoreError> {
        on!(self, read, pool => sqlx::query_as(KEYS).fetch_all(&pool).await)
    }

    /// Adds a secret, unless another replica has added one of this number first.
    ///
    /// # Errors
    /// Nobody knows whether it has been added.
    pub async fn add_audit_key(&self, AuditKeyRow { number, sealed }: AuditKeyRow) -> Result<(), StoreError> {
        on!(self, write, pool => sqlx::query(ADD_KEY).bind(number).bind(sealed).execute(&pool).await.map(drop))
    }

    /// Puts `sealed` in place of what `row` has, unless another replica was first.
    ///
    /// # Errors
    /// It may be as it was.
    pub async fn reseal_audit_key(&self, row: AuditKeyRow, sealed: String) -> Result<(), StoreError> {
        on!(self, write, pool => {
            sqlx::query(RESEAL_KEY).bind(sealed).bind(row.number).bind(row.sealed).execute(&pool).await.map(drop)
        })
    }
}

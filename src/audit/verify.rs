//! Checks the whole trail against itself, its keys and what has been kept elsewhere.

use std::collections::{HashMap, HashSet};

use super::chain::{self, NOTHING_BEFORE};
use super::event::Outcome;
use super::keys::{Keys, KeysError};
use super::person;
use crate::login::Sealer;
use crate::store::{CheckpointRow, HeadRow, PersonRow, RecordRow, Store, StoreError};

/// Rows that are read at a time.
const PAGE: i64 = 1_000;

/// How often a check begins anew because old records were removed meanwhile.
const TRIES: usize = 5;

/// A trail that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The first record that is there; those before have been removed for their age.
    pub first: i64,
    /// The last one; less than `first` if there is none.
    pub last: i64,
    /// Its hash.
    pub hash: String,
    /// How many signatures there are.
    pub checkpoints: usize,
    /// How many people's records have been made unreadable.
    pub erased: usize,
}

/// The first thing that is wrong with a trail. Whoever finds one has to take the database for changed by other hands.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// What tells where the chain ends is not what Roomkey wrote.
    #[error("the end of the chain has been changed: its seal does not fit")]
    Head,
    /// A record is not there.
    #[error("record {number} is missing")]
    Missing {
        /// Which.
        number: i64,
    },
    /// A record does not have the hash of what it says and of the record before.
    #[error("record {number} has been altered, or the one before it")]
    Altered {
        /// Which.
        number: i64,
    },
    /// There is a record that the chain does not have.
    #[error("record {number} does not belong to the chain")]
    Foreign {
        /// Which.
        number: i64,
    },
    /// A signature is missing, or is not Roomkey's, or signs something else.
    #[error("the checkpoint at record {number} is missing or has been altered")]
    Checkpoint {
        /// The record that it signs, or the next one after it.
        number: i64,
    },
    /// A checkpoint that was kept elsewhere does not fit: the chain is shorter now, or another.
    #[error(
        "the checkpoint that was kept, at record {number}, does not fit: the chain has been shortened or rewritten"
    )]
    Kept {
        /// The record that it signs.
        number: i64,
    },
    /// A person's key is gone without an erasure.
    #[error("the key of the person of record {number} is missing, and no erasure is recorded")]
    NoKey {
        /// Their first record.
        number: i64,
    },
    /// A person's key, or what they are found by, has been altered or put in.
    #[error("the key `{person}` has been altered, or belongs to no record")]
    Key {
        /// The name of the key.
        person: String,
    },
    /// Roomkey itself found the chain changed when it wrote this record.
    #[error("record {number} says that the chain had been changed by somebody else when it was written")]
    Told {
        /// Which.
        number: i64,
    },
}

/// Why a trail is not known to hold.
#[derive(Debug, thiserror::Error)]
pub enum Unverified {
    /// It does not hold.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// A checkpoint that was given is none of this trail's.
    #[error("what was kept for record {number} is no checkpoint that this trail's keys have signed")]
    NotACheckpoint {
        /// The record that it names.
        number: i64,
    },
    /// There are no keys to check it with.
    #[error("the audit trail cannot be checked")]
    Keys(#[from] KeysError),
    /// It cannot be read to its end.
    #[error("the audit trail cannot be read")]
    Store(#[from] StoreError),
}

/// Checks the trail of `store` from its first record to its last, and that it continues what the checkpoints in `kept` signed.
///
/// # Errors
/// [`Unverified::Fault`] with the first thing that is wrong; else, that it could not be checked.
pub async fn verify(store: &Store, sealer: &Sealer, kept: &[CheckpointRow]) -> Result<Held, Unverified> {
    let mut tries = 1;
    loop {
        let head = store.head_of_trail().await?;
        let outcome = check(store, sealer, kept, &head).await;
        // Old records may have been removed while they were read.
        if outcome.is_ok() || tries == TRIES || store.head_of_trail().await?.cut == head.cut {
            return outcome;
        }
        tries += 1;
    }
}

async fn check(store: &Store, sealer: &Sealer, kept: &[CheckpointRow], head: &HeadRow) -> Result<Held, Unverified> {
    // First, since people come with their first record: whoever is there now has one among those that are read next.
    let people = all_people(store).await?;
    let checkpoints = store.checkpoints().await?;
    let keys = match Keys::find(store, sealer).await {
        Err(KeysError::None) if *head == HeadRow::default() => None,
        keys => Some(keys?),
    };
    let signed = match &keys {
        Some(keys) => {
            if !chain::is_sealed(keys, head) {
                return Err(Fault::Head.into());
            }
            if let Some(row) = kept.iter().find(|row| !is_ours(keys, row)) {
                return Err(Unverified::NotACheckpoint { number: row.number });
            }
            check_checkpoints(keys, head, &checkpoints)?
        }
        None => HashMap::new(),
    };
    let mut walk = Walk::new(head, signed, kept)?;
    let mut last = i64::MIN;
    loop {
        let page = store.records_after(last, PAGE).await?;
        for record in &page {
            if record.number > head.number {
                break;
            }
            walk.step(record)?;
        }
        match page.last() {
            Some(record) if record.number < head.number => last = record.number,
            _ => break,
        }
    }
    if walk.number < head.number {
        return Err(Fault::Missing { number: walk.number + 1 }.into());
    }
    if walk.hash != head.hash {
        return Err(Fault::Altered { number: head.number }.into());
    }
    if let Some(beyond) = store.records_after(head.number, 1).await?.first()
        && store.head_of_trail().await?.number == head.number
    {
        return Err(Fault::Foreign { number: beyond.number }.into());
    }
    if let Some(keys) = &keys {
        walk.check_people(store, keys, people).await?;
    }
    Ok(Held {
        first: head.cut + 1,
        last: head.number,
        hash: head.hash.clone(),
        checkpoints: checkpoints.len(),
        erased: walk.erased.len(),
    })
}

async fn all_people(store: &Store) -> Result<Vec<PersonRow>, StoreError> {
    let mut all: Vec<PersonRow> = Vec::new();
    loop {
        let after = all.last().map_or_else(String::new, |row| row.person.clone());
        let page = store.people_after(after, PAGE).await?;
        if page.is_empty() {
            return Ok(all);
        }
        all.extend(page);
    }
}

fn is_ours(keys: &Keys, row: &CheckpointRow) -> bool {
    keys.all().any(|master| master.public_key() == row.public_key) && chain::is_signed(row)
}

/// The hash that each checkpoint signs, if all of them are there.
fn check_checkpoints(keys: &Keys, head: &HeadRow, rows: &[CheckpointRow]) -> Result<HashMap<i64, String>, Fault> {
    let mut before = 0;
    for row in rows {
        let follows = if before == 0 && head.cut > 0 { row.number == head.cut } else { row.previous == before };
        if !follows || !is_ours(keys, row) {
            return Err(Fault::Checkpoint { number: row.number });
        }
        before = row.number;
    }
    if before != head.checkpoint {
        return Err(Fault::Checkpoint { number: head.checkpoint });
    }
    Ok(rows.iter().map(|row| (row.number, row.hash.clone())).collect())
}

/// The way along the chain.
struct Walk {
    /// The record before, and its hash.
    number: i64,
    hash: String,
    signed: HashMap<i64, String>,
    kept: HashMap<i64, String>,
    /// People, with their first records.
    people: HashMap<String, i64>,
    erased: HashSet<String>,
}

impl Walk {
    fn new(head: &HeadRow, signed: HashMap<i64, String>, kept: &[CheckpointRow]) -> Result<Self, Fault> {
        let hash = match signed.get(&head.cut) {
            Some(hash) => hash.clone(),
            None if head.cut == 0 => NOTHING_BEFORE.to_owned(),
            None => return Err(Fault::Checkpoint { number: head.cut }),
        };
        if let Some(beyond) = kept.iter().find(|row| row.number > head.number) {
            return Err(Fault::Kept { number: beyond.number });
        }
        let kept: HashMap<_, _> = kept.iter().map(|row| (row.number, row.hash.clone())).collect();
        if kept.get(&head.cut).is_some_and(|kept| *kept != hash) {
            return Err(Fault::Kept { number: head.cut });
        }
        Ok(Self { number: head.cut, hash, signed, kept, people: HashMap::new(), erased: HashSet::new() })
    }

    fn step(&mut self, record: &RecordRow) -> Result<(), Fault> {
        let number = record.number;
        if number <= self.number {
            return Err(Fault::Foreign { number });
        }
        if number != self.number + 1 {
            return Err(Fault::Missing { number: self.number + 1 });
        }
        if chain::hash(&self.hash, record) != record.hash {
            return Err(Fault::Altered { number });
        }
        if self.signed.get(&number).is_some_and(|signed| *signed != record.hash) {
            return Err(Fault::Checkpoint { number });
        }
        if self.kept.get(&number).is_some_and(|kept| *kept != record.hash) {
            return Err(Fault::Kept { number });
        }
        if record.outcome == Outcome::Tampered.word() {
            return Err(Fault::Told { number });
        }
        if record.outcome == Outcome::Erased.word() {
            self.erased.extend(record.detail.split(' ').map(str::to_owned));
        }
        if !record.person.is_empty() {
            self.people.entry(record.person.clone()).or_insert(number);
        }
        (self.number, self.hash) = (number, record.hash.clone());
        Ok(())
    }

    async fn check_people(&mut self, store: &Store, keys: &Keys, rows: Vec<PersonRow>) -> Result<(), Unverified> {
        for row in rows {
            let is_known = self.people.remove(&row.person).is_some() && !self.erased.contains(&row.person);
            if !is_known || person::open(keys, &row).is_none() {
                return Err(Fault::Key { person: row.person }.into());
            }
        }
        let mut missing: Vec<_> = self.people.iter().filter(|(person, _)| !self.erased.contains(*person)).collect();
        missing.sort_by_key(|(_, number)| **number);
        for (person, &number) in missing {
            // They may have come since.
            let row = store.people_named(vec![person.clone()]).await?.pop();
            if row.is_none_or(|row| person::open(keys, &row).is_none()) {
                return Err(Fault::NoKey { number }.into());
            }
        }
        Ok(())
    }
}

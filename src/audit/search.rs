//! Finds records, and opens what is sealed in them.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;

use super::event::Outcome;
use super::keys::{Keys, KeysError};
use super::person::{self, Personal};
use crate::login::{Cipher, LoginId, Sealer};
use crate::provider::ProviderId;
use crate::store::{RecordRow, Store, StoreError, Wanted};

/// Most keys of one person that are searched by: each address that they have had at each provider is one.
const MOST_KEYS: i64 = 1_000;

/// Which records are looked for; all that is given has to fit.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// From this time on.
    pub since: Option<Timestamp>,
    /// Before this time.
    pub until: Option<Timestamp>,
    /// Of this room, as Prosody sees it, and within this tenant.
    pub room: Option<String>,
    /// Within this tenant.
    pub tenant: Option<String>,
    /// With this outcome.
    pub outcome: Option<Outcome>,
    /// With this reference number.
    pub reference: Option<LoginId>,
    /// By this provider.
    pub provider: Option<ProviderId>,
    /// Of whom a record says so: an address, a subject, a guest's name, or the network address of somebody unknown.
    pub person: Option<String>,
    /// Oldest first.
    pub oldest_first: bool,
}

/// A record that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The record.
    pub record: RecordRow,
    /// What is known of the person, unless it has been erased.
    pub person: Option<Personal>,
}

/// Searches the trail of a store.
pub struct Search<'a> {
    store: &'a Store,
    keys: Keys,
}

impl<'a> Search<'a> {
    /// A search in `store`, whose keys `sealer` opens.
    ///
    /// # Errors
    /// [`KeysError`].
    pub async fn new(store: &'a Store, sealer: &Sealer) -> Result<Self, KeysError> {
        Ok(Self { store, keys: Keys::find(store, sealer).await? })
    }

    /// The names of all keys of whoever goes by `person` at one of `providers`.
    ///
    /// # Errors
    /// The store is down.
    pub async fn keys_of(&self, person: &str, providers: &[ProviderId]) -> Result<Vec<String>, StoreError> {
        let mut rows = Vec::new();
        for master in self.keys.all() {
            let subjects = providers.iter().map(|provider| person::of_subject(master, provider.as_str(), person));
            for hash in subjects.chain([person::of_handle(master, person)]) {
                rows.extend(self.store.people_by(hash, MOST_KEYS).await?);
            }
        }
        // Whoever has another address now is the same person at their provider still.
        let subjects: BTreeSet<String> = rows.into_iter().map(|row| row.subject).collect();
        let mut names = BTreeSet::new();
        for subject in subjects {
            names.extend(self.store.people_by(subject, MOST_KEYS).await?.into_iter().map(|row| row.person));
        }
        Ok(names.into_iter().collect())
    }

    /// The records that fit, at most `limit`, after `last` if that is given; `providers` are those that somebody may be known at.
    ///
    /// # Errors
    /// The store is down.
    pub async fn page(
        &self,
        filter: &Filter,
        providers: &[ProviderId],
        last: Option<&RecordRow>,
        limit: i64,
    ) -> Result<Vec<Found>, StoreError> {
        let wanted = Wanted {
            since: filter.since.map(Timestamp::as_microsecond),
            until: filter.until.map(Timestamp::as_microsecond),
            room: filter.room.clone(),
            tenant: filter.tenant.clone(),
            outcome: filter.outcome.map(|outcome| outcome.word().to_owned()),
            reference: filter.reference.map(|reference| reference.to_string()),
            provider: filter.provider.as_ref().map(ToString::to_string),
            person: None,
            last: last.map(|last| (last.at, last.number)),
            oldest_first: filter.oldest_first,
        };
        let records = match &filter.person {
            None => self.store.search_trail(wanted, limit).await?,
            Some(person) => {
                // One search a key, each by the index that holds both key and time.
                let mut all = Vec::new();
                for name in self.keys_of(person, providers).await? {
                    let of_key = Wanted { person: Some(name), ..wanted.clone() };
                    all.extend(self.store.search_trail(of_key, limit).await?);
                }
                all.sort_by_key(|record| (record.at, record.number));
                if !filter.oldest_first {
                    all.reverse();
                }
                all.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
                all
            }
        };
        open_all(self.store, &self.keys, records).await
    }
}

/// Opens what is sealed in `records`, as far as it can be.
pub(super) async fn open_all(store: &Store, keys: &Keys, records: Vec<RecordRow>) -> Result<Vec<Found>, StoreError> {
    let mut names: Vec<_> = records.iter().map(|record| record.person.clone()).filter(|it| !it.is_empty()).collect();
    names.sort_unstable();
    names.dedup();
    let rows = if names.is_empty() { Vec::new() } else { store.people_named(names).await? };
    let opened = rows.into_iter().filter_map(|row| Some((person::open(keys, &row)?, row)));
    let ciphers: HashMap<String, Cipher> = opened.map(|(cipher, row)| (row.person, cipher)).collect();
    let open = |record: RecordRow| {
        let cipher = ciphers.get(&record.person);
        let person = cipher.and_then(|key| Personal::open(&record.sealed, key, &record.person, record.number));
        Found { record, person }
    };
    Ok(records.into_iter().map(open).collect())
}

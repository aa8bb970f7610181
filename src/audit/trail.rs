//! Takes events and makes records of them.

use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwapOption;
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;

use super::chain::Links;
use super::event::{ClientAddress, Event};
use super::journal::Journal;
use super::keys::{Keys, KeysError};
use super::manage::{portions, trim};
use super::person::{self, Personal, Tag};
use super::sink::{Office, Running, Sent, Sinks, Standing};
use crate::clock::Clock;
use crate::login::{Cipher, Sealer};
use crate::measure::{Counter, Histogram};
use crate::provider::chain as causes;
use crate::store::{Added, Doubtful, Found, Line, PersonRow, Store, StoreError, line};

/// How often the journal is looked at while something waits in it.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

/// How often old records are looked for.
const TRIM: Duration = Duration::from_mins(10);

/// What section `[audit]` says.
pub struct Settings {
    /// How much of a client's address is kept.
    pub client_address: ClientAddress,
    /// How long records are kept; `None`: for ever.
    pub keep: Option<Duration>,
    /// The folder in which records wait while the store is down. Takes effect at a restart.
    pub journal: PathBuf,
    /// What seals the keys, and records that wait.
    pub sealer: Arc<Sealer>,
    /// Where records are sent on to.
    pub sinks: Sinks,
}

/// Why an attempt has no record: nobody may be let in by it.
#[derive(Clone, Debug, thiserror::Error)]
#[error("neither the store nor the journal takes the record")]
pub struct NotRecorded(#[source] StoreError);

/// What the trail has measured of itself.
#[derive(Debug, Default)]
pub struct Measured {
    /// How long it took until a record was durable, or was not.
    pub took: Histogram,
    /// Records that the store took.
    pub in_store: Counter,
    /// Those that the journal took in its place.
    pub in_journal: Counter,
    /// Those that neither took.
    pub nowhere: Counter,
}

/// The audit trail. Cheap to clone.
#[derive(Clone)]
pub struct Trail(Arc<Inner>);

struct Inner {
    store: Store,
    clock: Clock,
    settings: ArcSwapOption<Settings>,
    keys: ArcSwapOption<Keys>,
    entries: Line<Entry>,
    journal: OnceLock<Journal>,
    sending: Mutex<Running>,
    /// The last record that this process has written: the chain does not become shorter.
    seen: AtomicI64,
    measured: Measured,
    sent: Sent,
}

/// An event on its way into the chain.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Entry {
    /// In Unix microseconds.
    pub(super) at: i64,
    pub(super) event: Event,
    /// It may be in the chain already.
    pub(super) is_doubtful: bool,
}

/// An entry with the hashes of whom it is about.
struct Prepared {
    entry: Entry,
    tag: Option<Tag>,
    address: Option<String>,
}

impl Trail {
    /// A trail in `store`, by `clock`. It begins with [`follow`](Self::follow).
    ///
    /// # Panics
    /// Outside a Tokio runtime, which has to outlive all who record.
    pub fn new(store: Store, clock: Clock) -> Self {
        let (entries, counter) = line();
        let inner = Arc::new(Inner {
            store,
            clock,
            settings: ArcSwapOption::empty(),
            keys: ArcSwapOption::empty(),
            entries,
            journal: OnceLock::new(),
            sending: Mutex::default(),
            seen: AtomicI64::new(0),
            measured: Measured::default(),
            sent: Sent::default(),
        });
        let writer = Arc::downgrade(&inner);
        tokio::spawn(counter.serve(move |entries| {
            let inner = writer.upgrade();
            async move { inner.ok_or_else(StoreError::stopping)?.write(entries).await }
        }));
        let replayer = Arc::downgrade(&inner);
        tokio::spawn(async move {
            while let Some(inner) = replayer.upgrade() {
                inner.replay().await;
                drop(inner);
                tokio::time::sleep(LOOK_AGAIN).await;
            }
        });
        let trimmer = Arc::downgrade(&inner);
        tokio::spawn(async move {
            while let Some(inner) = trimmer.upgrade() {
                inner.trim().await;
                drop(inner);
                tokio::time::sleep(TRIM).await;
            }
        });
        Self(inner)
    }

    /// Does from now on what a configuration says.
    pub fn follow(&self, settings: Settings) {
        let office = Office {
            store: self.0.store.clone(),
            clock: self.0.clock.clone(),
            sealer: Arc::clone(&settings.sealer),
            sent: self.0.sent.clone(),
        };
        // Those who sent until now stop first.
        let mut sending = self.0.sending.lock().unwrap_or_else(PoisonError::into_inner);
        *sending = Running::default();
        *sending = settings.sinks.clone().run(&office);
        drop(sending);
        self.0.journal.get_or_init(|| Journal::new(settings.journal.clone()));
        self.0.settings.store(Some(Arc::new(settings)));
        // The secret that seals the keys may be another.
        self.0.keys.store(None);
    }

    /// Records an event: once this returns, it outlasts the process.
    ///
    /// # Errors
    /// [`NotRecorded`] if neither the store nor the journal takes it. Nobody may be let in then.
    pub async fn record(&self, event: Event) -> Result<(), NotRecorded> {
        let measured = &self.0.measured;
        let outcome = measured.took.time(self.keep(event)).await;
        match outcome {
            Ok(Kept::InStore) => measured.in_store.add(),
            Ok(Kept::InJournal) => measured.in_journal.add(),
            Err(_) => measured.nowhere.add(),
        }
        outcome.map(drop)
    }

    async fn keep(&self, event: Event) -> Result<Kept, NotRecorded> {
        let at = self.0.clock.now().as_microsecond();
        let entry = Entry { at, event, is_doubtful: false };
        // A store that is down says so at once, however many stand in line.
        let unwritten = match self.0.store.is_up().await {
            Ok(()) => match self.0.entries.write(entry.clone()).await {
                Ok(()) => return Ok(Kept::InStore),
                Err(error @ StoreError::Unreachable(_)) => (Entry { is_doubtful: true, ..entry }, error),
                Err(error) => {
                    tracing::error!(error = causes(&error), "a record cannot be written to the store");
                    (Entry { is_doubtful: true, ..entry }, error)
                }
            },
            Err(error) => (entry, error),
        };
        let (entry, error) = unwritten;
        let (Some(journal), Some(settings)) = (self.0.journal.get(), self.0.settings.load_full()) else {
            return Err(NotRecorded(error));
        };
        journal.keep(&entry, &settings.sealer).await.map(|()| Kept::InJournal).map_err(NotRecorded)
    }

    /// Records many events in their order, as [`record`](Self::record) does one; but they wait for the store in no journal.
    ///
    /// # Errors
    /// [`NotRecorded`] if the store does not take them; it may have taken the first of them.
    pub async fn record_all(&self, events: Vec<Event>) -> Result<(), NotRecorded> {
        let at = self.0.clock.now().as_microsecond();
        for some in portions(events) {
            let entries = some.into_iter().map(|event| Entry { at, event, is_doubtful: false }).collect();
            self.0.write(entries).await.map_err(NotRecorded)?;
        }
        Ok(())
    }

    /// How many records wait to be written, be it for a moment.
    pub fn waiting(&self) -> usize {
        self.0.entries.length()
    }

    /// What it has measured of itself.
    pub fn measured(&self) -> &Measured {
        &self.0.measured
    }

    /// How far the sinks of the configuration have come.
    ///
    /// # Errors
    /// The store is down.
    pub async fn standings(&self) -> Result<Vec<Standing>, StoreError> {
        let Some(settings) = self.0.settings.load_full() else { return Ok(Vec::new()) };
        settings.sinks.standings(&self.0.store, &self.0.sent).await
    }

    /// How many bytes of records wait in the journal for the store to come back.
    pub fn in_journal(&self) -> u64 {
        self.0.journal.get().map_or(0, Journal::size)
    }
}

/// Where a record is.
enum Kept {
    InStore,
    InJournal,
}

impl Inner {
    async fn keys(&self, settings: &Settings) -> Result<Arc<Keys>, StoreError> {
        if let Some(keys) = self.keys.load_full() {
            return Ok(keys);
        }
        let keys = match Keys::find_or_make(&self.store, &settings.sealer).await {
            Ok(keys) => Arc::new(keys),
            Err(KeysError::Store(error)) => return Err(error),
            Err(error @ KeysError::None) => return Err(StoreError::unreachable(error)),
        };
        self.keys.store(Some(Arc::clone(&keys)));
        Ok(keys)
    }

    /// Adds entries to the chain, all or nothing.
    async fn write(&self, entries: Vec<Entry>) -> Result<(), StoreError> {
        let settings = self.settings.load_full().ok_or_else(StoreError::stopping)?;
        let keys = self.keys(&settings).await?;
        let doubtful = entries.iter().filter(|entry| entry.is_doubtful).map(Entry::doubt).collect();
        let prepared: Vec<Prepared> = entries.into_iter().map(|entry| entry.prepare(&keys, &settings)).collect();
        let mut subjects: Vec<String> =
            prepared.iter().filter_map(|entry| Some(entry.tag.as_ref()?.subject.clone())).collect();
        subjects.sort_unstable();
        subjects.dedup();
        let (now, seen) = (self.clock.now().as_microsecond(), self.seen.load(Ordering::Acquire));
        let (answer, number) = oneshot::channel();
        let link = move |found| {
            let added = link(&keys, prepared, found, Moment { now, seen });
            // Whoever has given up waiting need not know.
            let _ = answer.send(added.head.number);
            added
        };
        self.store.add_to_trail(subjects, doubtful, link).await?;
        if let Ok(number) = number.await {
            self.seen.fetch_max(number, Ordering::AcqRel);
        }
        Ok(())
    }

    /// Brings what waits in the journal into the chain, if the store is there.
    async fn replay(&self) {
        let (Some(journal), Some(settings)) = (self.journal.get(), self.settings.load_full()) else { return };
        if self.store.is_up().await.is_ok() {
            journal.replay(&settings.sealer, &self.entries).await;
        }
    }
}

impl Inner {
    /// Removes what is older than the operator wants it to be.
    async fn trim(&self) {
        let Some(settings) = self.settings.load_full() else { return };
        let Some(keep) = settings.keep else { return };
        let now = self.clock.now();
        let Ok(before) = now.checked_sub(keep) else { return };
        let trimmed = trim(&self.store, &settings.sealer, before, now).await;
        // A store that is down has been logged where it was found so, and before the first record there are no keys.
        if let Err(KeysError::Store(error @ StoreError::Refused(_))) = trimmed {
            tracing::error!(error = causes(&error), "old records of the audit trail cannot be removed");
        }
    }
}

impl Entry {
    fn doubt(&self) -> Doubtful {
        Doubtful { reference: self.event.reference.clone(), at: self.at, outcome: self.event.outcome.word().to_owned() }
    }

    fn prepare(self, keys: &Keys, settings: &Settings) -> Prepared {
        let address =
            self.event.client.address.and_then(|address| settings.client_address.keep(address.to_canonical()));
        let tag = Tag::of(keys.current(), self.event.person.as_ref(), address.as_deref());
        Prepared { entry: self, tag, address }
    }
}

/// When a link is made.
#[derive(Clone, Copy)]
struct Moment {
    /// In Unix microseconds.
    now: i64,
    /// How long the chain was, at least.
    seen: i64,
}

/// The records that follow on what is found.
fn link(keys: &Keys, prepared: Vec<Prepared>, found: Found, Moment { now, seen }: Moment) -> Added {
    let Found { head, people, written } = found;
    let mut links = Links::begin(keys, head, now, seen);
    let mut written = written.into_iter();
    // A row that does not open any more is passed over, and its owner gets a new key.
    let opened = people.into_iter().filter_map(|row| Some((person::open(keys, &row)?, row)));
    let mut known: Vec<(Cipher, PersonRow)> = opened.collect();
    for Prepared { entry: Entry { at, event, is_doubtful }, tag, address } in prepared {
        if is_doubtful && written.next() == Some(true) {
            continue;
        }
        let personal = Personal::new(event.person.as_ref(), address);
        let mut record = links.record(at, event);
        if let Some(tag) = tag {
            let is_it = |(_, row): &(Cipher, PersonRow)| row.subject == tag.subject && row.handle == tag.handle;
            let place = known.iter().position(is_it).unwrap_or_else(|| {
                let (row, key) = person::make(keys.current(), tag.clone());
                links.add_person(row.clone());
                known.push((key, row));
                known.len() - 1
            });
            let (key, row) = &known[place];
            record.sealed = personal.seal(key, &row.person, record.number);
            record.person.clone_from(&row.person);
        }
        links.add(record);
    }
    links.end()
}

impl std::fmt::Debug for Trail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Trail").field("store", &self.0.store).finish_non_exhaustive()
    }
}

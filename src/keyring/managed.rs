//! The keys that Roomkey makes itself: made when they are due, shared by the store, sealed there.
//!
//! Every replica looks into the store now and then and does what [`Rotation`] says is due. Two that make the next key at
//! the same time write the same number, of which the store takes the first. What was read last serves on while the store
//! is down: keys sign on past their time then, and none is withdrawn.

mod by_hand;

pub use by_hand::{Listed, Rotated};

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use arc_swap::ArcSwapOption;
use tokio::sync::{Mutex, Notify};
use tracing::{error, info, warn};

use super::sealed::{self, Held, Opened};
use super::{KeyTimes, Published};
use crate::clock::Clock;
use crate::jitsi::{Algorithm, Rotation, SigningKey, SigningKeyError, Term};
use crate::login::Sealer;
use crate::provider::chain;
use crate::store::{Store, StoreError};

/// What the configuration says about them.
#[derive(Debug)]
pub struct Settings {
    /// An RS algorithm.
    pub algorithm: Algorithm,
    /// How often they change.
    pub rotation: Rotation,
    /// Longest life of a token by any rule.
    pub token_lifetime: Duration,
    /// What seals them.
    pub sealer: Sealer,
}

/// Why there are no keys to be had, or no other.
#[derive(Debug, thiserror::Error)]
pub enum KeyringError {
    /// The store: it recovers by itself.
    #[error("the keys cannot be read")]
    Store(#[from] StoreError),
    /// Roomkey does not make its keys itself: the operator does.
    #[error("Roomkey does not make its own keys: `meeting.signing.managed` is not set")]
    NotManaged,
    /// All keys in the store were sealed by other secrets: the operator has to give that which sealed them.
    #[error(
        "{count} key(s) in the store were sealed by another `session.secret`: give that in `session.previous_secrets`"
    )]
    Foreign {
        /// How many.
        count: usize,
    },
    /// The library gives no key.
    #[error("no key can be made")]
    Key(#[from] SigningKeyError),
    /// Roomkey is stopping.
    #[error("the work has been broken off")]
    BrokenOff,
    /// Other replicas make one key after the other.
    #[error("another replica was faster each time: try again")]
    Overtaken,
}

/// Keys of Roomkey's own. Cheap to clone; all clones are the same keys.
#[derive(Clone)]
pub struct ManagedKeys(Arc<Inner>);

struct Inner {
    store: Store,
    clock: Clock,
    settings: ArcSwapOption<Settings>,
    known: ArcSwapOption<Known>,
    changed: Notify,
    /// Held by whoever looks, with the time of the last look.
    looking: Mutex<Option<Instant>>,
    in_trouble: AtomicBool,
    has_told_of_foreign: AtomicBool,
}

struct Known {
    held: Vec<Held>,
    terms: Vec<Term>,
    published: Arc<Published>,
}

/// Between two looks while nothing is known, and between two that are asked for by requests.
const SOON: Duration = Duration::from_secs(1);

impl ManagedKeys {
    /// Keys in `store`. None are made before [`follow`](Self::follow).
    pub fn new(store: Store, clock: Clock) -> Self {
        Self(Arc::new(Inner {
            store,
            clock,
            settings: ArcSwapOption::empty(),
            known: ArcSwapOption::empty(),
            changed: Notify::new(),
            looking: Mutex::new(None),
            in_trouble: AtomicBool::new(false),
            has_told_of_foreign: AtomicBool::new(false),
        }))
    }

    /// Goes by `settings` from now on; by none, no more keys are made.
    pub fn follow(&self, settings: Option<Settings>) {
        self.0.settings.store(settings.map(Arc::new));
        self.0.changed.notify_one();
    }

    /// Looks after the keys for as long as the runtime lives.
    ///
    /// # Panics
    /// Outside a Tokio runtime.
    pub fn look_regularly(&self) {
        let keys = self.clone();
        tokio::spawn(async move {
            loop {
                let pause = match &*keys.0.settings.load() {
                    None => Duration::MAX,
                    Some(_) if keys.0.known.load().is_none() => SOON,
                    Some(settings) => settings.rotation.look_again(),
                };
                let _ = tokio::time::timeout(pause, keys.0.changed.notified()).await;
                keys.look_and_tell().await;
            }
        });
    }

    /// Looks once, and logs what is in the way.
    pub async fn look_and_tell(&self) {
        let outcome = self.look().await;
        self.tell(outcome);
    }

    /// Looks because a request asks for what is not known, but not within a second of the last look.
    pub(super) async fn look_for_news(&self) {
        let mut last = self.0.looking.lock().await;
        if last.is_none_or(|last| last.elapsed() >= SOON) {
            let outcome = self.look_now(&mut last).await;
            self.tell(outcome);
        }
    }

    /// Reads what the store has, and makes, seals anew and removes what is due.
    ///
    /// # Errors
    /// What was known before serves on.
    pub async fn look(&self) -> Result<(), KeyringError> {
        let mut last = self.0.looking.lock().await;
        self.look_now(&mut last).await
    }

    async fn look_now(&self, last: &mut Option<Instant>) -> Result<(), KeyringError> {
        *last = Some(Instant::now());
        let settings = self.0.settings.load_full().ok_or(KeyringError::NotManaged)?;
        let mut opened = self.read(&settings).await?;
        if settings.rotation.due(&opened.terms(), self.now()).is_some() {
            self.add(&settings, &opened, |terms, now| settings.rotation.due(terms, now)).await?;
            opened = self.read(&settings).await?;
        }
        let now = self.now();
        let terms = opened.terms();
        opened.held.retain(|held| held.term.withdrawn(&terms).is_none_or(|end| end > now));
        self.know(&settings, &opened.held);
        self.keep_up(&settings, opened, &terms).await
    }

    /// Logs trouble when it begins.
    fn tell(&self, outcome: Result<(), KeyringError>) {
        let failure = match outcome {
            Ok(()) | Err(KeyringError::NotManaged) => return self.0.in_trouble.store(false, Ordering::Relaxed),
            Err(failure) => failure,
        };
        if self.0.in_trouble.swap(true, Ordering::Relaxed) {
            return;
        }
        match &failure {
            KeyringError::Store(StoreError::Unreachable(_)) if self.0.known.load().is_some() => {
                warn!(error = chain(&failure), "keys cannot be looked after now: those that are known serve on");
            }
            _ => error!(error = chain(&failure), "keys that sign tokens cannot be had"),
        }
    }

    async fn read(&self, settings: &Settings) -> Result<Opened, KeyringError> {
        let rows = self.0.store.signing_keys().await?;
        let known = self.0.known.load();
        let opened = sealed::open(rows, settings, known.as_ref().map_or(&[], |known| &known.held));
        if !opened.foreign.is_empty() && !self.0.has_told_of_foreign.swap(true, Ordering::Relaxed) {
            error!(
                "{} key(s) in the store were sealed by another `session.secret`: give that in `session.previous_secrets`",
                opened.foreign.len()
            );
        }
        Ok(opened)
    }

    /// Makes a key that signs from when `signs` says, by what it says of the terms once the key is there. `None` if that is
    /// never, or another replica was faster.
    async fn add(
        &self,
        settings: &Arc<Settings>,
        opened: &Opened,
        signs: impl Fn(&[Term], i64) -> Option<i64>,
    ) -> Result<Option<(i64, String, i64)>, KeyringError> {
        let makers = Arc::clone(settings);
        let made = tokio::task::spawn_blocking(move || sealed::make(&makers)).await;
        let mut row = made.map_err(|_| KeyringError::BrokenOff)??;
        let now = self.now();
        let Some(signs) = signs(&opened.terms(), now) else { return Ok(None) };
        (row.number, row.published, row.signs) = (opened.next_number(), now, signs);
        let (number, kid) = (row.number, row.kid.clone());
        if !self.0.store.add_signing_key(row).await? {
            return Ok(None);
        }
        info!(key.id = kid, "key `{kid}` has been made: it signs in {} s", signs - now);
        Ok(Some((number, kid, signs)))
    }

    fn know(&self, settings: &Settings, held: &[Held]) {
        let published = Published::of(held.iter().map(|held| &held.key), settings.rotation.max_age());
        let terms = held.iter().map(|held| held.term).collect();
        self.0.known.store(Some(Arc::new(Known { held: held.to_vec(), terms, published: Arc::new(published) })));
    }

    /// Writes what the store does not know yet. `held` of `opened` are those that are published still.
    async fn keep_up(&self, settings: &Settings, opened: Opened, terms: &[Term]) -> Result<(), KeyringError> {
        let store = &self.0.store;
        let token_lifetime = i64::try_from(settings.token_lifetime.as_secs()).unwrap_or(i64::MAX);
        let signing = Term::signing(terms, self.now()).map_or(i64::MAX, |signing| signing.number);
        for Held { term, .. } in &opened.held {
            if term.number >= signing && term.token_lifetime < token_lifetime {
                store.lengthen_tokens_of(term.number, token_lifetime).await?;
            }
        }
        for (row, sealed) in opened.outdated {
            store.reseal_signing_key(row, sealed).await?;
        }
        let is_held = |number| opened.held.iter().any(|held| held.term.number == number);
        for gone in terms.iter().filter(|term| !is_held(term.number)) {
            store.remove_signing_key(gone.number).await?;
            info!("key {} has been withdrawn: its last token has expired", gone.number);
        }
        Ok(())
    }

    pub(super) fn signing(&self, now: i64) -> Option<Arc<SigningKey>> {
        let known = self.0.known.load();
        let known = known.as_ref()?;
        let number = Term::signing(&known.terms, now)?.number;
        known.held.iter().find(|held| held.term.number == number).map(|held| Arc::clone(&held.key))
    }

    pub(super) fn times(&self, now: i64) -> KeyTimes {
        let known = self.0.known.load();
        let Some(known) = known.as_ref() else { return KeyTimes::default() };
        let signing = Term::signing(&known.terms, now);
        let next = known.terms.iter().map(|term| term.signs).filter(|&signs| signs > now).min();
        KeyTimes { since: signing.map(|term| term.signs), next }
    }

    pub(super) fn published(&self) -> Option<Arc<Published>> {
        self.0.known.load().as_ref().map(|known| Arc::clone(&known.published))
    }

    fn now(&self) -> i64 {
        self.0.clock.now().as_second()
    }
}

impl std::fmt::Debug for ManagedKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ManagedKeys").field("settings", &*self.0.settings.load()).finish_non_exhaustive()
    }
}

//! Something fetched from a provider and kept: fetched when first needed, by one for all who wait, and refreshed behind their backs.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwapOption;
use jiff::Timestamp;
use tokio::sync::Mutex;

use super::error::Untrusted;
use super::http::HttpError;
use super::{FailedCheck, Leg, ProviderError};
use crate::clock::Clock;

/// How long a failed fetch answers those who come next, so that a dead provider is not asked by each of them in turn.
const FAILURE_MEMORY: Duration = Duration::from_secs(1);

/// How long to wait before the next try when a refresh has failed; what is known goes on serving.
const RETRY_REFRESH: Duration = Duration::from_secs(30);

/// Shortest time between two fetches that somebody's unknown key asks for.
const REFETCH_INTERVAL: Duration = Duration::from_secs(1);

/// A value of a provider's, and when it was had.
#[derive(Debug)]
pub(super) struct Cache<T, E> {
    value: ArcSwapOption<Kept<T>>,
    /// Held by the one who fetches.
    fetching: Mutex<Last<E>>,
    clock: Clock,
}

#[derive(Debug)]
struct Kept<T> {
    value: Arc<T>,
    refresh_at: Timestamp,
}

/// What the last fetch came to.
#[derive(Debug)]
enum Last<E> {
    Never,
    Done(Timestamp),
    Failed(Timestamp, E),
}

/// A value, and how long the provider says it stays good.
pub(super) struct Fetched<T> {
    pub(super) value: T,
    pub(super) lifetime: Duration,
}

/// Why something of a provider could not be fetched, told to all who wait for it.
#[derive(Clone, Debug)]
pub(super) enum FetchError {
    /// It could not be had.
    Http(HttpError),
    /// It was had, and is not to be believed.
    Untrusted { check: FailedCheck, detail: String },
}

/// What is known of a value right now.
pub(super) enum Lookup<T> {
    Fresh(Arc<T>),
    /// Good, but due: to be refreshed by whoever learns it.
    Due(Arc<T>),
    Absent,
}

impl<T, E: Clone> Cache<T, E> {
    pub(super) fn new(clock: Clock) -> Self {
        Self { value: ArcSwapOption::empty(), fetching: Mutex::new(Last::Never), clock }
    }

    /// What is known, without waiting.
    pub(super) fn peek(&self) -> Lookup<T> {
        match &*self.value.load() {
            None => Lookup::Absent,
            Some(kept) if kept.refresh_at <= self.clock.now() => Lookup::Due(Arc::clone(&kept.value)),
            Some(kept) => Lookup::Fresh(Arc::clone(&kept.value)),
        }
    }

    /// Fetches the value unless somebody else has done so while this one waited; their failure counts for all who waited.
    pub(super) async fn fetch<F>(&self, fetch: impl FnOnce() -> F) -> Result<Arc<T>, E>
    where
        F: Future<Output = Result<Fetched<T>, E>>,
    {
        let mut last = self.fetching.lock().await;
        if let Some(kept) = &*self.value.load() {
            return Ok(Arc::clone(&kept.value));
        }
        match &*last {
            Last::Failed(when, error) if self.is_within(FAILURE_MEMORY, *when) => Err(error.clone()),
            _ => self.store(&mut last, fetch().await),
        }
    }

    /// Fetches a value newer than `seen`, which lacks something; gives the newest there is if that was tried a moment ago.
    pub(super) async fn fetch_newer<F>(&self, seen: &Arc<T>, fetch: impl FnOnce() -> F) -> Result<Arc<T>, E>
    where
        F: Future<Output = Result<Fetched<T>, E>>,
    {
        let mut last = self.fetching.lock().await;
        if let Some(kept) = &*self.value.load()
            && !Arc::ptr_eq(&kept.value, seen)
        {
            return Ok(Arc::clone(&kept.value));
        }
        match &*last {
            Last::Done(when) if self.is_within(REFETCH_INTERVAL, *when) => Ok(Arc::clone(seen)),
            Last::Failed(when, error) if self.is_within(FAILURE_MEMORY, *when) => Err(error.clone()),
            _ => self.store(&mut last, fetch().await),
        }
    }

    /// Renews a due value; whoever finds another at it leaves it to them. A failure keeps the old value.
    pub(super) async fn refresh<F>(&self, fetch: impl FnOnce() -> F) -> Result<(), E>
    where
        F: Future<Output = Result<Fetched<T>, E>>,
    {
        let Ok(mut last) = self.fetching.try_lock() else {
            return Ok(());
        };
        if !matches!(self.peek(), Lookup::Due(_)) {
            return Ok(());
        }
        let outcome = self.store(&mut last, fetch().await);
        if outcome.is_err()
            && let Some(kept) = &*self.value.load()
        {
            let (value, refresh_at) = (Arc::clone(&kept.value), self.later(RETRY_REFRESH));
            self.value.store(Some(Arc::new(Kept { value, refresh_at })));
        }
        outcome.map(drop)
    }

    fn is_within(&self, duration: Duration, since: Timestamp) -> bool {
        self.clock.now().duration_since(since).unsigned_abs() < duration
    }

    fn later(&self, duration: Duration) -> Timestamp {
        self.clock.now().saturating_add(duration).unwrap_or(Timestamp::MAX)
    }

    fn store(&self, last: &mut Last<E>, outcome: Result<Fetched<T>, E>) -> Result<Arc<T>, E> {
        let now = self.clock.now();
        match outcome {
            Ok(Fetched { value, lifetime }) => {
                *last = Last::Done(now);
                let value = Arc::new(value);
                self.value.store(Some(Arc::new(Kept { value: Arc::clone(&value), refresh_at: self.later(lifetime) })));
                Ok(value)
            }
            Err(error) => {
                *last = Last::Failed(now, error.clone());
                Err(error)
            }
        }
    }
}

impl FetchError {
    /// The error of a login that needed it.
    pub(super) fn at(self, leg: Leg) -> ProviderError {
        match self {
            Self::Http(cause) => ProviderError::Unreachable { leg, cause },
            Self::Untrusted { check, detail } => ProviderError::Untrusted { check, detail },
        }
    }
}

impl From<HttpError> for FetchError {
    fn from(cause: HttpError) -> Self {
        Self::Http(cause)
    }
}

impl From<Untrusted> for FetchError {
    fn from(Untrusted { check, detail }: Untrusted) -> Self {
        Self::Untrusted { check, detail }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    struct Counted {
        cache: Cache<usize, &'static str>,
        fetches: AtomicUsize,
        clock: Clock,
    }

    impl Counted {
        fn new() -> Self {
            let clock = Clock::standing_at(Timestamp::UNIX_EPOCH);
            Self { cache: Cache::new(clock.clone()), fetches: AtomicUsize::new(0), clock }
        }

        async fn good(&self) -> Result<Fetched<usize>, &'static str> {
            tokio::task::yield_now().await;
            let value = self.fetches.fetch_add(1, Ordering::SeqCst) + 1;
            Ok(Fetched { value, lifetime: Duration::from_secs(60) })
        }

        async fn bad(&self) -> Result<Fetched<usize>, &'static str> {
            tokio::task::yield_now().await;
            self.fetches.fetch_add(1, Ordering::SeqCst);
            Err("down")
        }

        fn advance(&self, duration: Duration) {
            self.clock.set(self.clock.now() + duration);
        }

        fn fetches(&self) -> usize {
            self.fetches.load(Ordering::SeqCst)
        }
    }

    #[tokio::test]
    async fn many_who_wait_share_one_fetch() {
        let it = Counted::new();

        let all = futures_util::future::join_all((0..100).map(|_| it.cache.fetch(|| it.good()))).await;

        assert!(all.iter().all(|value| value.as_deref() == Ok(&1)));
        assert_eq!(it.fetches(), 1);
    }

    #[tokio::test]
    async fn many_who_wait_share_one_failure_for_a_moment() {
        let it = Counted::new();

        let all = futures_util::future::join_all((0..100).map(|_| it.cache.fetch(|| it.bad()))).await;
        assert!(all.iter().all(|value| value.as_deref() == Err(&"down")));
        assert_eq!(it.fetches(), 1);

        it.advance(FAILURE_MEMORY);
        assert_eq!(it.cache.fetch(|| it.good()).await.as_deref(), Ok(&2));
    }

    #[tokio::test]
    async fn a_failed_refresh_keeps_what_is_known_and_is_tried_again() {
        let it = Counted::new();
        it.cache.fetch(|| it.good()).await.unwrap();
        it.advance(Duration::from_secs(61));

        assert_eq!(it.cache.refresh(|| it.bad()).await, Err("down"));
        assert!(matches!(it.cache.peek(), Lookup::Fresh(value) if *value == 1));

        it.advance(RETRY_REFRESH);
        assert_eq!(it.cache.refresh(|| it.good()).await, Ok(()));
        assert!(matches!(it.cache.peek(), Lookup::Fresh(value) if *value == 3));
    }

    #[tokio::test]
    async fn what_is_fresh_is_not_refreshed() {
        let it = Counted::new();
        it.cache.fetch(|| it.good()).await.unwrap();

        it.cache.refresh(|| it.good()).await.unwrap();

        assert_eq!(it.fetches(), 1);
    }

    #[tokio::test]
    async fn something_unknown_causes_one_bounded_fetch_for_all() {
        let it = Counted::new();
        let seen = it.cache.fetch(|| it.good()).await.unwrap();
        it.advance(REFETCH_INTERVAL);

        let all = futures_util::future::join_all((0..100).map(|_| it.cache.fetch_newer(&seen, || it.good()))).await;
        assert!(all.iter().all(|value| value.as_deref() == Ok(&2)));

        let newer = it.cache.fetch_newer(all[0].as_ref().unwrap(), || it.good()).await;
        assert_eq!(newer.as_deref(), Ok(&2));
        assert_eq!(it.fetches(), 2);
    }
}

//! Measures how long things take and how often they happen, cheaply enough for every request: atomic additions, no lock, no text.
//!
//! Whoever does something keeps its own measurements and lets them be read; [`metrics`](crate::metrics) alone knows what becomes of
//! them.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use jiff::Timestamp;

/// Upper bounds of a [`Histogram`]'s buckets, in microseconds: from a link opened by somebody signed in to what waits for a provider as
/// long as it may. What took longer than the last is in a bucket of its own.
pub const BOUNDS_MICROSECONDS: [u64; 15] = [
    100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000,
    10_000_000,
];

const BUCKETS: usize = BOUNDS_MICROSECONDS.len() + 1;

/// How long something took, each time.
#[derive(Debug, Default)]
pub struct Histogram {
    buckets: [AtomicU64; BUCKETS],
    nanoseconds: AtomicU64,
}

/// A [`Histogram`] as it stood at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spread {
    /// How often it took at most the bound of this place, and more than the one before.
    pub buckets: [u64; BUCKETS],
    /// How long it took in all.
    pub sum: Duration,
}

/// How often something has happened.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

/// When something happened last.
#[derive(Debug)]
pub struct Last(AtomicI64);

impl Histogram {
    /// Adds one that took so long.
    pub fn add(&self, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let place = BOUNDS_MICROSECONDS.partition_point(|&bound| bound < micros);
        self.buckets[place].fetch_add(1, Ordering::Relaxed);
        self.nanoseconds.fetch_add(u64::try_from(took.as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// Runs `step`, and adds how long it took. One that is given up before its end is not added.
    pub async fn time<T>(&self, step: impl Future<Output = T>) -> T {
        let began = Instant::now();
        let outcome = step.await;
        self.add(began.elapsed());
        outcome
    }

    /// The same for what does not wait.
    pub fn time_now<T>(&self, step: impl FnOnce() -> T) -> T {
        let began = Instant::now();
        let outcome = step();
        self.add(began.elapsed());
        outcome
    }

    /// How it stands.
    pub fn read(&self) -> Spread {
        Spread {
            buckets: std::array::from_fn(|place| self.buckets[place].load(Ordering::Relaxed)),
            sum: Duration::from_nanos(self.nanoseconds.load(Ordering::Relaxed)),
        }
    }
}

impl Spread {
    /// How often it was.
    pub fn count(&self) -> u64 {
        self.buckets.iter().sum()
    }
}

impl Counter {
    /// Once more.
    pub fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// How often it was.
    pub fn read(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Default for Last {
    fn default() -> Self {
        Self(AtomicI64::new(Self::NEVER))
    }
}

impl Last {
    const NEVER: i64 = i64::MIN;

    /// It happens now. Within one second it is written once, so that workers do not take the value from each other.
    pub fn note(&self, now: Timestamp) {
        if self.0.load(Ordering::Relaxed) != now.as_second() {
            self.0.store(now.as_second(), Ordering::Relaxed);
        }
    }

    /// When it was, in Unix seconds; `None`: never.
    pub fn read(&self) -> Option<i64> {
        Some(self.0.load(Ordering::Relaxed)).filter(|&second| second != Self::NEVER)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_belongs_to_the_bucket_below_it() {
        let histogram = Histogram::default();

        for micros in [0, 100, 101, 10_000_000, 10_000_001] {
            histogram.add(Duration::from_micros(micros));
        }

        let spread = histogram.read();
        let mut buckets = [0; BUCKETS];
        (buckets[0], buckets[1], buckets[BUCKETS - 2], buckets[BUCKETS - 1]) = (2, 1, 1, 1);
        assert_eq!((spread.buckets, spread.count()), (buckets, 5));
        assert_eq!(spread.sum, Duration::from_micros(20_000_202));
    }

    #[test]
    fn bounds_rise() {
        assert!(BOUNDS_MICROSECONDS.is_sorted_by(|lower, upper| lower < upper));
    }

    #[tokio::test]
    async fn what_is_given_up_is_not_added() {
        let histogram = Histogram::default();

        let given_up = futures_util::FutureExt::now_or_never(histogram.time(std::future::pending::<()>()));
        histogram.time(async {}).await;

        assert!(given_up.is_none());
        assert_eq!(histogram.read().count(), 1);
    }

    #[test]
    fn the_last_time_is_the_last() {
        let last = Last::default();
        assert_eq!(last.read(), None);

        for second in [5, 7] {
            last.note(Timestamp::from_second(second).unwrap());
        }

        assert_eq!(last.read(), Some(7));
    }
}

//! Reads the time, for everybody else: the steps of a login take it as an argument.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;

/// Where "now" comes from.
///
/// Cloning shares the source, so that a test which sets its clock moves every part that holds a clone.
#[derive(Clone, Debug, Default)]
pub struct Clock(Source);

#[derive(Clone, Debug, Default)]
enum Source {
    #[default]
    System,
    Set(Arc<AtomicI64>),
}

impl Clock {
    /// The machine's own clock.
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands still at `now`, in whole seconds, until it is [`set`](Self::set).
    pub fn standing_at(now: Timestamp) -> Self {
        Self(Source::Set(Arc::new(AtomicI64::new(now.as_second()))))
    }

    /// Moves a standing clock to `now`; a system clock is not moved.
    pub fn set(&self, now: Timestamp) {
        if let Source::Set(seconds) = &self.0 {
            seconds.store(now.as_second(), Ordering::SeqCst);
        }
    }

    /// The time of this moment.
    #[allow(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Source::System => Timestamp::now(),
            Source::Set(seconds) => {
                Timestamp::from_second(seconds.load(Ordering::SeqCst)).unwrap_or(Timestamp::UNIX_EPOCH)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_standing_clock_moves_only_when_it_is_set() {
        let clock = Clock::standing_at(Timestamp::UNIX_EPOCH);
        let shared = clock.clone();
        let later = Timestamp::from_second(1_800_000_000).unwrap();

        clock.set(later);

        assert_eq!(shared.now(), later);
    }
}

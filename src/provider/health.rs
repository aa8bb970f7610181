//! Whether a provider answers, as far as Roomkey's own last calls to it tell: nothing is asked for this alone.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use super::http::HttpError;
use super::{Leg, ProviderError};
use crate::clock::Clock;
use crate::measure::{Counter, Histogram, Last};

/// How long a failed call counts: after that the provider may be back, and nobody has tried.
const MEMORY: Duration = Duration::from_mins(1);

/// In the place of a failure's time: there was none, or a call has succeeded since.
const NONE: i64 = i64::MIN;

/// What the last calls to one provider came to. Providers keep it themselves, by logins and by what they refresh in the
/// background.
#[derive(Debug)]
pub struct Health {
    clock: Clock,
    /// When the last call failed, in seconds of the epoch, or [`NONE`].
    failed_at: AtomicI64,
    failures: Counter,
    calls: [Call; Leg::ALL.len()],
    verifications: Histogram,
}

/// What the calls of one leg came to.
#[derive(Debug, Default)]
pub struct Call {
    /// How long each took, whatever it came to.
    pub took: Histogram,
    /// When one last gave what was asked for.
    pub answered: Last,
}

impl Health {
    /// Nothing is known yet.
    pub fn new(clock: &Clock) -> Self {
        Self {
            clock: clock.clone(),
            failed_at: AtomicI64::new(NONE),
            failures: Counter::default(),
            calls: Default::default(),
            verifications: Histogram::default(),
        }
    }

    /// Makes a call, and measures it.
    ///
    /// # Errors
    /// Those of `call`.
    pub async fn measure<T, E>(&self, leg: Leg, call: impl Future<Output = Result<T, E>>) -> Result<T, E> {
        let measured = self.calls(leg);
        let outcome = measured.took.time(call).await;
        if outcome.is_ok() {
            measured.answered.note(self.clock.now());
        }
        outcome
    }

    /// What the calls of this leg came to.
    pub fn calls(&self, leg: Leg) -> &Call {
        &self.calls[leg as usize]
    }

    /// How long it took to check the signature of what proved a login.
    pub fn verifications(&self) -> &Histogram {
        &self.verifications
    }

    /// How often the provider has not answered.
    pub fn failures(&self) -> u64 {
        self.failures.read()
    }

    /// Whether a call has failed within a minute and none has succeeded since.
    pub fn is_down(&self) -> bool {
        match self.failed_at.load(Ordering::Relaxed) {
            NONE => false,
            failed_at => self.clock.now().as_second().saturating_sub(failed_at) < MEMORY.as_secs().cast_signed(),
        }
    }

    /// A call has succeeded.
    pub fn answered(&self) {
        // A login at a provider that is well only reads, so that workers do not take the value from each other.
        if self.failed_at.load(Ordering::Relaxed) != NONE {
            self.failed_at.store(NONE, Ordering::Relaxed);
        }
    }

    /// A login, or a part of it, has failed: keeps that in mind if it is the provider that does not answer.
    ///
    /// What the browser brings (`error=temporarily_unavailable`) does not count, or anybody could have a provider shown as
    /// down to everybody. Nor does an API that refuses one person's token, or a limit of Roomkey's own.
    pub fn failed(&self, error: &ProviderError) {
        let ProviderError::Unreachable { leg, cause } = error else { return };
        let is_down = match cause {
            HttpError::Busy(_) => false,
            HttpError::Status(status) => matches!(leg, Leg::Discovery | Leg::Metadata | Leg::Keys) || *status >= 500,
            HttpError::Connection { .. }
            | HttpError::Timeout
            | HttpError::TooLarge(_)
            | HttpError::Redirect(_)
            | HttpError::Unreadable { .. } => true,
        };
        if is_down {
            self.failures.add();
            self.failed_at.store(self.clock.now().as_second(), Ordering::Relaxed);
        }
    }

    /// Notes a whole login's outcome, and passes it on.
    ///
    /// # Errors
    /// Those of `outcome`.
    pub fn note<T>(&self, outcome: Result<T, ProviderError>) -> Result<T, ProviderError> {
        match &outcome {
            Ok(_) => self.answered(),
            Err(error) => self.failed(error),
        }
        outcome
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    fn unreachable(leg: Leg, cause: HttpError) -> ProviderError {
        ProviderError::Unreachable { leg, cause }
    }

    fn after(error: &ProviderError) -> bool {
        let health = Health::new(&Clock::standing_at(Timestamp::UNIX_EPOCH));
        health.failed(error);
        health.is_down()
    }

    #[test]
    fn a_provider_that_does_not_answer_is_down_until_a_call_succeeds() {
        let health = Health::new(&Clock::standing_at(Timestamp::UNIX_EPOCH));
        assert!(!health.is_down());

        let failed = health.note::<()>(Err(unreachable(Leg::Token, HttpError::Timeout)));
        assert!(failed.is_err() && health.is_down());
        health.note(Ok(())).unwrap();

        assert!(!health.is_down());
    }

    #[test]
    fn a_failure_counts_for_a_minute() {
        let clock = Clock::standing_at(Timestamp::UNIX_EPOCH);
        let health = Health::new(&clock);
        health.failed(&unreachable(Leg::Discovery, HttpError::Status(404)));

        clock.set(Timestamp::UNIX_EPOCH + MEMORY - Duration::from_secs(1));
        let before = health.is_down();
        clock.set(Timestamp::UNIX_EPOCH + MEMORY);

        assert_eq!((before, health.is_down()), (true, false));
    }

    #[test]
    fn a_visitor_cannot_have_a_provider_shown_as_down() {
        let code = "temporarily_unavailable".to_owned();
        let brought = ProviderError::by_authorization_code(&code);
        let token_refused = unreachable(Leg::UserInfo, HttpError::Status(401));

        assert!(!after(&brought) && !after(&ProviderError::Refused { code }));
        assert!(!after(&token_refused) && !after(&unreachable(Leg::Token, HttpError::Busy(512))));
    }

    #[tokio::test]
    async fn every_call_is_measured_and_the_last_answer_kept() {
        let clock = Clock::standing_at(Timestamp::from_second(1_000).unwrap());
        let health = Health::new(&clock);

        let answered = health.measure(Leg::Token, async { Ok::<_, ()>(()) }).await;
        clock.set(Timestamp::from_second(2_000).unwrap());
        let failed = health.measure(Leg::Token, async { Err::<(), _>(()) }).await;

        assert_eq!((answered, failed), (Ok(()), Err(())));
        let calls = Leg::ALL.map(|leg| health.calls(leg).took.read().count());
        assert_eq!(calls.iter().sum::<u64>(), 2);
        assert_eq!(health.calls(Leg::Token).took.read().count(), 2);
        assert_eq!(health.calls(Leg::Token).answered.read(), Some(1_000));
    }

    #[test]
    fn an_endpoint_in_trouble_is_down() {
        assert!(after(&unreachable(Leg::UserInfo, HttpError::Status(503))));
        assert!(after(&unreachable(Leg::Token, HttpError::Connection { cause: "refused".to_owned() })));
    }
}

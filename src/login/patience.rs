//! How long somebody has to wait after failed logins by password, so that nobody finds one by trying.

use std::time::Duration;

/// What failures cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// So many cost nothing.
    free: u32,
    /// The next one costs this, and each after it twice as much as the one before,
    first_wait: Duration,
    /// up to this.
    longest_wait: Duration,
    /// After this time without a failure, one is forgotten.
    forgets_after: Duration,
}

/// How often something has failed, and when it did last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// How often, at the time of the last.
    pub failures: u32,
    /// When, in seconds of the epoch.
    pub last: i64,
}

impl Patience {
    /// With one account: five passwords may be mistyped, and who goes on for a day has tried about a hundred.
    pub const ACCOUNT: Self = Self {
        free: 5,
        first_wait: Duration::from_secs(30),
        longest_wait: Duration::from_mins(15),
        forgets_after: Duration::from_hours(1),
    };

    /// With one address, from which a whole school may come.
    pub const ADDRESS: Self = Self {
        free: 60,
        first_wait: Duration::from_secs(10),
        longest_wait: Duration::from_mins(10),
        forgets_after: Duration::from_mins(1),
    };

    /// How long the next try has to wait.
    pub fn wait(&self, tally: Tally, now: i64) -> Option<Duration> {
        let until = tally.last.saturating_add_unsigned(self.cost(tally.failures).as_secs());
        u64::try_from(until.saturating_sub(now)).ok().filter(|&seconds| seconds > 0).map(Duration::from_secs)
    }

    /// The tally with one more failure.
    pub fn count(&self, tally: Option<Tally>, now: i64) -> Tally {
        let before = tally.map_or(0, |tally| self.left(tally, now));
        Tally { failures: before.saturating_add(1).min(self.most()), last: now }
    }

    /// When all is forgotten, in seconds of the epoch.
    pub fn ends(&self, tally: Tally) -> i64 {
        let seconds = u64::from(tally.failures).saturating_mul(self.forgets_after.as_secs());
        tally.last.saturating_add_unsigned(seconds.max(self.cost(tally.failures).as_secs()))
    }

    fn left(&self, tally: Tally, now: i64) -> u32 {
        let passed = u64::try_from(now.saturating_sub(tally.last)).unwrap_or(0) / self.forgets_after.as_secs().max(1);
        tally.failures.saturating_sub(u32::try_from(passed).unwrap_or(u32::MAX))
    }

    fn cost(&self, failures: u32) -> Duration {
        match failures.checked_sub(self.free) {
            None | Some(0) => Duration::ZERO,
            Some(beyond) => {
                let factor = 1_u32.checked_shl(beyond - 1).unwrap_or(u32::MAX);
                self.first_wait.saturating_mul(factor).min(self.longest_wait)
            }
        }
    }

    /// The count that costs the most: more are not counted, or they would never be forgotten.
    fn most(&self) -> u32 {
        (self.free..).find(|&failures| self.cost(failures) >= self.longest_wait).unwrap_or(self.free)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What each of so many failures in a row costs, each made as soon as it may be.
    fn costs(patience: Patience, count: usize) -> Vec<u64> {
        let (mut tally, mut now) = (None, 1_000_000);
        let mut costs = Vec::new();
        for _ in 0..count {
            let counted = patience.count(tally, now);
            let wait = patience.wait(counted, now).map_or(0, |wait| wait.as_secs());
            costs.push(wait);
            now = now.saturating_add_unsigned(wait);
            tally = Some(counted);
        }
        costs
    }

    #[test]
    fn waits_grow_to_their_longest() {
        assert_eq!(costs(Patience::ACCOUNT, 12), [0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900]);
    }

    #[test]
    fn a_day_of_trying_is_about_a_hundred_passwords() {
        let day = 24 * 60 * 60;
        let mut spent = 0;

        let tried = costs(Patience::ACCOUNT, 1000).into_iter().take_while(|cost| {
            spent += cost;
            spent <= day
        });

        assert!((90..120).contains(&tried.count()));
    }

    #[test]
    fn failures_are_forgotten_one_by_one() {
        let patience = Patience::ACCOUNT;
        let tally = Tally { failures: 6, last: 0 };

        let later = patience.count(Some(tally), 3 * 3600);
        let much_later = patience.count(Some(tally), 7 * 3600);

        assert_eq!((later.failures, much_later.failures), (4, 1));
        assert_eq!(patience.ends(tally), 6 * 3600);
        assert_eq!(patience.wait(tally, 29), Some(Duration::from_secs(1)));
        assert_eq!(patience.wait(tally, 30), None);
    }

    proptest! {
        #[test]
        fn no_wait_is_longer_than_the_longest(failures: u32, last: i64, now: i64) {
            for patience in [Patience::ACCOUNT, Patience::ADDRESS] {
                let counted = patience.count(Some(Tally { failures, last }), now);
                let wait = patience.wait(counted, now);

                prop_assert!(wait.is_none_or(|wait| wait <= patience.longest_wait));
                prop_assert!(patience.ends(counted) >= now);
            }
        }
    }
}

//! How long a session lasts, and when its identities are confirmed anew.

use std::time::Duration;

use jiff::Timestamp;

/// The times of section `[session]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    /// From a login on, its identity lasts this long at most.
    pub lifetime: Duration,
    /// From the last use on, the session lasts this long.
    pub idle: Duration,
    /// From the last word of the provider on, an identity counts this long without asking again.
    pub confirm: Duration,
    /// After that, it counts this much longer while the provider cannot be asked.
    pub grace: Duration,
}

/// Where an identity stands between two words of its provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Confirmed lately.
    Fresh,
    /// To be confirmed before it is used; if the provider cannot be asked, it may be used as it is.
    Due,
    /// To be confirmed before it is used, and not to be used otherwise.
    Overdue,
}

impl Lifetimes {
    /// Where an identity stands that was last confirmed at `confirmed`.
    pub fn standing(&self, confirmed: Timestamp, now: Timestamp) -> Standing {
        if now < after(confirmed, self.confirm) {
            Standing::Fresh
        } else if now < after(after(confirmed, self.confirm), self.grace) {
            Standing::Due
        } else {
            Standing::Overdue
        }
    }

    /// Whether a login at `since` still counts.
    pub fn lasts(&self, since: Timestamp, now: Timestamp) -> bool {
        now < self.end_of_login(since)
    }

    /// When a login at `since` counts no longer, whatever has been used meanwhile.
    pub fn end_of_login(&self, since: Timestamp) -> Timestamp {
        after(since, self.lifetime)
    }

    /// Whether a session that was last used at `last_used` still counts.
    pub fn in_use(&self, last_used: Timestamp, now: Timestamp) -> bool {
        now < after(last_used, self.idle)
    }

    /// When a session ends by itself that is used at `now` and whose latest login was at `since`.
    pub fn end(&self, since: Timestamp, now: Timestamp) -> Timestamp {
        self.end_of_login(since).min(after(now, self.idle))
    }
}

/// The latest time there is, if the sum is beyond it.
fn after(time: Timestamp, duration: Duration) -> Timestamp {
    time.checked_add(duration).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMES: Lifetimes = Lifetimes {
        lifetime: Duration::from_hours(12),
        idle: Duration::from_hours(2),
        confirm: Duration::from_mins(15),
        grace: Duration::from_hours(1),
    };

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + seconds).unwrap()
    }

    #[test]
    fn a_confirmation_counts_until_its_time_has_passed() {
        assert_eq!(TIMES.standing(at(0), at(0)), Standing::Fresh);
        assert_eq!(TIMES.standing(at(0), at(15 * 60 - 1)), Standing::Fresh);
        assert_eq!(TIMES.standing(at(0), at(15 * 60)), Standing::Due);
        assert_eq!(TIMES.standing(at(0), at(75 * 60 - 1)), Standing::Due);
        assert_eq!(TIMES.standing(at(0), at(75 * 60)), Standing::Overdue);
    }

    #[test]
    fn a_confirmation_ahead_of_this_clock_is_fresh() {
        assert_eq!(TIMES.standing(at(30), at(0)), Standing::Fresh);
    }

    #[test]
    fn without_grace_an_identity_is_overdue_at_once() {
        let strict = Lifetimes { grace: Duration::ZERO, ..TIMES };

        assert_eq!(strict.standing(at(0), at(15 * 60)), Standing::Overdue);
    }

    #[test]
    fn a_session_ends_by_its_age_or_by_its_rest_whichever_is_first() {
        assert_eq!(TIMES.end(at(0), at(0)), at(2 * 3600));
        assert_eq!(TIMES.end(at(0), at(11 * 3600)), at(12 * 3600));
        assert!(TIMES.lasts(at(0), at(12 * 3600 - 1)));
        assert!(!TIMES.lasts(at(0), at(12 * 3600)));
        assert!(TIMES.in_use(at(0), at(2 * 3600 - 1)));
        assert!(!TIMES.in_use(at(0), at(2 * 3600)));
    }

    #[test]
    fn times_beyond_all_time_do_not_overflow() {
        let endless =
            Lifetimes { lifetime: Duration::MAX, idle: Duration::MAX, confirm: Duration::MAX, grace: Duration::MAX };

        assert_eq!(endless.end(at(0), at(0)), Timestamp::MAX);
        assert_eq!(endless.standing(at(0), at(1)), Standing::Fresh);
    }
}

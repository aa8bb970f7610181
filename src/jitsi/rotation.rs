//! Decides when keys that Roomkey makes itself are published, sign, and are withdrawn.
//!
//! A key is published for [`lead`](Rotation::lead) before it signs, so that whoever caches for
//! [`max_age`](Rotation::max_age) has asked again by then; it signs until the next one does, and stays published until the
//! last token that it signed has expired. All replicas read the same terms from the store and come to the same answers by
//! their own clocks. Times are Unix seconds, and now is an argument.

use std::time::Duration;

/// How often keys change, and what follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rotation {
    every: Duration,
}

/// A key's place among the others, as the store has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// Counts the keys of a deployment; of those that may sign, the highest does.
    pub number: i64,
    /// From when on it may sign.
    pub signs: i64,
    /// Longest life of the tokens that it has signed, in seconds.
    pub token_lifetime: i64,
}

/// Longest time for which a key is published before it signs.
const LEAD: Duration = Duration::from_hours(24);

/// Longest time for which a published set of keys may be cached.
const MAX_AGE: Duration = Duration::from_hours(1);

/// Longest time between two looks into the store.
const LOOK_AGAIN: Duration = Duration::from_secs(30);

/// How far the clocks of replicas and of Prosody may be apart, in seconds: a key is kept so much longer.
const CLOCK_SLACK: i64 = 60;

impl Rotation {
    /// Shortest time between two keys: below, a replica could miss one.
    pub const SHORTEST: Duration = Duration::from_secs(10);

    /// A new key every so often; what is shorter than [`SHORTEST`](Self::SHORTEST) counts as that.
    pub fn new(every: Duration) -> Self {
        Self { every: every.max(Self::SHORTEST) }
    }

    /// How long a key is published before it signs: a day, or half the time between two keys.
    pub fn lead(&self) -> Duration {
        LEAD.min(self.every / 2)
    }

    /// How long a published set may be cached: short enough that within [`lead`](Self::lead) everybody has seen the new key,
    /// even if the replica that they asked was the last to hear of it.
    pub fn max_age(&self) -> Duration {
        Duration::from_secs(MAX_AGE.min(self.lead() / 4).as_secs())
    }

    /// How often a replica looks for the keys that others have made.
    pub fn look_again(&self) -> Duration {
        LOOK_AGAIN.min(self.lead() / 8)
    }

    /// From when on a key made at `now` would sign, if it is time to make one: there is none that has not begun to sign, and
    /// the one that signs ends within the lead, or has long since.
    pub fn due(&self, terms: &[Term], now: i64) -> Option<i64> {
        let (every, lead) = (seconds(self.every), seconds(self.lead()));
        match terms.iter().max_by_key(|term| term.number) {
            None => Some(now),
            Some(newest) if now >= newest.signs.saturating_add(every - lead) => {
                Some(newest.signs.saturating_add(every).max(now.saturating_add(lead)))
            }
            Some(_) => None,
        }
    }

    /// From when on a key made at `now` signs if the operator does not want to wait for its turn.
    pub fn soonest(&self, now: i64) -> i64 {
        now.saturating_add(seconds(self.lead()))
    }
}

impl Term {
    /// Which of `terms` signs at `now`. Before the first has begun, by a clock that is slow, it is the first.
    pub fn signing(terms: &[Self], now: i64) -> Option<&Self> {
        let begun = terms.iter().filter(|term| term.signs <= now).max_by_key(|term| term.number);
        begun.or_else(|| terms.iter().min_by_key(|term| (term.signs, term.number)))
    }

    /// When the last token that this one of `terms` signed has expired everywhere; `None` as long as it has no successor.
    pub fn withdrawn(&self, terms: &[Self]) -> Option<i64> {
        let successors = terms.iter().filter(|other| other.number > self.number);
        let end = successors.map(|other| other.signs).min()?;
        Some(end.saturating_add(self.token_lifetime).saturating_add(CLOCK_SLACK))
    }
}

fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;

//! The rules in force, whose lists of members are read again while requests are served.

use std::sync::{Arc, Weak};
use std::time::Duration;

use arc_swap::{ArcSwap, Guard};
use tracing::{error, info};

use super::source::Look;
use super::{RosterError, RosterFile};
use crate::policy::{Policy, Roster};
use crate::provider::chain;

/// The policy of the moment.
///
/// A decision is made by one policy from beginning to end; the next may be made by another.
#[derive(Clone, Debug)]
pub struct LivePolicy(Arc<ArcSwap<Policy>>);

/// How often the files are looked at. One that has changed is read when it has looked the same twice, so that a file that is
/// being written to is left alone.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// How often a file has to look the same whose last line has no end: a cell of that line may be half written, or the next not at
/// all, which would be another room or no limit.
const LOOKS_AT_OPEN_END: u32 = 15;

/// A list that is looked at.
struct Watched {
    /// The number of its rule.
    rule: usize,
    file: RosterFile,
    /// How it looked the last time, if that was otherwise, and how often in a row.
    changing: Option<(Look, u32)>,
}

impl From<Policy> for LivePolicy {
    fn from(policy: Policy) -> Self {
        Self(Arc::new(ArcSwap::from_pointee(policy)))
    }
}

impl LivePolicy {
    /// The policy to decide by now.
    pub fn now(&self) -> Guard<Arc<Policy>> {
        self.0.load()
    }

    /// Reads these lists, each with the number of its rule, again whenever they change, for as long as the policy is in use. A
    /// list that is wrong changes nothing, and every mistake in it is logged.
    ///
    /// # Panics
    /// Outside a Tokio runtime.
    pub fn follow(&self, lists: Vec<(usize, RosterFile)>) {
        if !lists.is_empty() {
            tokio::spawn(look_regularly(lists, Arc::downgrade(&self.0)));
        }
    }
}

async fn look_regularly(lists: Vec<(usize, RosterFile)>, policy: Weak<ArcSwap<Policy>>) {
    let mut watched: Vec<_> = lists.into_iter().map(|(rule, file)| Watched { rule, file, changing: None }).collect();
    let mut looks = tokio::time::interval(LOOK_EVERY);
    looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        looks.tick().await;
        let Some(policy) = policy.upgrade() else { return };
        let looked = tokio::task::spawn_blocking(move || {
            watched.iter_mut().for_each(|list| list.look(&policy));
            watched
        });
        match looked.await {
            Ok(lists) => watched = lists,
            // The runtime ends.
            Err(_) => return,
        }
    }
}

impl Watched {
    /// Reads the list if it has changed, and lets it take over.
    fn look(&mut self, policy: &ArcSwap<Policy>) {
        let look = self.file.look();
        if !self.file.has_changed(&look) {
            self.changing = None;
            return;
        }
        let looks = match self.changing.take() {
            Some((before, looks)) if before == look => looks + 1,
            _ => 1,
        };
        if looks < 2 || (looks < LOOKS_AT_OPEN_END && self.file.ends_open()) {
            self.changing = Some((look, looks));
            return;
        }
        match self.file.read() {
            // Later looks find out when it is done.
            Err(RosterError::Changing { .. }) => {}
            read => self.take_over(read, policy),
        }
    }

    fn take_over(&self, read: Result<Arc<Roster>, RosterError>, policy: &ArcSwap<Policy>) {
        let path = self.file.path().display();
        match read {
            Ok(roster) => {
                policy.rcu(|policy| policy.with_roster(self.rule, Arc::clone(&roster)));
                let rows = roster.rows();
                info!(roster.file = %path, roster.rows = rows, "{path} has been read again, {rows} rows, and is in force");
            }
            Err(error) => {
                tell_mistakes(&error);
                error!(roster.file = %path, "the members stay as they were: {}", chain(&error));
            }
        }
    }
}

fn tell_mistakes(error: &RosterError) {
    if let RosterError::Wrong { mistakes, .. } = error {
        for mistake in mistakes.told() {
            error!(roster.file = %mistake.file.display(), roster.line = mistake.line, "{mistake}");
        }
        if mistakes.untold() > 0 {
            error!("and {} more mistakes", mistakes.untold());
        }
    }
}

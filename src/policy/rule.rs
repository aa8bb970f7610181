//! One `[[access]]` rule of the operator.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::{Feature, Role, RoomGlob, Roster, When};
use crate::provider::ProviderId;

/// Who fits, and what follows from it. An empty list is a condition that is absent.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Shown in audit and log.
    pub name: String,
    /// Rooms it speaks of; at least one.
    pub rooms: Vec<RoomGlob>,
    /// Groups, as the provider gives them or as `provider:group`.
    pub groups: Vec<String>,
    /// Verified addresses, compared without regard to ASCII case.
    pub emails: Vec<String>,
    /// Domains of verified addresses, lower case, without `@`.
    pub email_domains: Vec<String>,
    /// Providers.
    pub providers: Vec<ProviderId>,
    /// Claims and the values that fit; every one of the claims must hold.
    pub claims: Vec<ClaimCondition>,
    /// The only people it fits, if there is a list of them.
    pub members: Option<Arc<Roster>>,
    /// It speaks of holders of passes, and of nobody else.
    pub passes: bool,
    /// When it holds.
    pub window: Window,
    /// What else must hold.
    pub when: Option<When>,
    /// What it decides.
    pub outcome: Outcome,
}

impl Rule {
    /// What it lets people in as, unless a list of members says otherwise.
    pub(super) fn role(&self) -> Role {
        match &self.outcome {
            Outcome::Admit(permit) => permit.role,
            Outcome::Deny => Role::Participant,
        }
    }

    /// Whether it speaks of people whom nobody has verified: one that lets in does so only if it names their provider or speaks of
    /// passes, one that denies speaks of everybody.
    pub(super) fn speaks_of_guests(&self) -> bool {
        match self.outcome {
            Outcome::Admit(_) => self.passes || !self.providers.is_empty(),
            Outcome::Deny => true,
        }
    }
}

/// A claim of the provider and the values one of which it must have.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimCondition {
    /// A claim's name, or a JSON pointer (RFC 6901) when it starts with `/`.
    pub claim: String,
    /// Scalars (string, number, boolean). A claim that is a list fits when one of its members is among them.
    pub values: Vec<serde_json::Value>,
}

/// A time from `from` (inclusive) to `until` (exclusive); absent ends are open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Window {
    /// Not before this.
    pub from: Option<Timestamp>,
    /// Not at or after this; no token outlives it.
    pub until: Option<Timestamp>,
}

impl Window {
    /// Whether `now` is in it.
    pub fn contains(&self, now: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= now) && self.until.is_none_or(|until| now < until)
    }
}

/// What a rule decides about those who fit it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// They may enter.
    Admit(Permit),
    /// They may not (`deny = true`).
    Deny,
}

/// What somebody who fits a rule is let in as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permit {
    /// As what.
    pub role: Role,
    /// Exactly these are on; `None` leaves it to Jitsi's default for the role.
    pub features: Option<BTreeSet<Feature>>,
    /// Longest life of a token; `None` takes `meeting.token_lifetime`.
    pub token_lifetime: Option<Duration>,
}

//! The outcome of a decision.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;

use crate::room::{RoomName, Tenant};

/// What somebody is in the meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Takes part.
    Participant,
    /// Moderates: `owner` in Prosody's words.
    Moderator,
}

/// A feature of Jitsi Meet that a token can turn on, as `context.features` names it (`recording`, `livestreaming`, …).
///
/// Lower-case ASCII letters, digits and `-`, at most 64 bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Feature(String);

/// Leave to enter one room, in one role, for a time. Only [`Policy::decide`](super::Policy::decide) makes one.
#[derive(Debug, PartialEq, Eq)]
pub struct Grant {
    pub(super) room: RoomName,
    pub(super) tenant: Option<Tenant>,
    pub(super) role: Role,
    pub(super) features: Option<BTreeSet<Feature>>,
    pub(super) not_after: Option<Timestamp>,
    pub(super) token_lifetime: Option<Duration>,
    pub(super) rule: String,
}

/// Why somebody may not enter.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No rule fits.
    #[error("no rule fits")]
    NoRule,
    /// The first rule that fits says `deny`.
    #[error("rule `{rule}` denies")]
    Denied {
        /// The rule that decided.
        rule: String,
    },
}

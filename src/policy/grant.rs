//! Leave to enter.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use jiff::Timestamp;

use super::roster::Taken;
use super::{Permit, Rule, Voucher};
use crate::room::{JoinRequest, RoomName, Tenant};

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

/// Why a text is no feature.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FeatureError {
    /// Empty or over 64 bytes.
    #[error("a feature has 1 to {} characters, this one has {length}", Feature::MAX_BYTES)]
    Length {
        /// Its length in bytes.
        length: usize,
    },
    /// A character outside `a-z 0-9 -`.
    #[error("{found:?} cannot stand in a feature: use a-z, 0-9 and -")]
    Character {
        /// The first one.
        found: char,
    },
}

/// Leave to enter one room, in one role, for a time. Only [`Policy`](super::Policy) makes one.
#[derive(Debug, PartialEq, Eq)]
pub struct Grant {
    room: RoomName,
    tenant: Option<Tenant>,
    role: Role,
    features: Option<BTreeSet<Feature>>,
    not_after: Option<Timestamp>,
    token_lifetime: Option<Duration>,
    rule: String,
    pass: Option<String>,
}

impl Grant {
    /// What `rule` gives; `taken` is the place that its list of members gives, which may be another role and end earlier.
    pub(super) fn new(rule: &Rule, permit: &Permit, taken: Option<Taken>, request: &JoinRequest) -> Self {
        let ends = [rule.window.until, taken.and_then(|taken| taken.until)];
        Self {
            room: request.room.clone(),
            tenant: request.tenant.clone(),
            role: taken.map_or(permit.role, |taken| taken.role),
            features: permit.features.clone(),
            not_after: ends.into_iter().flatten().min(),
            token_lifetime: permit.token_lifetime,
            rule: rule.name.clone(),
            pass: None,
        }
    }

    /// No more of it than the pass asks for.
    pub(super) fn by(self, voucher: &Voucher) -> Self {
        let role = self.role.min(voucher.role);
        let features = match (self.features, &voucher.features) {
            (features, None) => features,
            (Some(allowed), Some(wanted)) => Some(allowed.intersection(wanted).cloned().collect()),
            // What Jitsi gives a role by itself: all to moderators, and to participants nothing that a token turns on.
            (None, Some(wanted)) => Some(if self.role == Role::Moderator { wanted.clone() } else { BTreeSet::new() }),
        };
        let not_after = [self.not_after, voucher.window.until].into_iter().flatten().min();
        Self { role, features, not_after, pass: Some(voucher.id.clone()), ..self }
    }

    /// The one room.
    pub fn room(&self) -> &RoomName {
        &self.room
    }

    /// The tenant it is in.
    pub fn tenant(&self) -> Option<&Tenant> {
        self.tenant.as_ref()
    }

    /// As what.
    pub fn role(&self) -> Role {
        self.role
    }

    /// Exactly these are on; `None` leaves it to Jitsi's default for the role.
    pub fn features(&self) -> Option<&BTreeSet<Feature>> {
        self.features.as_ref()
    }

    /// When it ends: nothing made from it may hold at or after this time.
    pub fn not_after(&self) -> Option<Timestamp> {
        self.not_after
    }

    /// Longest life of a token; `None` takes `meeting.token_lifetime`.
    pub fn token_lifetime(&self) -> Option<Duration> {
        self.token_lifetime
    }

    /// The pass that was shown, by its id.
    pub fn pass(&self) -> Option<&str> {
        self.pass.as_deref()
    }

    /// The rule that decided.
    pub fn rule(&self) -> &str {
        &self.rule
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Participant => "participant",
            Self::Moderator => "moderator",
        })
    }
}

impl Feature {
    /// Longest name, in bytes.
    pub const MAX_BYTES: usize = 64;

    /// Its name in `context.features`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Feature {
    type Err = FeatureError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() || text.len() > Self::MAX_BYTES {
            return Err(FeatureError::Length { length: text.len() });
        }
        match text.chars().find(|c| !matches!(c, 'a'..='z' | '0'..='9' | '-')) {
            Some(found) => Err(FeatureError::Character { found }),
            None => Ok(Self(text.to_owned())),
        }
    }
}

impl fmt::Display for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

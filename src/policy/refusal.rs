//! Why somebody may not enter.

use std::fmt;

use super::Misfit;

/// Why somebody may not enter. Says nothing about the person, so that it may be logged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No rule fits.
    #[error("no rule fits{}", Listed(.near))]
    NoRule {
        /// The first [`MAX_NEAR`](Self::MAX_NEAR) admitting rules that speak of the room, for the operator.
        near: Vec<NearMiss>,
    },
    /// A pass was shown that is not for this person, this room or this time.
    #[error("the pass does not fit: its {failed}")]
    Pass {
        /// What of it.
        failed: Misfit,
    },
    /// The first rule that fits says `deny`.
    #[error("rule `{rule}` denies")]
    Denied {
        /// The rule that decided.
        rule: String,
    },
}

/// A rule that speaks of the room but does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearMiss {
    /// The rule.
    pub rule: String,
    /// The first kind of condition that did not hold.
    pub failed: Condition,
}

/// A kind of condition, in the order in which they are checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// `providers`
    Providers,
    /// `groups`
    Groups,
    /// `emails`
    Emails,
    /// `email_domains`
    EmailDomains,
    /// `claims`
    Claims,
    /// `members_file`
    Members,
    /// `passes`
    Passes,
    /// `from` and `until`
    Window,
    /// `when`
    When,
}

impl Refusal {
    /// Most rules that a refusal lists.
    pub const MAX_NEAR: usize = 5;
}

impl fmt::Display for Condition {
    /// The key in the operator's file.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Providers => "providers",
            Self::Groups => "groups",
            Self::Emails => "emails",
            Self::EmailDomains => "email_domains",
            Self::Claims => "claims",
            Self::Members => "members_file",
            Self::Passes => "passes",
            Self::Window => "from and until",
            Self::When => "when",
        })
    }
}

impl fmt::Display for NearMiss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` not by its {}", self.rule, self.failed)
    }
}

/// Near misses as the end of a sentence.
struct Listed<'a>(&'a [NearMiss]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().enumerate().try_for_each(|(at, miss)| {
            f.write_str(if at == 0 { ": " } else { ", " })?;
            miss.fmt(f)
        })
    }
}

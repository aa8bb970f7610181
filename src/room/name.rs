//! Room and tenant names, in the form in which Prosody compares them.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::form;

/// A meeting name in the form Prosody compares: NFKC, lower case, percent-encoded, lower case again. ASCII.
///
/// A name that is also a route of the bridge (`static`, `config.js`, `http-bind`, …) is not refused: which routes there
/// are is up to the web server of the deployment, and that server answers them with or without a token.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct RoomName(String);

/// The name of a tenant, in the same form.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Tenant(String);

/// Why a name is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RoomNameError {
    /// Nothing is left of it.
    #[error("empty")]
    Empty,
    /// Longer than Prosody holds.
    #[error("{bytes} bytes long, {} is the most", RoomName::MAX_BYTES)]
    TooLong {
        /// Its length in bytes, percent-encoded.
        bytes: usize,
    },
    /// A character that Jitsi leaves out of names, or that opens other rooms (`*`), or makes another path (`/`).
    #[error("`{found}` cannot stand in a name")]
    Reserved {
        /// The first one, as typed.
        found: char,
    },
    /// A character that cannot be seen, or that changes how others are seen: controls, zero-width and
    /// direction characters, fillers, and code points without a character.
    #[error("the invisible character U+{:04X} cannot stand in a name", u32::from(*.found))]
    Invisible {
        /// The first one, as typed.
        found: char,
    },
    /// A combining mark at the beginning, which is drawn onto whatever stands before the name.
    #[error("the mark U+{:04X} cannot begin a name", u32::from(*.found))]
    LeadingMark {
        /// The mark.
        found: char,
    },
    /// A space at the beginning, at the end or next to another one, where it is not seen.
    #[error("a space at an end or next to another one")]
    Space,
    /// `.` or `..`, which browsers take for a step in a path (WHATWG URL, "single-dot" and "double-dot URL path segment").
    #[error("a path step instead of a name")]
    DotSegment,
    /// Lower case and NFKC never agree on it: from its own form Jitsi makes the name of another meeting.
    #[error("Jitsi makes two different names of it, from U+{:04X} on", u32::from(*.found))]
    Unstable {
        /// The first character on which the two names differ.
        found: char,
    },
    /// A character too new for all browsers to agree on its form.
    #[error("the character U+{:04X} is too new for a name", u32::from(*.found))]
    TooNew {
        /// The first one, as typed.
        found: char,
    },
    /// Not the form Prosody compares, where only that form may stand.
    #[error("not in the form Prosody compares")]
    OtherForm,
}

impl RoomNameError {
    /// The character at fault, to be shown to the visitor; an invisible one has only a number to show.
    pub fn found(self) -> Option<char> {
        match self {
            Self::Reserved { found }
            | Self::Invisible { found }
            | Self::LeadingMark { found }
            | Self::Unstable { found }
            | Self::TooNew { found } => Some(found),
            Self::Space => Some(' '),
            Self::Empty | Self::TooLong { .. } | Self::DotSegment | Self::OtherForm => None,
        }
    }
}

impl RoomName {
    /// Longest name in bytes, percent-encoded: an XMPP localpart (RFC 7622, section 3.3).
    pub const MAX_BYTES: usize = 1023;

    /// The name as Prosody has it: ASCII.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name for people to read: percent-decoded.
    pub fn decoded(&self) -> Cow<'_, str> {
        form::decoded(&self.0)
    }
}

impl Tenant {
    /// The name as Prosody has it: ASCII.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name for people to read: percent-decoded.
    pub fn decoded(&self) -> Cow<'_, str> {
        form::decoded(&self.0)
    }
}

impl FromStr for RoomName {
    type Err = RoomNameError;

    /// Makes of a typed name what Jitsi's front end makes of it.
    fn from_str(typed: &str) -> Result<Self, Self::Err> {
        form::backend_safe(typed).map(Self)
    }
}

impl FromStr for Tenant {
    type Err = RoomNameError;

    /// Makes of a typed name what Jitsi's front end makes of it.
    fn from_str(typed: &str) -> Result<Self, Self::Err> {
        form::backend_safe(typed).map(Self)
    }
}

impl TryFrom<String> for RoomName {
    type Error = RoomNameError;

    /// Takes a name that is in Prosody's form already.
    fn try_from(safe: String) -> Result<Self, Self::Error> {
        form::already_safe(safe).map(Self)
    }
}

impl TryFrom<String> for Tenant {
    type Error = RoomNameError;

    /// Takes a name that is in Prosody's form already.
    fn try_from(safe: String) -> Result<Self, Self::Error> {
        form::already_safe(safe).map(Self)
    }
}

impl fmt::Display for RoomName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Tenant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests;

//! Globs over room names.

use std::str::FromStr;

use super::pattern::Pattern;
use super::rooms;
use crate::room::{RoomName, Tenant};

/// A glob over the room as Prosody sees it, or `tenant/room` within a tenant.
///
/// `*` is any number of characters, `?` one, `[a-z]` one of some, `[!a-z]` one of all others, `{a,b}` one of several
/// texts. None of them reaches over a `/`, and a glob without one speaks of rooms without a tenant only. The text between
/// them may be written as people read it or as Prosody has it: `Réunion *` and `r%c3%a9union%20*` are the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomGlob {
    alternatives: Vec<(Option<Pattern>, Pattern)>,
}

/// Why a text is no glob.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RoomGlobError {
    /// Nothing in it, or nothing on one side of the `/`.
    #[error("empty")]
    Empty,
    /// More than `tenant/room`.
    #[error("more than one `/`: rooms are `room` or `tenant/room`")]
    Slashes,
    /// A bracket or brace that nothing closes or opens, or with nothing in it.
    #[error("`{0}` stands alone or is empty")]
    Unbalanced(char),
    /// A range in brackets from a later to an earlier character.
    #[error("the range {from}-{to} is the wrong way round")]
    Range {
        /// Its beginning.
        from: char,
        /// Its end.
        to: char,
    },
    /// A character that no room has in its name, so that nothing could match.
    #[error("no room has {:?} in its name", .0)]
    Impossible(char),
    /// So many braces that matching would be slow.
    #[error("braces that stand for more than {} globs", RoomGlob::MAX_ALTERNATIVES)]
    TooMany,
    /// Longer than any name could be.
    #[error("{bytes} bytes long, {} is the most", RoomGlob::MAX_BYTES)]
    TooLong {
        /// Its length.
        bytes: usize,
    },
}

impl RoomGlob {
    /// Most globs that the braces of one may stand for.
    pub const MAX_ALTERNATIVES: usize = 256;

    /// Longest glob, in bytes.
    pub const MAX_BYTES: usize = 4096;

    /// Whether the meeting is one of those.
    pub fn matches(&self, room: &RoomName, tenant: Option<&Tenant>) -> bool {
        let (room, tenant) = (room.decoded(), tenant.map(Tenant::decoded));
        self.alternatives.iter().any(|patterns| rooms::matches(patterns, &room, tenant.as_deref()))
    }

    /// A pattern of a tenant, if it speaks of one, and of a room for each way through the braces.
    pub(super) fn alternatives(&self) -> &[(Option<Pattern>, Pattern)] {
        &self.alternatives
    }
}

impl FromStr for RoomGlob {
    type Err = RoomGlobError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() > Self::MAX_BYTES {
            return Err(RoomGlobError::TooLong { bytes: text.len() });
        }
        let alternatives = expand(text)?.iter().map(|glob| read(glob)).collect::<Result<_, _>>()?;
        Ok(Self { alternatives })
    }
}

/// Reads a glob without braces.
fn read(glob: &str) -> Result<(Option<Pattern>, Pattern), RoomGlobError> {
    match glob.split_once('/') {
        Some((_, room)) if room.contains('/') => Err(RoomGlobError::Slashes),
        Some((tenant, room)) => Ok((Some(tenant.parse()?), room.parse()?)),
        None => Ok((None, glob.parse()?)),
    }
}

/// All globs that the braces of `text` stand for.
fn expand(text: &str) -> Result<Vec<String>, RoomGlobError> {
    let mut done = Vec::new();
    let mut open = vec![text.to_owned()];
    while let Some(glob) = open.pop() {
        match glob.find(['{', '}']) {
            None => done.push(glob),
            Some(_) => {
                let (before, choices, after) = innermost(&glob)?;
                open.extend(choices.split(',').rev().map(|choice| format!("{before}{choice}{after}")));
            }
        }
        if done.len() + open.len() > RoomGlob::MAX_ALTERNATIVES {
            return Err(RoomGlobError::TooMany);
        }
    }
    Ok(done)
}

/// The first pair of braces without braces in it, and what stands around it.
fn innermost(glob: &str) -> Result<(&str, &str, &str), RoomGlobError> {
    let close = glob.find('}').ok_or(RoomGlobError::Unbalanced('{'))?;
    let open = glob[..close].rfind('{').ok_or(RoomGlobError::Unbalanced('}'))?;
    match &glob[open + 1..close] {
        "" => Err(RoomGlobError::Unbalanced('{')),
        choices => Ok((&glob[..open], choices, &glob[close + 1..])),
    }
}

#[cfg(test)]
mod tests;

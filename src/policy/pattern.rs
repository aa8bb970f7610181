//! A pattern over one name, decoded: a glob without braces and slashes.

use std::str::FromStr;

use super::RoomGlobError;
use crate::room::{character, form};

/// A name with places that are open. Matching takes at most the product of both lengths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    /// This text.
    Text(String),
    /// `?`
    One,
    /// `[a-z]`, `[!a-z]`
    OneOf { negated: bool, ranges: Vec<(char, char)> },
    /// `*`
    Any,
}

impl Pattern {
    /// The text that every name which fits begins with.
    pub(super) fn head(&self) -> &str {
        match self.0.first() {
            Some(Part::Text(text)) => text,
            _ => "",
        }
    }

    /// Whether every name fits.
    pub(super) fn is_any(&self) -> bool {
        self.0 == [Part::Any]
    }

    /// Whether all of `name` fits.
    pub(super) fn matches(&self, name: &str) -> bool {
        let (mut parts, mut rest) = (self.0.as_slice(), name);
        // Where to try again, one character later, when what follows the last `*` does not fit.
        let mut again: Option<(&[Part], &str)> = None;
        loop {
            match parts.split_first() {
                Some((Part::Any, [])) => return true,
                Some((Part::Any, after)) => {
                    again = Some((after, rest));
                    parts = after;
                    continue;
                }
                Some((part, after)) => {
                    if let Some(remaining) = part.strip(rest) {
                        (parts, rest) = (after, remaining);
                        continue;
                    }
                }
                None if rest.is_empty() => return true,
                None => {}
            }
            let Some((after, from)) = again else { return false };
            let mut later = from.chars();
            if later.next().is_none() {
                return false;
            }
            (parts, rest) = (after, later.as_str());
            again = Some((after, rest));
        }
    }
}

impl Part {
    /// What is left of `text` after this part at its beginning.
    fn strip<'a>(&self, text: &'a str) -> Option<&'a str> {
        let mut chars = text.chars();
        match self {
            Self::Text(wanted) => text.strip_prefix(wanted.as_str()),
            Self::One => chars.next().map(|_| chars.as_str()),
            Self::OneOf { negated, ranges } => {
                let found = chars.next()?;
                let among = ranges.iter().any(|&(from, to)| (from..=to).contains(&found));
                (among != *negated).then_some(chars.as_str())
            }
            Self::Any => Some(text),
        }
    }
}

impl FromStr for Pattern {
    type Err = RoomGlobError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let (part, after) = match first {
                '*' => (Part::Any, rest[1..].trim_start_matches('*')),
                '?' => (Part::One, &rest[1..]),
                '[' => one_of(&rest[1..])?,
                _ => {
                    let end = rest.find(['*', '?', '[']).unwrap_or(rest.len());
                    (Part::Text(literal(&rest[..end])?), &rest[end..])
                }
            };
            parts.push(part);
            rest = after;
        }
        if parts.is_empty() { Err(RoomGlobError::Empty) } else { Ok(Self(parts)) }
    }
}

/// Text of a glob in the form of a decoded name.
fn literal(text: &str) -> Result<String, RoomGlobError> {
    let decoded = form::decode_uri_component(text);
    match decoded.chars().find(|&c| character::check(c).is_err()) {
        Some(impossible) => Err(RoomGlobError::Impossible(impossible)),
        None => Ok(form::folded(&decoded)),
    }
}

/// Reads what follows a `[`, up to its `]`.
fn one_of(text: &str) -> Result<(Part, &str), RoomGlobError> {
    let (inside, after) = text.split_once(']').ok_or(RoomGlobError::Unbalanced('['))?;
    let (negated, members) = match inside.strip_prefix(['!', '^']) {
        Some(members) => (true, members),
        None => (false, inside),
    };
    let members: Vec<char> = literal(members)?.chars().collect();
    let mut ranges = Vec::new();
    let mut rest = members.as_slice();
    while let [from, tail @ ..] = rest {
        let (to, tail) = match tail {
            ['-', to, tail @ ..] => (to, tail),
            _ => (from, tail),
        };
        if from > to {
            return Err(RoomGlobError::Range { from: *from, to: *to });
        }
        ranges.push((*from, *to));
        rest = tail;
    }
    if ranges.is_empty() { Err(RoomGlobError::Unbalanced('[')) } else { Ok((Part::OneOf { negated, ranges }, after)) }
}

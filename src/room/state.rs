//! Jitsi's own `state`, which its front end puts into `tokenAuthUrl`.

use std::fmt;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;

use super::Client;
use super::options::{self, MeetingOptions};

/// What Roomkey reads of Jitsi's `state` (JITSI.md, "Three ways to send somebody to the bridge").
///
/// Comes from outside: never trusted. Of two equal keys the last counts, as in JavaScript.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JitsiState {
    /// `ios`, `android` or `electron`, whichever is `true`, in this order.
    pub client: Client,
    /// The options that survive.
    pub options: MeetingOptions,
    /// The meeting it names, for links whose path names none.
    pub meeting: NamedMeeting,
}

/// `room` and `tenant`, unread.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamedMeeting {
    /// `room`, as it was typed.
    pub room: Option<String>,
    /// `tenant`.
    pub tenant: Option<String>,
}

/// Why a `state` is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StateError {
    /// More text than a meeting link has options.
    #[error("{bytes} bytes long, {} is the most", JitsiState::MAX_BYTES)]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// Not a JSON object.
    #[error("not a JSON object")]
    NotAnObject,
    /// More keys than a meeting link has options.
    #[error("more than {} keys", JitsiState::MAX_KEYS)]
    TooManyKeys,
    /// An option with lists or objects nested too deeply.
    #[error("an option nested deeper than {}", MeetingOptions::MAX_DEPTH)]
    TooDeep,
    /// More options than the cookie of a login can hold.
    #[error("options of {bytes} bytes, {} is the most", MeetingOptions::MAX_BYTES)]
    TooLarge {
        /// What they would take.
        bytes: usize,
    },
}

impl JitsiState {
    /// Longest text, in bytes.
    pub const MAX_BYTES: usize = 8 * 1024;

    /// Most keys, whether they are read or not.
    pub const MAX_KEYS: usize = 128;
}

impl FromStr for JitsiState {
    type Err = StateError;

    /// Reads the parameter's value, percent-decoded. An empty one is one left out (RFC 6749, section 3.1).
    fn from_str(json: &str) -> Result<Self, Self::Err> {
        if json.len() > Self::MAX_BYTES {
            return Err(StateError::TooLong { bytes: json.len() });
        }
        if json.is_empty() {
            return Ok(Self::default());
        }
        let read: Entries = serde_json::from_str(json).map_err(|_| StateError::NotAnObject)?;
        if read.keys > Self::MAX_KEYS {
            return Err(StateError::TooManyKeys);
        }
        let client = if read.ios {
            Client::Ios
        } else if read.android {
            Client::Android
        } else if read.electron {
            Client::Electron
        } else {
            Client::Browser
        };
        Ok(Self { client, options: MeetingOptions::new(read.options)?, meeting: read.meeting })
    }
}

/// The keys that are read, as they stand in the text.
#[derive(Default)]
struct Entries {
    keys: usize,
    ios: bool,
    android: bool,
    electron: bool,
    options: Vec<(String, Value)>,
    meeting: NamedMeeting,
}

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EntriesVisitor)
    }
}

struct EntriesVisitor;

/// A string; anything else is as good as left out.
fn text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

impl<'de> Visitor<'de> for EntriesVisitor {
    type Value = Entries;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries, A::Error> {
        let mut read = Entries::default();
        while let Some(key) = map.next_key::<String>()? {
            read.keys += 1;
            match key.as_str() {
                "room" => read.meeting.room = text(map.next_value()?),
                "tenant" => read.meeting.tenant = text(map.next_value()?),
                "ios" => read.ios = map.next_value::<Value>()? == true,
                "android" => read.android = map.next_value::<Value>()? == true,
                "electron" => read.electron = map.next_value::<Value>()? == true,
                _ if options::may_survive(&key) => {
                    let value = map.next_value()?;
                    match read.options.iter_mut().find(|(earlier, _)| *earlier == key) {
                        Some(earlier) => earlier.1 = value,
                        None => read.options.push((key, value)),
                    }
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests;

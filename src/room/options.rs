//! Meeting options that survive a login.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::StateError;

/// What of Jitsi's `state` goes back into the fragment of the meeting link: `config.*`, `interfaceConfig.*` and
/// `iceServers.*`, each key with its JSON value as text, in the order given.
///
/// The text is written by a JSON serialiser from the value read, never copied. What the options may change is up to
/// Jitsi's front end, which reads the same keys from any meeting link.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeetingOptions(pub(super) Vec<(String, String)>);

/// What the keys that survive begin with (jitsi-meet, `react/features/base/config/parseURLParams`).
const SURVIVING: [&str; 3] = ["config.", "interfaceConfig.", "iceServers."];

/// Names through which JavaScript reaches an object's prototype; the front end refuses them as well
/// (jitsi-meet, `react/features/base/util/parseURLParams.ts`).
const PROTOTYPES: [&str; 3] = ["__proto__", "constructor", "prototype"];

/// Longest key, in bytes.
const MAX_KEY_BYTES: usize = 128;

/// Whether an option of this name is kept; all others are dropped without a word. It is one of the [`SURVIVING`] and
/// then names of `A-Z a-z 0-9 _ -` between dots.
pub(super) fn may_survive(key: &str) -> bool {
    key.len() <= MAX_KEY_BYTES
        && SURVIVING.iter().any(|prefix| key.starts_with(prefix))
        && key.split('.').all(|part| {
            !part.is_empty()
                && !PROTOTYPES.contains(&part)
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
        })
}

impl MeetingOptions {
    /// Most bytes of keys and values together: they travel in the cookie of a login, which browsers cut off at 4 KiB
    /// (RFC 6265, section 6.1), beside a room and a tenant.
    pub const MAX_BYTES: usize = 1200;

    /// Deepest nesting of lists and objects in a value.
    pub const MAX_DEPTH: usize = 8;

    pub(super) fn new(options: Vec<(String, Value)>) -> Result<Self, StateError> {
        if options.iter().any(|(_, value)| !is_within(value, Self::MAX_DEPTH)) {
            return Err(StateError::TooDeep);
        }
        let options: Vec<_> = options.into_iter().map(|(key, value)| (key, value.to_string())).collect();
        match options.iter().map(|(key, value)| key.len() + value.len()).sum() {
            bytes if bytes > Self::MAX_BYTES => Err(StateError::TooLarge { bytes }),
            _ => Ok(Self(options)),
        }
    }

    /// Keys and JSON values, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }
}

/// Whether `value` is nested no deeper than `depth`; a scalar has depth 0.
fn is_within(value: &Value, depth: usize) -> bool {
    match value {
        Value::Array(list) => depth > 0 && list.iter().all(|member| is_within(member, depth - 1)),
        Value::Object(object) => depth > 0 && object.values().all(|member| is_within(member, depth - 1)),
        _ => true,
    }
}

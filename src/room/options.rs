//! Meeting options that survive a login.

use serde::{Deserialize, Serialize};

/// What of Jitsi's `state` goes back into the fragment of the meeting link: `config.*`, `interfaceConfig.*` and
/// `iceServers.*`, each key with its JSON value as text, in the order given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeetingOptions(pub(super) Vec<(String, String)>);

impl MeetingOptions {
    /// Keys and JSON values, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }
}

//! Jitsi's own `state`, which its front end puts into `tokenAuthUrl`.

use std::str::FromStr;

use super::{Client, MeetingOptions};

/// What Roomkey reads of Jitsi's `state` (JITSI.md, "Three ways to send somebody to the bridge"). Comes from outside: never trusted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JitsiState {
    /// `ios`, `android` or `electron`.
    pub client: Client,
    /// The options that survive.
    pub options: MeetingOptions,
}

/// Why a `state` is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StateError {
    /// Not a JSON object.
    #[error("not a JSON object")]
    NotAnObject,
}

impl FromStr for JitsiState {
    type Err = StateError;

    fn from_str(_json: &str) -> Result<Self, Self::Err> {
        todo!()
    }
}

//! What happened to a login, wherever it was read.

use std::fmt;

use serde::Serialize;

use super::explanation::{cause, remedy};
use crate::failure::Failure;

/// What is known of one event of a login.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Facts {
    /// When, as it stands where it was read.
    pub time: Option<String>,
    /// What happened, in the words of the log.
    pub message: String,
    /// `login.failure`, or none if it did not fail.
    pub failure: Option<String>,
    /// `provider.id`
    pub provider: Option<String>,
    /// `room.name`
    pub room: Option<String>,
    /// `room.tenant`
    pub tenant: Option<String>,
    /// `grant.role`: the login ended in the meeting.
    pub role: Option<String>,
    /// `grant.rule`
    pub rule: Option<String>,
    /// `client.address`
    pub address: Option<String>,
    /// `request.host`: what the browser asked for.
    pub host: Option<String>,
}

/// One event of a login, and what it means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Event {
    /// What is known of it.
    #[serde(flatten)]
    pub facts: Facts,
    /// What that means, in plain words.
    pub cause: &'static str,
    /// What to do about it.
    pub remedy: String,
}

impl From<Facts> for Event {
    fn from(facts: Facts) -> Self {
        let (cause, remedy) = match facts.failure.as_deref().map(str::parse::<Failure>) {
            Some(Ok(failure)) => (cause(failure), remedy(failure, &facts)),
            Some(Err(_)) => (
                "this version of the doctor does not know that failure",
                "run the doctor of the version that wrote the log".to_owned(),
            ),
            None if facts.role.is_some() => (
                "the login was successful, and the person was sent into the meeting with a token",
                "if Jitsi then refused them, run `roomkey doctor`: Prosody does not take Roomkey's tokens".to_owned(),
            ),
            None => {
                ("the line tells of something on the way, and not of the end", "look at the lines around it".to_owned())
            }
        };
        Self { facts, cause, remedy }
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { facts, cause, remedy } = self;
        if let Some(time) = &facts.time {
            write!(f, "{time} ")?;
        }
        write!(f, "{}", facts.message)?;
        for (what, value) in [
            ("meeting", &facts.room),
            ("tenant", &facts.tenant),
            ("provider", &facts.provider),
            ("rule", &facts.rule),
            ("from", &facts.address),
            ("host", &facts.host),
        ] {
            if let Some(value) = value {
                write!(f, ", {what} `{value}`")?;
            }
        }
        if let Some(failure) = &facts.failure {
            write!(f, " [{failure}]")?;
        }
        write!(f, "\n    cause:  {cause}\n    remedy: {remedy}")
    }
}

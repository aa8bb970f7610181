//! The link that carries the token into the meeting.

use super::{Meeting, MeetingToken};
use crate::room::JoinRequest;

/// The address to send the visitor to (JITSI.md, "The way back to the meeting"). Holds the token: never logged, does not print.
pub struct MeetingLink(String);

impl MeetingLink {
    /// The way into the meeting that `request` asked for, with `token`, in the program it was asked from.
    pub fn new(meeting: &Meeting, request: &JoinRequest, token: MeetingToken) -> Self {
        let _ = (meeting, request, token);
        todo!()
    }

    /// As the `Location` of a redirect.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

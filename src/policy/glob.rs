//! Globs over room names.

use std::str::FromStr;

use crate::room::{RoomName, Tenant};

/// A glob over the room as Prosody sees it, or `tenant/room` within a tenant.
#[derive(Clone, Debug)]
pub struct RoomGlob(String);

/// Why a text is no glob.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RoomGlobError {
    /// Nothing in it.
    #[error("empty")]
    Empty,
}

impl RoomGlob {
    /// Whether the meeting is one of those.
    pub fn matches(&self, room: &RoomName, tenant: Option<&Tenant>) -> bool {
        let _ = (room, tenant, &self.0);
        todo!()
    }
}

impl FromStr for RoomGlob {
    type Err = RoomGlobError;

    fn from_str(_text: &str) -> Result<Self, Self::Err> {
        todo!()
    }
}

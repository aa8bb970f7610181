//! What somebody asks for when they click a meeting link.
//!
//! Takes the path and the `state` of a link, gives a [`JoinRequest`] whose names are exactly those that
//! Prosody will compare, or [`BadRoom`] with the character at fault. Nothing is repaired: a silently
//! changed name is a different meeting.

pub(crate) mod form;
mod name;
mod options;
mod state;

pub use name::{RoomName, RoomNameError, Tenant};
pub use options::MeetingOptions;
pub use state::{JitsiState, StateError};

use serde::{Deserialize, Serialize};

/// A meeting somebody wants to enter, and the way they came.
///
/// Everything in it comes from outside and proves nothing about the person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JoinRequest {
    /// The meeting.
    pub room: RoomName,
    /// The part of a multi-tenant deployment that the meeting belongs to.
    pub tenant: Option<Tenant>,
    /// Which program shows the meeting, hence which kind of link leads back to it.
    pub client: Client,
    /// What the visitor had set before the login, for the fragment of the meeting link.
    pub options: MeetingOptions,
}

/// The program that opens the meeting (JITSI.md, "The way back to the meeting").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Client {
    /// Any web browser.
    #[default]
    Browser,
    /// Jitsi Meet for iOS.
    Ios,
    /// Jitsi Meet for Android.
    Android,
    /// The desktop app.
    Electron,
}

/// Why a link does not lead to a meeting.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadRoom {
    /// The room's name is one that Jitsi would change or Prosody cannot hold.
    #[error("bad room name")]
    Room(#[source] RoomNameError),
    /// The tenant's name is.
    #[error("bad tenant name")]
    Tenant(#[source] RoomNameError),
    /// Jitsi's `state` is not what its front end sends.
    #[error("bad Jitsi state")]
    State(#[source] StateError),
}

impl JoinRequest {
    /// Reads a link: the room and tenant of its path, each percent-decoded once, and the raw value of its
    /// `state` parameter, percent-decoded once.
    ///
    /// # Errors
    /// [`BadRoom`] with the name and the character at fault; the visitor has to be given another link.
    pub fn from_link(tenant: Option<&str>, room: &str, state: Option<&str>) -> Result<Self, BadRoom> {
        let room: RoomName = room.parse().map_err(BadRoom::Room)?;
        let tenant: Option<Tenant> = tenant.map(str::parse).transpose().map_err(BadRoom::Tenant)?;
        if let Some(tenant) = &tenant {
            // Prosody's rooms are called `[tenant]room` (jitsi-meet, `mod_muc_domain_mapper`).
            let bytes = room.as_str().len() + tenant.as_str().len() + 2;
            if bytes > RoomName::MAX_BYTES {
                return Err(BadRoom::Room(RoomNameError::TooLong { bytes }));
            }
        }
        let state = state.map(str::parse::<JitsiState>).transpose().map_err(BadRoom::State)?.unwrap_or_default();
        Ok(Self { room, tenant, client: state.client, options: state.options })
    }

    /// The path below `/room/` that asks for the same meeting again, percent-encoded.
    ///
    /// A percent sign of the name itself is encoded twice, since a link's path is decoded twice: as every URL, and as
    /// the front end does it.
    pub fn path(&self) -> String {
        let room = self.room.as_str().replace("%25", "%2525");
        match &self.tenant {
            Some(tenant) => format!("{}/{room}", tenant.as_str().replace("%25", "%2525")),
            None => room,
        }
    }
}

//! What somebody asks for when they click a meeting link.
//!
//! Takes the path and the `state` of a link, gives a [`JoinRequest`] whose names are exactly those that
//! Prosody will compare, or [`BadRoom`] with the character at fault. Nothing is repaired: a silently
//! changed name is a different meeting.

pub(crate) mod character;
mod door;
pub(crate) mod form;
mod name;
mod options;
mod state;

pub use door::{CodeChallenge, Door, InlineRequest, NotAChallenge, NotAPassCode, PassCode};
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
    /// By which door they came.
    pub door: Door,
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
        Ok(Self { room, tenant, client: state.client, options: state.options, door: Door::Link })
    }

    /// Reads Jitsi's `state` alone, percent-decoded once, where no path says which meeting is meant: its `room` as somebody typed it,
    /// and its `tenant`, with or without slashes around it.
    ///
    /// # Errors
    /// As [`from_link`](Self::from_link).
    pub fn from_state(state: &str) -> Result<Self, BadRoom> {
        let JitsiState { meeting, .. } = state.parse().map_err(BadRoom::State)?;
        let tenant = meeting.tenant.as_deref().map(|tenant| tenant.trim_matches('/'));
        let tenant = tenant.filter(|tenant| !tenant.is_empty());
        Self::from_link(tenant, meeting.room.as_deref().unwrap_or_default(), Some(state))
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_link_gives_room_tenant_client_and_options() {
        let state = r#"{"room":"Other","roomSafe":"other","tenant":"elsewhere","ios":true,"config.a":1}"#;

        let request = JoinRequest::from_link(Some("Acme"), "Weekly Sync", Some(state)).unwrap();

        assert_eq!(request.room.as_str(), "weekly%20sync");
        assert_eq!(request.tenant.as_ref().map(Tenant::as_str), Some("acme"));
        assert_eq!(request.client, Client::Ios);
        assert_eq!(request.options.iter().collect::<Vec<_>>(), [("config.a", "1")]);
    }

    #[test]
    fn a_state_alone_names_the_meeting_as_it_was_typed() {
        let state = |tenant: &str| format!(r#"{{"room":"Weekly Sync","roomSafe":"other"{tenant},"android":true}}"#);

        let plain = JoinRequest::from_state(&state("")).unwrap();
        let within = JoinRequest::from_state(&state(r#","tenant":"/Acme/""#)).unwrap();

        assert_eq!(plain, JoinRequest::from_link(None, "Weekly Sync", Some(r#"{"android":true}"#)).unwrap());
        assert_eq!(within.path(), "acme/weekly%20sync");
        assert_eq!(JoinRequest::from_state(&state(r#","tenant":null"#)), Ok(plain));
    }

    #[test]
    fn a_state_that_names_no_meeting_is_refused() {
        let refused = |state: &str| JoinRequest::from_state(state).unwrap_err();

        assert_eq!(refused(r#"{"roomSafe":"standup"}"#), BadRoom::Room(RoomNameError::Empty));
        assert_eq!(refused(r#"{"room":["standup"]}"#), BadRoom::Room(RoomNameError::Empty));
        assert_eq!(refused(""), BadRoom::Room(RoomNameError::Empty));
        assert_eq!(refused("standup"), BadRoom::State(StateError::NotAnObject));
        assert_eq!(
            refused(r#"{"room":"standup","tenant":"a/b"}"#),
            BadRoom::Tenant(RoomNameError::Reserved { found: '/' })
        );
    }

    #[test]
    fn each_part_of_a_link_is_refused_by_its_own_name() {
        let reserved = RoomNameError::Reserved { found: '*' };

        assert_eq!(JoinRequest::from_link(None, "*", None), Err(BadRoom::Room(reserved)));
        assert_eq!(JoinRequest::from_link(Some("*"), "a", None), Err(BadRoom::Tenant(reserved)));
        assert_eq!(JoinRequest::from_link(None, "a", Some("no")), Err(BadRoom::State(StateError::NotAnObject)));
    }

    #[test]
    fn room_and_tenant_share_the_length_that_prosody_holds() {
        let (room, tenant) = ("r".repeat(1000), "t".repeat(21));

        assert!(JoinRequest::from_link(Some(&tenant), &room, None).is_ok());
        assert_eq!(
            JoinRequest::from_link(Some(&format!("{tenant}t")), &room, None),
            Err(BadRoom::Room(RoomNameError::TooLong { bytes: 1024 }))
        );
    }

    /// As an HTTP server does it before the names get here.
    fn percent_decoded(path: &str) -> String {
        percent_encoding::percent_decode_str(path).decode_utf8().unwrap().into_owned()
    }

    proptest! {
        #[test]
        fn the_path_leads_to_the_same_meeting(room in "[a-zé% 0-9A-F/漢]{1,20}", tenant in prop::option::of("[a-z%0-9é]{1,9}")) {
            if let Ok(request) = JoinRequest::from_link(tenant.as_deref(), &room, None) {
                let path = request.path();

                let again = match path.split_once('/') {
                    Some((tenant, room)) => {
                        JoinRequest::from_link(Some(&percent_decoded(tenant)), &percent_decoded(room), None)
                    }
                    None => JoinRequest::from_link(None, &percent_decoded(&path), None),
                };
                prop_assert_eq!(again, Ok(request));
            }
        }
    }
}

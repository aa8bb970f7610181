//! The `state` parameter: which login a response belongs to, and the way back should the browser have lost it.
//!
//! It is sealed, so that the provider learns no room's name from it and nobody can make one up.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::seal::{Purpose, Sealer};
use super::{LoginId, MAX_STATE_BYTES};

/// Longest path that `state` carries along, in bytes; providers cut a long one off.
const MAX_PATH_BYTES: usize = 256;

/// What `state` itself says of a login whose cookie is gone. It was sealed by Roomkey, but proves nothing about the
/// browser: good for a link to start again, and for nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WayBack {
    /// The login's reference number.
    pub id: LoginId,
    /// The path below `/room/`, percent-encoded, unless it was too long to carry along or the login ends elsewhere.
    pub path: Option<String>,
    /// Attempts that this browser had lost in a row before this one.
    pub lost_before: u8,
}

/// What stands in a `state`.
#[derive(Serialize, Deserialize)]
pub(super) struct State {
    pub(super) id: LoginId,
    /// Held by the attempt's cookie too: whoever has both is the browser that began.
    pub(super) binding: [u8; 16],
    /// Unix time in seconds.
    pub(super) expires: i64,
    pub(super) lost_before: u8,
    pub(super) path: Option<String>,
}

impl State {
    pub(super) fn new(id: LoginId, binding: [u8; 16], expires: i64, lost_before: u8, path: Option<String>) -> Self {
        Self { id, binding, expires, lost_before, path: path.filter(|path| path.len() <= MAX_PATH_BYTES) }
    }

    pub(super) fn seal(&self, sealer: &Sealer) -> String {
        let plain = postcard::to_stdvec(self).expect("plain data serializes");
        sealer.seal(Purpose::State, b"", plain)
    }

    pub(super) fn open(sealer: &Sealer, sealed: &str) -> Option<Self> {
        if sealed.len() > MAX_STATE_BYTES {
            return None;
        }
        let plain = sealer.open(Purpose::State, b"", sealed)?;
        postcard::from_bytes(&plain).ok()
    }

    pub(super) fn has_expired(&self, now: Timestamp) -> bool {
        now.as_second() >= self.expires
    }

    pub(super) fn into_way_back(self) -> WayBack {
        WayBack { id: self.id, path: self.path, lost_before: self.lost_before }
    }
}

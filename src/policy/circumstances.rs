//! When and from where somebody asks.

use std::net::IpAddr;

use jiff::Timestamp;

/// What a decision depends on besides the person and the room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Circumstances {
    /// The time.
    pub now: Timestamp,
    /// The client, as far as the proxies in front can be believed; `None` if nobody can tell.
    pub address: Option<IpAddr>,
}

impl From<Timestamp> for Circumstances {
    /// At this time, from nowhere that is known.
    fn from(now: Timestamp) -> Self {
        Self { now, address: None }
    }
}

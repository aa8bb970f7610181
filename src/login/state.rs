//! The `state` parameter: which login a response belongs to, and the way back should the browser have lost it.

use jiff::Timestamp;

use super::LoginId;

/// What `state` itself says of a login whose cookie is gone. It was sealed by Roomkey, but proves nothing about the
/// browser: good for a link to start again, and for nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WayBack {
    /// The login's reference number.
    pub id: LoginId,
    /// The path below `/room/`, unless it was too long to carry along.
    pub path: Option<String>,
    /// Attempts that this browser had lost in a row before this one.
    pub lost_before: u8,
    /// When the login ended or will end by itself.
    pub expires: Timestamp,
}

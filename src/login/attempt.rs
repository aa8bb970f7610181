//! One attempt to log in.

use std::time::Duration;

use jiff::Timestamp;
use openidconnect::{Nonce, PkceCodeVerifier};

use super::{LoginId, WayBack};
use crate::provider::ProviderId;
use crate::room::JoinRequest;

/// How long a visitor may take at the provider.
pub const LIFETIME: Duration = Duration::from_mins(10);

/// How many attempts one browser may have under way; the oldest gives way.
pub const MAX_SIDE_BY_SIDE: usize = 5;

/// An attempt that begins: what the provider is sent, and what the browser keeps sealed.
pub struct NewAttempt {
    pub(super) id: LoginId,
    pub(super) request: JoinRequest,
    pub(super) provider: ProviderId,
    pub(super) expires: Timestamp,
    /// Attempts of this browser that were lost one after the other before this one.
    pub(super) lost_before: u8,
    pub(super) nonce: Nonce,
    pub(super) code_verifier: PkceCodeVerifier,
    pub(super) state: String,
}

/// An attempt whose response has come, opened from the browser's own cookie. Good for one response.
pub struct LoginAttempt {
    pub(super) id: LoginId,
    pub(super) request: JoinRequest,
    pub(super) provider: ProviderId,
    pub(super) nonce: Nonce,
    pub(super) code_verifier: PkceCodeVerifier,
}

/// What the browser keeps: a cookie of this attempt's own.
pub struct SealedAttempt {
    /// Tells this attempt's cookie from those of others under way; safe in a cookie's name.
    pub tag: String,
    /// The cookie's value.
    pub value: String,
}

/// Why a response belongs to no attempt of this browser.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// Roomkey began this login, but this browser does not hold it: cookies off, another browser, or already used.
    #[error("the login's cookie is missing")]
    Lost(WayBack),
    /// It took longer than [`LIFETIME`].
    #[error("the login has expired")]
    Expired(WayBack),
    /// No login of Roomkey's, or one of another provider or browser.
    #[error("the response does not belong to this login: {0}")]
    NotYours(&'static str),
}

//! Signing the token.

use jiff::Timestamp;

use super::{Meeting, SigningKey};
use crate::policy::Grant;
use crate::provider::VerifiedIdentity;

/// A signed Jitsi token, good for one room. Does not print; it goes into one meeting link.
pub struct MeetingToken(pub(super) String);

/// Why no token could be signed.
#[derive(Debug, thiserror::Error)]
pub enum SigningError {
    /// The rule's `until` has been reached since it was read.
    #[error("the grant has ended")]
    Ended,
    /// With all its claims the token is larger than Prosody reads.
    #[error("the token would be {bytes} bytes long")]
    TooLarge {
        /// Its length.
        bytes: usize,
    },
    /// The key does not sign.
    #[error("the key cannot sign")]
    Key(#[source] jsonwebtoken::errors::Error),
}

impl MeetingToken {
    /// Signs what Jitsi has to know of `identity` and `grant`, from `now` on.
    ///
    /// # Errors
    /// [`SigningError`]: the operator must act.
    pub fn sign(
        meeting: &Meeting,
        key: &SigningKey,
        grant: &Grant,
        identity: &VerifiedIdentity,
        now: Timestamp,
    ) -> Result<Self, SigningError> {
        let _ = (meeting, key, grant, identity, now);
        todo!()
    }
}

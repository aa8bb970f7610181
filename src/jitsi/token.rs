//! Signing the token.

use jiff::Timestamp;

use super::claims::Claims;
use super::{Meeting, Pseudonyms, SigningKey};
use crate::policy::Grant;
use crate::provider::VerifiedIdentity;

/// A signed Jitsi token, good for one room. Does not print; it goes into one meeting link, or to the front end in that room.
pub struct MeetingToken {
    pub(super) text: String,
    pub(super) ends: i64,
}

/// Why no token could be signed.
#[derive(Debug, thiserror::Error)]
pub enum SigningError {
    /// The rule's `until` has been reached since it was read.
    #[error("the grant has ended")]
    Ended,
    /// With all its claims the token is larger than Prosody reads.
    #[error("the token would be {bytes} bytes long, {} is the most", MeetingToken::MAX_BYTES)]
    TooLarge {
        /// Its length.
        bytes: usize,
    },
    /// The keys that Roomkey makes itself are in the store, which has not been reached yet.
    #[error("there is no key yet")]
    NoKey,
    /// The key does not sign.
    #[error("the key cannot sign")]
    Key(#[source] aws_lc_rs::error::Unspecified),
}

impl MeetingToken {
    /// Longest token, in bytes: in a request line it has to leave room below nginx's 8 KiB and Prosody's 10 KiB.
    pub const MAX_BYTES: usize = 4095;

    /// Signs what Jitsi has to know of `identity` and `grant`, from `now` on. A picture for which the token has no room
    /// is left out.
    ///
    /// # Errors
    /// [`SigningError`]: the operator must act, unless the grant has [ended](SigningError::Ended).
    pub fn sign(
        meeting: &Meeting,
        key: &SigningKey,
        pseudonyms: &Pseudonyms,
        grant: &Grant,
        identity: &VerifiedIdentity,
        now: Timestamp,
    ) -> Result<Self, SigningError> {
        let mut claims = Claims::new(meeting, pseudonyms, grant, identity, now)?;
        let mut json = to_json(&claims);
        if key.token_bytes(json.len()) > Self::MAX_BYTES && claims.drop_avatar() {
            json = to_json(&claims);
        }
        match key.token_bytes(json.len()) {
            bytes if bytes > Self::MAX_BYTES => Err(SigningError::TooLarge { bytes }),
            _ => Ok(Self { text: key.sign(&json).map_err(SigningError::Key)?, ends: claims.ends() }),
        }
    }

    /// The token itself, to be handed to whoever it was signed for.
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// When it ends (`exp`), in Unix seconds.
    pub fn ends(&self) -> i64 {
        self.ends
    }
}

fn to_json(claims: &Claims<'_>) -> Vec<u8> {
    serde_json::to_vec(claims).expect("strings, numbers and objects with text keys are always JSON")
}

#[cfg(test)]
mod tests;

//! Decides who may enter a room, and as what.
//!
//! Takes a [`VerifiedIdentity`] and a [`JoinRequest`], gives a [`Grant`] or a [`Refusal`]. Rules are tried in
//! the order of the file and the first that fits decides; no fit refuses. No clock, file or network is read
//! here, so every rule is tested by value.

mod glob;
mod grant;
mod rule;

pub use glob::{RoomGlob, RoomGlobError};
pub use grant::{Feature, Grant, Refusal, Role};
pub use rule::{ClaimCondition, Outcome, Permit, Rule, Window};

use jiff::Timestamp;

use crate::provider::{ProviderId, VerifiedIdentity};
use crate::room::{JoinRequest, RoomName, Tenant};

/// The operator's rules, made ready at start.
#[derive(Debug)]
pub struct Policy {
    rules: Vec<Rule>,
}

impl Policy {
    /// The rules in the order in which they are tried.
    pub fn new(rules: Vec<Rule>) -> Self {
        Self { rules }
    }

    /// Decides on `identity` entering the meeting of `request` at `now`.
    ///
    /// # Errors
    /// [`Refusal`] names the rule that decided, or says that none fits.
    pub fn decide(&self, identity: &VerifiedIdentity, request: &JoinRequest, now: Timestamp) -> Result<Grant, Refusal> {
        let _ = (&self.rules, identity, request, now);
        todo!()
    }

    /// Whether some rule might let somebody from `provider` into the room, whoever they turn out to be.
    pub fn could_admit(&self, provider: &ProviderId, room: &RoomName, tenant: Option<&Tenant>, now: Timestamp) -> bool {
        let _ = (provider, room, tenant, now);
        todo!()
    }
}

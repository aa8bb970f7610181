//! Remembers who has signed in to a browser, so that the next link leads straight to its meeting.
//!
//! Takes the [`Login`](crate::provider::Login) of a provider, gives a [`SessionId`] for the browser; takes that again, and
//! gives the [`Session`] with whom the browser is signed in as. What somebody may enter is not remembered: it is decided
//! afresh each time, by the rules in force then.
//!
//! A session ends by its age, by its rest, by its owner, by its provider ([`Keeper::end_by_provider`]), or because the provider
//! no longer vouches for its person, which it is asked about every [`Lifetimes::confirm`] ([`Keeper::confirm`]).

mod choice;
mod confirm;
mod device;
mod id;
mod keeper;
mod lifetimes;

pub use choice::{Choice, best};
pub use confirm::Renewal;
pub use device::device;
pub use id::{NotASessionId, SessionId};
pub use keeper::{Ended, Keeper, Use};
pub use lifetimes::{Lifetimes, Standing};

use jiff::Timestamp;

use crate::provider::{ProviderId, VerifiedIdentity};

/// A browser that is signed in.
#[derive(Debug)]
pub struct Session {
    handle: String,
    last_used: Timestamp,
    identities: Vec<SignedIn>,
}

/// Whom it is signed in as at one provider.
#[derive(Debug)]
pub struct SignedIn {
    identity: VerifiedIdentity,
    person: String,
    since: Timestamp,
    confirmed: Timestamp,
}

impl Session {
    /// What names it for as long as it lives. Opens nothing.
    pub fn handle(&self) -> &str {
        &self.handle
    }

    /// Whom it is signed in as, in the order of the logins; at least one.
    pub fn identities(&self) -> &[SignedIn] {
        &self.identities
    }

    /// Whether it is signed in at this provider.
    pub fn is_signed_in_at(&self, provider: &ProviderId) -> bool {
        self.identities.iter().any(|signed_in| signed_in.identity.provider() == provider)
    }
}

impl SignedIn {
    /// The person.
    pub fn identity(&self) -> &VerifiedIdentity {
        &self.identity
    }

    /// When they logged in.
    pub fn since(&self) -> Timestamp {
        self.since
    }

    /// When the provider last vouched for them.
    pub fn confirmed(&self) -> Timestamp {
        self.confirmed
    }
}

#[cfg(test)]
pub(crate) mod tests;

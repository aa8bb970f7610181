//! Turns a [`Grant`] into a Jitsi token and the link that carries it into the meeting.
//!
//! The claims are those that Prosody and Jitsi's front end read, and nothing else; the time is an argument.

mod algorithm;
mod claims;
mod inspect;
mod keys;
mod link;
mod printed;
mod probe;
mod pseudonym;
mod public;
mod rotation;
mod settings;
#[cfg(test)]
pub(crate) mod testing;
mod token;

pub use algorithm::{Algorithm, UnknownAlgorithm};
pub use inspect::{Expected, Fault, NotAToken, UnverifiedToken};
pub use keys::{SigningKey, SigningKeyError};
pub use link::MeetingLink;
pub use printed::Printed;
pub use probe::{Flaw, ProbeToken};
pub use pseudonym::Pseudonyms;
pub use public::{PublicJwk, PublicJwkSet};
pub use rotation::{Rotation, Term};
pub use settings::{Deliver, Meeting, Share};
pub use token::{MeetingToken, SigningError};

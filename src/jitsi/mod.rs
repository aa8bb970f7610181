//! Turns a [`Grant`] into a Jitsi token and the link that carries it into the meeting.
//!
//! The claims are those that Prosody and Jitsi's front end read, and nothing else; the time is an argument.

mod algorithm;
mod claims;
mod keys;
mod link;
mod settings;
#[cfg(test)]
mod testing;
mod token;

pub use algorithm::{Algorithm, UnknownAlgorithm};
pub use keys::{PublicJwk, SigningKey, SigningKeyError};
pub use link::MeetingLink;
pub use settings::{Deliver, Meeting, Share};
pub use token::{MeetingToken, SigningError};

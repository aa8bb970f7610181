//! Turns a [`Grant`] into a Jitsi token and the link that carries it into the meeting.
//!
//! The claims are those that Prosody and Jitsi's front end read, and nothing else; the time is an argument.

mod claims;
mod keys;
mod link;
mod settings;
mod token;

pub use keys::{Algorithm, PublicJwk, SigningKey, SigningKeyError, UnknownAlgorithm};
pub use link::MeetingLink;
pub use settings::{Deliver, Meeting, Share};
pub use token::{MeetingToken, SigningError};

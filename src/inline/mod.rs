//! Jitsi's inline login: the meeting stays open, and its front end gets the token by OAuth 2.0.
//!
//! Takes the same verified identity and the same grant as the other door, gives a [`Code`] for the front end's redirect URI,
//! and for that a Jitsi token as the access token, an [ID Token](id_token), and a [`RefreshToken`]. The front end is a public
//! client (RFC 6749, section 2.1), hence PKCE (RFC 7636), and refresh tokens that are good for one use each (RFC 9700,
//! section 2.2.2).
//!
//! A code lives for [`CODE_LIFETIME`] and is good for one use. All refresh tokens that descend from one code are a family: it
//! belongs to one session and one room, and one of its tokens at most is good. Whoever uses a code or a token again ends the
//! family, since of two holders one is a thief.
//!
//! Whether somebody may still enter is not decided here: [`web`](crate::web) asks session and rules at each use.

mod credential;
mod error;
mod id_token;
mod issuer;
mod metadata;
mod settings;
#[cfg(test)]
mod tests;

pub use credential::{Code, RefreshToken};
pub use error::TokenError;
pub use id_token::{Occasion, id_token};
pub use issuer::{CODE_LIFETIME, Draft, Family, Issuer, Redeemed, Who};
pub use metadata::Metadata;
pub use settings::Inline;

use serde::Deserialize;
use serde_json::Value;

/// Whether Jitsi's `state` asks for new tokens by a refresh token that it holds: then there is nobody to log in.
pub fn asks_for_renewal(state: &str) -> bool {
    #[derive(Deserialize)]
    struct Renewal {
        #[serde(rename = "refreshToken")]
        refresh_token: Value,
    }
    let renewal: Result<Renewal, _> = serde_json::from_str(state);
    renewal.is_ok_and(|renewal| renewal.refresh_token.as_str().is_some_and(|token| !token.is_empty()))
}

//! A login under way, which lives in the browser.
//!
//! Takes a [`JoinRequest`] and a provider, gives a [`NewAttempt`] to send to that provider and to seal into a cookie
//! of its own. What comes back is matched by [`Sealer::open`] into a [`LoginAttempt`], or into a [`LoginError`] that
//! tells a lost cookie from a late or a forged answer. The server keeps nothing until an identity is verified.

mod attempt;
mod id;
mod seal;
mod state;

pub use attempt::{LIFETIME, LoginAttempt, LoginError, MAX_SIDE_BY_SIDE, NewAttempt, SealedAttempt};
pub use id::LoginId;
pub use seal::{Sealer, SealingKeys, WeakSecret};
pub use state::WayBack;

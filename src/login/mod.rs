//! A login under way, which lives in the browser.
//!
//! Takes a [`JoinRequest`] and a provider, gives a [`NewAttempt`] to send to that provider and to seal into a cookie
//! of its own. What comes back is matched by [`LoginAttempt::open`], or ends in a [`LoginError`] that
//! tells a lost cookie from a late or a forged answer. The server keeps nothing until an identity is verified.

mod attempt;
mod id;
mod patience;
mod provider_id;
mod seal;
mod state;

pub use attempt::{
    Course, LIFETIME, LoginAttempt, LoginError, MAX_COOKIE_BYTES, MAX_SIDE_BY_SIDE, MAX_STATE_BYTES, Manner, Mismatch,
    NewAttempt, SealedAttempt, cookie_tag,
};
pub use id::{LoginId, NotALoginId};
pub use patience::{Patience, Tally};
pub use provider_id::{ProviderId, ProviderIdError};
pub(crate) use seal::{Age, Cipher, PseudonymSecret, derive_key, random};
pub use seal::{MIN_SECRET_BYTES, Purpose, Sealer, SealingKeys, WeakSecret};
pub use state::WayBack;

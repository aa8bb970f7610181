//! Why a code or a refresh token is good for nothing.

use crate::store::StoreError;

/// Why a code or a refresh token is good for nothing. The front end has to log in anew, unless the store is down.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// No code of Roomkey's, or it has expired, or it has been used before: then its family has ended.
    #[error("the code is unknown, has expired or has been used")]
    Code,
    /// Whoever brings the code is not who asked for it. The code is spent all the same.
    #[error("`code_verifier` is not what `code_challenge` was made of")]
    Verifier,
    /// No refresh token of a family that goes on.
    #[error("the refresh token is unknown, or its family has ended")]
    RefreshToken,
    /// One that has been used before: its family has ended.
    #[error("the refresh token has been used before, which ends its family")]
    Replayed,
    /// It was sealed by secrets that are no longer in use.
    #[error("what it stands for does not open")]
    Sealed,
    /// The store is down: whether it is good is not known.
    #[error("it cannot be looked up")]
    Store(#[from] StoreError),
}

//! The key that signs tokens.

/// A key, its algorithm and its `kid`, parsed once at start. Does not print.
pub struct SigningKey;

/// Why a key cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SigningKeyError {}

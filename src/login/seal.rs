//! Sealing what the browser keeps.

use secrecy::SecretSlice;

/// The secrets of section `[session]`: the first seals, all of them open.
pub struct SealingKeys {
    /// `secret`, at least 32 bytes.
    pub current: SecretSlice<u8>,
    /// `previous_secrets_file`, one a line.
    pub previous: Vec<SecretSlice<u8>>,
}

/// A secret too short or too plain to seal with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the secret has to be at least 32 bytes long")]
pub struct WeakSecret;

/// Seals attempts for the browser and opens them again.
pub struct Sealer;

/// `N` random bytes.
pub(super) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

//! Sealing what the browser keeps.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretSlice};
use zeroize::Zeroizing;

/// Shortest secret to derive keys from, in bytes.
pub const MIN_SECRET_BYTES: usize = 32;

/// The secrets of section `[session]`: the first seals, all of them open.
pub struct SealingKeys {
    /// `secret`, at least [`MIN_SECRET_BYTES`] long.
    pub current: SecretSlice<u8>,
    /// `previous_secrets_file`, one a line.
    pub previous: Vec<SecretSlice<u8>>,
}

/// A secret too short to seal with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the secret has to be at least {MIN_SECRET_BYTES} bytes long")]
pub struct WeakSecret;

/// What a text was sealed for. Each purpose has keys of its own, so that a text sealed for one never opens as another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// An attempt, in its cookie.
    Attempt,
    /// The `state` parameter.
    State,
    /// A verified identity, in the store.
    Identity,
    /// What ties a session to its provider, in the store.
    Tether,
    /// A private key that signs tokens, in the store.
    SigningKey,
    /// What a code or a refresh token of the inline login stands for, in the store.
    Inline,
    /// The secret of the audit trail, in the store, and its records, in the journal.
    Audit,
    /// An answer of the API, in the store.
    Answer,
    /// What a logout at a provider takes along and brings back.
    Logout,
}

/// Seals texts for the browser and opens them again: AES-256-GCM-SIV (RFC 8452), whose random nonces stay safe over any number of
/// logins, under keys derived by HKDF-SHA256 (RFC 5869).
///
/// Derived once; cheap to share.
pub struct Sealer {
    /// One ring a purpose, in the order of [`Purpose::ALL`], the sealing key first.
    rings: [Vec<Cipher>; Purpose::ALL.len()],
}

/// One key of AES-256-GCM-SIV.
pub(crate) struct Cipher(RandomizedNonceKey);

impl Purpose {
    const ALL: [Self; 9] = [
        Self::Attempt,
        Self::State,
        Self::Identity,
        Self::Tether,
        Self::SigningKey,
        Self::Inline,
        Self::Audit,
        Self::Answer,
        Self::Logout,
    ];

    /// `info` of the key derivation.
    fn label(self) -> &'static [u8] {
        match self {
            Self::Attempt => b"roomkey/login-attempt/1",
            Self::State => b"roomkey/login-state/1",
            Self::Identity => b"roomkey/identity/1",
            Self::Tether => b"roomkey/tether/1",
            Self::SigningKey => b"roomkey/signing-key/1",
            Self::Inline => b"roomkey/inline/1",
            Self::Audit => b"roomkey/audit/1",
            Self::Answer => b"roomkey/api-answer/1",
            Self::Logout => b"roomkey/logout/1",
        }
    }
}

impl Sealer {
    /// Derives the keys.
    ///
    /// # Errors
    /// [`WeakSecret`] if one of the secrets is too short.
    pub fn new(secrets: &SealingKeys) -> Result<Self, WeakSecret> {
        let mut rings = [const { Vec::new() }; Purpose::ALL.len()];
        for (ring, purpose) in rings.iter_mut().zip(Purpose::ALL) {
            for secret in std::iter::once(&secrets.current).chain(&secrets.previous) {
                ring.push(derive(secret, purpose)?);
            }
        }
        Ok(Self { rings })
    }

    fn ring(&self, purpose: Purpose) -> &[Cipher] {
        &self.rings[purpose as usize]
    }

    /// Seals `plain` so that it opens only for the same `purpose` and `context`; base64url without padding.
    pub(crate) fn seal(&self, purpose: Purpose, context: &[u8], plain: Vec<u8>) -> String {
        self.ring(purpose)[0].seal(context, plain)
    }

    /// Opens what [`seal`](Self::seal) gave, by the current or a previous secret; `None` if it is anything else.
    pub(crate) fn open(&self, purpose: Purpose, context: &[u8], sealed: &str) -> Option<Zeroizing<Vec<u8>>> {
        self.open_with_age(purpose, context, sealed).map(|(plain, _)| plain)
    }

    /// As [`open`](Self::open), and by which secret: whatever is not [`Age::Current`] has to be sealed anew if it is to be kept.
    pub(crate) fn open_with_age(
        &self,
        purpose: Purpose,
        context: &[u8],
        sealed: &str,
    ) -> Option<(Zeroizing<Vec<u8>>, Age)> {
        let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let opened = |(at, cipher): (usize, &Cipher)| {
            Some((cipher.open(context, &sealed)?, if at == 0 { Age::Current } else { Age::Previous }))
        };
        self.ring(purpose).iter().enumerate().find_map(opened)
    }
}

impl Cipher {
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        Self(RandomizedNonceKey::new(&AES_256_GCM_SIV, key).expect("32 bytes are the cipher's key length"))
    }

    /// Seals `plain` so that it opens only for the same `context`; base64url without padding.
    pub(crate) fn seal(&self, context: &[u8], mut plain: Vec<u8>) -> String {
        let nonce = self
            .0
            .seal_in_place_append_tag(Aad::from(context), &mut plain)
            .expect("texts are far shorter than the cipher's limit");
        let mut sealed = Vec::with_capacity(NONCE_LEN + plain.len());
        sealed.extend_from_slice(nonce.as_ref());
        sealed.extend_from_slice(&plain);
        URL_SAFE_NO_PAD.encode(sealed)
    }

    fn open(&self, context: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, text) = sealed.split_first_chunk::<NONCE_LEN>()?;
        let mut text = Zeroizing::new(text.to_vec());
        let length = self.0.open_in_place(Nonce::from(nonce), Aad::from(context), &mut text).ok()?.len();
        text.truncate(length);
        Some(text)
    }

    /// Opens what [`seal`](Self::seal) gave; `None` if it is anything else.
    pub(crate) fn open_text(&self, context: &[u8], sealed: &str) -> Option<Zeroizing<Vec<u8>>> {
        self.open(context, &URL_SAFE_NO_PAD.decode(sealed).ok()?)
    }
}

/// Which secret has sealed a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Age {
    /// The one in force.
    Current,
    /// One that only opens.
    Previous,
}

/// What the names of people in meetings are made with: derived from the secret in force as sealing keys are, and for nothing
/// else.
pub(crate) struct PseudonymSecret(Zeroizing<[u8; 32]>);

impl PseudonymSecret {
    pub(crate) fn of(secrets: &SealingKeys) -> Result<Self, WeakSecret> {
        expand(&secrets.current, b"roomkey/context-user-id/1").map(Self)
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_ref()
    }
}

fn derive(secret: &SecretSlice<u8>, purpose: Purpose) -> Result<Cipher, WeakSecret> {
    Ok(Cipher::new(&*expand(secret, purpose.label())?))
}

fn expand(secret: &SecretSlice<u8>, label: &'static [u8]) -> Result<Zeroizing<[u8; 32]>, WeakSecret> {
    let secret = secret.expose_secret();
    if secret.len() < MIN_SECRET_BYTES {
        return Err(WeakSecret);
    }
    Ok(derive_key(secret, label))
}

/// A key for one use alone, out of a secret that serves several: HKDF-SHA256 (RFC 5869).
pub(crate) fn derive_key(secret: &[u8], label: &'static [u8]) -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0; 32]);
    Salt::new(HKDF_SHA256, b"roomkey")
        .extract(secret)
        .expand(&[label], HKDF_SHA256)
        .and_then(|okm| okm.fill(key.as_mut()))
        .expect("one block of HKDF output is always to be had");
    key
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealer").field("secrets", &self.rings[0].len()).finish_non_exhaustive()
    }
}

/// `N` random bytes.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn keys(current: &[u8], previous: &[&[u8]]) -> SealingKeys {
        let secret = |bytes: &[u8]| SecretSlice::from(bytes.to_vec());
        SealingKeys { current: secret(current), previous: previous.iter().map(|&bytes| secret(bytes)).collect() }
    }

    const OLD: &[u8] = b"an old secret of thirty-two bytes";
    const NEW: &[u8] = b"a new secret of thirty-two bytes!";

    #[test]
    fn a_sealed_text_opens_for_its_own_purpose_and_context_only() {
        let sealer = Sealer::new(&keys(NEW, &[])).unwrap();

        let sealed = sealer.seal(Purpose::Attempt, b"tag", b"text".to_vec());

        let open = |purpose, context: &[u8]| sealer.open(purpose, context, &sealed).map(|text| text.to_vec());
        assert_eq!(open(Purpose::Attempt, b"tag"), Some(b"text".to_vec()));
        assert_eq!(open(Purpose::Attempt, b"other"), None);
        assert_eq!(open(Purpose::State, b"tag"), None);
    }

    #[test]
    fn a_previous_secret_opens_but_does_not_seal() {
        let before = Sealer::new(&keys(OLD, &[])).unwrap();
        let after = Sealer::new(&keys(NEW, &[OLD])).unwrap();

        let old = before.seal(Purpose::State, b"", b"text".to_vec());
        let new = after.seal(Purpose::State, b"", b"text".to_vec());

        let age = |sealed: &str| after.open_with_age(Purpose::State, b"", sealed).unwrap().1;
        assert_eq!((age(&old), age(&new)), (Age::Previous, Age::Current));
        assert!(before.open(Purpose::State, b"", &new).is_none());
    }

    #[test]
    fn a_short_secret_is_refused_wherever_it_stands() {
        assert_eq!(Sealer::new(&keys(&[7; 31], &[])).err(), Some(WeakSecret));
        assert_eq!(Sealer::new(&keys(NEW, &[&[7; 31]])).err(), Some(WeakSecret));
    }

    proptest! {
        #[test]
        fn any_change_to_a_sealed_text_keeps_it_shut(place in 0usize..60, bit in 0u8..6) {
            let sealer = Sealer::new(&keys(NEW, &[OLD])).unwrap();
            let sealed = sealer.seal(Purpose::Attempt, b"tag", b"seventeen letters".to_vec());
            let mut bytes = URL_SAFE_NO_PAD.decode(&sealed).unwrap();
            let place = place % bytes.len();

            bytes[place] ^= 1 << bit;

            prop_assert!(sealer.open(Purpose::Attempt, b"tag", &URL_SAFE_NO_PAD.encode(bytes)).is_none());
        }

        #[test]
        fn arbitrary_text_never_opens(text in ".{0,200}") {
            let sealer = Sealer::new(&keys(NEW, &[])).unwrap();

            prop_assert!(sealer.open(Purpose::State, b"", &text).is_none());
        }
    }
}

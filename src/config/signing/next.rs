//! The secret that takes over from the one in force, at a time that both sides know beforehand.

use std::sync::Arc;

use secrecy::ExposeSecret;

use super::super::access::Moment;
use super::super::read::{Field, Reader};
use super::super::secret::{DRAW_ONE, Secret, SecretKeys, weakness};
use super::warn_if_short;
use crate::jitsi::{Algorithm, SigningKey};
use crate::keyring::Successor;

/// The keys of `next_secret` and `next_from`.
pub(super) struct NextKeys {
    pub(super) secret: SecretKeys,
    pub(super) from: Field<Moment>,
}

impl NextKeys {
    /// Whether nothing is to follow.
    pub(super) fn are_absent(&self) -> bool {
        self.secret.are_absent() && self.from.is_absent()
    }

    /// Reports that nothing can follow, since there is no secret.
    pub(super) fn refuse(&self, reader: &Reader<'_>) {
        if !self.are_absent() {
            let spot = if self.secret.are_absent() { self.from.spot() } else { self.secret.spot() };
            reader.wrong(spot, "is about the secret of HS algorithms, and there is none", "remove it");
        }
    }

    /// The successor of `current`, if there is to be one, and its secret.
    pub(super) fn check(
        self,
        reader: &Reader<'_>,
        algorithm: Algorithm,
        current: &Secret,
    ) -> (Option<Successor>, Option<Secret>) {
        if self.are_absent() {
            return (None, None);
        }
        let from = self.from.required(reader, "next_from = \"2026-12-01T03:00:00Z\"");
        let Some(secret) = self.secret.read(reader, true).at() else { return (None, None) };
        let bytes = secret.value.expose_secret();
        if let Some(weakness) = weakness(bytes) {
            reader.wrong(&secret.spot, weakness, DRAW_ONE);
            return (None, Some(secret));
        }
        if bytes == current.value.expose_secret() {
            reader.wrong(&secret.spot, "is the secret that it should follow", DRAW_ONE);
        }
        warn_if_short(reader, algorithm, &secret);
        let key = SigningKey::new(algorithm, bytes, None).ok();
        let successor = key.zip(from).map(|(key, Moment(from))| Successor { key: Arc::new(key), from });
        (successor, Some(secret))
    }
}

//! What the operator does about the keys: look at them, and change them before their time.

use std::sync::Arc;

use super::{Held, KeyringError, ManagedKeys};
use crate::jitsi::{SigningKey, Term};

/// A key as the operator sees it. Times are Unix seconds.
#[derive(Debug)]
pub struct Listed {
    /// The key.
    pub key: Arc<SigningKey>,
    /// Its number.
    pub number: i64,
    /// Since when it is published.
    pub published: i64,
    /// From when on it signs, if no later one does.
    pub signs: i64,
    /// When it is withdrawn; `None` as long as it has no successor.
    pub withdrawn: Option<i64>,
    /// Whether it signs now.
    pub is_signing: bool,
}

/// What a rotation by hand came to.
#[derive(Debug, PartialEq, Eq)]
pub enum Rotated {
    /// The key of this `kid` is published and signs from then on.
    Next(String, i64),
    /// There is a next one already, of this `kid`, which signs from then on.
    AlreadyNext(String, i64),
    /// The key of this `kid` signs, and so many others are gone.
    Revoked(String, u64),
}

/// How often a rotation by hand is tried that others overtake.
const ATTEMPTS: usize = 3;

impl ManagedKeys {
    /// Makes the next key now, for it to sign once it has been published long enough; or, if the others are to be `revoked`,
    /// one that signs at once, and removes them all.
    ///
    /// # Errors
    /// [`KeyringError`]: all is as it was, or the others have not been removed yet.
    pub async fn rotate(&self, revoked: bool) -> Result<Rotated, KeyringError> {
        let settings = self.0.settings.load_full().ok_or(KeyringError::NotManaged)?;
        for _ in 0..ATTEMPTS {
            let opened = self.read(&settings).await?;
            let next = opened.held.iter().find(|held| held.term.signs > self.now());
            if let Some(Held { term, key, .. }) = next.filter(|_| !revoked) {
                return Ok(Rotated::AlreadyNext(key.key_id().to_owned(), term.signs));
            }
            let is_first = opened.held.is_empty();
            let at_once = |_: &[Term], now| Some(now);
            let in_turn = |_: &[Term], now| Some(if is_first { now } else { settings.rotation.soonest(now) });
            let added = if revoked {
                self.add(&settings, &opened, at_once).await?
            } else {
                self.add(&settings, &opened, in_turn).await?
            };
            if let Some((number, kid, signs)) = added {
                if !revoked {
                    return Ok(Rotated::Next(kid, signs));
                }
                return Ok(Rotated::Revoked(kid, self.0.store.remove_signing_keys_before(number).await?));
            }
        }
        Err(KeyringError::Overtaken)
    }

    /// Every key that the store has and that opens, by number. Makes none.
    ///
    /// # Errors
    /// [`KeyringError`]: they are not known.
    pub async fn list(&self) -> Result<Vec<Listed>, KeyringError> {
        let settings = self.0.settings.load_full().ok_or(KeyringError::NotManaged)?;
        let opened = self.read(&settings).await?;
        if opened.held.is_empty() && !opened.foreign.is_empty() {
            return Err(KeyringError::Foreign { count: opened.foreign.len() });
        }
        let (terms, now) = (opened.terms(), self.now());
        let signing = Term::signing(&terms, now).map(|term| term.number);
        let listed = opened.held.into_iter().map(|Held { term, published, key }| Listed {
            withdrawn: term.withdrawn(&terms),
            is_signing: signing == Some(term.number),
            number: term.number,
            signs: term.signs,
            published,
            key,
        });
        Ok(listed.collect())
    }
}

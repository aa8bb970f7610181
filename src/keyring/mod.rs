//! Holds the keys that sign tokens, and what of them is published.
//!
//! They are the operator's, read with the configuration, or Roomkey's own, which [`ManagedKeys`] makes, shares with other
//! replicas by the store and changes by [`Rotation`](crate::jitsi::Rotation). Either way they are ready before a login
//! needs one: no request waits for a key.

mod managed;
mod published;
mod sealed;
#[cfg(test)]
mod tests;

pub use managed::{KeyringError, Listed, ManagedKeys, Rotated, Settings};
pub use published::{Document, Published};

use std::sync::Arc;

use jiff::Timestamp;

use crate::jitsi::SigningKey;

/// The keys of a site. Cheap to clone.
#[derive(Clone, Debug)]
pub struct KeyRing(Source);

#[derive(Clone, Debug)]
enum Source {
    Given(Arc<Given>),
    Managed(ManagedKeys),
}

/// A key that takes over at a time that is known beforehand.
#[derive(Clone, Debug)]
pub struct Successor {
    /// The key.
    pub key: Arc<SigningKey>,
    /// From when on it signs.
    pub from: Timestamp,
}

/// Between which times a key signs, in Unix seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeyTimes {
    /// Since when.
    pub since: Option<i64>,
    /// When another takes over that is there already.
    pub next: Option<i64>,
}

#[derive(Debug)]
struct Given {
    signing: Arc<SigningKey>,
    next: Option<Successor>,
    published: Arc<Published>,
}

impl KeyRing {
    /// The operator's keys: `signing` signs until `next` does, and it and all `others` are published.
    pub fn given(signing: Arc<SigningKey>, others: &[Arc<SigningKey>], next: Option<Successor>) -> Self {
        let published = Published::of(std::iter::once(&signing).chain(others), Published::LONGEST);
        Self(Source::Given(Arc::new(Given { signing, next, published: Arc::new(published) })))
    }

    /// The keys that Roomkey makes itself.
    pub fn managed(keys: ManagedKeys) -> Self {
        Self(Source::Managed(keys))
    }

    /// What signs at `now`, in Unix seconds; `None` until the store has been reached for the first time.
    pub fn signing(&self, now: i64) -> Option<Arc<SigningKey>> {
        match &self.0 {
            Source::Given(given) => {
                let next = given.next.as_ref().filter(|next| next.from.as_second() <= now);
                Some(Arc::clone(next.map_or(&given.signing, |next| &next.key)))
            }
            Source::Managed(keys) => keys.signing(now),
        }
    }

    /// Since when the key that signs at `now` does, and when its successor takes over, in Unix seconds, as far as that is known: of
    /// the operator's own keys, the beginning is not.
    pub fn times(&self, now: i64) -> KeyTimes {
        match &self.0 {
            Source::Given(given) => match &given.next {
                Some(next) if next.from.as_second() <= now => {
                    KeyTimes { since: Some(next.from.as_second()), next: None }
                }
                next => KeyTimes { since: None, next: next.as_ref().map(|next| next.from.as_second()) },
            },
            Source::Managed(keys) => keys.times(now),
        }
    }

    /// What is published; `None` until the store has been reached for the first time.
    pub fn published(&self) -> Option<Arc<Published>> {
        match &self.0 {
            Source::Given(given) => Some(Arc::clone(&given.published)),
            Source::Managed(keys) => keys.published(),
        }
    }

    /// The same, where a public key of this name is wanted: if it is not known, another replica may just have made it.
    pub async fn published_with(&self, asap_name: &str) -> Option<Arc<Published>> {
        let published = self.published();
        match &self.0 {
            Source::Managed(keys) if published.as_ref().is_none_or(|known| known.pem(asap_name).is_none()) => {
                keys.look_for_news().await;
                keys.published()
            }
            _ => published,
        }
    }
}

//! The documents by which Prosody finds public keys.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::HEXLOWER;

use crate::jitsi::{PublicJwkSet, SigningKey};

/// All public keys at one time, ready to be answered.
#[derive(Debug)]
pub struct Published {
    jwks: Document,
    pems: HashMap<String, Document>,
    max_age: Duration,
}

/// A text and its name for caches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The text.
    pub body: Arc<str>,
    /// A strong entity tag, without quotes (RFC 9110, section 8.8.3): ASCII letters and digits.
    pub tag: String,
}

impl Published {
    /// Longest time for which it may be cached.
    pub const LONGEST: Duration = Duration::from_hours(1);

    /// The public halves of `keys`, which may be cached for `max_age`. Secrets have none.
    pub fn of<'a>(keys: impl Iterator<Item = &'a Arc<SigningKey>> + Clone, max_age: Duration) -> Self {
        let set = PublicJwkSet { keys: keys.clone().filter_map(|key| key.public_jwk()).collect() };
        let jwks = serde_json::to_string(&set).expect("strings are always JSON");
        let pems = keys.filter_map(|key| Some((key.asap_name(), Document::new(key.public_pem()?)))).collect();
        Self { jwks: Document::new(jwks), pems, max_age }
    }

    /// The JWKS (RFC 7517, section 5).
    pub fn jwks(&self) -> &Document {
        &self.jwks
    }

    /// The PEM file of this [`asap_name`](SigningKey::asap_name).
    pub fn pem(&self, asap_name: &str) -> Option<&Document> {
        self.pems.get(asap_name)
    }

    /// How long either may be cached.
    pub fn max_age(&self) -> Duration {
        self.max_age
    }
}

impl Document {
    fn new(body: String) -> Self {
        let tag = HEXLOWER.encode(&digest(&SHA256, body.as_bytes()).as_ref()[..16]);
        Self { body: body.into(), tag }
    }
}

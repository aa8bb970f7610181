//! The provider's endpoints and keys: had when first needed, kept, and refreshed before they are stale.

use std::sync::Arc;
use std::time::Duration;

use super::Settings;
use super::jws::UnverifiedJws;
use super::keys::{BadSignature, KeySet};
use super::metadata::{Metadata, lifetime};
use super::request::AuthorizationEndpoint;
use super::token::TokenClient;
use crate::clock::Clock;
use crate::provider::cache::{Cache, FetchError, Fetched, Lookup};
use crate::provider::error::Untrusted;
use crate::provider::http::{Http, HttpError};
use crate::provider::{FailedCheck, Health, Leg, ProviderError};

/// How long a key set is used before it is fetched anew, when its headers do not say.
const KEYS_LIFETIME: Duration = Duration::from_hours(1);

/// How long endpoints given by hand stay as they are: until the configuration changes, so the figure matters to nobody.
const BY_HAND_LIFETIME: Duration = Duration::from_hours(24);

/// A provider that can be talked to: its metadata, and what is made of them once for all logins.
#[derive(Debug)]
pub(super) struct Peer {
    pub(super) metadata: Metadata,
    pub(super) token: TokenClient,
    pub(super) authorization: AuthorizationEndpoint,
}

/// What is known of one provider. While it is down, what was last known goes on serving.
#[derive(Debug)]
pub(super) struct Directory {
    settings: Settings,
    peer: Cache<Peer, FetchError>,
    keys: Cache<KeySet, FetchError>,
    health: Health,
}

impl Directory {
    pub(super) fn new(settings: Settings, clock: &Clock) -> Self {
        Self { settings, peer: Cache::new(clock.clone()), keys: Cache::new(clock.clone()), health: Health::new(clock) }
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What the last calls came to.
    pub(super) fn health(&self) -> &Health {
        &self.health
    }

    /// The provider, as it was last discovered.
    pub(super) async fn peer(self: &Arc<Self>, http: &Http) -> Result<Arc<Peer>, ProviderError> {
        match self.peer.peek() {
            Lookup::Fresh(peer) => Ok(peer),
            Lookup::Due(peer) => {
                self.refresh_in_background(http);
                Ok(peer)
            }
            Lookup::Absent => self.peer.fetch(|| self.discover(http)).await.map_err(|error| error.at(Leg::Discovery)),
        }
    }

    /// Checks the signature of `jws`. If the known keys do not vouch for it, a new copy of the key set is looked into once:
    /// there may be a key of a new name, or another by an old one.
    pub(super) async fn verify(
        self: &Arc<Self>,
        http: &Http,
        peer: &Peer,
        jws: &UnverifiedJws<'_>,
    ) -> Result<(), ProviderError> {
        let keys = self.keys(http, peer).await?;
        let outcome = match self.health.verifications().time_now(|| keys.verify(jws)) {
            Err(bad) => match self.keys.fetch_newer(&keys, || self.fetch_keys(http, peer)).await {
                Ok(newer) => newer.verify(jws),
                Err(error) if bad == BadSignature::NoKey => return Err(error.at(Leg::Keys)),
                Err(_) => Err(bad),
            },
            Ok(()) => Ok(()),
        };
        outcome.map_err(|bad| match bad {
            BadSignature::NoKey => Untrusted::new(FailedCheck::Key, "the provider has no key that fits").into(),
            BadSignature::Wrong => Untrusted::new(FailedCheck::Signature, "the named key did not make it").into(),
        })
    }

    /// The provider's keys, as they were last fetched.
    pub(super) async fn keys(self: &Arc<Self>, http: &Http, peer: &Peer) -> Result<Arc<KeySet>, ProviderError> {
        match self.keys.peek() {
            Lookup::Fresh(keys) => Ok(keys),
            Lookup::Due(keys) => {
                self.refresh_in_background(http);
                Ok(keys)
            }
            Lookup::Absent => {
                self.keys.fetch(|| self.fetch_keys(http, peer)).await.map_err(|error| error.at(Leg::Keys))
            }
        }
    }

    async fn discover(&self, http: &Http) -> Result<Fetched<Peer>, FetchError> {
        let settings = &self.settings;
        let Fetched { value: metadata, lifetime } = match &settings.endpoints {
            Some(endpoints) => Fetched { value: Metadata::by_hand(endpoints, settings), lifetime: BY_HAND_LIFETIME },
            None => self.health.measure(Leg::Discovery, Metadata::discover(http, settings)).await?,
        };
        let token = TokenClient::new(settings, &metadata.token);
        let authorization = AuthorizationEndpoint::new(settings, &metadata.authorization);
        Ok(Fetched { value: Peer { metadata, token, authorization }, lifetime })
    }

    async fn fetch_keys(&self, http: &Http, peer: &Peer) -> Result<Fetched<KeySet>, FetchError> {
        let answer = self.health.measure(Leg::Keys, http.get_json(&peer.metadata.jwks)).await?;
        let value = KeySet::parse(&answer.body, &peer.metadata.algorithms)?;
        if value.is_empty() {
            return Err(HttpError::Unreadable { expected: "a JSON Web Key Set with a key that can be used" }.into());
        }
        Ok(Fetched { value, lifetime: lifetime(&answer.headers, KEYS_LIFETIME) })
    }

    /// Refreshes what is due, while those who found it due go on with what is known.
    fn refresh_in_background(self: &Arc<Self>, http: &Http) {
        let (directory, http) = (Arc::clone(self), http.clone());
        tokio::spawn(async move { directory.refresh(&http).await });
    }

    async fn refresh(&self, http: &Http) {
        let warn = |leg: Leg, error: FetchError| {
            let provider = &self.settings.id;
            let error = error.at(leg);
            self.health.failed(&error);
            tracing::warn!(
                provider.id = %provider,
                error = crate::provider::error::chain(&error),
                "could not refresh the {leg} of `{provider}`; the last known one goes on serving",
            );
        };
        if let Err(error) = self.peer.refresh(|| self.discover(http)).await {
            warn(Leg::Discovery, error);
        }
        if let Lookup::Fresh(peer) | Lookup::Due(peer) = self.peer.peek()
            && let Err(error) = self.keys.refresh(|| self.fetch_keys(http, &peer)).await
        {
            warn(Leg::Keys, error);
        }
    }
}

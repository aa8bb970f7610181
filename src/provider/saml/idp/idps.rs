//! The identity providers behind one SAML provider of the operator's file: had before they are needed, kept, and refreshed before they
//! are stale.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use url::Url;

use super::read::{Metadata, read};
use super::source::{Look, MetadataSource, Stamp};
use super::{Directory, IdpMetadata, Mistake};
use crate::clock::Clock;
use crate::provider::cache::{Cache, FetchError, Fetched, Lookup};
use crate::provider::error::{Untrusted, chain};
use crate::provider::http::Http;
use crate::provider::saml::certificate_ends;
use crate::provider::{FailedCheck, Health, Leg, ProviderError, ProviderId};

/// How long metadata from an address are used before they are fetched anew, when they do not say; and bounds on what they may say.
const DEFAULT_LIFETIME: Duration = Duration::from_hours(6);
const SHORTEST_LIFETIME: Duration = Duration::from_mins(5);
const LONGEST_LIFETIME: Duration = Duration::from_hours(24);

/// How long a file is used before a look is taken whether it has changed.
const FILE_LIFETIME: Duration = Duration::from_mins(1);

/// Shortest time between two fetches that a signature by an unknown key asks for: documents are large, and anybody can make one up.
const REFETCH_INTERVAL: Duration = Duration::from_mins(1);

/// Doubtful identity providers that the log tells of by name.
const MOST_TOLD: usize = 10;

/// Where metadata come from and what vouches for them.
#[derive(Clone, Debug)]
pub struct MetadataSettings {
    /// The provider they are for.
    pub provider: ProviderId,
    /// Where they come from.
    pub source: MetadataSource,
    /// DER certificates, one of which has to have signed them; none: the source vouches for them (`metadata_certificate_file`).
    pub signed_by: Vec<Vec<u8>>,
    /// The only identity provider of them that counts (`idp_entity_id`).
    pub only: Option<String>,
    /// Where people choose theirs; on a page of Roomkey's if there is none (`discovery_url`).
    pub discovery: Option<Discovery>,
}

/// A discovery service (Identity Provider Discovery Service Protocol and Profile).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discovery {
    /// Where it is.
    pub service: Url,
    /// Roomkey's own entity id, by which the service knows it.
    pub own_entity_id: String,
}

/// What somebody has to choose before they can log in.
#[derive(Debug)]
pub enum ToChoose {
    /// Nothing: there is one identity provider.
    Nothing,
    /// Theirs, from these.
    Idp(Arc<Directory>),
}

/// When what is known of identity providers ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ends {
    /// `validUntil`: from then on nothing of them is believed.
    pub metadata: Option<Timestamp>,
    /// When the last of the certificates to sign with expires, where there is one identity provider. Roomkey goes on believing its
    /// key, but an administrator there is likely to change it by then.
    pub certificates: Option<Timestamp>,
}

/// What is known of the identity providers of one source. While it is down, what was last known goes on serving, until it expires.
#[derive(Debug)]
pub struct Idps {
    settings: MetadataSettings,
    known: Cache<Arc<Known>, FetchError>,
    health: Health,
    clock: Clock,
}

/// One document, read.
#[derive(Clone, Debug)]
struct Known {
    directory: Arc<Directory>,
    by_id: HashMap<String, Arc<IdpMetadata>>,
    stamp: Stamp,
    had: Timestamp,
    lifetime: Duration,
    valid_until: Option<Timestamp>,
    certificates_end: Option<Timestamp>,
}

impl Idps {
    /// Nothing is known yet.
    pub fn new(settings: MetadataSettings, clock: &Clock) -> Self {
        Self { settings, known: Cache::new(clock.clone()), health: Health::new(clock), clock: clock.clone() }
    }

    /// What the last fetches came to.
    pub fn health(&self) -> &Health {
        &self.health
    }

    /// The identity provider of this entity id; without one, the only one there is.
    ///
    /// # Errors
    /// [`ProviderError::Unreachable`] while no metadata can be had; [`ProviderError::Untrusted`] with [`FailedCheck::Metadata`]
    /// if they are not to be believed or have expired, with [`FailedCheck::Issuer`] if they name no such identity provider, or several
    /// and `entity_id` does not say which.
    pub async fn idp(
        self: &Arc<Self>,
        http: &Http,
        entity_id: Option<&str>,
    ) -> Result<Arc<IdpMetadata>, ProviderError> {
        let known = self.known(http).await?;
        known.find(entity_id, self.clock.now())
    }

    /// Has the metadata before anybody needs them. Whoever comes meanwhile waits for the same fetch, and after a failure tries anew.
    pub async fn prepare(self: Arc<Self>, http: &Http) {
        if let Err(error) = self.known(http).await {
            let provider = &self.settings.provider;
            tracing::warn!(
                provider.id = %provider,
                error = chain(&error),
                "could not have the metadata of `{provider}`; the next login there tries again",
            );
        }
    }

    /// What there is to choose from.
    ///
    /// # Errors
    /// As those of [`idp`](Self::idp).
    pub async fn to_choose(self: &Arc<Self>, http: &Http) -> Result<ToChoose, ProviderError> {
        let known = self.known(http).await?;
        Ok(if known.by_id.len() == 1 { ToChoose::Nothing } else { ToChoose::Idp(Arc::clone(&known.directory)) })
    }

    /// When what is known of them ends, if it does and anything is known.
    pub fn ends(&self) -> Ends {
        match self.known.peek() {
            Lookup::Fresh(known) | Lookup::Due(known) => {
                Ends { metadata: known.valid_until, certificates: known.certificates_end }
            }
            Lookup::Absent => Ends::default(),
        }
    }

    /// Where else people choose.
    pub fn discovery(&self) -> Option<&Discovery> {
        self.settings.discovery.as_ref()
    }

    /// The newest description of `seen`, if there is a newer one: for a signature that none of its certificates made. The source is
    /// asked at most once a minute for that.
    pub async fn newer(self: &Arc<Self>, http: &Http, seen: &Arc<IdpMetadata>) -> Option<Arc<IdpMetadata>> {
        let (Lookup::Fresh(known) | Lookup::Due(known)) = self.known.peek() else { return None };
        let now = self.clock.now();
        let newest = if now.duration_since(known.had).unsigned_abs() < REFETCH_INTERVAL {
            known
        } else {
            self.known.fetch_newer(&known, || self.fetch(http)).await.ok()?
        };
        newest.find(Some(&seen.entity_id), now).ok().filter(|newest| newest != seen)
    }

    /// All that is known. Waits for the source only if nothing is, or if all has expired.
    async fn known(self: &Arc<Self>, http: &Http) -> Result<Arc<Known>, ProviderError> {
        let known = match self.known.peek() {
            Lookup::Fresh(known) => known,
            Lookup::Due(known) => {
                self.refresh_in_background(http);
                known
            }
            Lookup::Absent => self.known.fetch(|| self.fetch(http)).await.map_err(|error| self.failed(error))?,
        };
        if known.is_valid(self.clock.now()) {
            return Ok(Arc::clone(&known));
        }
        let newer = self.known.fetch_newer(&known, || self.fetch(http)).await.map_err(|error| self.failed(error))?;
        Ok(Arc::clone(&newer))
    }

    fn failed(&self, error: FetchError) -> ProviderError {
        let error = error.at(Leg::Metadata);
        self.health.failed(&error);
        error
    }

    /// Refreshes what is due, while those who found it due go on with what is known.
    fn refresh_in_background(self: &Arc<Self>, http: &Http) {
        let (idps, http) = (Arc::clone(self), http.clone());
        tokio::spawn(async move {
            if let Err(error) = idps.known.refresh(|| idps.fetch(&http)).await {
                let (provider, error) = (&idps.settings.provider, idps.failed(error));
                tracing::warn!(
                    provider.id = %provider,
                    error = chain(&error),
                    "could not refresh the metadata of `{provider}`; the last known ones go on serving until they expire",
                );
            }
        });
    }

    async fn fetch(&self, http: &Http) -> Result<Fetched<Arc<Known>>, FetchError> {
        let before = match self.known.peek() {
            Lookup::Fresh(known) | Lookup::Due(known) => Some(Arc::clone(&known)),
            Lookup::Absent => None,
        };
        let look = self.settings.source.look(http, before.as_ref().map(|known| &known.stamp));
        let look = self.health.measure(Leg::Metadata, look).await?;
        let now = self.clock.now();
        let value = match (look, before) {
            (Look::Same, Some(before)) => Arc::new(Known { had: now, ..Known::clone(&before) }),
            (Look::Same, None) => {
                return Err(unusable("the source says that nothing has changed, and nothing is known"));
            }
            (Look::New(document, stamp), _) => Arc::new(self.read(document, stamp, now).await?),
        };
        if !value.is_valid(now) {
            return Err(unusable("the metadata have expired"));
        }
        self.health.answered();
        Ok(Fetched { lifetime: value.lifetime_at(now), value })
    }

    /// Reads a document, off the reactor: that of a federation takes seconds.
    async fn read(&self, document: Vec<u8>, stamp: Stamp, now: Timestamp) -> Result<Known, FetchError> {
        let trusted = self.settings.signed_by.clone();
        let metadata = tokio::task::spawn_blocking(move || read(&document, &trusted, now)).await;
        let metadata = metadata
            .map_err(|_| unusable("reading the metadata was broken off"))?
            .map_err(|error| unusable(chain(&error)))?;
        self.tell_of(&metadata.doubtful);
        self.keep(metadata, stamp, now)
    }

    fn keep(&self, metadata: Metadata, stamp: Stamp, now: Timestamp) -> Result<Known, FetchError> {
        let Metadata { mut idps, cache_duration, valid_until, .. } = metadata;
        if let Some(only) = &self.settings.only {
            idps.retain(|idp| idp.entity_id == *only);
            if idps.is_empty() {
                return Err(unusable("the metadata hold no identity provider that is `idp_entity_id` and can be used"));
            }
        }
        let lifetime = match self.settings.source {
            MetadataSource::File(_) => FILE_LIFETIME,
            MetadataSource::Url(_) => {
                cache_duration.unwrap_or(DEFAULT_LIFETIME).clamp(SHORTEST_LIFETIME, LONGEST_LIFETIME)
            }
        };
        // Of two that call themselves the same, the first: which of them a response is from could not be told.
        let mut by_id = HashMap::with_capacity(idps.len());
        for idp in idps {
            by_id.entry(idp.entity_id.clone()).or_insert_with(|| Arc::new(idp));
        }
        let (valid_until, certificates_end) = match by_id.values().next() {
            Some(only) if by_id.len() == 1 => (
                valid_until.into_iter().chain(only.valid_until).min(),
                only.signing_certificates.iter().filter_map(|der| certificate_ends(der)).max(),
            ),
            _ => (valid_until, None),
        };
        Ok(Known {
            directory: Arc::new(Directory::of(by_id.values())),
            by_id,
            stamp,
            had: now,
            lifetime,
            valid_until,
            certificates_end,
        })
    }

    fn tell_of(&self, doubtful: &[(String, Vec<Mistake>)]) {
        let provider = &self.settings.provider;
        for (entity_id, mistakes) in doubtful.iter().take(MOST_TOLD) {
            let mistakes: Vec<_> = mistakes.iter().map(Mistake::to_string).collect();
            tracing::warn!(
                provider.id = %provider,
                "the metadata of `{provider}` describe {entity_id:?} wrongly: {}", mistakes.join(", "),
            );
        }
        if let Some(rest) = doubtful.len().checked_sub(MOST_TOLD).filter(|&rest| rest > 0) {
            tracing::warn!(provider.id = %provider, "the metadata of `{provider}` describe {rest} more wrongly");
        }
    }
}

impl Known {
    fn find(&self, entity_id: Option<&str>, now: Timestamp) -> Result<Arc<IdpMetadata>, ProviderError> {
        let found = match entity_id {
            Some(entity_id) => self.by_id.get(entity_id).ok_or("the metadata know no such identity provider"),
            None if self.by_id.len() == 1 => self.by_id.values().next().ok_or("the metadata know none"),
            None => Err("the metadata know several identity providers, and none was chosen"),
        };
        match found {
            Ok(idp) if idp.is_valid(now) => Ok(Arc::clone(idp)),
            Ok(_) => Err(Untrusted::new(FailedCheck::Metadata, "what the metadata say of it has expired").into()),
            Err(detail) => Err(Untrusted::new(FailedCheck::Issuer, detail).into()),
        }
    }

    fn is_valid(&self, now: Timestamp) -> bool {
        self.valid_until.is_none_or(|until| now < until)
    }

    /// How long it may be kept: before it ends there is time for several tries to have it anew.
    fn lifetime_at(&self, now: Timestamp) -> Duration {
        let left = self.valid_until.map(|until| until.duration_since(now).unsigned_abs() / 2);
        left.map_or(self.lifetime, |left| self.lifetime.min(left))
    }
}

fn unusable(detail: impl Into<String>) -> FetchError {
    FetchError::Untrusted { check: FailedCheck::Metadata, detail: detail.into() }
}

#[cfg(test)]
mod tests;

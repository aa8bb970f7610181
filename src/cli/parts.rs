//! Builds the running parts out of a configuration.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::audit::{self, Event, Trail};
use crate::clock::Clock;
use crate::config::{Config, ProviderConfig, ProviderKind, Signing};
use crate::jitsi::Pseudonyms;
use crate::keyring::{KeyRing, ManagedKeys, Settings};
use crate::login::{LoginId, Sealer, SealingKeys, WeakSecret};
use crate::metrics::Observed;
use crate::policy::{Outcome, Policy, Rule};
use crate::provider::github::GitHubProvider;
use crate::provider::guest::GuestProvider;
use crate::provider::ldap::LdapProvider;
use crate::provider::oidc::OidcProvider;
use crate::provider::saml::SamlProvider;
use crate::provider::{Entry, Kind, Provider, ProviderId, Registry, chain};
use crate::roster::LivePolicy;
use crate::store::{Sessions, Store, StoreError};
use crate::web::Parts;

/// What outlasts a restart, opened once for all configurations that follow one another.
#[derive(Clone, Debug)]
pub struct Stores {
    store: Store,
    sessions: Sessions,
    keys: ManagedKeys,
    trail: Trail,
    observed: Arc<Observed>,
}

/// How long a start waits for keys that Roomkey makes itself; the first one may have to be made.
const FIRST_KEY: Duration = Duration::from_secs(10);

impl Stores {
    /// Opens what section `[store]` says, in the background, and sweeps out what has ended.
    ///
    /// # Errors
    /// [`StoreError::Address`] for an address that no store can have.
    ///
    /// # Panics
    /// Outside a Tokio runtime, which has to outlive the workers.
    pub fn open(config: &crate::config::Store, clock: &Clock) -> Result<Self, StoreError> {
        let store = Store::open(config.url.as_str())?;
        store.sweep_regularly(clock.clone());
        let sessions = match &config.sessions {
            Some(address) => Sessions::in_redis(address.as_str())?,
            None => Sessions::Store(store.clone()),
        };
        let keys = ManagedKeys::new(store.clone(), clock.clone());
        keys.look_regularly();
        let trail = Trail::new(store.clone(), clock.clone());
        Ok(Self { store, sessions, keys, trail, observed: Arc::default() })
    }

    /// Records that the file at `path` has been read again.
    pub async fn record_reload(&self, path: &Path) {
        let event = Event::new(audit::Outcome::SettingsChanged, LoginId::random()).reason("file-read-again");
        if let Err(error) = self.trail.record(event.detail(&path.display().to_string())).await {
            tracing::error!(error = chain(&error), "it is not recorded that the configuration has been read again");
        }
    }

    /// Waits until the keys that Roomkey makes itself are known, if it does, but not for ever: without a store they are not
    /// to be had, and pages say so.
    pub async fn wait_for_keys(&self) {
        let _ = tokio::time::timeout(FIRST_KEY, self.keys.look_and_tell()).await;
    }
}

/// The parts of a site that does what `config` says. Nothing is fetched yet. Lists of members are
/// looked at from now on.
///
/// # Errors
/// [`WeakSecret`] for a session secret that [`Config::load`] would have refused.
///
/// # Panics
/// Outside a Tokio runtime, if there are lists of members.
pub fn parts(config: Config, stores: &Stores, clock: &Clock) -> Result<Parts, WeakSecret> {
    let pseudonyms = Pseudonyms::new(&config.session.keys)?;
    let token_lifetime = longest_token(&config);
    stores.trail.follow(audit_settings(&config)?);
    let policy = LivePolicy::from(policy(config.rules, &config.providers));
    policy.follow(config.rosters);
    Ok(Parts {
        public_url: config.public_url.as_url().clone(),
        trusted_proxies: config.server.trusted_proxies,
        registry: Registry::new(config.providers.into_iter().map(|provider| entry(provider, clock)).collect()),
        policy,
        meeting: config.meeting,
        former_clients: config.former_clients,
        inline: config.inline,
        keys: key_ring(config.signing, token_lifetime, &config.session.keys, &stores.keys)?,
        pseudonyms,
        branding: config.branding,
        sealer: Sealer::new(&config.session.keys)?,
        lifetimes: config.session.lifetimes,
        sessions: stores.sessions.clone(),
        store: stores.store.clone(),
        trail: stores.trail.clone(),
        observed: Arc::clone(&stores.observed),
        clock: clock.clone(),
    })
}

/// What section `[audit]` says, and what seals.
pub(super) fn audit_settings(config: &Config) -> Result<audit::Settings, WeakSecret> {
    Ok(audit::Settings {
        client_address: config.audit.client_address,
        keep: config.audit.keep,
        journal: config.audit.journal.clone(),
        sealer: Arc::new(Sealer::new(&config.session.keys)?),
        sinks: config.audit.sinks.clone(),
    })
}

fn key_ring(
    signing: Signing,
    token_lifetime: Duration,
    secrets: &SealingKeys,
    keys: &ManagedKeys,
) -> Result<KeyRing, WeakSecret> {
    match signing {
        Signing::Given { signing, others, next } => {
            keys.follow(None);
            Ok(KeyRing::given(signing, &others, next))
        }
        Signing::Managed { algorithm, rotation } => {
            keys.follow(Some(Settings { algorithm, rotation, token_lifetime, sealer: Sealer::new(secrets)? }));
            Ok(KeyRing::managed(keys.clone()))
        }
    }
}

/// The rules, which have to know of the providers.
pub(super) fn policy(rules: Vec<Rule>, providers: &[ProviderConfig]) -> Policy {
    let ids: Vec<ProviderId> = providers.iter().map(|provider| provider.id.clone()).collect();
    let guests = providers.iter().filter(|provider| matches!(provider.kind, ProviderKind::Guest));
    Policy::new(rules, &ids).with_guests_of(guests.map(|provider| provider.id.clone()).collect())
}

/// Longest life of a token that any rule gives.
pub(super) fn longest_token(config: &Config) -> Duration {
    let of_rule = |rule: &Rule| match &rule.outcome {
        Outcome::Admit(permit) => permit.token_lifetime,
        Outcome::Deny => None,
    };
    config.rules.iter().filter_map(of_rule).fold(config.meeting.token_lifetime, Duration::max)
}

fn entry(ProviderConfig { id, name, kind }: ProviderConfig, clock: &Clock) -> Entry {
    let oidc = |settings| Provider::Redirect(Box::new(OidcProvider::new(settings, clock)));
    let (kind, provider) = match kind {
        ProviderKind::Oidc(settings) => (Kind::Oidc, oidc(settings)),
        ProviderKind::Google(settings) => (Kind::Google, oidc(settings)),
        ProviderKind::Entra(settings) => (Kind::Entra, oidc(settings)),
        ProviderKind::GitHub(settings) => {
            (Kind::GitHub, Provider::Redirect(Box::new(GitHubProvider::new(settings, clock))))
        }
        ProviderKind::Saml(settings) => (Kind::Saml, Provider::Redirect(Box::new(SamlProvider::new(*settings, clock)))),
        ProviderKind::Ldap(settings) => (Kind::Ldap, Provider::Password(Box::new(LdapProvider::new(*settings, clock)))),
        ProviderKind::Guest => (Kind::Guest, Provider::Guest(GuestProvider::new(id.clone()))),
    };
    Entry { id, name, kind, provider }
}

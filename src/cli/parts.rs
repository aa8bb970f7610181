//! Builds the running parts out of a configuration.

use crate::clock::Clock;
use crate::config::{Config, ProviderConfig, ProviderKind};
use crate::login::{Sealer, WeakSecret};
use crate::policy::Policy;
use crate::provider::github::GitHubProvider;
use crate::provider::guest::GuestProvider;
use crate::provider::oidc::OidcProvider;
use crate::provider::{Entry, Kind, Provider, ProviderId, Registry};
use crate::store::{Sessions, Store, StoreError};
use crate::web::Parts;

/// What outlasts a restart, opened once for all configurations that follow one another.
#[derive(Clone, Debug)]
pub struct Stores {
    store: Store,
    sessions: Sessions,
}

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
        Ok(Self { store, sessions })
    }
}

/// The parts of a site that does what `config` says. Nothing is fetched: that begins with the first login.
///
/// # Errors
/// [`WeakSecret`] for a session secret that [`Config::load`] would have refused.
pub fn parts(config: Config, stores: &Stores, clock: &Clock) -> Result<Parts, WeakSecret> {
    let ids: Vec<ProviderId> = config.providers.iter().map(|provider| provider.id.clone()).collect();
    let guests = config.providers.iter().filter(|provider| matches!(provider.kind, ProviderKind::Guest));
    let guests = guests.map(|provider| provider.id.clone()).collect();
    Ok(Parts {
        public_url: config.public_url.as_url().clone(),
        trusted_proxies: config.server.trusted_proxies,
        registry: Registry::new(config.providers.into_iter().map(|provider| entry(provider, clock)).collect()),
        policy: Policy::new(config.rules, &ids).with_guests_of(guests),
        meeting: config.meeting,
        former_clients: config.former_clients,
        key: config.signing,
        branding: config.branding,
        sealer: Sealer::new(&config.session.keys)?,
        lifetimes: config.session.lifetimes,
        sessions: stores.sessions.clone(),
        store: stores.store.clone(),
        clock: clock.clone(),
    })
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
        ProviderKind::Guest => (Kind::Guest, Provider::Guest(GuestProvider::new(id.clone()))),
    };
    Entry { id, name, kind, provider }
}

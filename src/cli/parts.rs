//! Builds the running parts out of a configuration.

use crate::clock::Clock;
use crate::config::{Config, ProviderConfig, ProviderKind};
use crate::login::{Sealer, WeakSecret};
use crate::policy::Policy;
use crate::provider::oidc::OidcProvider;
use crate::provider::{Entry, Kind, Provider, ProviderId, Registry};
use crate::web::Parts;

/// The parts of a site that does what `config` says. Nothing is fetched: that begins with the first login.
///
/// # Errors
/// [`WeakSecret`] for a session secret that [`Config::load`] would have refused.
pub fn parts(config: Config, clock: &Clock) -> Result<Parts, WeakSecret> {
    let ids: Vec<ProviderId> = config.providers.iter().map(|provider| provider.id.clone()).collect();
    Ok(Parts {
        public_url: config.public_url.as_url().clone(),
        trusted_proxies: config.server.trusted_proxies,
        registry: Registry::new(config.providers.into_iter().map(|provider| entry(provider, clock)).collect()),
        policy: Policy::new(config.rules, &ids),
        meeting: config.meeting,
        key: config.signing,
        sealer: Sealer::new(&config.session.keys)?,
        clock: clock.clone(),
    })
}

fn entry(ProviderConfig { id, name, kind }: ProviderConfig, clock: &Clock) -> Entry {
    let (kind, provider) = match kind {
        ProviderKind::Oidc(settings) => (Kind::Oidc, Provider::Redirect(Box::new(OidcProvider::new(settings, clock)))),
    };
    Entry { id, name, kind, provider }
}

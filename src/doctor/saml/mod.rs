//! Asks a SAML identity provider everything that it tells without a person: its metadata, and whether it knows Roomkey.

mod diagnosis;

pub use diagnosis::diagnose;

use super::clock::Reading;
use super::provider::{Arrived, Visit};
use crate::clock::Clock;
use crate::config::ProviderConfig;
use crate::login::Sealer;
use crate::provider::http::{Http, HttpError};
use crate::provider::saml::idp::{NoMetadata, Probe};
use crate::provider::saml::{SamlProvider, Settings};
use crate::provider::{ProviderError, RedirectProvider};

/// What an identity provider, or a federation, shows of itself.
#[derive(Debug)]
pub struct Observed {
    /// What its metadata say.
    pub metadata: Result<Probe, NoMetadata>,
    /// Where somebody gets who is sent to log in; `None` where people choose from several first.
    pub login: Option<Begun>,
    /// Its clock.
    pub clock: Option<Reading>,
}

/// How a login began.
#[derive(Debug)]
pub enum Begun {
    /// Roomkey has no request for it.
    NoRequest(ProviderError),
    /// This is what came of the request.
    Arrived(Result<Arrived, HttpError>),
}

/// Asks the provider `asked`, which has these settings.
pub async fn observe(
    asked: &ProviderConfig,
    settings: &Settings,
    http: &Http,
    sealer: &Sealer,
    clock: &Clock,
) -> Observed {
    let metadata = settings.metadata.probe(http, clock.now()).await;
    if !metadata.as_ref().is_ok_and(|probe| probe.idps.len() == 1) {
        return Observed { metadata, login: None, clock: None };
    }
    let visit = Visit { provider: asked, http, sealer, clock };
    match SamlProvider::new(settings.clone(), clock).request(http, &visit.attempt()).await {
        Ok(request) => {
            let (arrived, clock) = visit.arrive(&request).await;
            Observed { metadata, login: Some(Begun::Arrived(arrived)), clock }
        }
        Err(error) => Observed { metadata, login: Some(Begun::NoRequest(error)), clock: None },
    }
}

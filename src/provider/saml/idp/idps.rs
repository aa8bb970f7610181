//! The identity providers behind one SAML provider of the operator's file.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::IdpMetadata;
use crate::clock::Clock;
use crate::provider::error::Untrusted;
use crate::provider::http::Http;
use crate::provider::{FailedCheck, ProviderError};

/// The identity providers of one source of metadata, by their entity ids.
#[derive(Debug)]
pub struct Idps {
    known: HashMap<String, Arc<IdpMetadata>>,
    clock: Clock,
}

impl Idps {
    /// These and no others.
    pub fn known(idps: Vec<IdpMetadata>, clock: &Clock) -> Self {
        let known = idps.into_iter().map(|idp| (idp.entity_id.clone(), Arc::new(idp))).collect();
        Self { known, clock: clock.clone() }
    }

    /// The identity provider of this entity id, or the only one there is.
    ///
    /// # Errors
    /// [`ProviderError::Unreachable`] while no metadata can be had; [`ProviderError::Untrusted`] with [`FailedCheck::Metadata`]
    /// if they are not to be believed or have expired, with [`FailedCheck::Issuer`] if they name no such identity provider, or several
    /// and `entity_id` does not say which.
    pub async fn idp(&self, _http: &Http, entity_id: Option<&str>) -> Result<Arc<IdpMetadata>, ProviderError> {
        let found = match entity_id {
            Some(entity_id) => self.known.get(entity_id),
            None if self.known.len() == 1 => self.known.values().next(),
            None => None,
        };
        let now: Timestamp = self.clock.now();
        match found {
            Some(idp) if idp.is_valid(now) => Ok(Arc::clone(idp)),
            Some(_) => Err(Untrusted::new(FailedCheck::Metadata, "the identity provider's metadata have expired").into()),
            None => Err(Untrusted::new(FailedCheck::Issuer, "the metadata know no such identity provider").into()),
        }
    }
}

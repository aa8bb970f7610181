//! A whole document of metadata: one identity provider, or the many of a federation.

use std::time::Duration;

use jiff::Timestamp;

use super::entity::{self, Entity, Mistake, valid_until};
use super::times::duration;
use super::{IdpMetadata, METADATA};
use crate::provider::FailedCheck;
use crate::provider::error::Untrusted;
use crate::provider::saml::document::{Document, DocumentError, Element, Limits};
use crate::provider::saml::key::VerifyingKey;
use crate::provider::saml::signature::verify;

/// Largest description of a single identity provider, in bytes.
pub(super) const MAX_SINGLE_BYTES: usize = 1024 * 1024;

/// Largest metadata of a federation, in bytes.
pub(super) const MAX_BYTES: usize = 64 * 1024 * 1024;

/// Elements within one another, at most: metadata of real federations stay below 20.
const MAX_DEPTH: u32 = 64;

/// Identity providers that an error tells of by name.
const MOST_TOLD: usize = 10;

/// What a document holds.
#[derive(Debug)]
pub struct Metadata {
    /// The identity providers that can be used; at least one.
    pub idps: Vec<IdpMetadata>,
    /// Those that cannot, or not in all their parts: entity ids, and what is wrong.
    pub doubtful: Vec<(String, Vec<Mistake>)>,
    /// How long it may be kept before it is fetched anew (`cacheDuration`).
    pub cache_duration: Option<Duration>,
    /// When all of it ends.
    pub valid_until: Option<Timestamp>,
}

/// Why a document cannot be used. It holds nothing of it but entity ids, which are no secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MetadataError {
    /// It is larger than it may be.
    #[error("the metadata are larger than {most} bytes")]
    TooLarge {
        /// [`MAX_BYTES`], or [`MAX_SINGLE_BYTES`] for a single identity provider.
        most: usize,
    },
    /// It is no XML that is read.
    #[error("the metadata cannot be read")]
    Document(#[from] DocumentError),
    /// The root is neither an `EntityDescriptor` nor an `EntitiesDescriptor`: an address often leads to a page for people instead.
    #[error("the document is no SAML 2.0 metadata")]
    NotMetadata,
    /// The signature does not vouch for it.
    #[error("the metadata are not to be believed: they fail the {check} check: {detail}")]
    Signature {
        /// The check.
        check: FailedCheck,
        /// What was wrong.
        detail: String,
    },
    /// A certificate of `metadata_certificate_file` has no key that signatures are checked by.
    #[error("a certificate of `metadata_certificate_file` cannot be used")]
    Certificate,
    /// `validUntil` or `cacheDuration` of the root cannot be read.
    #[error("`{0}` of the metadata cannot be read")]
    Time(&'static str),
    /// `validUntil` is past.
    #[error("the metadata have expired at {0}")]
    Expired(Timestamp),
    /// No identity provider can be used.
    #[error("the metadata hold no identity provider that can be used{}", told(.0))]
    NoIdp(Vec<(String, Vec<Mistake>)>),
}

/// Each with what is wrong with it.
fn told(unusable: &[(String, Vec<Mistake>)]) -> String {
    let each = unusable.iter().map(|(entity_id, mistakes)| {
        let mistakes: Vec<_> = mistakes.iter().map(Mistake::to_string).collect();
        format!("; {entity_id:?}: {}", mistakes.join(", "))
    });
    each.take(MOST_TOLD).collect()
}

/// Reads a document that is signed by one of the `trusted` DER certificates; one that need not be signed, if there are none.
///
/// # Errors
/// [`MetadataError`]: the source has to be mended, or the configuration.
pub fn read(document: &[u8], trusted: &[Vec<u8>], now: Timestamp) -> Result<Metadata, MetadataError> {
    if document.len() > MAX_BYTES {
        return Err(MetadataError::TooLarge { most: MAX_BYTES });
    }
    let length = document.len();
    let document = Document::parse(document, Limits { bytes: MAX_BYTES, depth: MAX_DEPTH })?;
    let root = document.root();
    let is_single = root.is(METADATA, "EntityDescriptor");
    if !is_single && !root.is(METADATA, "EntitiesDescriptor") {
        return Err(MetadataError::NotMetadata);
    }
    if is_single && length > MAX_SINGLE_BYTES {
        return Err(MetadataError::TooLarge { most: MAX_SINGLE_BYTES });
    }
    if !trusted.is_empty() {
        let keys = trusted.iter().map(|der| VerifyingKey::from_certificate(der)).collect::<Result<Vec<_>, _>>();
        verify(root, &keys.map_err(|_| MetadataError::Certificate)?, false)?;
    }
    let valid_until = valid_until(root, None).map_err(|_| MetadataError::Time("validUntil"))?;
    if let Some(past) = valid_until.filter(|&until| until <= now) {
        return Err(MetadataError::Expired(past));
    }
    let cache_duration =
        root.attribute("cacheDuration").map(|text| duration(text).ok_or(MetadataError::Time("cacheDuration")));
    let cache_duration = cache_duration.transpose()?;
    let mut found = Found::default();
    found.collect(root, None, now);
    match found {
        Found { idps, doubtful } if idps.is_empty() => Err(MetadataError::NoIdp(doubtful)),
        Found { idps, doubtful } => Ok(Metadata { idps, doubtful, cache_duration, valid_until }),
    }
}

#[derive(Default)]
struct Found {
    idps: Vec<IdpMetadata>,
    doubtful: Vec<(String, Vec<Mistake>)>,
}

impl Found {
    /// Those of `element` and of all below it, which ends with it; how deep that goes was bounded by reading the document.
    fn collect(&mut self, element: Element<'_>, outer: Option<Timestamp>, now: Timestamp) {
        if element.is(METADATA, "EntityDescriptor") {
            match entity::read(element, outer, now) {
                Entity::Idp(idp, mistakes) => {
                    if !mistakes.is_empty() {
                        self.doubtful.push((idp.entity_id.clone(), mistakes));
                    }
                    self.idps.push(*idp);
                }
                Entity::Unusable(entity_id, mistakes) => self.doubtful.push((entity_id, mistakes)),
                Entity::Other => {}
            }
        } else if element.is(METADATA, "EntitiesDescriptor") {
            match valid_until(element, outer) {
                Ok(until) => element.elements().for_each(|inner| self.collect(inner, until, now)),
                Err(mistake) => {
                    self.doubtful.push((element.attribute("Name").unwrap_or_default().to_owned(), vec![mistake]))
                }
            }
        }
    }
}

impl From<Untrusted> for MetadataError {
    fn from(Untrusted { check, detail }: Untrusted) -> Self {
        Self::Signature { check, detail }
    }
}

#[cfg(test)]
mod tests;

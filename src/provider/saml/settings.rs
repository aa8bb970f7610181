//! What the operator's file says of a SAML provider.

use std::sync::Arc;

use url::Url;

use super::idp::{Binding, MetadataSettings};
use super::own_key::OwnKey;
use crate::provider::{ClaimMap, ProviderId};

/// The settings of one SAML provider, checked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Its id.
    pub id: ProviderId,
    /// What Roomkey calls itself there: `entityID` of its metadata, `Issuer` of its requests, `Audience` of what it takes.
    pub entity_id: String,
    /// Where responses come to (`AssertionConsumerServiceURL`).
    pub acs: Url,
    /// Where messages about logouts come to.
    pub slo: Url,
    /// Where identity providers are known from.
    pub metadata: MetadataSettings,
    /// What signs requests, and opens what is encrypted for Roomkey.
    pub own_key: Option<Arc<OwnKey>>,
    /// Whether requests are signed even to providers whose metadata do not ask for it.
    pub sign_requests: bool,
    /// Whether Roomkey's own metadata are signed.
    pub sign_metadata: bool,
    /// By which binding requests travel; `None` leaves it to the provider's metadata, HTTP-Redirect first.
    pub request_binding: Option<Binding>,
    /// Whether an assertion that is not encrypted is refused.
    pub want_assertions_encrypted: bool,
    /// Classes of authentication of which one has to be (`AuthnContextClassRef`); empty: any.
    pub authn_context: Vec<String>,
    /// Whether people have to prove themselves anew at each login (`ForceAuthn`).
    pub force_authn: bool,
    /// Whether a login may begin at the provider.
    pub idp_initiated: bool,
    /// Whether SHA-1 counts in signatures.
    pub insecure_sha1: bool,
    /// What says who somebody is for good.
    pub subject: SubjectSource,
    /// From which attribute each field comes.
    pub claims: ClaimMap,
}

/// What says who somebody is for good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubjectSource {
    /// The `NameID`, unless its format is that of one for a single session.
    NameId,
    /// An attribute with one value, by its name.
    Attribute(String),
}

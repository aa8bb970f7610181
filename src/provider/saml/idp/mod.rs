//! What is known of identity providers before anybody logs in: their addresses, their keys and how they want to be asked
//! (SAML 2.0 Metadata).

use jiff::Timestamp;
use url::Url;

mod idps;

pub use idps::Idps;

/// One identity provider, as its metadata describes it (SAML 2.0 Metadata, section 2.4.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdpMetadata {
    /// `entityID`: what it calls itself, and what stands as `Issuer` in all that it sends.
    pub entity_id: String,
    /// Where an `AuthnRequest` goes; at least one.
    pub single_sign_on: Vec<Endpoint>,
    /// Where a `LogoutRequest` goes; none if it knows no single logout.
    pub single_logout: Vec<Endpoint>,
    /// DER certificates whose keys it may sign with, at least one; several while it rolls over, each as good as the other.
    pub signing_certificates: Vec<Vec<u8>>,
    /// DER certificates to encrypt for it with.
    pub encryption_certificates: Vec<Vec<u8>>,
    /// `WantAuthnRequestsSigned`.
    pub wants_signed_requests: bool,
    /// `NameIDFormat`, as many as it names.
    pub name_id_formats: Vec<String>,
    /// What people call it (`mdui:DisplayName`, else the organisation's), by language.
    pub display_name: Vec<(String, String)>,
    /// When this description ends; nothing that is signed by these keys is to be believed from then on.
    pub valid_until: Option<Timestamp>,
}

/// An address of an identity provider's, by one binding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// How messages get there.
    pub binding: Binding,
    /// Where requests go.
    pub location: Url,
    /// Where answers go, if elsewhere.
    pub response_location: Option<Url>,
}

/// A binding by which messages travel through the browser (SAML 2.0 Bindings, sections 3.4 and 3.5). Endpoints of other bindings are not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Binding {
    /// HTTP-Redirect.
    Redirect,
    /// HTTP-POST.
    Post,
}

impl IdpMetadata {
    /// Its address for `binding`.
    pub fn single_sign_on_by(&self, binding: Binding) -> Option<&Endpoint> {
        self.single_sign_on.iter().find(|endpoint| endpoint.binding == binding)
    }

    /// Its address for single logout by `binding`.
    pub fn single_logout_by(&self, binding: Binding) -> Option<&Endpoint> {
        self.single_logout.iter().find(|endpoint| endpoint.binding == binding)
    }

    /// Whether it may still be believed.
    pub fn is_valid(&self, now: Timestamp) -> bool {
        self.valid_until.is_none_or(|until| now < until)
    }
}

//! What is known of identity providers before anybody logs in: their addresses, their keys and how they want to be asked
//! (SAML 2.0 Metadata).
//!
//! Takes a file or an address with the metadata of one identity provider or of a whole federation, gives [`IdpMetadata`]. What is
//! signed is believed if one of the operator's certificates signed it; what has expired is not.

mod directory;
mod entity;
mod idps;
mod probe;
mod read;
mod source;
mod times;

pub use directory::{Directory, Found, mark};
pub use entity::Mistake;
pub use idps::{Discovery, Ends, Idps, MetadataSettings, ToChoose};
pub use probe::{NoMetadata, Probe};
pub use read::{Metadata, MetadataError, read};
pub use source::MetadataSource;

use jiff::Timestamp;
use url::Url;

/// The namespace of metadata.
const METADATA: &str = "urn:oasis:names:tc:SAML:2.0:metadata";

/// One identity provider, as its metadata describe it (SAML 2.0 Metadata, section 2.4.3).
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
    /// What else people look for it by (`mdui:Keywords`).
    pub keywords: Vec<String>,
    /// It is not to be offered (entity category `hide-from-discovery`); somebody who is sent here by it may log in all the same.
    pub hidden: bool,
    /// When this description ends; nothing that is signed by these keys is to be believed from then on.
    pub valid_until: Option<Timestamp>,
}

/// An address of an identity provider's, by one binding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// How messages get there.
    pub binding: Binding,
    /// Where requests go: `https`, or `http` on this very machine.
    pub location: Url,
    /// Where answers go, if elsewhere.
    pub response_location: Option<Url>,
}

/// A binding by which messages travel through the browser (SAML 2.0 Bindings, sections 3.4 and 3.5). Endpoints of other bindings are
/// not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Binding {
    /// HTTP-Redirect.
    Redirect,
    /// HTTP-POST.
    Post,
}

impl Binding {
    /// By its URI.
    pub fn from_uri(uri: &str) -> Option<Self> {
        match uri {
            "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" => Some(Self::Redirect),
            "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" => Some(Self::Post),
            _ => None,
        }
    }
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

    /// What to call it in `language` (a tag as in `de`): in English if it has no name in that, else in any language, else by its entity id.
    pub fn name(&self, language: &str) -> &str {
        let by = |wanted: &str| {
            let is = |tag: &str| tag.split('-').next().is_some_and(|primary| primary.eq_ignore_ascii_case(wanted));
            self.display_name.iter().find(|(tag, _)| is(tag)).map(|(_, name)| name.as_str())
        };
        let any = || self.display_name.first().map(|(_, name)| name.as_str());
        by(language).or_else(|| by("en")).or_else(any).unwrap_or(&self.entity_id)
    }
}

//! One `EntityDescriptor`, if an identity provider's.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use url::Url;

use super::times::date_time;
use super::{Binding, Endpoint, IdpMetadata, METADATA};
use crate::provider::http::is_secure;
use crate::provider::saml::ASSERTION;
use crate::provider::saml::document::Element;
use crate::provider::saml::key::VerifyingKey;
use crate::provider::saml::signature::DS;

/// Longest entity id, in characters (SAML 2.0 Core, section 8.3.6).
pub(super) const MAX_ENTITY_ID_CHARS: usize = 1024;

/// Most keys, addresses and names that are read of one identity provider, each.
const MOST: usize = 32;

/// Longest name that is shown, in characters.
const MAX_NAME_CHARS: usize = 200;

/// SAML Metadata Extension for Entity Attributes 1.0.
const ENTITY_ATTRIBUTES: &str = "urn:oasis:names:tc:SAML:metadata:attribute";

/// SAML Metadata Extensions for Login and Discovery User Interface 1.0.
const USER_INTERFACE: &str = "urn:oasis:names:tc:SAML:metadata:ui";

const SAML_2: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
const CATEGORY: &str = "http://macedir.org/entity-category";
const HIDE: &str = "http://refeds.org/category/hide-from-discovery";

/// What is wrong with an identity provider's description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// `entityID` is missing, empty, or longer than [`MAX_ENTITY_ID_CHARS`].
    EntityId,
    /// `validUntil` is no point in time.
    ValidUntil,
    /// `validUntil` is past.
    Expired,
    /// No `SingleSignOnService` by HTTP-Redirect or HTTP-POST at an `https` address.
    NoSingleSignOn,
    /// No `KeyDescriptor` to sign with that holds an X.509 certificate.
    NoSigningCertificate,
    /// An `X509Certificate` that is none.
    Certificate,
    /// The `Location` or `ResponseLocation` of an address of this kind is no `https` address.
    Location(&'static str),
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EntityId => {
                write!(f, "`entityID` is missing, empty, or longer than {MAX_ENTITY_ID_CHARS} characters")
            }
            Self::ValidUntil => f.write_str("`validUntil` is no point in time"),
            Self::Expired => f.write_str("`validUntil` is past"),
            Self::NoSingleSignOn => f.write_str("no `SingleSignOnService` by HTTP-Redirect or HTTP-POST can be used"),
            Self::NoSigningCertificate => f.write_str("no `KeyDescriptor` for signing holds a certificate"),
            Self::Certificate => f.write_str("an `X509Certificate` is none"),
            Self::Location(kind) => write!(f, "a `{kind}` has an address that is not https"),
        }
    }
}

/// What an `EntityDescriptor` came to.
pub(super) enum Entity {
    /// An identity provider that can be used, and what is wrong with it all the same.
    Idp(Box<IdpMetadata>, Vec<Mistake>),
    /// An identity provider that cannot be used: its entity id, and all that is wrong.
    Unusable(String, Vec<Mistake>),
    /// A service provider, or an identity provider of another protocol.
    Other,
}

/// When a part of the metadata ends: `outer`, or before that by an attribute of its own.
pub(super) fn valid_until(element: Element<'_>, outer: Option<Timestamp>) -> Result<Option<Timestamp>, Mistake> {
    let own = element.attribute("validUntil").map(|text| date_time(text).ok_or(Mistake::ValidUntil)).transpose()?;
    Ok(match (own, outer) {
        (Some(own), Some(outer)) => Some(own.min(outer)),
        (own, outer) => own.or(outer),
    })
}

/// Reads `entity`, which is within something that is valid until `outer`.
pub(super) fn read(entity: Element<'_>, outer: Option<Timestamp>, now: Timestamp) -> Entity {
    let speaks_saml_2 = |role: &Element<'_>| {
        let protocols = role.attribute("protocolSupportEnumeration").unwrap_or_default();
        protocols.split_ascii_whitespace().any(|protocol| protocol == SAML_2)
    };
    let Some(role) = entity.children(METADATA, "IDPSSODescriptor").find(speaks_saml_2) else {
        return Entity::Other;
    };
    let mut mistakes = Vec::new();
    let entity_id = entity.attribute("entityID").unwrap_or_default();
    let is_entity_id = !entity_id.is_empty() && entity_id.chars().count() <= MAX_ENTITY_ID_CHARS;
    let valid_until = valid_until(entity, outer).and_then(|outer| valid_until(role, outer)).unwrap_or_else(|mistake| {
        mistakes.push(mistake);
        Some(Timestamp::MIN)
    });
    let (single_sign_on, single_logout) =
        (endpoints(role, "SingleSignOnService", &mut mistakes), endpoints(role, "SingleLogoutService", &mut mistakes));
    let (signing_certificates, encryption_certificates) =
        (certificates(role, "signing", &mut mistakes), certificates(role, "encryption", &mut mistakes));
    let idp = IdpMetadata {
        entity_id: entity_id.chars().take(MAX_ENTITY_ID_CHARS).collect(),
        single_sign_on,
        single_logout,
        signing_certificates,
        encryption_certificates,
        wants_signed_requests: matches!(role.attribute("WantAuthnRequestsSigned"), Some("true" | "1")),
        name_id_formats: role.children(METADATA, "NameIDFormat").take(MOST).map(text).collect(),
        display_name: names(entity, role),
        keywords: keywords(role),
        hidden: is_hidden(entity),
        valid_until,
    };
    let fatal = [
        (!is_entity_id, Mistake::EntityId),
        (idp.single_sign_on.is_empty(), Mistake::NoSingleSignOn),
        (idp.signing_certificates.is_empty(), Mistake::NoSigningCertificate),
        (!mistakes.contains(&Mistake::ValidUntil) && !idp.is_valid(now), Mistake::Expired),
    ];
    let usable = fatal.iter().all(|(wrong, _)| !wrong) && !mistakes.contains(&Mistake::ValidUntil);
    mistakes.extend(fatal.into_iter().filter(|(wrong, _)| *wrong).map(|(_, mistake)| mistake));
    mistakes.dedup();
    if usable { Entity::Idp(Box::new(idp), mistakes) } else { Entity::Unusable(idp.entity_id, mistakes) }
}

/// The addresses of one kind that can be used, in their order.
fn endpoints(role: Element<'_>, kind: &'static str, mistakes: &mut Vec<Mistake>) -> Vec<Endpoint> {
    let address = |text: &str| Url::parse(text).ok().filter(|url| is_secure(url) && url.fragment().is_none());
    let mut endpoints = Vec::new();
    for service in role.children(METADATA, kind).take(MOST) {
        let Some(binding) = service.attribute("Binding").and_then(Binding::from_uri) else { continue };
        let location = service.attribute("Location").and_then(address);
        let response_location = service.attribute("ResponseLocation").map(address);
        match (location, response_location) {
            (Some(location), None) => endpoints.push(Endpoint { binding, location, response_location: None }),
            (Some(location), Some(Some(response))) => {
                endpoints.push(Endpoint { binding, location, response_location: Some(response) });
            }
            _ => mistakes.push(Mistake::Location(kind)),
        }
    }
    endpoints
}

/// The certificates for `usage`, and those that say nothing of theirs (section 2.4.1.1).
fn certificates(role: Element<'_>, usage: &str, mistakes: &mut Vec<Mistake>) -> Vec<Vec<u8>> {
    let keys = role.children(METADATA, "KeyDescriptor");
    let fitting = keys.filter(|key| key.attribute("use").is_none_or(|of| of == usage));
    let data = fitting.filter_map(|key| key.child(DS, "KeyInfo")).flat_map(|info| info.children(DS, "X509Data"));
    // Further certificates of one X509Data are those of its authorities, whose keys sign nothing here.
    let texts = data.filter_map(|data| data.child(DS, "X509Certificate")).map(text);
    let mut certificates = Vec::new();
    for text in texts.take(MOST) {
        match certificate(&text) {
            Some(der) if certificates.contains(&der) => {}
            Some(der) => certificates.push(der),
            None => mistakes.push(Mistake::Certificate),
        }
    }
    certificates
}

/// The certificate in `text`, if it is one whose key can check something.
fn certificate(text: &str) -> Option<Vec<u8>> {
    let text: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let der = STANDARD.decode(text).ok()?;
    VerifyingKey::from_certificate(&der).is_ok().then_some(der)
}

/// What it is called (Login and Discovery User Interface 1.0, section 2.1.1), else what its organisation is (Metadata, section 2.3.2.1).
fn names(entity: Element<'_>, role: Element<'_>) -> Vec<(String, String)> {
    let of = |parent: Element<'_>, namespace, name| -> Vec<_> {
        let named = parent.children(namespace, name).take(MOST);
        named
            .map(|name| (name.language().unwrap_or_default().to_owned(), shown(&text(name))))
            .filter(|(_, name)| !name.is_empty())
            .collect()
    };
    let interface = user_interface(role).map(|interface| of(interface, USER_INTERFACE, "DisplayName"));
    let organisation = || {
        let organisation = entity.child(METADATA, "Organization");
        organisation.map(|organisation| of(organisation, METADATA, "OrganizationDisplayName"))
    };
    interface.filter(|names| !names.is_empty()).or_else(organisation).unwrap_or_default()
}

fn keywords(role: Element<'_>) -> Vec<String> {
    let lists = user_interface(role).into_iter().flat_map(|interface| interface.children(USER_INTERFACE, "Keywords"));
    let words =
        lists.flat_map(|list| text(list).split_whitespace().map(|word| word.replace('+', " ")).collect::<Vec<_>>());
    words.take(MOST).map(|word| shown(&word)).collect()
}

fn user_interface(role: Element<'_>) -> Option<Element<'_>> {
    role.child(METADATA, "Extensions")?.child(USER_INTERFACE, "UIInfo")
}

fn is_hidden(entity: Element<'_>) -> bool {
    let extensions = entity.child(METADATA, "Extensions");
    let attributes =
        extensions.into_iter().flat_map(|extensions| extensions.children(ENTITY_ATTRIBUTES, "EntityAttributes"));
    attributes
        .flat_map(|attributes| attributes.children(ASSERTION, "Attribute"))
        .filter(|attribute| attribute.attribute("Name") == Some(CATEGORY))
        .flat_map(|attribute| attribute.children(ASSERTION, "AttributeValue"))
        .any(|value| text(value) == HIDE)
}

/// The text of `element`; none if there is a comment or an element in its midst, which would be read as another than was signed.
fn text(element: Element<'_>) -> String {
    element.text().unwrap_or_default()
}

/// A name in one line, of bounded length, without characters that are not seen.
fn shown(text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().collect();
    words.join(" ").chars().filter(|c| !c.is_control()).take(MAX_NAME_CHARS).collect()
}

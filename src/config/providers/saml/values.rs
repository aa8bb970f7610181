//! Values of SAML providers.

use crate::config::read::{Fault, text_type};
use crate::provider::saml::SubjectSource;

/// Longest entity id, in characters (SAML 2.0 Core, section 8.3.6).
const MAX_ENTITY_ID: usize = 1024;

/// What a provider, or Roomkey, calls itself.
#[derive(Clone, Debug)]
pub(in crate::config) struct EntityId(pub(super) String);

/// A class of authentication.
#[derive(Clone, Debug)]
pub(in crate::config) struct ContextClass(pub(super) String);

/// `subject`: `name_id`, or an attribute.
#[derive(Clone, Debug)]
pub(in crate::config) struct SubjectName(String);

impl EntityId {
    fn parse(text: &str) -> Result<Self, Fault> {
        if is_uri(text) && text.chars().count() <= MAX_ENTITY_ID {
            return Ok(Self(text.to_owned()));
        }
        Err(Fault::new(
            "is no entity id",
            "give it letter for letter as `entityID` in the metadata: a URI without blanks",
        ))
    }
}

impl ContextClass {
    fn parse(text: &str) -> Result<Self, Fault> {
        if is_uri(text) {
            return Ok(Self(text.to_owned()));
        }
        let remedy = "give its whole URI, as in `urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport`";
        Err(Fault::new("is no class of authentication", remedy))
    }
}

impl SubjectName {
    fn parse(text: &str) -> Result<Self, Fault> {
        if text.is_empty() || text.chars().any(char::is_control) {
            let remedy = "write `name_id`, or an attribute's name";
            return Err(Fault::new("is empty or has a control character", remedy));
        }
        Ok(Self(text.to_owned()))
    }

    pub(super) fn into_source(self) -> SubjectSource {
        if self.0 == "name_id" { SubjectSource::NameId } else { SubjectSource::Attribute(self.0) }
    }
}

/// A scheme, and no blanks (RFC 3986, section 3).
fn is_uri(text: &str) -> bool {
    let plain = !text.contains(|c: char| c.is_whitespace() || c.is_control());
    plain && text.split_once(':').is_some_and(|(scheme, rest)| !scheme.is_empty() && !rest.is_empty())
}

text_type!(EntityId, "EntityId", { "format": "uri", "maxLength": MAX_ENTITY_ID });
text_type!(ContextClass, "AuthnContextClass", { "format": "uri" });
text_type!(SubjectName, "SamlSubject", { "minLength": 1 });

//! What an identity provider calls somebody (SAML 2.0 Core, section 2.2.3).

use serde::{Deserialize, Serialize};

use super::check::SamlCheck;
use super::document::Element;
use super::xml::escaped;
use crate::provider::error::Untrusted;

/// Longest identifier, in bytes: a persistent one has 256 characters at most (Core, section 8.3.7).
const MAX_BYTES: usize = 1024;

/// A `NameID`, kept word for word: single logout sends it back as it came. Does not print.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameId {
    /// Its text.
    pub value: String,
    /// `Format`.
    pub format: Option<String>,
    /// `NameQualifier`.
    pub name_qualifier: Option<String>,
    /// `SPNameQualifier`.
    pub sp_name_qualifier: Option<String>,
}

impl NameId {
    /// Reads a `NameID` element.
    pub(super) fn read(element: Element<'_>) -> Result<Self, Untrusted> {
        let value = element
            .text()
            .map_err(|_| SamlCheck::PlainText.failed("there is a comment or an element within the `NameID`"))?;
        if value.is_empty() || value.len() > MAX_BYTES {
            return Err(SamlCheck::Subject.failed("the `NameID` is empty or too long"));
        }
        let own = |name: &str| element.attribute(name).map(str::to_owned);
        Ok(Self {
            value,
            format: own("Format"),
            name_qualifier: own("NameQualifier"),
            sp_name_qualifier: own("SPNameQualifier"),
        })
    }
}

impl NameId {
    /// As an element, word for word.
    pub(super) fn written(&self) -> String {
        let attributes = [
            ("NameQualifier", &self.name_qualifier),
            ("SPNameQualifier", &self.sp_name_qualifier),
            ("Format", &self.format),
        ];
        let given = attributes.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?)));
        let given: String = given.map(|(name, value)| format!(" {name}=\"{}\"", escaped(value))).collect();
        format!("<saml:NameID{given}>{}</saml:NameID>", escaped(&self.value))
    }
}

impl std::fmt::Debug for NameId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NameId([redacted])")
    }
}

//! Values of the protocol.

use crate::config::read::{Fault, quoted, text_type};
use crate::provider::ldap::{DnTemplate, Filter, FilterError, FilterTemplate, Place, is_dn};

/// A distinguished name.
#[derive(Clone, Debug)]
pub(in crate::config) struct DnText(pub(super) String);

/// A distinguished name with a place for what somebody types.
#[derive(Clone, Debug)]
pub(in crate::config) struct NameTemplate(pub(super) DnTemplate);

/// A filter with a place for a name.
#[derive(Clone, Debug)]
pub(in crate::config) struct SearchTemplate(pub(super) FilterTemplate);

/// A filter with a place for a DN, or `""` for none.
#[derive(Clone, Debug)]
pub(in crate::config) struct GroupTemplate(pub(super) Option<FilterTemplate>);

/// A filter.
#[derive(Clone, Debug)]
pub(in crate::config) struct FilterText(pub(super) Filter);

/// An attribute's name.
#[derive(Clone, Debug)]
pub(in crate::config) struct Attribute(pub(super) String);

impl DnText {
    fn parse(text: &str) -> Result<Self, Fault> {
        if is_dn(text) {
            return Ok(Self(text.to_owned()));
        }
        let wrong = format!("{} is no distinguished name", quoted(text));
        Err(Fault::new(wrong, "write it as in `ou=people,dc=example,dc=com`"))
    }
}

impl NameTemplate {
    fn parse(text: &str) -> Result<Self, Fault> {
        let fault = |error: crate::provider::ldap::DnTemplateError| {
            Fault::new(error.to_string(), "write it as in `uid={name},ou=people,dc=example,dc=com`")
        };
        text.parse().map(Self).map_err(fault)
    }
}

impl SearchTemplate {
    fn parse(text: &str) -> Result<Self, Fault> {
        template(text, Place::Name).map(Self)
    }
}

impl GroupTemplate {
    fn parse(text: &str) -> Result<Self, Fault> {
        if text.is_empty() { Ok(Self(None)) } else { template(text, Place::Dn).map(|found| Self(Some(found))) }
    }
}

fn template(text: &str, place: Place) -> Result<FilterTemplate, Fault> {
    let example = match place {
        Place::Name => "(uid={name})",
        Place::Dn => "(member={dn})",
    };
    let fault =
        |error: FilterError| Fault::new(error.to_string(), format!("write it with its parentheses, as in `{example}`"));
    FilterTemplate::new(text, place).map_err(fault)
}

impl FilterText {
    fn parse(text: &str) -> Result<Self, Fault> {
        let fault = |error: FilterError| {
            Fault::new(error.to_string(), "write it with its parentheses, as in `(!(nsAccountLock=TRUE))`")
        };
        text.parse().map(Self).map_err(fault)
    }
}

impl Attribute {
    fn parse(text: &str) -> Result<Self, Fault> {
        let is_name =
            !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.;".contains(&byte));
        if !is_name {
            return Err(Fault::new(
                format!("{} is no attribute", quoted(text)),
                "give its name, as in `departmentNumber`",
            ));
        }
        if text.eq_ignore_ascii_case("userPassword") || text.eq_ignore_ascii_case("unicodePwd") {
            return Err(Fault::new("is an attribute with a password", "leave it out"));
        }
        Ok(Self(text.to_owned()))
    }
}

text_type!(DnText, "DistinguishedName", { "minLength": 3 });
text_type!(NameTemplate, "DistinguishedNameTemplate", { "minLength": 3 });
text_type!(SearchTemplate, "FilterTemplate", { "minLength": 3 });
text_type!(GroupTemplate, "GroupFilter", {});
text_type!(FilterText, "Filter", { "minLength": 3 });
text_type!(Attribute, "Attribute", { "pattern": "^[A-Za-z0-9.;-]+$" });

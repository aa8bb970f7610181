//! Search filters with places for values (RFC 4515).

use std::str::FromStr;

use ldap3::{ldap_escape, parse_filter};

/// A filter with a place for a value: `(&(objectClass=person)(uid={name}))`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterTemplate(String);

/// A filter as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter(String);

/// Why a text is no filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FilterError {
    /// There is no place for a value.
    #[error("has neither `{{name}}` nor `{{dn}}`")]
    NoPlace,
    /// It is not written as RFC 4515 has it.
    #[error("is no search filter")]
    NoFilter,
}

/// Where values go: the name that somebody typed, and the DN of an entry.
const PLACES: [&str; 2] = ["{name}", "{dn}"];

impl FromStr for FilterTemplate {
    type Err = FilterError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if !PLACES.iter().any(|place| text.contains(place)) {
            return Err(FilterError::NoPlace);
        }
        let template = Self(text.to_owned());
        template.fill("x").0.parse::<Filter>().map(|_| template)
    }
}

impl FromStr for Filter {
    type Err = FilterError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // The parser takes a bare `a=b`, too, which cannot stand inside of another filter.
        let is_filter = text.starts_with('(') && text.ends_with(')') && parse_filter(text).is_ok();
        if is_filter { Ok(Self(text.to_owned())) } else { Err(FilterError::NoFilter) }
    }
}

impl FilterTemplate {
    /// The filter for `value`, which stays one value whatever it holds.
    pub(super) fn fill(&self, value: &str) -> Filter {
        Filter(self.replaced(&ldap_escape(value)))
    }

    /// The filter for whatever has any value there.
    pub(super) fn fill_with_any(&self) -> Filter {
        Filter(self.replaced("*"))
    }

    fn replaced(&self, text: &str) -> String {
        PLACES.iter().fold(self.0.clone(), |filter, place| filter.replace(place, text))
    }
}

impl Filter {
    /// Entries where `attribute` has this value.
    pub(super) fn equals(attribute: &str, value: &str) -> Self {
        Self(format!("({attribute}={})", ldap_escape(value)))
    }

    /// Entries where `attribute` has these bytes.
    pub(super) fn equals_bytes(attribute: &str, bytes: &[u8]) -> Self {
        let value: String = bytes.iter().map(|byte| format!("\\{byte:02x}")).collect();
        Self(format!("({attribute}={value})"))
    }

    /// Any entry.
    pub(super) fn any() -> Self {
        Self("(objectClass=*)".to_owned())
    }

    /// Entries that fit this one and `other`.
    pub(super) fn and(self, other: &Self) -> Self {
        Self(format!("(&{}{})", self.0, other.0))
    }

    /// As it is sent.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn template(text: &str) -> Result<FilterTemplate, FilterError> {
        text.parse()
    }

    #[test]
    fn a_typed_name_stays_one_value() {
        let template = template("(&(objectClass=person)(uid={name}))").unwrap();

        let filter = template.fill("*)(uid=admin)\\\0");

        assert_eq!(filter.as_str(), r"(&(objectClass=person)(uid=\2a\29\28uid=admin\29\5c\00))");
        assert_eq!(template.fill_with_any().as_str(), "(&(objectClass=person)(uid=*))");
    }

    #[test]
    fn what_is_no_filter_is_told_so() {
        assert_eq!(template("(uid=ada)"), Err(FilterError::NoPlace));
        assert_eq!(template("uid={name}"), Err(FilterError::NoFilter));
        assert_eq!(template("(&(uid={name})"), Err(FilterError::NoFilter));
        assert_eq!("(!(a=b)".parse::<Filter>(), Err(FilterError::NoFilter));
    }

    #[test]
    fn filters_are_put_together_whole() {
        let filter = Filter::equals_bytes("objectGUID", &[0x00, 0x2a, 0xff]).and(&Filter::equals("a", "(b)"));

        assert_eq!(filter.as_str(), r"(&(objectGUID=\00\2a\ff)(a=\28b\29))");
        assert!(parse_filter(filter.as_str()).is_ok());
    }

    proptest! {
        #[test]
        fn no_value_breaks_out_of_its_place(value in "[\\PC\u{0}()*\\\\&|!=]{0,24}") {
            let filter = template("(|(uid={name})(mail={name}))").unwrap().fill(&value);

            prop_assert!(filter.as_str().parse::<Filter>().is_ok());
            prop_assert_eq!(filter.as_str().matches('(').count(), 3);
            prop_assert!(!filter.as_str().contains('*'));
        }
    }
}

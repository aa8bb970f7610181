//! Search filters with places for values (RFC 4515).

use std::str::FromStr;

use ldap3::{ldap_escape, parse_filter};

/// A filter with a place for a value: `(&(objectClass=person)(uid={name}))`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterTemplate {
    text: String,
    place: Place,
}

/// What goes into a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The name that somebody typed: `{name}`.
    Name,
    /// The DN of an entry: `{dn}`.
    Dn,
}

/// A filter as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter(String);

/// Why a text is no filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FilterError {
    /// There is no place for the value.
    #[error("has no `{}`", .0.text())]
    NoPlace(Place),
    /// It is not written as RFC 4515 has it.
    #[error("is no search filter")]
    NoFilter,
}

impl Place {
    fn text(self) -> &'static str {
        match self {
            Self::Name => "{name}",
            Self::Dn => "{dn}",
        }
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
    /// Reads a filter in which `place` stands at least once.
    ///
    /// # Errors
    /// [`FilterError`]: the operator writes another.
    pub fn new(text: &str, place: Place) -> Result<Self, FilterError> {
        if !text.contains(place.text()) {
            return Err(FilterError::NoPlace(place));
        }
        let template = Self { text: text.to_owned(), place };
        template.fill("x").0.parse::<Filter>().map(|_| template)
    }

    /// The filter for `value`, which stays one value whatever it holds.
    pub(super) fn fill(&self, value: &str) -> Filter {
        Filter(self.replaced(&ldap_escape(value)))
    }

    /// The filter for whatever has any value there.
    pub(super) fn fill_with_any(&self) -> Filter {
        Filter(self.replaced("*"))
    }

    fn replaced(&self, text: &str) -> String {
        self.text.replace(self.place.text(), text)
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
        FilterTemplate::new(text, Place::Name)
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
        assert_eq!(template("(uid=ada)"), Err(FilterError::NoPlace(Place::Name)));
        assert_eq!(template("(member={dn})"), Err(FilterError::NoPlace(Place::Name)));
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

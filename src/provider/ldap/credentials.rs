//! What somebody types to log in.

use std::str::FromStr;

use icu_properties::CodePointSetData;
use icu_properties::props::DefaultIgnorableCodePoint;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// A name, as it was typed but for spaces at its ends.
#[derive(Clone, PartialEq, Eq)]
pub struct LoginName(String);

/// A password, which is wiped from memory when it goes.
pub struct Password(Zeroizing<String>);

/// Why a text cannot be tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it is empty, too long, or has a character that nobody types")]
pub struct NotTyped;

impl LoginName {
    /// Longest name, in bytes.
    pub const MAX_BYTES: usize = 256;

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name as directories compare it (RFC 4518, section 2): without regard to case, to the form of its characters, and to how
    /// many spaces stand in a row.
    pub fn comparable(&self) -> String {
        let folded: String = self.0.nfkc().collect::<String>().to_lowercase();
        folded.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

impl FromStr for LoginName {
    type Err = NotTyped;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let name = text.trim();
        let is_hidden = |c: char| c.is_control() || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c);
        if name.is_empty() || name.len() > Self::MAX_BYTES || name.contains(is_hidden) {
            return Err(NotTyped);
        }
        Ok(Self(name.to_owned()))
    }
}

impl Password {
    /// Longest password, in bytes.
    pub const MAX_BYTES: usize = 1024;

    /// A password to try. An empty one would bind nobody, and succeed (RFC 4513, section 5.1.2).
    ///
    /// # Errors
    /// [`NotTyped`] for one that is empty or too long.
    pub fn new(text: Zeroizing<String>) -> Result<Self, NotTyped> {
        if text.is_empty() || text.len() > Self::MAX_BYTES { Err(NotTyped) } else { Ok(Self(text)) }
    }

    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for LoginName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LoginName([redacted])")
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Result<LoginName, NotTyped> {
        text.parse()
    }

    #[test]
    fn a_name_is_counted_by_the_same_key_however_it_is_spelt() {
        let spellings =
            ["ada lovelace", " Ada  LOVELACE ", "ａｄａ lovelace"].map(|text| name(text).unwrap().comparable());

        assert_eq!(spellings, ["ada lovelace"; 3]);
    }

    #[test]
    fn what_nobody_types_is_no_name() {
        for text in ["", "  ", "a\u{ad}da", "a\u{200b}da", "a\u{0}da", &"a".repeat(257)] {
            assert_eq!(name(text), Err(NotTyped), "{text:?}");
        }
        assert_eq!(name("*)(uid=*").unwrap().as_str(), "*)(uid=*");
    }

    #[test]
    fn an_empty_password_is_none() {
        let tried = |text: &str| Password::new(Zeroizing::new(text.to_owned())).is_ok();

        assert_eq!(
            [tried(""), tried(" "), tried(&"a".repeat(1024)), tried(&"a".repeat(1025))],
            [false, true, true, false]
        );
    }

    #[test]
    fn neither_prints() {
        let password = Password::new(Zeroizing::new("hunter2".to_owned())).unwrap();

        assert_eq!(format!("{:?} {password:?}", name("ada").unwrap()), "LoginName([redacted]) Password([redacted])");
    }
}

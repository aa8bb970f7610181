//! The short name of a provider.

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// `id` of a provider in the operator's file: `a-z 0-9 -`, 1 to 32 bytes. Part of its redirect URI. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct ProviderId(Arc<str>);

/// Why a text is not a provider's id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProviderIdError {
    /// Empty or over 32 bytes.
    #[error("a provider id has 1 to 32 characters, this one has {length}")]
    Length {
        /// Its length in bytes.
        length: usize,
    },
    /// A character outside `a-z 0-9 -`.
    #[error("`{found}` cannot stand in a provider id: use a-z, 0-9 and -")]
    Character {
        /// The first one.
        found: char,
    },
}

impl ProviderId {
    /// Longest id, in bytes.
    pub const MAX_BYTES: usize = 32;

    /// Where those come from who hold a pass and do not log in. No provider can have this id.
    pub fn pass_holders() -> Self {
        Self("(pass)".into())
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for ProviderId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl FromStr for ProviderId {
    type Err = ProviderIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() || text.len() > Self::MAX_BYTES {
            return Err(ProviderIdError::Length { length: text.len() });
        }
        match text.chars().find(|c| !matches!(c, 'a'..='z' | '0'..='9' | '-')) {
            Some(found) => Err(ProviderIdError::Character { found }),
            None => Ok(Self(text.into())),
        }
    }
}

impl TryFrom<String> for ProviderId {
    type Error = ProviderIdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl fmt::Display for ProviderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_short_and_fits_a_path() {
        assert_eq!("work-2".parse::<ProviderId>().unwrap().as_str(), "work-2");
        assert_eq!("".parse::<ProviderId>(), Err(ProviderIdError::Length { length: 0 }));
        assert_eq!("a".repeat(33).parse::<ProviderId>(), Err(ProviderIdError::Length { length: 33 }));
        assert_eq!("a/b".parse::<ProviderId>(), Err(ProviderIdError::Character { found: '/' }));
        assert_eq!("Work".parse::<ProviderId>(), Err(ProviderIdError::Character { found: 'W' }));
    }
}

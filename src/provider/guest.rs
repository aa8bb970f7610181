//! Guests: whoever gives a name. Nobody has verified them, so that only a rule which names this provider lets one in.

use super::identity::{Person, Subject};
use super::{Login, ProviderId, Tether, VerifiedIdentity};
use crate::room::character::is_never_drawn;

/// A provider of kind `guest`.
#[derive(Clone, Debug)]
pub struct GuestProvider {
    id: ProviderId,
}

/// The name that a guest gives, as others in the meeting see it: without spaces at its ends.
#[derive(Clone, PartialEq, Eq)]
pub struct GuestName(String);

/// Why a text is no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GuestNameError {
    /// Nothing in it can be seen.
    #[error("the name is empty")]
    Empty,
    /// Over [`GuestName::MAX_UNITS`].
    #[error("the name is over {} characters long", GuestName::MAX_UNITS)]
    TooLong,
    /// A character that is not seen, or changes how those beside it are read.
    #[error("the name has the character U+{:04X}, which cannot be seen", u32::from(*found))]
    Invisible {
        /// The first one.
        found: char,
    },
}

/// Drawn as nothing though Unicode calls it a symbol: the blank Braille pattern.
const BLANK: char = '\u{2800}';

impl GuestName {
    /// Longest name, in UTF-16 code units: what Jitsi Meet keeps of one (jitsi-meet,
    /// `react/features/base/participants/constants.ts`, `MAX_DISPLAY_NAME_LENGTH`).
    pub const MAX_UNITS: usize = 50;

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for GuestName {
    type Err = GuestNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let name = text.trim();
        if name.is_empty() {
            return Err(GuestNameError::Empty);
        }
        if name.encode_utf16().take(Self::MAX_UNITS + 1).count() > Self::MAX_UNITS {
            return Err(GuestNameError::TooLong);
        }
        match name.chars().find(|&c| is_invisible(c)) {
            Some(found) => Err(GuestNameError::Invisible { found }),
            None => Ok(Self(name.to_owned())),
        }
    }
}

fn is_invisible(c: char) -> bool {
    c == BLANK || is_never_drawn(c)
}

impl GuestProvider {
    /// The provider of this id.
    pub fn new(id: ProviderId) -> Self {
        Self { id }
    }

    /// Takes a guest at their word: a person of this login alone, without address, groups or claims.
    pub fn welcome(&self, name: GuestName) -> Login {
        let mut subject = [0; 16];
        aws_lc_rs::rand::fill(&mut subject).expect("the operating system gives random bytes");
        let subject = Subject(data_encoding::HEXLOWER.encode(&subject));
        let person = Person { name: Some(name.0), ..Person::default() };
        let identity = VerifiedIdentity::guest(self.id.clone(), subject, person);
        Login { identity, tether: Tether::default(), once: None }
    }
}

impl std::fmt::Debug for GuestName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("GuestName([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn name(text: &str) -> Result<String, GuestNameError> {
        text.parse().map(|GuestName(name)| name)
    }

    #[test]
    fn names_of_all_the_world_are_taken() {
        let names = [
            "Ada Lovelace",
            "O’Brien-Smith, Jr.",
            "山田　太郎",
            "عمر",
            "Łukasz",
            "Ngũgĩ wa Thiong’o",
            "R2-D2",
            "Ada 🚀",
        ];
        for given in names {
            assert_eq!(name(given).as_deref(), Ok(given));
        }
        assert_eq!(name("  Ada\u{3000}").as_deref(), Ok("Ada"));
    }

    #[test]
    fn what_cannot_be_seen_is_refused() {
        let hidden = [
            '\u{0}',
            '\n',
            '\t',
            '\u{7f}',
            '\u{85}',
            '\u{200b}',
            '\u{200e}',
            '\u{202e}',
            '\u{2066}',
            '\u{ad}',
            '\u{feff}',
            '\u{3164}',
            '\u{2800}',
            '\u{e000}',
            '\u{2028}',
            '\u{e0041}',
            '\u{fff9}',
        ];
        for found in hidden {
            assert_eq!(
                name(&format!("A{found}da")),
                Err(GuestNameError::Invisible { found }),
                "U+{:04X}",
                u32::from(found)
            );
        }
    }

    #[test]
    fn a_name_has_something_in_it() {
        for nothing in ["", " ", "\u{3000}\u{a0}", "\n"] {
            assert_eq!(name(nothing), Err(GuestNameError::Empty));
        }
    }

    #[test]
    fn a_name_is_as_long_as_jitsi_shows_it() {
        assert!(name(&"a".repeat(50)).is_ok());
        assert_eq!(name(&"a".repeat(51)), Err(GuestNameError::TooLong));
        assert!(name(&"🚀".repeat(25)).is_ok());
        assert_eq!(name(&"🚀".repeat(26)), Err(GuestNameError::TooLong));
    }

    #[test]
    fn the_same_name_is_another_guest_each_time() {
        let provider = GuestProvider::new("guest".parse().unwrap());
        let welcome = || provider.welcome("Ada".parse().unwrap()).identity;

        let (one, other) = (welcome(), welcome());

        assert!(one.subject() != other.subject());
        assert!(one.is_guest() && one.verified_email().is_none() && one.groups().is_empty());
        assert_eq!(one.name(), Some("Ada"));
    }

    proptest! {
        #[test]
        fn what_is_taken_is_short_and_can_be_seen(text in "\\PC{0,60}") {
            if let Ok(name) = text.parse::<GuestName>() {
                prop_assert!(name.as_str().encode_utf16().count() <= GuestName::MAX_UNITS);
                prop_assert!(!name.as_str().chars().any(is_invisible));
                prop_assert_eq!(name.as_str().parse(), Ok(name.clone()));
            }
        }
    }
}

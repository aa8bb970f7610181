//! Keys of programs that use the API: what they may do, and until when.
//!
//! A key is 256 random bits, seen once, when it is made; the store has its SHA-256. No clock, file or network is read here.

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::{BASE32_NOPAD, BASE32HEX_NOPAD, HEXLOWER};
use jiff::Timestamp;

use crate::store::ApiKeyRow;

/// What a key that leaks is found by in logs and repositories.
const PREFIX: &str = "roomkey_";

/// Longest name, in characters.
pub const MAX_NAME: usize = 100;

/// Something that a key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// List passes and look at them.
    PassesRead,
    /// Make passes and withdraw them.
    PassesWrite,
}

/// A key, as a program shows it. Does not print.
pub struct ApiSecret([u8; 32]);

/// What is known of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// What names it. Opens nothing.
    pub id: String,
    /// What whoever made it calls it.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// When it was made.
    pub made: Timestamp,
    /// When it ends.
    pub ends: Timestamp,
}

/// Why a key is not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApiKeyError {
    /// It would be good for nothing.
    #[error("a key without a scope may do nothing")]
    NoScope,
    /// It would have ended.
    #[error("the end of the key is over already")]
    Over,
    /// Nobody could find it in a list.
    #[error("a name has 1 to {MAX_NAME} characters that can be seen")]
    Name,
}

/// A text that is no scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a scope is `passes:read` or `passes:write`")]
pub struct NotAScope;

/// A text that is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a key of Roomkey's API")]
pub struct NotAKey;

impl Scope {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::PassesRead, Self::PassesWrite];

    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PassesRead => "passes:read",
            Self::PassesWrite => "passes:write",
        }
    }
}

impl FromStr for Scope {
    type Err = NotAScope;

    fn from_str(text: &str) -> Result<Self, NotAScope> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == text).ok_or(NotAScope)
    }
}

impl ApiSecret {
    /// The key as its program gets it.
    pub fn expose(&self) -> String {
        format!("{PREFIX}{}", BASE32_NOPAD.encode(&self.0).to_ascii_lowercase())
    }

    /// What the store knows it by.
    pub fn fingerprint(&self) -> String {
        HEXLOWER.encode(digest(&SHA256, &self.0).as_ref())
    }
}

impl FromStr for ApiSecret {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, NotAKey> {
        let bits = text.strip_prefix(PREFIX).ok_or(NotAKey)?.to_ascii_uppercase();
        let bits = BASE32_NOPAD.decode(bits.as_bytes()).map_err(|_| NotAKey)?;
        bits.try_into().map(Self).map_err(|_| NotAKey)
    }
}

impl fmt::Debug for ApiSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiSecret([redacted])")
    }
}

impl ApiKey {
    /// Makes a key at `now` that is good until `ends`.
    ///
    /// # Errors
    /// [`ApiKeyError`] says what to give instead.
    pub fn make(
        name: &str,
        mut scopes: Vec<Scope>,
        ends: Timestamp,
        now: Timestamp,
    ) -> Result<(Self, ApiSecret), ApiKeyError> {
        scopes.sort_unstable();
        scopes.dedup();
        if scopes.is_empty() {
            return Err(ApiKeyError::NoScope);
        }
        if ends <= now {
            return Err(ApiKeyError::Over);
        }
        if name.trim().is_empty() || name.chars().count() > MAX_NAME || name.chars().any(char::is_control) {
            return Err(ApiKeyError::Name);
        }
        let (mut id, mut bits) = ([0; 10], [0; 32]);
        aws_lc_rs::rand::fill(&mut id).expect("the operating system gives random bytes");
        aws_lc_rs::rand::fill(&mut bits).expect("the operating system gives random bytes");
        let id = BASE32HEX_NOPAD.encode(&id).to_ascii_lowercase();
        Ok((Self { id, name: name.to_owned(), scopes, made: now, ends }, ApiSecret(bits)))
    }

    /// Whether it may do this.
    pub fn may(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope)
    }

    /// For the store.
    pub fn to_row(&self, secret: &ApiSecret) -> ApiKeyRow {
        let scopes: Vec<_> = self.scopes.iter().map(|scope| scope.as_str()).collect();
        ApiKeyRow {
            id: self.id.clone(),
            secret: secret.fingerprint(),
            name: self.name.clone(),
            scopes: scopes.join(" "),
            made: self.made.as_second(),
            ends: self.ends.as_second(),
        }
    }

    /// From the store. A scope that this version does not know lets the key do nothing.
    pub fn from_row(row: ApiKeyRow) -> Self {
        let time = |seconds| Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH);
        Self {
            scopes: row.scopes.split(' ').filter_map(|scope| scope.parse().ok()).collect(),
            made: time(row.made),
            ends: time(row.ends),
            id: row.id,
            name: row.name,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_key_reads_back_and_does_not_print() {
        let (key, secret) = ApiKey::make("shop", vec![Scope::PassesWrite], at(200), at(100)).unwrap();

        let read: ApiSecret = secret.expose().parse().unwrap();

        assert_eq!(read.fingerprint(), secret.fingerprint());
        assert_eq!(ApiKey::from_row(key.to_row(&secret)), key);
        assert!(key.may(Scope::PassesWrite) && !key.may(Scope::PassesRead));
        assert!(!format!("{key:?} {secret:?}").contains(&secret.expose()));
    }

    #[test]
    fn a_key_that_is_good_for_nothing_is_not_made() {
        let make =
            |name: &str, scopes: &[Scope], ends| ApiKey::make(name, scopes.to_vec(), at(ends), at(100)).map(drop);

        assert_eq!(make("shop", &[], 200), Err(ApiKeyError::NoScope));
        assert_eq!(make("shop", &Scope::ALL, 100), Err(ApiKeyError::Over));
        for name in ["", " ", "a\nb", &"n".repeat(101)] {
            assert_eq!(make(name, &Scope::ALL, 200), Err(ApiKeyError::Name));
        }
        assert_eq!(make(&"n".repeat(100), &Scope::ALL, 200), Ok(()));
    }

    #[test]
    fn a_scope_of_a_later_version_allows_nothing() {
        let (key, secret) = ApiKey::make("shop", Scope::ALL.to_vec(), at(200), at(100)).unwrap();
        let row = ApiKeyRow { scopes: "passes:read everything".to_owned(), ..key.to_row(&secret) };

        assert_eq!(ApiKey::from_row(row).scopes, [Scope::PassesRead]);
    }

    proptest! {
        #[test]
        fn only_a_key_is_taken_for_one(text in "(roomkey_)?[a-z2-7=]{0,60}|\\PC{0,40}") {
            if let Ok(secret) = text.parse::<ApiSecret>() {
                prop_assert_eq!(secret.expose(), text);
            }
        }
    }
}

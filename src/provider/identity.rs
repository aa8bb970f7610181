//! A person whose login a provider has proved.

use serde_json::{Map, Value};

use super::ProviderId;

/// A person whose login a provider has proved.
///
/// Neither `Clone` nor `Deserialize`, and only `provider` can call [`vouch`](Self::vouch): whoever holds one
/// holds the outcome of a checked signature, bind or back-channel answer. What it says does not print.
pub struct VerifiedIdentity {
    provider: ProviderId,
    subject: Subject,
    person: Person,
    claims: Map<String, Value>,
}

/// Who somebody is to their provider, never reassigned by it (`sub` in OpenID Connect Core 1.0, section 5.7).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Subject(pub(super) String);

/// What claim mapping made of the provider's claims.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Person {
    pub(super) name: Option<String>,
    pub(super) email: Option<String>,
    pub(super) email_verified: bool,
    pub(super) avatar: Option<String>,
    pub(super) groups: Vec<String>,
}

impl VerifiedIdentity {
    /// States that `provider` has proved this person, by a check that the caller has just made.
    pub(super) fn vouch(provider: ProviderId, subject: Subject, person: Person, claims: Map<String, Value>) -> Self {
        Self { provider, subject, person, claims }
    }

    /// The provider that proved it.
    pub fn provider(&self) -> &ProviderId {
        &self.provider
    }

    /// Who they are there.
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// Their name, for people to read.
    pub fn name(&self) -> Option<&str> {
        self.person.name.as_deref()
    }

    /// Their address, verified or not: for display only.
    pub fn email(&self) -> Option<&str> {
        self.person.email.as_deref()
    }

    /// Their address, if the provider has verified that it is theirs: the only one that rules may read.
    pub fn verified_email(&self) -> Option<&str> {
        self.person.email.as_deref().filter(|_| self.person.email_verified)
    }

    /// Address of their picture.
    pub fn avatar(&self) -> Option<&str> {
        self.person.avatar.as_deref()
    }

    /// Groups, in the provider's own words.
    pub fn groups(&self) -> &[String] {
        &self.person.groups
    }

    /// Every claim, as the provider gave it.
    pub fn claims(&self) -> &Map<String, Value> {
        &self.claims
    }
}

impl Subject {
    /// The subject as text: unique within its provider only.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for VerifiedIdentity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("VerifiedIdentity").field("provider", &self.provider).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Subject([redacted])")
    }
}

#[cfg(test)]
pub(crate) mod testing {
    //! People for the tests of the steps that follow.

    use serde_json::{Map, Value, json};

    use super::{Person, Subject, VerifiedIdentity};

    /// Somebody from `provider`, to be dressed by the `with_…` methods.
    pub(crate) fn somebody_from(provider: &str) -> VerifiedIdentity {
        let provider = provider.parse().unwrap();
        VerifiedIdentity::vouch(provider, Subject("u-1".to_owned()), Person::default(), Map::new())
    }

    impl VerifiedIdentity {
        pub(crate) fn with_subject(mut self, subject: &str) -> Self {
            self.subject = Subject(subject.to_owned());
            self
        }

        pub(crate) fn with_name(mut self, name: &str) -> Self {
            self.person.name = Some(name.to_owned());
            self
        }

        pub(crate) fn with_email(mut self, email: &str, verified: bool) -> Self {
            self.person.email = Some(email.to_owned());
            self.person.email_verified = verified;
            self
        }

        pub(crate) fn with_avatar(mut self, avatar: &str) -> Self {
            self.person.avatar = Some(avatar.to_owned());
            self
        }

        pub(crate) fn with_groups(mut self, groups: &[&str]) -> Self {
            self.person.groups = groups.iter().map(|&group| group.to_owned()).collect();
            self
        }

        pub(crate) fn with_claim(mut self, claim: &str, value: impl Into<Value>) -> Self {
            self.claims.insert(claim.to_owned(), json!(value.into()));
            self
        }
    }
}

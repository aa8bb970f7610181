//! A person whose login a provider has proved.

use std::sync::OnceLock;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::ProviderId;
use crate::login::{Purpose, Sealer};

/// A person whose login a provider has proved.
///
/// Neither `Clone` nor `Deserialize`, and only `provider` can call [`vouch`](Self::vouch): whoever holds one
/// holds the outcome of a checked signature, bind or back-channel answer. What it says does not print.
pub struct VerifiedIdentity {
    provider: ProviderId,
    subject: Subject,
    person: Person,
    claims: OnceLock<Map<String, Value>>,
    /// The claims of an identity that has been sealed, until somebody asks for them: few rules do.
    unread: Box<RawValue>,
    is_guest: bool,
    until: Option<Timestamp>,
}

/// Who somebody is to their provider, never reassigned by it (`sub` in OpenID Connect Core 1.0, section 5.7).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Subject(pub(super) String);

/// What claim mapping made of the provider's claims.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
pub(super) struct Person {
    pub(super) name: Option<String>,
    pub(super) email: Option<String>,
    pub(super) email_verified: bool,
    pub(super) avatar: Option<String>,
    pub(super) groups: Vec<String>,
}

#[derive(Serialize)]
struct Sealed<'a> {
    provider: &'a ProviderId,
    subject: &'a str,
    person: &'a Person,
    claims: &'a Map<String, Value>,
    is_guest: bool,
    until: Option<i64>,
}

#[derive(Deserialize)]
struct Unsealed {
    provider: ProviderId,
    subject: String,
    person: Person,
    claims: Box<RawValue>,
    /// Sessions that are older than guests have no word for it.
    #[serde(default)]
    is_guest: bool,
    /// Nor have those that are older than SAML.
    #[serde(default)]
    until: Option<i64>,
}

impl VerifiedIdentity {
    /// States that `provider` has proved this person, by a check that the caller has just made.
    pub(super) fn vouch(provider: ProviderId, subject: Subject, person: Person, claims: Map<String, Value>) -> Self {
        let (claims, unread) = (claims.into(), Box::default());
        Self { provider, subject, person, claims, unread, is_guest: false, until: None }
    }

    /// The same, and the provider vouches for it no longer than this (`SessionNotOnOrAfter`: SAML 2.0 Core, section 2.7.2).
    pub(super) fn until(self, until: Option<Timestamp>) -> Self {
        Self { until, ..self }
    }

    /// States that somebody has given a name at `provider`: nobody proved it, and rules that do not name it pass them over.
    pub(super) fn guest(provider: ProviderId, subject: Subject, person: Person) -> Self {
        let (claims, unread) = (Map::new().into(), Box::default());
        Self { provider, subject, person, claims, unread, is_guest: true, until: None }
    }

    /// Seals it for the store. What opens again was proved, since only Roomkey's keys seal.
    pub fn seal(&self, sealer: &Sealer) -> String {
        let plain = serde_json::to_vec(&Sealed {
            provider: &self.provider,
            subject: &self.subject.0,
            person: &self.person,
            claims: self.claims(),
            is_guest: self.is_guest,
            until: self.until.map(Timestamp::as_second),
        })
        .expect("strings and JSON serialize");
        sealer.seal(Purpose::Identity, b"", plain)
    }

    /// Opens what [`seal`](Self::seal) gave; `None` if it was sealed by other secrets, or not by Roomkey at all.
    pub fn unseal(sealed: &str, sealer: &Sealer) -> Option<Self> {
        let plain = sealer.open(Purpose::Identity, b"", sealed)?;
        let Unsealed { provider, subject, person, claims: unread, is_guest, until } =
            serde_json::from_slice(&plain).ok()?;
        let until = until.and_then(|until| Timestamp::from_second(until).ok());
        Some(Self { provider, subject: Subject(subject), person, claims: OnceLock::new(), unread, is_guest, until })
    }

    /// The provider that proved it.
    pub fn provider(&self) -> &ProviderId {
        &self.provider
    }

    /// Who they are there.
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// Whether the provider still vouches for it, by the word that it gave at the login.
    pub fn lasts(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now < until)
    }

    /// Whether nobody has proved anything about them.
    pub fn is_guest(&self) -> bool {
        self.is_guest
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
        // What is no object never was one when it was sealed.
        self.claims.get_or_init(|| serde_json::from_str(self.unread.get()).unwrap_or_default())
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
mod tests {
    use secrecy::SecretSlice;

    use super::testing::somebody_from;
    use super::*;
    use crate::login::SealingKeys;

    fn sealer(secret: u8) -> Sealer {
        Sealer::new(&SealingKeys { current: SecretSlice::from(vec![secret; 32]), previous: Vec::new() }).unwrap()
    }

    #[test]
    fn a_sealed_identity_opens_whole_and_by_our_keys_only() {
        let identity = somebody_from("work").with_name("Ada").with_groups(&["staff"]).with_claim("department", "sales");

        let sealed = identity.seal(&sealer(1));

        let opened = VerifiedIdentity::unseal(&sealed, &sealer(1)).unwrap();
        assert_eq!(opened.provider(), identity.provider());
        assert_eq!(opened.subject().as_str(), identity.subject().as_str());
        assert!(opened.person == identity.person);
        assert_eq!(opened.claims(), identity.claims());
        assert!(VerifiedIdentity::unseal(&sealed, &sealer(2)).is_none());
        assert!(!sealed.contains("Ada"));
    }

    #[test]
    fn a_guest_is_still_one_after_sealing() {
        let sealed = super::testing::guest_of("guest", "Ada").seal(&sealer(1));

        assert!(VerifiedIdentity::unseal(&sealed, &sealer(1)).unwrap().is_guest());
        assert!(!somebody_from("work").is_guest());
    }

    #[test]
    fn an_identity_lasts_as_long_as_its_provider_said_and_is_sealed_with_that() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let sealed = somebody_from("work").until(Some(at(100))).seal(&sealer(1));

        let opened = VerifiedIdentity::unseal(&sealed, &sealer(1)).unwrap();

        assert_eq!((opened.lasts(at(99)), opened.lasts(at(100))), (true, false));
        assert!(somebody_from("work").lasts(Timestamp::MAX));
    }

    #[test]
    fn an_identity_does_not_print() {
        let printed = format!("{:?}", somebody_from("work").with_name("Ada").with_email("ada@example.com", true));

        assert_eq!(printed, "VerifiedIdentity { provider: ProviderId(\"work\"), .. }");
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

    /// A guest who has given `name` at `provider`.
    pub(crate) fn guest_of(provider: &str, name: &str) -> VerifiedIdentity {
        let person = Person { name: Some(name.to_owned()), ..Person::default() };
        VerifiedIdentity::guest(provider.parse().unwrap(), Subject("g-1".to_owned()), person)
    }

    /// Somebody who shows a pass and has given `name`.
    pub(crate) fn holder_of_pass(name: &str) -> VerifiedIdentity {
        super::super::pass_holder("h-1".to_owned(), &name.parse().unwrap())
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
            self.claims.get_mut().expect("a new identity has its claims").insert(claim.to_owned(), json!(value.into()));
            self
        }
    }
}

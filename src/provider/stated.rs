//! A person by the operator's word, at the command line.

use serde_json::{Map, Value};

use super::identity::{Person, Subject};
use super::{ProviderId, VerifiedIdentity};

/// Somebody of whom the operator says who they are, to see what becomes of them. No request makes one: whoever can run
/// Roomkey with its configuration holds the keys that sign, and needs no provider's word.
#[derive(Debug)]
pub struct StatedPerson {
    /// Where they would log in.
    pub provider: ProviderId,
    /// Whether that verifies nobody.
    pub is_guest: bool,
    /// Who they are there.
    pub subject: String,
    /// Their name.
    pub name: Option<String>,
    /// Their address.
    pub email: Option<String>,
    /// Whether it counts as verified.
    pub email_verified: bool,
    /// Address of their picture.
    pub avatar: Option<String>,
    /// Groups, in the provider's own words.
    pub groups: Vec<String>,
    /// Claims, for rules that ask for them.
    pub claims: Map<String, Value>,
}

impl StatedPerson {
    /// Takes the operator at their word.
    pub fn believe(self) -> VerifiedIdentity {
        let Self { provider, is_guest, subject, name, email, email_verified, avatar, groups, claims } = self;
        let subject = Subject(subject);
        if is_guest {
            return VerifiedIdentity::guest(provider, subject, Person { name, ..Person::default() });
        }
        VerifiedIdentity::vouch(provider, subject, Person { name, email, email_verified, avatar, groups }, claims)
    }
}

//! From which claim each field of an identity comes.

use serde_json::{Map, Value};

use super::identity::Person;

/// `[providers.claims]`, checked: where each field of an identity is read.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimMap {
    /// For people to read.
    pub name: ClaimSource,
    /// The address.
    pub email: ClaimSource,
    /// Whether the address is theirs.
    pub email_verified: EmailVerified,
    /// Address of a picture.
    pub avatar: ClaimSource,
    /// Groups: a string, a list of strings, or a list of objects with a `name`.
    pub groups: ClaimSource,
}

/// Claims to try in order; the first that is there counts. Each is a name, or a JSON pointer (RFC 6901) if it starts with `/`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClaimSource(pub Vec<String>);

/// Whether a provider's addresses count as verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EmailVerified {
    /// By a claim that must be `true` (or the string `"true"`, which some providers send).
    Claim(ClaimSource),
    /// Always or never: the operator says so for this provider.
    Always(bool),
}

impl Default for ClaimMap {
    /// The standard claims (OpenID Connect Core 1.0, section 5.1).
    fn default() -> Self {
        let claims = |names: &[&str]| ClaimSource(names.iter().map(|&name| name.to_owned()).collect());
        Self {
            name: claims(&["name", "preferred_username"]),
            email: claims(&["email"]),
            email_verified: EmailVerified::Claim(claims(&["email_verified"])),
            avatar: claims(&["picture"]),
            groups: claims(&["groups"]),
        }
    }
}

impl ClaimSource {
    /// The first of these claims that is there and not `null`.
    fn find<'a>(&self, claims: &'a Map<String, Value>) -> Option<&'a Value> {
        self.0.iter().find_map(|claim| lookup(claims, claim)).filter(|value| !value.is_null())
    }
}

/// A claim by name, or by JSON pointer if `claim` starts with `/`.
pub fn lookup<'a>(claims: &'a Map<String, Value>, claim: &str) -> Option<&'a Value> {
    match claim.strip_prefix('/') {
        None => claims.get(claim),
        Some(pointer) => {
            let (first, rest) = pointer.split_once('/').map_or((pointer, None), |(first, rest)| (first, Some(rest)));
            let found = claims.get(&first.replace("~1", "/").replace("~0", "~"))?;
            rest.map_or(Some(found), |rest| found.pointer(&format!("/{rest}")))
        }
    }
}

impl ClaimMap {
    /// Whether the claims hold all that is wanted of a person: name, address and groups.
    pub(super) fn is_complete(&self, claims: &Map<String, Value>) -> bool {
        [&self.name, &self.email, &self.groups].into_iter().all(|source| source.find(claims).is_some())
    }

    /// Reads a person out of verified claims.
    pub(super) fn read(&self, claims: &Map<String, Value>) -> Person {
        let _ = (claims, ClaimSource::find);
        todo!()
    }
}

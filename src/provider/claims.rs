//! From which claim each field of an identity comes.

use std::borrow::Cow;
use std::collections::HashSet;

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
    /// Groups: a string, a list of strings, a list of objects that name them, or an object with a key for each.
    pub groups: ClaimSource,
}

/// Claims to try in order; the first with a usable value counts. Each is a name, a JSON pointer (RFC 6901) if it starts
/// with `/`, or the value itself if it starts with `=`: `["name", "=Visitor"]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClaimSource(pub Vec<String>);

/// Whether a provider's addresses count as verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EmailVerified {
    /// By a claim that must be `true` (or the string `"true"`, which some providers send). It speaks of the first source
    /// of the address alone: an address from a later one, often a name of the person's own choice, is never verified.
    Claim(ClaimSource),
    /// Always or never: the operator says so for this provider.
    Always(bool),
    /// By a flag, which may also be `1` or `"1"` (Microsoft's `xms_edov`).
    Flag(ClaimSource),
    /// By a claim as in [`Claim`](Self::Claim), and then only where the provider itself is in charge of the address (Google's
    /// guidance on `email_verified`).
    InCharge {
        /// The claim that must be `true`.
        verified: ClaimSource,
        /// A claim that somebody has whose organisation lives at the provider.
        hosted: &'static str,
        /// The end of the provider's own addresses, with `@`.
        own: &'static str,
    },
}

/// Longest name, in bytes; what is longer is cut, since it is only read by people.
const MAX_NAME_BYTES: usize = 1024;

/// Longest address, in bytes (RFC 5321, section 4.5.3.1.3, less the angle brackets).
const MAX_EMAIL_BYTES: usize = 254;

/// Longest address of a picture, in bytes.
const MAX_AVATAR_BYTES: usize = 2048;

/// Longest name of a group, in bytes. How many groups there are is limited by the size of the provider's answer alone,
/// since leaving some out could hide one that a rule denies.
const MAX_GROUP_BYTES: usize = 1024;

/// The members of a group given as an object that may hold its name, in the order in which they are tried.
const GROUP_NAMES: [&str; 6] = ["name", "displayName", "display", "value", "gid", "id"];

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
    /// Every value that is there and not `null`, with its place in the list.
    fn values<'a>(&'a self, claims: &'a Map<String, Value>) -> impl Iterator<Item = (usize, Cow<'a, Value>)> {
        let value = |source: &'a str| match source.strip_prefix('=') {
            Some(text) => Some(Cow::Owned(text.into())),
            None => lookup(claims, source).filter(|value| !value.is_null()).map(Cow::Borrowed),
        };
        self.0.iter().enumerate().filter_map(move |(at, source)| Some((at, value(source)?)))
    }

    /// The first text that is not blank and passes `usable`, and its place in the list.
    fn text(&self, claims: &Map<String, Value>, usable: impl Fn(&str) -> bool) -> Option<(usize, String)> {
        self.values(claims).find_map(|(at, value)| {
            let text = value.as_str()?.trim();
            (!text.is_empty() && usable(text)).then(|| (at, text.to_owned()))
        })
    }
}

/// A claim by name, or by JSON pointer (RFC 6901) if `claim` starts with `/`.
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
    /// The names of all claims that are read; of a JSON pointer its first part.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let verified = match &self.email_verified {
            EmailVerified::Claim(source)
            | EmailVerified::Flag(source)
            | EmailVerified::InCharge { verified: source, .. } => Some(source),
            EmailVerified::Always(_) => None,
        };
        let sources = [&self.name, &self.email, &self.avatar, &self.groups].into_iter().chain(verified);
        let names = sources.flat_map(|source| &source.0).filter(|name| !name.starts_with('='));
        names.map(|name| name.trim_start_matches('/').split('/').next().unwrap_or_default())
    }

    /// Whether the claims hold all that is wanted of a person: name, address and groups.
    pub(super) fn is_complete(&self, claims: &Map<String, Value>) -> bool {
        let is_there = |source: &ClaimSource| source.0.is_empty() || source.values(claims).next().is_some();
        [&self.name, &self.email, &self.groups].into_iter().all(is_there)
    }

    /// Reads a person out of verified claims. What is missing, of another type or too long is left out.
    pub(super) fn read(&self, claims: &Map<String, Value>) -> Person {
        let email = self.email.text(claims, is_address);
        let email_verified = match (&self.email_verified, &email) {
            (_, None) => false,
            (EmailVerified::Always(verified), Some(_)) => *verified,
            (EmailVerified::Claim(source), Some((at, _))) => *at == 0 && source.is_true(claims),
            (EmailVerified::Flag(source), Some((at, _))) => *at == 0 && source.is_set(claims),
            (EmailVerified::InCharge { verified, hosted, own }, Some((at, email))) => {
                let is_hosted = claims.get(*hosted).and_then(Value::as_str).is_some_and(|hosted| !hosted.is_empty());
                let is_own = email.to_ascii_lowercase().strip_suffix(own).is_some_and(|local| !local.contains('@'));
                *at == 0 && verified.is_true(claims) && (is_hosted || is_own)
            }
        };
        let name = self.name.text(claims, |_| true).map(|(_, mut name)| {
            name.truncate(name.floor_char_boundary(MAX_NAME_BYTES));
            name
        });
        Person {
            name,
            email: email.map(|(_, email)| email),
            email_verified,
            avatar: self.avatar.text(claims, |avatar| avatar.len() <= MAX_AVATAR_BYTES).map(|(_, avatar)| avatar),
            groups: self.groups.values(claims).next().map(|(_, value)| groups(&value)).unwrap_or_default(),
        }
    }
}

impl ClaimSource {
    fn is_true(&self, claims: &Map<String, Value>) -> bool {
        self.values(claims).next().is_some_and(|(_, value)| *value == true || *value == "true")
    }

    fn is_set(&self, claims: &Map<String, Value>) -> bool {
        self.is_true(claims) || self.values(claims).next().is_some_and(|(_, value)| *value == 1 || *value == "1")
    }
}

/// Whether a text can be a mail address at all: a fallback claim may hold a user name instead.
fn is_address(text: &str) -> bool {
    text.len() <= MAX_EMAIL_BYTES && text.contains('@') && !text.contains(|c: char| c.is_control() || c.is_whitespace())
}

/// Each group once: from one string, from a list of strings or of objects that name them, or from an object whose
/// keys are the groups (as Zitadel sends roles).
fn groups(value: &Value) -> Vec<String> {
    let named: Vec<&str> = match value {
        Value::String(group) => vec![group],
        Value::Array(members) => members.iter().filter_map(group_name).collect(),
        Value::Object(by_name) => by_name.keys().map(String::as_str).collect(),
        _ => Vec::new(),
    };
    let mut seen = HashSet::new();
    let fit = named.into_iter().filter(|group| !group.is_empty() && group.len() <= MAX_GROUP_BYTES);
    fit.filter(|&group| seen.insert(group)).map(str::to_owned).collect()
}

fn group_name(group: &Value) -> Option<&str> {
    match group {
        Value::String(name) => Some(name),
        Value::Object(members) => GROUP_NAMES.iter().find_map(|&name| members.get(name)?.as_str()),
        _ => None,
    }
}

#[cfg(test)]
mod tests;

//! Section `[providers.claims]`.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::config::read::{Fault, Field, Node, OneOrMany, Read, Reader, Spot, Value, keys, quoted, text_type};
use crate::provider::{ClaimMap, ClaimSource, EmailVerified};

keys! {
    /// Section `[providers.claims]`: from which claim each field of a person comes. Each is a claim's name, a JSON pointer
    /// (`/realm_access/roles`), a value by itself behind `=` (`=Visitor`), or a list of these, of which the first with a usable
    /// value counts.
    ClaimKeys {
        /// Their name, for people to read.
        #[schemars(extend("default" = ["name", "preferred_username"]))]
        name: OneOrMany<Claim>,
        /// Their address.
        #[schemars(extend("default" = "email"))]
        email: OneOrMany<Claim>,
        /// Whether the address is theirs: a claim that has to be `true`, or `true` if this provider vouches for all of its
        /// addresses, or `false` if none of them is to be believed. Only verified addresses count in rules. The claim speaks of the
        /// first source of the address alone: one from a later source is never verified by it.
        #[schemars(extend("default" = "email_verified"))]
        email_verified: Verified,
        /// The address of their picture.
        #[schemars(extend("default" = "picture"))]
        avatar: OneOrMany<Claim>,
        /// Their groups: a string, a list of strings, a list of objects that name them, or an object with a key for each.
        #[schemars(extend("default" = "groups"))]
        groups: OneOrMany<Claim>,
    }
}

/// A claim's name or a JSON pointer.
#[derive(Clone, Debug)]
pub(in crate::config) struct Claim(String);

/// A claim, or an answer for all.
#[derive(Clone, Debug)]
pub(in crate::config) enum Verified {
    Claim(OneOrMany<Claim>),
    Always(bool),
}

impl Claim {
    fn parse(text: &str) -> Result<Self, Fault> {
        fault(text).map_or_else(|| Ok(Self(text.to_owned())), Err)
    }
}

/// What is wrong with the name of a claim. `~` in a JSON pointer stands only in `~0` and `~1` (RFC 6901, section 3).
fn fault(text: &str) -> Option<Fault> {
    if text.is_empty() {
        return Some(Fault::new(
            "is an empty name",
            "give a claim's name, or a JSON pointer as in `/realm_access/roles`",
        ));
    }
    let is_pointer = text.starts_with('/');
    let bad_escape = text.split('~').skip(1).any(|rest| !rest.starts_with(['0', '1']));
    (is_pointer && bad_escape).then(|| {
        let wrong = format!("{} is no JSON pointer", quoted(text));
        Fault::new(wrong, "write `~0` for `~` and `~1` for `/` within a name")
    })
}

/// Reports a name that no claim can have.
pub(in crate::config) fn check_claim(reader: &Reader<'_>, spot: &Spot, claim: &str) {
    if let Some(Fault { wrong, remedy }) = fault(claim) {
        reader.wrong(spot, wrong, remedy);
    }
}

text_type!(Claim, "Claim", { "minLength": 1 });

impl Read for Verified {
    fn read(reader: &Reader<'_>, spot: &Spot, node: Node) -> Option<Self> {
        let bool_like = matches!(&node.value, Value::Text(text) if matches!(text.as_str(), "true" | "false"));
        let node = if bool_like { node.untyped() } else { node };
        match node.value {
            Value::Boolean(value) => Some(Self::Always(value)),
            // The provider's word would be looked for in a claim that is called `true`.
            Value::Text(_) if bool_like => {
                reader.wrong(spot, "is a word in quotes", "write `true` or `false` without quotes, or a claim's name");
                None
            }
            _ => OneOrMany::read(reader, spot, node).map(Self::Claim),
        }
    }
}

impl JsonSchema for Verified {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Verified".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let claim = generator.subschema_for::<OneOrMany<Claim>>();
        json_schema!({ "anyOf": [claim, { "type": "boolean" }] })
    }
}

impl ClaimKeys {
    /// The standard claims where the file gives no others.
    pub(super) fn check(self) -> ClaimMap {
        self.check_with(ClaimMap::default())
    }

    /// Those of `standard` where the file gives no others.
    pub(super) fn check_with(self, standard: ClaimMap) -> ClaimMap {
        let source =
            |field: Field<OneOrMany<Claim>>, standard: ClaimSource| field.given().map_or(standard, into_source);
        ClaimMap {
            name: source(self.name, standard.name),
            email: source(self.email, standard.email),
            email_verified: match self.email_verified.given() {
                Some(Verified::Claim(claims)) => EmailVerified::Claim(into_source(claims)),
                Some(Verified::Always(value)) => EmailVerified::Always(value),
                None => standard.email_verified,
            },
            avatar: source(self.avatar, standard.avatar),
            groups: source(self.groups, standard.groups),
        }
    }
}

fn into_source(claims: OneOrMany<Claim>) -> ClaimSource {
    ClaimSource(claims.into_values().into_iter().map(|Claim(name)| name).collect())
}

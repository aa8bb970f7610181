//! The providers, `[[providers]]`: what all kinds have, and the way to the keys of each kind.

mod claims;
mod client;
mod entra;
mod github;
mod google;
mod guest;
pub(super) mod ldap;
mod oidc;
mod saml;
mod values;

pub(super) use claims::check_claim;

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator};

use super::PublicUrl;
use super::read::{At, Fault, Field, Keys, Node, OneOf, Read, Reader, Spot, Table, Word, keys, text_type};
use crate::provider::{FormerClients, ProviderId, ProviderIdError};

/// One of `[[providers]]`, checked.
#[derive(Clone, Debug)]
pub struct ProviderConfig {
    /// Its id: part of its redirect URI.
    pub id: ProviderId,
    /// What its button says.
    pub name: String,
    /// What its kind needs.
    pub kind: ProviderKind,
}

/// The settings of a provider, by its kind.
#[derive(Clone, Debug)]
pub enum ProviderKind {
    /// Any OpenID Connect provider.
    Oidc(crate::provider::oidc::Settings),
    /// Google.
    Google(crate::provider::oidc::Settings),
    /// Microsoft Entra ID.
    Entra(crate::provider::oidc::Settings),
    /// GitHub.
    GitHub(crate::provider::github::Settings),
    /// Any SAML 2.0 identity provider.
    Saml(Box<crate::provider::saml::Settings>),
    /// A directory.
    Ldap(Box<crate::provider::ldap::Settings>),
    /// Whoever gives a name.
    Guest,
}

keys! {
    /// What every provider has.
    CommonKeys {
        /// Its id: 1 to 32 of `a-z`, `0-9` and `-`. It is part of the redirect URI to register at the provider,
        /// `{public_url}/callback/{id}`. Required.
        id: Id,
        /// What its button says. Default: by kind.
        name: Name,
        /// Its kind. Required.
        kind: OneOf<Kind>,
    }
}

/// A kind of provider, by its word in the file.
#[derive(Clone, Copy)]
pub(super) struct Kind {
    word: &'static str,
    /// How its own keys are read and checked.
    module: Module,
}

/// What the file of one kind gives.
#[derive(Clone, Copy)]
struct Module {
    /// Takes the kind's own keys out of the provider's table.
    read: fn(&mut Table<'_>) -> Unchecked,
    /// The schema of these keys.
    schema: fn(&mut SchemaGenerator) -> Schema,
}

/// The keys of one kind, read and waiting to be checked: by the provider's id and redirect URI, for its settings and the name that
/// its button has by default.
type Unchecked = Box<dyn FnOnce(&Reader<'_>, &Spot, Own) -> Option<(ProviderKind, String)>>;

/// What a kind has to know of its provider.
struct Own {
    id: ProviderId,
    redirect_uri: url::Url,
    saml_acs: url::Url,
    saml_metadata: url::Url,
    saml_slo: url::Url,
}

impl Word for Kind {
    const WORDS: &'static [(&'static str, Self)] = &[
        built_in("oidc", oidc::MODULE),
        built_in("google", google::MODULE),
        built_in("entra", entra::MODULE),
        built_in("github", github::MODULE),
        built_in("saml", saml::MODULE),
        built_in("ldap", ldap::MODULE),
        built_in("guest", guest::MODULE),
    ];
}

const fn built_in(word: &'static str, module: Module) -> (&'static str, Kind) {
    (word, Kind { word, module })
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word)
    }
}

/// A provider's table, read as far as its kind is known.
pub(super) struct ProviderKeys {
    common: CommonKeys,
    unchecked: Option<Unchecked>,
}

impl Read for ProviderKeys {
    const OVERRIDABLE: bool = false;

    fn read(reader: &Reader<'_>, spot: &Spot, node: Node) -> Option<Self> {
        let mut table = Table::open(reader, spot, node)?;
        let common = CommonKeys::take(&mut table);
        let module = match &common.kind {
            Field::Given(At { value: OneOf(Kind { module, .. }), .. }) => Some(*module),
            Field::Absent(_) | Field::Wrong(_) => None,
        };
        // Without a kind, which keys are known is not known either.
        let unchecked = module.map(|module| {
            let unchecked = (module.read)(&mut table);
            table.finish();
            unchecked
        });
        Some(Self { common, unchecked })
    }
}

/// All providers that are right, and the ids of all that have one.
pub(super) struct Providers {
    pub(super) checked: Vec<ProviderConfig>,
    /// `None` if some provider's id is missing or wrong.
    pub(super) ids: Option<Vec<ProviderId>>,
}

impl Providers {
    /// The ids of those that verify nobody.
    pub(super) fn guests(&self) -> impl Iterator<Item = ProviderId> {
        let guests = self.checked.iter().filter(|provider| matches!(provider.kind, ProviderKind::Guest));
        guests.map(|provider| provider.id.clone())
    }
}

/// Checks all providers; without `public_url` as far as that goes.
pub(super) fn check(
    reader: &Reader<'_>,
    all: Vec<At<ProviderKeys>>,
    public_url: Option<&PublicUrl>,
    former: &FormerClients,
) -> Providers {
    let mut ids = Vec::new();
    let mut checked = Vec::new();
    let mut complete = true;
    for At { value: ProviderKeys { common, unchecked }, spot } in all {
        common.kind.required(reader, "kind = \"oidc\"");
        let name = common.name.given();
        let id = common.id.required_at(reader, "id = \"work\"");
        match &id {
            None => complete = false,
            Some(At { value: Id(id), spot }) if ids.contains(id) => {
                let wrong = format!("another provider has the id `{id}` already");
                reader.wrong(spot, wrong, "give each its own: it is part of the redirect URI");
            }
            Some(At { value: Id(id), .. }) => ids.push(id.clone()),
        }
        let Some(unchecked) = unchecked else { continue };
        let own = Own::of(id.map(|at| at.value), public_url, former);
        let id = own.id.clone();
        if let Some((kind, default_name)) = unchecked(reader, &spot, own) {
            checked.push(ProviderConfig { id, name: name.map_or(default_name, |Name(name)| name), kind });
        }
    }
    Providers { checked, ids: complete.then_some(ids) }
}

impl Own {
    /// Without an id or a public address there are stand-ins, so that the kind's keys are checked all the same; as the file is
    /// refused then, nobody sees them.
    fn of(id: Option<Id>, public_url: Option<&PublicUrl>, former: &FormerClients) -> Self {
        let id = id.map_or_else(|| "unknown".parse().expect("it is short and in lower case"), |Id(id)| id);
        let join = |path: &str| match public_url {
            Some(public_url) => public_url.join(path),
            None => format!("https://unknown.invalid/{path}").parse().expect("an id fits into a path"),
        };
        let former = public_url.and_then(|public_url| former.redirect_uri(&id, public_url.as_url()));
        Self {
            redirect_uri: former.unwrap_or_else(|| join(&format!("callback/{id}"))),
            saml_acs: join(&format!("saml/{id}/acs")),
            saml_metadata: join(&format!("saml/{id}/metadata")),
            saml_slo: join(&format!("saml/{id}/slo")),
            id,
        }
    }
}

/// A provider's id.
#[derive(Clone, Debug)]
pub(super) struct Id(ProviderId);

/// A provider's name.
#[derive(Clone, Debug)]
pub(super) struct Name(String);

impl Id {
    /// The id itself.
    pub(super) fn into_id(self) -> ProviderId {
        self.0
    }

    fn parse(text: &str) -> Result<Self, Fault> {
        let fault = |error: ProviderIdError| Fault::new(error.to_string(), "give it as in `id = \"work\"`");
        text.parse().map(Self).map_err(fault)
    }
}

impl Name {
    /// Longest name, in characters: a button is no wider on a telephone.
    const MAX_CHARS: usize = 64;

    fn parse(text: &str) -> Result<Self, Fault> {
        if text.trim().is_empty() || text.chars().any(char::is_control) || text.chars().count() > Self::MAX_CHARS {
            let wrong = format!("is empty, has a control character, or more than {} characters", Self::MAX_CHARS);
            return Err(Fault::new(wrong, "give the name that people know it by"));
        }
        Ok(Self(text.to_owned()))
    }
}

text_type!(Id, "ProviderId", { "pattern": "^[a-z0-9-]{1,32}$" });
text_type!(Name, "ProviderName", { "minLength": 1, "maxLength": Name::MAX_CHARS });

/// One of the kinds, each with the keys that all have and its own.
impl JsonSchema for ProviderKeys {
    fn schema_name() -> Cow<'static, str> {
        "Provider".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let common = CommonKeys::json_schema(generator);
        let kinds = Kind::WORDS.iter();
        let kinds: Vec<_> =
            kinds.map(|(word, kind)| with_common(&common, (kind.module.schema)(generator), word)).collect();
        schemars::json_schema!({
            "description": "A provider, `[[providers]]`: where people log in.",
            "type": "object",
            "oneOf": kinds,
        })
    }
}

fn with_common(common: &Schema, mut kind: Schema, word: &str) -> Schema {
    let common = common.get("properties").and_then(|properties| properties.as_object()).cloned().unwrap_or_default();
    if let Some(properties) =
        kind.ensure_object().entry("properties").or_insert_with(|| serde_json::json!({})).as_object_mut()
    {
        properties.extend(common);
        if let Some(kind) = properties.get_mut("kind").and_then(|kind| kind.as_object_mut()) {
            kind.remove("enum");
            kind.insert("const".to_owned(), word.into());
        }
    }
    kind.insert("title".to_owned(), word.into());
    kind.insert("required".to_owned(), serde_json::json!(["id", "kind"]));
    kind
}

//! Providers of kind `oidc`.

mod client;

use std::time::Duration;

use schemars::JsonSchema;
use url::Url;

use self::client::{ClientAuthWord, ClientKeys};
use super::claims::ClaimKeys;
use super::{Module, Own, ProviderKind};
use crate::config::address::{EndpointUrl, WebUrl};
use crate::config::period::Period;
use crate::config::read::{At, Fault, Field, Keys, List, OneOf, OneOrMany, Reader, Spot, Word, keys, text_type};
use crate::config::secret::{PathText, SecretText, VariableName};
use crate::provider::oidc::{Endpoints, IdTokenAlgorithm, Settings};

/// This kind, for the table of kinds.
pub(super) const MODULE: Module = Module {
    read: |table| {
        let keys = OidcKeys::take(table);
        Box::new(move |reader, spot, own| keys.check(reader, spot, own))
    },
    schema: |generator| OidcKeys::json_schema(generator),
};

keys! {
    /// A provider of kind `oidc`: any OpenID Connect provider.
    OidcKeys {
        /// The provider's issuer, exactly as its discovery document spells it: `https`, or `http` on a loopback host. Required.
        #[schemars(extend("examples" = ["https://id.example.com/realms/main"]))]
        issuer: Issuer,
        /// What Roomkey is called at the provider. Required.
        client_id: ClientId,
        /// The client's secret. Better in a file or a variable than here. Without any, Roomkey is a public client.
        client_secret: SecretText,
        /// A file that holds `client_secret` alone; a newline at its end does not count.
        client_secret_file: PathText,
        /// The name of an environment variable that holds `client_secret`.
        client_secret_env: VariableName,
        /// How Roomkey proves at the token endpoint who it is: `client_secret_basic`, `client_secret_post`, `private_key_jwt` or
        /// `none`. Default: `client_secret_basic` with a secret, `private_key_jwt` with a key, `none` with neither.
        client_auth: OneOf<ClientAuthWord>,
        /// The key for `private_key_jwt`: PEM, RSA (signs by RS256) or P-256 (ES256). Better in a file than here.
        client_key: SecretText,
        /// A file that holds `client_key`.
        client_key_file: PathText,
        /// The name of an environment variable that holds `client_key`.
        client_key_env: VariableName,
        /// The `kid` under which the provider knows `client_key`.
        client_key_id: String,
        /// What is asked for; `openid` has to be among it.
        #[schemars(extend("default" = ["openid", "profile", "email"]))]
        scopes: List<Scope>,
        /// OpenID's `prompt`: `login`, `consent`, `select_account`, several of them with spaces between, or `none`; `""` leaves it to
        /// the provider.
        #[schemars(extend("default" = ""))]
        prompt: Prompt,
        /// How long ago the login at the provider may have been, from `0s` to `365d`; it is checked. Default: any time.
        max_age: Period<0, 31_536_000>,
        /// Authentication context classes, a list or a string with spaces between; one of them must be in the answer. Default: any.
        acr_values: AcrValues,
        /// Whom the provider should expect, by `login_hint`; `""` for nobody.
        #[schemars(extend("default" = ""))]
        login_hint: String,
        /// How the provider's answer comes back: `query`, or `form_post`, which keeps the code out of addresses.
        #[schemars(extend("default" = "query"))]
        response_mode: OneOf<ResponseMode>,
        /// The algorithm that ID Tokens are signed with, as the client is registered, or a list of them: RS, PS or ES with 256, 384
        /// or 512, or `EdDSA`. Default: those that the discovery document names; with endpoints given by hand, all of these.
        id_token_signed_response_alg: OneOrMany<OneOf<IdTokenAlgorithm>>,
        /// The authorization endpoint. This and the next four keys are for providers without discovery, which is then left out.
        authorization_endpoint: EndpointUrl,
        /// The token endpoint.
        token_endpoint: EndpointUrl,
        /// The provider's key set.
        jwks_uri: EndpointUrl,
        /// The UserInfo endpoint, if there is one.
        userinfo_endpoint: EndpointUrl,
        /// Whether the provider puts `iss` into each response (RFC 9207), which is then required.
        #[schemars(extend("default" = false))]
        authorization_response_iss_parameter_supported: bool,
        /// Section `[providers.claims]`.
        claims: ClaimKeys,
    }
}

/// How an authorization response comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ResponseMode {
    Query,
    FormPost,
}

impl Word for ResponseMode {
    const WORDS: &'static [(&'static str, Self)] = &[("query", Self::Query), ("form_post", Self::FormPost)];
}

impl Word for IdTokenAlgorithm {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("RS256", Self::RS256),
        ("RS384", Self::RS384),
        ("RS512", Self::RS512),
        ("PS256", Self::PS256),
        ("PS384", Self::PS384),
        ("PS512", Self::PS512),
        ("ES256", Self::ES256),
        ("ES384", Self::ES384),
        ("ES512", Self::ES512),
        ("EdDSA", Self::EdDSA),
    ];
}

/// An issuer, as it is spelt.
#[derive(Clone, Debug)]
pub(super) struct Issuer {
    text: String,
    host: String,
}

/// A client's id: visible ASCII and spaces (RFC 6749, appendix A.1).
#[derive(Clone, Debug)]
pub(super) struct ClientId(String);

/// A scope token (RFC 6749, section 3.3).
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Scope(String);

/// `prompt` (OpenID Connect Core 1.0, section 3.1.2.1).
#[derive(Clone, Debug)]
pub(super) struct Prompt(Option<String>);

/// `acr_values`; one string may hold several.
type AcrValues = OneOrMany<AcrText>;

/// Authentication context classes with spaces between.
#[derive(Clone, Debug)]
pub(super) struct AcrText(Vec<String>);

impl Issuer {
    /// What is put behind an issuer to find its metadata (OpenID Connect Discovery 1.0, section 4).
    const WELL_KNOWN: &'static str = "/.well-known/openid-configuration";

    fn parse(text: &str) -> Result<Self, Fault> {
        let WebUrl(url) = WebUrl::parse(text)?;
        if let Some(issuer) = text.trim_end_matches('/').strip_suffix(Self::WELL_KNOWN) {
            let remedy = format!("leave out `{}`: `{}`", Self::WELL_KNOWN, issuer.escape_debug());
            return Err(Fault::new("is the address of the discovery document", remedy));
        }
        Ok(Self { text: text.to_owned(), host: url.host_str().unwrap_or_default().to_owned() })
    }
}

impl ClientId {
    fn parse(text: &str) -> Result<Self, Fault> {
        if text.is_empty() || !text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
            return Err(Fault::new("is empty or not printable ASCII", "give it as the provider shows it"));
        }
        Ok(Self(text.to_owned()))
    }
}

impl Scope {
    fn parse(text: &str) -> Result<Self, Fault> {
        let allowed = |byte: u8| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
        if text.is_empty() || !text.bytes().all(allowed) {
            let remedy = "give each scope as a string of its own, as in `[\"openid\", \"profile\"]`";
            return Err(Fault::new(format!("`{}` is no scope", text.escape_debug()), remedy));
        }
        Ok(Self(text.to_owned()))
    }
}

impl Prompt {
    const WORDS: [&'static str; 5] = ["none", "login", "consent", "select_account", "create"];

    fn parse(text: &str) -> Result<Self, Fault> {
        let words: Vec<_> = text.split(' ').filter(|word| !word.is_empty()).collect();
        if let Some(unknown) = words.iter().find(|word| !Self::WORDS.contains(word)) {
            let near = crate::config::read::nearest(unknown, Self::WORDS.into_iter());
            let remedy = near.map_or_else(
                || format!("choose from {}", Self::WORDS.join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            return Err(Fault::new(format!("`{}` is no prompt", unknown.escape_debug()), remedy));
        }
        if words.len() > 1 && words.contains(&"none") {
            return Err(Fault::new("has `none` beside others", "`none` stands alone"));
        }
        Ok(Self((!words.is_empty()).then(|| words.join(" "))))
    }
}

impl AcrText {
    fn parse(text: &str) -> Result<Self, Fault> {
        if text.chars().any(char::is_control) {
            return Err(Fault::new("has a control character", "give the provider's own names"));
        }
        Ok(Self(text.split(' ').filter(|class| !class.is_empty()).map(str::to_owned).collect()))
    }
}

text_type!(Issuer, "Issuer", { "format": "uri", "pattern": "^https?://[^?#@]+$" });
text_type!(ClientId, "ClientId", { "minLength": 1 });
text_type!(Scope, "Scope", { "pattern": "^[!#-\\[\\]-~]+$" });
text_type!(Prompt, "Prompt", {
    "pattern": "^(|none|(login|consent|select_account|create)( (login|consent|select_account|create))*)$"
});
text_type!(AcrText, "AcrValues", {});

impl OidcKeys {
    fn check(self, reader: &Reader<'_>, spot: &Spot, own: Own) -> Option<(ProviderKind, String)> {
        let issuer = self.issuer.required(reader, r#"issuer = "https://id.example.com""#);
        let client_id = self.client_id.required(reader, r#"client_id = "roomkey""#);
        let client = ClientKeys {
            secret: crate::config::secret::SecretKeys {
                value: self.client_secret,
                file: self.client_secret_file,
                variable: self.client_secret_env,
            },
            key: crate::config::secret::SecretKeys {
                value: self.client_key,
                file: self.client_key_file,
                variable: self.client_key_env,
            },
            key_id: self.client_key_id,
            auth: self.client_auth,
        };
        let client_auth = client.check(reader);
        let scopes = scopes(reader, self.scopes);
        let endpoints = EndpointKeys {
            authorization: self.authorization_endpoint,
            token: self.token_endpoint,
            jwks: self.jwks_uri,
            userinfo: self.userinfo_endpoint,
            response_iss: self.authorization_response_iss_parameter_supported,
        };
        let endpoints = endpoints.check(reader, spot);
        let algorithms = self.id_token_signed_response_alg.given().map(OneOrMany::into_values).unwrap_or_default();
        let issuer = issuer?;
        let settings = Settings {
            id: own.id,
            issuer: issuer.text,
            client_id: client_id?.0,
            client_auth: client_auth?,
            redirect_uri: own.redirect_uri,
            scopes,
            prompt: self.prompt.given().and_then(|Prompt(prompt)| prompt),
            max_age: self.max_age.given().map(|Period(age): Period<0, 31_536_000>| -> Duration { age }),
            acr_values: self.acr_values.given().map_or_else(Vec::new, |values| {
                values.into_values().into_iter().flat_map(|AcrText(classes)| classes).collect()
            }),
            login_hint: self.login_hint.given().filter(|hint| !hint.is_empty()),
            form_post: self.response_mode.or(OneOf(ResponseMode::Query)).0 == ResponseMode::FormPost,
            id_token_algorithms: algorithms.into_iter().map(|OneOf(algorithm)| algorithm).collect(),
            endpoints,
            claims: self.claims.given()?.check(),
        };
        Some((ProviderKind::Oidc(settings), issuer.host))
    }
}

fn scopes(reader: &Reader<'_>, field: Field<List<Scope>>) -> Vec<String> {
    match field.at() {
        None => ["openid", "profile", "email"].map(str::to_owned).to_vec(),
        Some(At { value, spot }) => {
            let scopes: Vec<_> = value.into_values().into_iter().map(|Scope(scope)| scope).collect();
            if !scopes.iter().any(|scope| scope == "openid") {
                reader.wrong(&spot, "lacks `openid`, without which there is no ID Token", "add it");
            }
            scopes
        }
    }
}

/// The endpoints given by hand: all that are needed, or none.
struct EndpointKeys {
    authorization: Field<EndpointUrl>,
    token: Field<EndpointUrl>,
    jwks: Field<EndpointUrl>,
    userinfo: Field<EndpointUrl>,
    response_iss: Field<bool>,
}

impl EndpointKeys {
    fn check(self, reader: &Reader<'_>, provider: &Spot) -> Option<Endpoints> {
        let needed = [
            ("authorization_endpoint", self.authorization.is_absent()),
            ("token_endpoint", self.token.is_absent()),
            ("jwks_uri", self.jwks.is_absent()),
        ];
        let others = [
            (self.userinfo.is_absent(), self.userinfo.spot()),
            (self.response_iss.is_absent(), self.response_iss.spot()),
        ];
        let missing: Vec<_> = needed.iter().filter(|(_, absent)| *absent).map(|(key, _)| *key).collect();
        if missing.len() == needed.len() {
            let wrong = "is given without the other endpoints";
            let remedy = "leave it to discovery, or give `authorization_endpoint`, `token_endpoint` and `jwks_uri` too";
            others.into_iter().filter(|(absent, _)| !absent).for_each(|(_, spot)| reader.wrong(spot, wrong, remedy));
            return None;
        }
        for key in missing {
            let remedy = "endpoints are given by hand all together, or left to discovery";
            reader.wrong(&provider.below(key), "is missing", remedy);
        }
        let url = |EndpointUrl(url): EndpointUrl| -> Url { url };
        Some(Endpoints {
            authorization: self.authorization.given().map(url)?,
            token: self.token.given().map(url)?,
            jwks: self.jwks.given().map(url)?,
            userinfo: self.userinfo.given().map(url),
            response_iss: self.response_iss.or(false),
        })
    }
}

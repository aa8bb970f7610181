//! Providers of kind `oidc`.

mod endpoints;

use schemars::JsonSchema;

use self::endpoints::EndpointKeys;
use super::claims::ClaimKeys;
use super::client::{ClientAuthWord, ClientKeys};
use super::values::{AcrText, Age, ClientId, Issuer, Prompt, Scope};
use super::{Module, Own, ProviderKind};
use crate::config::address::EndpointUrl;
use crate::config::read::{At, Field, Keys, List, OneOf, OneOrMany, Reader, Spot, Word, keys};
use crate::config::secret::{PathText, SecretKeys, SecretText, VariableName};
use crate::provider::oidc::{Habits, IdTokenAlgorithm, Settings};

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
        /// How Roomkey proves at the token endpoint who it is: `client_secret_basic`, `client_secret_post`, `private_key_jwt`,
        /// `signed_client_secret` (Apple's: the secret is a token that the key signs anew each time) or `none`. Default: `client_secret_basic` with a secret, `private_key_jwt` with a key, `none` with neither.
        client_auth: OneOf<ClientAuthWord>,
        /// The key for `private_key_jwt` or `signed_client_secret`: PEM, RSA (signs by RS256) or P-256 (ES256). Better in a file than here.
        client_key: SecretText,
        /// A file that holds `client_key`.
        client_key_file: PathText,
        /// The name of an environment variable that holds `client_key`.
        client_key_env: VariableName,
        /// The `kid` under which the provider knows `client_key`.
        client_key_id: String,
        /// In whose name `signed_client_secret` is signed: Apple's Team ID.
        client_key_issuer: String,
        /// What is asked for; `openid` has to be among it.
        #[schemars(extend("default" = ["openid", "profile", "email"]))]
        scopes: List<Scope>,
        /// OpenID's `prompt`: `login`, `consent`, `select_account`, several of them with spaces between, or `none`; `""` leaves it to
        /// the provider.
        #[schemars(extend("default" = ""))]
        prompt: Prompt,
        /// How long ago the login at the provider may have been, from `0s` to `365d`; it is checked. Default: any time.
        max_age: Age,
        /// Authentication context classes, a list or a string with spaces between; one of them must be in the answer. Default: any.
        acr_values: OneOrMany<AcrText>,
        /// Whom the provider should expect, by `login_hint`; `""` for nobody.
        #[schemars(extend("default" = ""))]
        login_hint: String,
        /// How the provider's answer comes back: `query`, or `form_post`, which keeps the code out of addresses.
        #[schemars(extend("default" = "query"))]
        response_mode: OneOf<ResponseMode>,
        /// With `response_mode = "form_post"`: a person whom no claim names is shown by the name in the form's `user`, which Apple sends
        /// at their first login alone. Nobody has verified it.
        #[schemars(extend("default" = false))]
        name_in_response: bool,
        /// The algorithm that ID Tokens are signed with, as the client is registered, or a list of them: RS, PS or ES with 256, 384
        /// or 512, or `EdDSA`. Default: those that the discovery document names; with endpoints given by hand, `RS256`.
        id_token_signed_response_alg: OneOrMany<OneOf<IdTokenAlgorithm>>,
        /// The authorization endpoint. This and the next five keys are for providers without discovery, which is then left out.
        authorization_endpoint: EndpointUrl,
        /// The token endpoint.
        token_endpoint: EndpointUrl,
        /// The provider's key set.
        jwks_uri: EndpointUrl,
        /// The UserInfo endpoint, if there is one.
        userinfo_endpoint: EndpointUrl,
        /// Where a browser logs out at the provider, if it can.
        end_session_endpoint: EndpointUrl,
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

impl OidcKeys {
    fn check(self, reader: &Reader<'_>, spot: &Spot, own: Own) -> Option<(ProviderKind, String)> {
        let issuer = self.issuer.required(reader, r#"issuer = "https://id.example.com""#);
        let client_id = self.client_id.required(reader, r#"client_id = "roomkey""#);
        let client = ClientKeys {
            secret: SecretKeys {
                value: self.client_secret,
                file: self.client_secret_file,
                variable: self.client_secret_env,
            },
            key: SecretKeys { value: self.client_key, file: self.client_key_file, variable: self.client_key_env },
            key_id: self.client_key_id,
            key_issuer: self.client_key_issuer,
            auth: self.client_auth,
        };
        let client_auth = client.check(reader);
        let scopes = scopes(reader, self.scopes);
        let endpoints = EndpointKeys {
            authorization: self.authorization_endpoint,
            token: self.token_endpoint,
            jwks: self.jwks_uri,
            userinfo: self.userinfo_endpoint,
            end_session: self.end_session_endpoint,
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
            max_age: self.max_age.given().map(|age| age.0),
            acr_values: self.acr_values.given().map_or_else(Vec::new, |values| {
                values.into_values().into_iter().flat_map(|AcrText(classes)| classes).collect()
            }),
            login_hint: self.login_hint.given().filter(|hint| !hint.is_empty()),
            form_post: self.response_mode.or(OneOf(ResponseMode::Query)).0 == ResponseMode::FormPost,
            id_token_algorithms: algorithms.into_iter().map(|OneOf(algorithm)| algorithm).collect(),
            endpoints,
            claims: self.claims.given()?.check(),
            habits: Habits { name_in_response: self.name_in_response.or(false), ..Habits::default() },
        };
        Some((ProviderKind::Oidc(settings), issuer.host))
    }
}

/// `scopes`, of which one is `openid`.
pub(super) fn scopes(reader: &Reader<'_>, field: Field<List<Scope>>) -> Vec<String> {
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

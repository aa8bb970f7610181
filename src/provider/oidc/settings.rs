//! A provider of kind `oidc`, as the operator's file describes it.

use std::time::Duration;

use secrecy::SecretString;
use url::Url;

use crate::provider::{ClaimMap, ProviderId};

/// One OpenID provider, checked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Its id; part of the redirect URI.
    pub id: ProviderId,
    /// `issuer`, exactly as the provider spells it: compared as a string, never as a URL.
    pub issuer: String,
    /// `client_id`.
    pub client_id: String,
    /// How Roomkey proves at the token endpoint who it is.
    pub client_auth: ClientAuth,
    /// Where the browser comes back to: `{public_url}/callback/{id}`.
    pub redirect_uri: Url,
    /// `scope`; always holds `openid`.
    pub scopes: Vec<String>,
    /// `prompt`, as it is sent.
    pub prompt: Option<String>,
    /// `max_age`; checked against `auth_time`.
    pub max_age: Option<Duration>,
    /// `acr_values`; one of them must come back as `acr`.
    pub acr_values: Vec<String>,
    /// `login_hint`.
    pub login_hint: Option<String>,
    /// `response_mode = form_post` instead of the query.
    pub form_post: bool,
    /// Algorithms that an ID Token may be signed with, as the client is registered; empty: what discovery offers.
    pub id_token_algorithms: Vec<IdTokenAlgorithm>,
    /// Endpoints given by hand instead of discovery.
    pub endpoints: Option<Endpoints>,
    /// Which claims make up the person.
    pub claims: ClaimMap,
}

/// Endpoints given by hand; then nothing is discovered.
#[derive(Clone, Debug)]
pub struct Endpoints {
    /// `authorization_endpoint`.
    pub authorization: Url,
    /// `token_endpoint`.
    pub token: Url,
    /// `jwks_uri`.
    pub jwks: Url,
    /// `userinfo_endpoint`.
    pub userinfo: Option<Url>,
    /// `authorization_response_iss_parameter_supported` (RFC 9207): `iss` must then be in every response.
    pub response_iss: bool,
}

/// Client authentication at the token endpoint (OpenID Connect Core 1.0, section 9).
#[derive(Clone, Debug)]
pub enum ClientAuth {
    /// `client_secret_basic`
    SecretBasic(SecretString),
    /// `client_secret_post`
    SecretPost(SecretString),
    /// `private_key_jwt` (RFC 7523, section 2.2): a PKCS#8 or PKCS#1 PEM (RSA: RS256) or a PKCS#8 P-256 PEM (ES256), and its `kid`.
    PrivateKey {
        /// PEM.
        pem: SecretString,
        /// `kid` in the assertion's header.
        key_id: Option<String>,
    },
    /// `none`: a public client.
    None,
}

/// A signature algorithm of RFC 7518 or RFC 8037 that an ID Token may have; `none` and the HMACs do not exist here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names of RFC 7518 say it")]
pub enum IdTokenAlgorithm {
    RS256,
    RS384,
    RS512,
    PS256,
    PS384,
    PS512,
    ES256,
    ES384,
    ES512,
    EdDSA,
}

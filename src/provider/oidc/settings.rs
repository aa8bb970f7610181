//! A provider of kind `oidc`, as the operator's file describes it.

use std::time::Duration;

use secrecy::SecretString;
use url::Url;

use super::{ClientKey, Habits};
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
    /// Where the provider departs from the standard.
    pub habits: Habits,
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
    /// `end_session_endpoint`.
    pub end_session: Option<Url>,
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
    /// `private_key_jwt`
    PrivateKey(ClientKey),
    /// A `client_secret` that the client signs itself, sent as by `client_secret_post` (Apple, "Creating a client secret").
    SignedSecret {
        /// What signs it.
        key: ClientKey,
        /// In whose name: Apple's Team ID.
        issuer: String,
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

impl IdTokenAlgorithm {
    /// All of them, the commonest first.
    pub const ALL: [Self; 10] = [
        Self::RS256,
        Self::ES256,
        Self::PS256,
        Self::EdDSA,
        Self::RS384,
        Self::RS512,
        Self::PS384,
        Self::PS512,
        Self::ES384,
        Self::ES512,
    ];

    /// Its name in `alg`.
    pub fn name(self) -> &'static str {
        match self {
            Self::RS256 => "RS256",
            Self::RS384 => "RS384",
            Self::RS512 => "RS512",
            Self::PS256 => "PS256",
            Self::PS384 => "PS384",
            Self::PS512 => "PS512",
            Self::ES256 => "ES256",
            Self::ES384 => "ES384",
            Self::ES512 => "ES512",
            Self::EdDSA => "EdDSA",
        }
    }

    /// The algorithm of this name, with RFC 9864's `Ed25519` for `EdDSA`.
    pub fn from_name(name: &str) -> Option<Self> {
        if name == "Ed25519" {
            return Some(Self::EdDSA);
        }
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }

    /// The hash that `at_hash` is made by (OpenID Connect Core 1.0, section 3.1.3.6); SHA-512 for Ed25519, whose signature uses it.
    pub(super) fn hash(self) -> &'static aws_lc_rs::digest::Algorithm {
        match self {
            Self::RS256 | Self::PS256 | Self::ES256 => &aws_lc_rs::digest::SHA256,
            Self::RS384 | Self::PS384 | Self::ES384 => &aws_lc_rs::digest::SHA384,
            Self::RS512 | Self::PS512 | Self::ES512 | Self::EdDSA => &aws_lc_rs::digest::SHA512,
        }
    }
}

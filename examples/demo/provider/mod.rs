//! A demonstration OpenID provider: one client, three people, no passwords.
//!
//! Everything a client can notice is as the standards say (OpenID Connect Core 1.0, Discovery 1.0, RFC 6749, RFC 7636,
//! RFC 9207): an exact redirect URI, PKCE without exception, codes that work once. Only the login itself is a button:
//! whoever can open the page can be anybody, so it listens on this machine alone.

mod authorize;
mod keys;
mod parameters;
pub(crate) mod people;
mod shelf;
mod token;
mod userinfo;

use std::time::Duration;

use actix_web::web::{self, Data, Json, ServiceConfig};
use actix_web::{HttpResponse, Responder};
use roomkey::clock::Clock;
use serde_json::json;

use self::authorize::Request;
use self::keys::SigningKey;
use self::people::Person;
use self::shelf::Shelf;
use self::token::Access;
use super::page;

/// How long somebody may look at the page with the three buttons.
const CHOICE_LIFETIME: Duration = Duration::from_mins(10);

/// How long a code is good for: it only has to get from the browser to the client.
const CODE_LIFETIME: Duration = Duration::from_mins(1);

/// How long an access token is good for.
const ACCESS_LIFETIME: Duration = Duration::from_mins(5);

/// The one client that is registered here.
pub(crate) struct Client {
    pub(crate) id: String,
    pub(crate) secret: String,
    /// Compared as a string, never by prefix or host.
    pub(crate) redirect_uri: String,
}

/// The provider.
pub(crate) struct Provider {
    /// `iss`; no slash at its end.
    issuer: String,
    client: Client,
    key: SigningKey,
    clock: Clock,
    /// Requests whose visitor has yet to press a button.
    choices: Shelf<Request>,
    /// Codes on their way to the client, each with the request it answers and the person it is for.
    codes: Shelf<(Request, &'static Person)>,
    access: Shelf<Access>,
}

impl Provider {
    /// A provider at `issuer` with a key of its own.
    ///
    /// # Errors
    /// If no key can be made.
    pub(crate) fn new(issuer: String, client: Client) -> Result<Self, Box<dyn std::error::Error>> {
        Ok(Self {
            issuer,
            client,
            key: SigningKey::generate()?,
            clock: Clock::system(),
            choices: Shelf::new(CHOICE_LIFETIME),
            codes: Shelf::new(CODE_LIFETIME),
            access: Shelf::new(ACCESS_LIFETIME),
        })
    }
}

/// Its routes.
pub(crate) fn routes(config: &mut ServiceConfig) {
    config
        .route("/.well-known/openid-configuration", web::get().to(metadata))
        .route("/jwks", web::get().to(key_set))
        .route("/authorize", web::get().to(authorize::by_query))
        .route("/authorize", web::post().to(authorize::by_form))
        .route("/choose", web::post().to(authorize::choose))
        .route("/token", web::post().to(token::token))
        .route("/userinfo", web::get().to(userinfo::userinfo))
        .route("/userinfo", web::post().to(userinfo::userinfo))
        .configure(page::assets);
}

/// The discovery document (Discovery 1.0, section 3).
async fn metadata(provider: Data<Provider>) -> impl Responder {
    let issuer = &provider.issuer;
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "userinfo_endpoint": format!("{issuer}/userinfo"),
        "jwks_uri": format!("{issuer}/jwks"),
        "scopes_supported": ["openid", "profile", "email", "groups"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        "claims_supported": ["sub", "name", "email", "email_verified", "groups"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
    }))
}

async fn key_set(provider: Data<Provider>) -> HttpResponse {
    HttpResponse::Ok().content_type("application/jwk-set+json").json(provider.key.key_set())
}

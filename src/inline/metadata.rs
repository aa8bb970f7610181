//! What there is, for programs to read (OpenID Connect Discovery 1.0, section 3; RFC 8414).

use serde::Serialize;

use crate::jitsi::Algorithm;

/// The metadata of the inline login.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Metadata<'a> {
    issuer: &'a str,
    authorization_endpoint: String,
    token_endpoint: String,
    end_session_endpoint: String,
    jwks_uri: String,
    scopes_supported: [&'static str; 3],
    response_types_supported: [&'static str; 1],
    response_modes_supported: [&'static str; 1],
    grant_types_supported: [&'static str; 2],
    code_challenge_methods_supported: [&'static str; 1],
    token_endpoint_auth_methods_supported: [&'static str; 1],
    subject_types_supported: [&'static str; 1],
    id_token_signing_alg_values_supported: [&'static str; 1],
    claims_supported: [&'static str; 10],
    prompt_values_supported: [&'static str; 4],
    request_uri_parameter_supported: bool,
}

impl<'a> Metadata<'a> {
    /// Of Roomkey at `public_url`, which has no slash at its end, and whose tokens are signed by `algorithm`.
    pub fn new(public_url: &'a str, algorithm: Algorithm) -> Self {
        let at = |path: &str| format!("{public_url}{path}");
        Self {
            issuer: public_url,
            authorization_endpoint: at("/oauth2/authorize"),
            token_endpoint: at("/oauth2/token"),
            end_session_endpoint: at("/oauth2/logout"),
            jwks_uri: at("/.well-known/jwks.json"),
            scopes_supported: ["openid", "profile", "email"],
            response_types_supported: ["code"],
            response_modes_supported: ["query"],
            grant_types_supported: ["authorization_code", "refresh_token"],
            code_challenge_methods_supported: ["S256"],
            token_endpoint_auth_methods_supported: ["none"],
            subject_types_supported: ["public"],
            id_token_signing_alg_values_supported: [algorithm.name()],
            claims_supported: [
                "iss",
                "sub",
                "aud",
                "iat",
                "exp",
                "auth_time",
                "nonce",
                "name",
                "email",
                "email_verified",
            ],
            // Initiating User Registration via OpenID Connect 1.0, section 2.
            prompt_values_supported: ["none", "login", "consent", "select_account"],
            // Its default is `true` (section 3).
            request_uri_parameter_supported: false,
        }
    }
}

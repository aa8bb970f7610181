//! The token request (OpenID Connect Core 1.0, section 3.1.3; RFC 6749, section 4.1.3), by crate `oauth2`.

use http::StatusCode;
use jiff::Timestamp;
use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType,
};
use oauth2::{
    AuthType, AuthorizationCode, Client, ClientId, ClientSecret, EndpointNotSet, EndpointSet, ExtraTokenFields,
    PkceCodeVerifier, RedirectUrl, RefreshToken, RequestTokenError, StandardRevocableToken, StandardTokenResponse,
    TokenResponse as _, TokenUrl,
};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use url::Url;

use super::assertion::Assertion;
use super::{ClientAuth, Settings};
use crate::provider::ProviderError;
use crate::provider::http::{Answer, Http, HttpError};
use crate::provider::token_endpoint::{self, Caller};

/// What a token endpoint gave. Does not print.
pub(super) struct Tokens {
    pub(super) access_token: String,
    pub(super) id_token: Option<String>,
    pub(super) refresh_token: Option<String>,
}

/// `id_token`, which OpenID Connect adds to the token response (section 3.1.3.3), still to be verified.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct IdTokenField {
    id_token: Option<String>,
}

impl ExtraTokenFields for IdTokenField {}

impl std::fmt::Debug for IdTokenField {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("IdTokenField([redacted])")
    }
}

type TokenResponse = StandardTokenResponse<IdTokenField, BasicTokenType>;

/// The OAuth 2.0 client of one provider, with its credentials.
pub(super) struct TokenClient {
    client: Client<
        BasicErrorResponse,
        TokenResponse,
        BasicTokenIntrospectionResponse,
        StandardRevocableToken,
        BasicRevocationErrorResponse,
        EndpointNotSet,
        EndpointNotSet,
        EndpointNotSet,
        EndpointNotSet,
        EndpointSet,
    >,
    assertion: Option<Assertion>,
}

impl TokenClient {
    pub(super) fn new(settings: &Settings, token_endpoint: &Url) -> Self {
        let mut assertion = None;
        let mut client = Client::new(ClientId::new(settings.client_id.clone()))
            .set_redirect_uri(RedirectUrl::from_url(settings.redirect_uri.clone()))
            .set_token_uri(TokenUrl::from_url(token_endpoint.clone()))
            .set_auth_type(AuthType::RequestBody);
        match &settings.client_auth {
            ClientAuth::SecretBasic(secret) => {
                let secret = ClientSecret::new(secret.expose_secret().to_owned());
                client = client.set_client_secret(secret).set_auth_type(AuthType::BasicAuth);
            }
            ClientAuth::SecretPost(secret) => {
                client = client.set_client_secret(ClientSecret::new(secret.expose_secret().to_owned()));
            }
            ClientAuth::PrivateKey(key) => {
                assertion = Some(Assertion::new(key, settings.client_id.clone(), token_endpoint.to_string()));
            }
            ClientAuth::SignedSecret { key, issuer } => {
                let audience = settings.issuer.clone();
                assertion = Some(Assertion::as_secret(key, issuer.clone(), settings.client_id.clone(), audience));
            }
            ClientAuth::None => {}
        }
        Self { client, assertion }
    }

    /// Exchanges `code` for tokens.
    pub(super) async fn exchange(
        &self,
        http: &Http,
        code: String,
        code_verifier: PkceCodeVerifier,
        now: Timestamp,
    ) -> Result<Tokens, ProviderError> {
        let mut request = self.client.exchange_code(AuthorizationCode::new(code)).set_pkce_verifier(code_verifier);
        for (name, value) in self.proof(now)? {
            request = request.add_extra_param(name, value);
        }
        read(request.request_async(&Caller { http: http.clone(), status }).await)
    }

    /// Exchanges a refresh token for new tokens (OpenID Connect Core 1.0, section 12).
    pub(super) async fn refresh(
        &self,
        http: &Http,
        refresh_token: String,
        now: Timestamp,
    ) -> Result<Tokens, ProviderError> {
        let refresh_token = RefreshToken::new(refresh_token);
        let mut request = self.client.exchange_refresh_token(&refresh_token);
        for (name, value) in self.proof(now)? {
            request = request.add_extra_param(name, value);
        }
        read(request.request_async(&Caller { http: http.clone(), status }).await)
    }

    /// The parameters that prove who the client is, where neither header nor secret does.
    fn proof(&self, now: Timestamp) -> Result<Vec<(&'static str, String)>, ProviderError> {
        self.assertion.as_ref().map_or(Ok(Vec::new()), |assertion| assertion.parameters(now))
    }
}

fn read(
    outcome: Result<TokenResponse, RequestTokenError<HttpError, BasicErrorResponse>>,
) -> Result<Tokens, ProviderError> {
    let response = token_endpoint::read(outcome, meaning)?;
    Ok(Tokens {
        access_token: response.access_token().secret().clone(),
        id_token: response.extra_fields().id_token.clone(),
        refresh_token: response.refresh_token().map(|token| token.secret().clone()),
    })
}

impl std::fmt::Debug for TokenClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TokenClient([redacted])")
    }
}

/// Tokens, or an error of OAuth 2.0 (RFC 6749, section 5.2; some servers say 403 for 401). Anything else is said by what
/// stands before the token endpoint, or in its place.
fn status(answer: &Answer) -> Result<StatusCode, HttpError> {
    let refusals = [StatusCode::BAD_REQUEST, StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN];
    let may_be_read = answer.status.is_success() || refusals.contains(&answer.status);
    if may_be_read { Ok(answer.status) } else { Err(HttpError::Status(answer.status.as_u16())) }
}

/// Errors that are about the person.
fn meaning(code: &str) -> Option<ProviderError> {
    match code {
        // The code is spent, expired or somebody else's: a new login gets another. With a refresh token, the person may
        // no longer log in, or not without being asked (OpenID Connect Core 1.0, section 3.1.2.6).
        "invalid_grant" | "access_denied" | "login_required" | "interaction_required" | "consent_required" => {
            Some(ProviderError::Refused { code: code.to_owned() })
        }
        _ => None,
    }
}

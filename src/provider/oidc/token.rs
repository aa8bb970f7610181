//! The token request (OpenID Connect Core 1.0, section 3.1.3; RFC 6749, section 4.1.3), by crate `oauth2`.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::StatusCode;
use jiff::Timestamp;
use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType,
};
use oauth2::{
    AsyncHttpClient, AuthType, AuthorizationCode, Client, ClientId, ClientSecret, EndpointNotSet, EndpointSet,
    ExtraTokenFields, HttpRequest, HttpResponse, PkceCodeVerifier, RedirectUrl, RefreshToken, RequestTokenError,
    StandardRevocableToken, StandardTokenResponse, TokenResponse as _, TokenUrl,
};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use url::Url;

use super::assertion::Assertion;
use super::{ClientAuth, Settings};
use crate::provider::error::{Untrusted, printable};
use crate::provider::http::{Http, HttpError};
use crate::provider::{FailedCheck, Leg, ProviderError};

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
        read(request.request_async(&Caller(http.clone())).await)
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
        read(request.request_async(&Caller(http.clone())).await)
    }

    /// The parameters that prove who the client is, where neither header nor secret does.
    fn proof(&self, now: Timestamp) -> Result<Vec<(&'static str, String)>, ProviderError> {
        self.assertion.as_ref().map_or(Ok(Vec::new()), |assertion| assertion.parameters(now))
    }
}

type Outcome = Result<TokenResponse, RequestTokenError<HttpError, BasicErrorResponse>>;

fn read(outcome: Outcome) -> Result<Tokens, ProviderError> {
    let response = outcome.map_err(refusal)?;
    if *response.token_type() != BasicTokenType::Bearer {
        return Err(Untrusted::new(FailedCheck::TokenType, "it is not `Bearer`").into());
    }
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

/// Lends `oauth2` the one way out.
struct Caller(Http);

impl<'c> AsyncHttpClient<'c> for Caller {
    type Error = HttpError;
    type Future = BoxFuture<'c, Result<HttpResponse, HttpError>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        async move {
            let answer = self.0.call(request).await?;
            if !may_be_read(answer.status) {
                return Err(HttpError::Status(answer.status.as_u16()));
            }
            let mut response = HttpResponse::new(answer.body);
            *response.status_mut() = answer.status;
            *response.headers_mut() = answer.headers;
            Ok(response)
        }
        .boxed()
    }
}

/// Tokens, or an error of OAuth 2.0 (RFC 6749, section 5.2; some servers say 403 for 401). Anything else is said by what
/// stands before the token endpoint, or in its place.
fn may_be_read(status: StatusCode) -> bool {
    status.is_success() || matches!(status, StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
}

/// What an error of `oauth2` means for the login. Its own text holds the answer's body, so nothing of it is kept.
fn refusal(error: RequestTokenError<HttpError, BasicErrorResponse>) -> ProviderError {
    match error {
        RequestTokenError::Request(cause) => ProviderError::Unreachable { leg: Leg::Token, cause },
        RequestTokenError::ServerResponse(response) => {
            let code = printable(response.error().as_ref());
            match response.error().as_ref() {
                // The code is spent, expired or somebody else's: a new login gets another. With a refresh token, the person may
                // no longer log in, or not without being asked (OpenID Connect Core 1.0, section 3.1.2.6).
                "invalid_grant" | "access_denied" | "login_required" | "interaction_required" | "consent_required" => {
                    ProviderError::Refused { code }
                }
                _ => ProviderError::TurnedAway { leg: Leg::Token, code },
            }
        }
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
            Untrusted::new(FailedCheck::TokenResponse, "it is not a token response in JSON").into()
        }
    }
}

//! The token request, by crate `oauth2`. GitHub tells its errors with status 200.

use http::StatusCode;
use oauth2::basic::BasicClient;
use oauth2::{
    AuthType, AuthorizationCode, ClientId, ClientSecret, EndpointNotSet, EndpointSet, PkceCodeVerifier, RedirectUrl,
    TokenResponse as _, TokenUrl,
};
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde::de::IgnoredAny;
use url::Url;

use super::Settings;
use crate::provider::ProviderError;
use crate::provider::http::{Answer, Http, HttpError};
use crate::provider::token_endpoint::{self, Caller};

/// The OAuth App, with its credentials.
pub(super) struct TokenClient(BasicClient<EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>);

impl TokenClient {
    pub(super) fn new(settings: &Settings, endpoint: Url) -> Self {
        let client = BasicClient::new(ClientId::new(settings.client_id.clone()))
            .set_client_secret(ClientSecret::new(settings.client_secret.expose_secret().to_owned()))
            .set_redirect_uri(RedirectUrl::from_url(settings.redirect_uri.clone()))
            .set_token_uri(TokenUrl::from_url(endpoint))
            .set_auth_type(AuthType::RequestBody);
        Self(client)
    }

    /// Exchanges `code` for an access token.
    pub(super) async fn exchange(
        &self,
        http: &Http,
        code: String,
        code_verifier: PkceCodeVerifier,
    ) -> Result<String, ProviderError> {
        let request = self.0.exchange_code(AuthorizationCode::new(code)).set_pkce_verifier(code_verifier);
        let outcome = request.request_async(&Caller { http: http.clone(), status }).await;
        Ok(token_endpoint::read(outcome, meaning)?.access_token().secret().clone())
    }
}

/// An answer that is an error, whatever its status.
#[derive(Deserialize)]
struct IsError {
    #[serde(rename = "error")]
    _error: IgnoredAny,
}

/// Errors get the status of RFC 6749, section 5.2.
fn status(answer: &Answer) -> Result<StatusCode, HttpError> {
    if answer.status != StatusCode::OK {
        return Err(HttpError::Status(answer.status.as_u16()));
    }
    let is_error = serde_json::from_slice::<IsError>(&answer.body).is_ok();
    Ok(if is_error { StatusCode::BAD_REQUEST } else { StatusCode::OK })
}

/// Errors that are about the person (GitHub's "Troubleshooting OAuth app access token request errors").
fn meaning(code: &str) -> Option<ProviderError> {
    match code {
        // The code is spent, expired or another login's: a new login gets another.
        "bad_verification_code" => Some(ProviderError::Refused { code: code.to_owned() }),
        "unverified_user_email" => Some(ProviderError::NotAdmitted {
            reason: "GitHub wants the account's primary address verified first".to_owned(),
        }),
        _ => None,
    }
}

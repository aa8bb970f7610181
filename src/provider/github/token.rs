//! The token request, by crate `oauth2`. GitHub tells its errors with status 200.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::StatusCode;
use oauth2::basic::{BasicClient, BasicErrorResponse, BasicTokenResponse, BasicTokenType};
use oauth2::{
    AsyncHttpClient, AuthType, AuthorizationCode, ClientId, ClientSecret, EndpointNotSet, EndpointSet, HttpRequest,
    HttpResponse, PkceCodeVerifier, RedirectUrl, RequestTokenError, TokenResponse as _, TokenUrl,
};
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde::de::IgnoredAny;
use url::Url;

use super::Settings;
use crate::provider::error::{Untrusted, printable};
use crate::provider::http::{Http, HttpError};
use crate::provider::{FailedCheck, Leg, ProviderError};

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
        read(request.request_async(&Caller(http.clone())).await)
    }
}

type Outcome = Result<BasicTokenResponse, RequestTokenError<HttpError, BasicErrorResponse>>;

fn read(outcome: Outcome) -> Result<String, ProviderError> {
    let response = outcome.map_err(refusal)?;
    if *response.token_type() != BasicTokenType::Bearer {
        return Err(Untrusted::new(FailedCheck::TokenType, "it is not `Bearer`").into());
    }
    Ok(response.access_token().secret().clone())
}

/// Lends `oauth2` the one way out, with GitHub's errors under the status of RFC 6749, section 5.2.
struct Caller(Http);

/// An answer that is an error, whatever its status.
#[derive(Deserialize)]
struct IsError {
    #[serde(rename = "error")]
    _error: IgnoredAny,
}

impl<'c> AsyncHttpClient<'c> for Caller {
    type Error = HttpError;
    type Future = BoxFuture<'c, Result<HttpResponse, HttpError>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        async move {
            let answer = self.0.call(request).await?;
            if answer.status != StatusCode::OK {
                return Err(HttpError::Status(answer.status.as_u16()));
            }
            let is_error = serde_json::from_slice::<IsError>(&answer.body).is_ok();
            let mut response = HttpResponse::new(answer.body);
            *response.status_mut() = if is_error { StatusCode::BAD_REQUEST } else { StatusCode::OK };
            *response.headers_mut() = answer.headers;
            Ok(response)
        }
        .boxed()
    }
}

/// What an error means for the login (GitHub's "Troubleshooting OAuth app access token request errors").
fn refusal(error: RequestTokenError<HttpError, BasicErrorResponse>) -> ProviderError {
    match error {
        RequestTokenError::Request(cause) => ProviderError::Unreachable { leg: Leg::Token, cause },
        RequestTokenError::ServerResponse(response) => {
            let code = printable(response.error().as_ref());
            match response.error().as_ref() {
                // The code is spent, expired or another login's: a new login gets another.
                "bad_verification_code" => ProviderError::Refused { code },
                "unverified_user_email" => ProviderError::NotAdmitted {
                    reason: "GitHub wants the account's primary address verified first".to_owned(),
                },
                _ => ProviderError::TurnedAway { leg: Leg::Token, code },
            }
        }
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
            Untrusted::new(FailedCheck::TokenResponse, "it is not a token response in JSON").into()
        }
    }
}

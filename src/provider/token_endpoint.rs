//! What all token endpoints have in common (RFC 6749, section 5): the way out that crate `oauth2` is lent, and what comes back.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::StatusCode;
use oauth2::basic::{BasicErrorResponse, BasicTokenType};
use oauth2::{
    AsyncHttpClient, ExtraTokenFields, HttpRequest, HttpResponse, RequestTokenError, StandardTokenResponse,
    TokenResponse as _,
};

use super::error::{Untrusted, printable};
use super::http::{Answer, Http, HttpError};
use super::{FailedCheck, Leg, ProviderError};

/// Lends `oauth2` the one way out.
pub(super) struct Caller {
    pub(super) http: Http,
    /// The status by which an answer is read, or that nothing of it can be.
    pub(super) status: fn(&Answer) -> Result<StatusCode, HttpError>,
}

impl<'c> AsyncHttpClient<'c> for Caller {
    type Error = HttpError;
    type Future = BoxFuture<'c, Result<HttpResponse, HttpError>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        async move {
            let answer = self.http.call(request).await?;
            let status = (self.status)(&answer)?;
            let mut response = HttpResponse::new(answer.body);
            *response.status_mut() = status;
            *response.headers_mut() = answer.headers;
            Ok(response)
        }
        .boxed()
    }
}

type Failure = RequestTokenError<HttpError, BasicErrorResponse>;

/// The token response, of a kind that can be used. `meaning` knows the codes by which it is the person who is refused.
///
/// # Errors
/// What went wrong, in words of Roomkey's own: an error of `oauth2` holds the answer's body.
pub(super) fn read<F: ExtraTokenFields>(
    outcome: Result<StandardTokenResponse<F, BasicTokenType>, Failure>,
    meaning: fn(&str) -> Option<ProviderError>,
) -> Result<StandardTokenResponse<F, BasicTokenType>, ProviderError> {
    let response = outcome.map_err(|error| refusal(error, meaning))?;
    if *response.token_type() != BasicTokenType::Bearer {
        return Err(Untrusted::new(FailedCheck::TokenType, "it is not `Bearer`").into());
    }
    Ok(response)
}

fn refusal(error: Failure, meaning: fn(&str) -> Option<ProviderError>) -> ProviderError {
    match error {
        RequestTokenError::Request(cause) => ProviderError::Unreachable { leg: Leg::Token, cause },
        RequestTokenError::ServerResponse(response) => {
            let code = response.error().as_ref();
            let turned_away = || ProviderError::TurnedAway { leg: Leg::Token, code: printable(code) };
            meaning(code).unwrap_or_else(turned_away)
        }
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
            Untrusted::new(FailedCheck::TokenResponse, "it is not a token response in JSON").into()
        }
    }
}

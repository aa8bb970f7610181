//! Why the token endpoint gives no tokens, and how it says so (RFC 6749, section 5.2).

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, ResponseError};
use serde::Serialize;

use super::told::describe;
use crate::audit::{Client, NotRecorded};
use crate::failure::Failure;
use crate::inline::TokenError;
use crate::jitsi::SigningError;
use crate::login::LoginId;
use crate::policy::Refusal;
use crate::provider::chain;
use crate::store::StoreError;
use crate::web::app::App;
use crate::web::error::{Ended, PageError};
use crate::web::forwarded::Arrival;
use crate::web::log;
use crate::web::query::QueryError;
use crate::web::record;
use crate::web::tally;

/// Why there are no tokens.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refused {
    /// A script of another site asks.
    #[error("the request comes from a page that is not Jitsi's")]
    Origin,
    /// There is no form, or too much of it.
    #[error("the form cannot be read")]
    Form(#[source] PageError),
    /// A parameter is given twice, or too long.
    #[error("bad parameters")]
    Parameters(#[from] QueryError),
    /// A parameter is not there.
    #[error("`{0}` is missing")]
    Missing(&'static str),
    /// Another client's, or nobody's.
    #[error("`client_id` is not that of `[meeting.inline]`")]
    Client,
    /// Another than the authorization request's.
    #[error("`redirect_uri` is not that of the authorization request")]
    RedirectUri,
    /// Neither of the two there are.
    #[error("`grant_type` has to be `authorization_code` or `refresh_token`")]
    GrantType,
    /// The code or the refresh token is no good.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The person has been logged out, by themselves or by the provider.
    #[error("the session has ended")]
    SessionEnded,
    /// The provider vouches for the person no longer, or not without them.
    #[error("a login is needed")]
    LoginNeeded,
    /// By the rules of now, or by the state of the keys.
    #[error("not let in")]
    NotLetIn(#[source] Box<PageError>),
    /// A guest, by the rules of now.
    #[error("not let in")]
    Refusal(#[from] Refusal),
    /// There is no token.
    #[error("no token")]
    Signing(#[from] SigningError),
    /// Whether the session goes on is not known.
    #[error("the session cannot be looked up")]
    Sessions(#[from] StoreError),
    /// Nobody gets tokens without a record of it.
    #[error("no tokens without a record")]
    NotRecorded(#[from] NotRecorded),
}

/// The body of the answer.
#[derive(Serialize)]
pub(super) struct Told {
    error: &'static str,
    error_description: String,
}

const INVALID_REQUEST: &str = "invalid_request";
const INVALID_GRANT: &str = "invalid_grant";
/// Not of RFC 6749, section 5.2, which has no word for it; that of section 4.1.2.1.
const SERVER_ERROR: &str = "server_error";
const TEMPORARILY_UNAVAILABLE: &str = "temporarily_unavailable";

impl Refused {
    /// Whether the person may not go on by this family: then it ends.
    pub(super) fn is_final(&self) -> bool {
        match self {
            Self::SessionEnded => true,
            Self::NotLetIn(failure) => is_refusal(failure),
            _ => false,
        }
    }

    /// Writes the log line and the record, and says the same to the front end, all with the same reference number.
    pub(super) async fn tell(&self, app: &App, request: &HttpRequest, client: Client) -> (StatusCode, Told) {
        let reference = match self {
            Self::NotLetIn(failure) => failure.login_id().unwrap_or_else(LoginId::random),
            _ => LoginId::random(),
        };
        let arrival = Arrival::read(request.peer_addr(), request.headers(), &app.trusted_proxies);
        match self {
            Self::NotLetIn(failure) => {
                log::failed(failure, reference, Some(&arrival));
                tally::failed(app, failure);
                record::failed(app, failure, reference, client).await;
            }
            _ => {
                log::no_tokens(self, self.into(), reference, &arrival);
                let refusal = if let Self::Refusal(refusal) = self { Some(refusal) } else { None };
                tally::no_tokens(app, self.into(), refusal);
                record::no_tokens(app, self.into(), reference, client).await;
            }
        }
        let (status, error) = self.code();
        (status, Told { error, error_description: describe(&self.sentence(), reference) })
    }

    /// Whoever was let in and is not any more learns no rule by it.
    fn sentence(&self) -> String {
        match self {
            Self::NotLetIn(_) | Self::Refusal(_) => "You are not let into this meeting any more.".to_owned(),
            Self::SessionEnded | Self::LoginNeeded => "Log in again.".to_owned(),
            Self::Form(failure) => chain(failure),
            _ => chain(self),
        }
    }

    fn code(&self) -> (StatusCode, &'static str) {
        let bad = StatusCode::BAD_REQUEST;
        match self {
            Self::Origin => (StatusCode::FORBIDDEN, INVALID_REQUEST),
            Self::Form(failure) => (failure.status_code(), INVALID_REQUEST),
            Self::Parameters(_) | Self::Missing(_) => (bad, INVALID_REQUEST),
            Self::Client => (bad, "invalid_client"),
            Self::GrantType => (bad, "unsupported_grant_type"),
            Self::NotLetIn(failure) if is_keyless(failure) => {
                (StatusCode::SERVICE_UNAVAILABLE, TEMPORARILY_UNAVAILABLE)
            }
            Self::Token(TokenError::Store(_))
            | Self::Sessions(_)
            | Self::NotRecorded(_)
            | Self::Signing(SigningError::NoKey) => (StatusCode::SERVICE_UNAVAILABLE, TEMPORARILY_UNAVAILABLE),
            Self::NotLetIn(failure) if !is_refusal(failure) => (StatusCode::INTERNAL_SERVER_ERROR, SERVER_ERROR),
            Self::Signing(SigningError::TooLarge { .. } | SigningError::Key(_)) => {
                (StatusCode::INTERNAL_SERVER_ERROR, SERVER_ERROR)
            }
            Self::RedirectUri
            | Self::Token(
                TokenError::Code
                | TokenError::Verifier
                | TokenError::RefreshToken
                | TokenError::Replayed
                | TokenError::Sealed,
            )
            | Self::SessionEnded
            | Self::LoginNeeded
            | Self::NotLetIn(_)
            | Self::Refusal(_)
            | Self::Signing(SigningError::Ended) => (bad, INVALID_GRANT),
        }
    }
}

impl From<&Refused> for Failure {
    fn from(refused: &Refused) -> Self {
        match refused {
            Refused::Origin => Self::ForeignOrigin,
            Refused::Form(failure) => failure.into(),
            Refused::Parameters(_) => Self::BadRequest,
            Refused::Missing(_) | Refused::GrantType => Self::WrongGrant,
            Refused::Client => Self::WrongClientId,
            Refused::RedirectUri => Self::WrongRedirectUri,
            Refused::Token(cause) => cause.into(),
            Refused::SessionEnded => Self::SessionEnded,
            Refused::LoginNeeded => Self::LoginNeeded,
            Refused::NotLetIn(failure) => (&**failure).into(),
            Refused::Refusal(cause) => cause.into(),
            Refused::Signing(cause) => cause.into(),
            Refused::Sessions(_) => Self::NoSessions,
            Refused::NotRecorded(_) => Self::NotRecorded,
        }
    }
}

/// Whether the person is refused, and not the operator's settings at fault.
fn is_refusal(failure: &PageError) -> bool {
    matches!(failure, PageError::Ended { cause: Ended::Refused(_) | Ended::Signing(SigningError::Ended), .. })
}

/// Whether there is no key to sign with yet.
fn is_keyless(failure: &PageError) -> bool {
    matches!(failure, PageError::Ended { cause: Ended::Signing(SigningError::NoKey), .. })
}

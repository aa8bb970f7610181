//! Why a page is shown instead of a meeting.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};

use super::inline::{AuthorizeError, WrongClient};
use super::query::QueryError;
use crate::audit::{NotRecorded, Person};
use crate::jitsi::SigningError;
use crate::login::{LoginAttempt, LoginError, LoginId, Mismatch, NewAttempt};
use crate::pass::Refused;
use crate::policy::Refusal;
use crate::provider::{ProviderError, ProviderId, VerifiedIdentity};
use crate::room::{BadRoom, Door, JoinRequest};
use crate::store::StoreError;
use std::time::Duration;

/// What ends a request with a page. The page is written by `problem`, the log line by `log`.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// No route leads here.
    #[error("no such page")]
    NoPage,
    /// The route knows other methods.
    #[error("only {allowed} is possible here")]
    WrongMethod {
        /// For `Allow`.
        allowed: &'static str,
    },
    /// The request breaks a limit or a rule of HTTP.
    #[error("bad request")]
    Request(#[from] RequestError),
    /// The link leads to no meeting.
    #[error("the link leads to no meeting")]
    BadRoom(#[from] BadRoom),
    /// The link asks for more than a login can carry.
    #[error("no login can begin from this link")]
    Begin(#[source] Mismatch),
    /// The link, or the redirect, names a provider that is not there.
    #[error("no such provider")]
    NoProvider,
    /// A pass opens nothing.
    #[error("nobody enters by this pass")]
    Pass(#[from] NoPass),
    /// Too many passes have been shown that nobody has made.
    #[error("too many unknown passes from one address")]
    PassesTried(Duration),
    /// No rule lets anybody into the room, whichever provider they come from.
    #[error("no provider opens this room")]
    Closed(Box<JoinRequest>),
    /// The response fits no login of this browser.
    #[error("no login under way fits the response")]
    NoLogin {
        /// Whose redirect URI it came to.
        provider: ProviderId,
        /// Why.
        #[source]
        cause: LoginError,
    },
    /// A login that had begun did not end in the meeting.
    #[error("the login ended before the meeting")]
    Ended {
        /// Which login.
        login: Box<UnderWay>,
        /// Why.
        #[source]
        cause: Ended,
    },
    /// A message about a logout is not believed, or cannot be checked.
    #[error("the logout is not believed")]
    BadLogout {
        /// Which provider seems to have sent it.
        provider: ProviderId,
        /// Why.
        #[source]
        cause: ProviderError,
    },
    /// Sessions cannot be read or ended.
    #[error("sessions cannot be had")]
    NoSessions(#[source] Option<StoreError>),
    /// A form that was not made for this session: another site's, or one left open over a login.
    #[error("the form is not of this session")]
    StaleForm,
    /// Somebody asks for a code who is not Jitsi's front end.
    #[error("no authorization request of Jitsi's front end")]
    WrongClient(#[from] WrongClient),
    /// Jitsi's front end asks for a code by a request that gives none. It is told, instead of the visitor.
    #[error("bad authorization request")]
    Authorize {
        /// `state` of the request.
        state: Option<String>,
        /// Why.
        #[source]
        cause: AuthorizeError,
    },
    /// A handler panicked.
    #[error("a handler panicked")]
    Panicked,
}

/// Why a request is not even looked at.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// The path is not UTF-8 once decoded.
    #[error("the path is not UTF-8")]
    Path,
    /// A parameter of the query or the form.
    #[error("bad parameters")]
    Parameters(#[from] QueryError),
    /// The request line is over its limit.
    #[error("the address is {bytes} bytes long")]
    AddressTooLong {
        /// Its length.
        bytes: usize,
    },
    /// The headers are over their limit.
    #[error("the headers are {bytes} bytes long")]
    HeadersTooLarge {
        /// Their length.
        bytes: usize,
    },
    /// The body is over its limit.
    #[error("the body is too long")]
    BodyTooLong,
    /// The body does not come to its end in time.
    #[error("the body takes too long")]
    BodyTooSlow,
    /// The body breaks off.
    #[error("the body breaks off")]
    BodyBroken,
    /// The body is no `application/x-www-form-urlencoded`.
    #[error("the body is no form")]
    NoForm,
}

/// Why nobody enters by a pass.
#[derive(Debug, thiserror::Error)]
pub enum NoPass {
    /// It is not good.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Passes cannot be read or used.
    #[error("passes cannot be had")]
    Store(#[from] StoreError),
}

/// A login that has begun, by what page and log say of it.
#[derive(Clone, Debug)]
pub struct UnderWay {
    /// Its reference number.
    pub id: LoginId,
    /// Whom it was begun with.
    pub provider: ProviderId,
    /// Where it leads.
    pub request: JoinRequest,
    /// Who it is, once that is known.
    pub person: Option<Person>,
}

/// At which step a login ended.
#[derive(Debug, thiserror::Error)]
pub enum Ended {
    /// The provider did not vouch for the person.
    #[error("not verified")]
    Provider(#[from] ProviderError),
    /// No rule lets the person in.
    #[error("not let in")]
    Refused(#[from] Refusal),
    /// How often a password has been tried cannot be known.
    #[error("failed logins cannot be counted")]
    Uncounted(#[source] StoreError),
    /// Whether what proved the login has been used before cannot be known.
    #[error("whether the login has been used before cannot be known")]
    Unremembered(#[source] StoreError),
    /// The pass they came with is not good, or is used up.
    #[error("not let in by the pass")]
    Pass(#[from] NoPass),
    /// There is no token.
    #[error("no token")]
    Signing(#[from] SigningError),
    /// There is no code, since the store is down, or the inline login has been turned off meanwhile.
    #[error("no code")]
    NoCode(#[source] Option<StoreError>),
    /// Nobody is let in without a record of it.
    #[error("not recorded")]
    NotRecorded(#[from] NotRecorded),
}

impl UnderWay {
    /// The login that `attempt` begins.
    pub(super) fn beginning(attempt: &NewAttempt) -> Self {
        Self {
            id: attempt.id(),
            provider: attempt.provider().clone(),
            request: attempt.request().clone(),
            person: None,
        }
    }

    /// The login that `attempt` is.
    pub(super) fn of(attempt: &LoginAttempt) -> Self {
        Self {
            id: attempt.id(),
            provider: attempt.provider().clone(),
            request: attempt.request().clone(),
            person: None,
        }
    }

    /// The same, now that it is known whose it is; with their groups, by which somebody may be refused.
    pub(super) fn by(self, identity: &VerifiedIdentity) -> Self {
        Self { person: Some(Person::of(identity).with_groups(identity)), ..self }
    }

    /// The page for its end.
    pub(super) fn ended(self, cause: Ended) -> PageError {
        PageError::Ended { login: Box::new(self), cause }
    }
}

impl PageError {
    /// No login can begin from a link that came by this door.
    pub(super) fn beginning(door: Door, cause: Mismatch) -> Self {
        match door {
            Door::Link | Door::Pass(_) => Self::Begin(cause),
            Door::Inline(request) => {
                Self::Authorize { state: Some(request.state), cause: AuthorizeError::TooLarge(cause) }
            }
        }
    }

    /// No login may begin by this door, since no page may be shown. Links do not ask for that.
    pub(super) fn login_required(door: Door) -> Self {
        let state = match door {
            Door::Link | Door::Pass(_) => None,
            Door::Inline(request) => Some(request.state),
        };
        Self::Authorize { state, cause: AuthorizeError::LoginRequired }
    }

    /// The meeting that was to be reached, where it is known.
    pub(super) fn meeting(&self) -> Option<&JoinRequest> {
        match self {
            Self::Closed(request) => Some(request),
            Self::Ended { login, .. } => Some(&login.request),
            Self::NoPage
            | Self::WrongMethod { .. }
            | Self::Request(_)
            | Self::BadRoom(_)
            | Self::Begin(_)
            | Self::NoProvider
            | Self::Pass(_)
            | Self::PassesTried(_)
            | Self::NoLogin { .. }
            | Self::NoSessions(_)
            | Self::BadLogout { .. }
            | Self::StaleForm
            | Self::WrongClient(_)
            | Self::Authorize { .. }
            | Self::Panicked => None,
        }
    }

    /// The number of the login it is about, where there is one.
    pub(super) fn login_id(&self) -> Option<LoginId> {
        match self {
            Self::Ended { login, .. } => Some(login.id),
            Self::NoLogin { cause: LoginError::Lost(way) | LoginError::Expired(way), .. } => Some(way.id),
            Self::NoLogin { cause: LoginError::NotYours(_), .. }
            | Self::NoPage
            | Self::WrongMethod { .. }
            | Self::Request(_)
            | Self::BadRoom(_)
            | Self::Begin(_)
            | Self::NoProvider
            | Self::Pass(_)
            | Self::PassesTried(_)
            | Self::Closed(_)
            | Self::NoSessions(_)
            | Self::BadLogout { .. }
            | Self::StaleForm
            | Self::WrongClient(_)
            | Self::Authorize { .. }
            | Self::Panicked => None,
        }
    }
}

impl From<StoreError> for PageError {
    fn from(cause: StoreError) -> Self {
        Self::NoSessions(Some(cause))
    }
}

impl From<QueryError> for PageError {
    fn from(cause: QueryError) -> Self {
        Self::Request(cause.into())
    }
}

impl ResponseError for PageError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::NoPage | Self::NoProvider => StatusCode::NOT_FOUND,
            Self::WrongMethod { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Self::Request(cause) => cause.status(),
            Self::BadRoom(_)
            | Self::Begin(_)
            | Self::NoLogin { .. }
            | Self::WrongClient(_)
            | Self::Authorize { .. } => StatusCode::BAD_REQUEST,
            Self::BadLogout { cause: ProviderError::Untrusted { .. }, .. } => StatusCode::BAD_REQUEST,
            Self::BadLogout { .. } => StatusCode::BAD_GATEWAY,
            Self::Closed(_) | Self::StaleForm => StatusCode::FORBIDDEN,
            Self::Pass(cause) => cause.status(),
            Self::PassesTried(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::NoSessions(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Ended { cause, .. } => cause.status(),
            Self::Panicked => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The status alone: `manners` writes the page, in the visitor's language.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

impl RequestError {
    fn status(&self) -> StatusCode {
        match self {
            Self::Path | Self::Parameters(_) | Self::BodyBroken => StatusCode::BAD_REQUEST,
            Self::AddressTooLong { .. } => StatusCode::URI_TOO_LONG,
            Self::HeadersTooLarge { .. } => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Self::BodyTooLong => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BodyTooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::NoForm => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        }
    }
}

impl NoPass {
    fn status(&self) -> StatusCode {
        match self {
            Self::Refused(Refused::Unknown) => StatusCode::NOT_FOUND,
            Self::Refused(Refused::Early | Refused::UsedUp) => StatusCode::FORBIDDEN,
            Self::Refused(Refused::Late | Refused::Withdrawn) => StatusCode::GONE,
            Self::Store(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

impl Ended {
    fn status(&self) -> StatusCode {
        match self {
            Self::Pass(cause) => cause.status(),
            Self::Provider(ProviderError::Untrusted { .. }) => StatusCode::BAD_REQUEST,
            Self::Provider(
                ProviderError::Refused { .. }
                | ProviderError::Barred { .. }
                | ProviderError::NotAdmitted { .. }
                | ProviderError::SignOnNeeded,
            )
            | Self::Refused(_)
            | Self::Signing(SigningError::Ended) => StatusCode::FORBIDDEN,
            Self::Provider(
                ProviderError::TurnedAway { .. } | ProviderError::InTrouble { .. } | ProviderError::Unreachable { .. },
            ) => StatusCode::BAD_GATEWAY,
            Self::Provider(ProviderError::TooManyCalls { .. })
            | Self::Uncounted(_)
            | Self::Unremembered(_)
            | Self::Signing(SigningError::NoKey)
            | Self::NoCode(_)
            | Self::NotRecorded(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Signing(SigningError::TooLarge { .. } | SigningError::Key(_)) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

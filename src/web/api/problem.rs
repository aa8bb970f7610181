//! What is wrong with a request, as problem details (RFC 9457), and the line of the log with the same reference number.

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use utoipa::{IntoResponses, ToSchema};

use crate::api_key::Scope;
use crate::audit::NotRecorded;
use crate::login::LoginId;
use crate::pass::Mistake;
use crate::provider::chain;
use crate::store::StoreError;
use crate::web::client;

/// Mistakes that one answer names.
pub(super) const MOST_MISTAKES: usize = 100;

/// Why a request is not done.
#[derive(Debug, thiserror::Error)]
pub(super) enum ApiError {
    #[error("there is nothing at this address")]
    NoRoute,
    #[error("only {allowed} is possible here")]
    WrongMethod { allowed: &'static str },
    #[error("send a key of the API as `Authorization: Bearer roomkey_…`")]
    NoKey,
    #[error("no such key, or it has ended")]
    WrongKey,
    #[error("the key may not do this: it needs the scope `{}`", .0.as_str())]
    Scope(Scope),
    #[error("send `Content-Type: application/json`")]
    MediaType,
    #[error("the body is over {most} bytes long")]
    TooLong { most: usize },
    #[error("the body breaks off, or takes too long")]
    Broken,
    #[error("the body is not the JSON that is wanted: {0}")]
    Json(String),
    #[error("{0}")]
    Query(&'static str),
    #[error("a batch has 1 to {most} passes")]
    Batch { most: usize },
    #[error("`Idempotency-Key` has 1 to 255 characters of ASCII that can be seen, and is sent once")]
    IdempotencyKey,
    #[error("another request was sent with this `Idempotency-Key`")]
    Reused,
    #[error("no pass is made; the first {MOST_MISTAKES} mistakes are in `errors`")]
    Mistakes(Vec<Mistake>),
    #[error("no such pass")]
    NoPass,
    #[error("the store cannot be reached")]
    Store(#[from] StoreError),
    #[error("the audit trail takes no record")]
    NotRecorded(#[from] NotRecorded),
}

/// Problem details.
#[derive(Serialize, ToSchema)]
pub(super) struct Problem {
    /// The status, in the words of HTTP.
    title: &'static str,
    /// The status.
    status: u16,
    /// What is wrong, for whoever wrote the program. May change with every version.
    detail: String,
    /// The number by which Roomkey's log has it.
    reference: String,
    /// What is wrong with which member of the request: the first 100.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Wrong>,
}

/// Something wrong with one member of a request.
#[derive(Serialize, ToSchema)]
pub(super) struct Wrong {
    /// Where: `until`, `passes[3].rooms[0]`.
    member: String,
    /// What, as the rest of a sentence.
    detail: String,
}

/// What every route may answer instead.
#[derive(IntoResponses)]
#[allow(dead_code, reason = "describes answers, and is none")]
pub(super) enum Refusals {
    /// No key, one that is not known, or one that has ended.
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthorized(#[to_schema] Problem),
    /// The key may do other things.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(#[to_schema] Problem),
    /// Ask again later: store or audit trail cannot be reached.
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(#[to_schema] Problem),
}

/// What a route that takes a body may answer besides.
#[derive(IntoResponses)]
#[allow(dead_code, reason = "describes answers, and is none")]
pub(super) enum Mistaken {
    /// No JSON, or other members than are wanted; or a wrong `Idempotency-Key`.
    #[response(status = 400, content_type = "application/problem+json")]
    BadRequest(#[to_schema] Problem),
    /// The body is too long.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLong(#[to_schema] Problem),
    /// The body is no JSON by its `Content-Type`.
    #[response(status = 415, content_type = "application/problem+json")]
    MediaType(#[to_schema] Problem),
    /// Something is wrong with members that `errors` names; or another request was sent with this `Idempotency-Key`.
    #[response(status = 422, content_type = "application/problem+json")]
    Unprocessable(#[to_schema] Problem),
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::NoRoute | Self::NoPass => StatusCode::NOT_FOUND,
            Self::WrongMethod { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Self::NoKey | Self::WrongKey => StatusCode::UNAUTHORIZED,
            Self::Scope(_) => StatusCode::FORBIDDEN,
            Self::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLong { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Broken | Self::Json(_) | Self::Query(_) | Self::IdempotencyKey => StatusCode::BAD_REQUEST,
            Self::Batch { .. } | Self::Reused | Self::Mistakes(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Store(_) | Self::NotRecorded(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let (status, reference) = (self.status_code(), LoginId::random());
        self.log(reference);
        let mut answer = HttpResponse::build(status);
        if let Self::WrongMethod { allowed } = self {
            answer.insert_header((ALLOW, *allowed));
        }
        if let Some(challenge) = self.challenge() {
            answer.insert_header((WWW_AUTHENTICATE, challenge));
        }
        let wrong = |Mistake { member, what }: &Mistake| Wrong { member: member.clone(), detail: what.clone() };
        let problem = Problem {
            title: status.canonical_reason().unwrap_or_default(),
            status: status.as_u16(),
            detail: self.to_string(),
            reference: reference.to_string(),
            errors: if let Self::Mistakes(mistakes) = self { mistakes.iter().map(wrong).collect() } else { Vec::new() },
        };
        answer.content_type("application/problem+json");
        answer.body(serde_json::to_string(&problem).expect("texts serialize"))
    }
}

impl ApiError {
    /// What a program has to show (RFC 6750, section 3).
    fn challenge(&self) -> Option<String> {
        match self {
            Self::NoKey => Some("Bearer realm=\"roomkey\"".to_owned()),
            Self::WrongKey => Some("Bearer realm=\"roomkey\", error=\"invalid_token\"".to_owned()),
            Self::Scope(scope) => {
                let scope = scope.as_str();
                Some(format!("Bearer realm=\"roomkey\", error=\"insufficient_scope\", scope=\"{scope}\""))
            }
            _ => None,
        }
    }

    fn log(&self, reference: LoginId) {
        macro_rules! line {
            ($level:ident) => {
                tracing::$level!(
                    login.id = %reference,
                    client.address = client::current().map(tracing::field::display),
                    "{reference}: the API refuses: {}",
                    chain(self),
                )
            };
        }
        match self {
            Self::Store(_) | Self::NotRecorded(_) => line!(error),
            Self::NoKey | Self::WrongKey | Self::Scope(_) => line!(warn),
            _ => line!(info),
        }
    }
}

//! `GET /oauth2/authorize`: the authorization request of Jitsi's front end (RFC 6749, section 4.1.1).

use std::borrow::Cow;
use std::future::{Ready, ready};
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, HttpResponse};

use super::back;
use crate::inline::{Inline, asks_for_renewal};
use crate::login::Mismatch;
use crate::provider::http::Http;
use crate::room::{BadRoom, Door, InlineRequest, JoinRequest, NotAChallenge};
use crate::web::app::Current;
use crate::web::cookies::Attempts;
use crate::web::enter;
use crate::web::error::PageError;
use crate::web::link::{AGAIN, Link, PROVIDER, STATE, Wanted};
use crate::web::query::{self, Parameter, QueryError};
use crate::web::visitor::Visitor;

pub(in crate::web) const CLIENT_ID: Parameter = Parameter { name: "client_id", max_bytes: 256 };
pub(in crate::web) const REDIRECT_URI: Parameter = Parameter { name: "redirect_uri", max_bytes: 2 * 1024 };
pub(in crate::web) const RESPONSE_TYPE: Parameter = Parameter { name: "response_type", max_bytes: 64 };
pub(in crate::web) const NONCE: Parameter = Parameter { name: "nonce", max_bytes: 256 };
pub(in crate::web) const CODE_CHALLENGE: Parameter = Parameter { name: "code_challenge", max_bytes: 128 };
pub(in crate::web) const CODE_CHALLENGE_METHOD: Parameter = Parameter { name: "code_challenge_method", max_bytes: 16 };
const RESPONSE_MODE: Parameter = Parameter { name: "response_mode", max_bytes: 64 };
const REQUEST: Parameter = Parameter { name: "request", max_bytes: 16 * 1024 };
const REQUEST_URI: Parameter = Parameter { name: "request_uri", max_bytes: 16 * 1024 };

const PROMPT: Parameter = Parameter { name: "prompt", max_bytes: 256 };
const MAX_AGE: Parameter = Parameter { name: "max_age", max_bytes: 32 };

/// The only `code_challenge_method`: with `plain` whoever sees the request could use the code.
pub(in crate::web) const S256: &str = "S256";

/// Why nobody is sent back to the front end: whoever asks may not be it, and the address may be a trap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrongClient {
    /// `client_id` is missing, or another than the configured one.
    #[error("`client_id` is not that of `[meeting.inline]`")]
    ClientId,
    /// `redirect_uri` is missing, or differs by as much as a letter.
    #[error("`redirect_uri` is not Jitsi's `/static/sso.html`")]
    RedirectUri,
}

/// Why the front end is sent back without a code, by what it asked for.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum AuthorizeError {
    /// One that is given twice, or too long.
    #[error("bad parameters")]
    Parameters(#[from] QueryError),
    /// Anything but `code`.
    #[error("`response_type` has to be `code`")]
    ResponseType,
    /// Anything but `query`.
    #[error("`response_mode` has to be `query`, or left out")]
    ResponseMode,
    /// `request` (OpenID Connect Core 1.0, section 6).
    #[error("`request` is not supported")]
    RequestObject,
    /// `request_uri`.
    #[error("`request_uri` is not supported")]
    RequestUri,
    /// PKCE has been left out.
    #[error("`code_challenge` is missing")]
    NoChallenge,
    /// `plain`, by name or by default (RFC 7636, section 4.3).
    #[error("`code_challenge_method` has to be `S256`")]
    Method,
    /// Nothing that `S256` gives.
    #[error("`code_challenge` is of no use")]
    Challenge(#[from] NotAChallenge),
    /// There is no room without it.
    #[error("`state` is missing")]
    NoState,
    /// `state` names no room, or one that cannot be.
    #[error("`state` names no meeting")]
    Room(#[from] BadRoom),
    /// A provider that is not there.
    #[error("`provider` names none")]
    Provider,
    /// More than the cookie of a login holds.
    #[error("no login can begin from it")]
    TooLarge(#[source] Mismatch),
    /// A word that there is not, or `none` beside others.
    #[error("`prompt` has to be `none`, or any of `login`, `consent` and `select_account`")]
    Prompt,
    /// No number.
    #[error("`max_age` has to be a number of seconds")]
    MaxAge,
    /// No page may be shown (`prompt=none`), and nobody is signed in who may enter without one.
    #[error("nobody is signed in who may enter without a page")]
    LoginRequired,
}

/// What the front end asks for.
#[derive(Debug, PartialEq)]
pub(in crate::web) enum Asked {
    /// A code for somebody who is yet to be known.
    Login(Box<Link>),
    /// To come straight back with this `state`, in which it keeps a refresh token.
    Renewal(String),
}

/// `GET /oauth2/authorize`
pub(in crate::web) async fn authorize(
    asked: Asked,
    visitor: Visitor,
    attempts: Attempts,
    app: Current,
    http: Data<Http>,
    request: HttpRequest,
) -> Result<HttpResponse, PageError> {
    match asked {
        Asked::Login(link) => enter::enter(*link, visitor, attempts, app, http, request).await,
        Asked::Renewal(state) => {
            let inline = app.inline.as_ref().ok_or(PageError::NoPage)?;
            Ok(back(inline, &[("state", &state)]))
        }
    }
}

impl Asked {
    /// Client and redirect URI come first: until both are right, nobody is sent anywhere (RFC 6749, section 4.1.2.1).
    fn read(inline: &Inline, raw_query: &str) -> Result<Self, PageError> {
        let [client_id, redirect_uri] = query::read(raw_query, [CLIENT_ID, REDIRECT_URI])?;
        if client_id.as_deref() != Some(&*inline.client_id) {
            return Err(WrongClient::ClientId.into());
        }
        if redirect_uri.as_deref() != Some(&*inline.redirect_uri) {
            return Err(WrongClient::RedirectUri.into());
        }
        Self::of_front_end(raw_query).map_err(|cause| {
            let [state] = query::read(raw_query, [STATE]).unwrap_or_default();
            PageError::Authorize { state: state.map(Cow::into_owned), cause }
        })
    }

    fn of_front_end(raw_query: &str) -> Result<Self, AuthorizeError> {
        let [state] = query::read(raw_query, [STATE])?;
        let state = state.filter(|state| !state.is_empty()).ok_or(AuthorizeError::NoState)?.into_owned();
        if asks_for_renewal(&state) {
            return Ok(Self::Renewal(state));
        }
        let [response_type, response_mode] = query::read(raw_query, [RESPONSE_TYPE, RESPONSE_MODE])?;
        let [by_value, by_reference] = query::read(raw_query, [REQUEST, REQUEST_URI])?;
        match (response_type.as_deref(), response_mode.as_deref()) {
            (Some("code"), None | Some("query")) => {}
            (Some("code"), _) => return Err(AuthorizeError::ResponseMode),
            _ => return Err(AuthorizeError::ResponseType),
        }
        if by_value.is_some() {
            return Err(AuthorizeError::RequestObject);
        }
        if by_reference.is_some() {
            return Err(AuthorizeError::RequestUri);
        }
        let [nonce, challenge, method] = query::read(raw_query, [NONCE, CODE_CHALLENGE, CODE_CHALLENGE_METHOD])?;
        let challenge = challenge.filter(|challenge| !challenge.is_empty()).ok_or(AuthorizeError::NoChallenge)?;
        if method.as_deref() != Some(S256) {
            return Err(AuthorizeError::Method);
        }
        let code_challenge = challenge.parse()?;
        let [prompt, max_age] = query::read(raw_query, [PROMPT, MAX_AGE])?;
        let (no_page, afresh) = prompted(prompt.as_deref().unwrap_or_default())?;
        let max_age = max_age.filter(|age| !age.is_empty()).map(|age| seconds(&age)).transpose()?;
        let [provider, again] = query::read(raw_query, [PROVIDER, AGAIN])?;
        let mut request = JoinRequest::from_state(&state)?;
        let nonce = nonce.filter(|nonce| !nonce.is_empty()).map(Cow::into_owned);
        request.door = Door::Inline(Box::new(InlineRequest { state, nonce, code_challenge }));
        let provider = provider.map(|id| id.parse()).transpose().map_err(|_| AuthorizeError::Provider)?;
        let link = Link {
            lost_before: again.and_then(|again| again.parse().ok()).unwrap_or(0),
            other: afresh,
            wanted: Wanted { no_page, max_age },
            ..Link::to(request, provider)
        };
        Ok(Self::Login(Box::new(link.with_own(raw_query)?)))
    }
}

/// Whether `prompt` forbids pages, and whether it asks for a login whoever is signed in. There is nothing to consent to.
fn prompted(prompt: &str) -> Result<(bool, bool), AuthorizeError> {
    let words: Vec<&str> = prompt.split(' ').filter(|word| !word.is_empty()).collect();
    if words == ["none"] {
        return Ok((true, false));
    }
    let mut afresh = false;
    for word in words {
        match word {
            "login" | "select_account" => afresh = true,
            "consent" => {}
            _ => return Err(AuthorizeError::Prompt),
        }
    }
    Ok((false, afresh))
}

fn seconds(text: &str) -> Result<Duration, AuthorizeError> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    // What is longer than any session asks for nothing.
    digits.then(|| Duration::from_secs(text.parse().unwrap_or(u64::MAX))).ok_or(AuthorizeError::MaxAge)
}

impl FromRequest for Asked {
    type Error = PageError;
    type Future = Ready<Result<Self, PageError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let app = Current::of(request);
        ready(match &app.inline {
            Some(inline) => Self::read(inline, request.uri().query().unwrap_or_default()),
            None => Err(PageError::NoPage),
        })
    }
}

#[cfg(test)]
mod tests;

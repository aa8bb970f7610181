//! From the provider's response into the meeting.

use std::borrow::Cow;
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_SECURITY_POLICY;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use futures_util::future::{FutureExt, LocalBoxFuture};

use super::answer::{page, see_other};
use super::app::{App, Current};
use super::cookies::Attempts;
use super::error::{PageError, UnderWay};
use super::form::Form;
use super::language::Language;
use super::link::link_to;
use super::query::{self, Parameter};
use super::view::Relay;
use super::visitor::Visitor;
use super::{kind, record, welcome};
use crate::login::{LoginAttempt, LoginError, MAX_STATE_BYTES, Manner};
use crate::metrics::RequestKind;
use crate::provider::http::Http;
use crate::provider::{AuthenticationResponse, Provider, ProviderError, ProviderId, chain};

const STATE: Parameter = Parameter { name: "state", max_bytes: MAX_STATE_BYTES };
/// Entra's codes are the longest known, at some two thousand bytes.
const CODE: Parameter = Parameter { name: "code", max_bytes: 8 * 1024 };
const ERROR: Parameter = Parameter { name: "error", max_bytes: 256 };
const ISS: Parameter = Parameter { name: "iss", max_bytes: 2 * 1024 };
/// Apple's word for who they are, at their first login alone.
const USER: Parameter = Parameter { name: "user", max_bytes: 4 * 1024 };
/// Roomkey's own: the form was sent on by the page that [`relay`] gives.
pub(super) const RELAYED: Parameter = Parameter { name: "relayed", max_bytes: 1 };

/// What the browser brought back by its address.
pub(super) struct Returned {
    provider: ProviderId,
    state: Option<String>,
    response: AuthenticationResponse,
    relayed: bool,
}

/// The same, brought back by a form (OAuth 2.0 Form Post Response Mode).
pub(super) struct Posted(Returned);

/// `GET /callback/{provider}`, and where providers send people back to that know another program.
pub(super) async fn callback(
    returned: Returned,
    attempts: Attempts,
    visitor: Visitor,
    app: Current,
    http: Data<Http>,
    request: HttpRequest,
) -> Result<HttpResponse, PageError> {
    let attempt = returned.open(&app, &attempts)?;
    into_meeting(&app, &http, attempt, returned.response, &visitor, &request).await
}

/// `POST /callback/{provider}`: comes from the provider's site, hence without the cookies that `SameSite` holds back.
/// The first time it is sent on by a page of Roomkey's own.
pub(super) async fn callback_form(
    Posted(returned): Posted,
    attempts: Attempts,
    visitor: Visitor,
    app: Current,
    http: Data<Http>,
    request: HttpRequest,
) -> Result<HttpResponse, PageError> {
    match returned.open(&app, &attempts) {
        Err(PageError::NoLogin { cause: LoginError::Lost(_), .. }) if !returned.relayed => {
            Ok(relay(&returned, &app, &request))
        }
        attempt => into_meeting(&app, &http, attempt?, returned.response, &visitor, &request).await,
    }
}

/// Verifies the response to this browser's own attempt, and leads into the meeting.
pub(super) async fn into_meeting(
    app: &App,
    http: &Http,
    attempt: LoginAttempt,
    response: AuthenticationResponse,
    visitor: &Visitor,
    request: &HttpRequest,
) -> Result<HttpResponse, PageError> {
    let Provider::Redirect(provider) = &app.provider(attempt.provider())?.provider else {
        return Err(PageError::NoProvider);
    };
    kind::is(RequestKind::Callback);
    let (login, manner) = (UnderWay::of(&attempt), attempt.manner());
    let came = app.clock.now();
    let proved = match provider.verify(http, attempt, response, came).await {
        Ok(proved) => proved,
        Err(ProviderError::Refused { .. }) if manner == Manner::Silent => {
            return Ok(ask_aloud(app, &login, visitor, request).await);
        }
        Err(cause) => return Err(login.ended(cause.into())),
    };
    if let Err(cause) = app.use_up(&proved).await {
        return Err(login.ended(cause));
    }
    match app.let_in(&proved.identity, &login.request).await {
        Ok(admission) => welcome::person(app, login, &proved, admission, visitor, request, came).await,
        Err(cause) => Err(login.by(&proved.identity).ended(cause)),
    }
}

/// The provider does not vouch for somebody without a word to them: their session ends, and they log in.
async fn ask_aloud(app: &App, login: &UnderWay, visitor: &Visitor, request: &HttpRequest) -> HttpResponse {
    if let Some(session) = visitor.session() {
        let provider = &login.provider;
        tracing::info!(provider.id = %provider, "a session ends: `{provider}` does not vouch for its person unasked");
        if let Err(error) = app.keeper.end(session).await {
            tracing::warn!(error = chain(&error), "a session that was to end goes on until it ends by itself");
        }
        record::logged_out(&app.trail, session, "not-vouched-for", &record::client(request)).await;
    }
    visitor.ends();
    see_other(&format!("{}{}", app.public_url, link_to(&login.request, Some(&login.provider), 0, app.inline.as_ref())))
}

/// Its script sends it on at once; without scripts the visitor does, by its button.
fn relay(returned: &Returned, app: &App, request: &HttpRequest) -> HttpResponse {
    let response = &returned.response;
    let fields = [
        (STATE, &returned.state),
        (CODE, &response.code),
        (ERROR, &response.error),
        (ISS, &response.iss),
        (USER, &response.user),
    ];
    let fields = fields.into_iter().filter_map(|(field, value)| Some((field.name, value.as_deref()?)));
    relay_to(format!("{}/callback/{}", app.root, returned.provider), fields.collect(), app, request)
}

/// The page that sends these fields on to `action` from Roomkey's own site, with its cookies.
pub(super) fn relay_to(
    action: String,
    mut fields: Vec<(&'static str, &str)>,
    app: &App,
    request: &HttpRequest,
) -> HttpResponse {
    fields.push((RELAYED.name, "1"));
    let frame = app.frame(Language::of_reader(request, None));
    let mut answer = page(&Relay { frame, what: "relay.what", action, fields });
    answer.headers_mut().insert(CONTENT_SECURITY_POLICY, app.headers.form_leads_on.clone());
    answer
}

impl Returned {
    fn read(request: &HttpRequest, encoded: &str) -> Result<Self, PageError> {
        let path = request.uri().path();
        let provider = match path.strip_prefix("/callback/") {
            Some(provider) => provider.parse().map_err(|_| PageError::NoProvider)?,
            None => Current::of(request).former_clients.provider_at(path).ok_or(PageError::NoPage)?.clone(),
        };
        let [state, code, error, iss, user, relayed] =
            query::read(encoded, [STATE, CODE, ERROR, ISS, USER, RELAYED])?.map(|value| value.map(Cow::into_owned));
        let response = AuthenticationResponse { code, error, iss, user, ..AuthenticationResponse::default() };
        Ok(Self { provider, state, response, relayed: relayed.is_some() })
    }

    /// The login of this browser that it answers.
    fn open(&self, app: &App, attempts: &Attempts) -> Result<LoginAttempt, PageError> {
        attempts.open(app, &self.provider, self.state.as_deref())
    }
}

impl FromRequest for Returned {
    type Error = PageError;
    type Future = Ready<Result<Self, PageError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::read(request, request.uri().query().unwrap_or_default()))
    }
}

impl FromRequest for Posted {
    type Error = PageError;
    type Future = LocalBoxFuture<'static, Result<Self, PageError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (form, request) = (<Form>::from_request(request, payload), request.clone());
        async move {
            let Form(form) = form.await?;
            Ok(Self(Returned::read(&request, &form)?))
        }
        .boxed_local()
    }
}

#[cfg(test)]
mod tests;

//! From the provider's response into the meeting.

use std::borrow::Cow;
use std::future::{Ready, ready};
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_SECURITY_POLICY, SET_COOKIE};
use actix_web::web::{self, Data};
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse};
use futures_util::future::{FutureExt, LocalBoxFuture};

use super::answer::{page, see_other};
use super::app::{App, Current};
use super::cookies::Attempts;
use super::error::{PageError, RequestError, UnderWay};
use super::query::{self, Parameter};
use super::text::Text;
use super::view::Relay;
use super::{last_used, log};
use crate::login::{LoginAttempt, LoginError, MAX_STATE_BYTES, Mismatch};
use crate::provider::http::Http;
use crate::provider::{AuthenticationResponse, ProviderId};

const STATE: Parameter = Parameter { name: "state", max_bytes: MAX_STATE_BYTES };
/// Entra's codes are the longest known, at some two thousand bytes.
const CODE: Parameter = Parameter { name: "code", max_bytes: 8 * 1024 };
const ERROR: Parameter = Parameter { name: "error", max_bytes: 256 };
const ISS: Parameter = Parameter { name: "iss", max_bytes: 2 * 1024 };
/// Roomkey's own: the form was sent on by the page that [`relay`] gives.
const RELAYED: Parameter = Parameter { name: "relayed", max_bytes: 1 };

/// Longest form, in bytes: the parameters at their longest, with ID Tokens and claims that nobody asked for.
const MAX_FORM_BYTES: usize = 32 * 1024;

/// How long a form may take to arrive.
const FORM_TIMEOUT: Duration = Duration::from_secs(10);

/// What the browser brought back by its address.
pub(super) struct Returned {
    provider: ProviderId,
    state: Option<String>,
    response: AuthenticationResponse,
    relayed: bool,
}

/// The same, brought back by a form (OAuth 2.0 Form Post Response Mode).
pub(super) struct Posted(Returned);

/// `GET /callback/{provider}`
pub(super) async fn callback(
    returned: Returned,
    attempts: Attempts,
    app: Current,
    http: Data<Http>,
) -> Result<HttpResponse, PageError> {
    let attempt = returned.open(&app, &attempts)?;
    into_meeting(&app, &http, attempt, returned.response).await
}

/// `POST /callback/{provider}`: comes from the provider's site, hence without the cookies that `SameSite` holds back.
/// The first time it is sent on by a page of Roomkey's own.
pub(super) async fn callback_form(
    Posted(returned): Posted,
    attempts: Attempts,
    app: Current,
    http: Data<Http>,
    request: HttpRequest,
) -> Result<HttpResponse, PageError> {
    match returned.open(&app, &attempts) {
        Err(PageError::NoLogin { cause: LoginError::Lost(_), .. }) if !returned.relayed => {
            Ok(relay(&returned, &app, &request))
        }
        attempt => into_meeting(&app, &http, attempt?, returned.response).await,
    }
}

async fn into_meeting(
    app: &App,
    http: &Http,
    attempt: LoginAttempt,
    response: AuthenticationResponse,
) -> Result<HttpResponse, PageError> {
    let entry = app.provider(attempt.provider())?;
    let login = UnderWay::of(&attempt);
    let came = app.clock.now();
    match app.admit(http, &entry.provider, &login.request, attempt, response).await {
        Ok(admission) => {
            log::entered(&login, &admission.grant, app.clock.now().duration_since(came));
            let mut answer = see_other(admission.link.as_str());
            if app.has_choice() {
                answer.headers_mut().append(SET_COOKIE, last_used::remember(app.cookies, &login.provider));
            }
            Ok(answer)
        }
        Err(cause) => Err(login.ended(cause)),
    }
}

/// Its script sends it on at once; without scripts the visitor does, by its button.
fn relay(returned: &Returned, app: &App, request: &HttpRequest) -> HttpResponse {
    let response = &returned.response;
    let fields = [(STATE, &returned.state), (CODE, &response.code), (ERROR, &response.error), (ISS, &response.iss)];
    let mut answer = page(&Relay {
        frame: app.frame(Text::for_reader(request, None)),
        action: format!("{}/callback/{}", app.root, returned.provider),
        fields: fields.into_iter().filter_map(|(field, value)| Some((field.name, value.as_deref()?))).collect(),
    });
    answer.headers_mut().insert(CONTENT_SECURITY_POLICY, app.headers.form_leads_on.clone());
    answer
}

impl Returned {
    fn read(request: &HttpRequest, encoded: &str) -> Result<Self, PageError> {
        let provider = request.uri().path().strip_prefix("/callback/").ok_or(PageError::NoPage)?;
        let provider = provider.parse().map_err(|_| PageError::NoProvider)?;
        let [state, code, error, iss, relayed] =
            query::read(encoded, [STATE, CODE, ERROR, ISS, RELAYED])?.map(|value| value.map(Cow::into_owned));
        Ok(Self { provider, state, response: AuthenticationResponse { code, error, iss }, relayed: relayed.is_some() })
    }

    /// The login of this browser that it answers.
    fn open(&self, app: &App, attempts: &Attempts) -> Result<LoginAttempt, PageError> {
        let no_login = |cause| PageError::NoLogin { provider: self.provider.clone(), cause };
        let state = self.state.as_deref().ok_or_else(|| no_login(LoginError::NotYours(Mismatch::State)))?;
        let cookie = |tag: &str| attempts.take(app.cookies, tag);
        LoginAttempt::open(state, &self.provider, cookie, &app.sealer, app.clock.now()).map_err(no_login)
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
        let request = request.clone();
        let payload = web::Payload::from_request(&request, payload).into_inner();
        async move {
            if !request.content_type().eq_ignore_ascii_case("application/x-www-form-urlencoded") {
                return Err(RequestError::NoForm.into());
            }
            let payload = payload.map_err(|_| RequestError::BodyBroken)?;
            let form = actix_web::rt::time::timeout(FORM_TIMEOUT, payload.to_bytes_limited(MAX_FORM_BYTES)).await;
            let form = form.map_err(|_| RequestError::BodyTooSlow)?.map_err(|_| RequestError::BodyTooLong)?;
            let form = form.map_err(|_| RequestError::BodyBroken)?;
            let form = std::str::from_utf8(&form).map_err(|_| RequestError::NoForm)?;
            Ok(Self(Returned::read(&request, form)?))
        }
        .boxed_local()
    }
}

#[cfg(test)]
mod tests;

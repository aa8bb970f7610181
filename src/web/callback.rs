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
mod tests {
    use std::time::Duration;

    use actix_web::test::TestRequest;

    use crate::clock::Clock;
    use crate::web::testing::{Answer, Browser, app, browser, noon};

    struct Scene {
        browser: Browser,
        clock: Clock,
    }

    async fn scene() -> Scene {
        let clock = Clock::standing_at(noon());
        Scene { browser: browser(app(&["work", "school"], &clock)).await, clock }
    }

    const LINK: &str = "/room/standup?provider=work";

    fn title(answer: &Answer) -> &str {
        answer.body.split_once("<h1>").unwrap().1.split_once("</h1>").unwrap().0
    }

    fn form(body: String) -> TestRequest {
        TestRequest::post()
            .uri("/callback/work")
            .insert_header(("content-type", "application/x-www-form-urlencoded"))
            .set_payload(body)
    }

    #[actix_web::test]
    async fn a_declined_login_can_be_tried_again() {
        let Scene { mut browser, .. } = scene().await;
        let state = browser.begin("/room/standup?provider=work&state=%7B%22ios%22%3Atrue%7D").await;

        let answer = browser.get(&format!("/callback/work?error=access_denied&state={state}")).await;

        assert_eq!((answer.status.as_u16(), title(&answer)), (403, "You weren’t logged in"));
        assert_eq!(answer.button().as_deref(), Some("/room/standup?state=%7B%22ios%22%3Atrue%7D"));
        assert_eq!(browser.held(), 0, "its cookie is dropped");
    }

    #[actix_web::test]
    async fn a_provider_that_cannot_be_reached_is_told_so() {
        let Scene { mut browser, .. } = scene().await;
        let state = browser.begin(LINK).await;

        let answer = browser.get(&format!("/callback/work?code=c&state={state}")).await;

        assert_eq!((answer.status.as_u16(), title(&answer)), (502, "The login isn’t answering"));
        assert_eq!(answer.button().as_deref(), Some("/room/standup"));
    }

    #[actix_web::test]
    async fn a_provider_that_does_not_know_roomkey_is_for_the_administrator() {
        let Scene { mut browser, .. } = scene().await;
        let state = browser.begin(LINK).await;

        let answer = browser.get(&format!("/callback/work?error=unauthorized_client&state={state}")).await;

        assert_eq!((answer.status.as_u16(), title(&answer)), (502, "The login isn’t set up right"));
        assert_eq!(answer.button(), None);
    }

    #[actix_web::test]
    async fn a_response_without_code_and_error_is_not_trusted() {
        let Scene { mut browser, .. } = scene().await;
        let state = browser.begin(LINK).await;

        let answer = browser.get(&format!("/callback/work?state={state}")).await;

        assert_eq!((answer.status.as_u16(), title(&answer)), (400, "Your login couldn’t be confirmed"));
    }

    #[actix_web::test]
    async fn a_login_lost_twice_in_a_row_is_explained_instead_of_begun_again() {
        let Scene { mut browser, .. } = scene().await;
        browser.keeps_cookies = false;

        let state = browser.begin(LINK).await;
        let once = browser.get(&format!("/callback/work?code=c&state={state}")).await;
        let again = once.button().unwrap();
        let state = browser.begin(&again).await;
        let twice = browser.get(&format!("/callback/work?code=c&state={state}")).await;

        assert_eq!((once.status.as_u16(), title(&once)), (400, "Your login got lost on the way"));
        assert_eq!(again, "/room/standup?provider=work&again=1");
        assert_eq!((twice.status.as_u16(), title(&twice)), (400, "Your browser doesn’t keep the login"));
        assert_eq!(twice.button(), None);
        assert!(twice.body.contains("<bdi>https://sso.example.com</bdi>"));
    }

    #[actix_web::test]
    async fn a_login_that_took_too_long_can_be_begun_again_once() {
        let Scene { mut browser, clock } = scene().await;

        let state = browser.begin(LINK).await;
        clock.set(noon() + Duration::from_mins(10));
        let once = browser.get(&format!("/callback/work?code=c&state={state}")).await;
        let state = browser.begin(&once.button().unwrap()).await;
        clock.set(noon() + Duration::from_mins(20));
        let twice = browser.get(&format!("/callback/work?code=c&state={state}")).await;

        assert_eq!((once.status.as_u16(), title(&once)), (400, "That took too long"));
        assert_eq!((twice.status.as_u16(), title(&twice)), (400, "That took too long again"));
        assert_eq!(twice.button(), None);
    }

    #[actix_web::test]
    async fn a_response_is_good_once() {
        let Scene { mut browser, .. } = scene().await;
        let state = browser.begin(LINK).await;
        let response = format!("/callback/work?error=access_denied&state={state}");

        browser.get(&response).await;
        let second = browser.get(&response).await;

        assert_eq!(title(&second), "Your login got lost on the way");
    }

    #[actix_web::test]
    async fn a_response_at_the_redirect_uri_of_another_provider_is_refused() {
        let Scene { mut browser, .. } = scene().await;
        let state = browser.begin(LINK).await;

        let answer = browser.get(&format!("/callback/school?code=c&state={state}")).await;

        assert_eq!((answer.status.as_u16(), title(&answer)), (400, "This answer belongs to another login"));
        assert_eq!(answer.button(), None);
    }

    #[actix_web::test]
    async fn a_response_without_a_state_of_roomkeys_is_refused() {
        let Scene { mut browser, .. } = scene().await;
        browser.begin(LINK).await;

        for query in ["code=c", "code=c&state=", "code=c&state=forged"] {
            let answer = browser.get(&format!("/callback/work?{query}")).await;
            assert_eq!(
                (answer.status.as_u16(), title(&answer)),
                (400, "This answer belongs to another login"),
                "{query}"
            );
        }
    }

    #[actix_web::test]
    async fn a_parameter_given_twice_is_refused() {
        let Scene { mut browser, .. } = scene().await;
        let state = browser.begin(LINK).await;

        let answer = browser.get(&format!("/callback/work?code=c&state={state}&state={state}")).await;

        assert_eq!((answer.status.as_u16(), title(&answer)), (400, "The link is damaged"));
        assert_eq!(browser.held(), 1, "the login goes on");
    }

    #[actix_web::test]
    async fn a_cross_site_form_is_sent_on_from_roomkeys_own_origin() {
        let Scene { mut browser, .. } = scene().await;
        let state = browser.begin(LINK).await;
        let body = format!("error=access_denied&state={state}&iss=https%3A%2F%2Fwork.invalid&id_token=x");
        let cookies = std::mem::take(&mut browser.cookies);

        let relay = browser.send(form(body.clone())).await;
        browser.cookies = cookies;
        let end = browser.send(form(format!("{body}&relayed=1"))).await;

        assert_eq!((relay.status.as_u16(), title(&relay)), (200, "One moment"));
        assert!(relay.body.contains(r#"<form method="post" action="/callback/work">"#));
        assert!(relay.body.contains(&format!(r#"<input type="hidden" name="state" value="{state}">"#)));
        assert!(relay.body.contains(r#"<input type="hidden" name="error" value="access_denied">"#));
        assert!(relay.body.contains(r#"<input type="hidden" name="iss" value="https://work.invalid">"#));
        assert!(!relay.body.contains("id_token"));
        assert!(
            relay
                .header("content-security-policy")
                .contains("script-src 'self'; form-action 'self' https://meet.example.com")
        );
        assert_eq!((end.status.as_u16(), title(&end)), (403, "You weren’t logged in"));
    }

    #[actix_web::test]
    async fn a_form_that_was_sent_on_in_vain_is_lost() {
        let Scene { mut browser, .. } = scene().await;
        browser.keeps_cookies = false;
        let state = browser.begin(LINK).await;

        let answer = browser.send(form(format!("code=c&state={state}&relayed=1"))).await;

        assert_eq!((answer.status.as_u16(), title(&answer)), (400, "Your login got lost on the way"));
    }

    #[actix_web::test]
    async fn a_form_that_comes_with_its_cookie_is_not_sent_on() {
        let Scene { mut browser, .. } = scene().await;
        let state = browser.begin(LINK).await;

        let answer = browser.send(form(format!("error=access_denied&state={state}"))).await;

        assert_eq!(title(&answer), "You weren’t logged in");
    }

    #[actix_web::test]
    async fn a_body_that_is_no_form_or_too_long_is_refused() {
        let Scene { mut browser, .. } = scene().await;

        let json = browser.send(form("{}".to_owned()).insert_header(("content-type", "application/json"))).await;
        let fits = browser.send(form("x".repeat(super::MAX_FORM_BYTES))).await;
        let over = browser.send(form("x".repeat(super::MAX_FORM_BYTES + 1))).await;
        let binary = browser.send(form(String::new()).set_payload(&b"\xff"[..])).await;

        let statuses = [json, fits, over, binary].map(|answer| answer.status.as_u16());
        assert_eq!(statuses, [415, 400, 413, 415]);
    }
}

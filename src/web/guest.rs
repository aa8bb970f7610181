//! A guest's way in: a page that asks for a name, and its form.

use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_SECURITY_POLICY;
use actix_web::{HttpRequest, HttpResponse};

use super::answer::page;
use super::app::App;
use super::cookies::Attempts;
use super::error::{PageError, UnderWay};
use super::language::Language;
use super::login_form::begin_again;
use super::problem::readable;
use super::query::{self, Parameter};
use super::view::AskName;
use super::welcome;
use crate::login::{LoginAttempt, MAX_STATE_BYTES, NewAttempt};
use crate::provider::ProviderId;
use crate::provider::guest::{GuestName, GuestNameError, GuestProvider};

const STATE: Parameter = Parameter { name: "state", max_bytes: MAX_STATE_BYTES };
/// Longer than any name, so that one which is too long is told so by the page that asks.
const NAME: Parameter = Parameter { name: "name", max_bytes: 4 * 1024 };

/// The page that asks for a name, with the cookie of the attempt that the answer will belong to.
pub(super) fn ask(
    attempt: &NewAttempt,
    wrong: Option<GuestNameError>,
    attempts: &Attempts,
    app: &App,
    request: &HttpRequest,
) -> HttpResponse {
    let state = attempt.state();
    let mut answer = page(&AskName {
        frame: app.frame(Language::of_reader(request, Some(attempt.request()))),
        action: format!("{}/login/{}", app.root, attempt.provider()),
        state: state.secret(),
        meeting: readable(attempt.request()),
        longest: GuestName::MAX_UNITS,
        wrong: wrong.map(sentence),
    });
    if wrong.is_some() {
        *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    answer.headers_mut().insert(CONTENT_SECURITY_POLICY, app.headers.form_leads_on.clone());
    attempts.keep_by(&mut answer, app.cookies, attempt.sealed());
    answer
}

pub(super) fn sentence(wrong: GuestNameError) -> &'static str {
    match wrong {
        GuestNameError::Empty => "guest.empty",
        GuestNameError::TooLong => "guest.long",
        GuestNameError::Invisible { .. } => "guest.invisible",
    }
}

/// Takes the name, and sends the guest into the meeting if a rule lets guests in.
pub(super) async fn enter(
    guests: &GuestProvider,
    provider: ProviderId,
    form: &str,
    attempts: &Attempts,
    app: &App,
    request: &HttpRequest,
) -> Result<HttpResponse, PageError> {
    let [state, name] = query::read(form, [STATE, NAME])?;
    let attempt = attempts.open(app, &provider, state.as_deref())?;
    let name: GuestName = match name.unwrap_or_default().parse() {
        Ok(name) => name,
        Err(wrong) => return ask_again(&attempt, wrong, attempts, app, request),
    };
    let login = UnderWay::of(&attempt);
    let guest = guests.welcome(name).identity;
    match app.let_in(&guest, &login.request).await {
        Ok(admission) => welcome::guest(app, login, admission, request).await,
        Err(cause) => Err(login.by(&guest).ended(cause)),
    }
}

/// An attempt is good for one answer, so that a name which is refused begins another.
fn ask_again(
    attempt: &LoginAttempt,
    wrong: GuestNameError,
    attempts: &Attempts,
    app: &App,
    request: &HttpRequest,
) -> Result<HttpResponse, PageError> {
    let attempt = begin_again(attempt, app)?;
    Ok(ask(&attempt, Some(wrong), attempts, app, request))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use serde_json::Value;

    use crate::clock::Clock;
    use crate::web::testing::{Answer, Browser, app_for_guests, browser, noon};

    const ROOM: &str = "/room/standup?provider=guest";

    async fn site() -> Browser {
        browser(app_for_guests(&["work"], &Clock::standing_at(noon()))).await
    }

    /// The hidden `state` of the page's form.
    fn state(page: &Answer) -> String {
        let (_, after) = page.body.split_once(r#"name="state" value=""#).expect("a form");
        after.split_once('"').unwrap().0.to_owned()
    }

    async fn post(browser: &mut Browser, state: &str, name: &str) -> Answer {
        let form = [("state", state), ("name", name)];
        browser.send(TestRequest::post().uri("/login/guest").set_form(form)).await
    }

    #[actix_web::test]
    async fn a_guest_gives_a_name_and_enters_under_it() {
        let mut browser = site().await;
        let asked = browser.get(ROOM).await;

        let entered = post(&mut browser, &state(&asked), "Ada Lovelace").await;

        let token = entered.location().split_once("?jwt=").unwrap().1;
        let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
        let claims: Value = serde_json::from_slice(&claims).unwrap();
        assert!(entered.location().starts_with("https://meet.example.com/standup?jwt="));
        assert_eq!(claims["context"]["user"]["name"], "Ada Lovelace");
        assert_eq!(claims["context"]["user"]["moderator"], false);
        assert_eq!(browser.held(), 1, "the provider used last, and no login nor session");
    }

    #[actix_web::test]
    async fn a_name_that_cannot_be_one_is_asked_for_again() {
        let mut browser = site().await;
        let asked = browser.get(ROOM).await;

        let again = post(&mut browser, &state(&asked), "A\u{202e}da").await;
        let entered = post(&mut browser, &state(&again), "Ada").await;

        assert_eq!((again.status.as_u16(), entered.status.as_u16()), (422, 303));
        assert!(again.body.contains("aria-invalid=\"true\""), "{}", again.body);
        assert!(!again.body.contains('\u{202e}'));
    }

    #[actix_web::test]
    async fn a_form_is_good_for_one_answer_and_for_the_browser_it_was_given_to() {
        let (mut browser, mut another) = (site().await, site().await);
        let asked = browser.get(ROOM).await;

        let elsewhere = post(&mut another, &state(&asked), "Eve").await;
        let first = post(&mut browser, &state(&asked), "Ada").await;
        let second = post(&mut browser, &state(&asked), "Ada").await;
        let forged = post(&mut browser, "x", "Ada").await;

        let statuses = [elsewhere, first, second, forged].map(|answer| answer.status.as_u16());
        assert_eq!(statuses, [400, 303, 400, 400]);
    }

    #[actix_web::test]
    async fn a_guest_is_refused_where_no_rule_names_guests() {
        let mut browser = site().await;
        let asked = browser.get("/room/board?provider=guest").await;

        let refused = post(&mut browser, &state(&asked), "Ada").await;

        assert_eq!(refused.status.as_u16(), 403);
        assert!(refused.body.contains("You can’t enter this meeting"));
        assert!(browser.get("/room/board").await.location().starts_with("https://work.invalid/"), "not even offered");
    }

    #[actix_web::test]
    async fn other_providers_take_no_names() {
        let mut browser = site().await;
        let form = [("state", "x"), ("name", "Ada")];

        let posted = browser.send(TestRequest::post().uri("/login/work").set_form(form)).await;

        assert_eq!(posted.status.as_u16(), 404);
    }
}

use std::time::Duration;

use actix_web::test::TestRequest;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use super::*;
use crate::clock::Clock;
use crate::pass::{NewPass, Wish};
use crate::policy::{Outcome, Permit, Policy, Role, Rule, Window};
use crate::store::{Sessions, Store};
use crate::web::app::Parts;
use crate::web::testing::{Answer, Browser, PUBLIC_URL, browser, noon, parts};

/// A site where holders of passes enter the rooms `visit-…`, and only who logs in enters `ward-…`.
struct Place {
    store: Store,
    clock: Clock,
    folder: tempfile::TempDir,
}

impl Place {
    async fn set() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&format!("sqlite://{}/roomkey.db", folder.path().display())).unwrap();
        store.check().await.unwrap();
        Self { store, clock: Clock::standing_at(noon()), folder }
    }

    fn app(&self) -> App {
        let permit = Permit { role: Role::Participant, features: None, token_lifetime: None };
        let rule = |room: &str, providers: &[&str]| Rule {
            name: room.to_owned(),
            rooms: vec![room.parse().unwrap()],
            groups: Vec::new(),
            emails: Vec::new(),
            email_domains: Vec::new(),
            providers: providers.iter().map(|id| id.parse().unwrap()).collect(),
            claims: Vec::new(),
            members: None,
            when: None,
            passes: true,
            window: Window::default(),
            outcome: Outcome::Admit(permit.clone()),
        };
        let (store, sessions) = (self.store.clone(), Sessions::Store(self.store.clone()));
        let parts = parts(PUBLIC_URL, &["work"], &self.clock);
        let policy = Policy::new(vec![rule("visit-*", &[]), rule("ward-*", &["work"])], &["work".parse().unwrap()]);
        App::new(Parts { store, sessions, policy: policy.into(), ..parts })
    }

    async fn browser(&self) -> Browser {
        browser(self.app()).await
    }

    /// The path of a new pass, good until one.
    async fn pass(&self, wish: Wish) -> String {
        let wish = Wish { until: "2026-11-24T13:00:00Z".to_owned(), ..wish };
        let made = NewPass::make(&wish, noon()).unwrap();
        self.store.keep_passes(vec![made.pass.to_row()]).await.unwrap();
        format!("/pass/{}", made.code.expose())
    }

    async fn used(&self) -> Vec<i64> {
        assert!(self.folder.path().exists());
        self.store.passes(String::new(), 10).await.unwrap().iter().map(|row| row.used).collect()
    }
}

fn to(room: &str) -> Wish {
    Wish { rooms: vec![room.to_owned()], ..Wish::default() }
}

/// The hidden `token` of the page's form.
fn token(page: &Answer) -> String {
    let (_, after) = page.body.split_once(r#"name="token" value=""#).expect("a form");
    after.split_once('"').unwrap().0.to_owned()
}

async fn post(browser: &mut Browser, pass: &str, token: &str, name: &str) -> Answer {
    let form = [("token", token), ("name", name)];
    browser.send(TestRequest::post().uri(pass).set_form(form)).await
}

/// Opens the page and sends its form.
async fn enter(browser: &mut Browser, pass: &str, name: &str) -> Answer {
    let page = browser.get(pass).await;
    post(browser, pass, &token(&page), name).await
}

fn claims(entered: &Answer) -> Value {
    let token = entered.location().split_once("?jwt=").unwrap().1;
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
    serde_json::from_slice(&claims).unwrap()
}

#[actix_web::test]
async fn a_holder_gives_a_name_and_enters_for_as_long_as_the_pass_is_good() {
    let place = Place::set().await;
    let pass = place.pass(to("visit-1")).await;
    let mut browser = place.browser().await;
    place.clock.set("2026-11-24T12:58:00Z".parse().unwrap());

    let entered = enter(&mut browser, &pass, "Ada").await;

    let claims = claims(&entered);
    assert!(entered.location().starts_with("https://meet.example.com/visit-1?jwt="));
    assert_eq!((&claims["room"], &claims["context"]["user"]["name"]), (&"visit-1".into(), &"Ada".into()));
    let until: Timestamp = "2026-11-24T13:00:00Z".parse().unwrap();
    assert_eq!(claims["exp"], until.as_second(), "though tokens last five minutes");
}

#[actix_web::test]
async fn who_only_looks_uses_nothing() {
    let place = Place::set().await;
    let pass = place.pass(Wish { uses: Some(1), ..to("visit-1") }).await;
    let mut scanner = place.browser().await;
    scanner.keeps_cookies = false;

    for link in [pass.clone(), format!("{pass}/calendar.ics"), format!("{pass}/qr.svg"), format!("{pass}/login")] {
        scanner.get(&link).await;
        scanner.send(TestRequest::with_uri(&link).method(actix_web::http::Method::HEAD)).await;
    }

    assert_eq!(place.used().await, [0]);
    assert_eq!(enter(&mut place.browser().await, &pass, "Ada").await.status.as_u16(), 303);
}

#[actix_web::test]
async fn a_pass_for_one_use_lets_in_once() {
    let place = Place::set().await;
    let pass = place.pass(Wish { uses: Some(1), ..to("visit-1") }).await;
    let mut browser = place.browser().await;
    let page = browser.get(&pass).await;

    let first = post(&mut browser, &pass, &token(&page), "Ada").await;
    let second = post(&mut browser, &pass, &token(&page), "Ada").await;
    let looked = browser.get(&pass).await;

    assert_eq!([first, second, looked].map(|answer| answer.status.as_u16()), [303, 403, 403]);
    assert_eq!(place.used().await, [1]);
}

#[actix_web::test]
async fn the_same_browser_comes_back_as_the_same_person() {
    let place = Place::set().await;
    let pass = place.pass(Wish { people: Some(1), ..to("visit-1") }).await;
    let (mut browser, mut other) = (place.browser().await, place.browser().await);

    let first = enter(&mut browser, &pass, "Ada").await;
    let again = enter(&mut browser, &pass, "Ada L.").await;
    let somebody_else = enter(&mut other, &pass, "Ben").await;

    assert_eq!(claims(&first)["context"]["user"]["id"], claims(&again)["context"]["user"]["id"]);
    assert_eq!(somebody_else.status.as_u16(), 403);
    assert!(somebody_else.body.contains("<h1>This invitation is used up</h1>"));
    assert_eq!(place.used().await, [1]);
}

#[actix_web::test]
async fn before_its_time_a_pass_counts_down_and_lets_nobody_in() {
    let place = Place::set().await;
    let pass = place.pass(Wish { from: Some("2026-11-24T12:30:00Z".to_owned()), ..to("visit-1") }).await;
    let mut browser = place.browser().await;

    let early = browser.get(&pass).await;
    let too_early = post(&mut browser, &pass, &token(&early), "Ada").await;
    let by_login = browser.get(&format!("{pass}/login")).await;
    place.clock.set("2026-11-24T12:30:00Z".parse().unwrap());
    let entered = post(&mut browser, &pass, &token(&early), "Ada").await;

    assert!(early.body.contains("data-seconds=\"1800\"") && !early.body.contains("<button"), "{}", early.body);
    assert!(early.body.contains("<noscript><meta http-equiv=\"refresh\" content=\"1801\"></noscript>"));
    assert_eq!([too_early.status.as_u16(), by_login.status.as_u16()], [200, 200]);
    assert!(too_early.body.contains("data-seconds=\"1800\""));
    assert!(entered.location().starts_with("https://meet.example.com/visit-1?jwt="));
}

#[actix_web::test]
async fn late_and_withdrawn_are_told_to_who_has_the_code() {
    let place = Place::set().await;
    let (late, withdrawn) = (place.pass(to("visit-1")).await, place.pass(to("visit-1")).await);
    let mut browser = place.browser().await;
    let form = token(&browser.get(&late).await);
    let code: PassCode = withdrawn.trim_start_matches("/pass/").parse().unwrap();
    let id = place.store.pass(code.fingerprint()).await.unwrap().unwrap().id;
    place.store.withdraw_pass(id, noon().as_second()).await.unwrap();

    let taken_back = [browser.get(&withdrawn).await, post(&mut browser, &withdrawn, &form, "Ada").await];
    place.clock.set(noon() + Duration::from_hours(1));
    let ended = [browser.get(&late).await, post(&mut browser, &late, &form, "Ada").await];

    for (answers, title) in [(taken_back, "This invitation was withdrawn"), (ended, "This invitation has ended")] {
        for answer in answers {
            assert_eq!(answer.status.as_u16(), 410);
            assert!(answer.body.contains(&format!("<h1>{title}</h1>")), "{}", answer.body);
        }
    }
    assert_eq!(place.used().await, [0, 0]);
}

#[actix_web::test]
async fn a_code_that_nobody_has_and_no_code_at_all_are_told_alike() {
    let place = Place::set().await;
    let mut browser = place.browser().await;
    let without_reference = |answer: Answer| {
        let (before, after) =
            answer.body.split_once("<bdi class=\"reference\"").map_or((&*answer.body, ""), |parts| parts);
        (answer.status, before.to_owned(), after.split_once("</bdi>").map(|(_, rest)| rest.to_owned()))
    };

    let unknown = browser.get(&format!("/pass/{}", PassCode::random().expose())).await;
    let others = ["/pass/x", "/pass/%00%ff", "/pass/aaaaaaaaaaaaaaaaaaaaaaaaaz"];

    assert_eq!(unknown.status.as_u16(), 404);
    let unknown = without_reference(unknown);
    for other in others {
        assert_eq!(without_reference(browser.get(other).await), unknown, "{other}");
    }
}

#[actix_web::test]
async fn who_tries_codes_has_to_wait() {
    let place = Place::set().await;
    let pass = place.pass(to("visit-1")).await;
    let mut browser = place.browser().await;
    let from = |uri: &str, address: &str| TestRequest::with_uri(uri).peer_addr(address.parse().unwrap());

    for _ in 0..61 {
        browser.send(from("/pass/wrong", "192.0.2.1:1")).await;
    }
    let held = browser.send(from(&pass, "192.0.2.1:1")).await;
    let elsewhere = browser.send(from(&pass, "192.0.2.2:1")).await;
    place.clock.set(noon() + Duration::from_secs(10));
    let later = browser.send(from(&pass, "192.0.2.1:1")).await;

    assert_eq!((held.status.as_u16(), held.header("retry-after")), (429, "10"));
    assert_eq!((elsewhere.status.as_u16(), later.status.as_u16()), (200, 200));
}

#[actix_web::test]
async fn another_site_cannot_send_the_form() {
    let place = Place::set().await;
    let pass = place.pass(Wish { uses: Some(1), ..to("visit-1") }).await;
    let (mut browser, mut other) = (place.browser().await, place.browser().await);
    let page = browser.get(&pass).await;

    let without_cookie = post(&mut other, &pass, &token(&page), "Ada").await;
    let without_token = post(&mut browser, &pass, "", "Ada").await;
    other.get(&pass).await;
    let of_another = post(&mut other, &pass, &token(&page), "Ada").await;

    assert_eq!([without_cookie, without_token, of_another].map(|answer| answer.status.as_u16()), [403; 3]);
    assert_eq!(place.used().await, [0]);
}

#[actix_web::test]
async fn a_name_that_cannot_be_one_is_asked_for_again() {
    let place = Place::set().await;
    let pass = place.pass(to("visit-1")).await;
    let mut browser = place.browser().await;

    let again = enter(&mut browser, &pass, "A\u{202e}da").await;

    assert_eq!(again.status.as_u16(), 422);
    assert!(again.body.contains("aria-invalid=\"true\"") && !again.body.contains('\u{202e}'));
}

#[actix_web::test]
async fn a_pass_for_several_rooms_asks_for_one_of_them() {
    let place = Place::set().await;
    let pass = place.pass(to("{visit-*,acme/visit-*}")).await;
    let mut browser = place.browser().await;

    let asked = browser.get(&pass).await;
    let another = browser.get(&format!("{pass}?room=board")).await;
    let chosen = browser.get(&format!("{pass}?room=Visit-7")).await;
    let form = [("token", token(&chosen)), ("name", "Ada".to_owned()), ("room", "visit-7".to_owned())];
    let entered = browser.send(TestRequest::post().uri(&pass).set_form(form)).await;

    assert!(asked.body.contains("Which meeting do you want to enter?"), "{}", asked.body);
    assert_eq!(another.status.as_u16(), 422);
    assert!(chosen.body.contains("name=\"room\" value=\"visit-7\""), "{}", chosen.body);
    assert!(entered.location().starts_with("https://meet.example.com/visit-7?jwt="));
}

#[actix_web::test]
async fn where_a_rule_wants_a_login_beside_the_pass_the_page_leads_to_it() {
    let place = Place::set().await;
    let pass = place.pass(to("ward-1")).await;
    let mut browser = place.browser().await;

    let page = browser.get(&pass).await;
    let login = page.button().unwrap();
    let provider = browser.get(&login).await;

    assert_eq!(login, format!("{pass}/login"));
    assert!(provider.location().starts_with("https://work.invalid/authorize?"), "{}", provider.location());
    assert!(!provider.location().contains(pass.trim_start_matches("/pass/")));
}

#[actix_web::test]
async fn a_pass_that_no_rule_admits_opens_nothing() {
    let place = Place::set().await;
    let pass = place.pass(to("board")).await;
    let mut browser = place.browser().await;

    let page = browser.get(&pass).await;
    let login = page.button().unwrap();
    let form =
        Holder::recall(&cookie_headers(&browser), crate::web::cookies::CookieNames::Secure).unwrap().form_token();
    let entered = post(&mut browser, &pass, &form, "Ada").await;

    assert_eq!((login, entered.status.as_u16()), (format!("{pass}/login"), 200), "asked to log in, which helps nobody");
    assert_eq!(place.used().await, [0]);
}

fn cookie_headers(browser: &Browser) -> actix_web::http::header::HeaderMap {
    let pairs: Vec<_> = browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    TestRequest::default().insert_header(("cookie", pairs.join("; "))).to_http_request().headers().clone()
}

#[actix_web::test]
async fn a_holder_takes_along_an_entry_for_the_calendar_and_a_picture() {
    let place = Place::set().await;
    let pass = place.pass(Wish { from: Some("2026-11-24T12:30:00Z".to_owned()), ..to("visit-1") }).await;
    let mut browser = place.browser().await;

    let calendar = browser.get(&format!("{pass}/calendar.ics")).await;
    let picture = browser.get(&format!("{pass}/qr.svg")).await;

    assert_eq!(calendar.header("content-type"), "text/calendar; charset=utf-8");
    let lines: Vec<_> = calendar.body.split("\r\n").collect();
    let unfolded = calendar.body.replace("\r\n ", "");
    assert!(lines.iter().all(|line| line.len() <= 75), "RFC 5545, section 3.1: {}", calendar.body);
    for line in ["BEGIN:VCALENDAR", "DTSTART:20261124T123000Z", "DTEND:20261124T130000Z", "SUMMARY:visit-1"] {
        assert!(lines.contains(&line), "{line} in {}", calendar.body);
    }
    assert!(unfolded.contains(&format!("URL:https://sso.example.com{pass}\r\n")), "{unfolded}");
    assert!(picture.body.contains("<svg") && picture.header("content-type") == "image/svg+xml");
    assert!(picture.header("content-security-policy").contains("sandbox"));
    let unknown = browser.get("/pass/x/qr.svg").await;
    assert_eq!(unknown.status.as_u16(), 404);
}

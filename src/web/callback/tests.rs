use std::time::Duration;

use actix_web::test::TestRequest;

use crate::clock::Clock;
use crate::web::form::MAX_BYTES;
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
        assert_eq!((answer.status.as_u16(), title(&answer)), (400, "This answer belongs to another login"), "{query}");
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
    let fits = browser.send(form("x".repeat(MAX_BYTES))).await;
    let over = browser.send(form("x".repeat(MAX_BYTES + 1))).await;
    let binary = browser.send(form(String::new()).set_payload(&b"\xff"[..])).await;

    let statuses = [json, fits, over, binary].map(|answer| answer.status.as_u16());
    assert_eq!(statuses, [415, 400, 413, 415]);
}

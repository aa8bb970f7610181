//! What the browser brings back (OpenID Connect Core 1.0, section 3.1.2.5; RFC 9207).

use crate::script::{error, parameter, parameters};
use crate::stage::Stage;
use crate::support::ending::{
    CANCELLED, DAMAGED, DOWN, NOT_YOURS, STAFF_MODERATE, TURNED_AWAY, UNTRUSTED, assert_entered,
};
use crate::support::fake::FakeProvider;
use crate::support::login::begin;
use crate::support::roomkey::Roomkey;
use crate::support::visitor::{Visitor, parameter as parameter_of};

broken! {
    another_issuers_response: parameter("iss", Some("https://evil.example")) => UNTRUSTED, "fails the response `iss` check";
    a_response_without_the_promised_issuer: parameter("iss", None) => UNTRUSTED, "fails the response `iss` check";
    an_error_of_another_issuer: parameters(|response| {
        response.retain(|(key, _)| key != "code" && key != "iss");
        response.push(("iss".to_owned(), "https://evil.example".to_owned()));
        response.push(("error".to_owned(), "access_denied".to_owned()));
    }) => UNTRUSTED, "fails the response `iss` check";
    a_login_declined: error("access_denied") => CANCELLED, "(`access_denied`)";
    a_login_required: error("login_required") => CANCELLED, "(`login_required`)";
    a_provider_in_trouble: error("server_error") => DOWN, "in trouble at the authorization endpoint (`server_error`)";
    a_provider_busy: error("temporarily_unavailable") => DOWN, "(`temporarily_unavailable`)";
    a_scope_not_given: error("invalid_scope") => TURNED_AWAY, "turned Roomkey away at the authorization endpoint (`invalid_scope`)";
    an_error_nobody_knows: error("teapot") => TURNED_AWAY, "(`teapot`)";
    an_error_in_html: error("<b>bold</b>") => TURNED_AWAY, "(`bboldb`)";
    neither_code_nor_error: parameter("code", None) => UNTRUSTED, "neither `code` nor `error`";
    an_empty_code: parameter("code", Some("")) => UNTRUSTED, "fails the authorization response check";
    a_code_of_another_login: parameter("code", Some("code-of-another-login")) => CANCELLED, "(`invalid_grant`)";
    a_code_given_twice: parameters(|response| {
        let code = response[0].clone();
        response.push(code);
    }) => DAMAGED, "bad parameters";
    a_state_given_twice: parameters(|response| {
        let state = response[1].clone();
        response.push(state);
    }) => DAMAGED, "bad parameters";
    a_code_too_long: parameters(|response| response[0].1 = "c".repeat(9_000)) => DAMAGED, "bad parameters";
    a_missing_state: parameter("state", None) => NOT_YOURS, "`state` is not one of Roomkey's";
    a_made_up_state: parameter("state", Some("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")) => NOT_YOURS, "`state` is not one of Roomkey's";
    a_state_cut_short: parameters(|response| {
        response[1].1.pop();
    }) => NOT_YOURS, "`state` is not one of Roomkey's";
    a_state_with_a_changed_letter: parameters(|response| {
        let other = if response[1].1.as_bytes()[30] == b'A' { "B" } else { "A" };
        response[1].1.replace_range(30..31, other);
    }) => NOT_YOURS, "`state` is not one of Roomkey's";
    an_issuer_that_is_empty: parameter("iss", Some("")) => UNTRUSTED, "fails the response `iss` check";
    an_issuer_given_twice: parameters(|response| {
        let iss = response[2].clone();
        response.push(iss);
    }) => DAMAGED, "bad parameters";
    consent_that_is_required: error("consent_required") => CANCELLED, "(`consent_required`)";
    a_choice_of_account_that_is_required: error("account_selection_required") => CANCELLED, "(`account_selection_required`)";
    something_else_that_is_required: error("interaction_required") => CANCELLED, "(`interaction_required`)";
    a_client_not_allowed_to_log_people_in: error("unauthorized_client") => TURNED_AWAY, "(`unauthorized_client`)";
    a_request_not_understood: error("invalid_request") => TURNED_AWAY, "(`invalid_request`)";
    a_response_type_not_known: error("unsupported_response_type") => TURNED_AWAY, "(`unsupported_response_type`)";
    an_error_beside_a_code: parameters(|response| {
        response.push(("error".to_owned(), "access_denied".to_owned()));
    }) => CANCELLED, "(`access_denied`)";
    an_error_that_is_endless: parameters(|response| {
        response.push(("error".to_owned(), "x".repeat(300)));
    }) => DAMAGED, "bad parameters";
    a_code_with_line_breaks: parameter("code", Some("c\r\nx-evil: 1\r\n\r\n")) => CANCELLED, "(`invalid_grant`)";
    a_code_that_is_a_query: parameter("code", Some("c&client_id=other&grant_type=password")) => CANCELLED, "(`invalid_grant`)";
    a_state_that_is_empty: parameter("state", Some("")) => NOT_YOURS, "`state` is not one of Roomkey's";
    a_state_that_is_no_base64: parameter("state", Some("<script>alert(1)</script>")) => NOT_YOURS, "`state` is not one of Roomkey's";
    a_state_too_long: parameters(|response| response[1].1 = "s".repeat(9_000)) => DAMAGED, "bad parameters";
    a_state_with_more_behind_it: parameters(|response| response[1].1.push('A')) => NOT_YOURS, "`state` is not one of Roomkey's";
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_response_in_another_browser_is_lost() {
    let mut stage = Stage::set("").await;
    let callback = stage.begin().await;

    let page = Visitor::new().get(&callback).await;

    stage.assert_ended(&page, (400, "Your login got lost on the way"), "the login's cookie is missing");
    assert!(page.body.contains("/room/standup?"), "there is a way to start again");
    stage.assert_log_holds_no_secret();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_response_sent_twice_counts_once() {
    let mut stage = Stage::set("").await;
    let callback = stage.begin().await;

    let first = stage.visitor.get(&callback).await;
    let second = stage.visitor.get(&callback).await;

    assert_entered(&first, &stage.roomkey);
    assert_eq!(second.heading(), "Your login got lost on the way");
    assert_eq!(stage.provider.count("/token"), 1, "the second response reaches no provider");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tampered_cookie_opens_nothing() {
    let mut stage = Stage::set("").await;
    let callback = stage.begin().await;
    let cookie = stage.visitor.cookies_mut().values_mut().next().unwrap();
    let other = if cookie.as_bytes()[40] == b'A' { "B" } else { "A" };
    cookie.replace_range(40..41, other);

    let page = stage.visitor.get(&callback).await;

    stage.assert_ended(&page, NOT_YOURS, "the cookie does not open");
    assert_eq!(stage.provider.count("/token"), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_response_to_another_providers_address_is_refused() {
    let (one, two) = (FakeProvider::start().await, FakeProvider::start().await);
    let second = two.configuration("").replace("\"fake\"", "\"other\"");
    let access = STAFF_MODERATE.replace("[\"fake\"]", "[\"fake\", \"other\"]");
    let roomkey = Roomkey::start(&format!("{}{second}{access}", one.configuration("")));
    let mut stage = Stage { roomkey, provider: one, visitor: Visitor::new() };
    let link = format!("{}?provider=fake", stage.link());
    let callback = begin(&mut stage.visitor, &link, &stage.provider).await.unwrap();

    let page = stage.visitor.get(&callback.replace("/callback/fake", "/callback/other")).await;

    stage.assert_ended(&page, NOT_YOURS, "begun with another provider");
    assert_eq!((stage.provider.count("/token"), two.count("/token")), (0, 0), "the code reaches neither");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_query_that_is_no_text_is_refused() {
    let mut stage = Stage::set("").await;

    let page = stage.visitor.get(&format!("{}/callback/fake?state=%ff%fe&code=c", stage.roomkey.url)).await;

    stage.assert_ended(&page, DAMAGED, "bad parameters");
    stage.assert_next_login_succeeds().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn logins_side_by_side_answer_each_its_own_response() {
    let mut stage = Stage::set("").await;
    let mut callbacks = Vec::new();
    for _ in 0..3 {
        callbacks.push(stage.begin().await);
    }

    for callback in callbacks.iter().rev() {
        assert_entered(&stage.visitor.get(callback).await, &stage.roomkey);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_cookie_of_one_login_does_not_open_another() {
    let mut stage = Stage::set("").await;
    stage.visitor.get(&format!("{}/room/standup", stage.roomkey.url)).await;
    let first = stage.visitor.cookies().clone();
    let callback = stage.begin().await;
    let stolen = first.values().next().unwrap().clone();
    stage.visitor.cookies_mut().values_mut().for_each(|cookie| cookie.clone_from(&stolen));

    let page = stage.visitor.get(&callback).await;

    assert_eq!((page.status.as_u16(), page.heading().as_str()), NOT_YOURS);
    assert_eq!(stage.provider.count("/token"), 0, "the code goes nowhere");
    stage.assert_log_holds_no_secret();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_of_somebody_elses_login_is_worth_nothing_in_this_one() {
    let mut stage = Stage::set("").await;
    let theirs = begin(&mut Visitor::new(), &stage.link(), &stage.provider).await.unwrap();
    let mine = stage.begin().await;
    let code = |callback: &str| parameter_of(&callback.parse().unwrap(), "code").unwrap();

    let page = stage.visitor.get(&mine.replace(&code(&mine), &code(&theirs))).await;

    stage.assert_ended(&page, CANCELLED, "(`invalid_grant`)");
    stage.assert_log_holds_no_secret();
}

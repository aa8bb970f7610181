//! A company, from an empty folder to the meeting, by the words of its page: `docs/sites/company.md`.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test stops at the first thing amiss")]

mod support;

use reqwest::StatusCode;
use serde_json::{Value, json};
use support::fake::FakeProvider;
use support::roomkey::{Roomkey, run};
use support::site;
use support::visitor::{Page, Visitor, parameter};

const PAGE: &str = "docs/sites/company.md";
const IN_THE_HOUSE: &str = "10.20.1.5";
const ELSEWHERE: &str = "198.51.100.7";

/// Somebody of these groups opens a link from an address, behind the proxy.
async fn opens(groups: &[&str], room: &str, from: &str, roomkey: &Roomkey, provider: &FakeProvider) -> Page {
    let groups = json!(groups);
    provider.script(|script| script.claims = Box::new(move |claims| claims["groups"] = groups.clone()));
    let (mut visitor, via) = (Visitor::new(), [("x-forwarded-for", from)]);
    let redirect = visitor.get_with(&format!("{}/room/{room}", roomkey.url), &via).await;
    let request = redirect.location();
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(provider.log_in(&request)).finish();
    visitor.get_with(&format!("{}?{query}", parameter(&request, "redirect_uri").unwrap()), &via).await
}

/// The line of the log that tells of a refusal, by the reference number on its page.
fn refusal(page: &Page, roomkey: &Roomkey) -> String {
    assert_eq!(page.status, StatusCode::FORBIDDEN, "{}", page.body);
    roomkey.wait_for_line("the refusal", |line| {
        let line: Value = serde_json::from_str(line).unwrap_or_default();
        line["login.id"].as_str().is_some_and(|id| page.body.contains(id))
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_board_meets_in_the_house_and_every_entry_and_refusal_is_logged() {
    let provider = FakeProvider::start().await;
    let roomkey = site::start(PAGE, &provider);

    let board = opens(&["staff", "board"], "board", IN_THE_HOUSE, &roomkey, &provider).await;
    let travelling = opens(&["staff", "board"], "board", ELSEWHERE, &roomkey, &provider).await;
    let curious = opens(&["staff"], "board", IN_THE_HOUSE, &roomkey, &provider).await;
    let standup = opens(&["staff"], "standup", ELSEWHERE, &roomkey, &provider).await;

    assert_eq!(board.meeting_claims()["context"]["user"]["moderator"], true);
    assert_eq!(standup.status, StatusCode::SEE_OTHER, "{}", standup.body);
    let entered: Value = serde_json::from_str(&roomkey.wait_for_log("room `board` opened")).unwrap();
    assert_eq!((&entered["grant.rule"], &entered["provider.id"]), (&json!("board"), &json!("work")));
    assert!(refusal(&travelling, &roomkey).contains("rule `board from elsewhere` denies"));
    assert!(refusal(&curious, &roomkey).contains("rule `board only` denies"));
    assert!(!roomkey.log().contains("grace.hopperova"), "nobody's address is in the log");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn partners_get_into_the_room_of_their_project_alone() {
    let provider = FakeProvider::start().await;
    let roomkey = site::start(PAGE, &provider);
    let partner = ["partners", "project-heron"];

    let heron = opens(&partner, "project-heron", ELSEWHERE, &roomkey, &provider).await;
    let crane = opens(&partner, "project-crane", ELSEWHERE, &roomkey, &provider).await;

    assert_eq!(heron.meeting_claims()["context"]["user"]["moderator"], false);
    assert!(refusal(&crane, &roomkey).contains("`partners` not by its when"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_signed_in_is_asked_anew_where_they_are() {
    let provider = FakeProvider::start().await;
    let roomkey = site::start(PAGE, &provider);
    provider.script(|script| script.claims = Box::new(|claims| claims["groups"] = json!(["board"])));
    let mut visitor = Visitor::new();
    let at_home = [("x-forwarded-for", IN_THE_HOUSE)];
    let redirect = visitor.get_with(&format!("{}/room/board", roomkey.url), &at_home).await.location();
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(provider.log_in(&redirect)).finish();
    visitor.get_with(&format!("{}?{query}", parameter(&redirect, "redirect_uri").unwrap()), &at_home).await;

    let again = visitor.get_with(&format!("{}/room/board", roomkey.url), &at_home).await;
    let gone_out = visitor.get_with(&format!("{}/room/board", roomkey.url), &[("x-forwarded-for", ELSEWHERE)]).await;

    assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.body);
    assert_eq!(again.meeting_claims()["room"], "board");
    assert!(refusal(&gone_out, &roomkey).contains("rule `board from elsewhere` denies"));
}

#[tokio::test]
async fn the_pages_expectations_hold() {
    let provider = FakeProvider::start().await;
    let (folder, ..) = site::lay_out(PAGE, &provider);

    let checked = run(folder.path(), &["access", "check", "expectations.toml"]);

    let told = String::from_utf8(checked.stdout).unwrap();
    assert_eq!((checked.status.code(), told.as_str()), (Some(0), "6 expected, 0 otherwise\n"));
}

//! Refresh tokens: one after the other, for as long as their person may enter.

use std::time::Duration;

use serde_json::json;

use crate::stage::{
    ACCESS, CLIENT_ID, CONFIRMED_EACH_SECOND, Kept, REDIRECT_URI, Stage, id_claims, invalid_grant, post, refresh_at,
};
use crate::support::visitor::{Visitor, parameter};

on_both_databases![
    each_refresh_token_gives_the_next_and_tokens_for_the_same_room,
    a_used_refresh_token_ends_all_that_came_of_it,
    whoever_the_rules_refuse_now_is_out_for_good,
    whoever_the_provider_logs_out_is_out,
    whoever_logs_out_is_out_and_ends_at_jitsi,
];

async fn each_refresh_token_gives_the_next_and_tokens_for_the_same_room(stage: Stage) {
    let code = stage.code(&mut Visitor::new(), "standup").await;
    let first = stage.exchange(&code).await;

    let second = stage.refresh(&first.refresh_token()).await;
    let third = stage.refresh(&second.refresh_token()).await;

    let [one, two] = [&first, &third].map(|answer| id_claims(&answer.text("id_token")));
    assert_eq!(third.meeting_claims()["room"], "standup");
    assert_eq!((&one["sub"], &one["name"]), (&two["sub"], &two["name"]));
    assert_eq!(two.get("nonce"), None, "that was for the login");
    assert!(first.refresh_token() != second.refresh_token() && second.refresh_token() != third.refresh_token());
    assert_eq!(stage.provider.count("refresh"), 0, "the provider's word is fresh");
}

async fn a_used_refresh_token_ends_all_that_came_of_it(stage: Stage) {
    let mut visitor = Visitor::new();
    let first = stage.refresh_token(&mut visitor, "standup").await;
    let second = stage.refresh(&first).await.refresh_token();
    let other = stage.ask(&mut visitor, "retro").await.location();
    let other = stage.exchange(&parameter(&other, "code").unwrap()).await.refresh_token();

    let replayed = stage.refresh(&first).await;

    assert_eq!(replayed.refusal(), invalid_grant());
    assert!(replayed.text("error_description").starts_with("the refresh token has been used before"));
    assert_eq!(stage.refresh(&second).await.refusal(), invalid_grant());
    assert_eq!(stage.refresh(&other).await.meeting_claims()["room"], "retro", "another family goes on");
}

async fn whoever_the_rules_refuse_now_is_out_for_good(stage: Stage) {
    let token = stage.refresh_token(&mut Visitor::new(), "standup").await;

    stage.rule("[[access]]\nrooms = [\"*\"]\ndeny = true\n");
    let refused = stage.refresh(&token).await;
    stage.rule(ACCESS);
    let afterwards = stage.refresh(&token).await;

    assert_eq!(refused.refusal(), invalid_grant());
    assert!(refused.text("error_description").starts_with("You are not let into this meeting any more."));
    assert_eq!(afterwards.refusal(), invalid_grant());
}

async fn whoever_the_provider_logs_out_is_out(stage: Stage) {
    let mut visitor = Visitor::new();
    let token = stage.refresh_token(&mut visitor, "standup").await;

    stage.log_out_at_provider().await;
    let refused = stage.refresh(&token).await;
    stage.code(&mut visitor, "standup").await;

    assert_eq!(refused.refusal(), invalid_grant());
    assert!(refused.text("error_description").starts_with("Log in again."), "{}", refused.body);
    assert_eq!(stage.refresh(&token).await.refusal(), invalid_grant(), "a new session is not the old one");
}

async fn whoever_logs_out_is_out_and_ends_at_jitsi(stage: Stage) {
    let mut visitor = Visitor::new();
    let token = stage.refresh_token(&mut visitor, "standup").await;
    let url = format!("{}/oauth2/logout", stage.roomkey.url);
    let hidden_frame = [("sec-fetch-dest", "iframe"), ("sec-fetch-site", "same-site")];

    let out = visitor.get_with(&url, &hidden_frame).await;
    let again = visitor.get_with(&url, &hidden_frame).await;

    assert_eq!(out.location().as_str(), "http://meet.localhost:9/static/logout.html");
    assert_eq!(again.location(), out.location());
    assert_eq!(stage.refresh(&token).await.refusal(), invalid_grant());
    assert!(stage.ask(&mut visitor, "standup").await.location().as_str().starts_with(&stage.provider.issuer));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refresh_token_in_the_state_comes_straight_back() {
    let stage = Stage::set(Kept::Sqlite, "").await;
    let token = stage.refresh_token(&mut Visitor::new(), "standup").await;
    let state = json!({"room": "standup", "refreshToken": token}).to_string();

    let back = Visitor::new().get(&stage.address(&state)).await.location();

    assert!(back.as_str().starts_with(&format!("{REDIRECT_URI}?state=")), "{back}");
    assert_eq!(parameter(&back, "state"), Some(state));
    assert_eq!(back.query_pairs().count(), 1);
    assert_eq!(stage.refresh(&token).await.status, 200, "it has not been used by that");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refresh_token_is_for_its_own_room_and_client() {
    let stage = Stage::set(Kept::Sqlite, "").await;
    let token = stage.refresh_token(&mut Visitor::new(), "standup").await;
    let form = [("grant_type", "refresh_token"), ("refresh_token", token.as_str())];

    let other_client = post(&stage.roomkey, &[form[0], form[1], ("client_id", "another")]).await;
    let other_room = post(&stage.roomkey, &[form[0], form[1], ("client_id", CLIENT_ID), ("room", "retro")]).await;

    assert_eq!(other_client.refusal(), (400, "invalid_client".to_owned()));
    assert_eq!(other_room.meeting_claims()["room"], "standup");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_removed_at_the_provider_is_out_at_the_next_refresh() {
    let stage = Stage::set(Kept::Sqlite, CONFIRMED_EACH_SECOND).await;
    let token = stage.refresh_token(&mut Visitor::new(), "standup").await;
    // On a slow machine the login has taken over a second, and been confirmed by itself.
    let asked_before = stage.provider.count("refresh");
    tokio::time::sleep(Duration::from_millis(2_100)).await;
    let still_there = stage.refresh(&token).await;
    assert_eq!(stage.provider.count("refresh") - asked_before, 1, "the provider was asked");

    stage.provider.script(|script| script.removed = true);
    tokio::time::sleep(Duration::from_millis(2_100)).await;
    let removed = stage.refresh(&still_there.refresh_token()).await;

    assert_eq!(removed.refusal(), invalid_grant());
    assert!(removed.text("error_description").starts_with("Log in again."), "{}", removed.body);
    assert_eq!(stage.provider.count("refresh") - asked_before, 2);
    stage.provider.script(|script| script.removed = false);
    assert_eq!(stage.refresh(&still_there.refresh_token()).await.refusal(), invalid_grant());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn claims_of_a_refresh_are_those_of_now() {
    let stage = Stage::set(Kept::Sqlite, CONFIRMED_EACH_SECOND).await;
    let token = stage.refresh_token(&mut Visitor::new(), "standup").await;

    stage.provider.script(|script| script.claims = Box::new(|claims| claims["groups"] = json!(["former-staff"])));
    tokio::time::sleep(Duration::from_millis(2_100)).await;
    let refused = stage.refresh(&token).await;

    assert_eq!(refused.refusal(), invalid_grant());
    assert!(refused.text("error_description").starts_with("You are not let into this meeting any more."));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_provider_that_is_down_keeps_nobody_out_of_the_meeting_they_are_in() {
    let stage = Stage::set(Kept::Sqlite, CONFIRMED_EACH_SECOND).await;
    let token = stage.refresh_token(&mut Visitor::new(), "standup").await;

    stage.provider.script(|script| script.token = Box::new(|_| crate::support::fake::Reply::Gone));
    tokio::time::sleep(Duration::from_millis(2_100)).await;
    let renewed = stage.refresh(&token).await;

    assert_eq!(renewed.meeting_claims()["room"], "standup");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_uses_at_once_on_two_replicas_one_succeeds_and_nothing_comes_of_it() {
    let stage = Stage::set(Kept::Postgres, "").await;
    let replica = stage.roomkey.replica();
    let mut visitor = Visitor::new();
    stage.code(&mut visitor, "standup").await;

    for _ in 0..5 {
        let code = stage.ask(&mut visitor, "standup").await.location();
        let token = stage.exchange(&parameter(&code, "code").unwrap()).await.refresh_token();
        let answers = tokio::join!(
            refresh_at(&stage.roomkey, &token),
            refresh_at(&replica, &token),
            refresh_at(&stage.roomkey, &token),
            refresh_at(&replica, &token),
        );
        let answers = <[_; 4]>::from(answers);
        let good: Vec<_> = answers.iter().filter(|answer| answer.status == 200).collect();
        let bad = answers.iter().filter(|answer| answer.status != 200);

        assert_eq!(good.len(), 1);
        bad.for_each(|answer| assert_eq!(answer.refusal(), invalid_grant()));
        assert_eq!(stage.refresh(&good[0].refresh_token()).await.refusal(), invalid_grant());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replica_renews_what_another_began() {
    let stage = Stage::set(Kept::Postgres, "").await;
    let replica = stage.roomkey.replica();
    let token = stage.refresh_token(&mut Visitor::new(), "standup").await;

    let renewed = refresh_at(&replica, &token).await;

    assert_eq!(renewed.meeting_claims()["room"], "standup");
    assert_eq!(stage.refresh(&renewed.refresh_token()).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_family_in_the_store_belongs_to_a_session_in_redis() {
    let stage = Stage::set(Kept::Redis, CONFIRMED_EACH_SECOND).await;
    let token = stage.refresh_token(&mut Visitor::new(), "standup").await;
    // On a slow machine the login has taken over a second, and been confirmed by itself.
    let asked_before = stage.provider.count("refresh");
    tokio::time::sleep(Duration::from_millis(2_100)).await;

    let renewed = stage.refresh(&token).await;
    stage.log_out_at_provider().await;
    let refused = stage.refresh(&renewed.refresh_token()).await;

    assert_eq!(renewed.meeting_claims()["room"], "standup");
    assert_eq!(stage.provider.count("refresh") - asked_before, 1);
    assert_eq!(refused.refusal(), invalid_grant());
}

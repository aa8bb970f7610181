//! A provider changes its keys, or hides them.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::json;

use crate::script::{html, keys_alone};
use crate::stage::Stage;
use crate::support::ending::{DOWN, UNTRUSTED, assert_entered};
use crate::support::fake::{Reply, Script, keys};
use crate::support::login::log_in;
use crate::support::visitor::{Page, Visitor};

/// How long an unknown key waits for the next look into the key set.
const BETWEEN_FETCHES: Duration = Duration::from_secs(1);

/// A provider that has been logged in at, some time ago.
async fn stage() -> Stage {
    let mut stage = Stage::set("").await;
    assert_entered(&stage.log_in().await, &stage.roomkey);
    tokio::time::sleep(BETWEEN_FETCHES + Duration::from_millis(100)).await;
    stage
}

/// Other keys from now on, for tokens and in the set.
fn roll_over(script: &mut Script) {
    script.key = Some(keys::stranger("rolled-over"));
    keys_alone(vec![keys::stranger("rolled-over").jwk()])(script);
}

/// Logins of so many people at a time.
async fn crowd(stage: &Stage, people: usize) -> Vec<Page> {
    let logins = (0..people).map(|_| {
        let (link, provider) = (stage.link(), stage.provider.clone());
        tokio::spawn(async move { log_in(&mut Visitor::new(), &link, &provider).await })
    });
    join_all(logins.collect::<Vec<_>>()).await.into_iter().map(Result::unwrap).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn new_keys_are_found_by_one_fetch_for_all_who_wait() {
    let stage = stage().await;
    let before = stage.provider.count("/jwks");
    stage.provider.script(roll_over);

    let pages = crowd(&stage, 50).await;

    pages.iter().for_each(|page| assert_entered(page, &stage.roomkey));
    assert_eq!(stage.provider.count("/jwks") - before, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_tokens_by_an_unknown_key_are_no_flood_of_fetches() {
    let mut stage = stage().await;
    let (before, begun) = (stage.provider.count("/jwks"), Instant::now());
    stage.provider.script(|script| script.key = Some(keys::stranger("unknown")));

    let pages = crowd(&stage, 100).await;
    let most = usize::try_from(begun.elapsed().as_secs()).unwrap() + 1;
    let fetched = stage.provider.count("/jwks") - before;

    for page in &pages {
        stage.assert_ended(page, UNTRUSTED, "fails the `kid` check");
    }
    assert!((1..=most).contains(&fetched), "fetched {fetched} times in {most} s");
    stage.assert_next_login_succeeds().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn old_and_new_keys_both_serve_while_both_are_published() {
    let mut stage = stage().await;
    let both = vec![keys::key("RS256").jwk(), keys::stranger("rolled-over").jwk()];
    stage.provider.script(keys_alone(both));

    stage.provider.script(|script| script.key = Some(keys::stranger("rolled-over")));
    assert_entered(&stage.log_in().await, &stage.roomkey);
    stage.provider.script(|script| script.key = None);
    assert_entered(&stage.log_in().await, &stage.roomkey);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_is_gone_signs_no_more() {
    let mut stage = stage().await;
    stage.provider.script(roll_over);
    assert_entered(&stage.log_in().await, &stage.roomkey);
    stage.provider.script(|script| script.key = None);

    let page = stage.log_in().await;

    stage.assert_ended(&page, UNTRUSTED, "fails the `kid` check");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_key_by_an_old_name_is_found() {
    let mut stage = stage().await;
    stage.provider.script(|script| {
        script.key = Some(keys::stranger("rsa"));
        keys_alone(vec![keys::stranger("rsa").jwk()])(script);
    });

    assert_entered(&stage.log_in().await, &stage.roomkey);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn known_keys_serve_while_the_provider_hides_them() {
    let mut stage = stage().await;
    stage.provider.script(|script| {
        script.discovery = Box::new(|_| Reply::Gone);
        script.keys = Box::new(|_| Reply::Gone);
    });

    assert_entered(&stage.log_in().await, &stage.roomkey);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_key_in_a_set_that_is_hidden_is_the_providers_trouble() {
    let mut stage = stage().await;
    stage.provider.script(|script| {
        script.key = Some(keys::stranger("rolled-over"));
        script.keys = Box::new(|_| html(503));
    });

    let page = stage.log_in().await;

    stage.assert_ended(&page, DOWN, "no usable answer from the key set");
    stage.assert_next_login_succeeds().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broken_new_set_leaves_the_known_keys_in_force() {
    let mut stage = stage().await;
    stage.provider.script(|script| {
        script.key = Some(keys::stranger("rolled-over"));
        script.keys = Box::new(|_| Reply::Json(json!({"keys": []})));
    });
    let page = stage.log_in().await;
    stage.assert_ended(&page, DOWN, "a key that can be used");

    stage.provider.script(|script| script.key = None);

    assert_entered(&stage.log_in().await, &stage.roomkey);
}

//! `Idempotency-Key`.

use reqwest::StatusCode;
use serde_json::json;

use super::{Program, new_key, site, ticket};

async fn count(program: &Program) -> usize {
    program.get("/passes").await.json()["passes"].as_array().unwrap().len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_request_again_is_answered_again_and_not_done_again() {
    let roomkey = site().await;
    let program = Program::new(&roomkey).await;
    let (order, name) = (json!({ "passes": [ticket(), ticket()] }), [("idempotency-key", "order-17")]);

    let first = program.post_with("/passes/batch", &name, &order).await;
    let again = program.post_with("/passes/batch", &name, &order).await;
    let other = program.post_with("/passes/batch", &[("idempotency-key", "order-18")], &order).await;

    assert_eq!([first.status, again.status, other.status], [StatusCode::CREATED; 3]);
    assert_eq!(first.text, again.text);
    assert_ne!(first.text, other.text);
    assert_eq!(count(&program).await, 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_request_by_the_same_name_is_refused() {
    let roomkey = site().await;
    let program = Program::new(&roomkey).await;
    let name = [("idempotency-key", "order-17")];
    let first = program.post_with("/passes", &name, &ticket()).await;

    let body = program.post_with("/passes", &name, &json!({ "rooms": ["gala-2"], "until": crate::after(60) })).await;
    let path = program.post_with("/passes/batch", &name, &ticket()).await;

    let told = (422, "another request was sent with this `Idempotency-Key`".to_owned());
    assert_eq!((first.status, body.refusal(), path.refusal()), (StatusCode::CREATED, told.clone(), told));
    assert_eq!(count(&program).await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_keys_request_is_another_one_and_one_that_failed_is_none() {
    let roomkey = site().await;
    let (program, name) = (Program::new(&roomkey).await, [("idempotency-key", "order-17")]);
    let (_, key) = new_key(&roomkey, &["passes:write"]);
    let stranger = Program::with(&roomkey, Some(&format!("Bearer {key}"))).await;
    let order = ticket();

    let wrong = program.post_with("/passes", &name, &json!({ "rooms": [], "until": "soon" })).await;
    let first = program.post_with("/passes", &name, &order).await;
    let other = stranger.post_with("/passes", &name, &order).await;

    assert_eq!([wrong.status.as_u16(), first.status.as_u16(), other.status.as_u16()], [422, 201, 201]);
    assert_ne!(first.json()["url"], other.json()["url"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_at_once_by_one_name_make_one_pass() {
    let roomkey = site().await;
    let (program, order) = (Program::new(&roomkey).await, ticket());

    let send = (0..20).map(|_| program.post_with("/passes", &[("idempotency-key", "order-17")], &order));
    let answers = futures_util::future::join_all(send).await;

    assert!(answers.iter().all(|answer| answer.status == StatusCode::CREATED && answer.text == answers[0].text));
    assert_eq!(count(&program).await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_that_cannot_be_one_is_refused() {
    let roomkey = site().await;
    let program = Program::new(&roomkey).await;
    let long = "n".repeat(256);

    for names in [vec![""], vec![long.as_str()], vec!["a\tb"], vec!["one", "two"]] {
        let headers: Vec<_> = names.iter().map(|name| ("idempotency-key", *name)).collect();
        let refused = program.post_with("/passes", &headers, &ticket()).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{names:?}");
        assert!(refused.json()["detail"].as_str().unwrap().starts_with("`Idempotency-Key` has 1 to 255 characters"));
    }

    assert_eq!(program.get("/passes").await.json(), json!({ "passes": [] }));
}

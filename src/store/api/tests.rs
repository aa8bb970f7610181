use super::*;
use crate::store::PassRow;
use crate::store::pass::tests::{in_both, row};

const NOW: i64 = 1000;

fn key(id: &str, ends: i64) -> ApiKeyRow {
    ApiKeyRow {
        id: id.to_owned(),
        secret: format!("hash-of-{id}"),
        name: "shop".to_owned(),
        scopes: "passes:read".to_owned(),
        made: NOW,
        ends,
    }
}

fn answer(id: &str, api_key: &str, ends: i64) -> AnswerRow {
    let text = |text: &str| text.to_owned();
    AnswerRow { id: text(id), api_key: text(api_key), asked: text("asked"), answer: format!("to {id}"), ends }
}

async fn made(store: &Store) -> usize {
    store.passes(String::new(), 9_000).await.unwrap().len()
}

fn passes(ids: &[&str]) -> Vec<PassRow> {
    ids.iter().map(|id| row(id, "uses", 1)).collect()
}

#[tokio::test]
async fn a_key_is_found_by_its_hash_until_it_ends_or_is_ended() {
    in_both(async |[store, replica]| {
        store.keep_api_key(key("a", NOW + 10)).await.unwrap();
        store.keep_api_key(key("b", NOW + 99)).await.unwrap();
        let found = async |secret: &str, now| replica.api_key(secret.to_owned(), now).await.unwrap();

        assert!(found("hash-of-a", NOW + 9).await.unwrap() == key("a", NOW + 10));
        assert!(found("hash-of-a", NOW + 10).await.is_none());
        assert!(found("a", NOW).await.is_none(), "by its id it opens nothing");
        assert!(store.end_api_key("b".to_owned()).await.unwrap().is_some());
        assert!(found("hash-of-b", NOW).await.is_none());
        assert!(store.end_api_key("b".to_owned()).await.unwrap().is_none());
        assert_eq!(store.api_keys().await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn the_same_request_on_two_replicas_at_once_makes_passes_once() {
    in_both(async |[store, replica]| {
        let keep = |store: &Store, id| {
            let store = store.clone();
            async move { store.keep_passes_once(passes(&[id]), answer("x", "k", NOW + 9), NOW).await.unwrap() }
        };

        let (one, other) = tokio::join!(keep(&store, "p1"), keep(&replica, "p2"));

        assert!(one != other, "{one} {other}");
        assert_eq!(made(&store).await, 1);
        assert!(store.api_answer("x".to_owned(), NOW).await.unwrap().unwrap() == answer("x", "k", NOW + 9));
        assert!(store.api_answer("x".to_owned(), NOW + 9).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn an_answer_whose_time_is_over_makes_room_for_another() {
    in_both(async |[store, _]| {
        let again = |id, now| store.keep_passes_once(passes(&[id]), answer("x", "k", now + 9), now);

        assert!(again("p1", NOW).await.unwrap());
        assert!(!again("p2", NOW + 8).await.unwrap());
        assert!(again("p3", NOW + 9).await.unwrap());
        assert_eq!(made(&store).await, 2);
    })
    .await;
}

#[tokio::test]
async fn passes_that_cannot_be_kept_leave_no_answer() {
    in_both(async |[store, _]| {
        let twice = store.keep_passes_once(passes(&["p1", "p1"]), answer("x", "k", NOW + 9), NOW).await;

        assert!(twice.is_err());
        assert!(store.api_answer("x".to_owned(), NOW).await.unwrap().is_none());
        assert_eq!(made(&store).await, 0);
    })
    .await;
}

#[tokio::test]
async fn of_one_keys_answers_the_oldest_go_when_they_are_too_many() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&format!("sqlite://{}/roomkey.db", folder.path().display())).unwrap();
    let keep = async |id: &str, key: &str, ends| {
        assert!(store.keep_passes_once(Vec::new(), answer(id, key, ends), NOW).await.unwrap());
    };
    keep("of another", "other", NOW + 1).await;
    for number in 0..=MOST_ANSWERS {
        keep(&number.to_string(), "k", NOW + 100 + number).await;
    }
    let is_kept = async |id: &str| store.api_answer(id.to_owned(), NOW).await.unwrap().is_some();

    assert!(!is_kept("0").await);
    assert!(is_kept("1").await && is_kept(&MOST_ANSWERS.to_string()).await && is_kept("of another").await);
}

#[tokio::test]
async fn answers_are_swept_when_they_end_and_keys_a_month_later() {
    in_both(async |[store, _]| {
        store.keep_api_key(key("a", NOW)).await.unwrap();
        store.keep_passes_once(Vec::new(), answer("x", "k", NOW), NOW - 1).await.unwrap();

        assert_eq!(store.sweep(NOW).await.unwrap(), 1, "the answer");
        assert_eq!(store.sweep(NOW + 30 * 86_400 - 1).await.unwrap(), 0);
        assert_eq!(store.sweep(NOW + 30 * 86_400).await.unwrap(), 1);
        assert!(store.api_keys().await.unwrap().is_empty());
    })
    .await;
}

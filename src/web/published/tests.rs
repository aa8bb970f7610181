use std::sync::Arc;

use actix_web::http::Method;
use actix_web::test::TestRequest;
use serde_json::Value;

use crate::clock::Clock;
use crate::jitsi::{Algorithm, SigningKey};
use crate::keyring::{KeyRing, ManagedKeys};
use crate::store::Store;
use crate::web::App;
use crate::web::testing::{Answer, Browser, PUBLIC_URL, app, browser, noon, parts};

const PEM: &str = include_str!("../../../tests/data/keys/rsa-2048-public.pem");

/// Of the key in `rsa-2048-*.pem`: `printf %s KID | sha256sum`.
const NAME: &str = "/asap/2bb382cf084f3431f0ddd5343b38f12eb40e5ba5916172c3304097aeb18bf7f5.pem";

async fn publishing(keys: KeyRing) -> Browser {
    let mut parts = parts(PUBLIC_URL, &["work"], &Clock::standing_at(noon()));
    parts.keys = keys;
    browser(App::new(parts)).await
}

async fn publishing_two() -> Browser {
    let key = include_bytes!("../../../tests/data/keys/rsa-2048-pkcs8.pem");
    let given = SigningKey::new(Algorithm::Rs256, key, None).unwrap();
    let (next, _) = SigningKey::generate(Algorithm::Rs256).unwrap();
    publishing(KeyRing::given(Arc::new(given), &[Arc::new(next)], None)).await
}

async fn ask(browser: &mut Browser, uri: &str, tag: &str) -> Answer {
    browser.send(TestRequest::with_uri(uri).insert_header(("if-none-match", tag))).await
}

#[actix_web::test]
async fn every_key_is_in_the_set_and_may_be_cached_for_an_hour() {
    let mut browser = publishing_two().await;

    let set = browser.get("/.well-known/jwks.json").await;

    let keys: Value = serde_json::from_str(&set.body).unwrap();
    assert_eq!(keys["keys"].as_array().unwrap().len(), 2);
    assert_eq!(keys["keys"][0]["kid"], "pBTBMpUFQYCuRBoxpSf2y1bh1uPY92qMbJrNEYsdrpc");
    assert_eq!(set.header("content-type"), "application/jwk-set+json");
    assert_eq!(set.header("cache-control"), "public, max-age=3600");
    assert!(!set.headers.contains_key("set-cookie"));
}

#[actix_web::test]
async fn prosody_finds_a_key_by_the_hash_of_its_id() {
    let mut browser = publishing_two().await;

    let pem = browser.get(NAME).await;

    assert_eq!((pem.status.as_u16(), pem.body.as_str()), (200, PEM));
    assert_eq!(pem.header("content-type"), "application/x-pem-file");
    assert_eq!(pem.header("cache-control"), "public, max-age=3600");
}

#[actix_web::test]
async fn a_key_that_is_not_there_is_not_found_and_that_is_not_cached() {
    let mut browser = publishing_two().await;

    for name in ["/asap/00.pem", &NAME.to_uppercase(), NAME.strip_suffix(".pem").unwrap(), "/asap/../asap/x.pem"] {
        let missing = browser.get(name).await;

        assert_eq!((missing.status.as_u16(), missing.header("cache-control")), (404, "no-store"), "{name}");
    }
}

#[actix_web::test]
async fn whoever_has_it_already_is_told_so_without_it() {
    let mut browser = publishing_two().await;

    for uri in ["/.well-known/jwks.json", NAME] {
        let tag = browser.get(uri).await.header("etag").to_owned();

        for known in [tag.as_str(), &format!("\"other\", W/{tag}"), "*"] {
            let answer = ask(&mut browser, uri, known).await;
            assert_eq!((answer.status.as_u16(), answer.body.as_str()), (304, ""), "{uri} {known}");
            assert_eq!((answer.header("etag"), answer.header("cache-control")), (tag.as_str(), "public, max-age=3600"));
        }
        assert_eq!(ask(&mut browser, uri, "\"other\"").await.status.as_u16(), 200);
        assert_eq!(ask(&mut browser, uri, "no tag").await.status.as_u16(), 200);
    }
}

#[actix_web::test]
async fn a_secret_is_never_published() {
    let mut browser = browser(app(&["work"], &Clock::standing_at(noon()))).await;

    let set = browser.get("/.well-known/jwks.json").await;

    assert_eq!((set.status.as_u16(), set.body.as_str()), (200, r#"{"keys":[]}"#));
}

#[actix_web::test]
async fn as_long_as_keys_are_not_known_nobody_takes_them_for_none_and_nobody_gets_in() {
    let store = Store::open("sqlite:///nowhere/roomkey.db").unwrap();
    let mut browser = publishing(KeyRing::managed(ManagedKeys::new(store, Clock::standing_at(noon())))).await;

    for uri in ["/.well-known/jwks.json", NAME] {
        let answer = browser.get(uri).await;
        assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (503, "no-store"), "{uri}");
    }
}

#[actix_web::test]
async fn head_tells_the_length_alone() {
    let mut browser = publishing_two().await;

    let head = browser.send(TestRequest::with_uri(NAME).method(Method::HEAD)).await;

    assert_eq!(head.status.as_u16(), 200);
    assert!(!head.header("etag").is_empty());
}

use std::io;
use std::sync::{Arc, Mutex};

use actix_web::test::TestRequest;
use tracing::subscriber::DefaultGuard;

use crate::clock::Clock;
use crate::web::assets;
use crate::web::testing::{Browser, app, app_at, browser, noon};

async fn site() -> Browser {
    browser(app(&["work"], &Clock::standing_at(noon()))).await
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    fn keep(&self) -> DefaultGuard {
        let log = self.clone();
        let subscriber = tracing_subscriber::fmt().json().with_writer(move || log.clone()).finish();
        tracing::subscriber::set_default(subscriber)
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

#[actix_web::test]
async fn every_answer_is_kept_from_caches_frames_and_other_sites() {
    let mut browser = site().await;

    for uri in ["/", "/room/standup", "/room/a*b", "/callback/work?state=x", "/nowhere", "/panic"] {
        let answer = browser.get(uri).await;
        assert_eq!(answer.header("cache-control"), "no-store", "{uri}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{uri}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{uri}");
        assert_eq!(answer.header("strict-transport-security"), "max-age=31536000", "{uri}");
        assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"), "{uri}");
        assert_eq!(answer.header("server"), "", "{uri}");
    }
}

#[actix_web::test]
async fn style_sheet_and_icon_are_kept_for_good_with_their_types() {
    let mut browser = site().await;

    let style = browser.get(&assets::url("roomkey.css")).await;
    let icon = browser.get(&assets::url("icon.svg")).await;
    let script = browser.get(&assets::url("relay.js")).await;

    assert_eq!(style.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(style.header("content-type"), "text/css; charset=utf-8");
    assert_eq!(icon.header("content-type"), "image/svg+xml");
    assert_eq!(script.header("content-type"), "text/javascript; charset=utf-8");
}

#[actix_web::test]
async fn a_page_holds_no_inline_script_or_style() {
    let mut browser = site().await;

    for uri in ["/", "/room/a*b", "/nowhere"] {
        let page = browser.get(uri).await.body;
        assert!(!page.contains("<script") && !page.contains("<style"), "{page}");
        assert!(!page.contains("style=") && !page.contains("javascript:"), "{page}");
    }
}

#[actix_web::test]
async fn the_page_is_in_the_language_of_its_reader() {
    let mut browser = site().await;

    let german = browser.send(TestRequest::with_uri("/nowhere").insert_header(("accept-language", "de-AT"))).await;
    let arabic = browser.send(TestRequest::with_uri("/panic").insert_header(("accept-language", "ar, en;q=0.5"))).await;

    assert!(german.body.contains(r#"<html lang="de" dir="ltr">"#), "{}", german.body);
    assert!(german.body.contains("Hier gibt es keine Seite"));
    assert!(arabic.body.contains(r#"<html lang="ar" dir="rtl">"#));
}

#[actix_web::test]
async fn the_page_and_the_log_have_the_same_reference_number() {
    let mut browser = site().await;
    // The store is found dead, which is a line of its own.
    browser.get("/room/a*b").await;
    let log = Log::default();
    let _kept = log.keep();

    let page = browser.get("/room/a*b").await.body;

    let (_, number) = page.split_once(r#"<bdi class="reference">"#).unwrap();
    let line: serde_json::Value = serde_json::from_str(log.text().trim()).unwrap();
    assert_eq!(line["level"], "WARN");
    assert_eq!(line["fields"]["login.id"], number[..8]);
    let message = format!("{}: the link leads to no meeting: bad room name: `*` cannot stand in a name", &number[..8]);
    assert_eq!(line["fields"]["message"], message.as_str());
}

#[actix_web::test]
async fn a_query_never_reaches_the_log() {
    let mut browser = site().await;
    // The store is found dead, which is a line of its own.
    browser.get("/room/a*b").await;
    let log = Log::default();
    let _kept = log.keep();

    browser.get("/callback/work?code=s3cret-code&state=s3cret-state&iss=s3cret-iss").await;
    browser.get("/callback/work?code=s3cret-code&code=s3cret-code").await;
    browser.get("/nowhere?token=s3cret-token").await;

    assert_eq!(log.text().lines().count(), 3);
    assert!(!log.text().contains("s3cret"), "{}", log.text());
}

#[actix_web::test]
async fn an_address_that_is_too_long_is_refused() {
    let mut browser = site().await;

    let fits = browser.get(&format!("/nowhere?{}", "x".repeat(super::MAX_ADDRESS_BYTES - 9))).await;
    let over = browser.get(&format!("/nowhere?{}", "x".repeat(super::MAX_ADDRESS_BYTES - 8))).await;

    assert_eq!((fits.status.as_u16(), over.status.as_u16()), (404, 414));
}

#[actix_web::test]
async fn routes_stand_below_the_path_of_the_public_url() {
    let clock = Clock::standing_at(noon());
    let mut browser = browser(app_at("https://example.com/sso", &["work", "school"], &clock)).await;

    let passed_on = browser.get("/sso/room/standup?again=1").await;
    let left_out = browser.get("/room/standup?again=1").await;
    let other = browser.get("/ssoroom/standup").await;

    assert!(passed_on.body.contains("href=\"/sso/room/standup?provider=work&#38;again=1\""), "{}", passed_on.body);
    assert!(passed_on.body.contains("href=\"/sso/static/"));
    assert_eq!(passed_on.body, left_out.body);
    assert_eq!(other.status.as_u16(), 404);
}

#[actix_web::test]
async fn headers_that_are_too_large_are_refused() {
    let mut browser = site().await;
    let with = |bytes| TestRequest::with_uri("/").insert_header(("x-filler", "x".repeat(bytes)));

    let fits = browser.send(with(super::MAX_HEADER_BYTES - 1024)).await;
    let over = browser.send(with(super::MAX_HEADER_BYTES)).await;

    assert_eq!((fits.status.as_u16(), over.status.as_u16()), (200, 431));
}

#[actix_web::test]
async fn a_panic_becomes_a_page_and_the_next_request_is_served() {
    let mut browser = site().await;

    let page = browser.get("/panic").await;
    let next = browser.get("/").await;

    assert_eq!(page.status.as_u16(), 500);
    assert!(page.body.contains("Something went wrong on our side"));
    assert_eq!(next.status.as_u16(), 200);
}

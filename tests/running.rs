//! Roomkey as an operator runs it: started, told to read its file again, watched, and ended, while people log in.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test stops at the first thing amiss")]

mod support;

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use support::fake::{FakeProvider, Reply};
use support::login;
use support::roomkey::{Roomkey, free_port, run};
use support::visitor::{Page, Visitor};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const MODERATORS: &str =
    "[[access]]\nname = \"staff\"\nrooms = [\"*\"]\nproviders = [\"fake\"]\nrole = \"moderator\"\n";
const PARTICIPANTS: &str =
    "[[access]]\nname = \"everybody\"\nrooms = [\"*\"]\nproviders = [\"fake\"]\nrole = \"participant\"\n";

async fn stage() -> (Roomkey, FakeProvider) {
    let provider = FakeProvider::start().await;
    let roomkey = Roomkey::start(&format!("{}{MODERATORS}", provider.configuration("")));
    (roomkey, provider)
}

/// A login as far as the provider; gives the address that the browser is sent back to.
async fn begin(visitor: &mut Visitor, url: &str, provider: &FakeProvider) -> String {
    login::begin(visitor, &format!("{url}/room/standup"), provider).await.unwrap()
}

async fn log_in(url: &str, provider: &FakeProvider) -> Page {
    login::log_in(&mut Visitor::new(), &format!("{url}/room/standup"), provider).await
}

fn is_moderator(page: &Page) -> bool {
    assert_eq!(page.status, 303, "{}", page.body);
    page.meeting_claims()["context"]["user"]["moderator"] == json!(true)
}

/// Status and body of a GET at the management address; `None` where nobody listens.
async fn health(roomkey: &Roomkey, path: &str) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(roomkey.management).await.ok()?;
    let request = format!("GET {path} HTTP/1.1\r\nhost: health\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.ok()?;
    let status = answer.split(' ').nth(1)?.parse().ok()?;
    Some((status, answer.split_once("\r\n\r\n")?.1.to_owned()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_good_file_takes_over_and_no_login_is_lost() {
    let (roomkey, provider) = stage().await;
    let mut early = Visitor::new();
    let callback = begin(&mut early, &roomkey.url, &provider).await;
    let (stop, url) = (Arc::new(AtomicBool::new(false)), roomkey.url.clone());
    let crowd: Vec<_> = (0..4)
        .map(|_| {
            let (stop, url, provider) = (Arc::clone(&stop), url.clone(), provider.clone());
            tokio::spawn(async move {
                let mut roles = Vec::new();
                while !stop.load(Ordering::Relaxed) {
                    roles.push(is_moderator(&log_in(&url, &provider).await));
                }
                roles
            })
        })
        .collect();
    assert!(is_moderator(&log_in(&roomkey.url, &provider).await));

    roomkey.rewrite(&format!("{}{PARTICIPANTS}", provider.configuration("")));
    roomkey.signal("HUP");
    roomkey.wait_for_log("has been read again and is in force");
    let late = log_in(&roomkey.url, &provider).await;
    let begun_before = early.get(&callback).await;
    stop.store(true, Ordering::Relaxed);

    assert!(!is_moderator(&late), "the new rule is in force");
    assert!(!is_moderator(&begun_before), "a login begun before ends by the new rule");
    for visitors in crowd {
        let roles = visitors.await.unwrap();
        assert!(!roles.is_empty());
        assert!(roles.is_sorted_by(|before, after| before >= after), "no login goes back to the old rule: {roles:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bad_file_changes_nothing_and_every_mistake_is_told() {
    let (roomkey, provider) = stage().await;
    let wrong = provider.configuration("").replace("client_id =", "clientid =");
    let wrong_too = MODERATORS.replace("moderator", "emperor");

    roomkey.rewrite(&format!("{wrong}{wrong_too}"));
    roomkey.signal("HUP");
    roomkey.wait_for_log("the configuration stays as it was");

    roomkey.wait_for_log("clientid");
    roomkey.wait_for_log("emperor");
    assert!(is_moderator(&log_in(&roomkey.url, &provider).await), "the old file is still in force");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_gone_changes_nothing() {
    let (roomkey, provider) = stage().await;
    std::fs::remove_file(roomkey.configuration()).unwrap();

    roomkey.signal("HUP");
    roomkey.wait_for_log("the configuration stays as it was");

    assert!(is_moderator(&log_in(&roomkey.url, &provider).await));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_only_a_restart_changes_is_told_at_a_reload() {
    let (roomkey, provider) = stage().await;
    let file = std::fs::read_to_string(roomkey.configuration()).unwrap();
    std::fs::write(roomkey.configuration(), file.replace("workers = 2", "workers = 3")).unwrap();

    roomkey.signal("HUP");

    let line: Value = serde_json::from_str(&roomkey.wait_for_log("takes effect at a restart")).unwrap();
    assert_eq!((&line["level"], &line["config.path"]), (&json!("WARN"), &json!("server.workers")));
    assert!(is_moderator(&log_in(&roomkey.url, &provider).await));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_login_under_way_is_finished_before_the_end() {
    let (mut roomkey, provider) = stage().await;
    let slowly = Duration::from_secs(4);
    provider
        .script(|script| script.token = Box::new(move |tokens| Reply::After(slowly, Box::new(Reply::Json(tokens)))));
    let mut visitor = Visitor::new();
    let callback = begin(&mut visitor, &roomkey.url, &provider).await;
    let under_way = tokio::spawn(async move { visitor.get(&callback).await });
    while provider.count("/token") == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }

    roomkey.signal("TERM");
    roomkey.wait_for_log("not ready any more");
    let while_ending = health(&roomkey, "/health/ready").await;
    let page = under_way.await.unwrap();
    let status = roomkey.wait();

    assert_eq!(while_ending.unwrap().0, 503, "the load balancer is told to send nobody else");
    assert!(is_moderator(&page));
    assert!(status.success(), "{status}\n{}", roomkey.log());
    assert!(roomkey.whole_log().lines().last().unwrap().contains("\"ended\""));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_login_begun_before_a_restart_ends_after_it() {
    let (mut roomkey, provider) = stage().await;
    let mut visitor = Visitor::new();
    let callback = begin(&mut visitor, &roomkey.url, &provider).await;

    roomkey.signal("TERM");
    assert!(roomkey.wait().success());
    roomkey.restart();

    assert!(is_moderator(&visitor.get(&callback).await), "the login lives in the browser");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_replica_finishes_what_one_has_begun() {
    let (roomkey, provider) = stage().await;
    let replica = roomkey.replica();
    let mut visitor = Visitor::new();
    let callback = begin(&mut visitor, &roomkey.url, &provider).await;

    let page = visitor.get(&callback.replacen(&roomkey.url, &replica.url, 1)).await;

    assert!(is_moderator(&page));
    replica.wait_for_log("opened for a moderator");
    assert!(!roomkey.log().contains("opened for a moderator"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_provider_that_is_down_at_the_start_is_found_when_it_is_up() {
    let port = free_port();
    let later = FakeProvider::at(port);
    let roomkey = Roomkey::start(&format!("{}{MODERATORS}", later.configuration("")));
    let down = Visitor::new().get(&format!("{}/room/standup", roomkey.url)).await;

    later.serve().await;
    tokio::time::sleep(Duration::from_millis(1200)).await;

    assert_eq!(down.status, 502);
    assert_eq!(health(&roomkey, "/health/ready").await.unwrap().0, 200, "a provider's trouble is not Roomkey's");
    assert!(is_moderator(&log_in(&roomkey.url, &later).await));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn health_is_told_on_the_management_address_alone() {
    let (roomkey, _provider) = stage().await;

    let (live, ready) = (health(&roomkey, "/health/live").await, health(&roomkey, "/health/ready").await);
    let login = health(&roomkey, "/room/standup").await;
    let public = Visitor::new().get(&format!("{}/health/live", roomkey.url)).await;

    assert_eq!((live.unwrap().0, ready.unwrap().0), (200, 200));
    assert_eq!((login.unwrap().0, public.status.as_u16()), (404, 404));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_header_of_a_request_changes_an_address_that_is_handed_out() {
    let (roomkey, _provider) = stage().await;
    let forged = [
        ("host", "evil.example"),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-for", "192.0.2.66"),
        ("forwarded", "for=192.0.2.66;host=evil.example;proto=https"),
        ("x-original-url", "/evil"),
    ];

    let plain = Visitor::new().get(&format!("{}/room/standup", roomkey.url)).await;
    let spoofed = Visitor::new().get_with(&format!("{}/room/standup", roomkey.url), &forged).await;

    let redirect_uri = |page: &Page| support::visitor::parameter(&page.location(), "redirect_uri").unwrap();
    assert_eq!(redirect_uri(&spoofed), redirect_uri(&plain));
    assert_eq!(redirect_uri(&plain), format!("{}/callback/fake", roomkey.url));
    assert!(!spoofed.body.contains("evil.example"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_visitors_address_is_believed_from_trusted_proxies_only() {
    let provider = FakeProvider::start().await;
    let file = format!("{}{MODERATORS}", provider.configuration(""));
    let distrusting = Roomkey::start(&file);
    let trusting = Roomkey::start_with("trusted_proxies = [\"127.0.0.0/8\"]\n", &file);
    let forwarded = [("x-forwarded-for", "203.0.113.9")];

    for (roomkey, believed) in [(&distrusting, "127.0.0.1"), (&trusting, "203.0.113.9")] {
        let page = Visitor::new().get_with(&format!("{}/callback/fake?state=none", roomkey.url), &forwarded).await;
        let line: Value = serde_json::from_str(&roomkey.wait_for_log("is not one of Roomkey's")).unwrap();

        assert_eq!(page.status, 400);
        assert_eq!(line["client.address"], believed);
    }
}

#[test]
fn an_address_in_use_is_told_with_its_key() {
    let (public, management) = (TcpListener::bind("127.0.0.1:0").unwrap(), free_port());
    let folder = tempfile::tempdir().unwrap();
    let file = support::roomkey::file(
        public.local_addr().unwrap().port(),
        ([127, 0, 0, 1], management).into(),
        "[[providers]]\nid = \"fake\"\nkind = \"oidc\"\nissuer = \"http://localhost:9\"\nclient_id = \"c\"\n\
         [[access]]\nrooms = [\"*\"]\nproviders = [\"fake\"]\nrole = \"participant\"\n",
    );
    std::fs::write(folder.path().join("roomkey.toml"), file).unwrap();

    let ended = run(folder.path(), &["serve"]);

    let log = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(1));
    assert!(log.contains("cannot listen on 127.0.0.1:") && log.contains("`server.listen`"), "{log}");
}

#[test]
fn a_wrong_file_starts_nothing_and_every_mistake_is_told_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = "public_url = \"ftp://sso.example.com\"\n[meting]\nurl = \"https://meet.example.com\"\n";
    std::fs::write(folder.path().join("roomkey.toml"), file).unwrap();

    let ended = run(folder.path(), &["serve"]);

    let told = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(2));
    for mistake in ["public_url", "meting", "meeting", "session"] {
        assert!(told.contains(mistake), "`{mistake}` is not told:\n{told}");
    }
}

//! `roomkey doctor login`: a login that failed, explained by the number on the page that the person saw.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test stops at the first thing amiss")]

mod support;

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;
use support::fake::{EMAIL, FakeProvider, NAME, SUBJECT};
use support::login;
use support::roomkey::{Roomkey, run};
use support::visitor::{Page, Visitor};

const TEXT: &str = "[log]\nformat = \"text\"\nlevel = \"info\"\n";
const JSON: &str = "[log]\nformat = \"json\"\nlevel = \"info\"\n";
const ACCESS: &str = "[[access]]\nname = \"board\"\nrooms = [\"board\"]\ngroups = [\"board\"]\nrole = \"moderator\"\n\
     [[access]]\nname = \"all\"\nrooms = [\"standup\"]\nrole = \"participant\"\n";

async fn stage(log: &str) -> (Roomkey, FakeProvider) {
    let provider = FakeProvider::start().await;
    let roomkey = Roomkey::start(&format!("{log}{}{ACCESS}", provider.configuration("")));
    (roomkey, provider)
}

/// The number that a page tells to quote.
fn reference(page: &Page) -> String {
    let (_, after) = page.body.split_once(r#"class="reference">"#).unwrap_or_else(|| panic!("no number: {page:#?}"));
    after.split_once('<').unwrap().0.to_owned()
}

/// Writes the log to a file, and asks for the number by it.
fn explained(roomkey: &Roomkey, reference: &str, more: &[&str]) -> (Option<i32>, String) {
    roomkey.wait_for_log(&reference.to_uppercase());
    let folder = roomkey.folder.path();
    std::fs::write(folder.join("roomkey.log"), roomkey.log()).unwrap();
    let output = run(folder, &[&["doctor", "login", reference, "--log", "roomkey.log"], more].concat());
    (output.status.code(), String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failed_login_is_explained_by_its_number_whatever_the_log_looks_like() {
    for log in [TEXT, JSON] {
        let (roomkey, provider) = stage(log).await;
        let mut visitor = Visitor::new();
        let refused = login::log_in(&mut visitor, &format!("{}/room/board", roomkey.url), &provider).await;
        provider.script(|script| script.claims = Box::new(|claims| claims["exp"] = 1.into()));
        let late = login::log_in(&mut visitor, &format!("{}/room/standup", roomkey.url), &provider).await;

        let (status, no_rule) = explained(&roomkey, &reference(&refused), &[]);
        let (_, expired) = explained(&roomkey, &reference(&late).to_lowercase(), &[]);

        assert_eq!((refused.status.as_u16(), late.status.as_u16(), status), (403, 400, Some(0)));
        let host = roomkey.url.strip_prefix("http://").unwrap();
        for told in [
            "`board` not by its groups, meeting `board`, provider `fake`, from `127.0.0.1`",
            &format!("host `{host}` [no-rule]"),
            "cause:  no rule of [[access]] fits the person in that room",
            "`roomkey access explain --room 'board' --provider 'fake' --email ADDRESS --group GROUP`",
        ] {
            assert!(no_rule.contains(told), "{told} is not in:\n{no_rule}");
        }
        assert_eq!(no_rule.lines().count(), 3, "{no_rule}");
        assert!(expired.contains("[untrusted-time]") && expired.contains("by NTP"), "{expired}");
        for secret in [NAME, EMAIL, SUBJECT] {
            assert!(!no_rule.contains(secret) && !expired.contains(secret));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_cookie_is_told_with_the_host_that_was_asked_for() {
    let (roomkey, provider) = stage(TEXT).await;
    let mut visitor = Visitor::new();
    let callback = login::begin(&mut visitor, &format!("{}/room/standup", roomkey.url), &provider).await.unwrap();
    // Cookies of one host are not those of another.
    let lost = Visitor::new().get(&callback.replacen("localhost", "127.0.0.1", 1)).await;

    let (_, told) = explained(&roomkey, &reference(&lost), &[]);

    assert!(told.contains("[cookie-lost]") && told.contains(": the browser asked for `127.0.0.1:"), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_is_read_from_standard_input_and_told_as_json() {
    let (roomkey, provider) = stage(JSON).await;
    let mut visitor = Visitor::new();
    let entered = login::log_in(&mut visitor, &format!("{}/room/standup", roomkey.url), &provider).await;
    assert_eq!(entered.status, 303);
    let line = roomkey.wait_for_log("opened for a participant");
    let number = serde_json::from_str::<Value>(&line).unwrap()["login.id"].as_str().unwrap().to_owned();

    let mut doctor = Command::new(env!("CARGO_BIN_EXE_roomkey"))
        .args(["doctor", "login", &number, "--json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    doctor.stdin.take().unwrap().write_all(roomkey.log().as_bytes()).unwrap();
    let output = doctor.wait_with_output().unwrap();

    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let events = told["events"].as_array().unwrap();
    assert_eq!((output.status.code(), events.len(), &told["reference"]), (Some(0), 1, &Value::from(number)));
    assert_eq!([&events[0]["role"], &events[0]["rule"], &events[0]["room"]], ["participant", "all", "standup"]);
    assert!(events[0]["cause"].as_str().unwrap().contains("successful"));
}

#[test]
fn a_number_that_is_none_or_not_there_is_told_as_such() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("roomkey.log"), "nothing\n").unwrap();

    let none = run(folder.path(), &["doctor", "login", "hello", "--log", "roomkey.log"]);
    let not_there = run(folder.path(), &["doctor", "login", "K7QF2M9X", "--log", "roomkey.log"]);
    let no_file = run(folder.path(), &["doctor", "login", "K7QF2M9X", "--log", "other.log"]);

    let error = String::from_utf8(none.stderr).unwrap();
    assert!(error.contains("a reference number is eight letters and digits"), "{error}");
    let told = String::from_utf8(not_there.stdout).unwrap();
    assert!(told.starts_with("nothing is told of K7QF2M9X in this log"), "{told}");
    assert_eq!(not_there.status.code(), Some(1));
    let error = String::from_utf8(no_file.stderr).unwrap();
    assert!(error.starts_with("cannot read other.log"), "{error}");
}

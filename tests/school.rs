//! A school, from an empty folder to the lesson, by the words of its page: `docs/sites/school.md`.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test stops at the first thing amiss")]

mod support;

use std::fs;

use reqwest::StatusCode;
use serde_json::json;
use support::fake::FakeProvider;
use support::login;
use support::roomkey::{Roomkey, run};
use support::site;
use support::visitor::{Page, Visitor};

const PAGE: &str = "docs/sites/school.md";

/// Somebody with an account at the school opens the link of a class.
async fn opens(email: &'static str, class: &str, roomkey: &Roomkey, provider: &FakeProvider) -> Page {
    provider.script(|script| {
        script.claims = Box::new(move |claims| {
            claims["email"] = json!(email);
            claims["sub"] = json!(email);
        });
    });
    login::log_in(&mut Visitor::new(), &format!("{}/room/{class}", roomkey.url), provider).await
}

/// Whether they moderate; `None` if they are not let in.
fn moderates(page: &Page) -> Option<bool> {
    match page.status {
        StatusCode::SEE_OTHER => Some(page.meeting_claims()["context"]["user"]["moderator"] == json!(true)),
        status => {
            assert_eq!(status, StatusCode::FORBIDDEN, "{}", page.body);
            None
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_teacher_moderates_the_class_takes_part_and_nobody_else_gets_in() {
    let provider = FakeProvider::start().await;
    let roomkey = site::start(PAGE, &provider);

    let teacher = opens("alma.turing@school.example", "Mathematics%207b", &roomkey, &provider).await;
    let student = opens("bela.vogel@school.example", "mathematics%207b", &roomkey, &provider).await;
    let of_another_class = opens("cora.maly@school.example", "Mathematics%207b", &roomkey, &provider).await;
    let there = opens("cora.maly@school.example", "History%208a", &roomkey, &provider).await;

    assert_eq!(teacher.meeting_claims()["room"], "mathematics%207b");
    assert_eq!(
        [&teacher, &student, &of_another_class, &there].map(moderates),
        [Some(true), Some(false), None, Some(false)]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn last_nights_export_counts_and_a_broken_one_does_not() {
    let provider = FakeProvider::start().await;
    let roomkey = site::start(PAGE, &provider);
    let enrollments = roomkey.folder.path().join("oneroster/enrollments.csv");
    let before = fs::read_to_string(&enrollments).unwrap();
    let export = |text: String| {
        fs::write(enrollments.with_extension("new"), text).unwrap();
        fs::rename(enrollments.with_extension("new"), &enrollments).unwrap();
    };
    let mut changed = before.replace("e-2,,,c-7b,o-1,u-201,student,,,\n", "");
    changed.push_str("e-4,,,c-7b,o-1,u-202,student,,,\n");

    export(changed.clone());
    roomkey.wait_for_log("has been read again, 3 rows");
    let came = opens("cora.maly@school.example", "Mathematics%207b", &roomkey, &provider).await;
    let left = opens("bela.vogel@school.example", "Mathematics%207b", &roomkey, &provider).await;
    export(format!("{changed}e-5,,,c-7b,o-1,u-999,student,,,\n"));
    roomkey.wait_for_log("enrollments.csv:5: the userSourcedId is none of users.csv");
    roomkey.wait_for_log("the members stay as they were: 1 mistake");
    let still = opens("cora.maly@school.example", "Mathematics%207b", &roomkey, &provider).await;

    assert_eq!([&came, &left, &still].map(moderates), [Some(false), None, Some(false)]);
    assert!(!roomkey.log().contains("school.example\""), "no address in the log");
}

#[tokio::test]
async fn the_pages_explanation_is_what_is_told() {
    let provider = FakeProvider::start().await;
    let (folder, ..) = site::lay_out(PAGE, &provider);

    let told =
        run(folder.path(), &["access", "explain", "--room", "Mathematics 7b", "--email", "bela.vogel@school.example"]);

    let page = fs::read_to_string(PAGE).unwrap();
    let block = page.split_once("    $ roomkey access explain").unwrap().1.split("\n\n").next().unwrap();
    let shown: String = block.lines().skip(1).map(|line| format!("{}\n", line.strip_prefix("    ").unwrap())).collect();
    assert_eq!(String::from_utf8(told.stdout).unwrap(), shown);
}

#[tokio::test]
async fn the_check_names_what_is_wrong_with_the_lists_before_anything_starts() {
    let provider = FakeProvider::start().await;
    let (folder, ..) = site::lay_out(PAGE, &provider);
    let good = run(folder.path(), &["config", "check"]);
    let classes = folder.path().join("oneroster/classes.csv");
    fs::write(&classes, fs::read_to_string(&classes).unwrap().replace("History 8a", "mathematics 7B")).unwrap();

    let bad = run(folder.path(), &["config", "check"]);

    assert!(good.status.success(), "{}", String::from_utf8_lossy(&good.stderr));
    assert_eq!(bad.status.code(), Some(2));
    let told = String::from_utf8(bad.stderr).unwrap();
    assert!(told.contains("classes.csv:3: access[1].members_file: has the title of line 2"), "{told}");
}

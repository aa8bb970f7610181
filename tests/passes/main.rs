//! Invitations: made by a program; an event that lets in who has paid, a practice that confirms its patients before the visit, and two replicas that
//! share their passes.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test stops at the first thing amiss")]

#[path = "../support/mod.rs"]
mod support;

mod api;
mod event;
mod practice;
mod replicas;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use support::roomkey::{Roomkey, run};
use support::site;
use support::visitor::{Page, Visitor};

/// A moment so far from now, as the command line takes it.
pub fn after(seconds: i64) -> String {
    let now = roomkey::clock::Clock::system().now();
    (now + SignedDuration::from_secs(seconds)).to_string()
}

/// A command of a page with other times: the page's are over one day.
pub fn at(command: &str, from: &str, until: &str) -> String {
    let mut words: Vec<_> = command.split(' ').collect();
    for (option, time) in [("--from", from), ("--until", until)] {
        let place = words.iter().position(|word| *word == option).unwrap();
        words[place + 1] = time;
    }
    words.join(" ")
}

/// The records of a room, as the page tells to export them.
pub fn recorded(roomkey: &Roomkey, page: &str) -> Vec<Value> {
    let printed = site::type_in(roomkey.folder.path(), &site::command(page, "roomkey audit export"));
    printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// What `roomkey pass` prints.
pub fn pass(roomkey: &Roomkey, arguments: &[&str]) -> String {
    let arguments: Vec<_> = ["pass"].into_iter().chain(arguments.iter().copied()).collect();
    let output = run(roomkey.folder.path(), &arguments);
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
    text(&output.stdout)
}

/// Ids and links of new passes.
pub fn create(roomkey: &Roomkey, arguments: &[&str]) -> Vec<(String, String)> {
    let arguments: Vec<_> = ["create"].into_iter().chain(arguments.iter().copied()).collect();
    let printed = pass(roomkey, &arguments);
    printed.lines().map(|line| line.split_once("  ").unwrap()).map(|(id, link)| (id.into(), link.into())).collect()
}

/// Opens the page of a pass and sends its form with a name.
pub async fn enter(visitor: &mut Visitor, link: &str, name: &str) -> Page {
    let page = visitor.get(link).await;
    let token = token(&page);
    visitor.post(link, &[("token", &token), ("name", name)]).await
}

/// The hidden `token` of a page's form.
pub fn token(page: &Page) -> String {
    let (_, after) = page.body.split_once("name=\"token\" value=\"").unwrap_or_else(|| panic!("no form: {page:#?}"));
    after.split_once('"').unwrap().0.to_owned()
}

/// When the token of a meeting link ends.
pub fn ends(page: &Page) -> Timestamp {
    Timestamp::from_second(page.meeting_claims()["exp"].as_i64().unwrap()).unwrap()
}

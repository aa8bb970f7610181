//! Logins at a second real provider, Authlib from PyPI: from the meeting link into the meeting.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test stops at the first thing amiss")]

mod support;

use std::time::{Duration, Instant};

use support::authlib_provider::AuthlibProvider;
use support::roomkey::Roomkey;
use support::visitor::{Page, Visitor};

const ACCESS: &str =
    "[[access]]\nrooms = [\"*\"]\ngroups = [\"staff\"]\nemails = [\"ada@example.com\"]\nrole = \"moderator\"\n";

/// Follows the link, gives `name` at the provider, and comes back.
async fn log_in(roomkey: &Roomkey, name: &str) -> Page {
    let mut visitor = Visitor::new();
    let link = format!("{}/room/standup", roomkey.url);
    let deadline = Instant::now() + Duration::from_secs(10);
    let redirect = loop {
        let page = visitor.get(&link).await;
        if page.status == 303 || Instant::now() > deadline {
            break page;
        }
        // Its port opens a moment after it says so.
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    let request = redirect.location();
    let asked = Visitor::new().get(request.as_str()).await;
    assert!(asked.body.contains("name=\"name\""), "{}", asked.body);
    let agreed = Visitor::new().post(request.as_str(), &[("name", name)]).await;
    visitor.get(agreed.location().as_str()).await
}

#[tokio::test]
async fn somebody_at_a_real_provider_of_another_make_enters() {
    let provider = AuthlibProvider::start();
    let roomkey = Roomkey::start(&format!("{}{ACCESS}", provider.configuration()));

    let page = log_in(&roomkey, "ada").await;

    assert_eq!(page.status, 303, "{}\n{}", page.body, roomkey.log());
    let user = page.meeting_claims()["context"]["user"].clone();
    assert_eq!((user["name"].as_str(), user["moderator"].as_bool()), (Some("Ada Lovelace"), Some(true)));
}

#[tokio::test]
async fn somebody_who_declines_there_is_told_so() {
    let provider = AuthlibProvider::start();
    let roomkey = Roomkey::start(&format!("{}{ACCESS}", provider.configuration()));

    let page = log_in(&roomkey, "nobody").await;

    assert_eq!((page.status.as_u16(), page.heading().as_str()), (403, "You weren’t logged in"));
}

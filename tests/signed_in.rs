//! What becomes of people who are signed in: at two providers, past the grace time, after a crash, and by Jitsi's own logout.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test stops at the first thing amiss")]

mod support;

use std::time::Duration;

use serde_json::{Value, json};
use support::fake::{FakeProvider, NAME, Reply};
use support::roomkey::Roomkey;
use support::visitor::{Page, Visitor, parameter};

const EVERYBODY: &str = "[[access]]\nrooms = [\"*\"]\nrole = \"participant\"\n";

/// Follows a link to the provider and comes back, with the session that the browser may have already.
async fn log_in(visitor: &mut Visitor, link: &str, provider: &FakeProvider) -> Page {
    let request = visitor.get(link).await.location();
    let response = provider.log_in(&request);
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(response).finish();
    visitor.get(&format!("{}?{query}", parameter(&request, "redirect_uri").unwrap())).await
}

async fn signed_in(roomkey: &Roomkey, provider: &FakeProvider) -> Visitor {
    let mut visitor = Visitor::new();
    let page = log_in(&mut visitor, &format!("{}/room/standup", roomkey.url), provider).await;
    assert_eq!(page.meeting_claims()["room"], "standup");
    visitor
}

fn is_in_meeting(page: &Page) -> bool {
    page.location().host_str() == Some("meet.localhost")
}

/// Name and role in the token.
fn user(page: &Page) -> (Value, Value) {
    let user = page.meeting_claims()["context"]["user"].take();
    (user["name"].clone(), user["moderator"].clone())
}

#[tokio::test]
async fn somebody_signed_in_at_two_providers_enters_each_room_by_the_one_that_fits_and_has_the_higher_role() {
    let (work, club) = (FakeProvider::start().await, FakeProvider::start().await);
    club.script(|script| script.claims = Box::new(|claims| claims["name"] = json!("Chair Grace")));
    let rules = "[[access]]\nrooms = [\"standup\", \"hall\"]\nproviders = [\"fake\"]\nrole = \"participant\"\n\
                 [[access]]\nrooms = [\"board\", \"hall\"]\nproviders = [\"club\"]\nrole = \"moderator\"\n";
    let other = club.configuration("").replacen("id = \"fake\"\nname = \"Fake\"", "id = \"club\"\nname = \"Club\"", 1);
    let roomkey = Roomkey::start(&format!("{}{other}{rules}", work.configuration("")));
    let link = |room: &str| format!("{}/room/{room}", roomkey.url);
    let mut visitor = Visitor::new();

    let standup = log_in(&mut visitor, &link("standup"), &work).await;
    let board = log_in(&mut visitor, &link("board"), &club).await;
    assert_eq!((user(&standup), user(&board)), ((NAME.into(), false.into()), ("Chair Grace".into(), true.into())));
    let again = [visitor.get(&link("standup")).await, visitor.get(&link("board")).await];
    let hall = visitor.get(&link("hall")).await;
    let home = visitor.get(&format!("{}/", roomkey.url)).await.body;

    assert_eq!(again.each_ref().map(user), [(NAME.into(), false.into()), ("Chair Grace".into(), true.into())]);
    assert_eq!(user(&hall), ("Chair Grace".into(), true.into()));
    assert!(home.contains(NAME) && home.contains("Chair Grace") && home.contains("Club"), "{home}");
}

#[tokio::test]
async fn past_its_grace_time_a_provider_that_cannot_be_asked_has_people_log_in() {
    let provider = FakeProvider::start().await;
    provider.script(|script| script.refresh_tokens = true);
    let session = "[session]\nsecret = \"eleven-paper-boats-drift-past-the-mill\"\nconfirm = \"1s\"\ngrace = \"2s\"\n";
    let roomkey = Roomkey::start(&format!("{session}{}{EVERYBODY}", provider.configuration("")));
    let mut visitor = signed_in(&roomkey, &provider).await;

    provider.script(|script| script.token = Box::new(|_| Reply::Gone));
    tokio::time::sleep(Duration::from_millis(4_100)).await;
    let link = visitor.get(&format!("{}/room/standup", roomkey.url)).await;

    assert!(link.location().as_str().starts_with(&format!("{}/authorize?", provider.issuer)));
}

#[tokio::test]
async fn a_session_in_sqlite_outlives_a_process_that_is_killed() {
    let provider = FakeProvider::start().await;
    let mut roomkey = Roomkey::start(&format!("{}{EVERYBODY}", provider.configuration("")));
    let before = signed_in(&roomkey, &provider).await;

    roomkey.signal("KILL");
    roomkey.wait();
    roomkey.restart();
    // The connection is gone with the process; the cookies are not.
    let mut visitor = Visitor::new();
    visitor.cookies_mut().clone_from(before.cookies());
    let link = visitor.get(&format!("{}/room/retro", roomkey.url)).await;

    assert!(is_in_meeting(&link));
    assert_eq!(provider.count("/token"), 1, "without another login");
}

#[tokio::test]
async fn jitsis_own_logout_ends_the_session_in_its_hidden_frame_and_another_sites_does_not() {
    let provider = FakeProvider::start().await;
    let roomkey = Roomkey::start(&format!("{}{EVERYBODY}", provider.configuration("")));
    let mut visitor = signed_in(&roomkey, &provider).await;
    let (logout, link) = (format!("{}/logout", roomkey.url), format!("{}/room/standup", roomkey.url));

    let foreign = [("sec-fetch-dest", "iframe"), ("sec-fetch-site", "cross-site")];
    let asked = visitor.get_with(&logout, &foreign).await;
    let opened = visitor.get_with(&logout, &[("sec-fetch-dest", "document"), ("sec-fetch-site", "same-site")]).await;
    assert!(is_in_meeting(&visitor.get(&link).await), "nothing has happened yet");
    let framed = visitor.get_with(&logout, &[("sec-fetch-dest", "iframe"), ("sec-fetch-site", "same-site")]).await;

    assert_eq!((asked.heading().as_str(), opened.heading().as_str()), ("Log out?", "Log out?"));
    assert_eq!(framed.location().as_str(), "http://meet.localhost:9/static/logout.html");
    assert!(!is_in_meeting(&visitor.get(&link).await));
}

//! Sessions of people from a SAML provider, which the browser alone can have confirmed: by a request that the provider answers without a
//! word to them (`IsPassive`).

use std::time::Duration;

use crate::stage::Stage;
use crate::support::ending::{STAFF_MODERATE, assert_entered};
use crate::support::fake_idp::message::{Message, attribute, status};
use crate::support::fake_idp::{Asked, FakeIdp};
use crate::support::roomkey::Roomkey;
use crate::support::visitor::{Page, Visitor};

/// Somebody is signed in, and a second later has to be confirmed.
async fn due() -> Stage {
    let idp = FakeIdp::new();
    let session = "[session]\nsecret = \"eleven-paper-boats-drift-past-the-mill\"\nconfirm = \"1s\"\n";
    let roomkey = Roomkey::start(&format!("{session}{}{STAFF_MODERATE}", idp.configuration("")));
    let mut stage = Stage::of(roomkey, idp);
    let page = stage.log_in(|_| {}).await;
    assert_entered(&page, &stage.roomkey);
    assert_entered(&open(&mut stage).await, &stage.roomkey);
    tokio::time::sleep(Duration::from_millis(1200)).await;
    stage
}

async fn open(stage: &mut Stage) -> Page {
    stage.visitor.get(&format!("{}/room/standup", stage.roomkey.url)).await
}

/// Opens the link, and gives what the provider is asked without a word.
async fn asked_silently(stage: &mut Stage) -> Asked {
    let page = open(stage).await;
    let asked = stage.idp.read(&page.location());
    assert!(asked.document.contains(" IsPassive=\"true\""), "{}", asked.document);
    assert!(!asked.document.contains("ForceAuthn"), "{}", asked.document);
    asked
}

async fn answer(stage: &mut Stage, asked: &Asked, change: impl FnOnce(&mut Message)) -> Page {
    let mut message = stage.idp.message(asked);
    change(&mut message);
    stage.bring(&message).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_is_confirmed_by_the_browser_without_a_word_to_the_person() {
    let mut stage = due().await;

    let asked = asked_silently(&mut stage).await;
    let confirmed = answer(&mut stage, &asked, |_| {}).await;
    let next = open(&mut stage).await;

    assert_entered(&confirmed, &stage.roomkey);
    assert_entered(&next, &stage.roomkey);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_has_left_the_group_meanwhile_is_out() {
    let mut stage = due().await;

    let asked = asked_silently(&mut stage).await;
    let groups = "urn:oid:1.3.6.1.4.1.5923.1.5.1.1";
    let left = answer(&mut stage, &asked, |m| {
        m.assertion.attributes = attribute(groups, "isMemberOf", &["guests"]);
    })
    .await;

    assert_eq!((left.status.as_u16(), left.heading().as_str()), crate::support::ending::REFUSED);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whom_the_provider_does_not_vouch_for_unasked_logs_in_anew() {
    let mut stage = due().await;
    let asked = asked_silently(&mut stage).await;
    let cookies = stage.visitor.cookies().clone();

    let refused = answer(&mut stage, &asked, |m| m.status = status("Responder", Some("NoPassive"))).await;
    let again = stage.visitor.get(refused.location().as_str()).await;

    let anew = stage.idp.read(&again.location());
    assert!(!anew.document.contains("IsPassive"), "{}", anew.document);
    stage.roomkey.wait_for_log("a session ends: `fake` does not vouch for its person unasked");
    // The session is over, not only forgotten by this browser.
    *stage.visitor.cookies_mut() = cookies;
    assert!(open(&mut stage).await.location().as_str().starts_with("https://idp.example.com/"));
    let entered = answer(&mut stage, &anew, |_| {}).await;
    assert_eq!(entered.heading(), "Your login got lost on the way", "its cookie was not among the old ones");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_who_answers_in_the_providers_place_confirms_nobody() {
    let mut stage = due().await;

    let asked = asked_silently(&mut stage).await;
    let forged = answer(&mut stage, &asked, |m| {
        m.assertion.sign.as_mut().unwrap().key = crate::support::fake_idp::keys::stranger();
    })
    .await;

    stage.assert_ended(&forged, crate::support::ending::UNTRUSTED, "fails the signature key check");
    stage.visitor = Visitor::new();
    stage.assert_next_login_succeeds().await;
}

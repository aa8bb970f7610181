//! A response that comes twice.

use crate::stage::Stage;
use crate::support::ending::{STAFF_MODERATE, UNTRUSTED, assert_entered};
use crate::support::fake_idp::FakeIdp;
use crate::support::postgres::Postgres;
use crate::support::roomkey::Roomkey;
use crate::support::visitor::Visitor;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_response_sent_twice_counts_once() {
    let mut stage = Stage::set("").await;
    let asked = stage.begin().await;
    let message = stage.idp.message(&asked);
    let cookies = stage.visitor.cookies().clone();

    let first = stage.bring(&message).await;
    let lost = stage.bring(&message).await;
    // A browser that keeps the cookie it was told to drop.
    *stage.visitor.cookies_mut() = cookies;
    let again = stage.bring(&message).await;

    assert_entered(&first, &stage.roomkey);
    assert_eq!(lost.heading(), "Your login got lost on the way");
    stage.assert_ended(&again, UNTRUSTED, "fails the assertion used before check");
    stage.assert_next_login_succeeds().await;
    stage.assert_log_holds_no_secret();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_assertion_in_another_response_counts_once() {
    let mut stage = Stage::set("").await;
    let asked = stage.begin().await;
    let mut message = stage.idp.message(&asked);
    let cookies = stage.visitor.cookies().clone();
    assert_entered(&stage.bring(&message).await, &stage.roomkey);

    *stage.visitor.cookies_mut() = cookies;
    message.id = "_another".to_owned();
    let again = stage.bring(&message).await;

    stage.assert_ended(&again, UNTRUSTED, "fails the assertion used before check");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_response_in_another_browser_is_lost() {
    let mut stage = Stage::set("").await;
    let asked = stage.begin().await;
    let message = stage.idp.message(&asked);

    stage.visitor = Visitor::new();
    let page = stage.bring(&message).await;

    assert_eq!((page.status.as_u16(), page.heading().as_str()), (400, "Your login got lost on the way"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_response_counts_once_on_all_replicas() {
    let postgres = Postgres::start();
    let (idp, port) = (FakeIdp::new(), crate::support::roomkey::free_port());
    let store = format!("[store]\nurl = \"{}\"\n", postgres.database("roomkey"));
    let first = Roomkey::start_at(port, &format!("{store}{}{STAFF_MODERATE}", idp.configuration("")));
    let second = first.replica();
    let mut visitor = Visitor::new();
    let asked = idp.read(&visitor.get(&format!("{}/room/standup", first.url)).await.location());
    let form = idp.message(&asked).form();
    let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let cookies = visitor.cookies().clone();

    let entered = visitor.post(&format!("{}/saml/fake/acs", first.url), &form).await;
    *visitor.cookies_mut() = cookies;
    let again = visitor.post(&format!("{}/saml/fake/acs", second.url), &form).await;

    assert_entered(&entered, &first);
    assert_eq!((again.status.as_u16(), again.heading().as_str()), UNTRUSTED);
    second.wait_for_log("fails the assertion used before check");
}

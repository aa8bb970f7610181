//! Two identity providers of one federation, one of which answers in the place of the other.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::stage::Stage;
use crate::support::ending::{UNTRUSTED, assert_entered};
use crate::support::fake_idp::message::Message;
use crate::support::fake_idp::signing::Signing;
use crate::support::fake_idp::{ENTITY_ID, FakeIdp, keys};

const ANOTHER: &str = "https://another.example.com/metadata";

/// The federation: the provider of the stage, and another with a key of its own.
fn federation() -> FakeIdp {
    FakeIdp::with(|one| {
        let certificate = |key: &keys::IdpKey| STANDARD.encode(key.certificate());
        let another =
            one.replace(ENTITY_ID, ANOTHER).replace(&certificate(&keys::idp()), &certificate(&keys::stranger()));
        format!(
            "<md:EntitiesDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\">{one}{another}</md:EntitiesDescriptor>"
        )
    })
}

/// A login that is begun with `chosen`, and answered by the other provider's key with `change`.
async fn mixed_up(chosen: &str, change: impl FnOnce(&mut Message)) -> (Stage, crate::support::visitor::Page) {
    let mut stage = Stage::set_with(federation(), "").await;
    let link = format!("{}/room/standup?idp={chosen}", stage.roomkey.url);
    let asked = stage.idp.read(&stage.visitor.get(&link).await.location());
    let mut message = stage.idp.message(&asked);
    change(&mut message);
    let page = stage.bring(&message).await;
    (stage, page)
}

fn by_another(message: &mut Message) {
    message.issuer = Some(ANOTHER.to_owned());
    message.assertion.issuer = Some(ANOTHER.to_owned());
    message.assertion.sign = Some(Signing::by(&keys::stranger()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_of_a_federation_vouches_for_logins_that_were_begun_with_it() {
    let (one, entered) = mixed_up(ENTITY_ID, |_| {}).await;
    let (another, entered_too) = mixed_up(ANOTHER, by_another).await;

    assert_entered(&entered, &one.roomkey);
    assert_entered(&entered_too, &another.roomkey);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_response_of_another_one_than_the_login_was_begun_with_is_refused() {
    let (mut stage, page) = mixed_up(ENTITY_ID, by_another).await;

    stage.assert_ended(&page, UNTRUSTED, "fails the response `Issuer` check: it is another provider's");
    stage.assert_log_holds_no_secret();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_assertion_of_another_one_within_a_response_without_issuer_is_refused() {
    let (stage, page) = mixed_up(ENTITY_ID, |m| {
        by_another(m);
        m.issuer = None;
    })
    .await;

    // By the key alone: its name is not even looked at.
    stage.assert_ended(&page, UNTRUSTED, "fails the signature key check");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_one_that_calls_itself_as_the_chosen_one_is_refused() {
    let (stage, page) = mixed_up(ENTITY_ID, |m| m.assertion.sign = Some(Signing::by(&keys::stranger()))).await;

    stage.assert_ended(&page, UNTRUSTED, "fails the signature key check");
}

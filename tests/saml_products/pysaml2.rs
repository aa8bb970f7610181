//! By pysaml2, which reads Roomkey's metadata, sends attributes by their URNs, encrypts, rolls its certificate over and logs out.

use crate::stage::{OWN_KEY, Stage};
use crate::support::saml_idp::SamlIdp;

const GROUPS: &str = "[providers.claims]\ngroups = \"isMemberOf\"\n";

async fn plain(more: &str) -> Stage {
    Stage::set(|roomkey, _| SamlIdp::pysaml2(roomkey, &[]), &format!("{OWN_KEY}{more}{GROUPS}")).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_enters_by_attributes_and_groups() {
    let stage = plain("").await;

    let claims = stage.log_in("board", "ada").await;

    let user = &claims["context"]["user"];
    assert_eq!((user["name"].as_str(), user["moderator"].as_bool()), (Some("Ada Lovelace"), Some(true)));
    let log = stage.roomkey.log();
    assert!(!log.contains("Lovelace") && !log.contains("ada@example"), "{log}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_without_a_key_of_roomkeys_own_enters_too() {
    let stage = Stage::set(|roomkey, _| SamlIdp::pysaml2(roomkey, &[]), GROUPS).await;

    let claims = stage.log_in("standup", "ben").await;

    assert_eq!(claims["context"]["user"]["name"], "Ben Bitdiddle");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signed_requests_by_either_binding_are_taken_there() {
    for binding in ["redirect", "post"] {
        let stage = plain(&format!("sign_requests = true\nrequest_binding = \"{binding}\"\n")).await;

        let claims = stage.log_in("standup", "ben").await;

        assert_eq!(claims["context"]["user"]["name"], "Ben Bitdiddle", "{binding}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_encrypted_assertion_is_opened() {
    let more = format!("{OWN_KEY}want_assertions_encrypted = true\n{GROUPS}");
    let stage = Stage::set(|roomkey, _| SamlIdp::pysaml2(roomkey, &["encrypt"]), &more).await;

    let claims = stage.log_in("board", "ada").await;

    assert_eq!(claims["context"]["user"]["moderator"], true);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_whom_the_provider_refuses_reads_so() {
    let stage = plain("").await;

    stage.click("standup").await;
    stage.give_name("nobody").await;
    stage.arrives_at(&format!("{}/saml/uni/acs", stage.roomkey.url)).await;

    stage.roomkey.wait_for_log("AuthnFailed");
    assert_eq!(stage.heading().await, "You weren’t logged in");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_whom_no_rule_lets_in_reads_so() {
    let stage = plain("").await;

    stage.click("board").await;
    stage.give_name("cleo").await;
    stage.roomkey.wait_for_log("not let in");

    assert_eq!(stage.heading().await, "You can’t enter this meeting");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_is_rolled_over_while_people_log_in() {
    let stage = plain("").await;
    assert_eq!(stage.idp.control("add").await, "added");
    // Within a minute of the last time, metadata are fetched for a new configuration alone.
    stage.roomkey.signal("HUP");
    stage.roomkey.wait_for_log("has been read again");
    stage.log_in("standup", "ada").await;

    assert_eq!(stage.idp.control("switch").await, "switched");
    stage.forget().await;
    let claims = stage.log_in("standup", "ben").await;

    assert_eq!(claims["context"]["user"]["name"], "Ben Bitdiddle");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_that_the_metadata_have_not_announced_lets_nobody_in() {
    let stage = plain("").await;
    stage.log_in("standup", "ada").await;

    assert_eq!(stage.idp.control("switch").await, "switched");
    stage.forget().await;
    stage.click("standup").await;
    stage.give_name("ben").await;
    // Until a minute after they were last had, metadata are not fetched for a signature by an unknown key.
    stage.roomkey.wait_for_log("signature key");

    assert_eq!(stage.heading().await, "Your login couldn’t be confirmed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn logging_out_here_logs_out_there_by_either_binding() {
    for options in [&[][..], &["logout-by-post"]] {
        let keys = format!("{OWN_KEY}{GROUPS}");
        let stage = Stage::set(move |roomkey, _| SamlIdp::pysaml2(roomkey, options), &keys).await;
        stage.log_in("standup", "ada").await;
        stage.goto(&format!("{}/", stage.idp.url)).await;
        assert!(stage.browser.client.source().await.unwrap().contains("ada"));

        stage.log_out().await;

        stage.goto(&format!("{}/", stage.idp.url)).await;
        assert!(!stage.browser.client.source().await.unwrap().contains("ada"), "{options:?}");
        assert!(stage.asks_for_a_login().await, "{options:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn logging_out_there_logs_out_here_by_either_binding() {
    for binding in ["redirect", "post"] {
        let stage = plain("").await;
        stage.log_in("standup", "ada").await;
        assert!(!stage.asks_for_a_login().await);

        stage.goto(&format!("{}/leave?binding={binding}", stage.idp.url)).await;
        let left = stage.text("left").await;

        assert_eq!(left, "everywhere", "{}\n{}", stage.idp.errors(), stage.roomkey.log());
        assert!(stage.asks_for_a_login().await, "{binding}");
    }
}

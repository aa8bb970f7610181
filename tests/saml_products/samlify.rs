//! By samlify, which takes requests by HTTP-POST, or signed ones alone, and sends attributes by plain names.

use crate::stage::{OWN_KEY, Stage};
use crate::support::saml_idp::SamlIdp;

const CLAIMS: &str =
    "[providers.claims]\nname = \"displayName\"\nemail = \"mail\"\nemail_verified = true\ngroups = \"groups\"\n";

async fn stage(options: &'static [&'static str]) -> Stage {
    Stage::set(move |roomkey, keys| SamlIdp::samlify(roomkey, options, keys), &format!("{OWN_KEY}{CLAIMS}")).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_enters_by_each_binding_signed_or_not() {
    for options in [&[][..], &["post"], &["signed"], &["post", "signed"]] {
        let stage = stage(options).await;

        let claims = stage.log_in("board", "ada").await;

        let user = &claims["context"]["user"];
        assert_eq!((&user["name"], &user["email"]), (&"Ada Lovelace".into(), &"ada@example.com".into()), "{options:?}");
        assert_eq!(user["moderator"], true, "{options:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_whom_no_rule_lets_in_reads_so() {
    let stage = stage(&[]).await;

    stage.click("board").await;
    stage.give_name("cleo").await;
    stage.roomkey.wait_for_log("not let in");

    assert_eq!(stage.heading().await, "You can’t enter this meeting");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn logging_out_here_logs_out_there() {
    for options in [&[][..], &["post"]] {
        let stage = stage(options).await;
        stage.log_in("standup", "ada").await;

        stage.log_out().await;

        stage.goto(&format!("{}/", stage.idp.url)).await;
        assert_eq!(stage.text("who").await, "nobody", "{}", stage.idp.errors());
        assert!(stage.asks_for_a_login().await);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn logging_out_there_logs_out_here_by_either_binding() {
    for binding in ["redirect", "post"] {
        let stage = stage(&[]).await;
        stage.log_in("standup", "ben").await;

        stage.goto(&format!("{}/leave?binding={binding}", stage.idp.url)).await;
        let left = stage.text("left").await;

        assert_eq!(left, "everywhere", "{}", stage.roomkey.log());
        assert!(stage.asks_for_a_login().await, "{binding}");
    }
}

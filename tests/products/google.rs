//! Google.

use serde_json::{Value, json};

use crate::support::ending::{CANCELLED, NOT_ADMITTED, REFUSED, TURNED_AWAY, UNTRUSTED, assert_ended};
use crate::support::products::google::{Google, employee, hint};
use crate::support::products::visit;
use crate::support::roomkey::Roomkey;
use crate::support::visitor::{Page, Visitor};
use crate::{BY_ADDRESS, EVERYBODY, declined, entered};

const DOMAIN: &str = "hosted_domains = [\"Example.com\"]";

struct Stage {
    google: Google,
    roomkey: Roomkey,
}

impl Stage {
    async fn set(more: &str, rules: &str) -> Self {
        let google = Google::start().await;
        let roomkey = Roomkey::start(&format!("{}{rules}", google.configuration(more)));
        Self { google, roomkey }
    }

    /// A login of somebody with these claims.
    async fn log_in(&self, claims: Value) -> Page {
        self.google.is(claims);
        let link = format!("{}/room/standup", self.roomkey.url);
        visit(&mut Visitor::new(), &link, |request| self.google.agree(request)).await
    }
}

fn but(claim: &str, value: Value) -> Value {
    let mut claims = employee();
    match value {
        Value::Null => drop(claims.as_object_mut().unwrap().remove(claim)),
        value => claims[claim] = value,
    }
    claims
}

#[tokio::test]
async fn an_account_of_the_organisation_enters() {
    let stage = Stage::set(DOMAIN, BY_ADDRESS).await;
    let link = format!("{}/room/standup", stage.roomkey.url);
    let mut hinted = None;

    let page = visit(&mut Visitor::new(), &link, |request| {
        hinted = hint(request);
        stage.google.agree(request)
    })
    .await;

    let user = entered(&page, &stage.roomkey);
    assert_eq!((user["name"].as_str(), user["email"].as_str()), (Some("Ada Lovelace"), Some("ada@example.com")));
    assert_eq!(hinted.as_deref(), Some("example.com"));
}

#[tokio::test]
async fn the_claim_admits_and_not_the_hint() {
    let stage = Stage::set(DOMAIN, EVERYBODY).await;

    let other = stage.log_in(but("hd", json!("example.org"))).await;
    assert_ended(&other, &stage.roomkey, NOT_ADMITTED, "`hd` is not among `hosted_domains`");
    let missing = stage.log_in(but("hd", json!(null))).await;
    assert_ended(&missing, &stage.roomkey, NOT_ADMITTED, "`hd` is missing, which is required by `hosted_domains`");
    let sub = stage.log_in(but("hd", json!("sub.example.com"))).await;
    assert_ended(&sub, &stage.roomkey, NOT_ADMITTED, "`hd` is not among");
    let cased = stage.log_in(but("hd", json!("EXAMPLE.com"))).await;
    entered(&cased, &stage.roomkey);
}

#[tokio::test]
async fn an_address_counts_by_googles_own_guidance_and_by_nothing_else() {
    let stage = Stage::set("", BY_ADDRESS).await;

    entered(&stage.log_in(employee()).await, &stage.roomkey);
    let unhosted = stage.log_in(but("hd", json!(null))).await;
    assert_ended(&unhosted, &stage.roomkey, REFUSED, "no rule fits");
    let unverified = stage.log_in(but("email_verified", json!(false))).await;
    assert_ended(&unverified, &stage.roomkey, REFUSED, "no rule fits");
}

#[tokio::test]
async fn a_gmail_address_is_googles_own() {
    let rule = BY_ADDRESS.replace("example.com", "gmail.com");
    let stage = Stage::set("", &rule).await;
    let mut claims = but("hd", json!(null));
    claims["email"] = json!("ada@gmail.com");

    entered(&stage.log_in(claims).await, &stage.roomkey);
}

#[tokio::test]
async fn both_spellings_of_the_issuer_are_googles_and_no_third() {
    let stage = Stage::set("", EVERYBODY).await;

    entered(&stage.log_in(but("iss", json!("accounts.google.com"))).await, &stage.roomkey);
    let third = stage.log_in(but("iss", json!("https://accounts.google.com.evil.test"))).await;
    assert_ended(&third, &stage.roomkey, UNTRUSTED, "`iss` check");
}

#[tokio::test]
async fn somebody_who_says_no_can_try_again() {
    let stage = Stage::set("", EVERYBODY).await;
    let link = format!("{}/room/standup", stage.roomkey.url);

    let page = visit(&mut Visitor::new(), &link, |_| declined("access_denied")).await;

    assert_ended(&page, &stage.roomkey, CANCELLED, "`access_denied`");
    assert!(page.body.contains("/room/standup"));
}

#[tokio::test]
async fn a_wrong_secret_is_for_the_operator_to_mend() {
    let google = Google::start().await;
    let configuration = google.configuration("").replace("a-secret-that", "another-secret-that");
    let roomkey = Roomkey::start(&format!("{configuration}{EVERYBODY}"));
    let link = format!("{}/room/standup", roomkey.url);

    let page = visit(&mut Visitor::new(), &link, |request| google.agree(request)).await;

    assert_ended(&page, &roomkey, TURNED_AWAY, "`invalid_client`");
}

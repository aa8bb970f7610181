//! A practice confirms its patients before the visit, by the words of its page: `docs/sites/practice.md`. The pass is good together
//! with the patient's own login alone.

use std::time::Duration;

use serde_json::{Value, json};
use url::Url;

use crate::support::fake::{EMAIL, FakeProvider, NAME, SUBJECT};
use crate::support::login;
use crate::support::roomkey::{Roomkey, run};
use crate::support::site;
use crate::support::visitor::{Page, Visitor};
use crate::{after, at, create, ends, recorded, token};

const PAGE: &str = "docs/sites/practice.md";

async fn practice() -> (Roomkey, FakeProvider) {
    let provider = FakeProvider::start().await;
    (site::start(PAGE, &provider), provider)
}

/// Where the page's button leads.
fn button(roomkey: &Roomkey, page: &Page) -> String {
    let (_, after) = page.body.split_once("<a class=\"button\" href=\"").unwrap_or_else(|| panic!("{page:#?}"));
    format!("{}{}", roomkey.url, after.split_once('"').unwrap().0.replace("&#38;", "&"))
}

/// Follows the page's button to the provider and back.
async fn log_in(visitor: &mut Visitor, roomkey: &Roomkey, provider: &FakeProvider, link: &str) -> Page {
    let page = visitor.get(link).await;
    login::log_in(visitor, &button(roomkey, &page), provider).await
}

#[tokio::test]
async fn the_patient_logs_in_is_confirmed_and_meets_the_doctor() {
    let (roomkey, provider) = practice().await;
    provider.script(|script| script.claims = Box::new(|claims| claims["email"] = json!("ada@example.com")));
    let (from, until) = (after(-60), after(100));
    let folder = roomkey.folder.path();

    let invited = site::type_in(folder, &at(&site::command(PAGE, "roomkey pass create"), &from, &until));
    let (id, link) = invited.trim().split_once("  ").unwrap();
    let mut visitor = Visitor::new();
    let entered = log_in(&mut visitor, &roomkey, &provider, link).await;
    let page = visitor.get(link).await;
    let again = visitor.post(link, &[("token", &token(&page))]).await;
    let doctor = format!("{}/room/visit-8a41?provider=practice", roomkey.url);
    let doctor = login::log_in(&mut Visitor::new(), &doctor, &provider).await;

    let claims = entered.meeting_claims();
    assert_eq!((&claims["room"], &claims["context"]["user"]["name"]), (&json!("visit-8a41"), &json!(NAME)));
    assert_eq!(claims["context"]["user"]["moderator"], false);
    assert!(ends(&entered) <= until.parse().unwrap());
    assert!(page.body.contains(NAME) && !page.body.contains("name=\"name\""), "nothing is asked: {}", page.body);
    assert_eq!(again.meeting_claims()["room"], "visit-8a41");
    assert_eq!(doctor.meeting_claims()["context"]["user"]["moderator"], true);
    let line = roomkey.wait_for_log("room `visit-8a41` opened for a participant");
    assert!(line.contains(&format!("\"pass.id\":\"{id}\"")) && line.contains("\"provider.id\":\"patients\""), "{line}");
    let before = recorded(&roomkey, PAGE);
    let told: Vec<_> = before.iter().map(|record| record["outcome"].as_str().unwrap()).collect();
    assert_eq!(told, ["pass_made", "pass_used", "entered", "pass_used", "entered", "entered"]);
    assert_eq!((&before[1]["email"], &before[1]["address"]), (&json!("ada@example.com"), &Value::Null));
    site::type_in(folder, &site::command(PAGE, "roomkey audit erase"));
    let after = recorded(&roomkey, PAGE);
    assert!(after.len() >= before.len() && after.iter().all(|record| record["email"].is_null()), "{after:?}");
    assert!(run(folder, &["audit", "verify"]).status.success());
}

#[tokio::test]
async fn somebody_else_who_has_the_link_is_refused_and_uses_nothing() {
    let (roomkey, provider) = practice().await;
    let bound: [&[&str]; 3] = [
        &["--email", "somebody.else@example.com"],
        &["--subject", "subject-1"],
        &["--email", EMAIL, "--subject", "subject-1"],
    ];

    for bound in bound {
        let until = after(100);
        let arguments =
            [&["--room", "visit-17", "--until", &until, "--uses", "1", "--provider", "patients"], bound].concat();
        let (id, link) = create(&roomkey, &arguments).remove(0);
        let refused = log_in(&mut Visitor::new(), &roomkey, &provider, &link).await;

        assert_eq!((refused.status.as_u16(), refused.heading().as_str()), (403, "You can’t enter this meeting"));
        assert!(
            refused.body.contains(&format!("{}?", Url::parse(&link).unwrap().path())),
            "as somebody else, by the same pass"
        );
        let listed = crate::pass(&roomkey, &["list"]);
        assert!(listed.lines().any(|line| line.starts_with(&id) && line.contains("0 of 1 uses")), "{listed}");
        roomkey.wait_for_log("pass-not-theirs");
    }
}

#[tokio::test]
async fn an_address_that_the_provider_has_not_verified_is_nobodys() {
    let (roomkey, provider) = practice().await;
    provider.script(|script| script.claims = Box::new(|claims| claims["email_verified"] = json!(false)));
    let visit = ["--room", "visit-17", "--until", &after(100), "--provider", "patients", "--email", EMAIL];
    let (_, link) = create(&roomkey, &visit).remove(0);

    let refused = log_in(&mut Visitor::new(), &roomkey, &provider, &link).await;

    assert_eq!(refused.status.as_u16(), 403);
}

#[tokio::test]
async fn without_the_pass_the_patients_login_opens_nothing() {
    let (roomkey, provider) = practice().await;
    let subject = ["--room", "visit-1", "--until", &after(100), "--provider", "patients", "--subject", SUBJECT];
    let (_, link) = create(&roomkey, &subject).remove(0);
    let mut visitor = Visitor::new();
    let own = log_in(&mut visitor, &roomkey, &provider, &link).await;

    let by_link = visitor.get(&format!("{}/room/visit-1?provider=patients", roomkey.url)).await;
    let other_room =
        login::log_in(&mut visitor, &format!("{}/room/visit-2?provider=patients", roomkey.url), &provider).await;

    assert_eq!(own.meeting_claims()["room"], "visit-1");
    assert_eq!([by_link, other_room].map(|page| page.status.as_u16()), [403, 403]);
}

#[tokio::test]
async fn a_patient_who_comes_early_waits_on_the_page_and_goes_in_when_it_opens() {
    let (roomkey, provider) = practice().await;
    let (from, until) = (after(3), after(100));
    let visit = ["--room", "visit-17", "--from", &from, "--until", &until, "--provider", "patients", "--email", EMAIL];
    let (_, link) = create(&roomkey, &visit).remove(0);
    let mut visitor = Visitor::new();

    let early = visitor.get(&link).await;
    let too_early = visitor.get(&format!("{link}/login")).await;
    tokio::time::sleep(Duration::from_millis(3_100)).await;
    let entered = log_in(&mut visitor, &roomkey, &provider, &link).await;

    let then = format!("data-then=\"{}/login\"", Url::parse(&link).unwrap().path());
    assert!(early.body.contains(&then) && !early.body.contains("class=\"button\""), "{}", early.body);
    assert!(too_early.status == 200 && too_early.body.contains("id=\"countdown\""));
    assert_eq!(entered.meeting_claims()["room"], "visit-17");
}

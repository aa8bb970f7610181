//! A practice confirms its patients before the visit: the pass is good together with the patient's own login alone.

use std::time::Duration;

use serde_json::json;
use url::Url;

use crate::support::fake::{EMAIL, FakeProvider, NAME, SUBJECT};
use crate::support::login;
use crate::support::roomkey::Roomkey;
use crate::support::visitor::{Page, Visitor};
use crate::{after, create, ends, token};

const RULES: &str = "[[access]]\nname = \"doctors\"\nrooms = [\"visit-*\"]\ngroups = [\"doctors\"]\nrole = \"moderator\"\n\
     [[access]]\nname = \"patients\"\nrooms = [\"visit-*\"]\nproviders = [\"fake\"]\npasses = true\nrole = \"participant\"\n";

async fn site() -> (Roomkey, FakeProvider) {
    let provider = FakeProvider::start().await;
    (Roomkey::start(&format!("{}{RULES}", provider.configuration(""))), provider)
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
async fn the_patient_logs_in_is_confirmed_and_is_in_the_meeting() {
    let (roomkey, provider) = site().await;
    let until = after(100);
    let visit = ["--room", "visit-17", "--until", &until, "--uses", "2", "--email", EMAIL, "--provider", "fake"];
    let (id, link) = create(&roomkey, &visit).remove(0);
    let mut visitor = Visitor::new();

    let entered = log_in(&mut visitor, &roomkey, &provider, &link).await;
    let page = visitor.get(&link).await;
    let again = visitor.post(&link, &[("token", &token(&page))]).await;
    let third = visitor.get(&link).await;

    let claims = entered.meeting_claims();
    assert_eq!((&claims["room"], &claims["context"]["user"]["name"]), (&json!("visit-17"), &json!(NAME)));
    assert!(ends(&entered) <= until.parse().unwrap());
    assert!(
        page.body.contains(NAME) && !page.body.contains("name=\"name\""),
        "signed in, nothing is asked: {}",
        page.body
    );
    assert_eq!(again.meeting_claims()["room"], "visit-17");
    assert_eq!(third.heading(), "This invitation is used up");
    let line = roomkey.wait_for_log("room `visit-17` opened for a participant");
    assert!(line.contains(&format!("\"pass.id\":\"{id}\"")) && line.contains("\"provider.id\":\"fake\""), "{line}");
}

#[tokio::test]
async fn somebody_else_who_has_the_link_is_refused_and_uses_nothing() {
    let (roomkey, provider) = site().await;
    let bound: [&[&str]; 3] = [
        &["--email", "somebody.else@example.com"],
        &["--provider", "fake", "--subject", "subject-1"],
        &["--email", EMAIL, "--provider", "fake", "--subject", "subject-1"],
    ];

    for bound in bound {
        let until = after(100);
        let arguments = [&["--room", "visit-17", "--until", until.as_str(), "--uses", "1"], bound].concat();
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
    let (roomkey, provider) = site().await;
    provider.script(|script| script.claims = Box::new(|claims| claims["email_verified"] = json!(false)));
    let (_, link) = create(&roomkey, &["--room", "visit-17", "--until", &after(100), "--email", EMAIL]).remove(0);

    let refused = log_in(&mut Visitor::new(), &roomkey, &provider, &link).await;

    assert_eq!(refused.status.as_u16(), 403);
}

#[tokio::test]
async fn without_the_pass_the_patients_login_opens_nothing() {
    let (roomkey, provider) = site().await;
    let subject = ["--room", "visit-1", "--until", &after(100), "--provider", "fake", "--subject", SUBJECT];
    let (_, link) = create(&roomkey, &subject).remove(0);
    let mut visitor = Visitor::new();
    let own = log_in(&mut visitor, &roomkey, &provider, &link).await;

    let by_link = visitor.get(&format!("{}/room/visit-1", roomkey.url)).await;
    let other_room = login::log_in(&mut visitor, &format!("{}/room/visit-2", roomkey.url), &provider).await;

    assert_eq!(own.meeting_claims()["room"], "visit-1");
    assert_eq!([by_link, other_room].map(|page| page.status.as_u16()), [403, 403]);
}

#[tokio::test]
async fn a_patient_who_comes_early_waits_on_the_page_and_goes_in_when_it_opens() {
    let (roomkey, provider) = site().await;
    let (from, until) = (after(3), after(100));
    let visit = ["--room", "visit-17", "--from", &from, "--until", &until, "--email", EMAIL];
    let (_, link) = create(&roomkey, &visit).remove(0);
    let mut visitor = Visitor::new();

    let early = visitor.get(&link).await;
    let too_early = visitor.get(&format!("{link}/login")).await;
    tokio::time::sleep(Duration::from_millis(3_100)).await;
    let entered = log_in(&mut visitor, &roomkey, &provider, &link).await;

    assert!(early.body.contains("id=\"countdown\"") && !early.body.contains("class=\"button\""), "{}", early.body);
    assert!(too_early.status == 200 && too_early.body.contains("id=\"countdown\""));
    assert_eq!(entered.meeting_claims()["room"], "visit-17");
}

//! An event lets in who has paid, for as long as they paid for.

use serde_json::json;

use crate::support::fake::FakeProvider;
use crate::support::roomkey::Roomkey;
use crate::support::visitor::Visitor;
use crate::{after, create, ends, enter, pass};

const RULES: &str = "[[access]]\nname = \"speakers\"\nrooms = [\"gala\"]\nproviders = [\"fake\"]\nrole = \"moderator\"\n\
     [[access]]\nname = \"tickets\"\nrooms = [\"gala\"]\npasses = true\nrole = \"participant\"\nfeatures = []\n";

async fn site() -> Roomkey {
    Roomkey::start(&format!("{}{RULES}", FakeProvider::start().await.configuration("")))
}

#[tokio::test]
async fn who_has_a_ticket_enters_under_a_name_until_the_ticket_ends() {
    let mut roomkey = site().await;
    let until = after(120);
    let ticket = ["--room", "gala", "--until", &until, "--people", "1", "--role", "moderator", "--note", "order 17"];
    let (id, link) = create(&roomkey, &ticket).remove(0);
    let mut visitor = Visitor::new();

    let entered = enter(&mut visitor, &link, "Ada").await;
    let back = enter(&mut visitor, &link, "Ada").await;
    let friend = enter(&mut Visitor::new(), &link, "Ben").await;

    let claims = entered.meeting_claims();
    assert_eq!((&claims["room"], &claims["context"]["user"]["name"]), (&json!("gala"), &json!("Ada")));
    assert_eq!(claims["context"]["user"]["moderator"], false, "the rule has participants only");
    assert!(ends(&entered) <= until.parse().unwrap(), "though tokens last five minutes");
    assert_eq!(back.meeting_claims()["room"], "gala");
    assert_eq!((friend.status.as_u16(), friend.heading().as_str()), (403, "This invitation is used up"));
    let listed = pass(&roomkey, &["list"]);
    assert!(listed.contains(&id) && listed.contains("1 of 1 people, order 17"), "{listed}");
    let line = roomkey.wait_for_log("room `gala` opened for a participant");
    assert!(line.contains(&format!("\"pass.id\":\"{id}\"")) && line.contains("\"grant.rule\":\"tickets\""), "{line}");
    let code = link.rsplit_once('/').unwrap().1;
    let log = roomkey.whole_log();
    for secret in [code, "Ada", "Ben", "order 17"] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}

#[tokio::test]
async fn without_a_ticket_the_rule_opens_nothing_and_a_ticket_opens_nothing_else() {
    let roomkey = site().await;
    let (_, link) = create(&roomkey, &["--room", "backstage", "--until", &after(120)]).remove(0);
    let mut visitor = Visitor::new();

    let by_link = visitor.get(&format!("{}/room/gala", roomkey.url)).await;
    let elsewhere = visitor.get(&link).await;

    assert!(by_link.location().path().ends_with("/authorize"), "who has no ticket is asked to log in: {by_link:?}");
    assert!(!elsewhere.body.contains("name=\"name\""), "no rule admits passes to `backstage`: {}", elsewhere.body);
}

#[tokio::test]
async fn a_ticket_that_is_given_back_opens_nothing_any_more() {
    let roomkey = site().await;
    let made = create(&roomkey, &["--room", "gala", "--until", &after(120), "--count", "3"]);
    let mut visitor = Visitor::new();
    let entered = enter(&mut visitor, &made[1].1, "Ada").await;

    let told = pass(&roomkey, &["revoke", &made[1].0]);
    let again = visitor.get(&made[1].1).await;
    let others = enter(&mut visitor, &made[2].1, "Ada").await;

    assert_eq!((entered.status.as_u16(), told), (303, format!("{} is withdrawn\n", made[1].0)));
    assert_eq!((again.status.as_u16(), again.heading().as_str()), (410, "This invitation was withdrawn"));
    assert_eq!(others.status.as_u16(), 303);
    assert!(pass(&roomkey, &["list"]).lines().any(|line| line.starts_with(&made[1].0) && line.contains("withdrawn")));
}

#[tokio::test]
async fn what_is_wrong_with_a_pass_is_told_at_once() {
    let roomkey = site().await;
    let create = |arguments: &[&str]| {
        let arguments: Vec<_> = ["pass", "create"].into_iter().chain(arguments.iter().copied()).collect();
        let output = crate::support::roomkey::run(roomkey.folder.path(), &arguments);
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    };

    let (status, told) = create(&["--room", "a[", "--until", "2020-01-01T00:00:00Z", "--email", "ada"]);
    let (_, nobody) = create(&["--room", "gala", "--until", &after(60), "--provider", "wrok"]);

    assert_eq!(status, 1);
    for member in ["`rooms[0]` is no room", "`until` is over already", "`email` is no address"] {
        assert!(told.contains(member), "{member} in {told}");
    }
    assert!(nobody.contains("no provider has the id `wrok`"), "{nobody}");
}

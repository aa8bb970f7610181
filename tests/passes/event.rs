//! An event lets in who has paid, for as long as they paid for, by the words of its page: `docs/sites/event.md`.

use serde_json::{Value, json};

use crate::support::fake::FakeProvider;
use crate::support::login;
use crate::support::roomkey::{Roomkey, run};
use crate::support::site;
use crate::support::visitor::Visitor;
use crate::{after, at, create, ends, enter, pass, recorded};

const PAGE: &str = "docs/sites/event.md";

async fn event() -> (Roomkey, FakeProvider) {
    let provider = FakeProvider::start().await;
    (site::start(PAGE, &provider), provider)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_box_offices_tickets_open_the_meeting_under_a_name_until_they_end() {
    let (mut roomkey, _provider) = event().await;
    let (from, until) = (after(-60), after(120));
    let folder = roomkey.folder.path().to_owned();

    let printed = site::type_in(&folder, &at(&site::command(PAGE, "roomkey pass create"), &from, &until));
    let tickets = std::fs::read_to_string(folder.join("tickets.txt")).unwrap();
    let tickets: Vec<_> = tickets.lines().map(|line| line.split_once("  ").unwrap()).collect();
    let (id, link) = tickets[41];
    let mut visitor = Visitor::new();
    let entered = enter(&mut visitor, link, "Ada").await;
    let back = enter(&mut visitor, link, "Ada").await;
    let friend = enter(&mut Visitor::new(), link, "Ben").await;

    assert_eq!((printed.as_str(), tickets.len()), ("", 100));
    let claims = entered.meeting_claims();
    assert_eq!((&claims["room"], &claims["context"]["user"]["name"]), (&json!("gala"), &json!("Ada")));
    assert_eq!(claims["context"]["features"], json!({}), "no recording, as for everybody with a ticket");
    assert!(ends(&entered) <= until.parse().unwrap(), "though tokens last five minutes");
    assert_eq!(back.meeting_claims()["room"], "gala");
    assert_eq!((friend.status.as_u16(), friend.heading().as_str()), (403, "This invitation is used up"));
    let listed = pass(&roomkey, &["list"]);
    assert!(listed.lines().any(|line| line.starts_with(id) && line.contains("1 of 1 people, gala, box office")));
    let line = roomkey.wait_for_log("room `gala` opened for a participant");
    assert!(line.contains(&format!("\"pass.id\":\"{id}\"")) && line.contains("\"grant.rule\":\"tickets\""), "{line}");
    let code = link.rsplit_once('/').unwrap().1;
    let log = roomkey.whole_log();
    for secret in [code, "Ada", "Ben", "box office"] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_shop_sells_by_the_pages_words_and_each_ticket_is_good_for_what_was_paid() {
    let (roomkey, _provider) = event().await;
    let folder = roomkey.folder.path();
    let order = std::fs::read_to_string(folder.join("order.json")).unwrap();
    let (first_half, whole) = (after(60), after(240));
    let times = [("2026-12-01T19:00:00+01:00", after(-60)), ("2026-12-01T21:00:00+01:00", first_half.clone())];
    let times = times.into_iter().chain([("2026-12-01T23:00:00+01:00", whole.clone())]);
    std::fs::write(folder.join("order.json"), times.fold(order, |text, (page, now)| text.replace(page, &now))).unwrap();

    let key = site::type_in(folder, &site::command(PAGE, "roomkey api-key create"));
    let buy = site::command(PAGE, "curl").replace("https://sso.gala.example", &roomkey.url);
    let buy = buy.replace("$KEY", key.trim().split_once("  ").unwrap().1);
    let sold = site::type_in(folder, &buy);
    let again = site::type_in(folder, &buy);

    assert_eq!(sold, again, "the same again makes nothing new");
    let sold: Value = serde_json::from_str(&sold).unwrap();
    for (number, until) in [whole, first_half].into_iter().enumerate() {
        let ticket = &sold["passes"][number];
        let entered = enter(&mut Visitor::new(), ticket["url"].as_str().unwrap(), "Ada").await;
        assert_eq!((&entered.meeting_claims()["room"], &ticket["people"]), (&json!("gala"), &json!(1)));
        assert!(ends(&entered) <= until.parse().unwrap(), "no token outlives what was paid");
    }
    let listed = pass(&roomkey, &["list"]);
    assert!(listed.lines().count() == 2 && listed.contains("1 of 1 people, order 4711, seat 2"), "{listed}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn speakers_log_in_and_moderate_and_the_rest_of_the_crew_needs_a_ticket() {
    let (roomkey, provider) = event().await;
    let room = format!("{}/room/gala", roomkey.url);
    let of = |groups: &'static [&'static str]| {
        provider.script(|script| script.claims = Box::new(move |claims| claims["groups"] = json!(groups)));
    };

    of(&["speakers"]);
    let speaker = login::log_in(&mut Visitor::new(), &room, &provider).await;
    of(&["catering"]);
    let caterer = login::log_in(&mut Visitor::new(), &room, &provider).await;

    assert_eq!(speaker.meeting_claims()["context"]["user"]["moderator"], true);
    assert_eq!(caterer.status, 403);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ticket_for_another_room_opens_nothing_here() {
    let (roomkey, _provider) = event().await;
    let (_, link) = create(&roomkey, &["--room", "backstage", "--until", &after(120)]).remove(0);

    let elsewhere = Visitor::new().get(&link).await;

    assert!(!elsewhere.body.contains("name=\"name\""), "no rule admits passes to `backstage`: {}", elsewhere.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ticket_that_is_taken_back_opens_nothing_and_all_of_it_is_recorded() {
    let (roomkey, _provider) = event().await;
    let made = create(&roomkey, &["--room", "gala", "--until", &after(120), "--role", "moderator", "--count", "3"]);
    let mut visitor = Visitor::new();
    let entered = enter(&mut visitor, &made[1].1, "Ada").await;

    let told = pass(&roomkey, &["revoke", &made[1].0]);
    let again = visitor.get(&made[1].1).await;
    let others = enter(&mut visitor, &made[2].1, "Ada").await;

    assert_eq!(entered.meeting_claims()["context"]["user"]["moderator"], false, "the rule has participants only");
    assert_eq!(told, format!("{} is withdrawn\n", made[1].0));
    assert_eq!((again.status.as_u16(), again.heading().as_str()), (410, "This invitation was withdrawn"));
    assert_eq!(others.status, 303);
    assert!(pass(&roomkey, &["list"]).lines().any(|line| line.starts_with(&made[1].0) && line.contains("withdrawn")));
    let records = recorded(&roomkey, PAGE);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let detail = |number: usize| format!("pass: {}", made[number].0);
    let by_hand = |number: usize| format!("{}; by: command line", detail(number));
    let told: Vec<_> = records.iter().map(|record| [&record["outcome"], &record["detail"]].map(text)).collect();
    let expected = [
        ["pass_made", &by_hand(0)],
        ["pass_made", &by_hand(1)],
        ["pass_made", &by_hand(2)],
        ["pass_used", &detail(1)],
        ["entered", &detail(1)],
        ["pass_withdrawn", &by_hand(1)],
        ["pass_used", &detail(2)],
        ["entered", &detail(2)],
    ];
    assert_eq!(told, expected);
    assert_eq!(records[3]["reference"], records[4]["reference"], "one entrance");
    assert_eq!((&records[4]["rule"], &records[4]["room"]), (&json!("tickets"), &json!("gala")));
    assert!(run(roomkey.folder.path(), &["audit", "verify"]).status.success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_with_a_pass_is_told_at_once() {
    let (roomkey, _provider) = event().await;
    let create = |arguments: &[&str]| {
        let arguments: Vec<_> = ["pass", "create"].into_iter().chain(arguments.iter().copied()).collect();
        let output = run(roomkey.folder.path(), &arguments);
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

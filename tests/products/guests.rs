//! Guests beside people who log in.

use crate::entered;
use crate::support::ending::{REFUSED, assert_ended};
use crate::support::fake::FakeProvider;
use crate::support::roomkey::Roomkey;
use crate::support::visitor::{Page, Visitor};

const GUESTS: &str = "[[providers]]\nid = \"guests\"\nname = \"As a guest\"\nkind = \"guest\"\n";
const RULES: &str = r#"
[[access]]
rooms = ["board"]
role = "moderator"

[[access]]
rooms = ["lobby"]
providers = ["guests", "fake"]
role = "participant"

[[access]]
rooms = ["open"]
providers = ["guests"]
role = "moderator"

[[access]]
rooms = ["*"]
role = "moderator"
"#;

async fn roomkey() -> Roomkey {
    let provider = FakeProvider::start().await;
    Roomkey::start(&format!("{}{GUESTS}{RULES}", provider.configuration("")))
}

/// Gives `name` on the page that asks for it.
async fn come_in(roomkey: &Roomkey, room: &str, name: &str) -> Page {
    let mut visitor = Visitor::new();
    let page = visitor.get(&format!("{}/room/{room}?provider=guests", roomkey.url)).await;
    assert_eq!(page.heading(), "What is your name?");
    let state = page.body.split_once(r#"name="state" value=""#).unwrap().1.split('"').next().unwrap().to_owned();
    visitor.post(&format!("{}/login/guests", roomkey.url), &[("state", &state), ("name", name)]).await
}

#[tokio::test]
async fn a_guest_enters_by_the_rule_that_names_guests_and_as_what_it_says() {
    let roomkey = roomkey().await;

    let lobby = entered(&come_in(&roomkey, "lobby", "Zoë Ünal").await, &roomkey);
    let open = entered(&come_in(&roomkey, "open", "Zoë Ünal").await, &roomkey);

    assert_eq!((lobby["name"].as_str(), lobby["moderator"].as_bool()), (Some("Zoë Ünal"), Some(false)));
    assert_eq!(open["moderator"], true);
    assert_ne!(lobby["id"], open["id"], "nobody is the same guest twice");
    assert!(!roomkey.log().contains("Zoë"));
}

#[tokio::test]
async fn a_guest_is_refused_by_rules_that_name_nobody() {
    let roomkey = roomkey().await;

    for room in ["board", "elsewhere"] {
        assert_ended(&come_in(&roomkey, room, "Ada").await, &roomkey, REFUSED, "not by its providers");
    }
}

#[tokio::test]
async fn guests_are_offered_where_a_rule_names_them() {
    let roomkey = roomkey().await;
    let mut visitor = Visitor::new();

    let lobby = visitor.get(&format!("{}/room/lobby", roomkey.url)).await;
    let board = visitor.get(&format!("{}/room/board", roomkey.url)).await;

    assert!(lobby.body.contains("As a guest") && lobby.body.contains("Fake"));
    assert!(board.location().path().ends_with("/authorize"), "the only one that could be let in");
}

#[tokio::test]
async fn what_cannot_be_seen_is_not_a_name() {
    let roomkey = roomkey().await;

    let page = come_in(&roomkey, "lobby", "\u{202e}nimdA").await;
    let long = come_in(&roomkey, "lobby", &"a".repeat(51)).await;

    assert_eq!((page.status.as_u16(), long.status.as_u16()), (422, 422));
    assert!(page.body.contains("can’t be seen") && long.body.contains("too long"));
}

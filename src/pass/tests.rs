use proptest::prelude::*;

use super::*;
use crate::provider::testing::somebody_from;

const NOW: &str = "2026-11-24T12:00:00Z";

fn at(time: &str) -> Timestamp {
    time.parse().unwrap()
}

fn wish() -> Wish {
    Wish { rooms: vec!["visit-1".to_owned()], until: "2026-11-24T13:00:00Z".to_owned(), ..Wish::default() }
}

fn made(wish: &Wish) -> Pass {
    NewPass::make(wish, at(NOW)).unwrap().pass
}

/// The members that are wrong.
fn wrong(wish: &Wish) -> Vec<String> {
    let mistakes = NewPass::make(wish, at(NOW)).unwrap_err();
    mistakes.into_iter().map(|mistake| mistake.member).collect()
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn a_pass_comes_back_from_the_store_as_it_was_made() {
    let whole = Wish {
        rooms: vec!["acme/board".to_owned(), "visit-*".to_owned()],
        from: text("2026-11-24T13:30:00+01:00"),
        role: text("moderator"),
        features: Some(vec!["recording".to_owned()]),
        people: Some(3),
        email: text("ada@example.com"),
        provider: text("work"),
        subject: text("u-1"),
        note: text("order 7"),
        ..wish()
    };

    for wish in [wish(), whole] {
        let pass = made(&wish);
        assert_eq!(Pass::from_row(pass.to_row()), Ok(pass));
    }
}

#[test]
fn what_a_later_version_wrote_is_not_guessed_at() {
    let row = made(&wish()).to_row();

    let read = |row| Pass::from_row(row).unwrap_err();

    assert_eq!(read(PassRow { counts: "minutes".to_owned(), ..row.clone() }), Unreadable);
    assert_eq!(read(PassRow { terms: "{}".to_owned(), ..row }), Unreadable);
}

#[test]
fn every_mistake_is_told_with_where_it_is() {
    let all = Wish {
        rooms: vec!["a*b".to_owned(), "[".to_owned(), "a\u{202e}b".to_owned()],
        from: text("tomorrow"),
        until: "2026-11-24T13:00:00".to_owned(),
        role: text("owner"),
        features: Some(vec!["Recording".to_owned()]),
        uses: Some(1),
        people: Some(1),
        email: text("ada"),
        provider: text("Work"),
        subject: text(""),
        note: text("a\nb"),
    };

    let members = "rooms[1] rooms[2] from until role features[0] people email provider subject note";
    assert_eq!(wrong(&all), members.split(' ').collect::<Vec<_>>());
}

#[test]
fn numbers_and_lengths_have_their_limits() {
    let wrong_in = |wish| wrong(&wish).join(" ");

    assert_eq!(wrong_in(Wish { rooms: Vec::new(), ..wish() }), "rooms");
    assert_eq!(wrong_in(Wish { rooms: vec!["a".to_owned(); MAX_ROOMS + 1], ..wish() }), "rooms");
    assert_eq!(wrong_in(Wish { uses: Some(0), ..wish() }), "uses");
    assert_eq!(wrong_in(Wish { people: Some(MAX_COUNT + 1), ..wish() }), "people");
    assert_eq!(wrong_in(Wish { note: Some("n".repeat(MAX_NOTE + 1)), ..wish() }), "note");
    assert_eq!(wrong_in(Wish { email: Some(format!("{}@example.com", "a".repeat(250))), ..wish() }), "email");
    assert_eq!(wrong_in(Wish { subject: Some("s".repeat(256)), provider: text("work"), ..wish() }), "subject");
    assert_eq!(wrong_in(Wish { subject: text("u-1"), ..wish() }), "subject", "whose, if of no provider?");
    assert!(
        NewPass::make(&Wish { uses: Some(MAX_COUNT), note: Some("n".repeat(MAX_NOTE)), ..wish() }, at(NOW)).is_ok()
    );
}

#[test]
fn a_pass_ends_after_it_begins_and_not_in_the_past() {
    assert_eq!(wrong(&Wish { until: NOW.to_owned(), ..wish() }), ["until"]);
    assert_eq!(wrong(&Wish { from: text("2026-11-24T13:00:00Z"), ..wish() }), ["until"]);
    assert_eq!(made(&Wish { from: text("2020-01-01T00:00:00Z"), ..wish() }).begins(), None);
}

#[test]
fn a_pass_for_one_room_knows_it_and_one_for_several_does_not() {
    let room = |rooms: &[&str]| {
        let rooms = rooms.iter().map(|&room| room.to_owned()).collect();
        made(&Wish { rooms, ..wish() }).room().map(|request| request.path())
    };

    assert_eq!(room(&["Acme/Weekly Sync"]).as_deref(), Some("acme/weekly%20sync"));
    assert_eq!(room(&["visit-*"]), None);
    assert_eq!(room(&["a", "b"]), None);
}

#[test]
fn a_pass_stands_as_its_time_its_uses_and_its_maker_have_it() {
    let pass = made(&Wish { from: text("2026-11-24T12:30:00Z"), uses: Some(2), ..wish() });
    let standing = |pass: &Pass, time| pass.standing(at(time));
    let used_up = Pass { used: 2, ..pass.clone() };
    let withdrawn = Pass { withdrawn: Some(at(NOW)), ..used_up.clone() };

    assert_eq!(standing(&pass, "2026-11-24T12:29:59Z"), Standing::Early);
    assert_eq!(standing(&pass, "2026-11-24T12:30:00Z"), Standing::Good);
    assert_eq!(standing(&pass, "2026-11-24T12:59:59Z"), Standing::Good);
    assert_eq!(standing(&pass, "2026-11-24T13:00:00Z"), Standing::Late);
    assert_eq!(standing(&used_up, "2026-11-24T12:45:00Z"), Standing::UsedUp);
    assert_eq!(standing(&withdrawn, "2026-11-24T12:45:00Z"), Standing::Withdrawn);
    assert_eq!(used_up.check(at("2026-11-24T12:45:00Z")), Err(Refused::UsedUp));
    let people = Pass { used: 2, ..made(&Wish { people: Some(2), ..wish() }) };
    assert_eq!(people.check(at("2026-11-24T12:45:00Z")), Ok(()), "one of the two may come back");
}

#[test]
fn a_person_is_counted_by_a_hash_that_is_theirs_and_the_passs() {
    let of = |pass: &Pass, subject: &str| pass.use_by(&somebody_from("work").with_subject(subject)).person;
    let (pass, other) = (made(&Wish { people: Some(1), ..wish() }), made(&Wish { people: Some(1), ..wish() }));

    let ada = of(&pass, "ada").unwrap();

    assert_eq!(of(&pass, "ada").as_ref(), Some(&ada));
    assert!(of(&pass, "ben").unwrap() != ada && of(&other, "ada").unwrap() != ada && !ada.contains("ada"));
    assert_eq!(of(&made(&Wish { uses: Some(1), ..wish() }), "ada"), None);
}

#[test]
fn ids_sort_by_time_and_nothing_of_a_person_prints() {
    let wish = Wish { email: text("ada@example.com"), note: text("for Ada"), ..wish() };
    let earlier = NewPass::make(&wish, at(NOW)).unwrap();
    let later = NewPass::make(&wish, at("2026-11-24T12:00:00.001Z")).unwrap();

    assert!(earlier.pass.id() < later.pass.id());
    let printed = format!("{wish:?} {earlier:?} {:?}", earlier.pass.voucher());
    assert!(!printed.contains("Ada") && !printed.contains("ada@") && !printed.contains(&earlier.code.expose()));
}

proptest! {
    #[test]
    fn any_wish_is_made_or_told_what_is_wrong(room in "\\PC{0,12}", until in "[0-9T:Z+.-]{0,24}", uses: Option<u32>) {
        let wish = Wish { rooms: vec![room], until, uses, ..Wish::default() };

        match NewPass::make(&wish, at(NOW)) {
            Ok(made) => {
                prop_assert!(made.pass.ends() > at(NOW));
                prop_assert!(Pass::from_row(made.pass.to_row()).is_ok());
            }
            Err(mistakes) => prop_assert!(!mistakes.is_empty()),
        }
    }
}

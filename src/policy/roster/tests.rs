use super::*;
use crate::provider::testing::{guest_of, somebody_from};

const NOW: i64 = 1_800_000_000;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn one(room: &str) -> MemberRooms {
    match room.split_once('/') {
        Some((tenant, room)) => MemberRooms::One(Some(tenant.parse().unwrap()), room.parse().unwrap()),
        None => MemberRooms::One(None, room.parse().unwrap()),
    }
}

fn some(glob: &str) -> MemberRooms {
    MemberRooms::Some { glob: glob.parse().unwrap(), text: glob.to_owned() }
}

fn address(address: &str, rooms: MemberRooms) -> Membership {
    Membership { member: Member::Address(address.to_owned()), rooms, role: None, window: Window::default() }
}

fn subject(provider: &str, subject: &str) -> Membership {
    let member = Member::Subject(provider.parse().unwrap(), subject.to_owned());
    Membership { member, rooms: MemberRooms::All, role: None, window: Window::default() }
}

fn until(second: i64) -> Window {
    Window { from: None, until: Some(at(second)) }
}

fn roster(rows: impl IntoIterator<Item = Membership>) -> Roster {
    let mut roster = Roster::default();
    rows.into_iter().for_each(|row| roster.add(row));
    roster
}

fn find(roster: &Roster, identity: &VerifiedIdentity, room: &str) -> Option<Taken> {
    roster.find(identity, &room.parse().unwrap(), None, Role::Participant, at(NOW))
}

fn ada() -> VerifiedIdentity {
    somebody_from("work").with_email("ada@example.com", true)
}

const TAKES_PART: Option<Taken> = Some(Taken { role: Role::Participant, until: None });

#[test]
fn a_verified_address_is_found_in_either_case_and_no_other() {
    let roster = roster([address("Ada@Example.com", MemberRooms::All)]);

    assert_eq!(find(&roster, &ada(), "lab"), TAKES_PART);
    assert_eq!(find(&roster, &somebody_from("home").with_email("ADA@example.com", true), "lab"), TAKES_PART);
    assert_eq!(find(&roster, &somebody_from("work").with_email("ada@example.com", false), "lab"), None);
    assert_eq!(find(&roster, &somebody_from("work").with_email("eve@example.com", true), "lab"), None);
    assert_eq!(find(&roster, &somebody_from("work"), "lab"), None);
}

#[test]
fn a_subject_is_somebody_at_one_provider_alone() {
    let roster = roster([subject("work", "u-7")]);

    assert_eq!(find(&roster, &somebody_from("work").with_subject("u-7"), "lab"), TAKES_PART);
    assert_eq!(find(&roster, &somebody_from("work").with_subject("U-7"), "lab"), None);
    assert_eq!(find(&roster, &somebody_from("home").with_subject("u-7"), "lab"), None);
}

#[test]
fn a_guest_is_on_no_list_whatever_they_say() {
    let listed = [subject("guest", "g-1"), address("ada@example.com", MemberRooms::All)];

    assert_eq!(find(&roster(listed), &guest_of("guest", "Ada").with_email("ada@example.com", true), "lab"), None);
}

#[test]
fn a_row_counts_in_its_room_alone() {
    let rows = ["lab", "Réunion Du Lundi", "acme/board"].map(|room| address("ada@example.com", one(room)));
    let roster = roster(rows);
    let tenant = Some("acme".parse().unwrap());

    assert_eq!(find(&roster, &ada(), "LAB"), TAKES_PART);
    assert_eq!(find(&roster, &ada(), "r%c3%a9union%20du%20lundi"), TAKES_PART);
    assert_eq!(find(&roster, &ada(), "lab-2"), None);
    assert_eq!(find(&roster, &ada(), "board"), None);
    let in_tenant =
        |room: &str| roster.find(&ada(), &room.parse().unwrap(), tenant.as_ref(), Role::Participant, at(NOW));
    assert_eq!(in_tenant("board"), TAKES_PART);
    assert_eq!(in_tenant("lab"), None);
}

#[test]
fn a_row_may_name_its_rooms_by_a_glob() {
    let eve = somebody_from("work").with_email("eve@example.com", true);
    let rows = [
        address("ada@example.com", some("lab-*")),
        address("eve@example.com", some("lab-*")),
        address("eve@example.com", some("*/x")),
    ];
    let roster = roster(rows);

    assert_eq!(find(&roster, &ada(), "lab-2"), TAKES_PART);
    assert_eq!(find(&roster, &eve, "lab-3"), TAKES_PART);
    assert_eq!(find(&roster, &ada(), "lab"), None);
    assert_eq!(find(&roster, &eve, "x"), None);
}

#[test]
fn a_row_counts_from_its_first_moment_to_before_its_last() {
    let window = Window { from: Some(at(NOW)), until: Some(at(NOW + 10)) };
    let roster = roster([Membership { window, ..address("ada@example.com", MemberRooms::All) }]);
    let found = |second| {
        roster.find(&ada(), &"lab".parse().unwrap(), None, Role::Participant, at(second)).map(|taken| taken.until)
    };

    assert_eq!(found(NOW - 1), None);
    assert_eq!(found(NOW), Some(Some(at(NOW + 10))));
    assert_eq!(found(NOW + 9), Some(Some(at(NOW + 10))));
    assert_eq!(found(NOW + 10), None);
}

#[test]
fn of_several_rows_the_highest_role_counts_and_then_the_latest_end() {
    let row = |role, window| Membership { role, window, ..address("ada@example.com", MemberRooms::All) };
    let (teaches, takes_part) = (Some(Role::Moderator), Some(Role::Participant));
    let found = |rows: &[Membership]| find(&roster(rows.to_vec()), &ada(), "lab");

    let high = [row(takes_part, Window::default()), row(teaches, until(NOW + 5)), row(teaches, until(NOW + 9))];
    assert_eq!(found(&high), Some(Taken { role: Role::Moderator, until: Some(at(NOW + 9)) }));
    let open = [row(teaches, Window::default()), row(teaches, until(NOW + 9))];
    assert_eq!(found(&open), Some(Taken { role: Role::Moderator, until: None }));
    let over = [row(takes_part, Window::default()), row(teaches, until(NOW))];
    assert_eq!(found(&over), TAKES_PART);
}

#[test]
fn somebody_could_have_a_place_where_a_row_of_now_is_open_to_their_provider() {
    let window = until(NOW);
    let rows = [
        address("ada@example.com", one("lab")),
        Membership { rooms: one("vault"), ..subject("work", "u-7") },
        Membership { window, ..address("ada@example.com", one("past")) },
        address("ada@example.com", some("club-*")),
    ];
    let roster = roster(rows);
    let could = |provider: &str, room: &str| {
        roster.could_seat(&provider.parse().unwrap(), &room.parse().unwrap(), None, at(NOW))
    };

    assert!(could("work", "lab") && could("home", "lab"));
    assert!(could("work", "vault") && !could("home", "vault"));
    assert!(!could("work", "past"));
    assert!(could("home", "club-1") && !could("home", "club"));
    assert!(!could("work", "elsewhere"));
}

#[test]
fn nothing_of_the_people_prints() {
    let row = address("ada@example.com", one("lab"));

    let printed = format!("{:?} {:?}", row.member, roster([row.clone(), subject("work", "u-7")]));

    assert_eq!(printed, "Address([redacted]) Roster { rows: 2, .. }");
}

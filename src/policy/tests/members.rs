//! Rules with a list of members.

use super::*;

fn row(email: &str, room: &str, role: Option<Role>, window: Window) -> Membership {
    let rooms = MemberRooms::One(None, room.parse().unwrap());
    Membership { member: Member::Address(email.to_owned()), rooms, role, window }
}

fn roster(rows: Vec<Membership>) -> Arc<Roster> {
    let mut roster = Roster::default();
    rows.into_iter().for_each(|row| roster.add(row));
    Arc::new(roster)
}

fn enrolled(rows: Vec<Membership>) -> Rule {
    Rule { members: Some(roster(rows)), ..rule("enrolled", &["*"]) }
}

fn ada() -> VerifiedIdentity {
    somebody_from("work").with_email("ada@example.com", true)
}

const NO_MEMBER: fn() -> Refusal = || Refusal::NoRule { near: vec![miss("enrolled", Condition::Members)] };

#[test]
fn a_rule_with_members_fits_them_in_their_rooms_and_nobody_else() {
    let policy = policy(vec![enrolled(vec![row("ada@example.com", "board", None, Window::default())])]);
    let decide = |identity: &VerifiedIdentity, room| policy.decide(identity, &into(room), at(NOW)).map(|_| ());

    assert_eq!(decide(&ada(), "board"), Ok(()));
    assert_eq!(decide(&ada(), "lab"), Err(NO_MEMBER()));
    assert_eq!(decide(&somebody_from("work"), "board"), Err(NO_MEMBER()));
}

#[test]
fn a_row_gives_its_role_and_the_earlier_end_of_its_own_and_the_rules() {
    let window = |second| Window { from: None, until: Some(at(second)) };
    let granted = |role, of_row, of_rule| {
        let members = vec![row("ada@example.com", "board", role, of_row)];
        let grant = policy(vec![Rule { window: of_rule, ..enrolled(members) }])
            .decide(&ada(), &into("board"), at(NOW))
            .unwrap();
        (grant.role(), grant.not_after())
    };

    let moderates = Some(Role::Moderator);
    assert_eq!(granted(moderates, window(NOW + 5), Window::default()), (Role::Moderator, Some(at(NOW + 5))));
    assert_eq!(granted(moderates, window(NOW + 5), window(NOW + 3)), (Role::Moderator, Some(at(NOW + 3))));
    assert_eq!(granted(None, Window::default(), window(NOW + 3)), (Role::Participant, Some(at(NOW + 3))));
    assert_eq!(granted(None, Window::default(), Window::default()), (Role::Participant, None));
}

#[test]
fn a_denying_rule_with_members_refuses_them_alone() {
    let members = vec![row("ada@example.com", "board", None, Window::default())];
    let banned = Rule { outcome: Outcome::Deny, ..enrolled(members) };
    let policy = policy(vec![banned, rule("all", &["*"])]);

    let outcome = |identity: &VerifiedIdentity| {
        policy.decide(identity, &into("board"), at(NOW)).map(|grant| grant.rule().to_owned())
    };

    assert_eq!(outcome(&ada()), Err(Refusal::Denied { rule: "enrolled".to_owned() }));
    assert_eq!(outcome(&somebody_from("work")), Ok("all".to_owned()));
}

#[test]
fn another_list_takes_the_place_of_one_rules_and_of_no_other() {
    let listed = |email| vec![row(email, "board", None, Window::default())];
    let before = policy(vec![enrolled(listed("eve@example.com")), rule("lab", &["lab"])]);

    let after = before.with_roster(0, roster(listed("ada@example.com")));
    let unchanged = before.with_roster(7, roster(listed("ada@example.com")));

    assert!(before.decide(&ada(), &into("board"), at(NOW)).is_err());
    assert!(after.decide(&ada(), &into("board"), at(NOW)).is_ok());
    assert!(unchanged.decide(&ada(), &into("board"), at(NOW)).is_err());
    assert!(after.decide(&somebody_from("work"), &into("lab"), at(NOW)).is_ok());
}

#[test]
fn a_provider_is_offered_where_a_list_has_somebody_for_the_room() {
    let over = Window { from: None, until: Some(at(NOW)) };
    let members =
        || vec![row("a@example.com", "board", None, Window::default()), row("a@example.com", "lab", None, over)];
    let could =
        |rules: Vec<Rule>, room| policy(rules).could_admit(&"work".parse().unwrap(), &into(room).room, None, at(NOW));
    let deny = Rule { outcome: Outcome::Deny, ..enrolled(members()) };
    let guests = Rule { providers: vec!["work".parse().unwrap()], ..enrolled(members()) };
    let for_guests = policy(vec![guests]).with_guests_of(vec!["work".parse().unwrap()]);

    assert!(could(vec![enrolled(members())], "board"));
    assert!(!could(vec![enrolled(members())], "lab"));
    assert!(!could(vec![enrolled(members())], "elsewhere"));
    assert!(could(vec![deny, rule("all", &["*"])], "board"), "not everybody is on the list that denies");
    assert!(!for_guests.could_admit(&"work".parse().unwrap(), &into("board").room, None, at(NOW)));
}

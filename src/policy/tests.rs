use super::*;
use crate::provider::testing::somebody_from;

fn rule(name: &str, rooms: &[&str]) -> Rule {
    Rule {
        name: name.to_owned(),
        rooms: rooms.iter().map(|room| room.parse().unwrap()).collect(),
        groups: Vec::new(),
        emails: Vec::new(),
        email_domains: Vec::new(),
        providers: Vec::new(),
        claims: Vec::new(),
        window: Window::default(),
        outcome: admit(Role::Participant),
    }
}

fn admit(role: Role) -> Outcome {
    Outcome::Admit(Permit { role, features: None, token_lifetime: None })
}

fn policy(rules: Vec<Rule>) -> Policy {
    Policy::new(rules, &["work".parse().unwrap(), "home".parse().unwrap()])
}

fn into(room: &str) -> JoinRequest {
    JoinRequest::from_link(None, room, None).unwrap()
}

fn now() -> Timestamp {
    Timestamp::from_second(1_800_000_000).unwrap()
}

#[test]
fn the_first_rule_that_fits_decides() {
    let first = Rule { groups: vec!["board".to_owned()], outcome: admit(Role::Moderator), ..rule("board", &["*"]) };
    let policy = policy(vec![first, rule("all", &["*"])]);

    let grant = policy.decide(&somebody_from("work").with_groups(&["board"]), &into("Standup"), now()).unwrap();

    assert_eq!((grant.rule(), grant.role(), grant.room().as_str()), ("board", Role::Moderator, "standup"));
}

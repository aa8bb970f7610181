//! Whoever nobody has verified.

use super::*;

fn guest() -> VerifiedIdentity {
    crate::provider::testing::guest_of("home", "Visitor")
}

#[test]
fn a_guest_enters_only_by_a_rule_that_names_the_provider() {
    let everybody = || rule("everybody", &["*"]);
    let of = |ids: &[&str]| Rule { providers: ids.iter().map(|id| id.parse().unwrap()).collect(), ..everybody() };

    assert!(lets_in(of(&["home"]), &guest()));
    assert!(lets_in(of(&["work", "home"]), &guest()));
    assert!(!lets_in(everybody(), &guest()));
    assert!(!lets_in(of(&["work"]), &guest()));
    assert!(lets_in(everybody(), &somebody_from("home")));
}

#[test]
fn a_guest_who_no_rule_names_is_told_apart_by_the_provider() {
    let outcome = policy(vec![rule("everybody", &["*"])]).decide(&guest(), &into("board"), at(NOW));

    assert_eq!(outcome, Err(Refusal::NoRule { near: vec![miss("everybody", Condition::Providers)] }));
}

#[test]
fn a_guest_is_what_the_rule_that_names_the_provider_says() {
    let named = |role| Rule { providers: vec!["home".parse().unwrap()], outcome: admit(role), ..rule("named", &["*"]) };
    let role_by = |rules| policy(rules).decide(&guest(), &into("board"), at(NOW)).unwrap().role();
    let moderators = Rule { outcome: admit(Role::Moderator), ..rule("all", &["*"]) };

    assert_eq!(role_by(vec![moderators, named(Role::Participant)]), Role::Participant);
    assert_eq!(role_by(vec![named(Role::Moderator)]), Role::Moderator);
}

#[test]
fn a_denying_rule_for_everybody_denies_guests_too() {
    let denied = Rule { outcome: Outcome::Deny, ..rule("none", &["*"]) };
    let named = Rule { providers: vec!["home".parse().unwrap()], ..rule("named", &["*"]) };

    let outcome = policy(vec![denied, named]).decide(&guest(), &into("board"), at(NOW));

    assert_eq!(outcome, Err(Refusal::Denied { rule: "none".to_owned() }));
}

#[test]
fn guests_are_offered_a_room_that_a_rule_opens_to_them_by_name() {
    let home: ProviderId = "home".parse().unwrap();
    let named = || Rule { providers: vec![home.clone()], ..rule("named", &["*"]) };
    let could = |rules: Vec<Rule>| {
        policy(rules).with_guests_of(vec![home.clone()]).could_admit(&home, &into("board").room, None, at(NOW))
    };
    let deny = |rule: Rule| Rule { outcome: Outcome::Deny, ..rule };

    assert!(could(vec![named()]));
    assert!(could(vec![deny(Rule { groups: texts(&["banned"]), ..named() }), named()]));
    assert!(!could(vec![rule("everybody", &["*"])]));
    assert!(!could(vec![Rule { groups: texts(&["staff"]), ..named() }]));
    assert!(!could(vec![Rule { email_domains: texts(&["example.com"]), ..named() }]));
    assert!(!could(vec![Rule { claims: vec![claim("department", &[json!("a")])], ..named() }]));
    assert!(!could(vec![deny(rule("none", &["*"])), named()]));
}

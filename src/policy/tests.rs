use std::collections::BTreeSet;
use std::time::Duration;

use proptest::prelude::*;
use serde_json::{Value, json};

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
        members: None,
        passes: false,
        window: Window::default(),
        when: None,
        outcome: admit(Role::Participant),
    }
}

fn admit(role: Role) -> Outcome {
    Outcome::Admit(Permit { role, features: None, token_lifetime: None })
}

fn texts(values: &[&str]) -> Vec<String> {
    values.iter().map(|&value| value.to_owned()).collect()
}

fn claim(claim: &str, values: &[Value]) -> ClaimCondition {
    ClaimCondition { claim: claim.to_owned(), values: values.to_vec() }
}

fn policy(rules: Vec<Rule>) -> Policy {
    Policy::new(rules, &["work".parse().unwrap(), "home".parse().unwrap()])
}

fn into(room: &str) -> JoinRequest {
    JoinRequest::from_link(None, room, None).unwrap()
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

const NOW: i64 = 1_800_000_000;

/// Whether a policy of this one rule lets somebody into the room `board`.
fn lets_in(rule: Rule, identity: &VerifiedIdentity) -> bool {
    policy(vec![rule]).decide(identity, &into("board"), at(NOW)).is_ok()
}

fn miss(rule: &str, failed: Condition) -> NearMiss {
    NearMiss { rule: rule.to_owned(), failed }
}

#[test]
fn a_grant_says_what_the_rule_says() {
    let features: BTreeSet<Feature> = ["recording", "flip"].into_iter().map(|name| name.parse().unwrap()).collect();
    let lifetime = Duration::from_secs(90);
    let permit = Permit { role: Role::Moderator, features: Some(features.clone()), token_lifetime: Some(lifetime) };
    let window = Window { from: Some(at(NOW)), until: Some(at(NOW + 60)) };
    let board = Rule { window, outcome: Outcome::Admit(permit), ..rule("board", &["acme/board"]) };
    let request = JoinRequest::from_link(Some("Acme"), "Board", None).unwrap();

    let grant = policy(vec![board]).decide(&somebody_from("work"), &request, at(NOW)).unwrap();

    assert_eq!(grant.room(), &request.room);
    assert_eq!(grant.tenant(), request.tenant.as_ref());
    assert_eq!(grant.role(), Role::Moderator);
    assert_eq!(grant.features(), Some(&features));
    assert_eq!(grant.not_after(), Some(at(NOW + 60)));
    assert_eq!(grant.token_lifetime(), Some(lifetime));
    assert_eq!(grant.rule(), "board");
}

#[test]
fn without_rules_nobody_enters() {
    let outcome = policy(Vec::new()).decide(&somebody_from("work"), &into("board"), at(NOW));

    assert_eq!(outcome, Err(Refusal::NoRule { near: Vec::new() }));
}

#[test]
fn a_rule_about_other_rooms_does_not_fit() {
    let outcome = policy(vec![rule("lab", &["lab", "lab-*"])]).decide(&somebody_from("work"), &into("board"), at(NOW));

    assert_eq!(outcome, Err(Refusal::NoRule { near: Vec::new() }));
}

#[test]
fn the_first_rule_that_fits_decides() {
    let board = Rule { groups: texts(&["board"]), outcome: admit(Role::Moderator), ..rule("board", &["*"]) };
    let policy = policy(vec![board, rule("all", &["*"])]);
    let decide = |groups: &[&str]| {
        let grant = policy.decide(&somebody_from("work").with_groups(groups), &into("board"), at(NOW)).unwrap();
        (grant.rule().to_owned(), grant.role())
    };

    assert_eq!(decide(&["board"]), ("board".to_owned(), Role::Moderator));
    assert_eq!(decide(&["staff"]), ("all".to_owned(), Role::Participant));
}

#[test]
fn a_denying_rule_refuses_those_who_fit_it_and_nobody_else() {
    let banned = Rule { groups: texts(&["banned"]), outcome: Outcome::Deny, ..rule("banned", &["*"]) };
    let policy = policy(vec![banned, rule("all", &["*"])]);

    let outcome = |groups: &[&str]| {
        policy.decide(&somebody_from("work").with_groups(groups), &into("board"), at(NOW)).map(|grant| grant.role())
    };

    assert_eq!(outcome(&["staff", "banned"]), Err(Refusal::Denied { rule: "banned".to_owned() }));
    assert_eq!(outcome(&["staff"]), Ok(Role::Participant));
}

#[test]
fn a_denying_rule_behind_one_that_fits_changes_nothing() {
    let denied = Rule { outcome: Outcome::Deny, ..rule("none", &["*"]) };

    let outcome = policy(vec![rule("all", &["*"]), denied]).decide(&somebody_from("work"), &into("board"), at(NOW));

    assert_eq!(outcome.map(|grant| grant.rule().to_owned()), Ok("all".to_owned()));
}

#[test]
fn one_group_of_a_rule_is_enough() {
    let board = || Rule { groups: texts(&["board", "chair"]), ..rule("board", &["*"]) };

    assert!(lets_in(board(), &somebody_from("work").with_groups(&["staff", "chair"])));
    assert!(!lets_in(board(), &somebody_from("work").with_groups(&["staff", "Board"])));
    assert!(!lets_in(board(), &somebody_from("work")));
}

#[test]
fn a_group_with_a_providers_id_is_that_providers_alone() {
    let board = || Rule { groups: texts(&["work:board"]), ..rule("board", &["*"]) };

    assert!(lets_in(board(), &somebody_from("work").with_groups(&["board"])));
    assert!(!lets_in(board(), &somebody_from("home").with_groups(&["board"])));
    assert!(!lets_in(board(), &somebody_from("home").with_groups(&["work:board"])));
    assert!(!lets_in(board(), &somebody_from("work").with_groups(&["work:board"])));
}

#[test]
fn a_colon_after_anything_but_a_providers_id_is_part_of_the_group() {
    let urn = || Rule { groups: texts(&["urn:example:board"]), ..rule("board", &["*"]) };

    assert!(lets_in(urn(), &somebody_from("home").with_groups(&["urn:example:board"])));
    assert!(!lets_in(urn(), &somebody_from("home").with_groups(&["example:board"])));
}

#[test]
fn an_address_counts_only_when_verified() {
    let chair = || Rule { emails: texts(&["Chair@example.com"]), ..rule("chair", &["*"]) };

    assert!(lets_in(chair(), &somebody_from("work").with_email("chair@EXAMPLE.com", true)));
    assert!(!lets_in(chair(), &somebody_from("work").with_email("chair@example.com", false)));
    assert!(!lets_in(chair(), &somebody_from("work").with_email("chair2@example.com", true)));
    assert!(!lets_in(chair(), &somebody_from("work")));
}

#[test]
fn a_domain_is_all_that_follows_the_one_at_sign() {
    let staff = |email: &str, verified| {
        let rule = Rule { email_domains: texts(&["example.com"]), ..rule("staff", &["*"]) };
        lets_in(rule, &somebody_from("work").with_email(email, verified))
    };

    assert!(staff("ada@example.com", true));
    assert!(staff("Ada@Example.COM", true));
    for email in [
        "ada@sub.example.com",
        "ada@notexample.com",
        "ada@example.com.evil.org",
        "ada@example.com@evil.org",
        "evil@evil.org@example.com",
        "\"evil@evil.org\"@example.com",
        "@example.com",
        "example.com",
        "ada@example.com.",
    ] {
        assert!(!staff(email, true), "{email}");
    }
    assert!(!staff("ada@example.com", false));
}

#[test]
fn only_the_ascii_letters_of_an_address_are_the_same_in_both_cases() {
    let rule = |email: &str| Rule { emails: texts(&[email]), ..rule("one", &["*"]) };

    assert!(!lets_in(rule("k@example.com"), &somebody_from("work").with_email("\u{212A}@example.com", true)));
    assert!(!lets_in(rule("é@example.com"), &somebody_from("work").with_email("É@example.com", true)));
}

#[test]
fn one_provider_of_a_rule_is_enough() {
    let of =
        |ids: &[&str]| Rule { providers: ids.iter().map(|id| id.parse().unwrap()).collect(), ..rule("of", &["*"]) };

    assert!(lets_in(of(&["work", "home"]), &somebody_from("home")));
    assert!(!lets_in(of(&["home"]), &somebody_from("work")));
}

#[test]
fn claims_are_compared_by_value_and_lists_by_member() {
    let table = [
        (json!("finance"), json!("finance"), true),
        (json!("finance"), json!("Finance"), false),
        (json!("finance"), json!(["sales", "finance"]), true),
        (json!("finance"), json!([["finance"]]), false),
        (json!("finance"), json!([]), false),
        (json!("finance"), json!({ "finance": true }), false),
        (json!("finance"), json!(null), false),
        (json!(true), json!(true), true),
        (json!(true), json!("true"), false),
        (json!(false), json!(null), false),
        (json!(7), json!(7), true),
        (json!(7), json!(7.0), true),
        (json!(7), json!([6, 7]), true),
        (json!(7), json!("7"), false),
        (json!(-1), json!(-1), true),
        (json!(9_007_199_254_740_993_u64), json!(9_007_199_254_740_992_u64), false),
        (json!(1.5), json!(1.5), true),
    ];

    for (wanted, found, expected) in table {
        let rule = Rule { claims: vec![claim("department", std::slice::from_ref(&wanted))], ..rule("r", &["*"]) };
        let somebody = somebody_from("work").with_claim("department", found.clone());

        assert_eq!(lets_in(rule, &somebody), expected, "{wanted} of {found}");
    }
}

#[test]
fn a_claim_may_be_found_by_json_pointer() {
    let rule = |pointer: &str| Rule { claims: vec![claim(pointer, &[json!("admin")])], ..rule("r", &["*"]) };
    let somebody = || {
        somebody_from("work")
            .with_claim("realm_access", json!({ "roles": ["user", "admin"] }))
            .with_claim("https://example.com/role", "admin")
            .with_claim("a/b", "admin")
    };

    assert!(lets_in(rule("/realm_access/roles"), &somebody()));
    assert!(lets_in(rule("/realm_access/roles/1"), &somebody()));
    assert!(lets_in(rule("https://example.com/role"), &somebody()));
    assert!(lets_in(rule("/a~1b"), &somebody()));
    assert!(!lets_in(rule("/realm_access"), &somebody()));
    assert!(!lets_in(rule("realm_access/roles"), &somebody()));
    assert!(!lets_in(rule("/realm_access/roles/0"), &somebody()));
}

#[test]
fn every_claim_of_a_rule_must_hold_and_one_of_its_values_is_enough() {
    let both = |second: Value| Rule {
        claims: vec![claim("a", &[json!("x"), json!(1)]), claim("b", &[second])],
        ..rule("both", &["*"])
    };
    let somebody = || somebody_from("work").with_claim("a", 1).with_claim("b", "y");

    assert!(lets_in(both(json!("y")), &somebody()));
    assert!(!lets_in(both(json!("x")), &somebody()));
}

#[test]
fn a_claim_without_values_to_have_is_a_condition_that_nobody_meets() {
    let rule = Rule { claims: vec![claim("a", &[])], ..rule("none", &["*"]) };

    assert!(!lets_in(rule, &somebody_from("work").with_claim("a", "x")));
}

#[test]
fn a_window_begins_at_its_first_moment_and_is_over_at_its_last() {
    let window = Window { from: Some(at(NOW)), until: Some(at(NOW + 10)) };
    let policy = policy(vec![Rule { window, ..rule("now", &["*"]) }]);
    let outcome = |second| policy.decide(&somebody_from("work"), &into("board"), at(second)).map(|_| ());
    let outside = Err(Refusal::NoRule { near: vec![miss("now", Condition::Window)] });

    assert_eq!(outcome(NOW - 1), outside);
    assert_eq!(outcome(NOW), Ok(()));
    assert_eq!(outcome(NOW + 9), Ok(()));
    assert_eq!(outcome(NOW + 10), outside);
}

/// A rule with a condition of every kind.
fn demanding() -> Rule {
    Rule {
        groups: texts(&["board"]),
        emails: texts(&["ada@example.com"]),
        email_domains: texts(&["example.com"]),
        providers: vec!["work".parse().unwrap()],
        claims: vec![claim("department", &[json!("finance")])],
        window: Window { from: Some(at(NOW)), until: Some(at(NOW + 10)) },
        ..rule("demanding", &["board"])
    }
}

fn fitting(provider: &str) -> VerifiedIdentity {
    somebody_from(provider)
        .with_groups(&["board"])
        .with_email("ada@example.com", true)
        .with_claim("department", "finance")
}

#[test]
fn every_kind_of_condition_must_hold_and_the_first_that_does_not_is_named() {
    let outcome = |rule: Rule, identity: &VerifiedIdentity, second| {
        policy(vec![rule]).decide(identity, &into("board"), at(second)).map(|_| ())
    };
    let refused = |failed| Err(Refusal::NoRule { near: vec![miss("demanding", failed)] });
    let others_only = Rule { emails: texts(&["eve@example.com"]), ..demanding() };
    let other_domain = Rule { email_domains: texts(&["example.org"]), ..demanding() };

    assert_eq!(outcome(demanding(), &fitting("work"), NOW), Ok(()));
    assert_eq!(outcome(demanding(), &fitting("home"), NOW), refused(Condition::Providers));
    assert_eq!(outcome(demanding(), &fitting("work").with_groups(&["staff"]), NOW), refused(Condition::Groups));
    assert_eq!(outcome(others_only, &fitting("work"), NOW), refused(Condition::Emails));
    assert_eq!(outcome(other_domain, &fitting("work"), NOW), refused(Condition::EmailDomains));
    assert_eq!(
        outcome(demanding(), &fitting("work").with_claim("department", "sales"), NOW),
        refused(Condition::Claims)
    );
    assert_eq!(outcome(demanding(), &fitting("work"), NOW + 10), refused(Condition::Window));
}

#[test]
fn a_refusal_lists_the_first_admitting_rules_and_says_nothing_about_the_person() {
    let closed = |name: &str| Rule { groups: texts(&["board"]), ..rule(name, &["*"]) };
    let denying = Rule { groups: texts(&["banned"]), outcome: Outcome::Deny, ..rule("banned", &["*"]) };
    let rules = [vec![denying], ["a", "b", "c", "d", "e", "f"].map(closed).to_vec()].concat();

    let refusal = policy(rules).decide(&fitting("work").with_groups(&["staff"]), &into("board"), at(NOW)).unwrap_err();

    let near = ["a", "b", "c", "d", "e"].map(|name| miss(name, Condition::Groups)).to_vec();
    assert_eq!(refusal, Refusal::NoRule { near });
    assert_eq!(
        refusal.to_string(),
        "no rule fits: `a` not by its groups, `b` not by its groups, `c` not by its groups, \
         `d` not by its groups, `e` not by its groups"
    );
}

#[test]
fn a_provider_is_offered_where_a_rule_could_admit_its_people() {
    let of = |id: &str, rule: Rule| Rule { providers: vec![id.parse().unwrap()], ..rule };
    let deny = |rule: Rule| Rule { outcome: Outcome::Deny, ..rule };
    let group = |group: &str, rule: Rule| Rule { groups: texts(&[group]), ..rule };
    let past = Window { from: None, until: Some(at(NOW)) };
    let all = || rule("r", &["*"]);
    let could =
        |rules: Vec<Rule>| policy(rules).could_admit(&"work".parse().unwrap(), &into("board").room, None, at(NOW));

    assert!(could(vec![all()]));
    assert!(could(vec![of("work", all())]));
    assert!(could(vec![group("board", all())]));
    assert!(could(vec![group("work:board", all())]));
    assert!(could(vec![Rule { emails: texts(&["a@example.com"]), ..all() }]));
    assert!(could(vec![deny(group("banned", all())), all()]));
    assert!(could(vec![deny(of("home", all())), all()]));
    assert!(could(vec![deny(Rule { window: past, ..all() }), all()]));
    assert!(!could(vec![]));
    assert!(!could(vec![rule("r", &["lab"])]));
    assert!(!could(vec![rule("r", &["*/board"])]));
    assert!(!could(vec![of("home", all())]));
    assert!(!could(vec![group("home:board", all())]));
    assert!(!could(vec![deny(all()), all()]));
    assert!(!could(vec![deny(of("work", all())), all()]));
    assert!(!could(vec![Rule { window: past, ..all() }]));
}

#[test]
fn a_feature_is_a_short_word() {
    assert_eq!("sip-outbound-call".parse::<Feature>().unwrap().as_str(), "sip-outbound-call");
    assert_eq!("".parse::<Feature>(), Err(FeatureError::Length { length: 0 }));
    assert_eq!("a".repeat(65).parse::<Feature>(), Err(FeatureError::Length { length: 65 }));
    assert_eq!("Recording".parse::<Feature>(), Err(FeatureError::Character { found: 'R' }));
    assert_eq!("a\"b".parse::<Feature>(), Err(FeatureError::Character { found: '"' }));
}

mod explained;
mod guests;
mod members;
mod properties;

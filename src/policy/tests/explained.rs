//! Rules with `when`, and why a decision is as it is.

use super::*;
use crate::provider::testing::guest_of;

fn when(text: &str) -> Option<When> {
    Some(When::compile(text).unwrap())
}

fn from(address: &str) -> Circumstances {
    Circumstances { now: at(NOW), address: Some(address.parse().unwrap()) }
}

#[test]
fn when_must_hold_besides_all_else() {
    let rule = Rule { when: when("address.within('10.0.0.0/8')"), groups: texts(&["staff"]), ..rule("office", &["*"]) };
    let policy = policy(vec![rule]);
    let staff = somebody_from("work").with_groups(&["staff"]);
    let decide =
        |somebody: &VerifiedIdentity, address| policy.decide(somebody, &into("board"), from(address)).map(|_| ());

    assert_eq!(decide(&staff, "10.1.2.3"), Ok(()));
    assert_eq!(decide(&staff, "192.0.2.1"), Err(Refusal::NoRule { near: vec![miss("office", Condition::When)] }));
    assert_eq!(
        decide(&somebody_from("work"), "10.1.2.3"),
        Err(Refusal::NoRule { near: vec![miss("office", Condition::Groups)] })
    );
}

#[test]
fn without_a_result_a_rule_that_admits_does_not_fit_and_one_that_denies_refuses() {
    let text = "claims.level < 3";
    let admitting = Rule { when: when(text), ..rule("low", &["*"]) };
    let denying = Rule { outcome: Outcome::Deny, ..admitting.clone() };
    let decide = |first: &Rule, somebody: &VerifiedIdentity| {
        let policy = policy(vec![first.clone(), rule("all", &["*"])]);
        policy.decide(somebody, &into("board"), at(NOW)).map(|grant| grant.rule().to_owned())
    };
    let with = |level: i64| somebody_from("work").with_claim("level", level);

    assert_eq!(decide(&admitting, &with(1)), Ok("low".to_owned()));
    assert_eq!(decide(&admitting, &with(5)), Ok("all".to_owned()));
    assert_eq!(decide(&admitting, &somebody_from("work")), Ok("all".to_owned()));
    assert_eq!(decide(&denying, &with(5)), Ok("all".to_owned()));
    let denied = || Err(Refusal::Denied { rule: "low".to_owned() });
    assert_eq!(decide(&denying, &with(1)), denied());
    assert_eq!(decide(&denying, &somebody_from("work")), denied());
}

#[test]
fn a_provider_is_offered_where_when_might_hold() {
    let could =
        |rules: Vec<Rule>| policy(rules).could_admit(&"work".parse().unwrap(), &into("board").room, None, at(NOW));
    let deny = Rule { outcome: Outcome::Deny, when: when("guest"), ..rule("deny", &["*"]) };

    assert!(could(vec![Rule { when: when("claims.level > 3"), ..rule("r", &["*"]) }]));
    assert!(could(vec![deny, rule("all", &["*"])]), "not everybody is one of those whom it denies");
}

#[test]
fn an_explanation_goes_through_the_rules_and_their_conditions() {
    let elsewhere = rule("lab", &["lab"]);
    let past = Window { from: None, until: Some(at(NOW)) };
    let demanding = Rule { when: when("claims.level > 3"), window: past, members: Some(Arc::default()), ..demanding() };
    let policy = policy(vec![elsewhere, demanding, rule("all", &["*"]), rule("never", &["*"])]);

    let explained = policy.explain(&fitting("work").with_groups(&["staff"]), &into("board"), at(NOW));

    let told: Vec<String> = explained.rules.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "rule `lab` is about other rooms",
            "rule `demanding` does not fit\n  \
             providers holds: work\n  \
             groups does not hold: board\n  \
             emails holds: ada@example.com, verified\n  \
             email_domains holds: a verified address at example.com\n  \
             claims holds: `department`: \"finance\"\n  \
             members_file does not hold: a row of the list for them, this room and this time\n  \
             from and until does not hold: until 2027-01-15T08:00:00Z\n  \
             when does not hold: claims.level > 3 (it asks for a claim that is not there; `has(…)` tells beforehand)",
            "rule `all` fits",
        ]
    );
    assert_eq!(explained.decision.map(|grant| grant.rule().to_owned()), Ok("all".to_owned()));
}

#[test]
fn guests_are_told_why_a_rule_passes_them_over() {
    let explained = policy(vec![rule("all", &["*"])]).explain(&guest_of("guest", "Ada"), &into("board"), at(NOW));

    assert_eq!(explained.rules[0].failed(), Some(Condition::Providers));
    assert!(explained.decision.is_err());
}

//! Rules with a list of members.

use std::fs;

use super::{LEAST, Loaded, Report, check_beside};
use crate::policy::{Outcome, Permit, Role};

/// Checks a rule with a list beside the file.
fn check(rule: &str, list: &str) -> Result<Loaded, Report> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("roster.csv"), list).unwrap();
    let text = LEAST.replace("[[access]]\nrooms = [\"*\"]\nrole = \"participant\"\n", "");
    check_beside(&folder.path().join("roomkey.toml"), &format!("{text}[[access]]\nrooms = [\"*\"]\n{rule}"), &[])
}

fn mistakes(rule: &str, list: &str) -> Vec<String> {
    let report = check(rule, list).map(|_| ()).unwrap_err();
    let folder = format!("{}/", report.file().parent().unwrap().display());
    report.lines().map(|line| line.to_string().replace(&folder, "")).collect()
}

#[test]
fn a_rule_has_the_members_of_its_list() {
    let Loaded { config, .. } =
        check("role = \"participant\"\nmembers_file = \"roster.csv\"", "email\nada@example.com\neve@example.com\n")
            .unwrap();

    assert_eq!(config.rules[0].members.as_ref().unwrap().rows(), 2);
    assert!(matches!(config.rosters.as_slice(), [(0, _)]));
}

#[test]
fn a_role_may_be_left_to_the_rows_if_each_has_one() {
    let rule = "members_file = \"roster.csv\"";
    let Loaded { config, .. } = check(rule, "email,role\nada@example.com,teacher\n").unwrap();

    let permit = Permit { role: Role::Participant, features: None, token_lifetime: None };
    assert_eq!(config.rules[0].outcome, Outcome::Admit(permit));
    assert_eq!(
        mistakes(rule, "email,role\nada@example.com,teacher\neve@example.com,\n"),
        ["roster.csv:3: access[0].members_file: has no role, and the rule gives none"]
    );
    assert!(check(&format!("deny = true\n{rule}"), "email\nada@example.com\n").is_ok(), "who is refused needs none");
}

#[test]
fn every_mistake_of_a_list_is_reported_at_its_line_beside_those_of_the_file() {
    let rule = "rol = \"participant\"\nrole = \"participant\"\nmembers_file = \"roster.csv\"";

    assert_eq!(
        mistakes(rule, &format!("email\nnobody\n{}neither\n", "ada@example.com\n".repeat(8))),
        [
            "roomkey.toml:15:1: access[0].rol: is no key that Roomkey knows; did you mean `role`?",
            "roster.csv:2: access[0].members_file: the address is none: write `ada@example.com`",
            "roster.csv:11: access[0].members_file: the address is none: write `ada@example.com`",
        ]
    );
}

#[test]
fn a_list_that_is_not_there_is_a_mistake() {
    let told = mistakes("role = \"participant\"\nmembers_file = \"other.csv\"", "");

    assert_eq!(
        told,
        ["roomkey.toml:16:16: access[0].members_file: cannot read other.csv: No such file or directory (os error 2); \
          name a CSV file, or a folder of them, that Roomkey may read"]
    );
}

#[test]
fn subjects_are_those_of_the_rules_provider_or_of_the_only_one() {
    let with =
        |rule: &str, list: &str| check(&format!("role = \"participant\"\nmembers_file = \"roster.csv\"{rule}"), list);

    assert!(with("", "subject\nu-7\n").is_ok());
    assert!(with("\nproviders = [\"work\"]", "subject,provider\nu-7,work\n").is_ok());
    assert!(with("", "subject,provider\nu-7,home\n").is_err());
}

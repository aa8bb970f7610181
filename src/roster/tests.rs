//! Lists as people have them: what they mean, and what is told of those that are wrong.

mod files;
mod one_roster;
mod properties;
mod spreadsheets;

use std::path::Path;

use jiff::Timestamp;

use super::sheet::Sheet;
use super::{Mistakes, Reading, members};
use crate::policy::{Outcome, Permit, Policy, Role, Roster, Rule, Window};
use crate::provider::VerifiedIdentity;
use crate::provider::testing::somebody_from;
use crate::room::JoinRequest;

const NOW: &str = "2026-12-01T12:00:00Z";

/// How a rule without providers reads its list where there is one provider, `work`.
fn reading() -> Reading {
    Reading { providers: vec!["work".parse().unwrap()], needs_role: false, class_room: Default::default() }
}

fn read_as(reading: &Reading, bytes: &[u8]) -> Result<Roster, Vec<String>> {
    let (mut roster, mut mistakes) = (Roster::default(), Mistakes::default());
    if let Some(sheet) = Sheet::open(Path::new("roster.csv"), bytes, &mut mistakes) {
        members::read(&sheet, reading, &mut roster, &mut mistakes);
    }
    if mistakes.is_empty() { Ok(roster) } else { Err(mistakes.told().iter().map(ToString::to_string).collect()) }
}

fn read(text: &str) -> Result<Roster, Vec<String>> {
    read_as(&reading(), text.as_bytes())
}

fn mistakes(text: &str) -> Vec<String> {
    read(text).unwrap_err()
}

/// As what the list lets somebody into a room, and until when.
fn admits(roster: Roster, somebody: &VerifiedIdentity, room: &str) -> Option<(Role, Option<String>)> {
    let rule = Rule {
        name: "enrolled".to_owned(),
        rooms: vec!["*".parse().unwrap(), "*/*".parse().unwrap()],
        groups: Vec::new(),
        emails: Vec::new(),
        email_domains: Vec::new(),
        providers: Vec::new(),
        claims: Vec::new(),
        passes: false,
        members: Some(roster.into()),
        window: Window::default(),
        when: None,
        outcome: Outcome::Admit(Permit { role: Role::Participant, features: None, token_lifetime: None }),
    };
    let (tenant, room) = room.split_once('/').map_or((None, room), |(tenant, room)| (Some(tenant), room));
    let request = JoinRequest::from_link(tenant, room, None).unwrap();
    let grant = Policy::new(vec![rule], &[]).decide(somebody, &request, NOW.parse::<Timestamp>().unwrap()).ok()?;
    Some((grant.role(), grant.not_after().as_ref().map(Timestamp::to_string)))
}

fn ada() -> VerifiedIdentity {
    somebody_from("work").with_email("ada@example.com", true)
}

const TAKES_PART: Option<(Role, Option<String>)> = Some((Role::Participant, None));
const MODERATES: Option<(Role, Option<String>)> = Some((Role::Moderator, None));

#[test]
fn a_row_says_who_may_enter_which_room_as_what_and_until_when() {
    let text = "email,room,role,valid from,valid until\n\
                ada@example.com,Lab 1,moderator,2026-11-30,2026-12-31\n";

    let ends = Some("2027-01-01T00:00:00Z".to_owned());
    assert_eq!(admits(read(text).unwrap(), &ada(), "lab%201"), Some((Role::Moderator, ends)));
    assert_eq!(admits(read(text).unwrap(), &ada(), "lab%202"), None);
    assert_eq!(admits(read(text).unwrap(), &somebody_from("work"), "lab%201"), None);
}

#[test]
fn a_row_is_without_effect_before_its_beginning_and_after_its_end() {
    let row = |from: &str, until: &str| {
        let text = format!("email,from,until\nada@example.com,{from},{until}\n");
        admits(read(&text).unwrap(), &ada(), "lab").is_some()
    };

    assert!(row("", "") && row("2026-12-01", "2026-12-01") && row("2026-12-01T12:00:00Z", ""));
    assert!(!row("2026-12-02", "") && !row("", "2026-11-30") && !row("", "2026-12-01T12:00:00Z"));
}

#[test]
fn columns_are_known_by_several_names_and_others_are_nobodys_business() {
    for header in ["E-Mail;Meeting;Role;Valid to", "mail;ROOM;role;expires", "Address;rooms;Role;till"] {
        let text = format!("Name;{header}\nAda Lovelace;ada@example.com;lab;teacher;2026-12-31\n");

        assert_eq!(
            admits(read(&text).unwrap(), &ada(), "lab").map(|(role, _)| role),
            Some(Role::Moderator),
            "{header}"
        );
    }
}

#[test]
fn a_subject_is_that_of_the_only_provider_or_of_the_one_in_the_row() {
    let two = Reading { providers: vec!["work".parse().unwrap(), "home".parse().unwrap()], ..reading() };
    let somebody = |provider: &str| somebody_from(provider).with_subject("u-7");
    let of_home = || read_as(&two, b"subject,provider\nu-7,home\n").unwrap();

    assert_eq!(admits(read("subject\nu-7\n").unwrap(), &somebody("work"), "lab"), TAKES_PART);
    assert_eq!(admits(of_home(), &somebody("home"), "lab"), TAKES_PART);
    assert_eq!(admits(of_home(), &somebody("work"), "lab"), None);
    assert_eq!(
        read_as(&two, b"subject,provider\nu-7,\nu-8,elsewhere\n").unwrap_err(),
        [
            "roster.csv:2: a subject needs its provider: name one in the rule, or in a column `provider`",
            "roster.csv:3: the rule knows no provider `elsewhere`",
        ]
    );
}

#[test]
fn a_room_may_be_of_a_tenant_or_a_glob() {
    let text = "email,room\nada@example.com,Acme/Board\nada@example.com,lab-*\n";
    let admitted = |room| admits(read(text).unwrap(), &ada(), room);

    assert_eq!(["acme/board", "lab-7"].map(admitted), [TAKES_PART, TAKES_PART]);
    assert_eq!(["board", "lab", "acme/lab-7"].map(admitted), [None, None, None]);
}

#[test]
fn every_mistake_is_told_by_its_line() {
    let text = "email,subject,room,role,from,until\n\
                ,,lab,,,\n\
                ada@example.com,u-7,lab,,,\n\
                ada at example.com,,lab,,,\n\
                ada@example.com,,a/b/c,,,\n\
                ada@example.com,,[z-a],,,\n\
                ada@example.com,,lab,boss,12/01/2026,2026-12-01T09:00\n\
                ada@example.com,,lab,,2026-12-02,2026-12-01\n\
                ada@example.com,,lab\n\
                ada@example.com,,lab,,,,much,more\n";

    assert_eq!(
        mistakes(text),
        [
            "roster.csv:2: names nobody: give an address or a subject",
            "roster.csv:3: names an address and a subject too; leave one of them empty",
            "roster.csv:4: the address is none: write `ada@example.com`",
            "roster.csv:5: the room cannot be one: `/` cannot stand in a name",
            "roster.csv:6: the room is no glob: the range z-a is the wrong way round",
            "roster.csv:7: the role `boss` is not known; write `moderator` or `participant`",
            "roster.csv:7: the beginning is no moment; write a day (`2026-12-01`, `01.12.2026`), or a time with its offset \
             (`2026-12-01T09:00:00+01:00`)",
            "roster.csv:8: ends before it begins",
            "roster.csv:9: has 3 cells where the header has 6; is the line cut off?",
            "roster.csv:10: has 8 cells where the header has 6; put quotes around cells with separators",
        ]
    );
}

#[test]
fn a_header_that_could_be_misread_is_refused() {
    assert_eq!(mistakes(""), ["roster.csv: is empty; its first line has to name the columns"]);
    assert_eq!(mistakes("room\nlab\n"), ["roster.csv:1: has neither a column `email` nor a column `subject`"]);
    assert_eq!(mistakes("email,mail\na@b,a@b\n"), ["roster.csv:1: has two columns for the same: `mail` is the second"]);
    assert_eq!(
        mistakes("email,valid untill\na@b,2020-01-01\n"),
        ["roster.csv:1: has a column `valid untill`, which is not known; did you mean `validuntil`?"]
    );
}

#[test]
fn a_role_is_needed_where_the_rule_has_none() {
    let needing = Reading { needs_role: true, ..reading() };

    assert_eq!(
        read_as(&needing, b"email,role\nada@example.com,\n").unwrap_err(),
        ["roster.csv:2: has no role, and the rule gives none"]
    );
    assert!(read_as(&needing, b"email,role\nada@example.com,student\n").is_ok());
}

#[test]
fn of_endless_mistakes_the_first_are_told_and_the_others_counted() {
    let text = format!("email\n{}", "nobody\n".repeat(Mistakes::MAX_TOLD + 7));
    let (mut roster, mut mistakes) = (Roster::default(), Mistakes::default());
    let sheet = Sheet::open(Path::new("roster.csv"), text.as_bytes(), &mut mistakes).unwrap();

    members::read(&sheet, &reading(), &mut roster, &mut mistakes);

    assert_eq!((mistakes.told().len(), mistakes.untold()), (Mistakes::MAX_TOLD, 7));
    assert_eq!(mistakes.to_string(), format!("{} mistakes", Mistakes::MAX_TOLD + 7));
}

#[test]
fn nothing_that_is_told_says_who() {
    let told = mistakes("email,subject,room,role\nada@example.com,secret-subject,lab,x\n=A1,,lab,\n").join("\n");

    assert!(!told.contains("ada") && !told.contains("secret"), "{told}");
}

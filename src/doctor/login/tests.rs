use proptest::prelude::*;

use super::*;
use crate::failure::Failure;

const REFERENCE: &str = "K7QF2M9X";

const JSON: &str = r#"{"timestamp":"2026-11-24T15:00:00.5Z","level":"WARN","message":"K7QF2M9X: the login ended before the meeting: not let in: no rule fits","login.id":"K7QF2M9X","login.failure":"no-rule","provider.id":"work","room.name":"standup","client.address":"192.0.2.7","request.host":"sso.example.com","target":"roomkey::web::log"}"#;

const TEXT: &str = "2026-11-24T15:00:00.5Z  WARN roomkey::web::log: K7QF2M9X: the login ended before the meeting: not let in: \
    no rule fits login.id=K7QF2M9X login.failure=\"no-rule\" provider.id=\"work\" room.name=\"standup\" \
    client.address=192.0.2.7 request.host=\"sso.example.com\"";

fn read(log: &str) -> Vec<Event> {
    History::read(log.as_bytes(), REFERENCE.parse().unwrap()).unwrap().events
}

fn expected() -> Facts {
    Facts {
        time: Some("2026-11-24T15:00:00.5Z".into()),
        message: "K7QF2M9X: the login ended before the meeting: not let in: no rule fits".into(),
        failure: Some("no-rule".into()),
        provider: Some("work".into()),
        room: Some("standup".into()),
        address: Some("192.0.2.7".into()),
        host: Some("sso.example.com".into()),
        ..Facts::default()
    }
}

#[test]
fn a_line_is_found_in_every_dress() {
    let journal = serde_json::json!({ "MESSAGE": JSON, "_PID": "1" }).to_string();
    let bytes = serde_json::json!({ "MESSAGE": JSON.as_bytes() }).to_string();
    let coloured = TEXT
        .replace(" WARN ", "\u{1b}[0m \u{1b}[33m WARN\u{1b}[0m \u{1b}[2m")
        .replace("login.id=", "\u{1b}[3mlogin.id\u{1b}[0m\u{1b}[2m=\u{1b}[0m");
    for log in [
        JSON.to_owned(),
        TEXT.to_owned(),
        coloured,
        journal,
        bytes,
        format!("roomkey-1  | {JSON}"),
        format!("roomkey-1  | {TEXT}"),
        format!("Nov 24 15:00:00 host roomkey[7]: {TEXT}"),
    ] {
        let events = read(&format!("something else\n{log}\n{{\"login.id\":\"AAAAAAAA\"}}\n"));

        assert_eq!(events.iter().map(|event| &event.facts).collect::<Vec<_>>(), [&expected()], "{log}");
        assert_eq!(events[0].cause, cause(Failure::NoRule));
    }
}

#[test]
fn a_quoted_value_is_read_as_it_was_meant() {
    let line = r#"T  INFO roomkey::web::log: in login.id="K7QF2M9X" grant.role=moderator grant.rule="the \"inner\" \u{e9}\\ circle""#;

    let events = read(line);

    assert_eq!(events[0].facts.rule.as_deref(), Some("the \"inner\" \u{e9}\\ circle"));
    assert_eq!(events[0].facts.role.as_deref(), Some("moderator"));
}

#[test]
fn a_login_that_went_well_is_told_as_such() {
    let line = r#"{"message":"room `standup` opened for a moderator from `work`","login.id":"K7QF2M9X","grant.role":"moderator","grant.rule":"staff"}"#;

    let events = read(line);

    assert!(events[0].cause.contains("successful"));
    assert!(events[0].remedy.contains("roomkey doctor"));
}

#[test]
fn a_number_that_is_merely_mentioned_is_no_line_of_that_login() {
    let by_message = r#"{"message":"K7QF2M9X","login.id":"AAAAAAAA"}"#;
    let by_host = r#"T  WARN m: x login.id=AAAAAAAA login.failure="no-rule" request.host="a login.id=K7QF2M9X""#;

    assert!(read(&format!("room K7QF2M9X login.id=AAAAAAAA\n{by_message}\n{by_host}")).is_empty());
}

#[test]
fn a_failure_of_a_later_version_is_not_guessed_at() {
    let events = read(&JSON.replace("no-rule", "eaten-by-a-bear"));

    assert!(events[0].cause.contains("does not know"));
}

#[test]
fn a_line_without_end_is_passed_over_in_pieces() {
    // The second piece is a line by itself, which nobody has written.
    let long = format!("{}{JSON}", "x".repeat(MAX_LINE_BYTES));

    assert!(read(&long).is_empty());
    assert_eq!(read(&format!("{long}\n{JSON}")).len(), 1);
}

#[test]
fn the_longest_line_is_read_to_its_end() {
    let padding = "x".repeat(MAX_LINE_BYTES - JSON.len() - 1);

    let (with, without) = (format!("{padding}{JSON}\n{JSON}"), format!("{padding}{JSON}"));

    assert_eq!((read(&with).len(), read(&without).len()), (2, 1));
}

#[test]
fn nothing_found_is_said_with_what_to_check() {
    let history = History::read("".as_bytes(), REFERENCE.parse().unwrap()).unwrap();

    assert!(history.to_string().starts_with("nothing is told of K7QF2M9X in this log"));
}

#[test]
fn what_is_shown_cannot_move_the_cursor() {
    let events = read(&JSON.replace("no rule fits", "\\u001b[2Jno rule"));

    assert_eq!(events[0].facts.message, "K7QF2M9X: the login ended before the meeting: not let in: [2Jno rule");
}

proptest! {
    #[test]
    fn no_log_breaks_the_reader(log in "(\\PC|[\n\"\\\\=. {}:\u{1b}]|K7QF2M9X| login\\.id=| WARN ){0,60}") {
        read(&log);
    }

    #[test]
    fn every_text_reads_back_as_it_was_logged(host in "\\PC{0,40}") {
        let line = format!("T  WARN m: x login.id=K7QF2M9X request.host={host:?}");

        let events = read(&line);

        prop_assert_eq!(events[0].facts.host.as_deref(), Some(host.trim()));
    }
}

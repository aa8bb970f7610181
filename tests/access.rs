//! `roomkey access`, as it is called from a shell.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test stops at the first thing amiss")]

mod support;

use std::fs;

use support::roomkey::run;

const FILE: &str = r#"
public_url = "http://localhost:8080"
[meeting]
url = "https://meet.example.com"
[meeting.signing]
secret = "e3a5f0c9b1d74826af0e5c3d9b718264"
[session]
secret = "0b4d7a9c2e6f81530d9c7b5a3e1f8642"
[[providers]]
id = "work"
kind = "oidc"
issuer = "https://id.example.com"
client_id = "roomkey"
[[providers]]
id = "guest"
kind = "guest"
[[access]]
name = "outside"
rooms = ["vault"]
when = '!address.within("10.0.0.0/8")'
deny = true
[[access]]
name = "board"
rooms = ["board", "vault"]
groups = ["board"]
claims = { level = [3, 4] }
until = "2026-12-31T00:00:00Z"
role = "moderator"
[[access]]
name = "course"
rooms = ["*"]
providers = ["work"]
members_file = "roster.csv"
role = "participant"
"#;

const ROSTER: &str = "email,room,role,until\nada@example.com,lab,teacher,2026-12-24\n";

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("roomkey.toml"), FILE).unwrap();
    fs::write(folder.path().join("roster.csv"), ROSTER).unwrap();
    folder
}

/// Exit status, standard output and standard error.
fn told(folder: &tempfile::TempDir, arguments: &[&str]) -> (i32, String, String) {
    let output = run(folder.path(), arguments);
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn explain(arguments: &[&str]) -> (i32, String) {
    let (status, out, error) = told(
        &folder(),
        &[&["access", "explain", "--provider", "work", "--at", "2026-12-01T09:00:00Z"], arguments].concat(),
    );
    (status, out + &error)
}

#[test]
fn the_rule_that_decides_and_those_before_it_are_explained() {
    let member = explain(&["--room", "lab", "--email", "Ada@example.com"]);
    let of_the_board = explain(&["--room", "vault", "--group", "board", "--claim", "level=3", "--address", "10.9.8.7"]);

    assert_eq!(
        member,
        (
            0,
            "rule `outside` is about other rooms\n\
             rule `board` is about other rooms\n\
             rule `course` fits\n  \
             providers holds: work\n  \
             members_file holds: a row of the list for them, this room and this time\n\
             granted by rule `course`: moderator in `lab`, until 2026-12-25T00:00:00Z\n"
                .to_owned()
        )
    );
    assert_eq!(
        of_the_board,
        (
            0,
            "rule `outside` does not fit\n  \
             when does not hold: !address.within(\"10.0.0.0/8\")\n\
             rule `board` fits\n  \
             groups holds: board\n  \
             claims holds: `level`: one of 3, 4\n  \
             from and until holds: until 2026-12-31T00:00:00Z\n\
             granted by rule `board`: moderator in `vault`, until 2026-12-31T00:00:00Z\n"
                .to_owned()
        )
    );
}

#[test]
fn who_is_refused_is_told_every_reason() {
    let (status, said) =
        explain(&["--room", "board", "--group", "staff", "--email", "ada@example.com", "--unverified"]);
    let (of_nowhere, denied) = explain(&["--room", "vault", "--group", "board"]);

    assert_eq!(status, 1);
    for reason in [
        "groups does not hold: board",
        "claims does not hold: `level`: one of 3, 4",
        "members_file does not hold",
        "refused: no rule fits: `board` not by its groups, `course` not by its members_file",
    ] {
        assert!(said.contains(reason), "{said}");
    }
    assert_eq!(of_nowhere, 1);
    assert!(denied.contains("(it asks for the client's address, which is not known)"), "{denied}");
    assert!(denied.ends_with("refused: rule `outside` denies\n"), "{denied}");
}

#[test]
fn what_cannot_be_asked_is_told() {
    let folder = folder();

    let without = told(&folder, &["access", "explain", "--room", "lab"]);
    let no_room = told(&folder, &["access", "explain", "--room", "*", "--provider", "work"]);

    assert_eq!(without, (1, String::new(), "there are several providers: choose one by `--provider`\n".to_owned()));
    assert_eq!(no_room.2, "the room cannot be one: bad room name: `*` cannot stand in a name\n");
}

const AS_MEANT: &str = r#"
[[expect]]
name = "the teacher moderates"
room = "lab"
provider = "work"
email = "ada@example.com"
at = "2026-12-01T09:00:00+01:00"
outcome = "moderator"
rule = "course"

[[expect]]
room = "lab"
provider = "guest"
outcome = "refused"

[[expect]]
room = "vault"
provider = "work"
groups = ["board"]
claims = { level = 4 }
address = "192.0.2.1"
outcome = "refused"
rule = "outside"
"#;

#[test]
fn a_table_of_expectations_is_compared_with_the_rules() {
    let folder = folder();
    fs::write(folder.path().join("meant.toml"), AS_MEANT).unwrap();
    let otherwise =
        AS_MEANT.replace("outcome = \"moderator\"", "outcome = \"participant\"").replace("192.0.2.1", "10.1.1.1");
    fs::write(folder.path().join("otherwise.toml"), otherwise).unwrap();

    let meant = told(&folder, &["access", "check", "meant.toml"]);
    let otherwise = told(&folder, &["access", "check", "otherwise.toml"]);

    assert_eq!(meant, (0, "3 expected, 0 otherwise\n".to_owned(), String::new()));
    assert_eq!(
        otherwise,
        (
            1,
            "otherwise.toml:2: the teacher moderates: expected participant by rule `course`, found moderator by rule `course`\n\
             otherwise.toml:16: expect[2]: expected refused by rule `outside`, found moderator by rule `board`\n\
             3 expected, 2 otherwise\n"
                .to_owned(),
            String::new()
        )
    );
}

#[test]
fn a_table_that_is_wrong_is_told_where() {
    let folder = folder();
    fs::write(folder.path().join("wrong.toml"), AS_MEANT.replace("outcome = \"refused\"", "outcme = \"refused\""))
        .unwrap();
    fs::write(folder.path().join("moment.toml"), AS_MEANT.replace("+01:00", "")).unwrap();

    let (status, _, wrong) = told(&folder, &["access", "check", "wrong.toml"]);
    let (_, _, moment) = told(&folder, &["access", "check", "moment.toml"]);
    let (_, _, gone) = told(&folder, &["access", "check", "gone.toml"]);

    assert_eq!(status, 1);
    assert!(wrong.contains("line 14") && wrong.contains("unknown field `outcme`"), "{wrong}");
    assert!(moment.contains("`2026-12-01T09:00:00` is no moment"), "{moment}");
    assert!(gone.starts_with("cannot read gone.toml"), "{gone}");
}

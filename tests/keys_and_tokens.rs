//! `roomkey keys` and `roomkey token`, as they are called from a shell.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where something unexpected happens")]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const REST: &str = r#"
public_url = "http://localhost:8080"
[meeting]
url = "https://meet.example.com"
[session]
secret = "0b4d7a9c2e6f81530d9c7b5a3e1f8642"
[[providers]]
id = "work"
kind = "oidc"
issuer = "https://id.example.com"
client_id = "roomkey"
[[access]]
name = "board"
rooms = ["board"]
groups = ["board"]
role = "moderator"
[[access]]
name = "board-others"
rooms = ["board"]
claims = { department = "audit" }
role = "participant"
[[access]]
name = "staff"
rooms = ["standup", "sales/*"]
email_domains = ["example.com"]
role = "participant"
"#;

const BY_SECRET: &str = "[meeting.signing]\nsecret = \"e3a5f0c9b1d74826af0e5c3d9b718264\"\n";
const MANAGED: &str = "[meeting.signing]\nmanaged = true\n";

fn folder_with(signing: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("roomkey.toml"), format!("{REST}{signing}")).unwrap();
    folder
}

fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_roomkey"));
    command.current_dir(folder).args(arguments).env_clear().stdin(Stdio::null());
    command
}

/// Exit status, standard output and standard error.
fn told(output: Output) -> (i32, String, String) {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    told(program(folder, arguments).output().unwrap())
}

fn run_with_input(folder: &Path, arguments: &[&str], input: &str) -> (i32, String, String) {
    let mut command = program(folder, arguments);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    told(child.wait_with_output().unwrap())
}

/// A token that a command must have given.
fn mint(folder: &Path, arguments: &[&str]) -> String {
    let (status, token, said) = run(folder, &[&["token", "mint"], arguments].concat());
    assert_eq!(status, 0, "{said}");
    token.trim().to_owned()
}

#[test]
fn keys_are_made_listed_and_changed() {
    let folder = folder_with(MANAGED);
    let list = |folder: &Path| run(folder, &["keys", "list"]);

    let none = list(folder.path());
    let first = run(folder.path(), &["keys", "rotate"]);
    let one = list(folder.path());
    let next = run(folder.path(), &["keys", "rotate"]);
    let again = run(folder.path(), &["keys", "rotate"]);
    let two = list(folder.path());
    let revoked = run(folder.path(), &["keys", "rotate", "--revoke"]);
    let last = list(folder.path());
    let recorded = run(folder.path(), &["audit", "export", "--outcome", "settings_changed"]);

    let missing = "there is no key yet: `roomkey serve` makes the first one, or `roomkey keys rotate`\n";
    assert_eq!(none, (1, String::new(), missing.to_owned()));
    assert!(first.0 == 0 && first.1.contains(" is published now and signs from "), "{first:?}");
    assert!(one.1.lines().count() == 1 && one.1.starts_with("signs  "), "{one:?}");
    assert!(next.0 == 0 && again.1.contains(" is published already and signs from "), "{next:?} {again:?}");
    let states: Vec<_> = two.1.lines().map(|line| line.split_whitespace().next().unwrap()).collect();
    assert_eq!(states, ["signs", "next"], "{two:?}");
    assert!(revoked.1.contains("signs now, and 2 before it are withdrawn"), "{revoked:?}");
    assert!(last.1.lines().count() == 1 && !two.1.contains(last.1.split_whitespace().nth(1).unwrap()), "{last:?}");
    let records = recorded.1.lines().map(|line| serde_json::from_str(line).unwrap());
    let reasons: Vec<_> =
        records.map(|record: serde_json::Value| record["reason"].as_str().unwrap().to_owned()).collect();
    assert_eq!(reasons, ["key-made", "key-made", "keys-revoked"], "{recorded:?}");
    assert!([first, one, next, again, two, revoked, last].iter().all(|told| told.2.is_empty()));
}

#[test]
fn public_keys_are_exported_for_every_way_that_prosody_takes_them() {
    let folder = folder_with(MANAGED);
    run(folder.path(), &["keys", "rotate"]);
    fs::create_dir(folder.path().join("asap")).unwrap();

    let (_, jwks, _) = run(folder.path(), &["keys", "export"]);
    let (_, pem, _) = run(folder.path(), &["keys", "export", "--format", "pem"]);
    let (status, path, said) = run(folder.path(), &["keys", "export", "--folder", "asap"]);
    let missing = run(folder.path(), &["keys", "export", "--folder", "nowhere"]);

    let jwks: Value = serde_json::from_str(&jwks).unwrap();
    let kid = jwks["keys"][0]["kid"].as_str().unwrap();
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, kid.as_bytes());
    assert_eq!((status, said.as_str()), (0, ""));
    assert_eq!(path.trim(), format!("asap/{}.pem", data_encoding::HEXLOWER.encode(hash.as_ref())));
    assert_eq!(fs::read_to_string(folder.path().join(path.trim())).unwrap(), pem);
    assert!(pem.starts_with("-----BEGIN PUBLIC KEY-----\n") && !jwks.to_string().contains("\"d\":"));
    assert!(missing.0 == 1 && missing.2.starts_with("cannot write nowhere/"), "{missing:?}");
}

#[test]
fn a_secret_has_nothing_to_export_and_is_not_rotated_by_roomkey() {
    let folder = folder_with(BY_SECRET);

    let listed = run(folder.path(), &["keys", "list"]);
    let exported = run(folder.path(), &["keys", "export"]);
    let rotated = run(folder.path(), &["keys", "rotate"]);

    let line = "signs  tL9m3TQ8VC6Tk05ydx5LwA  HS256, a secret, published nowhere\n";
    assert_eq!(listed, (0, line.to_owned(), String::new()));
    let secret = "HS256 signs with a secret, which has no public half: Prosody needs it as `app_secret`\n";
    assert_eq!(exported, (1, String::new(), secret.to_owned()));
    let not = "Roomkey does not make its own keys: `meeting.signing.managed` is not set\n";
    assert_eq!(rotated, (1, String::new(), not.to_owned()));
    assert!(!folder.path().join("roomkey.db").exists(), "nothing of it needs a store");
}

#[test]
fn of_two_secrets_the_one_whose_time_it_is_signs_and_tokens_of_both_are_good() {
    let with_next =
        |from: &str| format!("{BY_SECRET}next_secret = \"5a0e7c3b9d1f48266e8c0b2d4f6a1937\"\nnext_from = \"{from}\"\n");
    let (before, after) =
        (folder_with(&with_next("2400-01-01T00:00:00Z")), folder_with(&with_next("2020-01-01T00:00:00Z")));
    let minting = ["--room", "standup", "--email", "ada@example.com"];

    let lists = [&before, &after].map(|folder| run(folder.path(), &["keys", "list"]).1);
    let tokens = [&before, &after].map(|folder| mint(folder.path(), &minting));

    assert!(lists[0].starts_with("signs  tL9m3TQ8VC6Tk05ydx5LwA ") && lists[0].contains("\nnext   "), "{}", lists[0]);
    assert!(lists[1].starts_with("former tL9m3TQ8VC6Tk05ydx5LwA ") && lists[1].contains("\nsigns  "), "{}", lists[1]);
    assert_ne!(tokens[0].split('.').next(), tokens[1].split('.').next());
    for (folder, token) in [(&before, &tokens[1]), (&after, &tokens[0])] {
        assert_eq!(run(folder.path(), &["token", "check", token]).0, 0);
    }
    assert_eq!(run(folder_with(BY_SECRET).path(), &["token", "check", &tokens[1]]).0, 1);
}

#[test]
fn a_token_is_made_by_the_rules_and_what_they_say_stands_beside_it() {
    let folder = folder_with(BY_SECRET);
    let moderate = ["token", "mint", "--room", "Board", "--group", "board", "--name", "Ada"];
    let take_part = ["token", "mint", "--room", "board", "--claim", "department=audit"];

    let (moderates, token, said) = run(folder.path(), &moderate);
    let (takes_part, _, reason) = run(folder.path(), &take_part);
    let refused = run(folder.path(), &["token", "mint", "--room", "board", "--email", "ada@example.com"]);

    assert_eq!((moderates, said.as_str()), (0, "granted by rule `board`: moderator in `board`\n"));
    let (_, decoded, _) = run_with_input(folder.path(), &["token", "decode"], &token);
    assert!(decoded.contains("\"affiliation\": \"owner\"") && decoded.contains("\"name\": \"Ada\""), "{decoded}");
    let why = "rule `board` does not fit: its groups\ngranted by rule `board-others`: participant in `board`\n";
    assert_eq!((takes_part, reason.as_str()), (0, why));
    let why = "rule `board` does not fit: its groups\nrule `board-others` does not fit: its claims\n\
               refused: no rule fits: `board` not by its groups, `board-others` not by its claims\nnot granted\n";
    assert_eq!(refused, (1, String::new(), why.to_owned()));
}

#[test]
fn an_address_that_is_not_verified_opens_nothing_and_a_room_that_is_none_is_told() {
    let folder = folder_with(BY_SECRET);
    let mint = |more: &[&str]| run(folder.path(), &[&["token", "mint", "--email", "ada@example.com"], more].concat());

    assert_eq!(mint(&["--room", "standup"]).0, 0);
    assert_eq!(mint(&["--room", "weekly", "--tenant", "sales"]).0, 0);
    assert_eq!(mint(&["--room", "standup", "--unverified"]).0, 1);
    assert_eq!(mint(&["--room", "*"]).2, "the room cannot be one: bad room name: `*` cannot stand in a name\n");
    assert_eq!(
        mint(&["--room", "standup", "--provider", "home"]).2,
        "there is no provider `home` in the configuration\n"
    );
}

#[test]
fn a_token_is_checked_and_each_fault_named() {
    let folder = folder_with(BY_SECRET);
    let token = mint(folder.path(), &["--room", "standup", "--email", "ada@example.com"]);
    let check = |arguments: &[&str], token: &str| {
        run_with_input(folder.path(), &[&["token", "check"], arguments].concat(), token)
    };
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let first = if signature.starts_with('A') { "B" } else { "A" };
    let forged = format!("{signed}.{first}{}", &signature[1..]);

    let good = check(&["--room", "standup"], &token);
    let other_room = check(&["--room", "board"], &token);
    let forged = check(&[], &forged);
    let none = check(&[], "no token");

    assert_eq!(good, (0, "good: it opens `standup` of `meet.example.com`\n".to_owned(), String::new()));
    let faults = "room: is `standup`, and has to be `board`\n";
    assert_eq!(other_room, (1, faults.to_owned(), "1 thing(s) are wrong with it\n".to_owned()));
    assert_eq!((forged.0, forged.1.as_str()), (1, "signature: is not that of the secret\n"));
    let parts = "no token: it has 1 parts, divided by dots, and a token has three\n";
    assert_eq!(none, (1, String::new(), parts.to_owned()));
    fs::write(folder.path().join("roomkey.toml"), format!("{REST}{}", BY_SECRET.replace("e3a5", "f4b6"))).unwrap();
    assert_eq!(run(folder.path(), &["token", "check", &token]).0, 1, "another deployment's secret");
}

#[test]
fn tokens_by_keys_of_roomkeys_own_are_good_until_the_keys_are_withdrawn() {
    let folder = folder_with(MANAGED);
    let minting = ["--room", "standup", "--email", "ada@example.com"];
    let check = |token: &str| run(folder.path(), &["token", "check", token]);
    run(folder.path(), &["keys", "rotate"]);
    let token = mint(folder.path(), &minting);

    let good = check(&token);
    run(folder.path(), &["keys", "rotate", "--revoke"]);
    let withdrawn = check(&token);
    let anew = check(&mint(folder.path(), &minting));

    assert_eq!((good.0, anew.0), (0, 0), "{good:?} {anew:?}");
    assert_eq!(withdrawn.0, 1);
    assert!(withdrawn.1.starts_with("kid: `") && withdrawn.1.contains("is no key of this deployment"), "{withdrawn:?}");
}

#[test]
fn the_same_person_has_the_same_id_whichever_key_signs() {
    let (by_secret, managed) = (folder_with(BY_SECRET), folder_with(MANAGED));
    run(managed.path(), &["keys", "rotate"]);
    let id = |folder: &Path, subject: &str| {
        let token = mint(folder, &["--room", "standup", "--email", "ada@example.com", "--subject", subject]);
        let payload = token.split('.').nth(1).unwrap().to_owned();
        let claims: Value =
            serde_json::from_slice(&data_encoding::BASE64URL_NOPAD.decode(payload.as_bytes()).unwrap()).unwrap();
        claims["context"]["user"]["id"].as_str().unwrap().to_owned()
    };

    let first = id(managed.path(), "u-1");
    run(managed.path(), &["keys", "rotate", "--revoke"]);

    assert_eq!(id(managed.path(), "u-1"), first);
    assert_eq!(id(by_secret.path(), "u-1"), first);
    assert_ne!(id(by_secret.path(), "u-2"), first);
}

#[test]
fn a_wrong_configuration_is_told_as_everywhere() {
    let folder = folder_with("[meeting.signing]\nmanaged = 1\n");

    for command in [&["keys", "list"][..], &["token", "mint", "--room", "standup"], &["token", "check", "a.b.c"]] {
        let (status, out, said) = run(folder.path(), command);

        assert_eq!((status, out.as_str()), (2, ""), "{said}");
        assert!(said.ends_with("1 mistake in roomkey.toml\n"), "{said}");
    }
}

//! `roomkey jitsi print`, called from a shell, and the files and pages that show the same settings.

#![allow(clippy::unwrap_used, reason = "a test ends where something unexpected happens")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// Roomkey below a path of Jitsi's host, as `docs/jitsi.md` has it.
const FILE: &str = r#"
public_url = "https://meet.example.com/sso"
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
[[access]]
rooms = ["*"]
role = "participant"
"#;

const SECRET: &str = "e3a5f0c9b1d74826af0e5c3d9b718264";

fn run(file: &str, arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("roomkey.toml"), file).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_roomkey"));
    command.current_dir(folder.path()).args(["jitsi", "print"]).args(arguments).env_clear().output().unwrap()
}

/// What is printed for `file`, which is right.
fn printed(file: &str, arguments: &[&str]) -> String {
    let output = run(file, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// As in `docs/jitsi.md`, "On a host of its own".
fn on_its_own_host() -> String {
    FILE.replace("meet.example.com/sso", "sso.example.com")
}

/// As in `docs/inline-login.md`.
fn inline() -> String {
    on_its_own_host() + "[meeting.inline]\nclient_id = \"jitsi-meet\"\n"
}

/// As `docker-compose.yml` runs it, with the secrets in the file.
fn in_docker() -> String {
    FILE.replace("[meeting.signing]", "subject = \"meet.jitsi\"\n[meeting.signing]")
}

fn of_repository(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The lines that set something: no comment, no space around, and whatever secret as one.
fn settings<'a>(text: &'a str, comment: &str) -> BTreeSet<String> {
    let code = |line: &'a str| match comment {
        // Addresses have two slashes as well.
        "//" if !line.trim_start().starts_with("//") => line.trim(),
        _ => line.split(comment).next().unwrap_or_default().trim(),
    };
    let without_secret = |line: &str| match line.split_once(['=', ':']) {
        Some((name @ ("app_secret " | "JWT_APP_SECRET"), _)) => name.trim().to_owned(),
        _ => line.to_owned(),
    };
    text.lines().map(code).filter(|line| !line.is_empty()).map(without_secret).collect()
}

/// The block of a page that contains `mark`, in `language`.
fn block(page: &str, language: &str, mark: &str) -> String {
    let text = of_repository(page);
    let begin = format!("```{language}\n");
    let mut blocks = text.split(&begin).skip(1).map(|rest| rest.split("```").next().unwrap());
    blocks.find(|block| block.contains(mark)).unwrap().to_owned()
}

#[test]
fn every_place_gets_its_own_text() {
    let prosody = printed(FILE, &["prosody"]);
    let docker = printed(FILE, &["docker"]);
    let nginx = printed(FILE, &["nginx"]);
    let config_js = printed(FILE, &["config.js"]);

    assert!(prosody.contains("VirtualHost \"meet.example.com\"\n    authentication = \"token\"\n"), "{prosody}");
    assert!(docker.contains("\nAUTH_TYPE=jwt\n"), "{docker}");
    assert!(nginx.contains("location ^~ /sso/ {"), "{nginx}");
    assert!(config_js.contains("config.tokenAuthUrl = 'https://meet.example.com/sso/room/{room}?state={state}';"));
}

#[test]
fn the_secret_is_printed_only_if_it_is_asked_for() {
    for place in ["prosody", "docker", "nginx", "config.js"] {
        assert!(!printed(FILE, &[place]).contains(SECRET), "{place}");
    }
    for place in ["prosody", "docker"] {
        assert!(printed(FILE, &[place, "--show-secret"]).contains(SECRET), "{place}");
    }
}

#[test]
fn no_settings_are_printed_for_a_file_with_a_mistake_or_for_an_unknown_place() {
    let mistake = run(&FILE.replace("role =", "rol ="), &["prosody"]);
    let nowhere = run(FILE, &["apache"]);

    assert_eq!((mistake.status.code(), mistake.stdout.len()), (Some(2), 0));
    assert!(String::from_utf8_lossy(&mistake.stderr).contains("access[0].rol: is no key"), "{mistake:?}");
    assert_eq!((nowhere.status.code(), nowhere.stdout.len()), (Some(2), 0));
    assert!(String::from_utf8_lossy(&nowhere.stderr).contains("config.js"), "{nowhere:?}");
}

#[test]
fn the_guide_shows_what_is_printed_for_prosody() {
    let printed = settings(&printed(FILE, &["prosody"]), "--");

    assert_eq!(settings(&block("docs/jitsi.md", "lua", "token_verification"), "--"), printed);
}

#[test]
fn the_file_for_prosody_marks_what_is_printed() {
    let printed = settings(&printed(FILE, &["prosody"]), "--");
    let file = of_repository("deploy/prosody/roomkey.cfg.lua");

    // Sections and brackets stand around the marks.
    let marked: String =
        file.split("-- mark").skip(1).map(|rest| rest.split("-- end of mark").next().unwrap_or_default()).collect();
    let marked = settings(&marked.replace(": tokens instead of everybody\n", "\n"), "--");

    assert!(marked.len() >= 9, "{marked:?}");
    let sections = |line: &&String| line.contains(" \"") && !line.contains('=') || line.contains("modules_enabled");
    let around: BTreeSet<_> = printed.difference(&marked).filter(|line| !sections(line)).cloned().collect();
    assert_eq!(around, BTreeSet::from(["}".to_owned()]), "in print alone");
    assert!(marked.is_subset(&printed), "{:?}", marked.difference(&printed));
}

#[test]
fn the_file_for_prosody_with_guests_adds_what_is_printed_with_them() {
    let with_guests = settings(&printed(FILE, &["prosody", "--guests"]), "--");
    let without = settings(&printed(FILE, &["prosody"]), "--");
    let file = settings(&of_repository("deploy/prosody/guests.cfg.lua"), "--");

    let added: BTreeSet<_> = with_guests.difference(&without).cloned().collect();
    assert!(added.len() >= 7, "{added:?}");
    assert!(added.is_subset(&file), "{:?}", added.difference(&file));
    assert!(file.is_subset(&with_guests), "{:?}", file.difference(&with_guests));
}

#[test]
fn the_variables_for_docker_are_those_that_are_printed() {
    let printed = settings(&printed(&in_docker(), &["docker"]), "#");

    assert_eq!(settings(&of_repository("deploy/docker-jitsi-meet/env"), "#"), printed);
}

#[test]
fn docker_compose_sets_each_variable_that_is_printed() {
    let printed = settings(&printed(&in_docker(), &["docker"]), "#");
    let compose = of_repository("docker-compose.yml").replace("${MEET_HOST}", "meet.example.com");

    let variable = |line: &str| {
        let (name, value) = line.trim().split_once(": ")?;
        let value = value.split_once(' ').filter(|_| value.starts_with('&')).map_or(value, |(_, value)| value);
        Some(format!("{name}={}", value.trim_matches('"')))
    };
    let set: String = compose.lines().filter_map(variable).map(|line| line + "\n").collect();

    let set = settings(&set, "#");
    assert!(printed.is_subset(&set), "{:?}", printed.difference(&set));
}

#[test]
fn the_files_for_nginx_below_jitsis_host_are_those_that_are_printed() {
    let debian = settings(&printed(FILE, &["nginx"]), "#");
    let docker = settings(&printed(&in_docker(), &["nginx", "--docker"]), "#");

    assert_eq!(settings(&of_repository("deploy/nginx/same-host.conf"), "#"), debian);
    assert_eq!(settings(&of_repository("deploy/docker-jitsi-meet/nginx.conf"), "#"), docker);
}

/// The files log paths and keep connections, which takes lines outside of a server.
#[test]
fn the_files_for_nginx_on_a_host_of_its_own_have_what_is_printed() {
    let printed = settings(&printed(&on_its_own_host(), &["nginx"]), "#");
    let files = of_repository("deploy/nginx/roomkey.conf") + &of_repository("deploy/nginx/roomkey-proxy.conf");
    let files = settings(&files, "#");

    let otherwise: BTreeSet<_> = printed.difference(&files).map(String::as_str).collect();

    assert_eq!(otherwise, BTreeSet::from(["access_log off;", "proxy_pass http://127.0.0.1:8080;"]));
    assert!(files.contains("server 127.0.0.1:8080;"));
}

#[test]
fn the_guide_shows_what_is_printed_for_config_js_by_either_door() {
    let redirect = settings(&printed(FILE, &["config.js"]), "//");
    let inline = settings(&printed(&inline(), &["config.js"]), "//");

    assert_eq!(settings(&block("docs/jitsi.md", "js", "tokenAuthUrl"), "//"), redirect);
    assert_eq!(settings(&block("docs/inline-login.md", "js", "tokenAuthInline"), "//"), inline);
}

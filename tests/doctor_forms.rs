//! `roomkey doctor` where people do not log in at a page of a provider's: before a real directory, good and broken in each way,
//! and where there are guests alone.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test stops at the first thing amiss")]

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;
use support::doctor::{examined, started};
use support::roomkey::run;
use support::slapd::{Authority, Manner, SERVICE_PASSWORD, SUFFIX, Slapd, group};

const RULE: &str = "[[access]]\nrooms = [\"*\"]\nrole = \"participant\"\n";

/// A provider of these servers, its account, and where its people are.
fn provider(urls: &[String], authority: &Authority) -> String {
    format!(
        "[[providers]]\nid = \"dir\"\nkind = \"ldap\"\nurls = {urls:?}\nca_file = \"{}\"\ntimeout = \"2s\"\n\
         bind_dn = \"cn=roomkey,ou=services,{SUFFIX}\"\nbind_password = \"{SERVICE_PASSWORD}\"\n\
         base_dn = \"ou=people,{SUFFIX}\"\ngroup_base_dn = \"ou=groups,{SUFFIX}\"\n",
        authority.file("ca.pem"),
    )
}

#[test]
fn a_good_directory_gives_no_finding() {
    let authority = Authority::new();
    let slapd = Slapd::start_in(
        &authority,
        &Manner { entries: group("board,ou=groups", &["uid=ada,ou=people"]), ..Manner::default() },
    );
    let by_tls = started(&format!("{}{RULE}", provider(&[slapd.tls_url()], &authority)));
    let start_tls = provider(&[slapd.url()], &authority) + "start_tls = true\nnested_groups = true\n";
    let by_start_tls = started(&format!("{start_tls}{RULE}"));
    let by_dn = provider(&[slapd.tls_url()], &authority);
    let by_dn: String =
        by_dn.lines().filter(|line| !line.starts_with("bind_")).map(|line| format!("{line}\n")).collect();
    let by_dn = started(&format!("{by_dn}user_dn = \"uid={{name}},ou=people,{SUFFIX}\"\n{RULE}"));

    for roomkey in [by_tls, by_start_tls, by_dn] {
        let (found, text) = examined(roomkey.folder.path());

        assert_eq!(found, [""; 0], "{text}");
        let checked: Value = serde_json::from_str(&text).unwrap();
        let checked: Vec<_> =
            checked["checked"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
        assert!(checked.contains(&"provider `dir`") && checked.contains(&"public URL"), "{checked:?}");
        assert!(!text.contains(SERVICE_PASSWORD));
        assert!(roomkey.log().contains("name or password is missing"), "its form was answered: {}", roomkey.log());
    }
}

#[test]
fn each_way_to_break_a_directory_is_named() {
    let (authority, stranger) = (Authority::new(), Authority::new());
    let slapd = Slapd::start(&authority);
    let good = provider(&[slapd.tls_url()], &authority);
    let roomkey = started(&format!("{good}{RULE}"));
    let file = fs::read_to_string(roomkey.configuration()).unwrap();
    let (tls, plain) = (slapd.tls_url(), slapd.url());
    let with = |from: &str, to: &str| {
        assert!(file.contains(from), "`{from}` is not in:\n{file}");
        file.replacen(from, to, 1)
    };
    let after_url = |more: &str| with("timeout = \"2s\"\n", &format!("timeout = \"2s\"\n{more}\n"));

    for (broken, named, told) in [
        (with(&tls, "ldaps://nowhere.invalid"), "provider.dns", "does not resolve"),
        (with(&tls, "ldaps://localhost:9"), "provider.unreachable", "localhost:9"),
        (with(&authority.file("ca.pem"), &stranger.file("ca.pem")), "provider.tls", "invalid peer certificate"),
        (with(&tls, &plain.replace("ldap:", "ldaps:")), "provider.tls", "no encrypted connection"),
        (with(SERVICE_PASSWORD, "another-password"), "provider.bind", "49-invalidCredentials"),
        (with("base_dn = \"ou=people", "base_dn = \"ou=persons"), "provider.base_dn", "32-noSuchObject"),
        (after_url("user_filter = \"(departmentName={name})\""), "provider.user_filter", "has nobody below"),
        (after_url("subject = \"employeeNumber\""), "provider.subject", "`employeeNumber`"),
        (with("ou=groups", "ou=parties"), "provider.group_base_dn", "32-noSuchObject"),
    ] {
        fs::write(roomkey.configuration(), broken).unwrap();

        let (found, text) = examined(roomkey.folder.path());

        assert_eq!(found, [named], "{text}");
        assert!(text.contains(told), "`{told}` is not in:\n{text}");
        assert!(!text.contains(SERVICE_PASSWORD) && !text.contains("another-password"));
    }
}

#[test]
fn a_server_that_is_down_is_a_warning_while_another_answers() {
    let authority = Authority::new();
    let slapd = Slapd::start(&authority);
    let servers = ["ldaps://localhost:9".to_owned(), slapd.tls_url()];
    let roomkey = started(&format!("{}{RULE}", provider(&servers, &authority)));

    let output = run(roomkey.folder.path(), &["doctor"]);

    let told = String::from_utf8(output.stdout).unwrap();
    assert!(
        told.contains("warning: provider `dir` has a server that cannot be reached: ldaps://localhost:9"),
        "{told}"
    );
}

#[test]
fn a_site_of_guests_alone_is_examined_by_its_form() {
    let guests = "[[providers]]\nid = \"guest\"\nkind = \"guest\"\n";
    let rule = "[[access]]\nrooms = [\"*\"]\nproviders = [\"guest\"]\nrole = \"participant\"\n";
    let roomkey = started(&format!("{guests}{rule}"));
    let file = fs::read_to_string(roomkey.configuration()).unwrap();

    let good = examined(roomkey.folder.path());
    fs::write(roomkey.configuration(), file.replace("eleven-paper", "twelve-paper")).unwrap();
    let another_secret = examined(roomkey.folder.path());
    fs::write(roomkey.configuration(), file.replace("providers = [\"guest\"]\n", "")).unwrap();
    let no_rule = examined(roomkey.folder.path());

    assert_eq!(good.0, [""; 0], "{}", good.1);
    assert!(good.1.contains("public URL"), "{}", good.1);
    assert_eq!(another_secret.0, ["public.another_secret"], "{}", another_secret.1);
    assert_eq!(no_rule.0, ["configuration.guests"], "{}", no_rule.1);
}

#[test]
fn rules_that_let_nobody_into_the_doctors_room_change_nothing() {
    let guests = "[[providers]]\nid = \"guest\"\nkind = \"guest\"\n";
    let rule = "[[access]]\nrooms = [\"open\"]\nproviders = [\"guest\"]\nrole = \"participant\"\n";

    let (found, text) = examined(started(&format!("{guests}{rule}")).folder.path());

    assert_eq!(found, [""; 0], "{text}");
}

#[test]
fn the_doctor_leaves_the_database_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let management = ([127, 0, 0, 1], support::roomkey::free_port()).into();
    let guests = "[meeting.signing]\nmanaged = true\n[[providers]]\nid = \"guest\"\nkind = \"guest\"\n";
    let file = support::roomkey::file(support::roomkey::free_port(), management, &format!("{guests}{RULE}"));
    fs::write(folder.path().join("roomkey.toml"), file).unwrap();
    let database = folder.path().join("roomkey.db");
    fs::write(&database, "").unwrap();
    fs::set_permissions(&database, fs::Permissions::from_mode(0o640)).unwrap();

    let (found, text) = examined(folder.path());

    assert!(found.contains(&"store.empty".to_owned()), "{text}");
    assert_eq!(fs::read(&database).unwrap(), b"");
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "{left:?}");
}

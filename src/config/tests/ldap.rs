//! Providers of kind `ldap`.

use super::{AROUND, check};
use crate::config::ProviderKind;
use crate::provider::ldap::{CalledBy, FilterTemplate, Find, Place, Settings, SubjectAttribute};

const LEAST: &str = "urls = \"ldaps://ldap.example.com\"\nbase_dn = \"dc=example,dc=com\"\n";

fn settings(lines: &str) -> Settings {
    let loaded = check(&format!("{AROUND}kind = \"ldap\"\n{lines}"), &[]).unwrap_or_else(|report| panic!("{report}"));
    match loaded.config.providers.into_iter().next().unwrap().kind {
        ProviderKind::Ldap(settings) => *settings,
        other => panic!("{other:?}"),
    }
}

/// What each mistake is told, without its place.
fn mistakes(lines: &str) -> Vec<String> {
    let report = check(&format!("{AROUND}kind = \"ldap\"\n{lines}"), &[])
        .err()
        .map(|report| report.to_string())
        .unwrap_or_default();
    report.lines().filter_map(|line| Some(line.split_once("providers[0].")?.1.to_owned())).collect()
}

#[test]
fn the_least_directory_has_the_defaults_of_openldap() {
    let settings = settings(LEAST);

    assert!(settings.account.is_none() && settings.active.is_none() && settings.groups.base.is_none());
    assert_eq!(
        settings.find,
        Find::Search(FilterTemplate::new("(&(objectClass=inetOrgPerson)(uid={name}))", Place::Name).unwrap())
    );
    assert_eq!(settings.subject, SubjectAttribute::Text("entryUUID".to_owned()));
    assert_eq!((settings.groups.nested, settings.groups.called_by), (false, CalledBy::Name));
    assert_eq!(settings.transport.timeout.as_secs(), 5);
    assert!(settings.referrals.is_empty());
}

#[test]
fn each_preset_has_its_own_defaults_and_gives_way_to_what_is_written() {
    let preset = |word: &str, more: &str| {
        settings(&format!("{LEAST}preset = \"{word}\"\ngroup_base_dn = \"ou=groups,dc=example,dc=com\"\n{more}"))
    };

    let active_directory = preset("active_directory", "");
    let subjects = ["active_directory", "openldap", "freeipa", "lldap"].map(|word| preset(word, "").subject);
    let nested = ["active_directory", "openldap", "freeipa", "lldap"].map(|word| preset(word, "").groups.nested);
    let own = preset("active_directory", "subject = \"employeeNumber\"\nactive_filter = \"(a=b)\"\n");

    assert!(active_directory.active.is_some() && active_directory.groups.filter.is_some());
    let text = |name: &str| SubjectAttribute::Text(name.to_owned());
    let guid = SubjectAttribute::Guid("objectGUID".to_owned());
    assert_eq!(subjects, [guid, text("entryUUID"), text("ipaUniqueID"), text("entryUUID")]);
    assert_eq!(nested, [false, true, false, false], "the others' servers look into groups of groups themselves");
    assert_eq!((own.subject, own.active), (text("employeeNumber"), Some("(a=b)".parse().unwrap())));
}

#[test]
fn no_password_is_sent_in_clear_but_on_this_machine() {
    let urls = |urls: &str| mistakes(&format!("base_dn = \"dc=example\"\n{urls}\n"));

    let in_clear =
        "urls: would send passwords in clear to `ldap.example.com`; use `ldaps://`, or add `start_tls = true`";
    assert_eq!(urls("urls = [\"ldaps://a.example.com\", \"ldap://ldap.example.com\"]"), [in_clear]);
    assert_eq!(urls("urls = \"ldap://ldap.example.com\"\nstart_tls = true"), Vec::<String>::new());
    for own in ["localhost", "127.0.0.1", "[::1]:389", "dir.localhost:3890"] {
        assert_eq!(urls(&format!("urls = \"ldap://{own}\"")), Vec::<String>::new(), "{own}");
    }
}

#[test]
fn nor_to_a_server_that_a_referral_may_lead_to() {
    let referrals = |referrals: &str| mistakes(&format!("{LEAST}referrals = {referrals}\n"));

    let in_clear =
        "referrals: would send passwords in clear to `eu.example.com`; use `ldaps://`, or add `start_tls = true`";
    assert_eq!(referrals("\"ldap://eu.example.com\""), [in_clear]);
    assert_eq!(referrals("[\"ldaps://eu.example.com\", \"ldaps://us.example.com:3269\"]"), Vec::<String>::new());
}

#[test]
fn each_mistake_is_told_with_its_remedy() {
    let cases = [
        ("urls = \"https://ldap.example.com\"", "urls: has neither the scheme `ldaps` nor `ldap`; write it as in"),
        ("urls = \"ldaps://a/dc=b\"", "urls: has more than host and port; give the base as `base_dn`"),
        ("urls = \"ldaps://me:pw@a\"", "urls: holds a user name or password; give them as `bind_dn`"),
        ("urls = \"ldaps:a\"", "urls: names no host"),
        ("base_dn = \"people\"", "base_dn: `people` is no distinguished name; write it as in"),
        ("bind_dn = \"cn=a,dc=b\"", "bind_password: is missing; give it as"),
        ("bind_password = \"a\"", "bind_dn: is missing, and there is a `bind_password`; give both or none"),
        ("user_filter = \"(uid=*)\"", "user_filter: has no `{name}`; write it with its parentheses"),
        ("user_filter = \"(uid={name}\"", "user_filter: is no search filter; write it with its parentheses"),
        ("user_dn = \"{name}\"", "user_dn: is no distinguished name; write it as in"),
        ("user_dn = \"uid={name},dc=a\"\nuser_filter = \"(uid={name})\"", "user_dn: is given beside `user_filter`"),
        ("active_filter = \"a=b\"", "active_filter: is no search filter; write it with its parentheses"),
        ("group_filter = \"(member={name})\"", "group_filter: has no `{dn}`; write it with its parentheses"),
        ("group_filter = \"(member={dn})\"", "group_filter: needs `group_base_dn`; say where groups are"),
        ("nested_groups = true", "nested_groups: needs `group_base_dn`; say where groups are"),
        ("attributes = [\"a b\"]", "attributes[0]: `a b` is no attribute; give its name"),
        ("attributes = [\"userpassword\"]", "attributes[0]: is an attribute with a password; leave it out"),
        (
            "ca_file = \"nowhere.pem\"",
            "ca_file: cannot be read (No such file or directory (os error 2)); check the path",
        ),
        (
            "client_cert_file = \"a.pem\"",
            "client_cert_file: has no `client_cert_key_file` beside it; give both or none",
        ),
        ("client_cert_key_file = \"a.pem\"", "client_cert_key_file: has no `client_cert_file` beside it"),
        ("timeout = \"2m\"", "timeout: `2m` is too long; give a duration from 1s to 1m"),
        ("preset = \"ad\"", "preset: `ad` is unknown here; choose from `active_directory`"),
    ];

    for (lines, expected) in cases {
        let key = lines.split(" =").next().unwrap();
        let least: String =
            LEAST.lines().filter(|line| !line.starts_with(key)).map(|line| format!("{line}\n")).collect();

        let told = mistakes(&format!("{least}{lines}\n"));

        assert!(told.iter().any(|told| told.starts_with(expected)), "{lines}\n{told:#?}");
    }
}

//! Mistakes that only the whole file shows, and several at once.

use super::super::{LEAST, check};

fn report(text: &str) -> String {
    check(text, &[]).map(|_| ()).unwrap_err().to_string()
}

#[test]
fn an_empty_file_lacks_everything_that_has_no_default() {
    let report = report("");

    insta::assert_snapshot!(report, @r#"
    roomkey.toml: access: is missing; add `[[access]]` with `rooms = ["*"]` and `role = "participant"`
    roomkey.toml: meeting.signing.secret: is missing; give it as `secret_file` (a path), `secret_env` (a variable's name) or `secret`
    roomkey.toml: meeting.url: is missing; add `url = "https://meet.example.com"` below `[meeting]`
    roomkey.toml: providers: is missing; add `[[providers]]` with `id`, `kind` and what the kind needs, or start from `roomkey config example`
    roomkey.toml: public_url: is missing; add `public_url = "https://sso.example.com"`
    roomkey.toml: session.secret: is missing; give it as `secret_file` (a path), `secret_env` (a variable's name) or `secret`
    "#);
}

#[test]
fn mistakes_of_all_kinds_are_told_in_one_go_in_the_order_of_the_lines() {
    let text = r#"
publik_url = "https://sso.example.com"
[server]
listen = 8080
[meeting]
url = "http://meet.example.com"
token_lifetime = "5 minutes"
[meeting.signing]
algorithm = "RS256"
[[providers]]
id = "work"
kind = "oidc"
issuer = "https://id.example.com/?tenant=1"
[[providers]]
kind = "oidc"
client_id = ""
[[providers]]
id = "work"
kind = "saml"
metadata = "x"
[[access]]
rooms = ["*"]
providers = ["wrok"]
[[access]]
role = "boss"
"#;

    let report = report(text);

    insta::assert_snapshot!(report, @r#"
    roomkey.toml:2:1: publik_url: is no key that Roomkey knows; did you mean `public_url`?
    roomkey.toml:4:10: server.listen: is a number, not a string; write it in quotes
    roomkey.toml:6:7: meeting.url: is plain `http`; use `https`; plain `http` is for loopback hosts (`127.0.0.1`, `[::1]`, `localhost`) only
    roomkey.toml:7:18: meeting.token_lifetime: `5 minutes` is no duration; give a whole number with a unit, as in `30s`, `5m`, `12h` or `30d`
    roomkey.toml:8:1: meeting.signing.private_key: is missing; give it as `private_key_file` (a path), `private_key_env` (a variable's name) or `private_key`
    roomkey.toml:10:1: providers[0].client_id: is missing; add `client_id = "roomkey"`
    roomkey.toml:13:10: providers[0].issuer: has a query; leave out `?` and what follows
    roomkey.toml:14:1: providers[1].id: is missing; add `id = "work"`
    roomkey.toml:14:1: providers[1].issuer: is missing; add `issuer = "https://id.example.com"`
    roomkey.toml:16:13: providers[1].client_id: is empty or not printable ASCII; give it as the provider shows it
    roomkey.toml:17:1: providers[2].idp_metadata_url: is missing; add `idp_metadata_url = "https://id.example.com/saml/metadata"`, or `idp_metadata_file`
    roomkey.toml:18:6: providers[2].id: another provider has the id `work` already; give each its own: it is part of the redirect URI
    roomkey.toml:20:1: providers[2].metadata: is no key that Roomkey knows; did you mean `metadata_certificate_file`?
    roomkey.toml:21:1: access[0].role: is missing; add `role = "participant"`, `role = "moderator"` or `deny = true`
    roomkey.toml:24:1: access[1].rooms: is missing; add `rooms = ["*"]`
    roomkey.toml:25:8: access[1].role: `boss` is unknown here; choose from `participant`, `moderator`
    roomkey.toml: public_url: is missing; add `public_url = "https://sso.example.com"`
    roomkey.toml: session.secret: is missing; give it as `secret_file` (a path), `secret_env` (a variable's name) or `secret`
    "#);
}

#[test]
fn lines_that_are_not_toml_are_told_without_their_values() {
    let lines = [
        "level = info",
        "secret = \"hunter2",
        "secret = \"\"\"hunter2\nMIIEowIBAAKCAQEA==",
        "hunter2",
        "[log",
        "[log]\n[log]",
    ];

    let report = lines.map(|lines| report(&format!("{LEAST}{lines}\n"))).join("\n");

    insta::assert_snapshot!(report, @r#"
    roomkey.toml:16:9: is not TOML in `level = …`: invalid float, expected `inf`; see https://toml.io for how it is written; texts stand in quotes
    roomkey.toml:16:18: is not TOML in `secret = …`: invalid basic string, expected `"`; see https://toml.io for how it is written; texts stand in quotes
    roomkey.toml:18:1: is not TOML: invalid multi-line basic string, expected `"`; see https://toml.io for how it is written; texts stand in quotes
    roomkey.toml:16:8: is not TOML: key with no value, expected `=`; see https://toml.io for how it is written; texts stand in quotes
    roomkey.toml:16:5: is not TOML in `[log`: unclosed table, expected `]`; see https://toml.io for how it is written; texts stand in quotes
    roomkey.toml:17:2: is not TOML in `[log]`: duplicate key; keep one of the two
    "#);
    assert!(!report.contains("hunter2") && !report.contains("MIIE"), "{report}");
}

#[test]
fn a_key_given_twice_is_told_at_the_second() {
    let report = report(&format!("{LEAST}role = \"moderator\"\n"));

    insta::assert_snapshot!(report, @r#"roomkey.toml:16:1: is not TOML in `role = …`: duplicate key; keep one of the two"#);
}

#[test]
fn two_providers_cannot_share_an_id() {
    let text = LEAST.replace("[[access]]", "[[providers]]\nid = \"work\"\nkind = \"oidc\"\nissuer = \"https://b.example.com\"\nclient_id = \"b\"\n[[access]]");

    let report = report(&text);

    insta::assert_snapshot!(report, @r#"roomkey.toml:14:6: providers[1].id: another provider has the id `work` already; give each its own: it is part of the redirect URI"#);
}

#[test]
fn a_rule_needs_rooms_and_a_role_or_a_denial() {
    let report = report(&LEAST.replace("rooms = [\"*\"]\nrole = \"participant\"", ""));

    insta::assert_snapshot!(report, @r#"
    roomkey.toml:13:1: access[0].role: is missing; add `role = "participant"`, `role = "moderator"` or `deny = true`
    roomkey.toml:13:1: access[0].rooms: is missing; add `rooms = ["*"]`
    "#);
}

#[test]
fn a_table_where_a_list_of_tables_belongs_is_told_how_to_write_it() {
    let report = report(&LEAST.replace("[[providers]]", "[providers]").replace("[[access]]", "[access]"));

    insta::assert_snapshot!(report, @r#"
    roomkey.toml:8:1: providers: is a table, not a list of tables; write `[[providers]]`, in two pairs of brackets, once for each
    roomkey.toml:13:1: access: is a table, not a list of tables; write `[[access]]`, in two pairs of brackets, once for each
    "#);
}

#[test]
fn empty_lists_of_providers_and_rules_are_refused() {
    let (head, _) = LEAST.split_once("[meeting]").unwrap();
    let (_, tail) = LEAST.split_once(head).unwrap();
    let (sections, _) = tail.split_once("[[providers]]").unwrap();

    let report = report(&format!("{head}providers = []\naccess = []\n{sections}"));

    insta::assert_snapshot!(report, @r#"
    roomkey.toml:2:13: providers: is an empty list; add `[[providers]]` with `id`, `kind` and what the kind needs, or start from `roomkey config example`
    roomkey.toml:3:10: access: is an empty list; add `[[access]]` with `rooms = ["*"]` and `role = "participant"`
    "#);
}

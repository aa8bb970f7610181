//! What is allowed and yet probably not meant.

use super::{LEAST, check, least_with};

fn warnings(text: &str) -> String {
    check(text, &[]).unwrap_or_else(|report| panic!("{report}")).warnings.to_string()
}

#[test]
fn a_rule_behind_one_that_fits_everybody_never_decides() {
    let rules = |rules: &str| LEAST.replace("[[access]]\nrooms = [\"*\"]\nrole = \"participant\"\n", rules);
    let all = "[[access]]\nrooms = [\"lobby\", \"*\"]\nrole = \"participant\"\n";
    let all_of_tenants = "[[access]]\nrooms = [\"*/*\"]\ndeny = true\n";
    let board = "[[access]]\nrooms = [\"board\"]\nrole = \"moderator\"\n";
    let tenant = "[[access]]\nrooms = [\"acme/board\", \"board\"]\nrole = \"moderator\"\n";
    let staff = "[[access]]\nrooms = [\"*\"]\nproviders = [\"work\"]\nrole = \"participant\"\n";

    let told = [
        warnings(&rules(&format!("{all}{board}"))),
        warnings(&rules(&format!("{board}{all}"))),
        warnings(&rules(&format!("{staff}{board}"))),
        warnings(&rules(&format!("{all}{tenant}"))),
        warnings(&rules(&format!("{all}{all_of_tenants}{tenant}"))),
    ];

    assert_eq!(
        told.each_ref().map(String::as_str),
        [
            "roomkey.toml:16:1: access[1]: never decides: `access[0]` before it fits everybody in all of its rooms; \
             move it up, or remove it",
            "",
            "",
            "",
            "roomkey.toml:19:1: access[2]: never decides: `access[1]` before it fits everybody in all of its rooms; \
             move it up, or remove it",
        ]
    );
}

#[test]
fn two_rules_of_one_name_cannot_be_told_apart_in_the_log() {
    let text =
        format!("{LEAST}name = \"all\"\n[[access]]\nname = \"all\"\nrooms = [\"*/*\"]\nrole = \"participant\"\n");

    insta::assert_snapshot!(warnings(&text), @r#"roomkey.toml:18:8: access[1].name: is the name of an earlier rule too, so that the log cannot tell them apart; give each rule a name of its own"#);
}

#[test]
fn a_group_of_an_unknown_provider_is_probably_a_typing_error() {
    let groups = r#"groups = ["wrok:staff", "elsewhere:staff", "work:staff", "urn:mace:staff", "Staff: all", "staff"]"#;

    insta::assert_snapshot!(warnings(&least_with("access", groups)), @r#"
    roomkey.toml:14:11: access[0].groups[0]: no provider has the id `wrok`, so this is a group named `wrok:staff` in full; did you mean `work:…`?
    roomkey.toml:14:25: access[0].groups[1]: no provider has the id `elsewhere`, so this is a group named `elsewhere:staff` in full; a provider's own group is written `ID:group`
    "#);
}

#[test]
fn settings_that_open_more_than_they_seem_to_are_warned_of() {
    let told = [
        warnings(&least_with("server", r#"trusted_proxies = ["0.0.0.0/0", "::/0", "10.0.0.0/8"]"#)),
        warnings(&least_with("meeting", r#"subject = "*""#)),
        warnings(&least_with("meeting.signing", r#"algorithm = "HS512""#)),
        warnings(&least_with("session", r#"lifetime = "1h""#)),
        warnings(&least_with("session", "lifetime = \"1h\"\nidle = \"2h\"")),
    ];

    insta::assert_snapshot!(told.join("\n"), @r#"
    roomkey.toml:17:20: server.trusted_proxies[0]: believes the forwarded headers of everybody, who may then pretend any address; name the networks of your proxies
    roomkey.toml:17:33: server.trusted_proxies[1]: believes the forwarded headers of everybody, who may then pretend any address; name the networks of your proxies
    roomkey.toml:3:11: meeting.subject: lets a token in at every XMPP domain and tenant that trusts the same key; give Prosody's XMPP domain
    roomkey.toml:6:10: meeting.signing.secret: is shorter than the 64 bytes that RFC 7518 wants for HS512; draw one with `openssl rand -hex 64`
    
    roomkey.toml:8:8: session.idle: is longer than `session.lifetime`, which ends the session first; shorten it
    "#);
}

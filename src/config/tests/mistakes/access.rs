//! Mistakes in `[[access]]`.

use super::assert_reports;

#[test]
fn each_mistake_in_a_rule_is_told_with_its_remedy() {
    assert_reports(&[
        (
            "access",
            "rooms = []",
            &[
                r#"14:9: access[0].rooms: is an empty list, so that the rule speaks of no room; name some; `["*"]` is every room"#,
            ],
        ),
        (
            "access",
            r#"rooms = "*""#,
            &[r#"14:9: access[0].rooms: is a string, not a list; write it in brackets, as in `["…"]`"#],
        ),
        (
            "access",
            r#"rooms = ["a/b/c", "[a", ""]"#,
            &[
                "14:10: access[0].rooms[0]: `a/b/c` is no glob over rooms: more than one `/`: rooms are `room` or `tenant/room`; write it as in `board`, `board-*`, `tenant/*`",
                "14:19: access[0].rooms[1]: `[a` is no glob over rooms: `[` stands alone or is empty; write it as in `board`, `board-*`, `tenant/*`",
                "14:25: access[0].rooms[2]: an empty text is no glob over rooms: empty; write it as in `board`, `board-*`, `tenant/*`",
            ],
        ),
        (
            "access",
            "groups = []
emails = []
email_domains = []
providers = []",
            &[
                "14:10: access[0].groups: is an empty list, which nobody fits; fill it, or leave the key out",
                "15:10: access[0].emails: is an empty list, which nobody fits; fill it, or leave the key out",
                "16:17: access[0].email_domains: is an empty list, which nobody fits; fill it, or leave the key out",
                "17:13: access[0].providers: is an empty list, which nobody fits; fill it, or leave the key out",
            ],
        ),
        ("access", r#"groups = [""]"#, &["14:11: access[0].groups[0]: is an empty name; give a group's name"]),
        (
            "access",
            r#"emails = ["@example.com", "*@example.com", "chair"]"#,
            &[
                "14:11: access[0].emails[0]: `@example.com` is no address; give one whole address; for all of a domain use `email_domains`",
                "14:27: access[0].emails[1]: `*@example.com` is no address; give one whole address; for all of a domain use `email_domains`",
                "14:44: access[0].emails[2]: `chair` is no address; give one whole address; for all of a domain use `email_domains`",
            ],
        ),
        (
            "access",
            r#"email_domains = ["@example.com", "*.example.com", "example..com"]"#,
            &[
                "14:18: access[0].email_domains[0]: `@example.com` is no domain; leave out `@` and what stands before it: `example.com`",
                "14:34: access[0].email_domains[1]: `*.example.com` is no domain; give a domain as in `example.com`; each of its subdomains is another",
                "14:51: access[0].email_domains[2]: `example..com` is no domain; give a domain as in `example.com`; each of its subdomains is another",
            ],
        ),
        (
            "access",
            r#"providers = ["wrok", "Work"]"#,
            &[
                "14:14: access[0].providers[0]: no provider has the id `wrok`; did you mean `work`?",
                "14:22: access[0].providers[1]: `W` cannot stand in a provider id: use a-z, 0-9 and -; give the `id` of one of the `[[providers]]`",
            ],
        ),
        (
            "access",
            r#"claims = { department = [], level = { a = 1 }, since = 2026-01-01, list = ["a", []] }"#,
            &[
                "14:25: access[0].claims.department: is an empty list, which nobody fits; fill it, or leave the claim out",
                "14:37: access[0].claims.level: is a table, which no claim can be compared with; give a string, a number, `true` or `false`, or a list of these",
                "14:56: access[0].claims.since: is a date or time, which no claim can be compared with; give a string, a number, `true` or `false`, or a list of these",
                "14:81: access[0].claims.list[1]: is a list, which no claim can be compared with; give a string, a number, `true` or `false`, or a list of these",
            ],
        ),
        (
            "access",
            "claims = {}",
            &[
                r#"14:10: access[0].claims: names no claim; write it as in `claims = { department = "finance" }`, or leave the key out"#,
            ],
        ),
        (
            "access",
            r#"claims = { "/a~b" = "c" }"#,
            &[
                "14:21: access[0].claims.`/a~b`: `/a~b` is no JSON pointer; write `~0` for `~` and `~1` for `/` within a name",
            ],
        ),
        (
            "access",
            r#"from = "2026-12-01"
until = "2026-12-01T12:00:00""#,
            &[
                "14:8: access[0].from: `2026-12-01` is no moment; give date, time and offset from UTC, as in `2026-12-01T09:00:00+01:00`",
                "15:9: access[0].until: `2026-12-01T12:00:00` is no moment; give date, time and offset from UTC, as in `2026-12-01T09:00:00+01:00`",
            ],
        ),
        (
            "access",
            "from = 2026-12-01T09:00:00
until = 5",
            &[
                "14:8: access[0].from: `2026-12-01T09:00:00` is no moment; give date, time and offset from UTC, as in `2026-12-01T09:00:00+01:00`",
                "15:9: access[0].until: is a number, not a string; write it in quotes",
            ],
        ),
        (
            "access",
            r#"from = "2026-12-01T12:00:00+01:00"
until = 2026-12-01T11:00:00Z"#,
            &["15:9: access[0].until: is not later than `from`, so that the rule never holds; set it to a later time"],
        ),
        (
            "access",
            r#"role = "host""#,
            &["14:8: access[0].role: `host` is unknown here; choose from `participant`, `moderator`"],
        ),
        (
            "access",
            r#"features = ["Recording", "live streaming", ""]"#,
            &[
                "14:13: access[0].features[0]: 'R' cannot stand in a feature: use a-z, 0-9 and -; give a feature as Jitsi's tokens name it, as in `recording`",
                "14:26: access[0].features[1]: ' ' cannot stand in a feature: use a-z, 0-9 and -; give a feature as Jitsi's tokens name it, as in `recording`",
                "14:44: access[0].features[2]: a feature has 1 to 64 characters, this one has 0; give a feature as Jitsi's tokens name it, as in `recording`",
            ],
        ),
        (
            "access",
            r#"token_lifetime = "1s""#,
            &["14:18: access[0].token_lifetime: `1s` is too short; give a duration from 10s to 1d"],
        ),
        (
            "access",
            r#"deny = true
features = []
token_lifetime = "1m""#,
            &[
                "15:12: access[0].features: has no meaning in a rule that denies; leave it out, or leave out `deny`",
                "16:18: access[0].token_lifetime: has no meaning in a rule that denies; leave it out, or leave out `deny`",
                "18:8: access[0].role: has no meaning in a rule that denies; leave it out, or leave out `deny`",
            ],
        ),
        ("access", r#"deny = "true""#, &["14:8: access[0].deny: is a string; write `true` or `false`, without quotes"]),
        (
            "access",
            r#"name = """#,
            &["14:8: access[0].name: is empty or has a control character; name the rule, or leave the key out"],
        ),
        (
            "access",
            r#"rols = "participant""#,
            &["14:1: access[0].rols: is no key that Roomkey knows; did you mean `role`?"],
        ),
    ]);
}

//! Mistakes in `[meeting]` and `[meeting.signing]`.

use super::assert_reports;

#[test]
fn each_mistake_in_meeting_is_told_with_its_remedy() {
    assert_reports(&[
        (
            "meeting",
            r#"url = "http://meet.example.com""#,
            &[
                "3:7: meeting.url: is plain `http`; use `https`; plain `http` is for loopback hosts (`127.0.0.1`, `[::1]`, `localhost`) only",
            ],
        ),
        (
            "meeting",
            r#"app_id = ""
audience = " jitsi"
subject = "a\u0007b""#,
            &[
                "3:10: meeting.app_id: is empty; give the value that Prosody is set to, or leave the key out",
                "4:12: meeting.audience: has a space at an end or a control character; give it exactly as Prosody has it",
                "5:11: meeting.subject: has a space at an end or a control character; give it exactly as Prosody has it",
            ],
        ),
        (
            "meeting",
            r#"audience = ["jitsi"]"#,
            &["3:12: meeting.audience: is a list, not a string; give one value, in quotes and without brackets"],
        ),
        (
            "meeting",
            r#"share = ["name", "emial"]"#,
            &["3:18: meeting.share[1]: `emial` is unknown here; did you mean `email`?"],
        ),
        (
            "meeting",
            r#"token_lifetime = "5""#,
            &[
                "3:18: meeting.token_lifetime: `5` is no duration; give a whole number with a unit, as in `30s`, `5m`, `12h` or `30d`",
            ],
        ),
        (
            "meeting",
            r#"token_lifetime = "5s""#,
            &["3:18: meeting.token_lifetime: `5s` is too short; give a duration from 10s to 1d"],
        ),
        (
            "meeting",
            r#"token_lifetime = "2d""#,
            &["3:18: meeting.token_lifetime: `2d` is too long; give a duration from 10s to 1d"],
        ),
        (
            "meeting",
            "token_lifetime = 300",
            &["3:18: meeting.token_lifetime: is a number, not a string; write it in quotes"],
        ),
        (
            "meeting",
            r#"deliver = "fragmnt""#,
            &["3:11: meeting.deliver: `fragmnt` is unknown here; did you mean `fragment`?"],
        ),
        (
            "meeting",
            r#"deliver = "cookie""#,
            &["3:11: meeting.deliver: `cookie` is unknown here; choose from `query`, `fragment`"],
        ),
    ]);
}

#[test]
fn each_mistake_in_signing_is_told_with_its_remedy() {
    assert_reports(&[
        (
            "meeting.signing",
            r#"algorithm = "HS265""#,
            &["5:13: meeting.signing.algorithm: `HS265` is unknown here; did you mean `HS256`?"],
        ),
        (
            "meeting.signing",
            r#"algorithm = "ES256""#,
            &["5:13: meeting.signing.algorithm: `ES256` is unknown here; did you mean `RS256`?"],
        ),
        (
            "meeting.signing",
            r#"algorithm = "none""#,
            &[
                "5:13: meeting.signing.algorithm: `none` is unknown here; choose from `HS256`, `HS384`, `HS512`, `RS256`, `RS384`, `RS512`",
            ],
        ),
        (
            "meeting.signing",
            r#"algorithm = "RS256""#,
            &[
                "4:1: meeting.signing.private_key: is missing; give it as `private_key_file` (a path), `private_key_env` (a variable's name) or `private_key`",
                r#"6:10: meeting.signing.secret: does not go with `algorithm = "RS256"`; RS algorithms take `private_key_file`; for a shared secret choose `HS256`"#,
            ],
        ),
        (
            "meeting.signing",
            "secret = 5",
            &["5:10: meeting.signing.secret: is a number, not a string; write it in quotes"],
        ),
        ("meeting.signing", r#"secret = """#, &["5:10: meeting.signing.secret: is an empty secret; fill it"]),
        (
            "meeting.signing",
            r#"secret = "too short""#,
            &["5:10: meeting.signing.secret: is shorter than 32 bytes; draw one with `openssl rand -hex 32`"],
        ),
        (
            "meeting.signing",
            r#"secret = "changeme-changeme-changeme-0123456""#,
            &[
                "5:10: meeting.signing.secret: holds `changeme`, so it was not drawn at random; draw one with `openssl rand -hex 32`",
            ],
        ),
        (
            "meeting.signing",
            r#"secret_env = "JITSI_SECRET""#,
            &[
                "6:10: meeting.signing.secret: is given more than once; keep one of `secret`, `secret_file` and `secret_env`",
            ],
        ),
        (
            "meeting.signing",
            r#"private_key_file = "jitsi.pem""#,
            &[
                r#"5:20: meeting.signing.private_key_file: does not go with `algorithm = "HS256"`; HS algorithms take `secret_file`; for a private key choose `RS256`"#,
            ],
        ),
        (
            "meeting.signing",
            r#"algorithm = "RS256"
private_key = "no key"
secret = """#,
            &[
                "6:15: meeting.signing.private_key: is not an RSA private key in PEM, unencrypted, as PKCS#8 or PKCS#1; make one with `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out jitsi.pem`",
                r#"7:10: meeting.signing.secret: does not go with `algorithm = "RS256"`; RS algorithms take `private_key_file`; for a shared secret choose `HS256`"#,
            ],
        ),
        (
            "meeting.signing",
            r#"managed = true
key_id = "k1"
private_key = "…""#,
            &[
                "6:10: meeting.signing.key_id: does not go with `managed = true`: Roomkey makes the keys; remove one of both",
                "7:15: meeting.signing.private_key: does not go with `managed = true`: Roomkey makes the keys; remove one of both",
                "8:10: meeting.signing.secret: does not go with `managed = true`: Roomkey makes the keys; remove one of both",
            ],
        ),
        (
            "meeting.signing",
            r#"managed = true
algorithm = "HS256""#,
            &[
                "6:13: meeting.signing.algorithm: does not go with `managed`: a secret has no public half that Prosody could fetch; choose `RS256`, or leave it out",
            ],
        ),
        (
            "meeting.signing",
            r#"next_secret = "e3a5f0c9b1d74826af0e5c3d9b718264""#,
            &[
                r#"4:1: meeting.signing.next_from: is missing; add `next_from = "2026-12-01T03:00:00Z"`"#,
                "5:15: meeting.signing.next_secret: is the secret that it should follow; draw one with `openssl rand -hex 32`",
            ],
        ),
        (
            "meeting.signing",
            r#"next_secret = "0b4d7a9c2e6f81530d9c7b5a3e1f8642"
next_from = 2026-12-01T03:00:00Z"#,
            &[
                "9:10: session.secret: is the secret that signs tokens, which Prosody knows too; draw one with `openssl rand -hex 32`",
            ],
        ),
        (
            "meeting.signing",
            "next_from = 2026-12-01T03:00:00Z",
            &[
                "4:1: meeting.signing.next_secret: is missing; give it as `next_secret_file` (a path), `next_secret_env` (a variable's name) or `next_secret`",
            ],
        ),
        (
            "meeting.signing",
            r#"rotate = "5s""#,
            &["5:10: meeting.signing.rotate: `5s` is too short; give a duration from 10s to 365d"],
        ),
        (
            "meeting.signing",
            r#"key_id = """#,
            &[
                "5:10: meeting.signing.key_id: cannot be used: a key id has 1 to 128 printable ASCII characters; choose another, or leave it out",
            ],
        ),
    ]);
}

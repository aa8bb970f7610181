//! Mistakes at the top of the file, and in the sections that Roomkey itself needs.

use super::assert_reports;

#[test]
fn each_mistake_at_the_top_of_the_file_is_told_with_its_remedy() {
    assert_reports(&[
        ("", "public_url = 5", &["1:14: public_url: is a number, not a string; write it in quotes"]),
        (
            "",
            r#"public_url = "http://sso.example.com""#,
            &[
                "1:14: public_url: is plain `http`; use `https`; plain `http` is for loopback hosts (`127.0.0.1`, `[::1]`, `localhost`) only",
            ],
        ),
        (
            "",
            r#"public_url = "https://user:hunter2@sso.example.com""#,
            &["1:14: public_url: holds a user name or password; leave out what stands before `@`"],
        ),
        (
            "",
            r#"public_url = "https://sso.example.com/?a=b""#,
            &["1:14: public_url: has a query; leave out `?` and what follows"],
        ),
        (
            "",
            r#"public_url = "sso.example.com/sso""#,
            &["1:14: public_url: has no scheme; did you mean `https://sso.example.com…`?"],
        ),
        (
            "",
            r#"publik_url = "https://sso.example.com""#,
            &["1:1: publik_url: is no key that Roomkey knows; did you mean `public_url`?"],
        ),
        (
            "",
            r#"listen = "127.0.0.1:8080""#,
            &["1:1: listen: is no key that Roomkey knows; it belongs into `[server]`"],
        ),
        (
            "",
            r#""odd\nkey" = 1"#,
            &[
                r#"1:1: `odd\nkey`: is no key that Roomkey knows; `roomkey config example` shows every key; keys of a section stand below its `[…]` line"#,
            ],
        ),
        ("", "server = 5", &["1:10: server: is a number, not a table; write a table: `[server]` with its keys below"]),
        ("provider", r#"id = "work""#, &["16:2: provider: is no key that Roomkey knows; did you mean `providers`?"]),
    ]);
}

#[test]
fn each_mistake_in_server_is_told_with_its_remedy() {
    assert_reports(&[
        (
            "server",
            r#"listen = "8080"
management_listen = true"#,
            &[
                "17:10: server.listen: `8080` is no IP address with a port; give both, as in `127.0.0.1:8080` or `[::]:8080`",
                "18:21: server.management_listen: is `true`, not a string; write it in quotes",
            ],
        ),
        (
            "server",
            r#"listen = "127.0.0.1:9090""#,
            &[
                r#"16:1: server.management_listen: is the same as `server.listen`; give it another port, or `""` to turn it off"#,
            ],
        ),
        (
            "server",
            r#"trusted_proxies = ["10.0.0.1", "10.0.0.0/33", 7]"#,
            &[
                "17:20: server.trusted_proxies[0]: `10.0.0.1` is no network; write `10.0.0.1/32` for this one address",
                "17:32: server.trusted_proxies[1]: `10.0.0.0/33` is no network; write it as in `10.0.0.0/8` or `2001:db8::/32`",
                "17:47: server.trusted_proxies[2]: is a number, not a string; write it in quotes",
            ],
        ),
        (
            "server",
            r#"trusted_proxies = "10.0.0.0/8""#,
            &[r#"17:19: server.trusted_proxies: is a string, not a list; write it in brackets, as in `["…"]`"#],
        ),
        ("server", "workers = 0", &["17:11: server.workers: is out of range; give a whole number from 1 to 1024"]),
        (
            "server",
            r#"workers = "two""#,
            &[
                "17:11: server.workers: is a string, not a whole number; give a whole number from 1 to 1024, without quotes",
            ],
        ),
        (
            "server",
            "workers = 99999999999999999999",
            &["17:11: server.workers: is out of range; give a whole number from 1 to 1024"],
        ),
        (
            "server",
            r#"lisen = "127.0.0.1:8080"
managment_listen = """#,
            &[
                "17:1: server.lisen: is no key that Roomkey knows; did you mean `listen`?",
                "18:1: server.managment_listen: is no key that Roomkey knows; did you mean `management_listen`?",
            ],
        ),
    ]);
}

#[test]
fn each_mistake_in_session_is_told_with_its_remedy() {
    assert_reports(&[
        (
            "session",
            r#"secret = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""#,
            &[
                "7:10: session.secret: is made of fewer than 8 different characters; draw one with `openssl rand -hex 32`",
            ],
        ),
        (
            "session",
            r#"secret = "e3a5f0c9b1d74826af0e5c3d9b718264""#,
            &[
                "7:10: session.secret: is the secret that signs tokens, which Prosody knows too; draw one with `openssl rand -hex 32`",
            ],
        ),
        (
            "session",
            r#"previous_secrets = "0b4d7a9c2e6f81530d9c7b5a3e1f8699\nshort""#,
            &["7:20: session.previous_secrets: line 2 is shorter than 32 bytes; draw one with `openssl rand -hex 32`"],
        ),
        (
            "session",
            r#"lifetime = "1.5h"
idle = "400d""#,
            &[
                "7:12: session.lifetime: `1.5h` is no duration; give a whole number with a unit, as in `30s`, `5m`, `12h` or `30d`",
                "8:8: session.idle: `400d` is too long; give a duration from 1m to 365d",
            ],
        ),
    ]);
}

#[test]
fn each_mistake_in_store_is_told_with_its_remedy() {
    assert_reports(&[
        (
            "store",
            r#"url = "mysql://user:hunter2@db/roomkey""#,
            &[
                "17:7: store.url: has the scheme `mysql`; write `sqlite://roomkey.db` or `postgres://user@host/database`",
            ],
        ),
        (
            "store",
            r#"url = "roomkey.db""#,
            &["17:7: store.url: has no scheme; write `sqlite://roomkey.db` or `postgres://user@host/database`"],
        ),
        (
            "store",
            r#"url = "sqlite://""#,
            &["17:7: store.url: names no file; write `sqlite://roomkey.db` or `postgres://user@host/database`"],
        ),
        (
            "store",
            r#"url = "postgres://user:hunter2@:5432/roomkey""#,
            &[
                "17:7: store.url: is no URL (empty host); write `sqlite://roomkey.db` or `postgres://user@host/database`",
            ],
        ),
        (
            "store",
            r#"sessions = "127.0.0.1:6379""#,
            &["17:12: store.sessions: has no scheme; write `redis://127.0.0.1:6379`, or `rediss://…` with TLS"],
        ),
        (
            "store",
            r#"sessions = "memcached://127.0.0.1""#,
            &[
                "17:12: store.sessions: has the scheme `memcached`; write `redis://127.0.0.1:6379`, or `rediss://…` with TLS",
            ],
        ),
    ]);
}

#[test]
fn each_mistake_in_log_is_told_with_its_remedy() {
    assert_reports(&[
        (
            "log",
            r#"format = "jsn"
level = "INFO""#,
            &[
                "17:10: log.format: `jsn` is unknown here; did you mean `json`?",
                "18:9: log.level: `INFO` is unknown here; did you mean `info`?",
            ],
        ),
        (
            "log",
            r#"filter = ["sqlx=verbose"]"#,
            &[
                "17:11: log.filter[0]: `sqlx=verbose` is no directive; write a part and its level, as in `roomkey::provider=debug`",
            ],
        ),
    ]);
}

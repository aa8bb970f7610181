//! Keys that the environment gives.

use std::path::PathBuf;

use super::{LEAST, check};
use crate::config::{Config, Environment};

#[test]
fn a_variable_takes_the_place_of_a_key() {
    let variables = [
        ("ROOMKEY_PUBLIC_URL", "https://login.example.com"),
        ("ROOMKEY_MEETING__URL", "https://jitsi.example.com"),
        ("ROOMKEY_MEETING__SIGNING__ALGORITHM", "HS512"),
        ("ROOMKEY_STORE__URL", "postgres://db/roomkey"),
        ("ROOMKEY_SERVER__WORKERS", "3"),
        ("ROOMKEY_SERVER__TRUSTED_PROXIES", r#"["10.0.0.0/8"]"#),
        ("ROOMKEY_PROVIDERS__0__CLIENT_ID", "another"),
        ("ROOMKEY_PROVIDERS__0__CLAIMS__EMAIL_VERIFIED", "true"),
        ("ROOMKEY_ACCESS__0__DENY", "false"),
    ];

    let config = check(LEAST, &variables).unwrap().config;

    assert_eq!(config.public_url.to_string(), "https://login.example.com");
    assert_eq!(config.meeting.url.as_str(), "https://jitsi.example.com/");
    assert_eq!(config.signing.algorithm().name(), "HS512");
    assert_eq!(config.store.url.as_str(), "postgres://db/roomkey");
    assert_eq!(config.server.workers, Some(3));
    assert_eq!(config.server.trusted_proxies, ["10.0.0.0/8".parse().unwrap()]);
    let crate::config::ProviderKind::Oidc(oidc) = &config.providers[0].kind else { panic!("another kind") };
    assert_eq!(oidc.client_id, "another");
    assert_eq!(oidc.claims.email_verified, crate::provider::EmailVerified::Always(true));
}

#[test]
fn a_mistake_in_a_variable_is_told_at_the_variable() {
    let variables = [
        ("ROOMKEY_MEETING__URL", "http://meet.example.com"),
        ("ROOMKEY_SERVER__WORKERS", "many"),
        ("ROOMKEY_SERVER__TRUSTED_PROXIES", "10.0.0.0/8"),
        ("ROOMKEY_MEETING__TOKEN_LIFETIME", "5"),
    ];

    let report = check(LEAST, &variables).unwrap_err().to_string();

    insta::assert_snapshot!(report, @r#"
    ROOMKEY_MEETING__TOKEN_LIFETIME: meeting.token_lifetime: `5` is no duration; give a whole number with a unit, as in `30s`, `5m`, `12h` or `30d`
    ROOMKEY_MEETING__URL: meeting.url: is plain `http`; use `https`; plain `http` is for loopback hosts (`127.0.0.1`, `[::1]`, `localhost`) only
    ROOMKEY_SERVER__TRUSTED_PROXIES: server.trusted_proxies: is a string, not a list; write it in brackets, as in `["…"]`
    ROOMKEY_SERVER__WORKERS: server.workers: is a string, not a whole number; give a whole number from 1 to 1024, without quotes
    "#);
}

#[test]
fn a_variable_of_no_key_is_told_the_nearest() {
    let variables = [
        ("ROOMKEY_MEETNG__URL", "x"),
        ("ROOMKEY_NO__SUCH__KEY__AT__ALL", "x"),
        ("ROOMKEY_PROVIDERS__7__CLIENT_ID", "x"),
    ];

    let report = check(LEAST, &variables).unwrap_err().to_string();

    insta::assert_snapshot!(report, @r#"
    ROOMKEY_MEETNG__URL: belongs to no key that Roomkey knows; did you mean `ROOMKEY_MEETING__URL`?
    ROOMKEY_NO__SUCH__KEY__AT__ALL: belongs to no key that Roomkey knows; unset it
    ROOMKEY_PROVIDERS__7__CLIENT_ID: belongs to no key that Roomkey knows; did you mean `ROOMKEY_PROVIDERS__0__CLIENT_ID`?
    "#);
}

#[test]
fn variables_that_others_set_are_left_alone() {
    let variables = [
        ("ROOMKEY_PORT", "tcp://10.0.0.1:8080"),
        ("ROOMKEY_SERVICE_HOST", "10.0.0.1"),
        ("ROOMKEY_SERVER", "https://10.0.0.1"),
        ("ROOMKEY_CONFIG", "elsewhere.toml"),
        ("MEETING__URL", "x"),
    ];

    let loaded = check(LEAST, &variables);

    assert!(loaded.is_ok(), "{}", loaded.unwrap_err());
}

#[test]
fn the_command_line_names_the_file_before_the_environment_does() {
    let none = Environment::default();
    let one: Environment = [("ROOMKEY_CONFIG", "/etc/roomkey.toml")].into_iter().collect();
    let empty: Environment = [("ROOMKEY_CONFIG", "")].into_iter().collect();
    let argument = Some(PathBuf::from("mine.toml"));

    let files = [
        Config::location(argument, &one),
        Config::location(None, &one),
        Config::location(None, &empty),
        Config::location(None, &none),
    ];

    assert_eq!(files, ["mine.toml", "/etc/roomkey.toml", "roomkey.toml", "roomkey.toml"].map(PathBuf::from));
}

//! Whole files: what is right, and what every kind of mistake is told.

mod anything;
mod branding;
mod compat;
mod environment;
mod example;
mod kinds;
mod ldap;
mod mistakes;
mod reference;
mod rosters;
mod saml;
mod schema;
mod secrets;
mod warnings;
mod when;

use std::path::Path;
use std::time::Duration;

use super::read::Source;
use super::{Config, Environment, Loaded, ProviderKind, Report, Server, Store, StoreUrl};
use crate::jitsi::{Algorithm, Deliver, Meeting, Share};
use crate::provider::ClaimMap;
use crate::provider::oidc::ClientAuth;
use crate::session::Lifetimes;

/// A file with nothing in it that may be left out.
const LEAST: &str = r#"public_url = "https://sso.example.com"
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

/// All but what makes a provider one of its kind, which comes behind it.
const AROUND: &str = r#"public_url = "https://sso.example.com"
[meeting]
url = "https://meet.example.com"
[meeting.signing]
secret = "e3a5f0c9b1d74826af0e5c3d9b718264"
[session]
secret = "0b4d7a9c2e6f81530d9c7b5a3e1f8642"
[[access]]
rooms = ["*"]
role = "participant"
[[providers]]
id = "them"
"#;

/// [`LEAST`] with `lines` in a section, in the place of the keys that they name.
fn least_with(section: &str, lines: &str) -> String {
    let key_of = |line: &str| line.split_once('=').map(|(key, _)| key.trim().to_owned());
    let replaced: Vec<_> = lines.lines().filter_map(key_of).collect();
    let (mut text, mut current, mut written) = (String::new(), String::new(), section.is_empty());
    if written {
        text.push_str(&format!("{lines}\n"));
    }
    for line in LEAST.lines() {
        if line.starts_with('[') {
            current = line.trim_matches(['[', ']']).to_owned();
        }
        if current == section && key_of(line).is_some_and(|key| replaced.contains(&key)) {
            continue;
        }
        text.push_str(&format!("{line}\n"));
        if line.starts_with('[') && current == section {
            text.push_str(&format!("{lines}\n"));
            written = true;
        }
    }
    if !written {
        text.push_str(&format!("[{section}]\n{lines}\n"));
    }
    text
}

fn check(text: &str, variables: &[(&str, &str)]) -> Result<Loaded, Report> {
    check_beside(Path::new("roomkey.toml"), text, variables)
}

fn check_beside(path: &Path, text: &str, variables: &[(&str, &str)]) -> Result<Loaded, Report> {
    let environment: Environment = variables.iter().copied().collect();
    Config::check(&Source::new(path.to_owned(), text.to_owned()), &environment)
}

#[test]
fn the_least_file_is_right_and_has_the_defaults_of_the_manual() {
    let Loaded { config, warnings } = check(LEAST, &[]).unwrap();

    assert_eq!(warnings.to_string(), "");
    let loopback = |port| std::net::SocketAddr::from(([127, 0, 0, 1], port));
    let server = Server {
        listen: loopback(8080),
        management_listen: Some(loopback(9090)),
        trusted_proxies: Vec::new(),
        workers: None,
    };
    assert_eq!(config.server, server);
    let Meeting { url, app_id, audience, subject, share, token_lifetime, deliver, group, skip_prejoin } =
        config.meeting;
    assert_eq!(
        [url.as_str(), &app_id, &audience, &subject],
        ["https://meet.example.com/", "roomkey", "jitsi", "meet.example.com"]
    );
    assert_eq!(share, Share { name: true, email: true, avatar: true });
    assert_eq!((token_lifetime, deliver), (Duration::from_mins(5), Deliver::Query));
    assert_eq!((group, skip_prejoin), (None, false));
    assert_eq!(config.signing.algorithm(), Algorithm::Hs256);
    let lifetimes = Lifetimes {
        lifetime: Duration::from_hours(12),
        idle: Duration::from_hours(2),
        confirm: Duration::from_mins(15),
        grace: Duration::from_hours(1),
    };
    assert_eq!(config.session.lifetimes, lifetimes);
    assert_eq!(config.store, Store { url: StoreUrl::Sqlite("sqlite://roomkey.db".to_owned()), sessions: None });
    let ProviderKind::Oidc(oidc) = &config.providers[0].kind else { panic!("another kind") };
    assert_eq!(config.providers[0].name, "id.example.com");
    assert_eq!(oidc.redirect_uri.as_str(), "https://sso.example.com/callback/work");
    assert_eq!(oidc.scopes, ["openid", "profile", "email"]);
    assert_eq!(oidc.claims, ClaimMap::default());
    assert!(matches!(oidc.client_auth, ClientAuth::None), "without a secret the client is public");
    assert_eq!(config.rules[0].name, "access[0]");
}

//! A configuration for the tests of the checks.

use crate::config::{Config, Environment, LoadError, Loaded};

pub(super) const FILE: &str = r#"
    public_url = "https://sso.example.com"
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
    client_secret = "fourteen-herons-on-a-frozen-lake"
    [[access]]
    rooms = ["*"]
    role = "participant"
"#;

pub(super) fn load(file: &str) -> Result<Loaded, LoadError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("roomkey.toml");
    std::fs::write(&path, file).unwrap();
    Config::load(&path, &Environment::default())
}

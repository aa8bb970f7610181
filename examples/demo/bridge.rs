//! Roomkey itself, set up by the same kind of file that an operator writes.

use std::error::Error;
use std::future::Future;
use std::net::TcpListener;
use std::sync::Arc;

use roomkey::cli::{Stores, parts};
use roomkey::clock::Clock;
use roomkey::config::{Config, Environment, LoadError, Loaded};
use roomkey::web::{self, App, Listeners, Site};

use super::guide::RULES;

/// What Roomkey and Prosody agree on, beside the secret.
pub(crate) const APP_ID: &str = "roomkey";
pub(crate) const AUDIENCE: &str = "jitsi";
pub(crate) const XMPP_DOMAIN: &str = "meet.demo";

/// What Roomkey is called at the provider.
pub(crate) const CLIENT_ID: &str = "roomkey-demo";

/// What the three have to know of each other.
pub(crate) struct Introduction<'a> {
    pub(crate) roomkey: &'a str,
    pub(crate) meetings: &'a str,
    pub(crate) provider: &'a str,
    pub(crate) client_secret: &'a str,
    pub(crate) app_secret: &'a str,
}

/// A secret for this one run: 256 random bits.
pub(crate) fn secret() -> String {
    let mut bytes = [0; 32];
    aws_lc_rs::rand::fill(&mut bytes).expect("the operating system gives random bytes");
    data_encoding::HEXLOWER.encode(&bytes)
}

/// `roomkey.toml`. A real one names files instead of holding secrets.
pub(crate) fn config(introduction: &Introduction<'_>) -> String {
    let Introduction { roomkey, meetings, provider, client_secret, app_secret } = introduction;
    let session_secret = secret();
    format!(
        r#"
public_url = "{roomkey}"

[server]
management_listen = ""

[meeting]
url = "{meetings}"
app_id = "{APP_ID}"
audience = "{AUDIENCE}"
subject = "{XMPP_DOMAIN}"

[meeting.signing]
algorithm = "HS256"
secret = "{app_secret}"

[session]
secret = "{session_secret}"

[[providers]]
id = "demo"
name = "Example University"
kind = "oidc"
issuer = "{provider}"
client_id = "{CLIENT_ID}"
client_secret = "{client_secret}"
scopes = ["openid", "profile", "email", "groups"]
{RULES}"#
    )
}

/// Serves on `listener` by the file `text` until `shutdown`.
///
/// # Errors
/// What is wrong with the file, or with the socket.
pub(crate) async fn run(
    text: &str,
    listener: TcpListener,
    shutdown: impl Future<Output = ()>,
) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let (file, store) = (folder.path().join("roomkey.toml"), folder.path().join("roomkey.db"));
    std::fs::write(&file, format!("{text}\n[store]\nurl = \"sqlite://{}\"\n", store.display()))?;
    let Loaded { config, .. } = Config::load(&file, &Environment::default()).map_err(|error| match error {
        LoadError::Wrong(report) => report.to_string(),
        LoadError::File(_) => error.to_string(),
    })?;
    let stores = Stores::open(&config.store, &Clock::system())?;
    let site = Arc::new(Site::new(App::new(parts(config, &stores, &Clock::system())?)));
    web::run(site, Listeners { public: listener, management: None }, Some(1), shutdown).await?;
    Ok(())
}

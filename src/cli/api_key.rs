//! `roomkey api-key`: keys of programs that use the API.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Args, Subcommand};
use jiff::{SignedDuration, Timestamp};

use super::{FileArgument, wait_for};
use crate::api_key::{ApiKey, ApiKeyError, Scope};
use crate::audit::{self, Event, KeysError, Outcome};
use crate::clock::Clock;
use crate::config::{Config, Environment};
use crate::login::{LoginId, Sealer, WeakSecret};
use crate::store::{Store, StoreError};

/// What to do about keys of the API.
#[derive(Debug, Subcommand)]
pub(super) enum ApiKeyCommand {
    /// Make a key, and print its id and the key, which nobody can find out later.
    Create(Create),
    /// List the keys there are.
    List(FileArgument),
    /// End keys at once.
    Revoke(Revoke),
}

/// What `create` is given.
#[derive(Debug, Args)]
pub(super) struct Create {
    #[command(flatten)]
    file: FileArgument,
    /// What you call it: the program that gets it.
    #[arg(long)]
    name: String,
    /// What it may do: passes:read or passes:write; may be given several times.
    #[arg(long = "scope", value_name = "SCOPE", required = true)]
    scopes: Vec<Scope>,
    /// After how many days it ends.
    #[arg(long, value_name = "DAYS", default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..=3650))]
    days: u32,
}

/// What `revoke` is given.
#[derive(Debug, Args)]
pub(super) struct Revoke {
    #[command(flatten)]
    file: FileArgument,
    /// Ids of keys, as `list` shows them.
    #[arg(required = true, value_name = "ID")]
    ids: Vec<String>,
}

/// Why a command about keys of the API failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum ApiKeyCommandError {
    #[error("the store cannot be used")]
    Store(#[from] StoreError),
    #[error("no key is made")]
    Key(#[from] ApiKeyError),
    #[error("no key has the id {0}")]
    NoKey(String),
    #[error(transparent)]
    Secret(#[from] WeakSecret),
    #[error("the audit trail takes no record")]
    Audit(#[from] KeysError),
    #[error("cannot print")]
    Print(#[from] io::Error),
}

impl ApiKeyCommand {
    pub(super) fn run(self, environment: &Environment) -> ExitCode {
        let (Self::Create(Create { file, .. }) | Self::List(file) | Self::Revoke(Revoke { file, .. })) = &self;
        let config = match file.clone().load(environment) {
            Ok(config) => config,
            Err(status) => return status,
        };
        wait_for(async {
            let (store, now) = (Store::open(config.store.url.as_str())?, Clock::system().now());
            match self {
                Self::Create(create) => create.run(&config, &store, now).await,
                Self::List(_) => list(&store, now).await,
                Self::Revoke(Revoke { ids, .. }) => revoke(&config, &store, ids, now).await,
            }
        })
    }
}

impl Create {
    async fn run(self, config: &Config, store: &Store, now: Timestamp) -> Result<(), ApiKeyCommandError> {
        let lifetime = SignedDuration::from_hours(24 * i64::from(self.days));
        let ends = now.saturating_add(lifetime).unwrap_or(Timestamp::MAX);
        let (key, secret) = ApiKey::make(&self.name, self.scopes, ends, now)?;
        note(config, store, "api-key-made", &key, now).await?;
        store.keep_api_key(key.to_row(&secret)).await?;
        Ok(writeln!(io::stdout(), "{}  {}", key.id, secret.expose())?)
    }
}

async fn list(store: &Store, now: Timestamp) -> Result<(), ApiKeyCommandError> {
    let mut out = io::stdout().lock();
    for row in store.api_keys().await? {
        let ApiKey { id, name, scopes, ends, .. } = ApiKey::from_row(row);
        let scopes: Vec<_> = scopes.into_iter().map(Scope::as_str).collect();
        let state = if ends <= now { "ended" } else { "good " };
        writeln!(out, "{id}  {state}  {name}, {}, until {ends}", scopes.join(" "))?;
    }
    Ok(())
}

async fn revoke(config: &Config, store: &Store, ids: Vec<String>, now: Timestamp) -> Result<(), ApiKeyCommandError> {
    let mut unknown = Vec::new();
    for id in ids {
        match store.end_api_key(id.clone()).await? {
            Some(row) => {
                note(config, store, "api-key-revoked", &ApiKey::from_row(row), now).await?;
                writeln!(io::stdout(), "{id} has ended")?;
            }
            None => unknown.push(id),
        }
    }
    if unknown.is_empty() { Ok(()) } else { Err(ApiKeyCommandError::NoKey(unknown.join(", "))) }
}

async fn note(
    config: &Config,
    store: &Store,
    reason: &'static str,
    key: &ApiKey,
    now: Timestamp,
) -> Result<(), ApiKeyCommandError> {
    let ApiKey { id, name, scopes, ends, .. } = key;
    let scopes: Vec<_> = scopes.iter().map(|scope| scope.as_str()).collect();
    let event = Event::new(Outcome::SettingsChanged, LoginId::random()).reason(reason);
    let event = event.detail(&format!("API key `{name}` ({id}), {}, until {ends}", scopes.join(" ")));
    Ok(audit::note(store, &Sealer::new(&config.session.keys)?, vec![event], now).await?)
}

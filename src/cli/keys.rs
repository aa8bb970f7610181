//! `roomkey keys`: the keys that sign tokens, and what of them Prosody gets.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Subcommand, ValueEnum};
use jiff::Timestamp;

use super::{FileArgument, wait_for};
use crate::audit::{self, Event, Outcome};
use crate::clock::Clock;
use crate::config::{Config, Environment, Signing};
use crate::jitsi::{PublicJwkSet, SigningKey};
use crate::keyring::{KeyringError, Listed, ManagedKeys, Rotated, Settings, Successor};
use crate::login::{LoginId, Sealer, WeakSecret};
use crate::store::{Store, StoreError};

/// What to do about the keys.
#[derive(Debug, Subcommand)]
pub(super) enum KeysCommand {
    /// List them: which one signs, and from when to when each is published.
    List(FileArgument),
    /// Make the next of Roomkey's own keys now: it is published at once, and signs once everybody has it.
    Rotate(Rotate),
    /// Print the public halves, or write them as files for a key server.
    Export(Export),
}

/// What `rotate` is given.
#[derive(Debug, Args)]
pub(super) struct Rotate {
    #[command(flatten)]
    file: FileArgument,
    /// The keys there are have leaked: the new one signs at once, and all others are withdrawn.
    #[arg(long)]
    revoke: bool,
}

/// What `export` is given.
#[derive(Debug, Args)]
pub(super) struct Export {
    #[command(flatten)]
    file: FileArgument,
    /// How to print them.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Write each into this folder instead, under the name by which Prosody's `asap_key_server` asks for it.
    #[arg(long, value_name = "FOLDER", conflicts_with = "format")]
    folder: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// A JWKS (RFC 7517).
    #[default]
    Jwks,
    /// PEM, one after the other.
    Pem,
}

/// Why a command about keys failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum KeysError {
    #[error("the store cannot be opened")]
    Store(#[from] StoreError),
    #[error("the session secret cannot be used")]
    Secret(#[from] WeakSecret),
    #[error(transparent)]
    Keys(#[from] KeyringError),
    #[error("it is done, but the audit trail does not tell of it")]
    NotRecorded(#[from] audit::KeysError),
    #[error("{algorithm} signs with a secret, which has no public half: Prosody needs it as `app_secret`")]
    Symmetric { algorithm: crate::jitsi::Algorithm },
    #[error("there is no key yet: `roomkey serve` makes the first one, or `roomkey keys rotate`")]
    NoKey,
    #[error("cannot write {}", path.display())]
    Write {
        path: PathBuf,
        #[source]
        cause: io::Error,
    },
    #[error("cannot print")]
    Print(#[from] io::Error),
}

impl KeysCommand {
    pub(super) fn run(self, environment: &Environment) -> ExitCode {
        let (Self::List(file) | Self::Rotate(Rotate { file, .. }) | Self::Export(Export { file, .. })) = &self;
        let config = match file.clone().load(environment) {
            Ok(config) => config,
            Err(status) => return status,
        };
        wait_for(async {
            match self {
                Self::List(_) => list(config).await,
                Self::Rotate(Rotate { revoke, .. }) => rotate(config, revoke).await,
                Self::Export(Export { format, folder, .. }) => export(config, format, folder.as_deref()).await,
            }
        })
    }
}

async fn list(config: Config) -> Result<(), KeysError> {
    let mut out = io::stdout().lock();
    let Some(managed) = managed(&config, Store::open)? else {
        if let Signing::Given { signing, others, next } = &config.signing {
            let what = if signing.algorithm().is_symmetric() { "a secret, published nowhere" } else { "published" };
            let now = Clock::system().now();
            let has_ended = next.as_ref().is_some_and(|next| next.from <= now);
            let state = if has_ended { "former" } else { "signs " };
            writeln!(out, "{state} {}  {}, {what}", signing.key_id(), signing.algorithm())?;
            if let Some(Successor { key, from }) = next {
                let state = if has_ended { "signs " } else { "next  " };
                writeln!(out, "{state} {}  {}, {what}, signs from {from}", key.key_id(), key.algorithm())?;
            }
            others
                .iter()
                .try_for_each(|key| writeln!(out, "beside {}  {}, published", key.key_id(), key.algorithm()))?;
        }
        return Ok(());
    };
    let keys = managed.list().await?;
    if keys.is_empty() {
        return Err(KeysError::NoKey);
    }
    let now = Clock::system().now().as_second();
    Ok(keys.iter().try_for_each(|key| writeln!(out, "{}", line(key, now)))?)
}

fn line(listed: &Listed, now: i64) -> String {
    let Listed { key, published, signs, withdrawn, is_signing, .. } = listed;
    let state = match is_signing {
        true => "signs ",
        false if *signs > now => "next  ",
        false => "former",
    };
    let end = withdrawn.map_or_else(String::new, |end| format!(", withdrawn {}", time(end)));
    format!(
        "{state} {}  {}, published {}, signs from {}{end}",
        key.key_id(),
        key.algorithm(),
        time(*published),
        time(*signs)
    )
}

async fn rotate(config: Config, revoke: bool) -> Result<(), KeysError> {
    let managed = managed(&config, Store::open)?.ok_or(KeyringError::NotManaged)?;
    let rotated = managed.rotate(revoke).await?;
    let told = match &rotated {
        Rotated::Next(kid, signs) => format!("{kid} is published now and signs from {}", time(*signs)),
        Rotated::AlreadyNext(kid, signs) => format!("{kid} is published already and signs from {}", time(*signs)),
        Rotated::Revoked(kid, others) => format!(
            "{kid} signs now, and {others} before it are withdrawn; running replicas follow within half a minute.\n\
             Restart Prosody, which takes tokens of the keys that it has fetched until then."
        ),
    };
    writeln!(io::stdout(), "{told}")?;
    match &rotated {
        Rotated::Next(kid, _) => note(&config, "key-made", kid).await,
        Rotated::Revoked(kid, _) => note(&config, "keys-revoked", kid).await,
        Rotated::AlreadyNext(..) => Ok(()),
    }
}

/// Records that keys have changed, and which one is the newest.
async fn note(config: &Config, reason: &'static str, kid: &str) -> Result<(), KeysError> {
    let (store, sealer) = (Store::open(config.store.url.as_str())?, Sealer::new(&config.session.keys)?);
    let event = Event::new(Outcome::SettingsChanged, LoginId::random()).reason(reason).detail(kid);
    Ok(audit::note(&store, &sealer, vec![event], Clock::system().now()).await?)
}

async fn export(config: Config, format: Format, folder: Option<&Path>) -> Result<(), KeysError> {
    let keys = keys_of(&config).await?;
    let pems: Vec<_> = keys.iter().filter_map(|key| Some((key, key.public_pem()?))).collect();
    if pems.is_empty() {
        return Err(KeysError::Symmetric { algorithm: config.signing.algorithm() });
    }
    let mut out = io::stdout().lock();
    if let Some(folder) = folder {
        for (key, pem) in pems {
            let path = folder.join(format!("{}.pem", key.asap_name()));
            fs::write(&path, pem).map_err(|cause| KeysError::Write { path: path.clone(), cause })?;
            writeln!(out, "{}", path.display())?;
        }
        return Ok(());
    }
    match format {
        Format::Pem => pems.iter().try_for_each(|(_, pem)| write!(out, "{pem}"))?,
        Format::Jwks => {
            let set = PublicJwkSet { keys: keys.iter().filter_map(|key| key.public_jwk()).collect() };
            writeln!(out, "{}", serde_json::to_string_pretty(&set).map_err(io::Error::from)?)?;
        }
    }
    Ok(())
}

/// Every key of the deployment that may have signed a token, the one that signs first. Makes none.
pub(super) async fn keys_of(config: &Config) -> Result<Vec<Arc<SigningKey>>, KeysError> {
    keys_in(config, Store::open).await
}

/// The same with the store opened by `open`.
pub(super) async fn keys_in(
    config: &Config,
    open: fn(&str) -> Result<Store, StoreError>,
) -> Result<Vec<Arc<SigningKey>>, KeysError> {
    let Some(managed) = managed(config, open)? else {
        return Ok(match &config.signing {
            Signing::Given { signing, others, next } => {
                let next = next.as_ref();
                let has_begun = |next: &&Successor| next.from <= Clock::system().now();
                let (begun, waiting) = (next.filter(has_begun), next.filter(|next| !has_begun(next)));
                let ours = begun.map(|next| &next.key).into_iter().chain([signing]);
                ours.chain(waiting.map(|next| &next.key)).chain(others).cloned().collect()
            }
            Signing::Managed { .. } => Vec::new(),
        });
    };
    let mut listed = managed.list().await?;
    listed.sort_by_key(|listed| !listed.is_signing);
    let keys: Vec<_> = listed.into_iter().map(|listed| listed.key).collect();
    if keys.is_empty() { Err(KeysError::NoKey) } else { Ok(keys) }
}

/// Roomkey's own keys, if it makes them.
fn managed(config: &Config, open: fn(&str) -> Result<Store, StoreError>) -> Result<Option<ManagedKeys>, KeysError> {
    let Signing::Managed { algorithm, rotation } = config.signing else { return Ok(None) };
    let managed = ManagedKeys::new(open(config.store.url.as_str())?, Clock::system());
    let (token_lifetime, sealer) = (super::parts::longest_token(config), Sealer::new(&config.session.keys)?);
    managed.follow(Some(Settings { algorithm, rotation, token_lifetime, sealer }));
    Ok(Some(managed))
}

/// RFC 3339, in UTC and whole seconds.
pub(super) fn time(seconds: i64) -> String {
    Timestamp::from_second(seconds).map_or_else(|_| format!("{seconds} s"), |time| time.to_string())
}

//! `roomkey audit`: what is recorded of attempts.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand, ValueEnum};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{FileArgument, wait_for};
use crate::audit::{self, Filter, Format, Held, KeysError, Outcome, Search, Unverified, Writer};
use crate::clock::Clock;
use crate::config::{Config, Environment};
use crate::login::{LoginId, NotALoginId, Sealer, WeakSecret};
use crate::provider::ProviderId;
use crate::room::{BadRoom, JoinRequest};
use crate::store::{CheckpointRow, Store, StoreError};

/// Records that are read at a time.
const PAGE: i64 = 1_000;

/// What to do about the audit trail.
#[derive(Debug, Subcommand)]
pub(super) enum AuditCommand {
    /// Check that no record has been altered, removed, put in or moved; names the first that has.
    Verify(Verify),
    /// Print records, oldest first.
    Export(Export),
    /// Print the records with a reference number, as it stands on pages and in the log.
    Show(Show),
    /// Sign the last record, and print the signature: kept elsewhere, it proves later that the chain is the same still.
    Checkpoint(FileArgument),
    /// Print the public key by which others can check signatures.
    Key(FileArgument),
    /// Make unreadable for ever what is recorded of a person. The chain tells that it was done, and holds.
    Erase(Erase),
}

/// What `verify` is given.
#[derive(Debug, Args)]
pub(super) struct Verify {
    #[command(flatten)]
    file: FileArgument,
    /// A file of checkpoints that were printed before, one a line; may be given several times.
    #[arg(long = "checkpoint", value_name = "FILE")]
    checkpoints: Vec<PathBuf>,
}

/// What `export` is given. All that is given has to fit.
#[derive(Debug, Args)]
pub(super) struct Export {
    #[command(flatten)]
    file: FileArgument,
    /// From this time on: a date (in UTC), or a time as in `2026-11-24T12:00:00Z`.
    #[arg(long, value_name = "TIME", value_parser = time)]
    since: Option<Timestamp>,
    /// Before this time.
    #[arg(long, value_name = "TIME", value_parser = time)]
    until: Option<Timestamp>,
    /// Of this room, as in a link; `TENANT/ROOM` within a tenant.
    #[arg(long)]
    room: Option<String>,
    /// Of whoever goes by this address, subject or guest's name, or of unknown people from this network address.
    #[arg(long)]
    person: Option<String>,
    /// At this provider.
    #[arg(long, value_name = "ID")]
    provider: Option<ProviderId>,
    /// With this outcome.
    #[arg(long, value_parser = PossibleValuesParser::new(Outcome::ALL.map(Outcome::word)))]
    outcome: Option<String>,
    /// How to print them.
    #[arg(long, value_enum, default_value_t)]
    format: Printed,
}

/// What `show` is given.
#[derive(Debug, Args)]
pub(super) struct Show {
    #[command(flatten)]
    file: FileArgument,
    /// The reference number.
    reference: String,
}

/// What `erase` is given.
#[derive(Debug, Args)]
pub(super) struct Erase {
    #[command(flatten)]
    file: FileArgument,
    /// Their address, their subject at a provider, or the name of a guest. Whoever is known by several is erased by each.
    #[arg(long)]
    person: String,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Printed {
    /// One JSON object a line.
    #[default]
    Jsonl,
    /// A table for spreadsheets.
    Csv,
}

/// Why a command about the trail failed.
#[derive(Debug, thiserror::Error)]
enum AuditError {
    #[error("the store cannot be opened")]
    Store(#[from] StoreError),
    #[error("the session secret cannot be used")]
    Secret(#[from] WeakSecret),
    #[error(transparent)]
    Keys(#[from] KeysError),
    #[error("the audit trail does not hold")]
    Unverified(#[from] Unverified),
    #[error("there is no such room")]
    Room(#[from] BadRoom),
    #[error(transparent)]
    Reference(#[from] NotALoginId),
    #[error("nothing is recorded under this reference number")]
    NoSuchReference,
    #[error("nothing is recorded of this person")]
    NoSuchPerson,
    #[error("nothing is recorded yet")]
    Nothing,
    #[error("cannot read {}", path.display())]
    Read {
        path: PathBuf,
        #[source]
        cause: io::Error,
    },
    #[error("{}, line {line}, is no checkpoint", path.display())]
    NotACheckpoint {
        path: PathBuf,
        line: usize,
        #[source]
        cause: serde_json::Error,
    },
    #[error("cannot print")]
    Print(#[from] io::Error),
}

impl AuditCommand {
    pub(super) fn run(self, environment: &Environment) -> ExitCode {
        let (Self::Verify(Verify { file, .. })
        | Self::Export(Export { file, .. })
        | Self::Show(Show { file, .. })
        | Self::Checkpoint(file)
        | Self::Key(file)
        | Self::Erase(Erase { file, .. })) = &self;
        let config = match file.clone().load(environment) {
            Ok(config) => config,
            Err(status) => return status,
        };
        wait_for(async {
            let trail = Opened::open(&config)?;
            match self {
                Self::Verify(verify) => trail.verify(&verify.checkpoints).await,
                Self::Export(export) => trail.export(export).await,
                Self::Show(Show { reference, .. }) => trail.show(&reference).await,
                Self::Checkpoint(_) => trail.checkpoint().await,
                Self::Key(_) => trail.key().await,
                Self::Erase(Erase { person, .. }) => trail.erase(&person).await,
            }
        })
    }
}

/// The trail of a configuration.
struct Opened {
    store: Store,
    sealer: Sealer,
    providers: Vec<ProviderId>,
}

impl Opened {
    fn open(config: &Config) -> Result<Self, AuditError> {
        Ok(Self {
            store: Store::open(config.store.url.as_str())?,
            sealer: Sealer::new(&config.session.keys)?,
            providers: config.providers.iter().map(|provider| provider.id.clone()).collect(),
        })
    }

    async fn verify(&self, files: &[PathBuf]) -> Result<(), AuditError> {
        let mut kept = Vec::new();
        for path in files {
            kept.extend(checkpoints(path)?);
        }
        let Held { first, last, hash, checkpoints, erased } = audit::verify(&self.store, &self.sealer, &kept).await?;
        let mut out = io::stdout().lock();
        if last < first {
            return Ok(writeln!(out, "nothing is recorded yet")?);
        }
        writeln!(out, "records {first} to {last} hold, with {checkpoints} checkpoints; the last hash is {hash}")?;
        if erased > 0 {
            writeln!(out, "{erased} keys of people have been destroyed on request")?;
        }
        Ok(())
    }

    async fn export(&self, export: Export) -> Result<(), AuditError> {
        let request = export.room.as_deref().map(request).transpose()?;
        let is_outcome = |outcome: &Outcome| Some(outcome.word()) == export.outcome.as_deref();
        let filter = Filter {
            since: export.since,
            until: export.until,
            tenant: request.as_ref().map(|it| it.tenant.as_ref().map_or(String::new(), |it| it.as_str().to_owned())),
            room: request.map(|request| request.room.as_str().to_owned()),
            outcome: Outcome::ALL.into_iter().find(is_outcome),
            reference: None,
            provider: export.provider,
            person: export.person,
            oldest_first: true,
        };
        let format = match export.format {
            Printed::Jsonl => Format::Jsonl,
            Printed::Csv => Format::Csv,
        };
        self.print(&filter, format).await.map(drop)
    }

    async fn show(&self, reference: &str) -> Result<(), AuditError> {
        let reference: LoginId = reference.parse()?;
        let filter = Filter { reference: Some(reference), oldest_first: true, ..Filter::default() };
        match self.print(&filter, Format::Jsonl).await? {
            0 => Err(AuditError::NoSuchReference),
            _ => Ok(()),
        }
    }

    /// Prints what fits, and says how many records it was.
    async fn print(&self, filter: &Filter, format: Format) -> Result<usize, AuditError> {
        let mut writer = Writer::new(format, BufWriter::new(io::stdout().lock()))?;
        let mut printed = 0;
        // Before the first record there are no keys, and nothing to find.
        if let Some(search) = self.search().await? {
            let mut last = None;
            loop {
                let page = search.page(filter, &self.providers, last.as_ref(), PAGE).await?;
                for found in &page {
                    writer.write(found)?;
                }
                printed += page.len();
                match page.into_iter().next_back() {
                    Some(found) => last = Some(found.record),
                    None => break,
                }
            }
        }
        writer.finish()?;
        Ok(printed)
    }

    async fn search(&self) -> Result<Option<Search<'_>>, AuditError> {
        match Search::new(&self.store, &self.sealer).await {
            Ok(search) => Ok(Some(search)),
            Err(KeysError::None) if self.store.head_of_trail().await?.number == 0 => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    async fn checkpoint(&self) -> Result<(), AuditError> {
        let now = Clock::system().now();
        let checkpoint = audit::checkpoint(&self.store, &self.sealer, now).await?.ok_or(AuditError::Nothing)?;
        let line = serde_json::to_string(&checkpoint).map_err(io::Error::from)?;
        Ok(writeln!(io::stdout(), "{line}")?)
    }

    async fn key(&self) -> Result<(), AuditError> {
        let mut out = io::stdout().lock();
        for pem in audit::public_keys(&self.store, &self.sealer).await? {
            write!(out, "{pem}")?;
        }
        Ok(())
    }

    async fn erase(&self, person: &str) -> Result<(), AuditError> {
        let search = self.search().await?.ok_or(AuditError::NoSuchPerson)?;
        let people = search.keys_of(person, &self.providers).await?;
        if people.is_empty() {
            return Err(AuditError::NoSuchPerson);
        }
        audit::erase(&self.store, &self.sealer, &people, Clock::system().now()).await?;
        let told =
            "keys are destroyed: what was sealed with them cannot be read any more, except in copies of the database";
        Ok(writeln!(io::stdout(), "{} {told}", people.len())?)
    }
}

fn checkpoints(path: &Path) -> Result<Vec<CheckpointRow>, AuditError> {
    let text = fs::read_to_string(path).map_err(|cause| AuditError::Read { path: path.to_owned(), cause })?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(at, line)| {
            serde_json::from_str(line).map_err(|cause| AuditError::NotACheckpoint {
                path: path.to_owned(),
                line: at + 1,
                cause,
            })
        })
        .collect()
}

fn request(room: &str) -> Result<JoinRequest, BadRoom> {
    match room.split_once('/') {
        Some((tenant, room)) => JoinRequest::from_link(Some(tenant), room, None),
        None => JoinRequest::from_link(None, room, None),
    }
}

/// A date begins with its first moment in UTC.
fn time(text: &str) -> Result<Timestamp, &'static str> {
    let of_date = |date: Date| TimeZone::UTC.to_timestamp(date.at(0, 0, 0, 0)).ok();
    let parsed = text.parse().ok().or_else(|| of_date(text.parse().ok()?));
    parsed.ok_or("write a date as `2026-11-24`, or a time as `2026-11-24T12:00:00Z`")
}

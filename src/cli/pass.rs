//! `roomkey pass`: invitations.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Args, Subcommand};
use jiff::Timestamp;

use super::{FileArgument, wait_for};
use crate::audit::{self, Event, KeysError, Outcome};
use crate::clock::Clock;
use crate::config::{Config, Environment};
use crate::login::{LoginId, Sealer, WeakSecret};
use crate::pass::{Limit, Mistake, NewPass, Pass, Standing, Unreadable, Wish};
use crate::store::{Store, StoreError};

/// What to do about passes.
#[derive(Debug, Subcommand)]
pub(super) enum PassCommand {
    /// Make a pass, and print its id and its link, which nobody can find out later.
    Create(Box<Create>),
    /// List the passes there are, in the order in which they were made.
    List(FileArgument),
    /// Withdraw passes: nobody enters by them any more.
    Revoke(Revoke),
}

/// What `create` is given.
#[derive(Debug, Args)]
pub(super) struct Create {
    #[command(flatten)]
    file: FileArgument,
    /// The room, or a glob over rooms as in a rule; `tenant/room` within a tenant. May be given several times.
    #[arg(long = "room", value_name = "ROOM", required = true)]
    rooms: Vec<String>,
    /// When it begins to be good, as in `2026-12-01T09:00:00+01:00`; without it at once.
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// When it ends.
    #[arg(long, value_name = "TIME")]
    until: String,
    /// The most that its holder is: participant or moderator.
    #[arg(long, default_value = "participant")]
    role: String,
    /// A feature that is on for its holder if the rule has it on; may be given several times. Without it, what the rule gives.
    #[arg(long = "feature", value_name = "FEATURE")]
    features: Vec<String>,
    /// How many may enter by it, each entrance counted.
    #[arg(long, value_name = "NUMBER")]
    uses: Option<u32>,
    /// How many people may enter by it, each as often as they come.
    #[arg(long, value_name = "NUMBER", conflicts_with = "uses")]
    people: Option<u32>,
    /// It is good only for whoever logs in with this address.
    #[arg(long, value_name = "ADDRESS")]
    email: Option<String>,
    /// It is good only for whoever logs in with this provider.
    #[arg(long, value_name = "ID")]
    provider: Option<String>,
    /// It is good only for whoever is this to the provider (`sub`).
    #[arg(long, value_name = "SUBJECT", requires = "provider")]
    subject: Option<String>,
    /// What to find it by in the list; its holder does not see it.
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// How many passes like this to make.
    #[arg(long, value_name = "NUMBER", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    count: u32,
}

/// What `revoke` is given.
#[derive(Debug, Args)]
pub(super) struct Revoke {
    #[command(flatten)]
    file: FileArgument,
    /// Ids of passes, as `list` shows them.
    #[arg(required = true, value_name = "ID")]
    ids: Vec<String>,
}

/// Why a command about passes failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum PassError {
    #[error("the store cannot be used")]
    Store(#[from] StoreError),
    #[error("no pass is made: {}", listed(.0))]
    Mistakes(Vec<Mistake>),
    #[error("no provider has the id `{0}`")]
    NoProvider(String),
    #[error("no pass that could be withdrawn has the id {0}")]
    NoPass(String),
    #[error(transparent)]
    Secret(#[from] WeakSecret),
    #[error("the audit trail takes no record")]
    Audit(#[from] KeysError),
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    #[error("cannot print")]
    Print(#[from] io::Error),
}

/// By whom passes are made and withdrawn here, as the audit trail has it.
const BY: &str = "command line";

/// Passes that are read at a time.
const PAGE: i64 = 500;

fn listed(mistakes: &[Mistake]) -> String {
    mistakes.iter().map(Mistake::to_string).collect::<Vec<_>>().join("; ")
}

impl PassCommand {
    pub(super) fn run(self, environment: &Environment) -> ExitCode {
        let file = match &self {
            Self::Create(create) => &create.file,
            Self::List(file) => file,
            Self::Revoke(revoke) => &revoke.file,
        };
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
    async fn run(self, config: &Config, store: &Store, now: Timestamp) -> Result<(), PassError> {
        let Self { rooms, from, until, role, features, uses, people, email, provider, subject, note, count, .. } = self;
        if let Some(id) = &provider
            && !config.providers.iter().any(|known| known.id.as_str() == id)
        {
            return Err(PassError::NoProvider(id.clone()));
        }
        let features = (!features.is_empty()).then_some(features);
        let role = Some(role);
        let wish = Wish { rooms, from, until, role, features, uses, people, email, provider, subject, note };
        let made = (0..count).map(|_| NewPass::make(&wish, now)).collect::<Result<Vec<_>, _>>();
        let made = made.map_err(PassError::Mistakes)?;
        let reference = LoginId::random();
        let events = made.iter().map(|made| made.pass.event(Outcome::PassMade, reference, BY)).collect();
        // Before the passes: one that is recorded and was not made opens nothing, the other way round it would.
        record(config, store, events, now).await?;
        store.keep_passes(made.iter().map(|made| made.pass.to_row()).collect()).await?;
        let root = config.public_url.as_url().as_str().trim_end_matches('/');
        let mut out = io::stdout().lock();
        for NewPass { code, pass } in &made {
            writeln!(out, "{}  {root}/pass/{}", pass.id(), code.expose())?;
        }
        Ok(())
    }
}

async fn list(store: &Store, now: Timestamp) -> Result<(), PassError> {
    let mut out = io::stdout().lock();
    let mut after = String::new();
    loop {
        let rows = store.passes(after, PAGE).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.id.clone();
        for row in rows {
            writeln!(out, "{}", line(&Pass::from_row(row)?, now))?;
        }
    }
}

fn line(pass: &Pass, now: Timestamp) -> String {
    let state = match pass.standing(now) {
        Standing::Early => "early",
        Standing::Good => "good",
        Standing::Late => "ended",
        Standing::UsedUp => "used-up",
        Standing::Withdrawn => "withdrawn",
    };
    let used = match pass.limit() {
        Limit::None => format!("{} uses", pass.used()),
        Limit::Uses(most) => format!("{} of {most} uses", pass.used()),
        Limit::People(most) => format!("{} of {most} people", pass.used()),
    };
    let begins = pass.begins().map_or_else(String::new, |begins| format!(" from {begins}"));
    let note = pass.note().map_or_else(String::new, |note| format!(", {note}"));
    let (id, rooms, role) = (pass.id(), pass.rooms().join(" "), pass.voucher().role);
    format!("{id}  {state:9}  {rooms}, {role},{begins} until {}, {used}{note}", pass.ends())
}

async fn revoke(config: &Config, store: &Store, ids: Vec<String>, now: Timestamp) -> Result<(), PassError> {
    let (reference, mut events, mut unknown) = (LoginId::random(), Vec::new(), Vec::new());
    for id in ids {
        match store.pass_named(id.clone()).await? {
            Some(row) if store.withdraw_pass(id.clone(), now.as_second()).await? => {
                events.push(Pass::from_row(row)?.event(Outcome::PassWithdrawn, reference, BY));
                writeln!(io::stdout(), "{id} is withdrawn")?;
            }
            _ => unknown.push(id),
        }
    }
    record(config, store, events, now).await?;
    if unknown.is_empty() { Ok(()) } else { Err(PassError::NoPass(unknown.join(", "))) }
}

async fn record(config: &Config, store: &Store, events: Vec<Event>, now: Timestamp) -> Result<(), PassError> {
    Ok(audit::note(store, &Sealer::new(&config.session.keys)?, events, now).await?)
}

//! `roomkey access explain`.

use std::io::{self, Write};
use std::net::IpAddr;

use clap::Args;
use jiff::Timestamp;

use super::super::person::{PersonArguments, RoomArguments};
use super::super::{FileArgument, parts};
use super::AccessError;
use crate::clock::Clock;
use crate::config::Config;
use crate::policy::Circumstances;

/// What `explain` is given: the room, the person, and the circumstances.
#[derive(Debug, Args)]
pub(in crate::cli) struct Explain {
    #[command(flatten)]
    pub(super) file: FileArgument,
    #[command(flatten)]
    room: RoomArguments,
    #[command(flatten)]
    person: PersonArguments,
    /// When they come, as in `2026-12-01T09:00:00+01:00`; without it, now.
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
    /// The address that they come from, for rules that ask for it.
    #[arg(long, value_name = "IP")]
    address: Option<IpAddr>,
}

impl Explain {
    /// Whether they are let in.
    pub(super) fn run(self, config: Config) -> Result<bool, AccessError> {
        let request = self.room.request()?;
        let identity = self.person.stated(&config.providers)?.believe();
        let now = self.at.unwrap_or_else(|| Clock::system().now());
        let policy = parts::policy(config.rules, &config.providers);
        let explained = policy.explain(&identity, &request, Circumstances { now, address: self.address });
        let mut out = io::stdout().lock();
        for rule in &explained.rules {
            writeln!(out, "{rule}")?;
        }
        match &explained.decision {
            Ok(grant) => {
                let ends = grant.not_after().map(|end| format!(", until {end}")).unwrap_or_default();
                writeln!(out, "granted by rule `{}`: {} in `{}`{ends}", grant.rule(), grant.role(), grant.room())?;
            }
            Err(refusal) => writeln!(out, "refused: {refusal}")?,
        }
        Ok(explained.decision.is_ok())
    }
}

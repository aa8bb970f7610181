//! `roomkey doctor`: what is wrong with a deployment, or was with one login, and what to do about it.

mod login;

use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::keys::keys_in;
use super::{FileArgument, fail};
use crate::clock::Clock;
use crate::config::{Config, Environment, Loaded, Signing};
use crate::doctor::{Deployment, Report, examine, setup, storage};
use crate::login::{Sealer, WeakSecret};
use crate::provider::http::{Http, HttpError};
use crate::store::Store;

/// What `roomkey doctor` is given.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Doctor {
    #[command(subcommand)]
    command: Option<DoctorCommand>,
    #[command(flatten)]
    file: FileArgument,
    /// Print the findings as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum DoctorCommand {
    /// Explain one login by its reference number, out of Roomkey's log.
    Login(login::ExplainLogin),
}

/// Why nothing could be examined.
#[derive(Debug, thiserror::Error)]
enum DoctorError {
    #[error("cannot run")]
    Run(#[from] io::Error),
    #[error("cannot call anybody")]
    Http(#[from] HttpError),
    #[error("the session secret cannot be used")]
    Secret(#[from] WeakSecret),
}

impl Doctor {
    /// Examines the deployment; the exit status is that of the worst finding.
    pub(super) fn run(self, environment: &Environment) -> ExitCode {
        if let Some(DoctorCommand::Login(login)) = self.command {
            return login.run();
        }
        let path = Config::location(self.file.config, environment);
        let report = match Config::load(&path, environment) {
            Ok(loaded) => deployment(&loaded),
            Err(error) => {
                let mut report = Report::default();
                report.add("configuration", setup::of_unusable(&error));
                Ok(report)
            }
        };
        match report {
            Ok(report) => match print(&report, self.json) {
                Ok(()) => ExitCode::from(report.exit_status()),
                Err(_) => ExitCode::FAILURE,
            },
            Err(error) => fail(&error),
        }
    }
}

fn deployment(loaded: &Loaded) -> Result<Report, DoctorError> {
    let Loaded { config, warnings } = loaded;
    let (clock, sealer) = (Clock::system(), Sealer::new(&config.session.keys)?);
    actix_web::rt::System::new().block_on(async {
        let http = Http::new()?;
        // Why there are none, the check of the store tells.
        let keys = match &config.signing {
            Signing::Managed { .. } if !storage::is_readable(&config.store).await => Vec::new(),
            Signing::Managed { .. } | Signing::Given { .. } => {
                keys_in(config, Store::open_to_read).await.unwrap_or_default()
            }
        };
        let key = keys.first().map(AsRef::as_ref);
        let deployment = Deployment { config, warnings, http: &http, key, sealer: &sealer, clock: &clock };
        Ok(examine(deployment).await)
    })
}

/// On standard output, for people or as JSON.
fn print(told: &(impl Serialize + fmt::Display), json: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if json {
        serde_json::to_writer_pretty(&mut out, told)?;
        writeln!(out)
    } else {
        writeln!(out, "{told}")
    }
}

//! `roomkey access`: what the rules say, and whether that is what was meant.

mod check;
mod explain;

use std::io;
use std::process::ExitCode;

use clap::Subcommand;

use super::fail;
use super::person::NoProvider;
use crate::config::Environment;
use crate::room::BadRoom;

/// What to do about the rules.
#[derive(Debug, Subcommand)]
pub(super) enum AccessCommand {
    /// Say which rule decides about somebody, and why none of those before it does. Fails if they are refused.
    Explain(Box<explain::Explain>),
    /// Compare what the rules decide with a table of what was meant. Fails if they differ.
    Check(check::Check),
}

/// Why a command about rules failed.
#[derive(Debug, thiserror::Error)]
enum AccessError {
    #[error("the room cannot be one")]
    Room(#[from] BadRoom),
    #[error(transparent)]
    NoProvider(#[from] NoProvider),
    #[error("cannot read {}", path.display())]
    Unreadable {
        path: std::path::PathBuf,
        #[source]
        cause: io::Error,
    },
    #[error("the table is wrong: {0}")]
    Table(String),
    #[error("cannot print")]
    Print(#[from] io::Error),
}

impl AccessCommand {
    pub(super) fn run(self, environment: &Environment) -> ExitCode {
        let ran = match self {
            Self::Explain(explain) => match explain.file.clone().load(environment) {
                Ok(config) => explain.run(config),
                Err(status) => return status,
            },
            Self::Check(check) => match check.file.clone().load(environment) {
                Ok(config) => check.run(config),
                Err(status) => return status,
            },
        };
        match ran {
            Ok(true) => ExitCode::SUCCESS,
            Ok(false) => ExitCode::FAILURE,
            Err(error) => fail(&error),
        }
    }
}

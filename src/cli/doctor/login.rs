//! `roomkey doctor login`.

use std::fs::File;
use std::io::{self, BufReader, IsTerminal};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::super::fail;
use super::print;
use crate::doctor::login::History;
use crate::login::LoginId;

/// What `roomkey doctor login` is given.
#[derive(Debug, Args)]
pub(super) struct ExplainLogin {
    /// The number on the page that the person saw, of eight letters and digits.
    reference: LoginId,
    /// Roomkey's log, as text or JSON; without it, standard input: `journalctl -u roomkey | roomkey doctor login K7QF2M9X`.
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// Print what was found as JSON.
    #[arg(long)]
    json: bool,
}

/// Why no log was read.
#[derive(Debug, thiserror::Error)]
enum LogError {
    #[error("no log: give one by --log FILE, or by `journalctl -u roomkey | roomkey doctor login …`")]
    Missing,
    #[error("cannot read {}", .0.display())]
    File(PathBuf, #[source] io::Error),
    #[error("cannot read the log")]
    Read(#[from] io::Error),
}

impl ExplainLogin {
    /// Explains the login; the exit status is 1 if nothing is told of it.
    pub(super) fn run(self) -> ExitCode {
        match self.history() {
            Ok(history) => match print(&history, self.json) {
                Ok(()) if !history.events.is_empty() => ExitCode::SUCCESS,
                _ => ExitCode::FAILURE,
            },
            Err(error) => fail(&error),
        }
    }

    fn history(&self) -> Result<History, LogError> {
        match &self.log {
            Some(path) => {
                let file = File::open(path).map_err(|cause| LogError::File(path.clone(), cause))?;
                History::read(BufReader::new(file), self.reference).map_err(|cause| LogError::File(path.clone(), cause))
            }
            None if io::stdin().is_terminal() => Err(LogError::Missing),
            None => Ok(History::read(io::stdin().lock(), self.reference)?),
        }
    }
}

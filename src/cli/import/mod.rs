//! `roomkey config import`: a file that does what another program's environment says.
//!
//! Secrets stay where they are: the file names their variables or files. What has no equivalent is said in the file and on standard
//! error, and the file is checked as `roomkey config check` would.

mod adapter;
mod draft;
mod openid;
mod variables;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use self::draft::{Draft, SessionSecret};
use self::variables::Variables;
use super::WRONG_CONFIGURATION;
use super::config::print;
use crate::config::{Config, Environment, LoadError};
use crate::provider::chain;

/// What `roomkey config import` is given.
#[derive(Debug, Args)]
pub(super) struct Import {
    /// Whose environment it is; without it, that is told by the variables.
    #[arg(long, value_enum)]
    from: Option<Former>,
    /// A file with variables, such as the `.env` of Compose; they count before those of the process.
    #[arg(long, value_name = "FILE")]
    env_file: Option<PathBuf>,
    /// Address of Jitsi Meet, which the environment of jitsi-oidc-adapter does not tell.
    #[arg(long, value_name = "URL")]
    meeting_url: Option<String>,
    /// A new file to write to, with a session secret in another beside it. Without it, everything goes to standard output.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// A program whose place Roomkey can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Former {
    /// github.com/MarcelCoding/jitsi-openid
    JitsiOpenid,
    /// github.com/jitsi-contrib/jitsi-oidc-adapter
    JitsiOidcAdapter,
}

/// Why there is no file.
#[derive(Debug, thiserror::Error)]
enum ImportError {
    #[error("cannot read {}", path.display())]
    Unreadable {
        path: PathBuf,
        #[source]
        cause: io::Error,
    },
    /// The line is not repeated: it may hold a secret.
    #[error("{}: what follows {after} is no `NAME=value`", path.display())]
    NoVariable { path: PathBuf, after: String },
    #[error(
        "the environment is neither that of jitsi-openid (`ISSUER_URL`) nor that of jitsi-oidc-adapter (`OIDC_ISSUER_URL`); \
         run this where it is set, or give the file that sets it with `--env-file`"
    )]
    NobodysEnvironment,
    #[error("`{name}` is not set, and {program} cannot do without it")]
    Missing { name: &'static str, program: &'static str },
    #[error("`{name}` {wrong}")]
    Wrong { name: &'static str, wrong: &'static str },
    #[error("jitsi-oidc-adapter's environment does not tell where Jitsi Meet is: add `--meeting-url https://…`")]
    NoMeetingUrl,
    #[error("`--meeting-url` is no address: give one as in `https://meet.example.com`")]
    BadMeetingUrl,
    #[error("cannot write {}", path.display())]
    Unwritable {
        path: PathBuf,
        #[source]
        cause: io::Error,
    },
    #[error("cannot draw a session secret: the system gives no random numbers")]
    NoRandomness,
}

impl Import {
    pub(super) fn run(self, environment: &Environment) -> ExitCode {
        match self.import(environment) {
            Ok(status) => status,
            Err(error) => {
                tell(&chain(&error));
                ExitCode::FAILURE
            }
        }
    }

    fn import(self, environment: &Environment) -> Result<ExitCode, ImportError> {
        let variables = Variables::read(environment, self.env_file.as_deref())?;
        let draft = draft(self.from, &variables, self.meeting_url.as_deref())?;
        let drawn = SessionSecret::draw().ok_or(ImportError::NoRandomness)?;
        let (path, text) = match &self.output {
            Some(path) => (path.as_path(), draft.write_beside(path, &drawn)?),
            None => {
                let text = draft.text(&drawn.in_clear());
                // Whoever reads may have had enough; the status tells about the file all the same.
                let _ = io::stdout().write_all(text.as_bytes());
                (Path::new("roomkey.toml"), text)
            }
        };
        draft.notes.iter().for_each(|note| tell(&format!("note: {note}")));
        Ok(check(path, text, variables.environment()))
    }
}

fn draft(from: Option<Former>, variables: &Variables, meeting_url: Option<&str>) -> Result<Draft, ImportError> {
    let former = match from {
        Some(former) => former,
        None if variables.get("OIDC_ISSUER_URL").is_some() => Former::JitsiOidcAdapter,
        None if openid::ISSUER.iter().any(|name| variables.get(name).is_some()) => Former::JitsiOpenid,
        None => return Err(ImportError::NobodysEnvironment),
    };
    match former {
        Former::JitsiOpenid => openid::draft(variables),
        Former::JitsiOidcAdapter => adapter::draft(variables, meeting_url),
    }
}

/// Whether Roomkey would start with it.
fn check(path: &Path, text: String, environment: &Environment) -> ExitCode {
    match Config::check_text(path, text, environment) {
        Ok(loaded) => {
            loaded.warnings.lines().for_each(|line| tell(&format!("warning: {line}")));
            ExitCode::SUCCESS
        }
        Err(report) => {
            print(&LoadError::Wrong(report));
            ExitCode::from(WRONG_CONFIGURATION)
        }
    }
}

/// A line on standard error. Nothing can be done about one that is closed.
fn tell(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

#[cfg(test)]
mod tests;

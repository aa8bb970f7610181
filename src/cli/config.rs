//! `roomkey config`: everything about the file that needs nothing to run.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Subcommand;

use super::import::Import;
use super::{FileArgument, WRONG_CONFIGURATION};
use crate::config::{self, Config, Environment, LoadError, Loaded, Signing};
use crate::provider::chain;

/// What to do about the file.
#[derive(Debug, Subcommand)]
pub(super) enum ConfigCommand {
    /// Check a file, with all that it names, and start nothing.
    Check(FileArgument),
    /// Print the JSON Schema of the file.
    Schema,
    /// Print a file to begin with: every key with its comment.
    Example,
    /// Write a file that does what the environment of jitsi-openid or jitsi-oidc-adapter says.
    Import(Import),
}

impl ConfigCommand {
    pub(super) fn run(self, environment: &Environment) -> ExitCode {
        let written = match self {
            Self::Check(FileArgument { config }) => {
                let path = Config::location(config, environment);
                return check(Config::load(&path, environment));
            }
            Self::Import(import) => return import.run(environment),
            Self::Schema => writeln!(io::stdout(), "{:#}", config::schema().as_value()),
            Self::Example => write!(io::stdout(), "{}", config::EXAMPLE),
        };
        // Whoever reads may have had enough (`roomkey config schema | head`).
        written.map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS)
    }
}

fn check(loaded: Result<Loaded, LoadError>) -> ExitCode {
    match loaded {
        Ok(Loaded { config, warnings }) => {
            let written = warnings.lines().try_for_each(|line| writeln!(io::stderr(), "warning: {line}"));
            let written = written.and_then(|()| writeln!(io::stdout(), "{}", summary(&config, warnings.file())));
            written.map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS)
        }
        Err(error) => {
            print(&error);
            ExitCode::from(WRONG_CONFIGURATION)
        }
    }
}

/// What a file that is right amounts to.
fn summary(config: &Config, file: &std::path::Path) -> String {
    let count = |count: usize, one: &str| if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") };
    format!(
        "{}: right. {} for {}, tokens signed with {} ({}), {}, {}.",
        file.display(),
        config.public_url,
        config.meeting.url,
        config.signing.algorithm(),
        keys(&config.signing),
        count(config.providers.len(), "provider"),
        count(config.rules.len(), "rule"),
    )
}

fn keys(signing: &Signing) -> String {
    match signing {
        Signing::Given { signing, next: Some(next), .. } => {
            format!("kid `{}`, from {} on `{}`", signing.key_id(), next.from, next.key.key_id())
        }
        Signing::Given { signing, others, .. } if others.is_empty() => format!("kid `{}`", signing.key_id()),
        Signing::Given { signing, others, .. } => {
            format!("kid `{}`, {} more published", signing.key_id(), others.len())
        }
        Signing::Managed { .. } => "keys of Roomkey's own".to_owned(),
    }
}

/// Prints an error to standard error: each mistake on a line, and how many there are.
pub(super) fn print(error: &LoadError) {
    let mut text: String = match error {
        LoadError::Wrong(report) => format!("{report}\n{error}"),
        LoadError::File(_) => chain(error),
    };
    text.push('\n');
    // Nothing can be done about a closed standard error; the exit status still tells.
    let _ = io::stderr().write_all(text.as_bytes());
}

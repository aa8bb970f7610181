//! The command line.

mod access;
mod api_key;
mod audit;
mod config;
mod doctor;
mod import;
mod jitsi;
mod keys;
mod log;
mod parts;
mod pass;
mod person;
mod serve;
mod token;

pub use parts::{Stores, parts};

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::config::{Config, Environment, Loaded};
use crate::provider::chain;

/// Single sign-on for Jitsi Meet.
#[derive(Debug, Parser)]
#[command(name = "roomkey", version, about, disable_help_subcommand = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve visitors, until SIGTERM or SIGINT; SIGHUP reads the configuration again.
    Serve(serve::Serve),
    /// Look after the configuration file.
    #[command(subcommand)]
    Config(config::ConfigCommand),
    /// Explain what the rules decide, or compare it with what was meant.
    #[command(subcommand)]
    Access(access::AccessCommand),
    /// Look after the keys that sign tokens.
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// Make a token by the rules, or look at one.
    #[command(subcommand)]
    Token(token::TokenCommand),
    /// Search, check and export what is recorded of attempts.
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Make, list and withdraw passes: invitations that need no account.
    #[command(subcommand)]
    Pass(pass::PassCommand),
    /// Make, list and end keys of programs that use the API.
    #[command(subcommand)]
    ApiKey(api_key::ApiKeyCommand),
    /// Check the whole deployment, from the providers to Prosody, and say what to do about each trouble.
    Doctor(doctor::Doctor),
    /// Help with Jitsi's side.
    #[command(subcommand)]
    Jitsi(jitsi::JitsiCommand),
}

/// Where the configuration is.
#[derive(Clone, Debug, Args)]
struct FileArgument {
    /// The configuration file; without it `$ROOMKEY_CONFIG`, else `roomkey.toml` in the working folder.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// The exit status of a command that found mistakes in the configuration.
const WRONG_CONFIGURATION: u8 = 2;

impl Cli {
    /// Does what the command line asks for.
    pub fn run(self) -> ExitCode {
        let environment = Environment::of_process();
        match self.command {
            Command::Serve(serve) => serve.run(environment),
            Command::Config(command) => command.run(&environment),
            Command::Access(command) => command.run(&environment),
            Command::Keys(command) => command.run(&environment),
            Command::Token(command) => command.run(&environment),
            Command::Audit(command) => command.run(&environment),
            Command::Pass(command) => command.run(&environment),
            Command::ApiKey(command) => command.run(&environment),
            Command::Doctor(doctor) => doctor.run(&environment),
            Command::Jitsi(command) => command.run(&environment),
        }
    }
}

impl FileArgument {
    /// The configuration, for a command that does one thing. If it is wrong, all that is wrong has been printed.
    fn load(self, environment: &Environment) -> Result<Config, ExitCode> {
        match Config::load(&Config::location(self.config, environment), environment) {
            Ok(Loaded { config, .. }) => Ok(config),
            Err(error) => {
                config::print(&error);
                Err(ExitCode::from(WRONG_CONFIGURATION))
            }
        }
    }
}

/// Runs a command that waits for the store, and prints its failure.
fn wait_for<E: std::error::Error + 'static>(work: impl Future<Output = Result<(), E>>) -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error),
    };
    match runtime.block_on(work) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error),
    }
}

/// Says on standard error why a command failed.
fn fail(error: &(dyn std::error::Error + 'static)) -> ExitCode {
    // Nothing can be done about a closed standard error; the exit status still tells.
    let _ = writeln!(io::stderr(), "{}", chain(error));
    ExitCode::FAILURE
}

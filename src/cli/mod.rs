//! The command line.

mod config;
mod import;
mod log;
mod parts;
mod serve;

pub use parts::{Stores, parts};

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::config::Environment;

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
}

/// Where the configuration is.
#[derive(Debug, Args)]
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
        }
    }
}

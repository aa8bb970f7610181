//! `roomkey jitsi`: what Jitsi's side has to be told.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use secrecy::ExposeSecret;

use super::FileArgument;
use crate::config::{Config, Environment};
use crate::jitsi::Printed;

/// What to do for Jitsi.
#[derive(Debug, Subcommand)]
pub(super) enum JitsiCommand {
    /// Print settings that fit the configuration, ready to be pasted.
    Print(Print),
}

/// What `roomkey jitsi print` is given.
#[derive(Debug, Args)]
pub(super) struct Print {
    /// Where the settings go.
    place: Place,
    #[command(flatten)]
    file: FileArgument,
    /// Let people without a token wait until somebody with one is there.
    #[arg(long)]
    guests: bool,
    /// For `nginx`: the one of docker-jitsi-meet, in its container `web`.
    #[arg(long)]
    docker: bool,
    /// Print the secret of `meeting.signing` too; without it, a placeholder stands in its place.
    #[arg(long)]
    show_secret: bool,
}

/// A place on Jitsi's side.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Place {
    /// Prosody's configuration in the Debian packages.
    Prosody,
    /// The `.env` of docker-jitsi-meet.
    Docker,
    /// The web server in front.
    Nginx,
    /// The front end's `config.js`.
    #[value(name = "config.js")]
    ConfigJs,
}

impl JitsiCommand {
    pub(super) fn run(self, environment: &Environment) -> ExitCode {
        let Self::Print(print) = self;
        let config = match print.file.clone().load(environment) {
            Ok(config) => config,
            Err(status) => return status,
        };
        let written = io::stdout().write_all(print.text(&config).as_bytes());
        // Whoever reads may have had enough.
        written.map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS)
    }
}

impl Print {
    fn text(&self, config: &Config) -> String {
        let printed = Printed {
            public_url: config.public_url.as_url(),
            listen: config.server.listen,
            meeting: &config.meeting,
            algorithm: config.signing.algorithm(),
            secret: config.shared_secret.as_ref().filter(|_| self.show_secret).map(|secret| secret.expose_secret()),
            inline: config.inline.as_ref().map(|inline| inline.client_id.as_str()),
            guests: self.guests,
        };
        match self.place {
            Place::Prosody => printed.prosody(),
            Place::Docker => printed.docker(),
            Place::Nginx => printed.nginx(self.docker),
            Place::ConfigJs => printed.config_js(),
        }
    }
}

//! `roomkey token`: makes a token by the rules for somebody of the operator's choice, and looks at tokens.

mod inspect;
mod mint;

use std::io::{self, Read};
use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::keys::KeysError;
use super::person::NoProvider;
use super::{fail, wait_for};
use crate::config::Environment;
use crate::jitsi::{NotAToken, SigningError, UnverifiedToken};
use crate::room::BadRoom;

/// What to do about a token.
#[derive(Debug, Subcommand)]
pub(super) enum TokenCommand {
    /// Make a token as a login of this person would. What the rules say goes to standard error, the token to standard output.
    Mint(mint::Mint),
    /// Print what is in a token, without any check.
    Decode(TokenArgument),
    /// Check a token as this configuration's Prosody would, and name everything that is wrong with it.
    Check(inspect::Check),
}

/// The token to look at.
#[derive(Debug, Args)]
pub(super) struct TokenArgument {
    /// The token. Without it, it is read from standard input, which other users of the machine cannot see.
    token: Option<String>,
}

/// Why a command about tokens failed.
#[derive(Debug, thiserror::Error)]
enum TokenError {
    #[error("cannot read the token")]
    Read(#[source] io::Error),
    #[error(transparent)]
    NotAToken(#[from] NotAToken),
    #[error("the room cannot be one")]
    Room(#[from] BadRoom),
    #[error(transparent)]
    NoProvider(#[from] NoProvider),
    #[error("no token")]
    Signing(#[from] SigningError),
    #[error("the keys cannot be had")]
    Keys(#[from] KeysError),
    #[error("the session secret cannot be used")]
    Secret(#[from] crate::login::WeakSecret),
    #[error("not granted")]
    Refused,
    #[error("{0} thing(s) are wrong with it")]
    Faults(usize),
    #[error("cannot print")]
    Print(#[from] io::Error),
}

impl TokenCommand {
    pub(super) fn run(self, environment: &Environment) -> ExitCode {
        let (config, work) = match self {
            Self::Decode(token) => {
                return inspect::decode(token).map_or_else(|error| fail(&error), |()| ExitCode::SUCCESS);
            }
            Self::Mint(mint) => (mint.file.clone(), Work::Mint(mint)),
            Self::Check(check) => (check.file.clone(), Work::Check(check)),
        };
        let config = match config.load(environment) {
            Ok(config) => config,
            Err(status) => return status,
        };
        wait_for(async {
            match work {
                Work::Mint(mint) => mint.run(config).await,
                Work::Check(check) => check.run(config).await,
            }
        })
    }
}

/// What needs the configuration.
enum Work {
    Mint(mint::Mint),
    Check(inspect::Check),
}

impl TokenArgument {
    fn read(self) -> Result<String, TokenError> {
        if let Some(token) = self.token {
            return Ok(token.trim().to_owned());
        }
        let mut token = String::new();
        let limit = u64::try_from(UnverifiedToken::MAX_BYTES).unwrap_or(u64::MAX).saturating_add(2);
        io::stdin().lock().take(limit).read_to_string(&mut token).map_err(TokenError::Read)?;
        Ok(token.trim().to_owned())
    }
}

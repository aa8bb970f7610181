//! `roomkey token decode` and `check`.

use std::io::{self, Write};

use clap::Args;
use serde_json::Value;

use super::super::FileArgument;
use super::super::keys::{keys_of, time};
use super::{TokenArgument, TokenError};
use crate::clock::Clock;
use crate::config::Config;
use crate::jitsi::{Expected, UnverifiedToken};
use crate::room::JoinRequest;

/// What `check` is given.
#[derive(Debug, Args)]
pub(in crate::cli) struct Check {
    #[command(flatten)]
    pub(super) file: FileArgument,
    /// The room that it should open, as in a link.
    #[arg(long)]
    room: Option<String>,
    /// The tenant that the room is in.
    #[arg(long, requires = "room")]
    tenant: Option<String>,
    #[command(flatten)]
    token: TokenArgument,
}

/// Prints header, claims and times.
pub(super) fn decode(token: TokenArgument) -> Result<(), TokenError> {
    let text = token.read()?;
    let token = UnverifiedToken::parse(&text)?;
    let now = Clock::system().now().as_second();
    let mut out = io::stdout().lock();
    for part in [token.header(), token.claims()] {
        writeln!(out, "{}", serde_json::to_string_pretty(part).map_err(io::Error::from)?)?;
    }
    for claim in ["iat", "nbf", "exp"] {
        if let Some(seconds) = token.claims().get(claim).and_then(Value::as_i64) {
            writeln!(out, "{claim}: {}, {}", time(seconds), distance(seconds.saturating_sub(now)))?;
        }
    }
    Ok(writeln!(out, "Nothing of it has been checked: that does `roomkey token check`.")?)
}

/// How far off a time is.
fn distance(seconds: i64) -> String {
    match seconds {
        0.. => format!("in {seconds} s"),
        _ => format!("{} s ago", seconds.unsigned_abs()),
    }
}

impl Check {
    pub(super) async fn run(self, config: Config) -> Result<(), TokenError> {
        let text = self.token.read()?;
        let token = UnverifiedToken::parse(&text)?;
        let request = self.room.as_deref().map(|room| JoinRequest::from_link(self.tenant.as_deref(), room, None));
        let (request, keys) = (request.transpose()?, keys_of(&config).await?);
        let expected = Expected {
            meeting: &config.meeting,
            algorithm: config.signing.algorithm(),
            keys: &keys,
            request: request.as_ref(),
            now: Clock::system().now(),
        };
        let faults = token.faults(&expected);
        let mut out = io::stdout().lock();
        for fault in &faults {
            writeln!(out, "{fault}")?;
        }
        if !faults.is_empty() {
            return Err(TokenError::Faults(faults.len()));
        }
        let claim = |name| token.claims().get(name).and_then(Value::as_str).unwrap_or("?");
        Ok(writeln!(out, "good: it opens `{}` of `{}`", claim("room"), claim("sub"))?)
    }
}

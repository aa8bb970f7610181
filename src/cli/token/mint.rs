//! `roomkey token mint`.

use std::io::{self, Write};

use clap::Args;

use super::super::keys::keys_of;
use super::super::person::{PersonArguments, RoomArguments};
use super::super::{FileArgument, parts};
use super::TokenError;
use crate::clock::Clock;
use crate::config::Config;
use crate::jitsi::{MeetingToken, Pseudonyms, SigningError};

/// What `mint` is given: the room, and the person.
#[derive(Debug, Args)]
pub(in crate::cli) struct Mint {
    #[command(flatten)]
    pub(super) file: FileArgument,
    #[command(flatten)]
    room: RoomArguments,
    #[command(flatten)]
    person: PersonArguments,
}

impl Mint {
    pub(super) async fn run(self, config: Config) -> Result<(), TokenError> {
        let request = self.room.request()?;
        let keys = keys_of(&config).await?;
        let pseudonyms = Pseudonyms::new(&config.session.keys)?;
        let policy = parts::policy(config.rules, &config.providers);
        let identity = self.person.stated(&config.providers)?.believe();
        let now = Clock::system().now();
        let mut told = io::stderr().lock();
        let explained = policy.explain(&identity, &request, now);
        for rule in explained.rules.iter().filter(|rule| rule.is_about_room) {
            if let Some(failed) = rule.failed() {
                writeln!(told, "rule `{}` does not fit: its {failed}", rule.rule)?;
            }
        }
        let grant = match explained.decision {
            Ok(grant) => grant,
            Err(refusal) => {
                writeln!(told, "refused: {refusal}")?;
                return Err(TokenError::Refused);
            }
        };
        writeln!(told, "granted by rule `{}`: {} in `{}`", grant.rule(), grant.role(), grant.room())?;
        let key = keys.first().ok_or(SigningError::NoKey)?;
        let token = MeetingToken::sign(&config.meeting, key, &pseudonyms, &grant, &identity, now)?;
        Ok(writeln!(io::stdout(), "{}", token.expose())?)
    }
}

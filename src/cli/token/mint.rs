//! `roomkey token mint`.

use std::io::{self, Write};

use clap::Args;
use serde_json::Value;

use super::super::keys::keys_of;
use super::super::{FileArgument, parts};
use super::TokenError;
use crate::clock::Clock;
use crate::config::{Config, ProviderConfig, ProviderKind};
use crate::jitsi::{MeetingToken, Pseudonyms, SigningError};
use crate::policy::NearMiss;
use crate::provider::{ProviderId, StatedPerson};
use crate::room::JoinRequest;

/// What `mint` is given: the room, and the person.
#[derive(Debug, Args)]
pub(in crate::cli) struct Mint {
    #[command(flatten)]
    pub(super) file: FileArgument,
    /// The room, as in a link.
    #[arg(long)]
    room: String,
    /// The tenant that the room is in.
    #[arg(long)]
    tenant: Option<String>,
    /// The provider that they would log in at. Not needed if there is only one.
    #[arg(long, value_name = "ID")]
    provider: Option<ProviderId>,
    /// Who they are there (`sub`).
    #[arg(long, default_value = "somebody")]
    subject: String,
    /// Their name.
    #[arg(long)]
    name: Option<String>,
    /// Their address.
    #[arg(long)]
    email: Option<String>,
    /// The provider has not verified that the address is theirs.
    #[arg(long, requires = "email")]
    unverified: bool,
    /// Address of their picture.
    #[arg(long, value_name = "URL")]
    avatar: Option<String>,
    /// A group that they are in; may be given several times.
    #[arg(long = "group", value_name = "GROUP")]
    groups: Vec<String>,
    /// A claim of theirs, for rules that ask for one: JSON, or else a text. May be given several times.
    #[arg(long = "claim", value_name = "NAME=VALUE", value_parser = claim)]
    claims: Vec<(String, Value)>,
}

fn claim(text: &str) -> Result<(String, Value), &'static str> {
    let (name, value) = text.split_once('=').filter(|(name, _)| !name.is_empty()).ok_or("write NAME=VALUE")?;
    Ok((name.to_owned(), serde_json::from_str(value).unwrap_or_else(|_| value.into())))
}

impl Mint {
    pub(super) async fn run(self, config: Config) -> Result<(), TokenError> {
        let request = JoinRequest::from_link(self.tenant.as_deref(), &self.room, None)?;
        let keys = keys_of(&config).await?;
        let pseudonyms = Pseudonyms::new(&config.session.keys)?;
        let policy = parts::policy(config.rules, &config.providers);
        let identity = self.person(&config.providers)?.believe();
        let now = Clock::system().now();
        let mut told = io::stderr().lock();
        for NearMiss { rule, failed } in policy.passed_over(&identity, &request, now) {
            writeln!(told, "rule `{rule}` does not fit: its {failed}")?;
        }
        let grant = match policy.decide(&identity, &request, now) {
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

    fn person(self, providers: &[ProviderConfig]) -> Result<StatedPerson, TokenError> {
        let chosen = match (self.provider, providers) {
            (Some(id), all) => all.iter().find(|provider| provider.id == id).ok_or(TokenError::NoProvider(id))?,
            (None, [only]) => only,
            (None, _) => return Err(TokenError::WhichProvider),
        };
        Ok(StatedPerson {
            provider: chosen.id.clone(),
            is_guest: matches!(chosen.kind, ProviderKind::Guest),
            subject: self.subject,
            name: self.name,
            email: self.email,
            email_verified: !self.unverified,
            avatar: self.avatar,
            groups: self.groups,
            claims: self.claims.into_iter().collect(),
        })
    }
}

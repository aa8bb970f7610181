//! Somebody as the command line describes them, and where they would go.

use clap::Args;
use serde_json::Value;

use crate::config::{ProviderConfig, ProviderKind};
use crate::provider::{ProviderId, StatedPerson};
use crate::room::{BadRoom, JoinRequest};

/// Who would log in, and where.
#[derive(Debug, Args)]
pub(super) struct PersonArguments {
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

/// Which room.
#[derive(Debug, Args)]
pub(super) struct RoomArguments {
    /// The room, as in a link.
    #[arg(long)]
    room: String,
    /// The tenant that the room is in.
    #[arg(long)]
    tenant: Option<String>,
}

/// Why it is not known where they would log in.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NoProvider {
    #[error("there is no provider `{0}` in the configuration")]
    Unknown(ProviderId),
    #[error("there are several providers: choose one by `--provider`")]
    Which,
}

fn claim(text: &str) -> Result<(String, Value), &'static str> {
    let (name, value) = text.split_once('=').filter(|(name, _)| !name.is_empty()).ok_or("write NAME=VALUE")?;
    Ok((name.to_owned(), serde_json::from_str(value).unwrap_or_else(|_| value.into())))
}

/// The provider of this id, or the only one.
pub(super) fn provider_of(id: Option<ProviderId>, providers: &[ProviderConfig]) -> Result<&ProviderConfig, NoProvider> {
    match (id, providers) {
        (Some(id), all) => all.iter().find(|provider| provider.id == id).ok_or(NoProvider::Unknown(id)),
        (None, [only]) => Ok(only),
        (None, _) => Err(NoProvider::Which),
    }
}

/// Whether nobody is verified there.
pub(super) fn is_of_guests(provider: &ProviderConfig) -> bool {
    matches!(provider.kind, ProviderKind::Guest)
}

impl RoomArguments {
    /// The request of somebody who follows its plain link.
    pub(super) fn request(&self) -> Result<JoinRequest, BadRoom> {
        JoinRequest::from_link(self.tenant.as_deref(), &self.room, None)
    }
}

impl PersonArguments {
    /// The person, as somebody of one of these providers.
    pub(super) fn stated(self, providers: &[ProviderConfig]) -> Result<StatedPerson, NoProvider> {
        let chosen = provider_of(self.provider, providers)?;
        Ok(StatedPerson {
            provider: chosen.id.clone(),
            is_guest: is_of_guests(chosen),
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

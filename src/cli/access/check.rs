//! `roomkey access check`: an operator's own expectations of the rules.

use std::fs;
use std::io::{self, Write};
use std::net::IpAddr;
use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};
use toml::Spanned;

use super::super::person::{is_of_guests, provider_of};
use super::super::{FileArgument, parts};
use super::AccessError;
use crate::clock::Clock;
use crate::config::{Config, ProviderConfig};
use crate::policy::{Circumstances, Grant, Policy, Refusal, Role};
use crate::provider::{ProviderId, StatedPerson};
use crate::room::JoinRequest;

/// What `check` is given.
#[derive(Debug, Args)]
pub(in crate::cli) struct Check {
    #[command(flatten)]
    pub(super) file: FileArgument,
    /// The table: `[[expect]]` with a person, a room and what should become of them, once for each.
    table: PathBuf,
}

/// The whole table.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    expect: Vec<Spanned<Expectation>>,
}

/// Somebody who comes to a room, and what should become of them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expectation {
    name: Option<String>,
    room: String,
    tenant: Option<String>,
    provider: Option<ProviderId>,
    #[serde(default = "somebody")]
    subject: String,
    email: Option<String>,
    #[serde(default = "yes")]
    email_verified: bool,
    #[serde(default)]
    groups: Vec<String>,
    #[serde(default)]
    claims: Map<String, Value>,
    at: Option<String>,
    address: Option<IpAddr>,
    outcome: Expected,
    rule: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Expected {
    Moderator,
    Participant,
    Refused,
}

fn somebody() -> String {
    "somebody".to_owned()
}

fn yes() -> bool {
    true
}

impl Check {
    /// Whether all is as expected. Each difference is printed with its line.
    pub(super) fn run(self, config: Config) -> Result<bool, AccessError> {
        let path = self.table;
        let text = fs::read_to_string(&path).map_err(|cause| AccessError::Unreadable { path: path.clone(), cause })?;
        let table: Table = toml::from_str(&text).map_err(|error| AccessError::Table(error.to_string()))?;
        let policy = parts::policy(config.rules, &config.providers);
        let now = Clock::system().now();
        let (mut out, mut differences) = (io::stdout().lock(), 0);
        let count = table.expect.len();
        for (number, expectation) in table.expect.into_iter().enumerate() {
            let line = text.get(..expectation.span().start).unwrap_or_default().matches('\n').count() + 1;
            let expectation = expectation.into_inner();
            let name = expectation.name.clone().unwrap_or_else(|| format!("expect[{number}]"));
            if let Some(difference) = expectation.differs(&policy, &config.providers, now)? {
                writeln!(out, "{}:{line}: {name}: {difference}", path.display())?;
                differences += 1;
            }
        }
        writeln!(out, "{count} expected, {differences} otherwise")?;
        Ok(differences == 0)
    }
}

impl Expectation {
    /// What is otherwise, if anything is.
    fn differs(
        self,
        policy: &Policy,
        providers: &[ProviderConfig],
        now: Timestamp,
    ) -> Result<Option<String>, AccessError> {
        let request = JoinRequest::from_link(self.tenant.as_deref(), &self.room, None)?;
        let at = self.at.as_deref().map(|text| {
            let wrong = || AccessError::Table(format!("`{text}` is no moment; write `2026-12-01T09:00:00+01:00`"));
            text.parse().map_err(|_| wrong())
        });
        let now = at.transpose()?.unwrap_or(now);
        let chosen = provider_of(self.provider, providers)?;
        let identity = StatedPerson {
            provider: chosen.id.clone(),
            is_guest: is_of_guests(chosen),
            subject: self.subject,
            name: None,
            email: self.email,
            email_verified: self.email_verified,
            avatar: None,
            groups: self.groups,
            claims: self.claims,
        }
        .believe();
        let decision = policy.decide(&identity, &request, Circumstances { now, address: self.address });
        let right_outcome = self.outcome == Expected::of(&decision);
        let right_rule = self.rule.as_deref().is_none_or(|rule| rule_of(&decision) == Some(rule));
        let by_rule = self.rule.map(|rule| format!(" by rule `{rule}`")).unwrap_or_default();
        Ok((!(right_outcome && right_rule)).then(|| {
            let found = match &decision {
                Ok(grant) => format!("{} by rule `{}`", grant.role(), grant.rule()),
                Err(refusal) => format!("refused: {refusal}"),
            };
            format!("expected {}{by_rule}, found {found}", self.outcome.word())
        }))
    }
}

impl Expected {
    fn of(decision: &Result<Grant, Refusal>) -> Self {
        match decision.as_ref().map(Grant::role) {
            Ok(Role::Moderator) => Self::Moderator,
            Ok(Role::Participant) => Self::Participant,
            Err(_) => Self::Refused,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Moderator => "moderator",
            Self::Participant => "participant",
            Self::Refused => "refused",
        }
    }
}

/// The rule that decided, if one did.
fn rule_of(decision: &Result<Grant, Refusal>) -> Option<&str> {
    match decision {
        Ok(grant) => Some(grant.rule()),
        Err(Refusal::Denied { rule }) => Some(rule),
        Err(Refusal::NoRule { .. } | Refusal::Pass { .. }) => None,
    }
}

//! Checks a living deployment, and names each trouble with its remedy.
//!
//! Every check looks at one thing as it is, over the same roads as a visitor, and gives [`Finding`]s: one line that says
//! what is wrong, and one that says what to do. Nothing is changed, on this side or on the other. What was seen and what
//! it means are apart: the second is pure, and tested by value.
//!
//! All checks run side by side, each for [`LIMIT`] at most: one that hangs is a finding of its own.

pub mod bosh;
pub mod clock;
mod connection;
pub mod directory;
mod finding;
pub mod front_end;
pub mod login;
pub mod prosody;
pub mod provider;
pub mod public_url;
pub mod saml;
pub mod setup;
pub mod storage;
#[cfg(test)]
mod testing;

pub use finding::{Finding, Report, Severity};

use std::time::Duration;

use futures_util::future::{join_all, join4};

use crate::clock::Clock;
use crate::config::{self, Config, ProviderConfig, ProviderKind};
use crate::jitsi::SigningKey;
use crate::login::Sealer;
use crate::provider::http::Http;
use crate::provider::ldap::LdapProvider;
use clock::Reading;

/// How long one check may take. The longest visits Prosody nine times.
pub const LIMIT: Duration = Duration::from_secs(60);

/// A deployment to be examined.
#[derive(Clone, Copy, Debug)]
pub struct Deployment<'a> {
    /// The file, as it was read.
    pub config: &'a Config,
    /// What is doubtful about it.
    pub warnings: &'a config::Report,
    /// The way out.
    pub http: &'a Http,
    /// What signs its tokens; `None` if it cannot be had.
    pub key: Option<&'a SigningKey>,
    /// What opens the cookies of `config`.
    pub sealer: &'a Sealer,
    /// Roomkey's clock.
    pub clock: &'a Clock,
}

/// What one check came to.
#[derive(Debug)]
struct Examined {
    /// What it is called.
    check: String,
    findings: Vec<Finding>,
    clock: Option<Reading>,
}

/// Runs all checks.
pub async fn examine(deployment: Deployment<'_>) -> Report {
    let Deployment { config, warnings, .. } = deployment;
    let store = within("store", async {
        Examined { check: "store".to_owned(), findings: storage::examine(&config.store).await, clock: None }
    });
    let providers = join_all(config.providers.iter().map(|provider| deployment.provider(provider)));
    let (store, public_url, meeting, providers) =
        join4(store, deployment.public_url(), deployment.meeting(), providers).await;
    let mut examined =
        vec![Examined { check: "configuration".to_owned(), findings: setup::of_usable(config, warnings), clock: None }];
    examined.push(store);
    examined.extend(providers.into_iter().flatten());
    examined.extend(public_url);
    examined.extend(meeting);
    let readings: Vec<Reading> = examined.iter().filter_map(|examined| examined.clock.clone()).collect();
    let mut report = Report::default();
    for Examined { check, findings, .. } in examined {
        report.add(check, findings);
    }
    report.add("clock", clock::diagnose(&readings));
    report
}

impl Deployment<'_> {
    async fn provider(&self, asked: &ProviderConfig) -> Option<Examined> {
        // There is nobody to ask.
        if matches!(asked.kind, ProviderKind::Guest) {
            return None;
        }
        let check = format!("provider `{}`", asked.id);
        let examined = within(&check, async {
            let (findings, clock) = match &asked.kind {
                ProviderKind::Guest => (Vec::new(), None),
                ProviderKind::Saml(settings) => {
                    let observed = saml::observe(asked, settings, self.http, self.sealer, self.clock).await;
                    (saml::diagnose(settings, &observed, self.clock.now()), observed.clock)
                }
                ProviderKind::Ldap(settings) => {
                    let probes = LdapProvider::new((**settings).clone(), self.clock).probe().await;
                    (directory::diagnose(&asked.id, &probes), None)
                }
                ProviderKind::Oidc(_) | ProviderKind::Google(_) | ProviderKind::Entra(_) | ProviderKind::GitHub(_) => {
                    let observed = provider::observe(asked, self.http, self.sealer, self.clock).await;
                    let findings =
                        observed.as_ref().map_or_else(Vec::new, |observed| provider::diagnose(asked, observed));
                    (findings, observed.and_then(|observed| observed.clock))
                }
            };
            Examined { check: check.clone(), findings, clock }
        });
        Some(examined.await)
    }

    /// By way of the first provider that the browser is sent to, or else of the first that is asked by a form of Roomkey's. At SAML
    /// providers people may have to choose first, so that they come last.
    async fn public_url(&self) -> Option<Examined> {
        let Config { public_url, providers, .. } = self.config;
        let has_form =
            |provider: &&ProviderConfig| matches!(provider.kind, ProviderKind::Ldap(_) | ProviderKind::Guest);
        let by = providers.iter().find(|provider| is_redirect(provider));
        let by = by.or_else(|| providers.iter().find(has_form)).or_else(|| providers.first())?;
        let examined = within("public URL", async {
            let observed = public_url::observe(public_url, by, self.http, self.sealer, self.clock).await;
            let findings = public_url::diagnose(&observed, public_url, &by.id);
            Examined { check: "public URL".to_owned(), findings, clock: None }
        });
        Some(examined.await)
    }

    /// Jitsi's front end, which says where Prosody is, and Prosody.
    async fn meeting(&self) -> Vec<Examined> {
        let meeting = &self.config.meeting;
        let (mut address, mut guests) = (None, None);
        let front_end = within("Jitsi's front end", async {
            let check = "Jitsi's front end".to_owned();
            match front_end::fetch(self.http, meeting, self.clock).await {
                Ok(found) => {
                    let by_adapter = self.config.former_clients.jitsi_oidc_adapter.is_some();
                    let public_url = self.config.public_url.as_url();
                    let mut findings = front_end::diagnose(&found.script, public_url, by_adapter);
                    address = front_end::address(&found.script, meeting);
                    guests = found.script.text("hosts.anonymousdomain").map(str::to_owned);
                    if address.is_none() {
                        findings.push(no_address());
                    }
                    Examined { check, findings, clock: found.clock }
                }
                Err(finding) => Examined { check, findings: vec![*finding], clock: None },
            }
        });
        let front_end = front_end.await;
        let (Some(address), Some(key)) = (address, self.key) else { return vec![front_end] };
        let prosody = within("Prosody", async {
            let observed = prosody::observe(self.http, &address, meeting, key, self.clock).await;
            let mut findings = match observed {
                Ok(observed) => prosody::diagnose(&observed, meeting, key),
                Err(_) => vec![no_key("Roomkey's own key does not sign")],
            };
            // Why nobody at all can connect has been told.
            if let (Some(domain), true) = (&guests, !findings.iter().any(|finding| finding.check == "prosody.bosh")) {
                let observed = prosody::observe_guests(self.http, &address, domain).await;
                findings.extend(observed.err().map(|error| prosody::of_guests(domain, &error)));
            }
            Examined { check: "Prosody".to_owned(), findings, clock: None }
        });
        vec![front_end, prosody.await]
    }
}

/// Whether the browser is sent to it at once.
fn is_redirect(provider: &ProviderConfig) -> bool {
    !matches!(provider.kind, ProviderKind::Saml(_) | ProviderKind::Ldap(_) | ProviderKind::Guest)
}

fn no_key(trouble: &str) -> Finding {
    let remedy = "start Roomkey once with this file, or see `roomkey keys list` and `roomkey config check`";
    Finding::new("configuration.no_key", Severity::Error, trouble, remedy)
}

fn no_address() -> Finding {
    Finding::new(
        "meeting.no_prosody",
        Severity::Error,
        "config.js does not say where Prosody is: no hosts.domain, or a bosh address without https",
        "set hosts.domain, hosts.muc and bosh in config.js as Jitsi's installation writes them",
    )
}

/// The outcome of `check`, or that it took too long.
async fn within(check: &str, run: impl Future<Output = Examined>) -> Examined {
    tokio::time::timeout(LIMIT, run).await.unwrap_or_else(|_| Examined {
        check: check.to_owned(),
        findings: vec![Finding::new(
            "doctor.timeout",
            Severity::Error,
            format!("the check of {check} came to no end within {} seconds", LIMIT.as_secs()),
            "look for what is slow between this machine and there, and try again",
        )],
        clock: None,
    })
}

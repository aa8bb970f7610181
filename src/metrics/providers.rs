//! How the providers are, by what Roomkey's own calls to them came to.

use jiff::Timestamp;
use prometheus_client::registry::Unit;

use super::exposition::{Family, Labels, label};
use crate::provider::{Entry, Kind, Leg, Provider, Registry};

/// The legs that calls to a provider of each kind can have.
fn legs(kind: Kind) -> &'static [Leg] {
    match kind {
        Kind::Oidc | Kind::Google => &[Leg::Discovery, Leg::Keys, Leg::Token, Leg::UserInfo],
        Kind::Entra => &[Leg::Discovery, Leg::Keys, Leg::Token, Leg::UserInfo, Leg::Api],
        Kind::GitHub => &[Leg::Token, Leg::Api],
        Kind::Saml => &[Leg::Metadata],
        Kind::Ldap => &[Leg::Directory],
        Kind::Guest => &[],
    }
}

/// Whether what proves a login is signed there.
fn signs(kind: Kind) -> bool {
    matches!(kind, Kind::Oidc | Kind::Google | Kind::Entra | Kind::Saml)
}

pub(super) fn families(registry: &Registry) -> [Family; 6] {
    let (mut up, mut failures, mut answered) = (Vec::new(), Vec::new(), Vec::new());
    let (mut took, mut verified, mut ends) = (Vec::new(), Vec::new(), Vec::new());
    for entry in registry.iter() {
        let Some(health) = entry.provider.health() else { continue };
        let of = |further: Option<(&'static str, &str)>| -> Labels {
            let further = further.map(|(name, value)| label(name, value));
            std::iter::once(label("provider", &entry.id)).chain(further).collect()
        };
        up.push((of(None), f64::from(u8::from(!health.is_down()))));
        failures.push((of(None), health.failures()));
        for &leg in legs(entry.kind) {
            let (calls, labels) = (health.calls(leg), of(Some(("leg", leg.word()))));
            answered.extend(calls.answered.read().map(|second| (labels.clone(), time(second))));
            took.push((labels, calls.took.read()));
        }
        if signs(entry.kind) {
            verified.push((of(None), health.verifications().read()));
        }
        ends.extend(expiries(entry).map(|(what, end)| (of(Some(("what", what))), time(end.as_second()))));
    }
    [
        Family::gauge("roomkey_provider_up", "0 while calls to the provider fail, else 1.", up),
        Family::counter("roomkey_provider_failures", "Calls that the provider did not answer.", failures),
        Family::gauge("roomkey_provider_answered_timestamp", "When a call last gave what was asked for.", answered)
            .in_unit(Unit::Seconds),
        Family::histogram("roomkey_provider_call", "Time that a call took.", took),
        Family::histogram("roomkey_provider_verification", "Time to check a signature.", verified),
        Family::gauge("roomkey_provider_expiry_timestamp", "When metadata or a certificate end.", ends)
            .in_unit(Unit::Seconds),
    ]
}

/// What ends at a time that is known.
fn expiries(entry: &Entry) -> impl Iterator<Item = (&'static str, Timestamp)> {
    let provider = match &entry.provider {
        Provider::Redirect(provider) => Some(provider),
        Provider::Password(_) | Provider::Guest(_) => None,
    };
    let ends = provider.and_then(|provider| provider.federation()).map(|idps| idps.ends()).unwrap_or_default();
    let own = provider.and_then(|provider| provider.service_provider()?.certificate_ends());
    let all = [("metadata", ends.metadata), ("certificate", ends.certificates), ("own-certificate", own)];
    all.into_iter().filter_map(|(what, end)| Some((what, end?)))
}

/// A time as a value.
#[allow(clippy::cast_precision_loss, reason = "seconds are exact for millions of years")]
fn time(second: i64) -> f64 {
    second as f64
}

//! What an identity provider's metadata and answers mean.

use jiff::{SignedDuration, Timestamp};

use super::{Begun, Observed};
use crate::doctor::provider::Arrived;
use crate::doctor::{Finding, Severity, connection};
use crate::provider::http::HttpError;
use crate::provider::saml::idp::{Binding, IdpMetadata, MetadataError, MetadataSource, Mistake, NoMetadata, Probe};
use crate::provider::saml::{Settings, SubjectSource, TRANSIENT, certificate_ends};
use crate::provider::{Leg, ProviderError, chain};

/// How long before a certificate ends it is told: a change has to be agreed with the other side.
const CERTIFICATE_SOON: SignedDuration = SignedDuration::from_hours(30 * 24);

/// How long before metadata from a file end it is told: somebody has to put another in its place.
const FILE_SOON: SignedDuration = SignedDuration::from_hours(14 * 24);

/// How long before metadata from an address end it is told: federations publish each day for a week or more.
const URL_SOON: SignedDuration = SignedDuration::from_hours(24);

/// Identity providers that are told of by name.
const MOST_NAMED: usize = 5;

/// The troubles behind what was observed of the provider with these `settings`.
pub fn diagnose(settings: &Settings, observed: &Observed, now: Timestamp) -> Vec<Finding> {
    let about = About { settings, now };
    let mut findings: Vec<_> = about.own_certificate().into_iter().collect();
    let probe = match &observed.metadata {
        Ok(probe) => probe,
        Err(none) => {
            findings.push(about.no_metadata(none));
            return findings;
        }
    };
    findings.extend(about.document(probe));
    if let [idp] = probe.idps.as_slice() {
        findings.extend(about.addresses(idp));
        findings.extend(about.signing_certificates(idp));
        findings.extend(about.names(idp));
    }
    match &observed.login {
        // What the metadata lack for a request has been told.
        Some(Begun::NoRequest(_)) if findings.iter().any(|finding| finding.severity >= Severity::Error) => {}
        Some(Begun::NoRequest(error)) => findings.push(about.no_request(error)),
        Some(Begun::Arrived(Ok(arrived))) => findings.extend(about.arrived(arrived)),
        Some(Begun::Arrived(Err(error))) => findings.push(about.no_connection(Leg::Authorization, error)),
        None => {}
    }
    findings
}

struct About<'a> {
    settings: &'a Settings,
    now: Timestamp,
}

impl About<'_> {
    fn finding(
        &self,
        check: &'static str,
        severity: Severity,
        trouble: impl AsRef<str>,
        remedy: impl Into<String>,
    ) -> Finding {
        Finding::new(check, severity, format!("provider `{}` {}", self.settings.id, trouble.as_ref()), remedy)
    }

    fn error(&self, check: &'static str, trouble: impl AsRef<str>, remedy: impl Into<String>) -> Finding {
        self.finding(check, Severity::Error, trouble, remedy)
    }

    fn is_file(&self) -> bool {
        matches!(self.settings.metadata.source, MetadataSource::File(_))
    }

    fn no_connection(&self, leg: Leg, error: &HttpError) -> Finding {
        connection::diagnose(&self.settings.id, leg, error, "idp_metadata_url")
    }

    fn no_metadata(&self, none: &NoMetadata) -> Finding {
        match none {
            NoMetadata::Unreachable(error) => self.no_connection(Leg::Metadata, error),
            NoMetadata::File { cause } => self.error(
                "provider.metadata_file",
                format!("has no metadata: {cause}"),
                "check `idp_metadata_file`, and that the user whom Roomkey runs as may read it",
            ),
            NoMetadata::Unusable(error) => self.unusable(error),
            NoMetadata::Missing { others, mistakes } if mistakes.is_empty() => self.error(
                "provider.idp_entity_id",
                format!("is not in the metadata: they hold {others} identity providers, none with `idp_entity_id`"),
                "copy entityID from the metadata of that identity provider, to the last slash",
            ),
            NoMetadata::Missing { mistakes, .. } => self.error(
                "provider.idp_entity_id",
                format!("is in the metadata, and cannot be used: {}", listed(mistakes)),
                "tell the operators of that identity provider, or of the federation",
            ),
        }
    }

    fn unusable(&self, error: &MetadataError) -> Finding {
        match error {
            MetadataError::Signature { .. } => self.error(
                "provider.metadata_signature",
                format!("has metadata that `metadata_certificate_file` does not vouch for: {error}"),
                "get the federation's current signing certificate by a way that you trust; if it is in the file already, somebody else \
                 signs these metadata",
            ),
            MetadataError::Certificate => self.error(
                "provider.metadata_certificate",
                "has a `metadata_certificate_file` by which nothing can be checked",
                "put the certificate that signs the metadata there: RSA of 2048 bits or more, or P-256, P-384, P-521",
            ),
            MetadataError::Expired(_) => self.error(
                "provider.metadata_expired",
                format!("has metadata of the past: {error}"),
                if self.is_file() {
                    "put the current ones in the place of `idp_metadata_file`, or have them fetched by `idp_metadata_url`"
                } else {
                    "tell those who publish them; if they are up to date there, set this machine's clock"
                },
            ),
            MetadataError::NoIdp(_) => self.error(
                "provider.no_idp",
                format!("has metadata without an identity provider that can be used: {error}"),
                "take the metadata of the identity provider, not those of a service; what is wrong in them is for its operators",
            ),
            MetadataError::TooLarge { .. }
            | MetadataError::Document(_)
            | MetadataError::NotMetadata
            | MetadataError::Time(_) => self.error(
                "provider.metadata",
                format!("has metadata that cannot be used: {}", chain(error)),
                "open the address or the file: there have to be SAML 2.0 metadata (XML), and not a page for people",
            ),
        }
    }

    /// What the document as a whole says.
    fn document(&self, probe: &Probe) -> Vec<Finding> {
        let mut findings = Vec::new();
        let soon = if self.is_file() { FILE_SOON } else { URL_SOON };
        if let Some(end) = probe.valid_until.filter(|&end| self.is_soon(end, soon)) {
            findings.push(self.finding(
                "provider.metadata_ending",
                Severity::Warning,
                format!("has metadata that end at {end}: from then on nobody logs in"),
                if self.is_file() {
                    "put newer ones in the place of `idp_metadata_file`, or have them fetched by `idp_metadata_url`"
                } else {
                    "tell those who publish them: they should be published anew long before"
                },
            ));
        }
        if !probe.doubtful.is_empty() {
            let named = probe.doubtful.iter().take(MOST_NAMED);
            let named: Vec<_> =
                named.map(|(entity_id, mistakes)| format!("{entity_id:?} ({})", listed(mistakes))).collect();
            let more = probe.doubtful.len().saturating_sub(MOST_NAMED);
            let more = if more == 0 { String::new() } else { format!(", and {more} more") };
            findings.push(self.finding(
                "provider.metadata_doubt",
                Severity::Note,
                format!("has metadata that describe identity providers wrongly: {}{more}", named.join(", ")),
                "tell their operators; what cannot be used is left out",
            ));
        }
        if probe.idps.len() > 1 && self.settings.metadata.signed_by.is_empty() {
            findings.push(self.finding(
                "provider.metadata_unsigned",
                Severity::Warning,
                format!("takes the metadata of {} identity providers from whoever publishes them", probe.idps.len()),
                "have their signature checked: `metadata_certificate_file`",
            ));
        }
        findings
    }

    /// Where messages go, and whether it takes them as Roomkey sends them.
    fn addresses(&self, idp: &IdpMetadata) -> Vec<Finding> {
        let mut findings = Vec::new();
        let has_key = self.settings.own_key.is_some();
        if let Some(binding) = self.settings.request_binding
            && idp.single_sign_on_by(binding).is_none()
        {
            let (wanted, offered) = match binding {
                Binding::Redirect => ("redirect", "post"),
                Binding::Post => ("post", "redirect"),
            };
            findings.push(self.error(
                "provider.request_binding",
                format!("takes no requests by `request_binding = \"{wanted}\"`"),
                format!("leave request_binding out, or make it \"{offered}\", which it offers"),
            ));
        }
        if idp.wants_signed_requests && !has_key {
            findings.push(self.error(
                "provider.request_key",
                "wants signed requests, and Roomkey has no key to sign them with",
                "give `key_file` and `certificate_file`, and then Roomkey's metadata to the provider again",
            ));
        }
        if !has_key && !idp.single_logout.is_empty() {
            findings.push(self.finding(
                "provider.single_logout",
                Severity::Note,
                "offers single logout, which Roomkey has no key for: who logs out here stays logged in there",
                "give `key_file` and `certificate_file`, and then Roomkey's metadata to the provider again",
            ));
        } else if has_key && idp.single_logout.is_empty() {
            findings.push(self.finding(
                "provider.single_logout",
                Severity::Note,
                "offers no single logout: who logs out here stays logged in there",
                "switch it on at the provider if it can do that, by HTTP-Redirect or HTTP-POST",
            ));
        }
        findings
    }

    /// Their dates, which are nothing to Roomkey, tell when the provider will sign by another key.
    fn signing_certificates(&self, idp: &IdpMetadata) -> Option<Finding> {
        let ends = idp.signing_certificates.iter().filter_map(|der| certificate_ends(der));
        let last = ends.max().filter(|&last| self.is_soon(last, CERTIFICATE_SOON))?;
        let (severity, remedy) = if self.is_file() {
            let remedy = "ask its operators for the next one, and put the metadata that have it in the place of \
                          `idp_metadata_file` before they change it, or take `idp_metadata_url`, which is read again by itself";
            (Severity::Warning, remedy)
        } else {
            (
                Severity::Note,
                "nothing, if its metadata have the next one before it signs by that: they are read again by themselves",
            )
        };
        let trouble = format!("signs by a certificate that {} {last}", self.ends(last));
        Some(self.finding("provider.signing_certificate", severity, trouble, remedy))
    }

    fn own_certificate(&self) -> Option<Finding> {
        let end = certificate_ends(self.settings.own_key.as_ref()?.certificate())?;
        self.is_soon(end, CERTIFICATE_SOON).then(|| {
            self.finding(
                "provider.own_certificate",
                Severity::Warning,
                format!("knows Roomkey by a certificate that {} {end}", self.ends(end)),
                "make another for the same key, put it into `certificate_file`, and give Roomkey's metadata to the provider again",
            )
        })
    }

    /// Whether somebody can be known again.
    fn names(&self, idp: &IdpMetadata) -> Option<Finding> {
        let is_transient_alone =
            !idp.name_id_formats.is_empty() && idp.name_id_formats.iter().all(|format| format == TRANSIENT);
        (self.settings.subject == SubjectSource::NameId && is_transient_alone).then(|| {
            self.error(
                "provider.subject",
                "offers transient name identifiers alone, by which nobody can be known again",
                "have it send a persistent NameID, or name an attribute that stays as `subject`",
            )
        })
    }

    fn no_request(&self, error: &ProviderError) -> Finding {
        let remedy = "check the provider's metadata, and the keys of it in roomkey.toml";
        self.error("provider.request", format!("cannot be asked for a login: {}", chain(error)), remedy)
    }

    fn arrived(&self, arrived: &Arrived) -> Option<Finding> {
        let seen = match (arrived.entra_error, arrived.status) {
            (Some(code), _) => code.to_owned(),
            (None, status @ 400..) => format!("status {status}"),
            (None, _) => return None,
        };
        // Some turn programs away.
        let severity = if arrived.status == 403 { Severity::Warning } else { Severity::Error };
        let metadata = self.settings.acs.join("metadata").unwrap_or_else(|_| self.settings.acs.clone());
        Some(self.finding(
            "provider.service_provider",
            severity,
            format!("turns the login away before anybody logs in ({seen})"),
            format!(
                "give it Roomkey's metadata, {metadata}: the entity id has to be `{}`, and the address for responses {}",
                self.settings.entity_id, self.settings.acs
            ),
        ))
    }

    fn is_soon(&self, end: Timestamp, soon: SignedDuration) -> bool {
        end.duration_since(self.now) < soon
    }

    fn ends(&self, end: Timestamp) -> &'static str {
        if end <= self.now { "has ended at" } else { "ends at" }
    }
}

fn listed(mistakes: &[Mistake]) -> String {
    let mistakes: Vec<_> = mistakes.iter().map(Mistake::to_string).collect();
    mistakes.join(", ")
}

#[cfg(test)]
mod tests;

//! What a provider's answers mean.

use super::{Arrived, Observed, registration};
use crate::config::{ProviderConfig, ProviderKind};
use crate::doctor::{Finding, Severity, connection};
use crate::provider::http::HttpError;
use crate::provider::oidc::ClientAuth;
use crate::provider::{FailedCheck, Leg, ProviderError, chain};

/// What Entra writes on a page with status 200: no such redirect URI, no such client, no such tenant.
pub(super) const ENTRA_ERRORS: [&str; 3] = ["AADSTS50011", "AADSTS700016", "AADSTS90002"];

/// The troubles behind what was observed of `provider`.
pub fn diagnose(provider: &ProviderConfig, observed: &Observed) -> Vec<Finding> {
    let about = About { provider };
    if let Err(error) = &observed.discovery {
        return vec![about.no_documents(error)];
    }
    let keys = observed.keys.as_ref().and_then(|keys| keys.as_ref().err());
    let keys = keys.map(|error| {
        about.error(
            "provider.keys",
            format!("has no keys that can be used: {}", chain(error)),
            "check jwks_uri at the provider, and that it signs ID Tokens by RS, PS, ES or EdDSA",
        )
    });
    let exchange = observed.exchange.as_ref().and_then(|error| about.exchange(error));
    let authorization = match &observed.authorization {
        Some(Ok(arrived)) => about.arrived(arrived),
        Some(Err(error)) => Some(about.no_connection(Leg::Authorization, error)),
        None => None,
    };
    // Both may say that the registration lacks something: once is enough.
    let authorization =
        authorization.filter(|finding| exchange.as_ref().is_none_or(|said| said.check != finding.check));
    keys.into_iter().chain(exchange).chain(authorization).collect()
}

struct About<'a> {
    provider: &'a ProviderConfig,
}

impl About<'_> {
    fn finding(
        &self,
        check: &'static str,
        severity: Severity,
        trouble: impl AsRef<str>,
        remedy: impl Into<String>,
    ) -> Finding {
        Finding::new(check, severity, format!("provider `{}` {}", self.provider.id, trouble.as_ref()), remedy)
    }

    fn error(&self, check: &'static str, trouble: impl AsRef<str>, remedy: impl Into<String>) -> Finding {
        self.finding(check, Severity::Error, trouble, remedy)
    }

    fn redirect_uri(&self) -> &str {
        registration(&self.provider.kind).map_or("", |(_, redirect_uri)| redirect_uri.as_str())
    }

    fn client_id(&self) -> &str {
        registration(&self.provider.kind).map_or("", |(client_id, _)| client_id)
    }

    fn is_public(&self) -> bool {
        match &self.provider.kind {
            ProviderKind::Oidc(settings) | ProviderKind::Google(settings) | ProviderKind::Entra(settings) => {
                matches!(settings.client_auth, ClientAuth::None)
            }
            ProviderKind::GitHub(_) | ProviderKind::Saml(_) | ProviderKind::Ldap(_) | ProviderKind::Guest => false,
        }
    }

    fn no_documents(&self, error: &ProviderError) -> Finding {
        match error {
            ProviderError::Unreachable { leg, cause } => self.no_connection(*leg, cause),
            ProviderError::Untrusted { check: FailedCheck::DiscoveredIssuer, detail } => self.error(
                "provider.issuer",
                format!("calls itself otherwise than `issuer`: {detail}"),
                "copy `issuer` from the provider's /.well-known/openid-configuration, to the last slash",
            ),
            other => self.error(
                "provider.discovery",
                format!("has a discovery document that cannot be used: {}", chain(other)),
                "check `issuer`, and the provider's /.well-known/openid-configuration",
            ),
        }
    }

    fn no_connection(&self, leg: Leg, error: &HttpError) -> Finding {
        connection::diagnose(&self.provider.id, leg, error, "issuer")
    }

    /// How a login with a made-up code should end is known: everything else about it was right.
    fn exchange(&self, error: &ProviderError) -> Option<Finding> {
        match error {
            ProviderError::TurnedAway { leg: Leg::Token, code } => match code.as_str() {
                "invalid_client" | "unauthorized_client" | "incorrect_client_credentials" if self.is_public() => {
                    Some(self.error(
                        "provider.client_secret",
                        format!("wants a secret of the client `{}` (`{code}`)", self.client_id()),
                        "set client_secret_file, or register the client at the provider as a public one",
                    ))
                }
                "invalid_client" | "unauthorized_client" | "incorrect_client_credentials" => Some(self.error(
                    "provider.client_secret",
                    format!("does not accept the secret of the client `{}` (`{code}`)", self.client_id()),
                    "copy client_id and the client secret from the provider again, and check client_auth and its expiry",
                )),
                "redirect_uri_mismatch" => Some(self.not_registered(code)),
                // Some judge the code before the client, and in words of their own: that tells nothing.
                _ => None,
            },
            ProviderError::Unreachable { leg, cause } => Some(self.no_connection(*leg, cause)),
            ProviderError::Untrusted { check: FailedCheck::TokenResponse, .. } => Some(self.error(
                "provider.answer",
                "has something else than a token endpoint at that address",
                "check the endpoints in roomkey.toml, or in the provider's discovery document",
            )),
            ProviderError::Refused { .. }
            | ProviderError::NotAdmitted { .. }
            | ProviderError::Untrusted { .. }
            | ProviderError::TurnedAway { .. }
            | ProviderError::InTrouble { .. }
            | ProviderError::TooManyCalls { .. }
            | ProviderError::Barred { .. }
            | ProviderError::SignOnNeeded => None,
        }
    }

    fn arrived(&self, arrived: &Arrived) -> Option<Finding> {
        if let Some(location) = &arrived.location {
            if location.as_str().starts_with(self.redirect_uri()) {
                let error = location.query_pairs().find(|(name, _)| name == "error").map(|(_, code)| code.into_owned());
                return error.and_then(|code| self.sent_back(&code));
            }
            // Google shows its errors on a page of their own.
            return location
                .path()
                .starts_with("/signin/oauth/error")
                .then(|| self.not_registered("Google's error page"));
        }
        match arrived.status {
            _ if arrived.entra_error.is_some() => arrived.entra_error.map(|code| self.not_registered(code)),
            400 | 401 | 404 => Some(self.not_registered(&format!("status {}", arrived.status))),
            403 => Some(Finding { severity: Severity::Warning, ..self.not_registered("status 403") }),
            status if status >= 500 => Some(self.no_connection(Leg::Authorization, &HttpError::Status(arrived.status))),
            _ => None,
        }
    }

    fn not_registered(&self, seen: &str) -> Finding {
        self.error(
            "provider.redirect_uri",
            format!("turns the login away before anybody logs in ({seen})"),
            format!(
                "register the redirect URI {} for the client `{}` at the provider, to the letter",
                self.redirect_uri(),
                self.client_id()
            ),
        )
    }

    fn sent_back(&self, code: &str) -> Option<Finding> {
        match code {
            // Nobody is logged in where nobody is.
            "login_required" | "interaction_required" | "consent_required" | "account_selection_required" => None,
            "invalid_scope" => Some(self.error(
                "provider.scopes",
                "does not know a scope that is asked for (`invalid_scope`)",
                "take out of `scopes` what the provider does not offer to this client",
            )),
            _ => {
                let code: String = code.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(64).collect();
                Some(self.error(
                    "provider.request",
                    format!("sends people back at once (`{code}`)"),
                    "check the client at the provider: authorization code flow, PKCE, response type `code`",
                ))
            }
        }
    }
}

#[cfg(test)]
mod tests;

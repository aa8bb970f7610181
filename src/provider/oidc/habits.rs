//! What one make of OpenID provider does differently from the standard, as data: the flow asks for no product's name.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::{Map, Value};

use super::id_token::{subject, subject_part};
use crate::provider::error::Untrusted;
use crate::provider::http::Http;
use crate::provider::{FailedCheck, ProviderError};

/// The habits of a provider; by default those of OpenID Connect Core 1.0.
#[derive(Clone, Debug, Default)]
pub struct Habits {
    /// Where the discovery document is looked for, if not below the issuer.
    pub discovery: Option<String>,
    /// How the issuer is spelt in tokens.
    pub issuer: IssuerRule,
    /// Which claims name the person.
    pub subject: SubjectRule,
    /// What a person must have to be admitted.
    pub required: Vec<Requirement>,
    /// Parameters of the authentication request beside those of the standard.
    pub parameters: Vec<(&'static str, String)>,
    /// The ID Token holds all that UserInfo would say, which is therefore not asked.
    pub complete_id_tokens: bool,
    /// What has to be fetched from an API of the provider's own.
    pub completion: Option<Arc<dyn Completion>>,
    /// The form that brings the response has the person's name in `user`, the first time they log in. Nobody has verified it, and
    /// it is shown only where no claim gives a name (Apple).
    pub name_in_response: bool,
}

/// How the provider spells its issuer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum IssuerRule {
    /// One issuer, to the letter (OpenID Connect Core 1.0, section 3.1.3.7, rule 2).
    #[default]
    Exact,
    /// One issuer, which tokens also spell in one of these ways.
    Spellings(&'static [&'static str]),
    /// One for each tenant: [`Settings::issuer`](super::Settings::issuer) is a template, in which the value of a claim of the same
    /// token stands in the place of a name in braces.
    Template {
        /// What is replaced, braces included; it stands in the template once.
        placeholder: &'static str,
        /// The claim whose value takes its place.
        claim: &'static str,
    },
}

/// The claims that together name a person for good, joined by `:`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectRule(pub &'static [&'static str]);

/// A claim that admits a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// The claim.
    pub claim: &'static str,
    /// Its value has to be one of these, whatever the case of ASCII letters.
    pub values: Vec<String>,
    /// The operator's key that demands it, for the log.
    pub key: &'static str,
}

/// Fetches claims that a token leaves out.
pub trait Completion: std::fmt::Debug + Send + Sync {
    /// Completes verified `claims` by calls with the person's own access token.
    ///
    /// # Errors
    /// The login is over: without these claims nobody knows which rules fit.
    fn complete<'a>(
        &'a self,
        http: &'a Http,
        access_token: &'a str,
        claims: Map<String, Value>,
    ) -> BoxFuture<'a, Result<Map<String, Value>, ProviderError>>;
}

impl Default for SubjectRule {
    fn default() -> Self {
        Self(&["sub"])
    }
}

impl SubjectRule {
    /// Whether it is the subject of the standard.
    pub(super) fn is_standard(&self) -> bool {
        self.0 == ["sub"]
    }

    /// The person's name for good.
    pub(super) fn read(&self, claims: &Map<String, Value>) -> Result<String, Untrusted> {
        if self.is_standard() {
            return subject(claims).map(str::to_owned);
        }
        let parts: Vec<_> = self.0.iter().map(|claim| subject_part(claims, claim)).collect::<Result<_, _>>()?;
        if parts.iter().any(|part| part.contains(':')) {
            return Err(Untrusted::new(FailedCheck::Subject, "a part of it holds a colon"));
        }
        Ok(parts.join(":"))
    }
}

impl IssuerRule {
    /// Checks `iss` of a token against `issuer`.
    pub(in crate::provider) fn check(&self, issuer: &str, claims: &Map<String, Value>) -> Result<(), Untrusted> {
        let iss = claims
            .get("iss")
            .and_then(Value::as_str)
            .ok_or_else(|| Untrusted::new(FailedCheck::Issuer, "it is missing or no string"))?;
        let fits = match self {
            Self::Exact => iss == issuer,
            Self::Spellings(others) => iss == issuer || others.contains(&iss),
            Self::Template { placeholder, claim } => {
                let value = claims
                    .get(*claim)
                    .and_then(Value::as_str)
                    .ok_or_else(|| Untrusted::new(FailedCheck::Issuer, format!("there is no `{claim}` beside it")))?;
                between(placeholder, issuer, iss) == Some(value)
            }
        };
        fits.then_some(()).ok_or_else(|| Untrusted::new(FailedCheck::Issuer, "it is another issuer's"))
    }

    /// Whether `iss`, before there is a token, may be the provider's: for `iss` of a response (RFC 9207).
    pub(super) fn may_be(&self, issuer: &str, iss: &str) -> bool {
        match self {
            Self::Exact | Self::Spellings(_) => {
                aws_lc_rs::constant_time::verify_slices_are_equal(iss.as_bytes(), issuer.as_bytes()).is_ok()
            }
            Self::Template { placeholder, .. } => between(placeholder, issuer, iss).is_some(),
        }
    }
}

/// What stands in `text` where `template` has `placeholder`: one segment of a path, not empty.
fn between<'t>(placeholder: &str, template: &str, text: &'t str) -> Option<&'t str> {
    let (before, after) = template.split_once(placeholder)?;
    let value = text.strip_prefix(before)?.strip_suffix(after)?;
    (!value.is_empty() && !value.contains(['/', '?', '#'])).then_some(value)
}

impl Requirement {
    /// Checks the claims of a token that has been verified.
    pub(in crate::provider) fn check(&self, claims: &Map<String, Value>) -> Result<(), ProviderError> {
        let not_admitted = |what: &str| {
            let reason = format!("`{}` {what} `{}`", self.claim, self.key);
            Err(ProviderError::NotAdmitted { reason })
        };
        match claims.get(self.claim).and_then(Value::as_str) {
            Some(value) if self.values.iter().any(|wanted| wanted.eq_ignore_ascii_case(value)) => Ok(()),
            Some(_) => not_admitted("is not among"),
            None => not_admitted("is missing, which is required by"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const TEMPLATE: &str = "https://login.example.com/{tenantid}/v2.0";
    const BY_TENANT: IssuerRule = IssuerRule::Template { placeholder: "{tenantid}", claim: "tid" };

    fn claims(value: Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    fn iss_passes(iss: &str, tid: Value) -> bool {
        BY_TENANT.check(TEMPLATE, &claims(json!({ "iss": iss, "tid": tid }))).is_ok()
    }

    #[test]
    fn a_tenants_issuer_is_that_of_the_tenant_in_the_token() {
        assert!(iss_passes("https://login.example.com/t-1/v2.0", json!("t-1")));

        assert!(!iss_passes("https://login.example.com/t-2/v2.0", json!("t-1")));
        assert!(!iss_passes("https://login.example.com/T-1/v2.0", json!("t-1")));
        assert!(!iss_passes("https://login.example.com/t-1/v2.0/", json!("t-1")));
        assert!(!iss_passes("https://login.example.net/t-1/v2.0", json!("t-1")));
        assert!(!iss_passes(TEMPLATE, json!("t-1")));
        assert!(!iss_passes("https://login.example.com//v2.0", json!("")));
        assert!(!iss_passes("https://login.example.com/a/b/v2.0", json!("a/b")));
        assert!(!iss_passes("https://login.example.com/t-1/v2.0", json!(["t-1"])));
    }

    #[test]
    fn an_issuer_without_its_tenant_is_refused() {
        let lone = claims(json!({ "iss": "https://login.example.com/t-1/v2.0" }));

        let refused = BY_TENANT.check(TEMPLATE, &lone);

        assert_eq!(refused, Err(Untrusted::new(FailedCheck::Issuer, "there is no `tid` beside it")));
    }

    #[test]
    fn the_issuer_of_a_response_has_the_form_of_the_template() {
        assert!(BY_TENANT.may_be(TEMPLATE, "https://login.example.com/t-1/v2.0"));
        assert!(!BY_TENANT.may_be(TEMPLATE, "https://login.example.net/t-1/v2.0"));
        assert!(IssuerRule::Exact.may_be("https://a", "https://a"));
        assert!(!IssuerRule::Exact.may_be("https://a", "https://a/"));
    }

    #[test]
    fn a_subject_of_several_claims_needs_each_of_them() {
        let rule = SubjectRule(&["tid", "oid"]);
        let read = |value| rule.read(&claims(value)).map_err(|untrusted| untrusted.check);

        assert_eq!(read(json!({ "tid": "t", "oid": "o", "sub": "s" })).as_deref(), Ok("t:o"));
        assert_eq!(read(json!({ "tid": "t", "sub": "s" })), Err(FailedCheck::Subject));
        assert_eq!(read(json!({ "tid": "", "oid": "o" })), Err(FailedCheck::Subject));
        assert_eq!(read(json!({ "tid": "t:o", "oid": "p" })), Err(FailedCheck::Subject));
        assert_eq!(read(json!({ "tid": "t", "oid": 7 })), Err(FailedCheck::Subject));
    }

    #[test]
    fn a_requirement_is_met_by_one_of_its_values_in_any_case() {
        let hosted =
            Requirement { claim: "hd", values: vec!["Example.com".to_owned(), "b.test".to_owned()], key: "domains" };
        let met = |value| hosted.check(&claims(value)).is_ok();

        assert!(met(json!({ "hd": "example.COM" })) && met(json!({ "hd": "b.test" })));
        assert!(!met(json!({ "hd": "example.org" })) && !met(json!({ "hd": "sub.example.com" })));
        assert!(!met(json!({})) && !met(json!({ "hd": ["example.com"] })) && !met(json!({ "hd": "" })));
    }

    proptest! {
        #[test]
        fn no_other_host_passes_for_the_template(iss in "https://[a-z.]{1,20}/[a-z0-9-]{0,12}/v2.0", tid in "[a-z0-9-]{1,12}") {
            prop_assert_eq!(iss_passes(&iss, json!(tid)), iss == TEMPLATE.replace("{tenantid}", &tid));
        }
    }
}

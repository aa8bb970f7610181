//! Microsoft Entra ID, as an OpenID provider with habits of its own.
//!
//! One authority serves all tenants. Its issuer is a template for each of them, so that a token is believed only if its issuer is
//! that of its own tenant and the tenant is one that the operator allows. A person is `tid` and `oid`: addresses are
//! set by any tenant's administrator and name nobody.

mod graph;

use std::sync::Arc;

use url::Url;

use super::oidc::{ClientAuth, Completion, Habits, IssuerRule, Requirement, Settings, SubjectRule};
use super::{ClaimMap, ClaimSource, EmailVerified, ProviderId};
use graph::Graph;

/// The authority of the worldwide cloud.
pub const AUTHORITY: &str = "https://login.microsoftonline.com";

/// Microsoft Graph of the worldwide cloud.
pub const GRAPH: &str = "https://graph.microsoft.com";

/// The tenant of all personal Microsoft accounts.
pub const CONSUMERS: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

/// A provider of kind `entra`, checked.
#[derive(Clone, Debug)]
pub struct Entra {
    /// Its id; part of the redirect URI.
    pub id: ProviderId,
    /// [`AUTHORITY`], or that of a national cloud; without a slash at its end.
    pub authority: String,
    /// [`GRAPH`], or that of a national cloud.
    pub graph: Url,
    /// Who can log in there.
    pub tenant: Tenant,
    /// `client_id`.
    pub client_id: String,
    /// How Roomkey proves at the token endpoint who it is.
    pub client_auth: ClientAuth,
    /// Where the browser comes back to.
    pub redirect_uri: Url,
    /// `scope`.
    pub scopes: Vec<String>,
    /// `prompt`.
    pub prompt: Option<String>,
    /// `login_hint`.
    pub login_hint: Option<String>,
    /// Which claims make up the person; [`claims`] by default.
    pub claims: ClaimMap,
    /// Groups that do not fit into the token are fetched.
    pub fetch_groups: bool,
}

/// `tenant`, with the tenants whose people are admitted, in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tenant {
    /// This one alone.
    One(String),
    /// Personal accounts alone.
    Consumers,
    /// Those allowed of all organisations.
    Organizations(Vec<String>),
    /// Those allowed of all organisations and, by the tenant [`CONSUMERS`], personal accounts.
    Common(Vec<String>),
}

/// What of a token makes up the person, with `groups` from `roles` or `groups`. An address counts as verified only by the optional
/// claim `xms_edov`, which says that the tenant has proved the domain.
pub fn claims(groups: &str) -> ClaimMap {
    let claims = |names: &[&str]| ClaimSource(names.iter().map(|&name| name.to_owned()).collect());
    ClaimMap {
        name: claims(&["name", "preferred_username"]),
        email: claims(&["email"]),
        email_verified: EmailVerified::Flag(claims(&["xms_edov"])),
        avatar: ClaimSource::default(),
        groups: claims(&[groups]),
    }
}

impl From<Entra> for Settings {
    fn from(entra: Entra) -> Self {
        let at = |tenant: &str| format!("{}/{tenant}/v2.0", entra.authority);
        let template = (at("{tenantid}"), IssuerRule::Template { placeholder: "{tenantid}", claim: "tid" });
        let ((issuer, rule), discovery, values, key) = match entra.tenant {
            Tenant::One(id) => ((at(&id), IssuerRule::Exact), at(&id), vec![id], "tenant"),
            Tenant::Consumers => {
                let own = (at(CONSUMERS), IssuerRule::Exact);
                (own, at("consumers"), vec![CONSUMERS.to_owned()], "tenant")
            }
            Tenant::Organizations(allowed) => (template, at("organizations"), allowed, "allowed_tenants"),
            Tenant::Common(allowed) => (template, at("common"), allowed, "allowed_tenants"),
        };
        let graph = || Arc::new(Graph::new(entra.graph)) as Arc<dyn Completion>;
        Self {
            id: entra.id,
            issuer,
            client_id: entra.client_id,
            client_auth: entra.client_auth,
            redirect_uri: entra.redirect_uri,
            scopes: entra.scopes,
            prompt: entra.prompt,
            max_age: None,
            acr_values: Vec::new(),
            login_hint: entra.login_hint,
            form_post: false,
            id_token_algorithms: Vec::new(),
            endpoints: None,
            claims: entra.claims,
            habits: Habits {
                discovery: Some(discovery),
                issuer: rule,
                subject: SubjectRule(&["tid", "oid"]),
                required: vec![Requirement { claim: "tid", values, key }],
                complete_id_tokens: true,
                completion: entra.fetch_groups.then(graph),
                ..Habits::default()
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::*;
    use crate::provider::FailedCheck;

    const OURS: &str = "11111111-1111-1111-1111-111111111111";
    const THEIRS: &str = "22222222-2222-2222-2222-222222222222";

    fn settings(tenant: Tenant) -> Settings {
        let entra = Entra {
            id: "microsoft".parse().unwrap(),
            authority: AUTHORITY.to_owned(),
            graph: GRAPH.parse().unwrap(),
            tenant,
            client_id: "c".to_owned(),
            client_auth: ClientAuth::None,
            redirect_uri: "https://sso.example.com/callback/microsoft".parse().unwrap(),
            scopes: vec!["openid".to_owned()],
            prompt: None,
            login_hint: None,
            claims: claims("roles"),
            fetch_groups: false,
        };
        entra.into()
    }

    fn token(iss_tenant: &str, tid: &str) -> Map<String, Value> {
        let iss = format!("https://login.microsoftonline.com/{iss_tenant}/v2.0");
        json!({ "iss": iss, "tid": tid, "oid": "o-1", "sub": "s-1" }).as_object().unwrap().clone()
    }

    /// Whether the issuer passes, and then whether the tenant does.
    fn outcome(settings: &Settings, claims: &Map<String, Value>) -> (bool, bool) {
        let issuer = settings.habits.issuer.check(&settings.issuer, claims);
        let admitted = settings.habits.required.iter().all(|requirement| requirement.check(claims).is_ok());
        assert!(issuer.as_ref().err().is_none_or(|untrusted| untrusted.check == FailedCheck::Issuer));
        (issuer.is_ok(), admitted)
    }

    #[test]
    fn one_tenant_is_that_tenant_alone() {
        let one = settings(Tenant::One(OURS.to_owned()));

        assert_eq!(one.issuer, format!("https://login.microsoftonline.com/{OURS}/v2.0"));
        assert_eq!(outcome(&one, &token(OURS, OURS)), (true, true));
        assert_eq!(outcome(&one, &token(THEIRS, THEIRS)), (false, false));
        assert_eq!(outcome(&one, &token(OURS, THEIRS)), (true, false));
    }

    #[test]
    fn of_many_tenants_those_allowed_pass_by_their_own_issuer() {
        for tenant in [Tenant::Organizations(vec![OURS.to_owned()]), Tenant::Common(vec![OURS.to_owned()])] {
            let many = settings(tenant);

            assert_eq!(outcome(&many, &token(OURS, OURS)), (true, true));
            assert_eq!(outcome(&many, &token(THEIRS, THEIRS)), (true, false));
            assert_eq!(outcome(&many, &token(THEIRS, OURS)), (false, true));
            assert_eq!(outcome(&many, &token(OURS, THEIRS)), (false, false));
        }
    }

    #[test]
    fn personal_accounts_are_a_tenant_of_their_own() {
        let consumers = settings(Tenant::Consumers);

        let discovery = consumers.habits.discovery.as_deref();
        assert_eq!(discovery, Some("https://login.microsoftonline.com/consumers/v2.0"));
        assert_eq!(outcome(&consumers, &token(CONSUMERS, CONSUMERS)), (true, true));
        assert_eq!(outcome(&consumers, &token(OURS, OURS)), (false, false));
    }
}

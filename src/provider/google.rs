//! Google, as an OpenID provider with habits of its own.
//!
//! A Workspace account has the claim `hd` with its organisation's primary domain. The parameter of that name is a hint that anybody
//! can take out of the request, so the claim is what counts.

use url::Url;

use super::oidc::{ClientAuth, Habits, IssuerRule, Requirement, Settings};
use super::{ClaimMap, ClaimSource, EmailVerified, ProviderId};

/// Google's issuer.
pub const ISSUER: &str = "https://accounts.google.com";

/// The issuer as Google's tokens have also spelt it; its documentation allows either.
const OTHER_ISSUERS: &[&str] = &["accounts.google.com"];

/// A provider of kind `google`, checked.
#[derive(Clone, Debug)]
pub struct Google {
    /// Its id; part of the redirect URI.
    pub id: ProviderId,
    /// [`ISSUER`], but for a stand-in.
    pub issuer: String,
    /// `client_id`.
    pub client_id: String,
    /// How Roomkey proves at the token endpoint who it is.
    pub client_auth: ClientAuth,
    /// Where the browser comes back to.
    pub redirect_uri: Url,
    /// The organisations whose accounts are admitted; empty: any Google account.
    pub hosted_domains: Vec<String>,
    /// `prompt`.
    pub prompt: Option<String>,
    /// `login_hint`.
    pub login_hint: Option<String>,
}

impl From<Google> for Settings {
    fn from(google: Google) -> Self {
        let (required, parameters) = hosted(google.hosted_domains);
        Self {
            id: google.id,
            issuer: google.issuer,
            client_id: google.client_id,
            client_auth: google.client_auth,
            redirect_uri: google.redirect_uri,
            scopes: ["openid", "profile", "email"].map(str::to_owned).to_vec(),
            prompt: google.prompt,
            max_age: None,
            acr_values: Vec::new(),
            login_hint: google.login_hint,
            form_post: false,
            id_token_algorithms: Vec::new(),
            endpoints: None,
            claims: claims(),
            habits: Habits { issuer: IssuerRule::Spellings(OTHER_ISSUERS), required, parameters, ..Habits::default() },
        }
    }
}

/// `hd` as a claim that is required and as a hint, which can name one domain or, by `*`, any Workspace account.
fn hosted(domains: Vec<String>) -> (Vec<Requirement>, Vec<(&'static str, String)>) {
    let hint = match domains.as_slice() {
        [] => return (Vec::new(), Vec::new()),
        [only] => only.clone(),
        _ => "*".to_owned(),
    };
    (vec![Requirement { claim: "hd", values: domains, key: "hosted_domains" }], vec![("hd", hint)])
}

/// Google tells no groups. It speaks for an address only where it runs the mailbox or the organisation proved its domain
/// ("Verify the Google ID token on your server side": `email_verified`, and `hd` or `@gmail.com`).
fn claims() -> ClaimMap {
    let verified = ClaimSource(vec!["email_verified".to_owned()]);
    ClaimMap {
        email_verified: EmailVerified::InCharge { verified, hosted: "hd", own: "@gmail.com" },
        groups: ClaimSource::default(),
        ..ClaimMap::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(domains: &[&str]) -> Settings {
        let google = Google {
            id: "google".parse().unwrap(),
            issuer: ISSUER.to_owned(),
            client_id: "c.apps.googleusercontent.com".to_owned(),
            client_auth: ClientAuth::None,
            redirect_uri: "https://sso.example.com/callback/google".parse().unwrap(),
            hosted_domains: domains.iter().map(|&domain| domain.to_owned()).collect(),
            prompt: None,
            login_hint: None,
        };
        google.into()
    }

    #[test]
    fn a_domain_is_hinted_at_and_required() {
        let habits = settings(&["example.com"]).habits;

        assert_eq!(habits.parameters, [("hd", "example.com".to_owned())]);
        assert_eq!(habits.required[0].claim, "hd");
        assert_eq!(habits.required[0].values, ["example.com"]);
    }

    #[test]
    fn several_domains_are_hinted_at_as_any_and_required_by_name() {
        let habits = settings(&["example.com", "example.org"]).habits;

        assert_eq!(habits.parameters, [("hd", "*".to_owned())]);
        assert_eq!(habits.required[0].values, ["example.com", "example.org"]);
    }

    #[test]
    fn without_domains_any_account_will_do() {
        let habits = settings(&[]).habits;

        assert!(habits.parameters.is_empty() && habits.required.is_empty());
    }
}

//! GitHub, GitHub Enterprise Server and GHE.com: OAuth 2.0 without OpenID Connect, so that its API says who somebody is.
//!
//! Whoever holds the access token that the code was exchanged for is the person: the code came to this login's redirect URI, and
//! PKCE ties it to this browser. A person is their numeric id; names are given up and taken by others.

mod api;
mod person;
mod token;

use std::fmt;
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use oauth2::PkceCodeChallenge;
use secrecy::SecretString;
use tokio::sync::{Semaphore, SemaphorePermit};
use url::Url;

use super::error::Untrusted;
use super::http::{Http, HttpError};
use super::identity::Subject;
use super::saml::idp::Idps;
use super::{
    AuthenticationRequest, AuthenticationResponse, Confirmation, FailedCheck, Health, Leg, Login, ProviderError,
    ProviderId, RedirectProvider, ServiceProvider, SingleLogout, Tether, VerifiedIdentity,
};
use crate::clock::Clock;
use crate::login::{LoginAttempt, Manner, NewAttempt};
use api::Api;
use token::TokenClient;

/// Logins that may wait for GitHub at a time.
const MAX_UNDER_WAY: usize = 512;

/// Longest authorization code that is passed on, in bytes; GitHub's have 20.
const MAX_CODE_BYTES: usize = 1024;

/// What has to be granted for organisations and teams to be told.
pub const READ_ORG: &str = "read:org";

/// A provider of kind `github`, checked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Its id; part of the redirect URI.
    pub id: ProviderId,
    /// Where people log in, `https://github.com` or a server of one's own.
    pub base_url: Url,
    /// Where the API is.
    pub api_url: Url,
    /// `client_id` of the OAuth App.
    pub client_id: String,
    /// Its `client_secret`.
    pub client_secret: SecretString,
    /// Where the browser comes back to.
    pub redirect_uri: Url,
    /// `scope`.
    pub scopes: Vec<String>,
    /// Members of one of these are admitted; empty: anybody. Needs [`READ_ORG`].
    pub organizations: Vec<String>,
}

/// GitHub, or a server like it.
pub struct GitHubProvider {
    settings: Settings,
    api: Api,
    token: TokenClient,
    authorization: String,
    health: Health,
    under_way: Semaphore,
}

/// Where the API of a GitHub at `base_url` is: of its own host at GitHub.com and GHE.com, below `/api/v3` on a server of one's own.
pub fn api_url(base_url: &Url) -> Option<Url> {
    let host = base_url.host_str()?;
    let mut api = base_url.clone();
    if host == "github.com" || host.ends_with(".ghe.com") {
        api.set_host(Some(&format!("api.{host}"))).ok()?;
        api.set_path("");
    } else {
        api.set_path(&format!("{}/api/v3", base_url.path().trim_end_matches('/')));
    }
    Some(api)
}

impl GitHubProvider {
    /// A provider that is asked for nothing until somebody logs in.
    pub fn new(settings: Settings, clock: &Clock) -> Self {
        let at = |path: &str| {
            let mut endpoint = settings.base_url.clone();
            endpoint.set_path(&format!("{}/login/oauth/{path}", settings.base_url.path().trim_end_matches('/')));
            endpoint
        };
        let mut authorization = at("authorize");
        authorization
            .query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &settings.client_id)
            .append_pair("redirect_uri", settings.redirect_uri.as_str())
            .append_pair("scope", &settings.scopes.join(" "))
            .append_pair("code_challenge_method", "S256");
        Self {
            token: TokenClient::new(&settings, at("access_token")),
            api: Api::new(&settings),
            authorization: authorization.into(),
            settings,
            health: Health::new(clock),
            under_way: Semaphore::new(MAX_UNDER_WAY),
        }
    }

    fn enter(&self) -> Result<SemaphorePermit<'_>, ProviderError> {
        let busy = |_| ProviderError::Unreachable { leg: Leg::Token, cause: HttpError::Busy(MAX_UNDER_WAY) };
        self.under_way.try_acquire().map_err(busy)
    }

    async fn check(
        &self,
        http: &Http,
        attempt: LoginAttempt,
        response: AuthenticationResponse,
    ) -> Result<Login, ProviderError> {
        let _under_way = self.enter()?;
        let code = response.into_code(MAX_CODE_BYTES)?;
        let exchange = self.token.exchange(http, code, attempt.code_verifier());
        let access_token = self.health.measure(Leg::Token, exchange).await?;
        self.vouch(http, access_token).await
    }

    /// The person whose token this is, as GitHub tells it now.
    async fn vouch(&self, http: &Http, access_token: String) -> Result<Login, ProviderError> {
        let answers = self.health.measure(Leg::Api, self.api.ask(http, &access_token)).await?;
        let known = answers.admit(&self.settings.organizations)?;
        let identity = VerifiedIdentity::vouch(self.settings.id.clone(), known.subject, known.person, known.claims);
        let tether = Tether { refresh_token: Some(access_token), ..Tether::default() };
        Ok(Login { identity, tether, once: None })
    }

    async fn renew(&self, http: &Http, tether: Tether, subject: &Subject) -> Result<Confirmation, ProviderError> {
        let Some(access_token) = tether.refresh_token else {
            return Ok(Confirmation::NeedsBrowser);
        };
        let _under_way = self.enter()?;
        let login = self.vouch(http, access_token).await?;
        if login.identity.subject() != subject {
            return Err(Untrusted::new(FailedCheck::Subject, "it is another person's than at the login").into());
        }
        Ok(Confirmation::Confirmed(Box::new(login)))
    }
}

impl RedirectProvider for GitHubProvider {
    fn health(&self) -> &Health {
        &self.health
    }

    fn request<'a>(
        &'a self,
        _http: &'a Http,
        attempt: &'a NewAttempt,
    ) -> BoxFuture<'a, Result<AuthenticationRequest, ProviderError>> {
        async move {
            let challenge = PkceCodeChallenge::from_code_verifier_sha256(&attempt.code_verifier());
            // GitHub asks nobody in silence, and has nobody type their password anew: it can only offer another account.
            let prompt = match attempt.manner() {
                Manner::Afresh => "&prompt=select_account",
                Manner::Plain | Manner::Silent => "",
            };
            Ok(AuthenticationRequest::Redirect(format!(
                "{}{prompt}&code_challenge={}&state={}",
                self.authorization,
                challenge.as_str(),
                attempt.state().secret(),
            )))
        }
        .boxed()
    }

    fn verify<'a>(
        &'a self,
        http: &'a Http,
        attempt: LoginAttempt,
        response: AuthenticationResponse,
        _now: Timestamp,
    ) -> BoxFuture<'a, Result<Login, ProviderError>> {
        async move { self.health.note(self.check(http, attempt, response).await) }.boxed()
    }

    fn confirm<'a>(
        &'a self,
        http: &'a Http,
        tether: Tether,
        subject: &'a Subject,
        _now: Timestamp,
    ) -> BoxFuture<'a, Result<Confirmation, ProviderError>> {
        async move { self.renew(http, tether, subject).await.inspect_err(|error| self.health.failed(error)) }.boxed()
    }

    fn federation(&self) -> Option<&Arc<Idps>> {
        None
    }

    fn single_logout(&self) -> Option<&dyn SingleLogout> {
        None
    }

    fn service_provider(&self) -> Option<&dyn ServiceProvider> {
        None
    }
}

impl fmt::Debug for GitHubProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GitHubProvider").field("id", &self.settings.id).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_api_is_where_each_github_has_it() {
        let api = |base: &str| api_url(&base.parse().unwrap()).unwrap().to_string();

        assert_eq!(api("https://github.com"), "https://api.github.com/");
        assert_eq!(api("https://octocorp.ghe.com"), "https://api.octocorp.ghe.com/");
        assert_eq!(api("https://git.example.com/"), "https://git.example.com/api/v3");
        assert_eq!(api("http://localhost:8080"), "http://localhost:8080/api/v3");
        assert_eq!(api("https://evil-ghe.com"), "https://evil-ghe.com/api/v3");
    }

    #[test]
    fn what_comes_back_is_a_code_or_says_why_not() {
        let response = |code: Option<&str>, error: Option<&str>| AuthenticationResponse {
            code: code.map(str::to_owned),
            error: error.map(str::to_owned),
            ..AuthenticationResponse::default()
        };
        let code = |response: AuthenticationResponse| response.into_code(MAX_CODE_BYTES);

        assert_eq!(code(response(Some("c"), None)).unwrap(), "c");
        assert!(matches!(code(response(None, Some("access_denied"))), Err(ProviderError::Refused { .. })));
        let mismatch = code(response(None, Some("redirect_uri_mismatch")));
        assert!(matches!(mismatch, Err(ProviderError::TurnedAway { .. })));
        let suspended = code(response(None, Some("application_suspended")));
        assert!(matches!(suspended, Err(ProviderError::TurnedAway { .. })));
        for bad in [response(None, None), response(Some(""), None), response(Some(&"c".repeat(1025)), None)] {
            assert!(matches!(code(bad), Err(ProviderError::Untrusted { check: FailedCheck::Response, .. })));
        }
    }
}

//! OpenID Connect: the authorization code flow with `state`, `nonce` and PKCE (Core 1.0, section 3.1; RFC 7636; RFC 9700).
//!
//! The types of `openidconnect` and `oauth2` carry the protocol's values. Signatures are checked by keys parsed once, and claims one
//! by one, so that each refusal says which check failed, `azp` among them.

mod assertion;
mod directory;
mod habits;
mod id_token;
mod jws;
mod keys;
mod logout;
mod metadata;
mod request;
mod response_name;
mod settings;
mod token;
mod user_info;

pub use assertion::{ClientKey, UnusableCertificate, UnusableClientKey};
pub use habits::{Completion, Habits, IssuerRule, Requirement, SubjectRule};
pub use id_token::LEEWAY;
pub use jws::MAX_TOKEN_BYTES;
pub use settings::{ClientAuth, Endpoints, IdTokenAlgorithm, Settings};

use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use serde_json::{Map, Value};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::error::Untrusted;
use super::http::{Http, HttpError};
use super::identity::Subject;
use super::saml::idp::Idps;
use super::{
    AuthenticationRequest, AuthenticationResponse, Confirmation, FailedCheck, Health, Leg, Login, ProviderError,
    RedirectProvider, ServiceProvider, SingleLogout, Tether, VerifiedIdentity,
};
use crate::clock::Clock;
use crate::login::{LoginAttempt, NewAttempt};
use directory::{Directory, Peer};
use id_token::Expected;
use jws::UnverifiedJws;
use token::Tokens;

/// Logins that may wait for one provider at a time: a slow one fills its own queue and nobody else's.
const MAX_UNDER_WAY: usize = 512;

/// Longest authorization code that is passed on, in bytes. Entra's are the longest known, at some two thousand.
const MAX_CODE_BYTES: usize = 8 * 1024;

/// What an ID Token answers: a login of this moment, or, without a `nonce`, a refresh of an earlier one.
struct Asked<'a> {
    nonce: Option<&'a str>,
    acr_values: &'a [String],
    now: Timestamp,
}

/// One OpenID provider.
#[derive(Debug)]
pub struct OidcProvider {
    directory: Arc<Directory>,
    under_way: Semaphore,
}

impl OidcProvider {
    /// A provider that is asked for nothing until somebody logs in.
    pub fn new(settings: Settings, clock: &Clock) -> Self {
        Self { directory: Arc::new(Directory::new(settings, clock)), under_way: Semaphore::new(MAX_UNDER_WAY) }
    }

    fn settings(&self) -> &Settings {
        self.directory.settings()
    }

    /// Fetches the provider's keys, as the first login would.
    ///
    /// # Errors
    /// [`ProviderError`] if there are none that could be used.
    pub async fn fetch_keys(&self, http: &Http) -> Result<(), ProviderError> {
        let peer = self.directory.peer(http).await?;
        self.directory.keys(http, &peer).await.map(drop)
    }

    fn enter(&self, leg: Leg) -> Result<SemaphorePermit<'_>, ProviderError> {
        let busy = |_| ProviderError::Unreachable { leg, cause: HttpError::Busy(MAX_UNDER_WAY) };
        self.under_way.try_acquire().map_err(busy)
    }

    async fn check(
        &self,
        http: &Http,
        attempt: LoginAttempt,
        response: AuthenticationResponse,
        now: Timestamp,
    ) -> Result<Login, ProviderError> {
        let _under_way = self.enter(Leg::Token)?;
        let peer = self.directory.peer(http).await?;
        let named = response.user.as_deref().filter(|_| self.settings().habits.name_in_response);
        let named = named.and_then(response_name::read);
        let code = self.check_response(&peer, response)?;
        let exchange = peer.token.exchange(http, code, attempt.code_verifier(), now);
        let tokens = self.health().measure(Leg::Token, exchange).await?;
        let Some(id_token) = &tokens.id_token else {
            return Err(Untrusted::new(FailedCheck::IdToken, "there is none in the response").into());
        };
        let nonce = attempt.nonce();
        let asked = Asked { nonce: Some(nonce.secret()), acr_values: &self.settings().acr_values, now };
        let claims = self.check_id_token(http, &peer, id_token, &tokens.access_token, &asked).await?;
        self.vouch(http, &peer, claims, tokens, named).await
    }

    /// Renews a login by its refresh token (OpenID Connect Core 1.0, section 12): the person must be the same.
    async fn renew(
        &self,
        http: &Http,
        tether: Tether,
        subject: &Subject,
        now: Timestamp,
    ) -> Result<Confirmation, ProviderError> {
        let Some(refresh_token) = tether.refresh_token else {
            return Ok(Confirmation::NeedsBrowser);
        };
        let _under_way = self.enter(Leg::Token)?;
        let peer = self.directory.peer(http).await?;
        let refresh = peer.token.refresh(http, refresh_token.clone(), now);
        let mut tokens = self.health().measure(Leg::Token, refresh).await?;
        let claims = match &tokens.id_token {
            Some(id_token) => {
                let asked = Asked { nonce: None, acr_values: &[], now };
                self.check_id_token(http, &peer, id_token, &tokens.access_token, &asked).await?
            }
            // Without an ID Token the person is whoever UserInfo names, which is compared below.
            None if peer.metadata.userinfo.is_some() && self.settings().habits.subject.is_standard() => {
                Map::from_iter([("sub".to_owned(), Value::from(subject.as_str()))])
            }
            None => return Ok(Confirmation::NeedsBrowser),
        };
        if self.settings().habits.subject.read(&claims)? != subject.as_str() {
            return Err(Untrusted::new(FailedCheck::Subject, "it is another person's than at the login").into());
        }
        // A provider that rotates sends a new one; one that does not expects the old one again.
        tokens.refresh_token.get_or_insert(refresh_token);
        tokens.id_token = tokens.id_token.or(tether.id_token);
        let mut login = self.vouch(http, &peer, claims, tokens, None).await?;
        login.tether.sid = login.tether.sid.or(tether.sid);
        Ok(Confirmation::Confirmed(Box::new(login)))
    }

    /// Completes claims that have been checked, and makes the person of them; `named` is shown if no claim names them.
    async fn vouch(
        &self,
        http: &Http,
        peer: &Peer,
        claims: Map<String, Value>,
        tokens: Tokens,
        named: Option<String>,
    ) -> Result<Login, ProviderError> {
        let settings = self.settings();
        settings.habits.required.iter().try_for_each(|requirement| requirement.check(&claims))?;
        let claims = self.complete(http, peer, &tokens.access_token, claims).await?;
        let subject = Subject(settings.habits.subject.read(&claims)?);
        let mut person = settings.claims.read(&claims);
        person.name = person.name.or(named);
        let sid = claims.get("sid").and_then(Value::as_str).map(str::to_owned);
        let tether = Tether { refresh_token: tokens.refresh_token, id_token: tokens.id_token, sid, saml: None };
        let identity = VerifiedIdentity::vouch(settings.id.clone(), subject, person, claims);
        Ok(Login { identity, tether, once: None })
    }

    /// Checks what the browser brought back, and takes the code out of it.
    fn check_response(&self, peer: &Peer, response: AuthenticationResponse) -> Result<String, ProviderError> {
        // RFC 9207, section 2.4: before anything else in the response is used, and for errors too.
        match &response.iss {
            Some(iss) if !self.settings().habits.issuer.may_be(&self.settings().issuer, iss) => {
                return Err(Untrusted::new(FailedCheck::ResponseIssuer, "it is another issuer's").into());
            }
            None if peer.metadata.response_iss => {
                return Err(Untrusted::new(FailedCheck::ResponseIssuer, "it is missing").into());
            }
            _ => {}
        }
        response.into_code(MAX_CODE_BYTES)
    }

    async fn check_id_token(
        &self,
        http: &Http,
        peer: &Peer,
        id_token: &str,
        access_token: &str,
        asked: &Asked<'_>,
    ) -> Result<Map<String, Value>, ProviderError> {
        let settings = self.settings();
        let jws = UnverifiedJws::parse(id_token, &peer.metadata.algorithms)?;
        self.directory.verify(http, peer, &jws).await?;
        let algorithm = jws.algorithm;
        let claims = jws.into_claims()?;
        id_token::check(
            &claims,
            &Expected {
                issuer: &settings.issuer,
                issuer_rule: &settings.habits.issuer,
                subject_rule: &settings.habits.subject,
                client_id: &settings.client_id,
                nonce: asked.nonce,
                acr_values: asked.acr_values,
                max_age: settings.max_age.filter(|_| asked.nonce.is_some()),
                access_token,
                algorithm,
                now: asked.now,
            },
        )?;
        Ok(claims)
    }

    /// Asks UserInfo for what the ID Token leaves out of a person, and the provider's own API for what both leave out.
    async fn complete(
        &self,
        http: &Http,
        peer: &Peer,
        access_token: &str,
        claims: Map<String, Value>,
    ) -> Result<Map<String, Value>, ProviderError> {
        let Settings { claims: map, habits, .. } = self.settings();
        let claims = match &peer.metadata.userinfo {
            Some(endpoint) if !habits.complete_id_tokens && !map.is_complete(&claims) => {
                let complete = user_info::complete(&self.directory, peer, http, endpoint, access_token, claims);
                self.health().measure(Leg::UserInfo, complete).await?
            }
            _ => claims,
        };
        match &habits.completion {
            Some(completion) => self.health().measure(Leg::Api, completion.complete(http, access_token, claims)).await,
            None => Ok(claims),
        }
    }
}

impl RedirectProvider for OidcProvider {
    fn health(&self) -> &Health {
        self.directory.health()
    }

    fn request<'a>(
        &'a self,
        http: &'a Http,
        attempt: &'a NewAttempt,
    ) -> BoxFuture<'a, Result<AuthenticationRequest, ProviderError>> {
        async move {
            let _under_way = self.enter(Leg::Discovery)?;
            // Metadata that is known already say nothing of the provider's health today.
            let peer = self.directory.peer(http).await.inspect_err(|error| self.health().failed(error))?;
            Ok(peer.authorization.request(attempt))
        }
        .boxed()
    }

    fn verify<'a>(
        &'a self,
        http: &'a Http,
        attempt: LoginAttempt,
        response: AuthenticationResponse,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Login, ProviderError>> {
        async move { self.health().note(self.check(http, attempt, response, now).await) }.boxed()
    }

    fn confirm<'a>(
        &'a self,
        http: &'a Http,
        tether: Tether,
        subject: &'a Subject,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Confirmation, ProviderError>> {
        async move { self.renew(http, tether, subject, now).await.inspect_err(|error| self.health().failed(error)) }
            .boxed()
    }

    fn federation(&self) -> Option<&Arc<Idps>> {
        None
    }

    fn single_logout(&self) -> Option<&dyn SingleLogout> {
        Some(self)
    }

    fn service_provider(&self) -> Option<&dyn ServiceProvider> {
        None
    }
}

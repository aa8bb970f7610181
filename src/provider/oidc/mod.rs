//! OpenID Connect: the authorization code flow with `state`, `nonce` and PKCE (Core 1.0, section 3.1; RFC 7636; RFC 9700).
//!
//! The types of `openidconnect` and `oauth2` carry the protocol's values. Signatures are checked by keys parsed once, and claims one
//! by one, so that each refusal says which check failed, `azp` among them.

mod assertion;
mod cache;
mod directory;
mod id_token;
mod jws;
mod keys;
mod metadata;
mod request;
mod settings;
mod token;
mod user_info;

pub use assertion::{ClientKey, UnusableClientKey};
pub use id_token::LEEWAY;
pub use jws::MAX_TOKEN_BYTES;
pub use settings::{ClientAuth, Endpoints, IdTokenAlgorithm, Settings};

use std::sync::Arc;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use serde_json::{Map, Value};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::error::Untrusted;
use super::http::{Http, HttpError};
use super::identity::Subject;
use super::{
    AuthenticationRequest, AuthenticationResponse, FailedCheck, Leg, ProviderError, RedirectProvider, VerifiedIdentity,
};
use crate::clock::Clock;
use crate::login::{LoginAttempt, NewAttempt};
use directory::{Directory, Peer};
use id_token::Expected;
use jws::UnverifiedJws;

/// Logins that may wait for one provider at a time: a slow one fills its own queue and nobody else's.
const MAX_UNDER_WAY: usize = 512;

/// Longest authorization code that is passed on, in bytes. Entra's are the longest known, at some two thousand.
const MAX_CODE_BYTES: usize = 8 * 1024;

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
    ) -> Result<VerifiedIdentity, ProviderError> {
        let _under_way = self.enter(Leg::Token)?;
        let peer = self.directory.peer(http).await?;
        let code = self.check_response(&peer, response)?;
        let tokens = peer.token.exchange(http, code, attempt.code_verifier(), now).await?;
        let claims = self.check_id_token(http, &peer, &attempt, &tokens, now).await?;
        let claims = self.complete(http, &peer, &tokens.access_token, claims).await?;
        let settings = self.settings();
        let subject = Subject(id_token::subject(&claims)?.to_owned());
        let person = settings.claims.read(&claims);
        Ok(VerifiedIdentity::vouch(settings.id.clone(), subject, person, claims))
    }

    /// Checks what the browser brought back, and takes the code out of it.
    fn check_response(&self, peer: &Peer, response: AuthenticationResponse) -> Result<String, ProviderError> {
        // RFC 9207, section 2.4: before anything else in the response is used, and for errors too.
        match response.iss {
            Some(iss) if verify_slices_are_equal(iss.as_bytes(), self.settings().issuer.as_bytes()).is_err() => {
                return Err(Untrusted::new(FailedCheck::ResponseIssuer, "it is another issuer's").into());
            }
            None if peer.metadata.response_iss => {
                return Err(Untrusted::new(FailedCheck::ResponseIssuer, "it is missing").into());
            }
            _ => {}
        }
        if let Some(error) = response.error {
            return Err(ProviderError::by_authorization_code(&error));
        }
        match response.code {
            Some(code) if code.is_empty() => Err(Untrusted::new(FailedCheck::Response, "`code` is empty").into()),
            Some(code) if code.len() > MAX_CODE_BYTES => {
                Err(Untrusted::new(FailedCheck::Response, "`code` is too long").into())
            }
            Some(code) => Ok(code),
            None => Err(Untrusted::new(FailedCheck::Response, "it holds neither `code` nor `error`").into()),
        }
    }

    async fn check_id_token(
        &self,
        http: &Http,
        peer: &Peer,
        attempt: &LoginAttempt,
        tokens: &token::Tokens,
        now: Timestamp,
    ) -> Result<Map<String, Value>, ProviderError> {
        let settings = self.settings();
        let jws = UnverifiedJws::parse(&tokens.id_token, &peer.metadata.algorithms)?;
        self.directory.verify(http, peer, &jws).await?;
        let algorithm = jws.algorithm;
        let claims = jws.into_claims()?;
        let nonce = attempt.nonce();
        id_token::check(
            &claims,
            &Expected {
                issuer: &settings.issuer,
                client_id: &settings.client_id,
                nonce: nonce.secret(),
                acr_values: &settings.acr_values,
                max_age: settings.max_age,
                access_token: &tokens.access_token,
                algorithm,
                now,
            },
        )?;
        Ok(claims)
    }

    /// Asks UserInfo for what the ID Token leaves out of a person.
    async fn complete(
        &self,
        http: &Http,
        peer: &Peer,
        access_token: &str,
        claims: Map<String, Value>,
    ) -> Result<Map<String, Value>, ProviderError> {
        match &peer.metadata.userinfo {
            Some(endpoint) if !self.settings().claims.is_complete(&claims) => {
                user_info::complete(&self.directory, peer, http, endpoint, access_token, claims).await
            }
            _ => Ok(claims),
        }
    }
}

impl RedirectProvider for OidcProvider {
    fn request<'a>(
        &'a self,
        http: &'a Http,
        attempt: &'a NewAttempt,
    ) -> BoxFuture<'a, Result<AuthenticationRequest, ProviderError>> {
        async move {
            let _under_way = self.enter(Leg::Discovery)?;
            let peer = self.directory.peer(http).await?;
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
    ) -> BoxFuture<'a, Result<VerifiedIdentity, ProviderError>> {
        self.check(http, attempt, response, now).boxed()
    }
}

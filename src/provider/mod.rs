//! Proves who somebody is, by asking their organisation's identity provider.
//!
//! Takes a [`LoginAttempt`] and the provider's response, gives a [`VerifiedIdentity`] or a [`ProviderError`].
//! A check that fails ends the login; it never goes on with another source of claims.

mod api;
mod cache;
mod claims;
mod error;
mod former;
mod health;
mod holder;
mod identity;
mod logout;
mod registry;
mod stated;
mod tether;
mod token_endpoint;

pub mod entra;
pub mod github;
pub mod google;
pub mod guest;
pub mod http;
pub mod ldap;
pub mod oidc;
pub mod saml;

pub use claims::{ClaimMap, ClaimSource, EmailVerified, lookup};
pub use error::{Barred, FailedCheck, Leg, ProviderError, chain};
pub use former::FormerClients;
pub use health::Health;
pub use holder::pass_holder;
#[cfg(test)]
pub(crate) use identity::testing;
pub use identity::{Subject, VerifiedIdentity};
pub use logout::{
    Heard, LogoutByProvider, LogoutMessage, LogoutMessages, LogoutRequest, LogoutStep, LogoutToken, LogoutTokens,
    SingleLogout, Told,
};
pub use registry::{Entry, Kind, Provider, Registry};
pub use stated::StatedPerson;
pub use tether::{Confirmation, Login, OneUse, Tether};

use crate::login::{LoginAttempt, NewAttempt};
pub use crate::login::{ProviderId, ProviderIdError};
use error::Untrusted;
use futures_util::future::BoxFuture;
use saml::idp::Idps;
use std::sync::Arc;

/// A provider that the browser is sent to and comes back from: OpenID Connect, OAuth 2.0, SAML 2.0.
pub trait RedirectProvider: std::fmt::Debug + Send + Sync {
    /// Whether it answers, as far as its last calls tell.
    fn health(&self) -> &Health;

    /// Where the browser goes to log in; `attempt` holds the `state`, `nonce` and PKCE verifier to send.
    ///
    /// # Errors
    /// [`ProviderError::Unreachable`] when the provider's metadata is not known yet and cannot be had.
    fn request<'a>(
        &'a self,
        http: &'a http::Http,
        attempt: &'a NewAttempt,
    ) -> BoxFuture<'a, Result<AuthenticationRequest, ProviderError>>;

    /// Checks the response of the provider to `attempt`, which is good for this one response.
    ///
    /// # Errors
    /// Whatever failed; the login is over.
    fn verify<'a>(
        &'a self,
        http: &'a http::Http,
        attempt: LoginAttempt,
        response: AuthenticationResponse,
        now: jiff::Timestamp,
    ) -> BoxFuture<'a, Result<Login, ProviderError>>;

    /// Asks whether the person of an earlier login may still log in, without them; `tether` is that login's, and `subject` its person.
    ///
    /// # Errors
    /// [`ProviderError::Refused`] and the like: they may not, and the session ends. [`ProviderError::Unreachable`] and
    /// [`ProviderError::InTrouble`]: not known now.
    fn confirm<'a>(
        &'a self,
        http: &'a http::Http,
        tether: Tether,
        subject: &'a Subject,
        now: jiff::Timestamp,
    ) -> BoxFuture<'a, Result<Confirmation, ProviderError>>;

    /// The identity providers behind it, one of which has to be chosen before the login; `None` where the provider is one itself.
    fn federation(&self) -> Option<&Arc<Idps>>;

    /// How a logout on one side ends the login on the other; `None` where the provider knows no such thing.
    fn single_logout(&self) -> Option<&dyn SingleLogout>;

    /// What the provider has to know of Roomkey beforehand; `None` where that is an id alone.
    fn service_provider(&self) -> Option<&dyn ServiceProvider>;
}

/// What the browser takes to the provider. Holds the `state` and `nonce` of one attempt: does not print.
pub enum AuthenticationRequest {
    /// By the `Location` of a redirect.
    Redirect(String),
    /// By a form (SAML 2.0 Bindings, section 3.5).
    Posted(PostedRequest),
}

impl AuthenticationRequest {
    /// The address that the browser goes to.
    pub fn address(&self) -> &str {
        match self {
            Self::Redirect(address) => address,
            Self::Posted(request) => request.action.as_str(),
        }
    }
}

/// A request that the browser posts.
pub struct PostedRequest {
    /// Where to.
    pub action: url::Url,
    /// Names and values.
    pub fields: Vec<(&'static str, String)>,
}

/// Roomkey, as an identity provider that has to know it sees it (SAML 2.0 Metadata, section 2.4.4).
pub trait ServiceProvider {
    /// What it publishes of itself.
    fn metadata(&self) -> &str;

    /// When the certificate expires by which the provider knows Roomkey, if it has one.
    fn certificate_ends(&self) -> Option<jiff::Timestamp>;

    /// Whether a login may begin at the provider.
    fn may_begin_there(&self) -> bool;
}

/// What the browser brings back from a redirect, unverified (OpenID Connect Core 1.0, section 3.1.2.5;
/// RFC 6749, section 4.1.2; RFC 9207).
#[derive(Clone, Default)]
pub struct AuthenticationResponse {
    /// `code`.
    pub code: Option<String>,
    /// `error`.
    pub error: Option<String>,
    /// `iss`.
    pub iss: Option<String>,
    /// `user`, as Apple's form has it ("Sign in with Apple REST API"): the person's own word for who they are.
    pub user: Option<String>,
    /// `SAMLResponse` (SAML 2.0 Bindings, section 3.5.4).
    pub saml_response: Option<String>,
}

impl AuthenticationResponse {
    /// The code, of at most `max_bytes`.
    ///
    /// # Errors
    /// What the response's error means, or that it holds neither a code nor an error.
    fn into_code(self, max_bytes: usize) -> Result<String, ProviderError> {
        if let Some(error) = self.error {
            return Err(ProviderError::by_authorization_code(&error));
        }
        match self.code {
            Some(code) if code.is_empty() => Err(Untrusted::new(FailedCheck::Response, "`code` is empty").into()),
            Some(code) if code.len() > max_bytes => {
                Err(Untrusted::new(FailedCheck::Response, "`code` is too long").into())
            }
            Some(code) => Ok(code),
            None => Err(Untrusted::new(FailedCheck::Response, "it holds neither `code` nor `error`").into()),
        }
    }
}

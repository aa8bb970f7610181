//! Logging out on one side ends the login on the other.

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use url::Url;

use super::http::Http;
use super::{PostedRequest, ProviderError, Subject, Tether};

/// A provider whose sessions and Roomkey's end together.
pub trait SingleLogout: Send + Sync {
    /// How the browser logs out there too; `None` if the provider has no place for that, or it is not known now.
    fn request<'a>(
        &'a self,
        http: &'a Http,
        tether: &'a Tether,
        back: LogoutRequest<'a>,
    ) -> BoxFuture<'a, Option<LogoutStep>>;

    /// By what the provider tells of a logout on its side.
    fn told(&self) -> Told<'_>;
}

/// By what a provider tells of a logout on its side.
#[derive(Clone, Copy)]
pub enum Told<'a> {
    /// By tokens (OpenID Connect).
    Tokens(&'a dyn LogoutTokens),
    /// By messages (SAML 2.0).
    Messages(&'a dyn LogoutMessages),
}

/// A provider that posts a token, or loads a frame, when somebody logs out there.
pub trait LogoutTokens: Send + Sync {
    /// Checks a logout token that the provider, as it seems, has posted.
    ///
    /// # Errors
    /// [`ProviderError::Untrusted`] with the check that failed, or [`ProviderError::Unreachable`] if the provider's keys cannot be had.
    fn check<'a>(
        &'a self,
        http: &'a Http,
        logout_token: &'a str,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<LogoutToken, ProviderError>>;

    /// The provider's issuer, by which it names itself when it logs somebody out through the browser
    /// (OpenID Connect Front-Channel Logout 1.0, section 2).
    fn issuer(&self) -> &str;

    /// Whether `iss` is how it names itself there: not always by the very letters of [`issuer`](Self::issuer).
    fn is_issuer(&self, iss: &str) -> bool;
}

/// A provider that sends signed messages through the browser (SAML 2.0 Profiles, section 4.4).
pub trait LogoutMessages: Send + Sync {
    /// Checks a message that the browser has brought.
    ///
    /// # Errors
    /// [`ProviderError::Untrusted`] with the check that failed, or [`ProviderError::Unreachable`] if the provider's keys cannot be had.
    fn hear<'a>(
        &'a self,
        http: &'a Http,
        message: LogoutMessage<'a>,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Heard, ProviderError>>;

    /// The answer to a request of the provider's: whether its sessions here have ended. `None` if the provider has no place for it.
    fn answer(&self, request: &LogoutByProvider, ended: bool, now: Timestamp) -> Option<LogoutStep>;
}

/// A message about a logout, unverified.
#[derive(Clone, Copy)]
pub enum LogoutMessage<'a> {
    /// By HTTP-Redirect: the query, letter for letter.
    Query(&'a str),
    /// By HTTP-POST: the form, letter for letter.
    Form(&'a str),
}

impl LogoutMessage<'_> {
    /// Whether it answers a request of Roomkey's, as it seems.
    pub fn is_answer(self) -> bool {
        let (Self::Query(encoded) | Self::Form(encoded)) = self;
        encoded.split('&').any(|pair| pair.starts_with("SAMLResponse="))
    }
}

/// What a message that has passed every check but one says: whether its like has been used before is for the caller to find out.
pub enum Heard {
    /// Somebody has logged out there.
    Request(Box<LogoutByProvider>),
    /// Roomkey's own request has been answered.
    Answer {
        /// `state` of that request, if it was one of Roomkey's.
        state: String,
        /// Whether the person is logged out everywhere.
        everywhere: bool,
    },
}

/// A logout at the provider.
pub struct LogoutByProvider {
    /// Which sessions at the provider have ended; all of the person's, if empty.
    pub sids: Vec<String>,
    /// Who logged out; `None` if that is not told by a name that Roomkey knows them by.
    pub subject: Option<Subject>,
    /// What names the message.
    pub id: String,
    /// When it expires: its `id` has to be remembered until then.
    pub expires: Timestamp,
    /// The identity provider that sent it.
    pub(super) from: std::sync::Arc<super::saml::idp::IdpMetadata>,
    /// How it came, and the answer goes.
    pub(super) binding: super::saml::idp::Binding,
    /// To be sent back.
    pub(super) relay_state: String,
}

/// What the browser takes to a provider to log out there, or to tell it that somebody has.
pub enum LogoutStep {
    /// By an address.
    Redirect(Url),
    /// By a form.
    Posted(PostedRequest),
}

/// What a logout at the provider comes back with (OpenID Connect RP-Initiated Logout 1.0, section 2).
#[derive(Clone, Copy, Debug)]
pub struct LogoutRequest<'a> {
    /// `post_logout_redirect_uri`.
    pub back: &'a str,
    /// `state`: letters, digits, `-` and `_`, at most 79 of them.
    pub state: &'a str,
    /// The time.
    pub now: Timestamp,
}

/// A logout token that has passed every check but one: whether it has been used before (OpenID Connect Back-Channel Logout 1.0,
/// section 2.6, number 7).
#[derive(Debug)]
pub struct LogoutToken {
    /// Which session at the provider has ended; all of the person's, if absent.
    pub sid: Option<String>,
    /// Who logged out.
    pub subject: Option<Subject>,
    /// What names the token.
    pub jti: String,
    /// When it expires: its `jti` has to be remembered until then.
    pub expires: Timestamp,
}

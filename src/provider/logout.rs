//! Logging out on one side ends the login on the other.

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use url::Url;

use super::http::Http;
use super::{ProviderError, Subject, Tether};

/// A provider whose sessions and Roomkey's end together.
pub trait SingleLogout: Send + Sync {
    /// Where the browser goes to log out there too; `None` if the provider has no such place, or it is not known now.
    fn request<'a>(&'a self, http: &'a Http, tether: &'a Tether, back: LogoutRequest<'a>)
    -> BoxFuture<'a, Option<Url>>;

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

/// What a logout at the provider comes back with (OpenID Connect RP-Initiated Logout 1.0, section 2).
#[derive(Clone, Copy, Debug)]
pub struct LogoutRequest<'a> {
    /// `post_logout_redirect_uri`.
    pub back: &'a str,
    /// `state`.
    pub state: &'a str,
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

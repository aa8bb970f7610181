//! Why a provider did not vouch for somebody.

use std::fmt;
use std::time::Duration;

use super::http::HttpError;
use super::saml::SamlCheck;

/// Why a provider did not vouch for the visitor.
///
/// Its text and its sources go to the log, so they hold no token, code, claim or upstream body.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// Consent declined, wrong password, or not now: the visitor can try again.
    #[error("the provider refused the login (`{code}`)")]
    Refused {
        /// The provider's error code, cut to printable ASCII.
        code: String,
    },
    /// The provider knows the person, but the operator's settings shut them out: another account may fit.
    #[error("account not admitted: {reason}")]
    NotAdmitted {
        /// Which setting.
        reason: String,
    },
    /// The provider knows the person by the right password, and does not let them use their account as it is.
    #[error("account not to be used: {why}")]
    Barred {
        /// Why not.
        why: Barred,
    },
    /// Forged, replayed, expired, or meant for another client: start again, and look into it if it recurs.
    #[error("response fails the {check} check: {detail}")]
    Untrusted {
        /// The check.
        check: FailedCheck,
        /// What was wrong, in words of Roomkey's own.
        detail: String,
    },
    /// The provider does not accept Roomkey as a client (`invalid_client`, `redirect_uri` unknown, …): the operator must act.
    #[error("the provider turned Roomkey away at the {leg} (`{code}`)")]
    TurnedAway {
        /// At which call.
        leg: Leg,
        /// The provider's error code, cut to printable ASCII.
        code: String,
    },
    /// The provider says that it cannot just now: later.
    #[error("the provider is in trouble at the {leg} (`{code}`)")]
    InTrouble {
        /// At which call.
        leg: Leg,
        /// The provider's error code, cut to printable ASCII.
        code: String,
    },
    /// Roomkey has called more often than the provider takes: later.
    #[error("the {leg} takes no more calls for now{}", seconds(*wait))]
    TooManyCalls {
        /// At which call.
        leg: Leg,
        /// How long the provider says to wait.
        wait: Option<Duration>,
    },
    /// The organisation lets nobody see who is in it before they have used its own single sign-on at the provider: the visitor
    /// does that there, and tries again.
    #[error("an organisation asks for its own single sign-on first")]
    SignOnNeeded,
    /// No answer, or none that can be used: the provider is down, or its address is wrong.
    #[error("no usable answer from the {leg}")]
    Unreachable {
        /// At which call.
        leg: Leg,
        /// What happened.
        #[source]
        cause: HttpError,
    },
}

/// Why an account is not to be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Barred {
    /// Its password has expired, or was given out to be changed.
    PasswordToChange,
    /// It is disabled, has expired, or is not for this hour.
    Disabled,
}

impl fmt::Display for Barred {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PasswordToChange => "its password has to be changed first",
            Self::Disabled => "it is disabled, has expired, or is not for this hour",
        })
    }
}

impl ProviderError {
    /// The assertion has logged somebody in before.
    pub fn used_before() -> Self {
        SamlCheck::Replay.failed("it has logged somebody in already").into()
    }

    /// What an authorization server's error code means (RFC 6749, section 4.1.2.1; OpenID Connect Core 1.0, section 3.1.2.6).
    pub(in crate::provider) fn by_authorization_code(code: &str) -> Self {
        let leg = Leg::Authorization;
        match code {
            "access_denied"
            | "login_required"
            | "interaction_required"
            | "account_selection_required"
            | "consent_required"
            // Apple's word for it.
            | "user_cancelled_authorize" => Self::Refused { code: printable(code) },
            "server_error" | "temporarily_unavailable" => Self::InTrouble { leg, code: printable(code) },
            _ => Self::TurnedAway { leg, code: printable(code) },
        }
    }
}

fn seconds(wait: Option<Duration>) -> String {
    wait.map_or_else(String::new, |wait| format!(" (wait {} s)", wait.as_secs()))
}

/// A code from outside, fit for the log: printable ASCII without quotes, at most 64 characters.
pub(in crate::provider) fn printable(code: &str) -> String {
    code.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')).take(64).collect()
}

/// An error and its causes in one line, outermost first.
pub fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |line, cause| format!("{line}: {cause}"))
}

/// A check that failed, before it ends a login as [`ProviderError::Untrusted`].
#[derive(Debug, PartialEq, Eq)]
pub(in crate::provider) struct Untrusted {
    pub(in crate::provider) check: FailedCheck,
    pub(in crate::provider) detail: String,
}

impl Untrusted {
    /// `detail` says what was wrong in words of Roomkey's own: it is logged, so nothing the provider sent goes into it.
    pub(in crate::provider) fn new(check: FailedCheck, detail: impl Into<String>) -> Self {
        Self { check, detail: detail.into() }
    }
}

impl From<Untrusted> for ProviderError {
    fn from(Untrusted { check, detail }: Untrusted) -> Self {
        Self::Untrusted { check, detail }
    }
}

/// A call to a provider, in the order in which a login makes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leg {
    /// OpenID Connect Discovery 1.0, section 4.
    Discovery,
    /// Metadata of SAML identity providers (SAML 2.0 Metadata).
    Metadata,
    /// `authorization_endpoint`, by way of the browser.
    Authorization,
    /// `token_endpoint`.
    Token,
    /// `jwks_uri`.
    Keys,
    /// `userinfo_endpoint`.
    UserInfo,
    /// An API of the provider's own (GitHub, Microsoft Graph).
    Api,
    /// A directory (LDAP).
    Directory,
}

impl Leg {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Discovery,
        Self::Metadata,
        Self::Authorization,
        Self::Token,
        Self::Keys,
        Self::UserInfo,
        Self::Api,
        Self::Directory,
    ];

    /// A word that stays the same from release to release.
    pub fn word(self) -> &'static str {
        match self {
            Self::Discovery => "discovery",
            Self::Metadata => "metadata",
            Self::Authorization => "authorization",
            Self::Token => "token",
            Self::Keys => "keys",
            Self::UserInfo => "user-info",
            Self::Api => "api",
            Self::Directory => "directory",
        }
    }
}

impl fmt::Display for Leg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Discovery => "discovery document",
            Self::Metadata => "identity provider's metadata",
            Self::Authorization => "authorization endpoint",
            Self::Token => "token endpoint",
            Self::Keys => "key set",
            Self::UserInfo => "UserInfo endpoint",
            Self::Api => "provider's API",
            Self::Directory => "directory",
        })
    }
}

/// A check of a provider's response, named by the parameter or claim it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailedCheck {
    /// `iss` of the authorization response (RFC 9207, section 2.4).
    ResponseIssuer,
    /// The authorization response holds neither a usable `code` nor an `error`.
    Response,
    /// The token response (RFC 6749, section 5.1) or a token in it is not well-formed.
    TokenResponse,
    /// `token_type`.
    TokenType,
    /// The ID Token is missing or is no compact JWS.
    IdToken,
    /// `alg` (OpenID Connect Core 1.0, section 3.1.3.7, rules 7 and 8).
    Algorithm,
    /// `kid`: no key of the provider fits.
    Key,
    /// The signature (rule 6).
    Signature,
    /// `iss` (rule 2).
    Issuer,
    /// `sub` (section 2).
    Subject,
    /// `aud` (rule 3).
    Audience,
    /// `azp` (rules 4 and 5).
    AuthorizedParty,
    /// `exp` (rule 9).
    Expiry,
    /// `iat` (rule 10).
    IssuedAt,
    /// `nbf` (RFC 7519, section 4.1.5).
    NotBefore,
    /// `nonce` (rule 11).
    Nonce,
    /// `acr` (rule 12).
    Acr,
    /// `auth_time` (rule 13).
    AuthTime,
    /// `at_hash` (section 3.1.3.8).
    AccessTokenHash,
    /// `issuer` of the discovery document (Discovery 1.0, section 4.3).
    DiscoveredIssuer,
    /// The discovery document lacks what is needed or points to a place it may not.
    Metadata,
    /// `sub` of the UserInfo response (section 5.3.2).
    UserInfoSubject,
    /// An answer of an API of the provider's own.
    Api,
    /// The UserInfo response, or its signature, `iss` or `aud`.
    UserInfo,
    /// `events` of a logout token (Back-Channel Logout 1.0, section 2.6, number 5).
    LogoutEvent,
    /// A logout token with neither `sub` nor `sid` (number 4), or with a `sid` that is no string.
    LogoutSession,
    /// `jti` of a logout token (section 2.4; used before: section 2.6, number 7).
    TokenId,
    /// A check of a SAML response.
    Saml(SamlCheck),
}

impl fmt::Display for FailedCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Saml(check) => return check.fmt(f),
            Self::ResponseIssuer => "response `iss`",
            Self::Response => "authorization response",
            Self::TokenResponse => "token response",
            Self::TokenType => "`token_type`",
            Self::IdToken => "ID Token",
            Self::Algorithm => "`alg`",
            Self::Key => "`kid`",
            Self::Signature => "signature",
            Self::Issuer => "`iss`",
            Self::Subject => "`sub`",
            Self::Audience => "`aud`",
            Self::AuthorizedParty => "`azp`",
            Self::Expiry => "`exp`",
            Self::IssuedAt => "`iat`",
            Self::NotBefore => "`nbf`",
            Self::Nonce => "`nonce`",
            Self::Acr => "`acr`",
            Self::AuthTime => "`auth_time`",
            Self::AccessTokenHash => "`at_hash`",
            Self::DiscoveredIssuer => "discovered `issuer`",
            Self::Metadata => "provider metadata",
            Self::UserInfoSubject => "UserInfo `sub`",
            Self::Api => "API answer",
            Self::UserInfo => "UserInfo",
            Self::LogoutEvent => "`events`",
            Self::LogoutSession => "`sub` or `sid`",
            Self::TokenId => "`jti`",
        })
    }
}

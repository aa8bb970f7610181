//! Which [`Failure`] an error is, for the log.

use super::error::{Ended, NoPass, PageError};
use super::inline::{AuthorizeError, WrongClient};
use crate::failure::Failure;
use crate::inline::TokenError;
use crate::jitsi::SigningError;
use crate::login::LoginError;
use crate::pass::Refused;
use crate::policy::Refusal;
use crate::provider::saml::SamlCheck;
use crate::provider::{Barred, FailedCheck, ProviderError};
use crate::room::BadRoom;

impl From<&PageError> for Failure {
    fn from(error: &PageError) -> Self {
        match error {
            PageError::NoPage => Self::NoPage,
            PageError::WrongMethod { .. } => Self::WrongMethod,
            PageError::Request(_) => Self::BadRequest,
            PageError::BadRoom(cause) => cause.into(),
            PageError::Begin(_) => Self::OptionsTooLarge,
            PageError::NoProvider => Self::NoProvider,
            PageError::Pass(cause) => cause.into(),
            PageError::PassesTried(_) => Self::PassesTried,
            PageError::Closed(_) => Self::RoomClosed,
            PageError::NoLogin { cause, .. } => cause.into(),
            PageError::Ended { cause, .. } => cause.into(),
            PageError::BadLogout { .. } => Self::LogoutRefused,
            PageError::NoSessions(_) => Self::NoSessions,
            PageError::StaleForm => Self::StaleForm,
            PageError::WrongClient(WrongClient::ClientId) => Self::WrongClientId,
            PageError::WrongClient(WrongClient::RedirectUri) => Self::WrongRedirectUri,
            PageError::Authorize { cause, .. } => cause.into(),
            PageError::Panicked => Self::Panicked,
        }
    }
}

impl From<&BadRoom> for Failure {
    fn from(cause: &BadRoom) -> Self {
        match cause {
            BadRoom::Room(_) | BadRoom::Tenant(_) => Self::BadRoom,
            BadRoom::State(_) => Self::BadState,
        }
    }
}

impl From<&LoginError> for Failure {
    fn from(cause: &LoginError) -> Self {
        match cause {
            LoginError::Lost(_) => Self::CookieLost,
            LoginError::Expired(_) => Self::Expired,
            LoginError::NotYours(_) => Self::NotThisLogin,
        }
    }
}

impl From<&AuthorizeError> for Failure {
    fn from(cause: &AuthorizeError) -> Self {
        match cause {
            AuthorizeError::Parameters(_) | AuthorizeError::Prompt | AuthorizeError::MaxAge => Self::BadRequest,
            AuthorizeError::LoginRequired => Self::NotSignedIn,
            AuthorizeError::ResponseType | AuthorizeError::ResponseMode => Self::WrongResponse,
            AuthorizeError::RequestObject | AuthorizeError::RequestUri => Self::RequestObject,
            AuthorizeError::NoChallenge | AuthorizeError::Method | AuthorizeError::Challenge(_) => Self::NoChallenge,
            AuthorizeError::NoState => Self::NoState,
            AuthorizeError::Room(cause) => cause.into(),
            AuthorizeError::Provider => Self::NoProvider,
            AuthorizeError::TooLarge(_) => Self::OptionsTooLarge,
        }
    }
}

impl From<&TokenError> for Failure {
    fn from(cause: &TokenError) -> Self {
        match cause {
            TokenError::Code => Self::CodeUnknown,
            TokenError::Verifier => Self::WrongVerifier,
            TokenError::RefreshToken => Self::RefreshUnknown,
            TokenError::Replayed => Self::RefreshReplayed,
            TokenError::Sealed => Self::Sealed,
            TokenError::Store(_) => Self::NoSessions,
        }
    }
}

impl From<&Ended> for Failure {
    fn from(cause: &Ended) -> Self {
        match cause {
            Ended::Provider(cause) => cause.into(),
            Ended::Refused(cause) => cause.into(),
            Ended::Pass(cause) => cause.into(),
            Ended::Uncounted(_) => Self::Uncounted,
            Ended::Unremembered(_) => Self::Unremembered,
            Ended::Signing(cause) => cause.into(),
            Ended::NoCode(_) => Self::NoCode,
            Ended::NotRecorded(_) => Self::NotRecorded,
        }
    }
}

impl From<&Refusal> for Failure {
    fn from(cause: &Refusal) -> Self {
        match cause {
            Refusal::NoRule { .. } => Self::NoRule,
            Refusal::Pass { .. } => Self::PassNotTheirs,
            Refusal::Denied { .. } => Self::RuleDenies,
        }
    }
}

impl From<&NoPass> for Failure {
    fn from(cause: &NoPass) -> Self {
        match cause {
            NoPass::Refused(Refused::Unknown) => Self::PassUnknown,
            NoPass::Refused(Refused::Early) => Self::PassEarly,
            NoPass::Refused(Refused::Late) => Self::PassLate,
            NoPass::Refused(Refused::UsedUp) => Self::PassUsedUp,
            NoPass::Refused(Refused::Withdrawn) => Self::PassWithdrawn,
            NoPass::Store(_) => Self::NoPasses,
        }
    }
}

impl From<&SigningError> for Failure {
    fn from(cause: &SigningError) -> Self {
        match cause {
            SigningError::Ended => Self::GrantEnded,
            SigningError::TooLarge { .. } => Self::TokenTooLarge,
            SigningError::NoKey => Self::NoKey,
            SigningError::Key(_) => Self::CannotSign,
        }
    }
}

impl From<&ProviderError> for Failure {
    fn from(cause: &ProviderError) -> Self {
        match cause {
            ProviderError::Refused { .. } => Self::ProviderRefused,
            ProviderError::NotAdmitted { .. } => Self::NotAdmitted,
            ProviderError::Barred { why: Barred::PasswordToChange } => Self::PasswordToChange,
            ProviderError::Barred { why: Barred::Disabled } => Self::AccountDisabled,
            ProviderError::Untrusted { check, .. } => (*check).into(),
            ProviderError::TurnedAway { .. } => Self::TurnedAway,
            ProviderError::InTrouble { .. } => Self::ProviderInTrouble,
            ProviderError::TooManyCalls { .. } => Self::TooManyCalls,
            ProviderError::SignOnNeeded => Self::SignOnNeeded,
            ProviderError::Unreachable { .. } => Self::ProviderUnreachable,
        }
    }
}

impl From<FailedCheck> for Failure {
    fn from(check: FailedCheck) -> Self {
        match check {
            FailedCheck::Expiry | FailedCheck::IssuedAt | FailedCheck::NotBefore => Self::UntrustedTime,
            FailedCheck::Audience | FailedCheck::AuthorizedParty => Self::UntrustedAudience,
            FailedCheck::ResponseIssuer | FailedCheck::Issuer | FailedCheck::DiscoveredIssuer => Self::UntrustedIssuer,
            FailedCheck::Algorithm | FailedCheck::Key | FailedCheck::Signature => Self::UntrustedSignature,
            FailedCheck::Nonce => Self::UntrustedNonce,
            FailedCheck::Acr | FailedCheck::AuthTime => Self::UntrustedStrength,
            FailedCheck::Saml(check) => check.into(),
            FailedCheck::Response
            | FailedCheck::TokenResponse
            | FailedCheck::TokenType
            | FailedCheck::IdToken
            | FailedCheck::Subject
            | FailedCheck::AccessTokenHash
            | FailedCheck::Metadata
            | FailedCheck::UserInfoSubject
            | FailedCheck::Api
            | FailedCheck::UserInfo
            | FailedCheck::LogoutEvent
            | FailedCheck::LogoutSession
            | FailedCheck::TokenId => Self::Untrusted,
        }
    }
}

impl From<SamlCheck> for Failure {
    fn from(check: SamlCheck) -> Self {
        match check {
            SamlCheck::IssueInstant
            | SamlCheck::ConfirmationNotOnOrAfter
            | SamlCheck::ConfirmationNotBefore
            | SamlCheck::NotBefore
            | SamlCheck::NotOnOrAfter
            | SamlCheck::SessionNotOnOrAfter => Self::SamlTime,
            SamlCheck::Destination | SamlCheck::Recipient | SamlCheck::Audience => Self::SamlAudience,
            SamlCheck::ResponseIssuer | SamlCheck::AssertionIssuer => Self::SamlIssuer,
            SamlCheck::InResponseTo | SamlCheck::ConfirmationInResponseTo => Self::SamlRequest,
            SamlCheck::Signed
            | SamlCheck::SignatureForm
            | SamlCheck::SignatureAlgorithm
            | SamlCheck::SignatureReference
            | SamlCheck::Signature
            | SamlCheck::Digest => Self::SamlSignature,
            SamlCheck::Encryption | SamlCheck::Decryption => Self::SamlEncryption,
            SamlCheck::Subject | SamlCheck::NameIdFormat | SamlCheck::SubjectAttribute => Self::SamlSubject,
            SamlCheck::AuthnInstant | SamlCheck::AuthnContext => Self::SamlStrength,
            SamlCheck::Replay => Self::SamlReplay,
            SamlCheck::Encoding
            | SamlCheck::Size
            | SamlCheck::Doctype
            | SamlCheck::Xml
            | SamlCheck::UniqueIds
            | SamlCheck::Message
            | SamlCheck::LogoutMessage
            | SamlCheck::OneAssertion
            | SamlCheck::Assertion
            | SamlCheck::PlainText
            | SamlCheck::Confirmation
            | SamlCheck::KnownConditions
            | SamlCheck::AuthnStatement => Self::Saml,
        }
    }
}

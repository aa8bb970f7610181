//! How a login ends, in so few words that a graph has room for them: by who can do something about it.

use crate::failure::Failure;

/// How a login ended. Each [`Failure`] belongs to one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// In the meeting, after a login.
    Entered,
    /// In the meeting, without one: somebody was signed in.
    Returned,
    /// Jitsi's inline login has its tokens, for the first time or anew.
    Renewed,
    /// Rules or settings of the operator's keep the person out.
    Refused,
    /// The visitor has to show again who they are: they declined at the provider, or have to log in anew.
    Declined,
    /// Name or password was wrong, or left out.
    Password,
    /// The browser did not bring the login back in time, or at all.
    Lost,
    /// What proves a login, or a logout, did not pass a check.
    Untrusted,
    /// The provider did not answer, or not as it should.
    Unreachable,
    /// Roomkey itself could not: the store, the audit trail, a key.
    Broken,
    /// Nothing that a login could have come of: links and requests that are wrong.
    Invalid,
}

impl Ending {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Entered,
        Self::Returned,
        Self::Renewed,
        Self::Refused,
        Self::Declined,
        Self::Password,
        Self::Lost,
        Self::Untrusted,
        Self::Unreachable,
        Self::Broken,
        Self::Invalid,
    ];

    /// Its word, which stays the same from release to release.
    pub fn word(self) -> &'static str {
        match self {
            Self::Entered => "entered",
            Self::Returned => "returned",
            Self::Renewed => "renewed",
            Self::Refused => "refused",
            Self::Declined => "declined",
            Self::Password => "password",
            Self::Lost => "lost",
            Self::Untrusted => "untrusted",
            Self::Unreachable => "unreachable",
            Self::Broken => "broken",
            Self::Invalid => "invalid",
        }
    }
}

impl From<Failure> for Ending {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::RoomClosed
            | Failure::PassEarly
            | Failure::PassLate
            | Failure::PassUsedUp
            | Failure::PassWithdrawn
            | Failure::PassNotTheirs
            | Failure::PasswordToChange
            | Failure::AccountDisabled
            | Failure::NotAdmitted
            | Failure::NoRule
            | Failure::RuleDenies
            | Failure::GrantEnded => Self::Refused,
            Failure::ProviderRefused
            | Failure::SignOnNeeded
            | Failure::NotSignedIn
            | Failure::SessionEnded
            | Failure::LoginNeeded => Self::Declined,
            Failure::PasswordMissing | Failure::PasswordWrong | Failure::PasswordTried => Self::Password,
            Failure::CookieLost | Failure::Expired | Failure::NotThisLogin | Failure::StaleForm => Self::Lost,
            Failure::UntrustedTime
            | Failure::UntrustedAudience
            | Failure::UntrustedIssuer
            | Failure::UntrustedSignature
            | Failure::UntrustedNonce
            | Failure::UntrustedStrength
            | Failure::Untrusted
            | Failure::SamlTime
            | Failure::SamlAudience
            | Failure::SamlIssuer
            | Failure::SamlRequest
            | Failure::SamlSignature
            | Failure::SamlEncryption
            | Failure::SamlSubject
            | Failure::SamlStrength
            | Failure::SamlReplay
            | Failure::Saml
            | Failure::LogoutRefused => Self::Untrusted,
            Failure::TurnedAway | Failure::ProviderInTrouble | Failure::TooManyCalls | Failure::ProviderUnreachable => {
                Self::Unreachable
            }
            Failure::Uncounted
            | Failure::NoPasses
            | Failure::Unremembered
            | Failure::TokenTooLarge
            | Failure::NoKey
            | Failure::CannotSign
            | Failure::NoCode
            | Failure::NotRecorded
            | Failure::NoSessions
            | Failure::Sealed
            | Failure::Panicked => Self::Broken,
            Failure::NoPage
            | Failure::WrongMethod
            | Failure::BadRequest
            | Failure::BadRoom
            | Failure::BadState
            | Failure::OptionsTooLarge
            | Failure::NoProvider
            | Failure::PassUnknown
            | Failure::PassesTried
            | Failure::WrongClientId
            | Failure::WrongRedirectUri
            | Failure::WrongResponse
            | Failure::RequestObject
            | Failure::NoChallenge
            | Failure::NoState
            | Failure::ForeignOrigin
            | Failure::WrongGrant
            | Failure::CodeUnknown
            | Failure::WrongVerifier
            | Failure::RefreshUnknown
            | Failure::RefreshReplayed => Self::Invalid,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_failure_counts_as_a_success() {
        let successes = [Ending::Entered, Ending::Returned, Ending::Renewed];

        assert!(Failure::ALL.iter().all(|&failure| !successes.contains(&failure.into())));
    }

    #[test]
    fn every_other_ending_has_failures() {
        for ending in &Ending::ALL[3..] {
            assert!(Failure::ALL.iter().any(|&failure| Ending::from(failure) == *ending), "{ending:?}");
        }
    }
}

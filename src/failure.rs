//! Every way in which a login ends elsewhere than in the meeting, by a word that stays the same from release to release:
//! `login.failure` in the log, and what [`doctor`](crate::doctor::login) explains.

use std::fmt;
use std::str::FromStr;

/// Declares the words, so that none can be left out of [`Failure::ALL`].
macro_rules! failures {
    ($($(#[doc = $doc:literal])+ $name:ident => $code:literal,)+) => {
        /// How a login, or a request on the way to one, has ended.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Failure {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Failure {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// Its word.
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)+
                }
            }
        }
    };
}

failures! {
    /// No route leads there.
    NoPage => "no-page",
    /// The route knows other methods.
    WrongMethod => "wrong-method",
    /// The request breaks a limit or a rule of HTTP.
    BadRequest => "bad-request",
    /// The room's or the tenant's name is one that Jitsi cannot have.
    BadRoom => "bad-room",
    /// Jitsi's `state` is not what its front end sends.
    BadState => "bad-state",
    /// The meeting's options do not fit into the login's cookie.
    OptionsTooLarge => "options-too-large",
    /// The link or the redirect names a provider that is not there.
    NoProvider => "no-provider",
    /// No rule lets anybody into the room.
    RoomClosed => "room-closed",
    /// Nobody has made the pass, or it ended long ago.
    PassUnknown => "pass-unknown",
    /// The pass is not good yet.
    PassEarly => "pass-early",
    /// The pass has ended.
    PassLate => "pass-late",
    /// As many have come by the pass as it is for.
    PassUsedUp => "pass-used-up",
    /// The pass was withdrawn.
    PassWithdrawn => "pass-withdrawn",
    /// The pass is for somebody else, another room or another time.
    PassNotTheirs => "pass-not-theirs",
    /// Too many passes that nobody has made were shown from one address.
    PassesTried => "passes-tried-too-often",
    /// The store of passes was not there.
    NoPasses => "no-passes",
    /// The browser did not bring the login's cookie back.
    CookieLost => "cookie-lost",
    /// The login took too long.
    Expired => "login-expired",
    /// The response belongs to no login of Roomkey's, or to another one.
    NotThisLogin => "not-this-login",
    /// Name or password was left out.
    PasswordMissing => "password-missing",
    /// Name or password was wrong.
    PasswordWrong => "password-wrong",
    /// Too many passwords have been tried for that name, or from that address.
    PasswordTried => "password-tried-too-often",
    /// The password was right, and has to be changed first.
    PasswordToChange => "password-to-change",
    /// The password was right, and the account is disabled, has expired, or is not for this hour.
    AccountDisabled => "account-disabled",
    /// How often a password has been tried could not be counted.
    Uncounted => "uncounted",
    /// Whether the SAML assertion had been used before could not be known.
    Unremembered => "unremembered",
    /// The person declined, or the provider did not let them log in.
    ProviderRefused => "provider-refused",
    /// The operator's settings for the provider shut the account out.
    NotAdmitted => "not-admitted",
    /// A time of the response does not fit.
    UntrustedTime => "untrusted-time",
    /// The response is for another client.
    UntrustedAudience => "untrusted-audience",
    /// The response is of another issuer.
    UntrustedIssuer => "untrusted-issuer",
    /// No key of the provider made the signature.
    UntrustedSignature => "untrusted-signature",
    /// The response answers another login.
    UntrustedNonce => "untrusted-nonce",
    /// The person did not log in as strictly, or as lately, as was asked for.
    UntrustedStrength => "untrusted-strength",
    /// Another check of the response failed.
    Untrusted => "untrusted",
    /// A time of a SAML response does not fit.
    SamlTime => "saml-time",
    /// A SAML response is for another service provider, or another address.
    SamlAudience => "saml-audience",
    /// A SAML response is of another identity provider.
    SamlIssuer => "saml-issuer",
    /// A SAML response answers another login, or none.
    SamlRequest => "saml-request",
    /// A SAML response is not signed by a key of the metadata, or was changed.
    SamlSignature => "saml-signature",
    /// A SAML assertion cannot be decrypted, or is not encrypted.
    SamlEncryption => "saml-encryption",
    /// A SAML assertion does not say who somebody is for good.
    SamlSubject => "saml-subject",
    /// The person did not log in by the classes asked for, or as lately.
    SamlStrength => "saml-strength",
    /// A SAML assertion came a second time.
    SamlReplay => "saml-replay",
    /// Another check of a SAML response failed.
    Saml => "saml",
    /// A SAML message about a logout was not believed, or could not be checked.
    LogoutRefused => "logout-refused",
    /// The provider did not accept Roomkey as a client.
    TurnedAway => "turned-away",
    /// The provider said that it could not just then.
    ProviderInTrouble => "provider-in-trouble",
    /// The provider took no more calls.
    TooManyCalls => "too-many-calls",
    /// An organisation asks for its own single sign-on first.
    SignOnNeeded => "sign-on-needed",
    /// No usable answer came from the provider.
    ProviderUnreachable => "provider-unreachable",
    /// No rule fits the person.
    NoRule => "no-rule",
    /// A rule denies the person.
    RuleDenies => "rule-denies",
    /// The rule's time ended while the person logged in.
    GrantEnded => "grant-ended",
    /// The token would have been longer than Prosody reads.
    TokenTooLarge => "token-too-large",
    /// The keys that Roomkey makes itself could not be had from the store yet.
    NoKey => "no-key",
    /// The key did not sign.
    CannotSign => "cannot-sign",
    /// The store did not keep the code of the inline login.
    NoCode => "no-code",
    /// Neither the store nor the journal took the record of the login.
    NotRecorded => "not-recorded",
    /// `client_id` is not that of `[meeting.inline]`.
    WrongClientId => "wrong-client-id",
    /// `redirect_uri` is not Jitsi's `/static/sso.html`, or not that of the authorization request.
    WrongRedirectUri => "wrong-redirect-uri",
    /// `response_type` or `response_mode` is none of Jitsi's.
    WrongResponse => "wrong-response",
    /// The authorization request is inside of `request` or behind `request_uri`.
    RequestObject => "request-object",
    /// The authorization request has no `code_challenge` that `S256` gives.
    NoChallenge => "no-challenge",
    /// The authorization request has no `state`.
    NoState => "no-state",
    /// No page may be shown, and nobody is signed in who may enter without one.
    NotSignedIn => "not-signed-in",
    /// A page of another site asks for tokens.
    ForeignOrigin => "foreign-origin",
    /// A parameter of the token request is missing, or `grant_type` is another.
    WrongGrant => "wrong-grant",
    /// The code is unknown, has expired, or has been used.
    CodeUnknown => "code-unknown",
    /// `code_verifier` is not what `code_challenge` was made of.
    WrongVerifier => "wrong-verifier",
    /// The refresh token is unknown, or its family has ended.
    RefreshUnknown => "refresh-unknown",
    /// The refresh token has been used before.
    RefreshReplayed => "refresh-replayed",
    /// What a code or a refresh token stands for does not open.
    Sealed => "sealed-by-another-secret",
    /// The session that tokens were asked for has ended.
    SessionEnded => "session-ended",
    /// The provider does not vouch for the session's person any more without them.
    LoginNeeded => "login-needed",
    /// The store of sessions was not there.
    NoSessions => "no-sessions",
    /// A form was of another session.
    StaleForm => "stale-form",
    /// A handler panicked.
    Panicked => "panicked",
}

/// A word that this version does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such failure")]
pub struct UnknownFailure;

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Failure {
    type Err = UnknownFailure;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().copied().find(|failure| failure.code() == code).ok_or(UnknownFailure)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_word_is_read_back_as_what_it_stands_for() {
        for &failure in Failure::ALL {
            assert_eq!(failure.code().parse(), Ok(failure));
        }
        assert_eq!("no-such-word".parse::<Failure>(), Err(UnknownFailure));
    }

    #[test]
    fn no_two_have_the_same_word() {
        let codes: BTreeSet<_> = Failure::ALL.iter().map(|failure| failure.code()).collect();

        assert_eq!(codes.len(), Failure::ALL.len());
    }
}

//! The checks of a SAML response, each by its own name.

use std::fmt;

use crate::provider::FailedCheck;
use crate::provider::error::Untrusted;

/// A check of a SAML response, in the order in which they are made (Core: SAML 2.0 Core; Bindings: SAML 2.0 Bindings; Profiles: SAML
/// 2.0 Profiles, section 4.1.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SamlCheck {
    /// `SAMLResponse` is there and base64 (Bindings, section 3.5.4).
    Encoding,
    /// No longer than Roomkey reads.
    Size,
    /// No document type, hence no entities of the document's own.
    Doctype,
    /// Well-formed XML 1.0 in UTF-8, no deeper than Roomkey reads.
    Xml,
    /// Each `ID` once in the document (Core, section 1.3.4).
    UniqueIds,
    /// A `Response` of SAML 2.0 with `ID`, `Version` and `IssueInstant` (Core, section 3.2.2).
    Message,
    /// A `LogoutRequest` or `LogoutResponse` of SAML 2.0 with `ID`, `Version` and `IssueInstant` (Core, section 3.7).
    LogoutMessage,
    /// `Issuer` of the response (Profiles, section 4.1.4.2).
    ResponseIssuer,
    /// `Destination` (Bindings, section 3.5.5.2).
    Destination,
    /// `InResponseTo` of the response (Core, section 3.2.2).
    InResponseTo,
    /// `IssueInstant` (Core, section 3.2.2).
    IssueInstant,
    /// Exactly one assertion, encrypted or not, and directly in the response.
    OneAssertion,
    /// The assertion is encrypted, where the operator wants that.
    Encryption,
    /// The assertion or the name identifier can be decrypted by Roomkey's key, by algorithms of today.
    Decryption,
    /// The response or the assertion is signed.
    Signed,
    /// The signature is of the form that SAML gives it (Core, section 5.4).
    SignatureForm,
    /// The signature's algorithms are of today.
    SignatureAlgorithm,
    /// The signature is about the very element that it stands in (Core, section 5.4.2).
    SignatureReference,
    /// The signature is by a key of the provider's metadata.
    Signature,
    /// The element is as it was when it was signed.
    Digest,
    /// `Version`, `ID` and `IssueInstant` of the assertion (Core, section 2.3.3).
    Assertion,
    /// `Issuer` of the assertion (Profiles, section 4.1.4.2).
    AssertionIssuer,
    /// `Subject` and its `NameID` (Core, section 2.4.1).
    Subject,
    /// The name identifier is one for good.
    NameIdFormat,
    /// A value without comments or elements in its midst.
    PlainText,
    /// A `SubjectConfirmation` for bearers, with its data (Profiles, section 4.1.4.2).
    Confirmation,
    /// `Recipient` of the confirmation (Profiles, section 4.1.4.2).
    Recipient,
    /// `InResponseTo` of the confirmation (Profiles, section 4.1.4.2).
    ConfirmationInResponseTo,
    /// `NotOnOrAfter` of the confirmation (Profiles, section 4.1.4.2).
    ConfirmationNotOnOrAfter,
    /// `NotBefore`, which a bearer's confirmation must not have (Profiles, section 4.1.4.2).
    ConfirmationNotBefore,
    /// `NotBefore` of the conditions (Core, section 2.5.1.2).
    NotBefore,
    /// `NotOnOrAfter` of the conditions (Core, section 2.5.1.2).
    NotOnOrAfter,
    /// `AudienceRestriction` (Core, section 2.5.1.4; Profiles, section 4.1.4.2).
    Audience,
    /// No condition that Roomkey does not know (Core, section 2.5.1).
    KnownConditions,
    /// An `AuthnStatement` (Profiles, section 4.1.4.2).
    AuthnStatement,
    /// `AuthnInstant`: after the request, where a fresh login was asked for (Core, section 3.4.1).
    AuthnInstant,
    /// `SessionNotOnOrAfter` (Core, section 2.7.2).
    SessionNotOnOrAfter,
    /// `AuthnContextClassRef` (Core, section 3.3.2.2.1).
    AuthnContext,
    /// The attribute that says who somebody is.
    SubjectAttribute,
    /// The assertion has not been used before (Profiles, section 4.1.4.5).
    Replay,
}

impl SamlCheck {
    /// It has failed; `detail` says how, in words of Roomkey's own.
    pub(in crate::provider) fn failed(self, detail: impl Into<String>) -> Untrusted {
        Untrusted::new(FailedCheck::Saml(self), detail)
    }
}

impl fmt::Display for SamlCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Encoding => "`SAMLResponse`",
            Self::Size => "document size",
            Self::Doctype => "document type",
            Self::Xml => "XML",
            Self::UniqueIds => "unique `ID`",
            Self::Message => "`Response`",
            Self::LogoutMessage => "logout message",
            Self::ResponseIssuer => "response `Issuer`",
            Self::Destination => "`Destination`",
            Self::InResponseTo => "response `InResponseTo`",
            Self::IssueInstant => "`IssueInstant`",
            Self::OneAssertion => "one assertion",
            Self::Encryption => "encryption",
            Self::Decryption => "decryption",
            Self::Signed => "signed",
            Self::SignatureForm => "signature form",
            Self::SignatureAlgorithm => "signature algorithm",
            Self::SignatureReference => "signature `Reference`",
            Self::Signature => "signature key",
            Self::Digest => "`DigestValue`",
            Self::Assertion => "`Assertion`",
            Self::AssertionIssuer => "assertion `Issuer`",
            Self::Subject => "`Subject`",
            Self::NameIdFormat => "`NameID` format",
            Self::PlainText => "plain text",
            Self::Confirmation => "`SubjectConfirmation`",
            Self::Recipient => "`Recipient`",
            Self::ConfirmationInResponseTo => "confirmation `InResponseTo`",
            Self::ConfirmationNotOnOrAfter => "confirmation `NotOnOrAfter`",
            Self::ConfirmationNotBefore => "confirmation `NotBefore`",
            Self::NotBefore => "conditions `NotBefore`",
            Self::NotOnOrAfter => "conditions `NotOnOrAfter`",
            Self::Audience => "`AudienceRestriction`",
            Self::KnownConditions => "conditions",
            Self::AuthnStatement => "`AuthnStatement`",
            Self::AuthnInstant => "`AuthnInstant`",
            Self::SessionNotOnOrAfter => "`SessionNotOnOrAfter`",
            Self::AuthnContext => "`AuthnContextClassRef`",
            Self::SubjectAttribute => "subject attribute",
            Self::Replay => "assertion used before",
        })
    }
}

//! The checks of a response that are about the message, up to the one assertion in it (SAML 2.0 Core, section 3.2.2; Bindings,
//! section 3.5; Profiles, section 4.1.4.2).

use jiff::{SignedDuration, Timestamp};

use super::assertion::{self, Proved};
use super::check::SamlCheck;
use super::document::{Document, DocumentError, Element, Limits};
use super::encryption::{Decrypted, decrypt};
use super::idp::IdpMetadata;
use super::key::VerifyingKey;
use super::own_key::OwnKey;
use super::settings::Settings;
use super::signature::{is_signed, verify};
use super::{ASSERTION, PROTOCOL};
use crate::provider::error::{Untrusted, printable};
use crate::provider::{Leg, ProviderError};

/// Longest response, in bytes: with hundreds of groups they have some tens of thousands.
pub const MAX_RESPONSE_BYTES: usize = 256 * 1024;

/// Deepest element of a response; those of providers are half as deep.
const MAX_DEPTH: u32 = 32;

/// How much of a response is read.
pub(super) const LIMITS: Limits = Limits { bytes: MAX_RESPONSE_BYTES, depth: MAX_DEPTH };

/// Clock difference allowed when reading times.
pub(super) const LEEWAY: SignedDuration = SignedDuration::from_mins(1);

/// Longest `ID`, in bytes.
const MAX_ID_BYTES: usize = 256;

/// What a response has to answer.
pub(super) struct Asked<'a> {
    pub(super) settings: &'a Settings,
    pub(super) idp: &'a IdpMetadata,
    /// The `ID` of the request.
    pub(super) request_id: &'a str,
    /// When the person has to have logged in for it, if that was asked for.
    pub(super) authenticated_after: Option<Timestamp>,
    pub(super) now: Timestamp,
}

/// The one assertion, as it stands in the response.
enum Holder<'d> {
    Plain(Element<'d>),
    Encrypted(Element<'d>),
}

impl Asked<'_> {
    /// It may be as early as this by the provider's clock.
    pub(super) fn earliest(&self) -> Timestamp {
        self.now.saturating_sub(LEEWAY).unwrap_or(self.now)
    }

    /// It may be as late as this by the provider's clock.
    pub(super) fn latest(&self) -> Timestamp {
        self.now.saturating_add(LEEWAY).unwrap_or(self.now)
    }

    fn own_key(&self) -> Option<&OwnKey> {
        self.settings.own_key.as_deref()
    }
}

/// Checks a response, and gives what it proves.
pub(super) fn check(xml: &[u8], asked: &Asked<'_>) -> Result<Proved, ProviderError> {
    let document = Document::parse(xml, LIMITS).map_err(refused)?;
    let response = document.root();
    let keys = keys(asked.idp);
    if !response.is(PROTOCOL, "Response") {
        return Err(SamlCheck::Message.failed("its root is something else").into());
    }
    let instant = header(response, SamlCheck::Message)?;
    check_issuer(response, asked.idp, SamlCheck::ResponseIssuer, false)?;
    // Whoever signs the message has its signature checked, even where that of the assertion would do.
    let signed = is_signed(response);
    if signed {
        verify(response, &keys, asked.settings.insecure_sha1)?;
    }
    check_destination(response, signed, asked)?;
    match response.attribute("InResponseTo") {
        Some(id) if id == asked.request_id => {}
        Some(_) => return Err(SamlCheck::InResponseTo.failed("it answers another request").into()),
        None => return Err(SamlCheck::InResponseTo.failed("it answers none: the login began at the provider").into()),
    }
    if instant > asked.latest() {
        return Err(SamlCheck::IssueInstant.failed("it is in the future").into());
    }
    check_status(response)?;
    let opened;
    let decrypted;
    let assertion = match only_assertion(&document)? {
        Holder::Plain(_) if asked.settings.want_assertions_encrypted => {
            return Err(SamlCheck::Encryption.failed("the assertion is not encrypted").into());
        }
        Holder::Plain(assertion) => assertion,
        Holder::Encrypted(encrypted) => {
            decrypted = decrypt(encrypted, asked.own_key(), signed)?;
            opened = decrypted.parse(LIMITS)?;
            only_decrypted(&opened, "Assertion")?
        }
    };
    if is_signed(assertion) {
        verify(assertion, &keys, asked.settings.insecure_sha1)?;
    } else if !signed {
        return Err(SamlCheck::Signed.failed("neither the response nor the assertion is signed").into());
    }
    Ok(assertion::check(assertion, asked)?)
}

pub(super) fn refused(error: DocumentError) -> Untrusted {
    let check = match error {
        DocumentError::TooLong(_) => SamlCheck::Size,
        DocumentError::Doctype => SamlCheck::Doctype,
        DocumentError::NotUtf8 | DocumentError::Malformed(_) => SamlCheck::Xml,
        DocumentError::DuplicateId => SamlCheck::UniqueIds,
    };
    check.failed(error.to_string())
}

/// The keys of the metadata. One that cannot be used is none; if that is the only one, its signatures fail.
pub(super) fn keys(idp: &IdpMetadata) -> Vec<VerifyingKey> {
    idp.signing_certificates.iter().filter_map(|der| VerifyingKey::from_certificate(der).ok()).collect()
}

/// `ID`, `Version` and `IssueInstant`, which responses and assertions have alike; gives the last.
pub(super) fn header(element: Element<'_>, check: SamlCheck) -> Result<Timestamp, Untrusted> {
    if element.attribute("Version") != Some("2.0") {
        return Err(check.failed("`Version` is not 2.0"));
    }
    if !element.attribute("ID").is_some_and(|id| !id.is_empty() && id.len() <= MAX_ID_BYTES) {
        return Err(check.failed("`ID` is missing or too long"));
    }
    let instant = element.attribute("IssueInstant").and_then(|text| text.parse().ok());
    instant.ok_or_else(|| check.failed("`IssueInstant` is missing or no instant"))
}

/// `Issuer`, if there is one, or has to be.
pub(super) fn check_issuer(
    element: Element<'_>,
    idp: &IdpMetadata,
    check: SamlCheck,
    required: bool,
) -> Result<(), Untrusted> {
    /// Core, section 8.3.6.
    const ENTITY: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity";
    let issuers: Vec<_> = element.children(ASSERTION, "Issuer").collect();
    match issuers.as_slice() {
        [] if !required => Ok(()),
        [issuer]
            if issuer.text().is_ok_and(|text| text == idp.entity_id)
                && issuer.attribute("Format").is_none_or(|format| format == ENTITY) =>
        {
            Ok(())
        }
        [] => Err(check.failed("it is missing")),
        _ => Err(check.failed("it is another provider's")),
    }
}

fn check_destination(response: Element<'_>, signed: bool, asked: &Asked<'_>) -> Result<(), Untrusted> {
    match response.attribute("Destination").filter(|destination| !destination.is_empty()) {
        Some(destination) if destination == asked.settings.acs.as_str() => Ok(()),
        Some(_) => Err(SamlCheck::Destination.failed("it is another address than Roomkey's")),
        None if signed => Err(SamlCheck::Destination.failed("the signed response has none")),
        None => Ok(()),
    }
}

/// What a status other than success means (Core, section 3.2.2.2). Whoever made it up spoils a login of their own alone, so it needs
/// no signature.
fn check_status(response: Element<'_>) -> Result<(), ProviderError> {
    const PREFIX: &str = "urn:oasis:names:tc:SAML:2.0:status:";
    let status = response.only_child(PROTOCOL, "Status").and_then(|status| status.only_child(PROTOCOL, "StatusCode"));
    let status = status.ok_or_else(|| SamlCheck::Message.failed("it has no `Status`"))?;
    let value = |code: Element<'_>| {
        let value = code.attribute("Value").unwrap_or_default();
        value.strip_prefix(PREFIX).unwrap_or(value).to_owned()
    };
    let first = value(status);
    let second = status.child(PROTOCOL, "StatusCode").map(value);
    let leg = Leg::Authorization;
    match (first.as_str(), second.as_deref()) {
        ("Success", _) => Ok(()),
        (_, Some(code @ ("AuthnFailed" | "NoPassive" | "RequestDenied" | "NoAuthnContext"))) => {
            Err(ProviderError::Refused { code: printable(code) })
        }
        ("Responder", code) => Err(ProviderError::InTrouble { leg, code: printable(code.unwrap_or("Responder")) }),
        (first, code) => Err(ProviderError::TurnedAway { leg, code: printable(code.unwrap_or(first)) }),
    }
}

/// The assertion directly in the response, where there is no other in the whole document: nothing could be taken for it.
fn only_assertion<'d>(document: &'d Document<'_>) -> Result<Holder<'d>, Untrusted> {
    let response = document.root();
    let plain = response.children(ASSERTION, "Assertion").map(Holder::Plain);
    let mut all = plain.chain(response.children(ASSERTION, "EncryptedAssertion").map(Holder::Encrypted));
    match (all.next(), document.count(ASSERTION, &["Assertion", "EncryptedAssertion"])) {
        (Some(only), 1) => Ok(only),
        (_, 0) => Err(SamlCheck::OneAssertion.failed("there is none")),
        (None, _) => Err(SamlCheck::OneAssertion.failed("it is not directly in the response")),
        (Some(_), _) => Err(SamlCheck::OneAssertion.failed("there are several")),
    }
}

/// The element of this name, if nothing else was encrypted.
pub(super) fn only_decrypted<'d>(opened: &'d Document<'_>, name: &'static str) -> Result<Element<'d>, Untrusted> {
    let mut elements = opened.root().elements();
    match (elements.next(), elements.next()) {
        (Some(element), None) if element.is(ASSERTION, name) && opened.count(ASSERTION, &[name]) == 1 => Ok(element),
        _ => Err(SamlCheck::Decryption.failed(format!("what was in it is not one `{name}`"))),
    }
}

/// A name identifier that may be encrypted.
pub(super) fn opened_id(encrypted: Element<'_>, asked: &Asked<'_>) -> Result<Decrypted, Untrusted> {
    // It stands in an assertion whose signature, or that of the response around it, has been checked.
    decrypt(encrypted, asked.own_key(), true)
}

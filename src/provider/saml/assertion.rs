//! The checks of an assertion that has been found to be the provider's (SAML 2.0 Core, sections 2.3 to 2.7; Profiles, section 4.1.4).

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::check::SamlCheck;
use super::document::Element;
use super::name_id::NameId;
use super::response::{Asked, LEEWAY, LIMITS, check_issuer, header, only_decrypted, opened_id};
use super::settings::SubjectSource;
use super::{ASSERTION, TRANSIENT, attributes};
use crate::provider::error::Untrusted;

/// The method by which whoever brings an assertion is its subject (Profiles, section 3.3).
const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";

/// Most sessions at the provider that a login is tied to.
const MAX_SESSIONS: usize = 8;

/// What an assertion proves.
pub(super) struct Proved {
    /// Who somebody is for good, within the provider's own names.
    pub(super) subject: String,
    pub(super) name_id: Option<NameId>,
    pub(super) claims: Map<String, Value>,
    pub(super) session_indexes: Vec<String>,
    /// Until when the provider's session lasts (`SessionNotOnOrAfter`).
    pub(super) session_ends: Option<Timestamp>,
    /// The assertion's `ID`, to be remembered.
    pub(super) id: String,
    /// Until then.
    pub(super) expires: Timestamp,
}

pub(super) fn check(assertion: Element<'_>, asked: &Asked<'_>) -> Result<Proved, Untrusted> {
    let instant = header(assertion, SamlCheck::Assertion)?;
    if instant > asked.latest() {
        return Err(SamlCheck::Assertion.failed("`IssueInstant` is in the future"));
    }
    check_issuer(assertion, asked.idp, SamlCheck::AssertionIssuer, true)?;
    let subject = assertion.only_child(ASSERTION, "Subject");
    let subject = subject.ok_or_else(|| SamlCheck::Subject.failed("it is missing"))?;
    let confirmed_until = check_confirmation(subject, asked)?;
    check_conditions(assertion, asked)?;
    let (session_indexes, session_ends) = check_statements(assertion, asked)?;
    let name_id = name_id(subject, asked)?;
    let claims = attributes::read(assertion, name_id.as_ref())?;
    let who = who(name_id.as_ref(), &claims, &asked.settings.subject)?;
    Ok(Proved {
        // Names of several providers may be the same. An entity id is an URI, hence without blanks.
        subject: format!("{} {who}", asked.idp.entity_id),
        name_id,
        claims,
        session_indexes,
        session_ends,
        id: assertion.attribute("ID").unwrap_or_default().to_owned(),
        expires: confirmed_until.saturating_add(LEEWAY).unwrap_or(Timestamp::MAX),
    })
}

/// One of the confirmations for bearers has to hold; gives until when.
fn check_confirmation(subject: Element<'_>, asked: &Asked<'_>) -> Result<Timestamp, Untrusted> {
    let mut first = None;
    let all = subject.children(ASSERTION, "SubjectConfirmation");
    for confirmation in all.filter(|confirmation| confirmation.attribute("Method") == Some(BEARER)) {
        match confirms(confirmation, asked) {
            Ok(until) => return Ok(until),
            Err(failed) => drop(first.get_or_insert(failed)),
        }
    }
    Err(first.unwrap_or_else(|| SamlCheck::Confirmation.failed("there is none for bearers")))
}

fn confirms(confirmation: Element<'_>, asked: &Asked<'_>) -> Result<Timestamp, Untrusted> {
    let data = confirmation.only_child(ASSERTION, "SubjectConfirmationData");
    let data = data.ok_or_else(|| SamlCheck::Confirmation.failed("it has no data"))?;
    if data.attribute("NotBefore").is_some() {
        return Err(SamlCheck::ConfirmationNotBefore.failed("there is one"));
    }
    if data.attribute("Recipient") != Some(asked.settings.acs.as_str()) {
        return Err(SamlCheck::Recipient.failed("it is missing, or another address than Roomkey's"));
    }
    if data.attribute("InResponseTo") != Some(asked.request_id) {
        return Err(SamlCheck::ConfirmationInResponseTo.failed("it is missing, or another request's"));
    }
    let check = SamlCheck::ConfirmationNotOnOrAfter;
    let until = time(data, "NotOnOrAfter", check)?.ok_or_else(|| check.failed("it is missing"))?;
    if asked.earliest() >= until {
        return Err(check.failed("it has passed"));
    }
    Ok(until)
}

fn check_conditions(assertion: Element<'_>, asked: &Asked<'_>) -> Result<(), Untrusted> {
    let conditions = assertion.only_child(ASSERTION, "Conditions");
    let conditions = conditions.ok_or_else(|| SamlCheck::Audience.failed("there are no `Conditions`, or several"))?;
    if time(conditions, "NotBefore", SamlCheck::NotBefore)?.is_some_and(|from| asked.latest() < from) {
        return Err(SamlCheck::NotBefore.failed("it is yet to come"));
    }
    if time(conditions, "NotOnOrAfter", SamlCheck::NotOnOrAfter)?.is_some_and(|until| asked.earliest() >= until) {
        return Err(SamlCheck::NotOnOrAfter.failed("it has passed"));
    }
    let known = |condition: Element<'_>| {
        ["AudienceRestriction", "OneTimeUse", "ProxyRestriction"].iter().any(|name| condition.is(ASSERTION, name))
    };
    if !conditions.elements().all(known) {
        return Err(SamlCheck::KnownConditions.failed("there is one that Roomkey does not know"));
    }
    let is_meant = |restriction: Element<'_>| {
        let mut audiences = restriction.children(ASSERTION, "Audience");
        audiences.any(|audience| audience.text().is_ok_and(|text| text == asked.settings.entity_id))
    };
    let mut restrictions = conditions.children(ASSERTION, "AudienceRestriction").peekable();
    if restrictions.peek().is_none() {
        return Err(SamlCheck::Audience.failed("it is missing"));
    }
    // Each narrows the others down (Core, section 2.5.1.4).
    if !restrictions.all(is_meant) {
        return Err(SamlCheck::Audience.failed("it names others than Roomkey"));
    }
    Ok(())
}

/// Sessions at the provider, and when the first of them ends.
fn check_statements(assertion: Element<'_>, asked: &Asked<'_>) -> Result<(Vec<String>, Option<Timestamp>), Untrusted> {
    let statements: Vec<_> = assertion.children(ASSERTION, "AuthnStatement").collect();
    if statements.is_empty() {
        return Err(SamlCheck::AuthnStatement.failed("there is none"));
    }
    let mut indexes = Vec::new();
    let mut ends: Option<Timestamp> = None;
    for statement in &statements {
        let check = SamlCheck::AuthnInstant;
        let authenticated = time(*statement, "AuthnInstant", check)?.ok_or_else(|| check.failed("it is missing"))?;
        if asked.authenticated_after.is_some_and(|after| authenticated < after) {
            return Err(check.failed("it is before the request, which asked for a fresh login"));
        }
        let check = SamlCheck::SessionNotOnOrAfter;
        if let Some(end) = time(*statement, "SessionNotOnOrAfter", check)? {
            if asked.earliest() >= end {
                return Err(check.failed("it has passed"));
            }
            ends = Some(ends.map_or(end, |before| before.min(end)));
        }
        indexes.extend(statement.attribute("SessionIndex").map(str::to_owned));
    }
    let wanted = &asked.settings.authn_context;
    let is_wanted = |statement: &Element<'_>| {
        let context = statement.only_child(ASSERTION, "AuthnContext");
        let class = context.and_then(|context| context.only_child(ASSERTION, "AuthnContextClassRef")?.text().ok());
        class.is_some_and(|class| wanted.contains(&class))
    };
    if !wanted.is_empty() && !statements.iter().any(is_wanted) {
        return Err(SamlCheck::AuthnContext.failed("it is none of `authn_context`"));
    }
    indexes.truncate(MAX_SESSIONS);
    Ok((indexes, ends))
}

/// The name identifier, encrypted or not; at most one.
fn name_id(subject: Element<'_>, asked: &Asked<'_>) -> Result<Option<NameId>, Untrusted> {
    let plain: Vec<_> = subject.children(ASSERTION, "NameID").collect();
    let encrypted: Vec<_> = subject.children(ASSERTION, "EncryptedID").collect();
    match (plain.as_slice(), encrypted.as_slice()) {
        ([], []) => Ok(None),
        ([name_id], []) => NameId::read(*name_id).map(Some),
        ([], [encrypted]) => {
            let decrypted = opened_id(*encrypted, asked)?;
            let opened = decrypted.parse(LIMITS)?;
            NameId::read(only_decrypted(&opened, "NameID")?).map(Some)
        }
        _ => Err(SamlCheck::Subject.failed("there are several identifiers")),
    }
}

fn who(name_id: Option<&NameId>, claims: &Map<String, Value>, source: &SubjectSource) -> Result<String, Untrusted> {
    match source {
        SubjectSource::NameId => {
            let name_id = name_id.ok_or_else(|| SamlCheck::Subject.failed("there is no `NameID`"))?;
            if name_id.format.as_deref() == Some(TRANSIENT) {
                let remedy = "it is a transient one, which is another at each login: name an attribute as `subject`";
                return Err(SamlCheck::NameIdFormat.failed(remedy));
            }
            Ok(name_id.value.clone())
        }
        SubjectSource::Attribute(name) => match claims.get(name) {
            Some(Value::String(value)) => Ok(value.clone()),
            Some(_) => Err(SamlCheck::SubjectAttribute.failed("it has several values")),
            None => Err(SamlCheck::SubjectAttribute.failed("it is missing")),
        },
    }
}

/// The instant in this attribute, if there is one.
fn time(element: Element<'_>, name: &str, check: SamlCheck) -> Result<Option<Timestamp>, Untrusted> {
    let instant = element.attribute(name).map(|text| text.parse().map_err(|_| check.failed("it is no instant")));
    instant.transpose()
}

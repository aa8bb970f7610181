//! A response, part by part, so that each can be broken alone.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::encryption::Encryption;
use super::keys::IdpKey;
use super::signing::Signing;
use super::xml::{element, given};
use super::{Asked, ENTITY_ID, NAME_ID};
use crate::support::fake::{EMAIL, NAME};

pub const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
pub const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
pub const PERSISTENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
pub const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
pub const PASSWORD: &str = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport";

/// A response before it is written.
pub struct Message {
    pub id: String,
    pub version: Option<String>,
    pub instant: Option<String>,
    pub destination: Option<String>,
    pub in_response_to: Option<String>,
    pub issuer: Option<String>,
    pub status: String,
    /// Stands between status and assertion.
    pub before: String,
    pub assertion: Assertion,
    /// Stands behind the assertion.
    pub after: String,
    pub sign_response: Option<Signing>,
    pub encryption: Option<Encryption>,
    pub relay_state: Option<String>,
    /// Changes the finished document.
    pub document: Box<dyn Fn(String) -> String>,
    /// Changes the finished parameter.
    pub encoded: fn(String) -> String,
}

/// An assertion before it is written.
#[derive(Clone)]
pub struct Assertion {
    pub id: String,
    pub version: Option<String>,
    pub instant: Option<String>,
    pub issuer: Option<String>,
    /// The `NameID`, or what stands in its place.
    pub name_id: String,
    pub method: String,
    pub recipient: Option<String>,
    pub confirmation_in_response_to: Option<String>,
    pub confirmation_not_on_or_after: Option<String>,
    pub confirmation_not_before: Option<String>,
    /// Whether there is `SubjectConfirmationData` at all.
    pub confirmation_data: bool,
    pub not_before: Option<String>,
    pub not_on_or_after: Option<String>,
    /// All within `Conditions`.
    pub conditions: String,
    pub statement: String,
    pub attributes: String,
    pub sign: Option<Signing>,
}

/// An instant so many seconds from now.
#[allow(clippy::disallowed_methods, reason = "the provider has a clock of its own")]
pub fn instant(seconds: i64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs().cast_signed();
    jiff::Timestamp::from_second(now + seconds).unwrap().to_string()
}

/// A `NameID` of this format.
pub fn name_id(format: &str, value: &str) -> String {
    element("saml:NameID", &[("Format", format)], value)
}

/// A restriction to this audience.
pub fn audience(entity_id: &str) -> String {
    let audience = element("saml:Audience", &[], entity_id);
    element("saml:AudienceRestriction", &[], &audience)
}

/// A statement of how and when somebody logged in.
pub fn statement(authenticated: &str, session_ends: Option<&str>, class: &str) -> String {
    let context = element("saml:AuthnContextClassRef", &[], class);
    let context = element("saml:AuthnContext", &[], &context);
    let mut attributes = vec![("AuthnInstant", authenticated), ("SessionIndex", "session-1")];
    attributes.extend(session_ends.map(|ends| ("SessionNotOnOrAfter", ends)));
    element("saml:AuthnStatement", &attributes, &context)
}

/// An attribute.
pub fn attribute(name: &str, friendly_name: &str, values: &[&str]) -> String {
    let values: String = values.iter().map(|value| element("saml:AttributeValue", &[], value)).collect();
    element("saml:Attribute", &[("Name", name), ("FriendlyName", friendly_name)], &values)
}

/// A status of this code, and a second one.
pub fn status(first: &str, second: Option<&str>) -> String {
    let value = |code: &str| format!("urn:oasis:names:tc:SAML:2.0:status:{code}");
    let second = second.map(|code| element("samlp:StatusCode", &[("Value", &value(code))], "")).unwrap_or_default();
    let code = element("samlp:StatusCode", &[("Value", &value(first))], &second);
    element("samlp:Status", &[], &code)
}

impl Message {
    pub fn good(asked: &Asked, key: &IdpKey) -> Self {
        let own = |text: &str| Some(text.to_owned());
        let unique = || format!("_{:x}{:x}", rand(), rand());
        Self {
            id: unique(),
            version: own("2.0"),
            instant: Some(instant(0)),
            destination: own(&asked.acs),
            in_response_to: own(&asked.id),
            issuer: own(ENTITY_ID),
            status: status("Success", None),
            before: String::new(),
            assertion: Assertion {
                id: unique(),
                version: own("2.0"),
                instant: Some(instant(0)),
                issuer: own(ENTITY_ID),
                name_id: name_id(PERSISTENT, NAME_ID),
                method: BEARER.to_owned(),
                recipient: own(&asked.acs),
                confirmation_in_response_to: own(&asked.id),
                confirmation_not_on_or_after: Some(instant(300)),
                confirmation_not_before: None,
                confirmation_data: true,
                not_before: Some(instant(-30)),
                not_on_or_after: Some(instant(300)),
                conditions: audience(&asked.sp),
                statement: statement(&instant(0), Some(&instant(8 * 3600)), PASSWORD),
                attributes: [
                    attribute("urn:oid:2.16.840.1.113730.3.1.241", "displayName", &[NAME]),
                    attribute("urn:oid:0.9.2342.19200300.100.1.3", "mail", &[EMAIL]),
                    attribute("urn:oid:1.3.6.1.4.1.5923.1.5.1.1", "isMemberOf", &["staff", "nurses"]),
                ]
                .concat(),
                sign: Some(Signing::by(key)),
            },
            after: String::new(),
            sign_response: None,
            encryption: None,
            relay_state: own(&asked.relay_state),
            document: Box::new(|document| document),
            encoded: |encoded| encoded,
        }
    }

    /// The document, whole.
    pub fn write(&self) -> String {
        let assertion = self.assertion.write();
        let assertion = match &self.encryption {
            Some(encryption) => encryption.encrypt("saml:EncryptedAssertion", &assertion),
            None => assertion,
        };
        (self.document)(self.around(&assertion))
    }

    /// The response around this assertion, signed if it is to be.
    pub fn around(&self, assertion: &str) -> String {
        let issuer = self.issuer.as_deref().map(|issuer| element("saml:Issuer", &[("xmlns:saml", ASSERTION)], issuer));
        let mut attributes = given(&[
            ("Version", &self.version),
            ("IssueInstant", &self.instant),
            ("Destination", &self.destination),
            ("InResponseTo", &self.in_response_to),
        ]);
        attributes.extend([("xmlns:samlp", PROTOCOL), ("ID", self.id.as_str())]);
        let content = [
            issuer.unwrap_or_default(),
            self.status.clone(),
            self.before.clone(),
            assertion.to_owned(),
            self.after.clone(),
        ];
        let response = element("samlp:Response", &attributes, &content.concat());
        match &self.sign_response {
            Some(signing) => signing.sign(&response, &self.id),
            None => response,
        }
    }

    /// The form that the browser posts.
    pub fn form(&self) -> Vec<(&'static str, String)> {
        let mut form = vec![("SAMLResponse", (self.encoded)(STANDARD.encode(self.write())))];
        form.extend(self.relay_state.clone().map(|state| ("RelayState", state)));
        form
    }
}

impl Assertion {
    /// The assertion without its signature.
    pub fn unsigned(&self) -> String {
        let issuer = self.issuer.as_deref().map(|issuer| element("saml:Issuer", &[], issuer)).unwrap_or_default();
        let data = given(&[
            ("Recipient", &self.recipient),
            ("InResponseTo", &self.confirmation_in_response_to),
            ("NotOnOrAfter", &self.confirmation_not_on_or_after),
            ("NotBefore", &self.confirmation_not_before),
        ]);
        let data =
            if self.confirmation_data { element("saml:SubjectConfirmationData", &data, "") } else { String::new() };
        let confirmation = element("saml:SubjectConfirmation", &[("Method", self.method.as_str())], &data);
        let subject = element("saml:Subject", &[], &format!("{}{confirmation}", self.name_id));
        let window = given(&[("NotBefore", &self.not_before), ("NotOnOrAfter", &self.not_on_or_after)]);
        let conditions = element("saml:Conditions", &window, &self.conditions);
        let attributes = element("saml:AttributeStatement", &[], &self.attributes);
        let mut own = given(&[("Version", &self.version), ("IssueInstant", &self.instant)]);
        own.extend([("xmlns:saml", ASSERTION), ("ID", self.id.as_str())]);
        element("saml:Assertion", &own, &[issuer, subject, conditions, self.statement.clone(), attributes].concat())
    }

    pub fn write(&self) -> String {
        match &self.sign {
            Some(signing) => signing.sign(&self.unsigned(), &self.id),
            None => self.unsigned(),
        }
    }
}

fn rand() -> u64 {
    let mut bytes = [0; 8];
    aws_lc_rs::rand::fill(&mut bytes).unwrap();
    u64::from_be_bytes(bytes)
}

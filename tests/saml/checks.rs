//! Each check of the response and its assertion, broken alone (SAML 2.0 Core; Profiles, section 4.1.4).

use crate::stage::breaks;
use crate::support::ending::{CANCELLED, DOWN, NOT_YOURS, TURNED_AWAY};
use crate::support::fake_idp::NAME_ID;
use crate::support::fake_idp::message::{Message, PASSWORD, audience, instant, name_id, statement, status};

const OTHER: &str = "https://evil.example/acs";
const TRANSIENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";

fn own(text: &str) -> Option<String> {
    Some(text.to_owned())
}

broken! {
    another_version: |m| m.version = own("1.1") => "fails the `Response` check: `Version` is not 2.0";
    no_version: |m| m.version = None => "fails the `Response` check: `Version` is not 2.0";
    no_id: |m| m.id.clear() => "fails the `Response` check: `ID` is missing";
    no_instant: |m| m.instant = None => "fails the `Response` check: `IssueInstant`";
    an_instant_that_is_none: |m| m.instant = own("yesterday") => "fails the `Response` check: `IssueInstant`";
    an_instant_in_the_future: |m| m.instant = Some(instant(120)) => "fails the `IssueInstant` check";
    a_root_that_is_no_response: |m: &mut Message| m.document = Box::new(|xml| xml.replace("samlp:Response", "samlp:LogoutResponse")) => "fails the `Response` check: its root is something else";
    a_response_in_another_namespace: |m: &mut Message| m.document = Box::new(|xml| xml.replace("SAML:2.0:protocol", "SAML:1.0:protocol")) => "fails the `Response` check";
    an_instant_at_the_end_of_time: |m| m.instant = own("9999-12-30T21:59:59Z") => "fails the `IssueInstant` check";
    conditions_from_the_end_of_time_on: |m| m.assertion.not_before = own("9999-12-30T21:59:59Z") => "fails the conditions `NotBefore` check";
    another_issuer: |m| m.issuer = own("https://evil.example") => "fails the response `Issuer` check";
    an_issuer_with_a_slash_more: |m| m.issuer = own("https://idp.example.com/metadata/") => "fails the response `Issuer` check";
    another_destination: |m| m.destination = own(OTHER) => "fails the `Destination` check";
    a_destination_that_begins_alike: |m| m.destination.as_mut().unwrap().push_str("/more") => "fails the `Destination` check";
    another_request: |m| m.in_response_to = own("_another") => "fails the response `InResponseTo` check";
    no_request: |m| m.in_response_to = None => "fails the response `InResponseTo` check: it answers none";
    no_status: |m| m.status.clear() => "fails the `Response` check: it has no `Status`";
    no_assertion: |m: &mut Message| m.document = Box::new(|xml| {
        let (head, rest) = xml.split_once("<saml:Assertion").unwrap();
        format!("{head}{}", rest.split_once("</saml:Assertion>").unwrap().1)
    }) => "fails the one assertion check: there is none";
    an_assertion_of_another_version: |m| m.assertion.version = own("1.1") => "fails the `Assertion` check: `Version`";
    an_assertion_without_instant: |m| m.assertion.instant = None => "fails the `Assertion` check: `IssueInstant`";
    an_assertion_from_the_future: |m| m.assertion.instant = Some(instant(120)) => "fails the `Assertion` check";
    an_assertion_of_another_issuer: |m| m.assertion.issuer = own("https://evil.example") => "fails the assertion `Issuer` check: it is another provider's";
    an_assertion_of_no_issuer: |m| m.assertion.issuer = None => "fails the assertion `Issuer` check: it is missing";
    no_name_id: |m| m.assertion.name_id.clear() => "fails the `Subject` check: there is no `NameID`";
    an_empty_name_id: |m| m.assertion.name_id = name_id("urn:x", " ") => "fails the `Subject` check";
    an_endless_name_id: |m| m.assertion.name_id = name_id("urn:x", &"n".repeat(2000)) => "fails the `Subject` check";
    two_name_ids: |m| m.assertion.name_id = name_id("urn:x", "ada").repeat(2) => "fails the `Subject` check: there are several";
    a_transient_name_id: |m| m.assertion.name_id = name_id(TRANSIENT, NAME_ID) => "fails the `NameID` format check";
    a_comment_in_the_name_id: |m| m.assertion.name_id = name_id("urn:x", "admin@example.com<!---->.evil.example") => "fails the `DigestValue` check";
    a_comment_put_into_the_name_id_afterwards: |m: &mut Message| m.document = Box::new(|xml| xml.replace("grace-4711", "grace<!---->-4711")) => "fails the plain text check";
    an_instruction_put_into_the_name_id_afterwards: |m: &mut Message| m.document = Box::new(|xml| xml.replace("grace-4711", "grace<?x?>-4711")) => "fails the `DigestValue` check";
    a_comment_put_into_an_attribute_afterwards: |m: &mut Message| m.document = Box::new(|xml| xml.replace("nurses", "nur<!---->ses")) => "fails the plain text check";
    a_confirmation_by_key: |m| m.assertion.method = "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key".to_owned() => "fails the `SubjectConfirmation` check: there is none for bearers";
    a_confirmation_without_data: |m| m.assertion.confirmation_data = false => "fails the `SubjectConfirmation` check: it has no data";
    another_recipient: |m| m.assertion.recipient = own(OTHER) => "fails the `Recipient` check";
    no_recipient: |m| m.assertion.recipient = None => "fails the `Recipient` check";
    a_confirmation_of_another_request: |m| m.assertion.confirmation_in_response_to = own("_another") => "fails the confirmation `InResponseTo` check";
    a_confirmation_of_no_request: |m| m.assertion.confirmation_in_response_to = None => "fails the confirmation `InResponseTo` check";
    a_confirmation_that_has_expired: |m| m.assertion.confirmation_not_on_or_after = Some(instant(-61)) => "fails the confirmation `NotOnOrAfter` check: it has passed";
    a_confirmation_that_never_expires: |m| m.assertion.confirmation_not_on_or_after = None => "fails the confirmation `NotOnOrAfter` check: it is missing";
    a_confirmation_for_later: |m| m.assertion.confirmation_not_before = Some(instant(-10)) => "fails the confirmation `NotBefore` check";
    conditions_for_later: |m| m.assertion.not_before = Some(instant(65)) => "fails the conditions `NotBefore` check";
    conditions_that_have_expired: |m| m.assertion.not_on_or_after = Some(instant(-61)) => "fails the conditions `NotOnOrAfter` check";
    conditions_at_no_time: |m| m.assertion.not_before = own("soon") => "fails the conditions `NotBefore` check: it is no instant";
    an_instant_without_a_zone: |m| m.assertion.not_on_or_after = own("2099-01-01T00:00:00") => "fails the conditions `NotOnOrAfter` check: it is no instant";
    another_audience: |m| m.assertion.conditions = audience("https://other.example/metadata") => "fails the `AudienceRestriction` check: it names others";
    no_audience: |m| m.assertion.conditions.clear() => "fails the `AudienceRestriction` check: it is missing";
    a_second_restriction_to_others: |m| m.assertion.conditions.push_str(&audience("https://other.example/metadata")) => "fails the `AudienceRestriction` check: it names others";
    a_condition_nobody_knows: |m| m.assertion.conditions.push_str("<saml:Condition></saml:Condition>") => "fails the conditions check";
    no_statement: |m| m.assertion.statement.clear() => "fails the `AuthnStatement` check";
    a_statement_of_no_time: |m| m.assertion.statement = statement("then", None, PASSWORD) => "fails the `AuthnInstant` check";
    a_session_that_has_ended: |m| m.assertion.statement = statement(&instant(0), Some(&instant(-61)), PASSWORD) => "fails the `SessionNotOnOrAfter` check";
    a_weaker_login_than_asked_for: |_| {} => "fails the `AuthnContextClassRef` check", with "authn_context = [\"https://refeds.org/profile/mfa\"]\n";
    an_old_login_where_a_fresh_one_was_asked_for: |m| m.assertion.statement = statement(&instant(-300), None, PASSWORD) => "fails the `AuthnInstant` check: it is before the request", with "force_authn = true\n";
    a_missing_subject_attribute: |_| {} => "fails the subject attribute check: it is missing", with "subject = \"employeeNumber\"\n";
    a_subject_attribute_with_several_values: |_| {} => "fails the subject attribute check: it has several", with "subject = \"isMemberOf\"\n";
    an_assertion_in_clear_where_encryption_is_wanted: |_| {} => "fails the encryption check", with "want_assertions_encrypted = true\n";
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_login_declined_can_be_tried_again() {
    breaks("", |m| m.status = status("Responder", Some("AuthnFailed")), CANCELLED, "(`AuthnFailed`)").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_provider_in_trouble_is_told_as_such() {
    breaks(
        "",
        |m| m.status = status("Responder", None),
        DOWN,
        "in trouble at the authorization endpoint (`Responder`)",
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_the_provider_does_not_take_is_for_the_operator() {
    breaks("", |m| m.status = status("Requester", Some("InvalidNameIDPolicy")), TURNED_AWAY, "(`InvalidNameIDPolicy`)")
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_state_of_nobody_is_refused() {
    breaks("", |m| m.relay_state = own("standup"), NOT_YOURS, "`state` is not one of Roomkey's").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_missing_relay_state_is_refused() {
    breaks("", |m| m.relay_state = None, NOT_YOURS, "`state` is not one of Roomkey's").await;
}

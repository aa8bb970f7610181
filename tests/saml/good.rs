//! What is right lets people in, and Roomkey's own side of it: requests, metadata, sessions.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::stage::Stage;
use crate::support::ending::{STAFF_MODERATE, assert_entered};
use crate::support::fake::NAME;
use crate::support::fake_idp::message::{Message, PASSWORD, attribute, instant, name_id, statement};
use crate::support::fake_idp::signing::{Signing, insert};
use crate::support::fake_idp::{FakeIdp, keys};
use crate::support::roomkey::Roomkey;
use crate::support::visitor::{Visitor, parameter};

unbroken! {
    a_good_login_enters: |_| {};
    a_response_without_issuer_and_destination_enters: |m| {
        m.issuer = None;
        m.destination = None;
    };
    a_parameter_broken_into_lines_enters: |m: &mut Message| m.encoded = |encoded| {
        let lines: Vec<_> = encoded.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap()).collect();
        lines.join("\r\n")
    };
    a_clock_half_a_minute_ahead_enters: |m| m.assertion.not_before = Some(instant(30));
    an_assertion_that_expired_within_the_leeway_enters: |m| m.assertion.confirmation_not_on_or_after = Some(instant(-30));
    a_second_confirmation_that_does_not_hold_does_no_harm: |m| {
        m.assertion.name_id.push_str("<saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:sender-vouches\"></saml:SubjectConfirmation>");
    };
    a_one_time_assertion_enters: |m| m.assertion.conditions.push_str("<saml:OneTimeUse></saml:OneTimeUse>");
    an_asked_for_class_enters: |m| m.assertion.statement = statement(&instant(0), None, "https://refeds.org/profile/mfa"), with "authn_context = [\"https://refeds.org/profile/mfa\"]\n";
    a_transient_name_beside_an_attribute_enters: |m| {
        m.assertion.name_id = name_id("urn:oasis:names:tc:SAML:2.0:nameid-format:transient", "t-1");
        m.assertion.attributes.push_str(&attribute("urn:oid:2.16.840.1.113730.3.1.3", "employeeNumber", &["4711"]));
    }, with "subject = \"employeeNumber\"\n";
    no_name_beside_an_attribute_enters: |m| {
        m.assertion.name_id.clear();
        m.assertion.attributes.push_str(&attribute("urn:oid:2.16.840.1.113730.3.1.3", "employeeNumber", &["4711"]));
    }, with "subject = \"urn:oid:2.16.840.1.113730.3.1.3\"\n";
    extensions_that_nobody_knows_enter: |m| m.before = "<samlp:Extensions><x xmlns=\"urn:x\">y</x></samlp:Extensions>".to_owned();
    instants_at_the_end_of_time_enter: |m| {
        let end = Some("9999-12-30T21:59:59Z".to_owned());
        m.assertion.confirmation_not_on_or_after.clone_from(&end);
        m.assertion.not_on_or_after.clone_from(&end);
        m.assertion.statement = statement(&instant(0), end.as_deref(), PASSWORD);
    };
    a_fresh_login_enters_where_it_was_asked_for: |_| {}, with "force_authn = true\n";
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_request_says_who_asks_and_where_the_answer_goes() {
    let mut stage = Stage::set("authn_context = [\"https://refeds.org/profile/mfa\"]\nforce_authn = true\n").await;

    let asked = stage.begin().await;

    let url = &stage.roomkey.url;
    assert_eq!((asked.sp, asked.acs), (format!("{url}/saml/fake/metadata"), format!("{url}/saml/fake/acs")));
    assert!(asked.relay_state.len() <= 80, "Bindings, section 3.4.3: {}", asked.relay_state.len());
    assert!(asked.document.contains(" ForceAuthn=\"true\""), "{}", asked.document);
    assert!(asked.document.contains(">https://refeds.org/profile/mfa</saml:AuthnContextClassRef>"));
    assert!(asked.document.contains(" Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent\""));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_by_redirect_is_signed_letter_for_letter() {
    let mut stage = Stage::set("sign_requests = true\n").await;

    let request = stage.visitor.get(&format!("{}/room/standup", stage.roomkey.url)).await.location();

    let query = request.query().unwrap();
    let (signed, _) = query.split_once("&Signature=").unwrap();
    let signature = STANDARD.decode(parameter(&request, "Signature").unwrap()).unwrap();
    assert!(signed.ends_with("&SigAlg=http%3A%2F%2Fwww.w3.org%2F2001%2F04%2Fxmldsig-more%23rsa-sha256"), "{signed}");
    let key = aws_lc_rs::signature::UnparsedPublicKey::new(
        &aws_lc_rs::signature::RSA_PKCS1_2048_8192_SHA256,
        keys::roomkey().public(),
    );
    key.verify(signed.as_bytes(), &signature).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_by_post_is_signed_within_and_enters() {
    let mut stage = Stage::set("request_binding = \"post\"\nsign_requests = true\n").await;

    let page = stage.visitor.get(&format!("{}/room/standup", stage.roomkey.url)).await;
    let asked = stage.idp.read_posted(&page);

    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("script-src 'self'; form-action https://idp.example.com https:;"), "{policy}");
    assert!(!page.body.contains("relayed") && page.body.contains("You are being taken"), "{}", page.body);
    assert_signed_by_roomkey(&asked.document, &asked.id);
    let message = stage.idp.message(&asked);
    assert_entered(&stage.bring(&message).await, &stage.roomkey);
}

/// The document's signature stands behind the issuer, and is over everything else, by the key of Roomkey's own.
fn assert_signed_by_roomkey(document: &str, id: &str) {
    let (head, rest) = document.split_once("<ds:Signature ").unwrap();
    let (signature, tail) = rest.split_once("</ds:Signature>").unwrap();
    let expected = Signing::by(&keys::roomkey()).signature(&format!("{head}{tail}"), id);
    let value = |text: &str| text.split_once("<ds:DigestValue>").unwrap().1.split_once('<').unwrap().0.to_owned();
    assert_eq!(value(&expected), value(signature));
    assert_eq!(expected, format!("<ds:Signature {signature}</ds:Signature>"), "RSA PKCS#1 1.5 signs alike each time");
    assert!(insert(&format!("{head}{tail}"), &expected) == document || document.contains("EntityDescriptor"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn roomkey_tells_the_provider_of_itself() {
    let mut stage = Stage::set("").await;

    let url = format!("{}/saml/fake/metadata", stage.roomkey.url);
    let page = stage.visitor.get(&url).await;

    assert_eq!(
        (page.status.as_u16(), &page.headers["content-type"]),
        (200, &"application/samlmetadata+xml".parse().unwrap())
    );
    assert!(page.body.contains(&format!("entityID=\"{url}\"")), "{}", page.body);
    assert!(page.body.contains(&format!("Location=\"{}/saml/fake/acs\"", stage.roomkey.url)));
    assert_eq!(page.body.matches(&STANDARD.encode(keys::roomkey().certificate())).count(), 2, "to sign and to encrypt");
    assert!(!page.body.contains("Signature"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn metadata_are_signed_on_request() {
    let mut stage = Stage::set("sign_metadata = true\n").await;

    let page = stage.visitor.get(&format!("{}/saml/fake/metadata", stage.roomkey.url)).await;

    assert_signed_by_roomkey(&page.body, "_roomkey");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_provider_that_wants_signed_requests_gets_them() {
    let wants = |metadata: String| {
        metadata.replace("<md:IDPSSODescriptor ", "<md:IDPSSODescriptor WantAuthnRequestsSigned=\"true\" ")
    };
    let mut stage = Stage::set_with(FakeIdp::with(wants), "").await;

    let request = stage.visitor.get(&format!("{}/room/standup", stage.roomkey.url)).await.location();

    assert!(parameter(&request, "Signature").is_some(), "{request}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_ends_when_the_provider_said() {
    let mut stage = Stage::set("").await;
    let link = format!("{}/room/standup", stage.roomkey.url);
    let entered = stage.log_in(|m| m.assertion.statement = statement(&instant(0), Some(&instant(2)), PASSWORD)).await;
    assert_entered(&entered, &stage.roomkey);
    assert_entered(&stage.visitor.get(&link).await, &stage.roomkey);

    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    let after = stage.visitor.get(&link).await;

    assert!(after.location().as_str().starts_with("https://idp.example.com/sso?"), "{}", after.location());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_login_that_begins_at_the_provider_begins_anew_here_where_the_operator_wants_it() {
    let mut stage = Stage::set("idp_initiated = true\n").await;
    let acs = format!("{}/saml/fake/acs", stage.roomkey.url);
    let url = stage.roomkey.url.clone();

    for (relay_state, path) in [
        (format!("{url}/room/standup"), "/room/standup?provider=fake"),
        ("standup".to_owned(), "/room/standup?provider=fake"),
        ("sales/standup".to_owned(), "/room/sales/standup?provider=fake"),
        ("https://evil.example/room/standup".to_owned(), "/"),
        (String::new(), "/"),
    ] {
        let form = [("SAMLResponse", "bm90IGV2ZW4gcmVhZA=="), ("RelayState", relay_state.as_str())];
        let page = stage.visitor.post_from_elsewhere(&acs, &form).await;

        assert_eq!(page.location().as_str(), format!("{url}{path}"), "{relay_state}");
    }
    stage.assert_next_login_succeeds().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_that_roll_over_are_each_as_good() {
    let idp = FakeIdp::new();
    let second = idp
        .metadata()
        .replace(&STANDARD.encode(idp.key.certificate()), &STANDARD.encode(keys::idp_p256().certificate()));
    let descriptor = |metadata: &str| {
        let (_, rest) = metadata.split_once("<md:KeyDescriptor").unwrap();
        format!("<md:KeyDescriptor{}</md:KeyDescriptor>", rest.split_once("</md:KeyDescriptor>").unwrap().0)
    };
    let both = idp
        .metadata()
        .replace(&descriptor(&idp.metadata()), &format!("{}{}", descriptor(&second), descriptor(&idp.metadata())));
    idp.publish(&both);
    let mut stage = Stage::set_with(idp, "").await;

    let old = stage.log_in(|_| {}).await;
    let new = stage
        .log_in(|m| {
            let mut signing = Signing::by(&keys::idp_p256());
            signing.method = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256".to_owned();
            m.assertion.sign = Some(signing);
        })
        .await;

    assert_entered(&old, &stage.roomkey);
    assert_entered(&new, &stage.roomkey);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attributes_are_read_by_name_friendly_name_and_the_preset() {
    let idp = FakeIdp::new();
    let configuration = idp.configuration("").split("[providers.claims]").next().unwrap().to_owned();
    let access = STAFF_MODERATE
        .replace("groups = [\"staff\"]", "claims = { mail = \"grace.hopperova@example.com\" }\ngroups = [\"nurses\"]");
    let roomkey = Roomkey::start(&format!("{configuration}{access}"));
    let mut visitor = Visitor::new();
    let asked = idp.read(&visitor.get(&format!("{}/room/standup", roomkey.url)).await.location());

    let form = idp.message(&asked).form();
    let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let page = visitor.post(&format!("{}/saml/fake/acs", roomkey.url), &form).await;

    assert_eq!(page.meeting_claims()["context"]["user"]["name"], json!(NAME), "{}", roomkey.log());
}

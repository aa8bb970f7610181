//! Logouts by the provider: what is right ends the sessions and is answered; each thing that is wrong ends nothing.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use url::form_urlencoded::Serializer;

use crate::stage::Stage;
use crate::support::ending::assert_entered;
use crate::support::fake_idp::keys::{self, IdpKey};
use crate::support::fake_idp::message::instant;
use crate::support::fake_idp::signing::{RSA_SHA256, Signing};
use crate::support::fake_idp::{ENTITY_ID, FakeIdp, NAME_ID, field};
use crate::support::visitor::{Page, Visitor, parameter};

const SLO: &str = "https://idp.example.com/slo";

type Change = fn(String) -> String;

/// A `LogoutRequest`, to be broken.
struct Logout {
    id: &'static str,
    issuer: &'static str,
    destination: String,
    issued: String,
    not_on_or_after: Option<String>,
    name_id: String,
    sessions: &'static [&'static str],
    key: Option<IdpKey>,
    method: &'static str,
    /// Changes the whole document once it is signed.
    after: Change,
}

impl Logout {
    fn good(stage: &Stage) -> Self {
        Self {
            id: "_logout-1",
            issuer: ENTITY_ID,
            destination: format!("{}/saml/fake/slo", stage.roomkey.url),
            issued: instant(0),
            not_on_or_after: Some(instant(60)),
            name_id: NAME_ID.to_owned(),
            sessions: &["session-1"],
            key: Some(stage.idp.key.clone()),
            method: RSA_SHA256,
            after: |document| document,
        }
    }

    /// The document, in canonical form and not signed.
    fn document(&self) -> String {
        let until =
            self.not_on_or_after.as_ref().map_or_else(String::new, |until| format!(" NotOnOrAfter=\"{until}\""));
        let sessions: String =
            self.sessions.iter().map(|index| format!("<samlp:SessionIndex>{index}</samlp:SessionIndex>")).collect();
        format!(
            "<samlp:LogoutRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" Destination=\"{}\" ID=\"{}\" \
             IssueInstant=\"{}\"{until} Version=\"2.0\"><saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">{}\
             </saml:Issuer><saml:NameID xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">{}</saml:NameID>{sessions}\
             </samlp:LogoutRequest>",
            self.destination, self.id, self.issued, self.issuer, self.name_id
        )
    }

    /// By HTTP-POST, as a browser brings it from the provider's site: without cookies.
    async fn post(&self, stage: &Stage) -> Page {
        let document = self.document();
        let signed = match &self.key {
            Some(key) => Signing { method: self.method.to_owned(), ..Signing::by(key) }.sign(&document, self.id),
            None => document,
        };
        let form = [("SAMLRequest", STANDARD.encode((self.after)(signed))), ("RelayState", "relayed".to_owned())];
        let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        Visitor::new().post(&format!("{}/saml/fake/slo", stage.roomkey.url), &form).await
    }

    /// By HTTP-Redirect; `change` breaks the query.
    async fn redirect(&self, stage: &Stage, change: Change) -> Page {
        let deflated = deflated(self.document().as_bytes());
        let encoded = |name: &str, value: &str| Serializer::new(String::new()).append_pair(name, value).finish();
        let mut query = [
            encoded("SAMLRequest", &STANDARD.encode(deflated)),
            encoded("RelayState", "relayed"),
            encoded("SigAlg", self.method),
        ]
        .join("&");
        if let Some(key) = &self.key {
            let signature = STANDARD.encode(key.sign(self.method, query.as_bytes()));
            query = format!("{query}&{}", encoded("Signature", &signature));
        }
        Visitor::new().get(&format!("{}/saml/fake/slo?{}", stage.roomkey.url, change(query))).await
    }
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Somebody is signed in from a provider that knows single logout by one binding.
async fn signed_in(binding: &str) -> Stage {
    let service = format!(
        "<md:SingleLogoutService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:{binding}\" Location=\"{SLO}\" \
         ResponseLocation=\"{SLO}/done\"/><md:NameIDFormat>"
    );
    let idp = FakeIdp::with(|metadata| metadata.replacen("<md:NameIDFormat>", &service, 1));
    let mut stage = Stage::set_with(idp, "").await;
    let page = stage.log_in(|_| {}).await;
    assert_entered(&page, &stage.roomkey);
    stage
}

async fn is_signed_in(stage: &mut Stage) -> bool {
    let page = stage.visitor.get(&format!("{}/room/standup", stage.roomkey.url)).await;
    !page.location().as_str().starts_with("https://idp.example.com/")
}

/// The provider's message does nothing, and the log says why.
async fn does_nothing(change: impl FnOnce(&mut Logout), cause: &str) {
    let mut stage = signed_in("HTTP-Redirect").await;
    let mut logout = Logout::good(&stage);
    change(&mut logout);

    let posted = logout.post(&stage).await;

    assert_eq!(posted.status, 400, "{}", stage.roomkey.log());
    stage.roomkey.wait_for_line(cause, |line| line.contains(cause) && line.contains("logout-refused"));
    assert!(is_signed_in(&mut stage).await, "{cause}");
    stage.assert_log_holds_no_secret();
}

macro_rules! does_nothing {
    ($($name:ident: $change:expr => $cause:literal;)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            does_nothing($change, $cause).await;
        }
    )*};
}

does_nothing! {
    a_logout_that_is_not_signed: |m| m.key = None => "the signed check";
    a_logout_signed_by_a_stranger: |m| m.key = Some(keys::stranger()) => "the signature key check";
    a_logout_signed_by_sha1: |m| m.method = "http://www.w3.org/2000/09/xmldsig#rsa-sha1" => "the signature algorithm check";
    a_logout_changed_after_it_was_signed: |m| m.after = |signed| signed.replace("session-1", "session-2") => "the `DigestValue` check";
    a_logout_of_another_provider: |m| m.issuer = "https://evil.example.org/metadata" => "the metadata know no such identity provider";
    a_logout_for_another_service: |m| m.destination = "https://other.example.com/slo".to_owned() => "the `Destination` check";
    a_logout_of_an_hour_ago: |m| m.issued = instant(-3600) => "the `IssueInstant` check";
    a_logout_of_the_future: |m| m.issued = instant(600) => "the `IssueInstant` check";
    a_logout_that_has_expired: |m| m.not_on_or_after = Some(instant(-90)) => "the conditions `NotOnOrAfter` check";
    a_logout_at_the_end_of_time: |m| m.issued = "9999-12-30T21:59:59Z".to_owned() => "the `IssueInstant` check";
    a_logout_of_nobody: |m| m.name_id = String::new() => "the `Subject` check";
    a_logout_with_a_comment_in_the_name: |m| m.name_id = format!("{NAME_ID}<!---->x") => "check";
    a_logout_with_a_document_type: |m| m.after = |signed| format!("<!DOCTYPE a>{signed}") => "the document type check";
    a_logout_that_is_something_else: |m| m.after = |signed| signed.replace("LogoutRequest", "LogoutQuery") => "the logout message check";
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_logout_ends_the_session_and_is_answered_and_is_good_once() {
    for (binding, posted) in [("HTTP-Redirect", false), ("HTTP-POST", true)] {
        let mut stage = signed_in(binding).await;
        let logout = Logout::good(&stage);

        let first = if posted { logout.post(&stage).await } else { logout.redirect(&stage, |query| query).await };
        assert!(!is_signed_in(&mut stage).await, "{}", stage.roomkey.log());
        let second = logout.post(&stage).await;

        let answer = |page: &Page| {
            let (document, relay_state) = if posted {
                assert!(page.body.contains(&format!("action=\"{SLO}/done\"")), "{}", page.body);
                (STANDARD.decode(field(page, "SAMLResponse")).unwrap(), field(page, "RelayState"))
            } else {
                let address = page.location();
                assert!(address.as_str().starts_with(&format!("{SLO}/done?SAMLResponse=")), "{address}");
                let deflated = STANDARD.decode(parameter(&address, "SAMLResponse").unwrap()).unwrap();
                let mut document = Vec::new();
                std::io::copy(&mut flate2::read::DeflateDecoder::new(&*deflated), &mut document).unwrap();
                assert!(parameter(&address, "Signature").is_some());
                (document, parameter(&address, "RelayState").unwrap())
            };
            assert_eq!(relay_state, "relayed");
            String::from_utf8(document).unwrap()
        };
        assert!(answer(&first).contains(" InResponseTo=\"_logout-1\"") && answer(&first).contains(":status:Success\""));
        assert!(answer(&second).contains(":status:Responder\""), "{}", answer(&second));
        stage.assert_log_holds_no_secret();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_logout_without_a_session_ends_all_of_the_person_on_every_replica() {
    let mut stage = signed_in("HTTP-Redirect").await;
    let replica = stage.roomkey.replica();
    let logout = Logout { sessions: &[], ..Logout::good(&stage) };
    let cookies = stage.visitor.cookies().clone();

    logout.post(&stage).await;

    assert!(!is_signed_in(&mut stage).await);
    let mut elsewhere = Visitor::new();
    elsewhere.cookies_mut().extend(cookies);
    let page = elsewhere.get(&format!("{}/room/standup", replica.url)).await;
    assert!(page.location().as_str().starts_with("https://idp.example.com/"), "{}", page.location());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_logout_of_somebody_else_ends_nothing() {
    let mut stage = signed_in("HTTP-Redirect").await;

    Logout { sessions: &["session-9"], ..Logout::good(&stage) }.post(&stage).await;
    let other = Logout { id: "_logout-2", sessions: &[], name_id: "somebody-else".to_owned(), ..Logout::good(&stage) };
    other.post(&stage).await;

    assert!(is_signed_in(&mut stage).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_query_that_was_not_signed_as_it_stands_does_nothing() {
    let mut stage = signed_in("HTTP-Redirect").await;
    let logout = Logout::good(&stage);
    let changes: [(Change, &str); 5] = [
        (|query| query.replace("RelayState=relayed", "RelayState=other"), "the signature key check"),
        (|query| query.replace("&RelayState=relayed", ""), "the signature key check"),
        (|query| query.split("&Signature=").next().unwrap().to_owned(), "the signed check"),
        (|query| query.replace("rsa-sha256", "hmac-sha256"), "the signature algorithm check"),
        (|query| format!("{query}&SAMLResponse=x"), "is not believed"),
    ];

    for (change, cause) in changes {
        logout.redirect(&stage, change).await;
        stage.roomkey.wait_for_log(cause);
    }

    assert!(is_signed_in(&mut stage).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bomb_is_not_unpacked() {
    let stage = signed_in("HTTP-Redirect").await;
    // Three kilobytes in the address, which would be three megabytes.
    let bomb = STANDARD.encode(deflated(&vec![b' '; 3 * 1024 * 1024]));
    let query = Serializer::new(String::new()).append_pair("SAMLRequest", &bomb).finish();

    let page = Visitor::new().get(&format!("{}/saml/fake/slo?{query}", stage.roomkey.url)).await;

    assert_eq!(page.status, 400);
    stage.roomkey.wait_for_log("the document size check");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_key_of_roomkeys_own_there_is_no_single_logout() {
    let stage = Stage::set("key_file = \"\"\n").await;
    let logout = Logout::good(&stage);

    let page = logout.post(&stage).await;
    let metadata = Visitor::new().get(&format!("{}/saml/fake/metadata", stage.roomkey.url)).await;

    assert_eq!(page.status, 404);
    assert!(!metadata.body.contains("SingleLogoutService"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_nobody_signed_leads_to_the_last_page_all_the_same() {
    let stage = signed_in("HTTP-Redirect").await;
    let answer = STANDARD.encode("<samlp:LogoutResponse xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\"/>");

    let slo = format!("{}/saml/fake/slo", stage.roomkey.url);
    let page = Visitor::new().post(&slo, &[("SAMLResponse", &answer)]).await;

    assert!(page.location().path().ends_with("/static/logout.html"));
    stage.roomkey.wait_for_log("the answer of `fake` to a logout is not believed");
}

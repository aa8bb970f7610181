//! `roomkey doctor` before SAML identity providers: a good one that others wrote, and one that is wrong in each way.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test stops at the first thing amiss")]

mod support;

use std::fs;

use serde_json::Value;
use support::doctor::{examined, started};
use support::fake_idp::{ENTITY_ID, FakeIdp, SSO, keys};
use support::roomkey::{Roomkey, free_port};
use support::saml_idp::{SamlIdp, make_key};
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, ResponseTemplate};

const RULE: &str = "[[access]]\nrooms = [\"*\"]\nrole = \"participant\"\n";

/// An identity provider that says of itself what a test wants.
struct Idp {
    server: MockServer,
    fake: FakeIdp,
}

impl Idp {
    async fn start() -> Self {
        let idp = Self { server: MockServer::start().await, fake: FakeIdp::new() };
        idp.is(|metadata| metadata, ResponseTemplate::new(200)).await;
        idp
    }

    /// Has it publish metadata with a `change`, and answer logins so.
    async fn is(&self, change: impl FnOnce(String) -> String, login: ResponseTemplate) {
        self.server.reset().await;
        let sso = format!("{}/sso", self.server.uri());
        let metadata = ResponseTemplate::new(200).set_body_string(change(self.fake.metadata().replace(SSO, &sso)));
        Mock::given(path("/metadata")).respond_with(metadata).mount(&self.server).await;
        Mock::given(path("/sso")).respond_with(login).mount(&self.server).await;
    }

    /// Its provider, without a key of Roomkey's own.
    fn provider(&self, more: &str) -> String {
        let address = self.server.uri();
        format!("[[providers]]\nid = \"uni\"\nkind = \"saml\"\nidp_metadata_url = \"{address}/metadata\"\n{more}")
    }

    fn roomkey(&self, more: &str) -> Roomkey {
        started(&format!("{}{RULE}", self.provider(more)))
    }
}

/// `metadata` with one thing changed.
fn with(metadata: &str, from: &str, to: &str) -> String {
    assert!(metadata.contains(from), "`{from}` is not in:\n{metadata}");
    metadata.replacen(from, to, 1)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_good_identity_provider_gives_no_finding_and_is_really_asked() {
    let port = free_port();
    let idp = SamlIdp::pysaml2(&format!("http://localhost:{port}"), &[]);
    let keys = tempfile::tempdir().unwrap();
    make_key(keys.path());
    let folder = keys.path().display();
    let own = format!("key_file = \"{folder}/key.pem\"\ncertificate_file = \"{folder}/certificate.pem\"\n");

    for more in ["", "request_binding = \"post\"\nsign_requests = true\n"] {
        let roomkey = Roomkey::start_at(port, &format!("{}{RULE}", idp.configuration(&format!("{own}{more}"))));
        roomkey.wait_until_ready();

        let (found, text) = examined(roomkey.folder.path());

        assert_eq!(found, [""; 0], "{text}");
        let report: Value = serde_json::from_str(&text).unwrap();
        let checked = report["checked"].as_array().unwrap();
        assert!(["provider `uni`", "public URL"].iter().all(|check| checked.contains(&(*check).into())), "{text}");
        // By way of the meeting link and back, as somebody who does not want to log in.
        assert!(roomkey.log().contains("AuthnFailed"), "{}", roomkey.log());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_way_to_break_an_identity_provider_is_named() {
    let idp = Idp::start().await;
    let roomkey = idp.roomkey("");
    let good = ResponseTemplate::new(200);
    let wants = "<md:IDPSSODescriptor WantAuthnRequestsSigned=\"true\" ";

    idp.is(|m| with(&m, "<md:IDPSSODescriptor ", wants), good.clone()).await;
    assert_named(&roomkey, "provider.request_key", "wants signed requests");
    idp.is(
        |m| with(&m, "<md:EntityDescriptor ", "<md:EntityDescriptor validUntil=\"2020-01-01T00:00:00Z\" "),
        good.clone(),
    )
    .await;
    assert_named(&roomkey, "provider.metadata_expired", "2020-01-01T00:00:00Z");
    idp.is(|_| "<!doctype html><p>Log in</p>".to_owned(), good.clone()).await;
    assert_named(&roomkey, "provider.metadata", "not well-formed");
    idp.is(|m| with(&m, "IDPSSODescriptor", "SPSSODescriptor").replace("/md:IDPSSO", "/md:SPSSO"), good.clone()).await;
    assert_named(&roomkey, "provider.no_idp", "without an identity provider");
    idp.is(|m| m.replace("format:persistent", "format:transient"), good).await;
    assert_named(&roomkey, "provider.subject", "transient");
    idp.is(|m| m, ResponseTemplate::new(400)).await;
    assert_named(&roomkey, "provider.service_provider", "/saml/uni/acs");
    idp.server.reset().await;
    assert_named(&roomkey, "provider.answer", "status 404");
}

fn assert_named(roomkey: &Roomkey, named: &str, told: &str) {
    let (found, text) = examined(roomkey.folder.path());
    // While no login can begin, the way from outside says no more than that.
    assert_eq!(found, [named], "{text}");
    assert!(text.contains(told), "`{told}` is not in:\n{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_way_to_break_roomkeys_side_of_it_is_named() {
    let idp = Idp::start().await;
    let roomkey = idp.roomkey("# more\n");
    let file = fs::read_to_string(roomkey.configuration()).unwrap();
    fs::write(roomkey.folder.path().join("federation.pem"), keys::stranger().certificate_pem()).unwrap();
    let address = idp.server.uri();

    for (broken, named, told) in [
        (with(&file, "# more", "idp_entity_id = \"https://idp.example.com/\""), "provider.idp_entity_id", "1 identity"),
        (
            with(&file, "# more", "metadata_certificate_file = \"federation.pem\""),
            "provider.metadata_signature",
            "does not vouch for",
        ),
        (with(&file, &address, "http://localhost:9"), "provider.unreachable", "identity provider's metadata"),
    ] {
        fs::write(roomkey.configuration(), &broken).unwrap();

        assert_named(&roomkey, named, told);
    }
    fs::write(roomkey.configuration(), with(&file, "# more", &format!("idp_entity_id = \"{ENTITY_ID}\""))).unwrap();
    let (found, text) = examined(roomkey.folder.path());
    assert_eq!(found, [""; 0], "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_federation_is_reached_by_the_page_on_which_people_choose() {
    let idp = Idp::start().await;
    let roomkey = idp.roomkey("");
    let two = |metadata: String| {
        let another = metadata.replace(ENTITY_ID, "https://another.example.com");
        format!(
            "<md:EntitiesDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\">{metadata}{another}</md:EntitiesDescriptor>"
        )
    };
    idp.is(two, ResponseTemplate::new(200)).await;
    roomkey.signal("HUP");
    roomkey.wait_for_log("has been read again");

    let (found, text) = examined(roomkey.folder.path());

    assert_eq!(found, ["provider.metadata_unsigned"], "{text}");
    let logins = idp.server.received_requests().await.unwrap();
    assert!(logins.iter().all(|request| request.url.path() == "/metadata"), "{logins:?}");
}

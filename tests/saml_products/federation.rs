//! A federation of ten thousand, two of which are real: people choose theirs, here or at a discovery service.

use std::path::Path;
use std::time::{Duration, Instant};

use fantoccini::Locator;
use serde_json::Value;
use tokio::net::TcpListener;
use url::Url;

use crate::support::chromium::{Chromium, Options};
use crate::support::fake::{Reply, serve};
use crate::support::meeting::MeetingPage;
use crate::support::roomkey::{Roomkey, free_port};
use crate::support::saml_idp::{SamlIdp, make_key};
use crate::support::visitor::{Visitor, parameter};

const CLAIMS: &str =
    "[providers.claims]\nname = \"displayName\"\n[[access]]\nrooms = [\"*\"]\nrole = \"participant\"\n";

struct Federation {
    roomkey: Roomkey,
    pysaml2: SamlIdp,
    samlify: SamlIdp,
    meeting: MeetingPage,
    _folder: tempfile::TempDir,
}

impl Federation {
    /// With `others` beside the two, and `more` keys.
    async fn of(others: usize, more: &str) -> Self {
        let (port, meeting, folder) = (free_port(), MeetingPage::start().await, tempfile::tempdir().unwrap());
        make_key(folder.path());
        let url = format!("http://localhost:{port}");
        let (pysaml2, samlify) = (SamlIdp::pysaml2(&url, &[]), SamlIdp::samlify(&url, &[], folder.path()));
        let file = folder.path().join("federation.xml");
        std::fs::write(&file, aggregate(&[&pysaml2, &samlify], others, folder.path()).await).unwrap();
        let configuration = format!(
            "{}[[providers]]\nid = \"uni\"\nname = \"Universities\"\nkind = \"saml\"\nidp_metadata_file = \"{}\"\n{more}{CLAIMS}",
            meeting.configuration(),
            file.display()
        );
        Self { roomkey: Roomkey::start_at(port, &configuration), pysaml2, samlify, meeting, _folder: folder }
    }

    fn link(&self) -> String {
        format!("{}/room/standup", self.roomkey.url)
    }

    /// Logs in with the form of an identity provider, and gives the claims of the token.
    async fn log_in(&self, browser: &Chromium, idp: &SamlIdp, name: &str) -> Value {
        browser.arrives_at(&idp.url).await;
        let client = &browser.client;
        client.wait().for_element(Locator::Css("input[name=name]")).await.unwrap().send_keys(name).await.unwrap();
        client.find(Locator::Css("button[type=submit]")).await.unwrap().click().await.unwrap();
        browser.arrives_at(&format!("{}/standup?jwt=", self.meeting.url)).await;
        let claims = client.wait().for_element(Locator::Id("claims")).await.unwrap().text().await.unwrap();
        serde_json::from_str(&claims).unwrap()
    }
}

/// What the federation's operator would publish.
async fn aggregate(real: &[&SamlIdp], others: usize, keys: &Path) -> String {
    let certificate = std::fs::read_to_string(keys.join("certificate.pem")).unwrap();
    let certificate: String = certificate.lines().filter(|line| !line.starts_with("---")).collect();
    let mut document = "<md:EntitiesDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" \
        xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" xmlns:mdui=\"urn:oasis:names:tc:SAML:metadata:ui\">"
        .to_owned();
    for idp in real {
        let mut visitor = Visitor::new();
        document.push_str(&visitor.get(&format!("{}/metadata", idp.url)).await.body);
    }
    for number in 0..others {
        document.push_str(&format!(
            "<md:EntityDescriptor entityID=\"https://idp{number}.example.org/shibboleth\"><md:IDPSSODescriptor \
             protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\"><md:Extensions><mdui:UIInfo><mdui:DisplayName \
             xml:lang=\"en\">Institute {number}</mdui:DisplayName></mdui:UIInfo></md:Extensions><md:KeyDescriptor><ds:KeyInfo>\
             <ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>\
             <md:SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\" \
             Location=\"https://idp{number}.example.org/sso\"/></md:IDPSSODescriptor></md:EntityDescriptor>"
        ));
    }
    document + "</md:EntitiesDescriptor>"
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_finds_theirs_without_a_script_and_has_it_first_the_next_time() {
    let federation = Federation::of(200, "").await;
    let browser = Chromium::start(Options { without_javascript: true, ..Options::default() }).await;
    let client = &browser.client;
    client.goto(&federation.link()).await.unwrap();
    assert_eq!(client.find_all(Locator::Css(".choices a")).await.unwrap().len(), 50);

    let field = client.find(Locator::Id("find")).await.unwrap();
    field.send_keys("university EXAMPLE").await.unwrap();
    client.find(Locator::Css("main button[type=submit]")).await.unwrap().click().await.unwrap();
    let only = client.wait().for_element(Locator::XPath("//li[1][last()]/a[contains(., 'Example University')]")).await;
    only.unwrap().click().await.unwrap();
    browser.arrives_at(&federation.pysaml2.url).await;

    client.goto(&federation.link()).await.unwrap();
    let first = client.find(Locator::Css(".choices a")).await.unwrap().text().await.unwrap();
    assert!(first.contains("Example University") && first.contains("Used last time"), "{first}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_federation_lets_people_in_from_each_of_its_identity_providers() {
    let federation = Federation::of(3, "").await;

    for (idp, name) in [(&federation.pysaml2, "Ada Lovelace"), (&federation.samlify, "Ada Lovelace")] {
        let browser = Chromium::start(Options::default()).await;
        let mut link = Url::parse(&federation.link()).unwrap();
        link.query_pairs_mut().append_pair("idp", &format!("{}/metadata", idp.url));
        browser.client.goto(link.as_str()).await.unwrap();

        let claims = federation.log_in(&browser, idp, "ada").await;

        assert_eq!(claims["context"]["user"]["name"], name);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_discovery_service_sends_people_on_to_theirs() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let service = format!("http://localhost:{}/DS?style=plain", listener.local_addr().unwrap().port());
    let federation = Federation::of(3, &format!("discovery_url = \"{service}\"\n")).await;
    let chosen = format!("{}/metadata", federation.samlify.url);
    let entity_id = format!("{}/saml/uni/metadata", federation.roomkey.url);
    tokio::spawn(serve(listener, move |request| {
        let asked = Url::parse(&format!("http://localhost{}", request.path)).unwrap();
        let value = |name: &str| asked.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
        assert_eq!((value("style"), value("entityID")), ("plain".to_owned(), entity_id.clone()));
        let mut back = Url::parse(&value("return")).unwrap();
        back.query_pairs_mut().append_pair(&value("returnIDParam"), &chosen);
        Reply::Raw(
            200,
            "text/html",
            format!("<a id=back href=\"{}\">Example Corp</a>", back.as_str().replace('&', "&amp;")).into(),
        )
    }));
    let browser = Chromium::start(Options::default()).await;
    browser.client.goto(&federation.link()).await.unwrap();

    browser.client.wait().for_element(Locator::Id("back")).await.unwrap().click().await.unwrap();
    let claims = federation.log_in(&browser, &federation.samlify, "ben").await;

    assert_eq!(claims["context"]["user"]["name"], "Ben Bitdiddle");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_comes_back_from_the_service_without_a_choice_chooses_here() {
    let federation = Federation::of(3, "discovery_url = \"http://localhost:9/DS\"\n").await;
    let mut visitor = Visitor::new();

    let away = visitor.get(&federation.link()).await;
    let back = parameter(&away.location(), "return").unwrap();
    let again = visitor.get(&back).await;
    let list = visitor.get(again.location().as_str()).await;
    let unknown = visitor.get(&format!("{back}&idp=https%3A%2F%2Fevil.example.org")).await;
    let refused = visitor.get(unknown.location().as_str()).await;
    let elsewhere =
        visitor.get(&format!("{}/saml/uni/discovery?to=%2F%2Fevil.example.org", federation.roomkey.url)).await;

    assert!(away.location().as_str().starts_with("http://localhost:9/DS?entityID="));
    assert_eq!(list.heading(), "Which organisation are you from?");
    assert_eq!((refused.status.as_u16(), refused.heading().as_str()), (404, "This login doesn’t exist"));
    assert_eq!(elsewhere.status, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_are_listed_and_searched_without_a_pause() {
    let federation = Federation::of(10_000, "").await;
    let mut visitor = Visitor::new();
    let link = federation.link();
    // Whoever comes first waits until all are read.
    visitor.get(&link).await;

    let mut slowest = Duration::ZERO;
    for number in 0..20 {
        let began = Instant::now();
        let page = visitor.get(&format!("{link}?find=institute+99{number}")).await;
        slowest = slowest.max(began.elapsed());
        assert!(page.body.contains(&format!("Institute 99{number}<")), "{}", page.body);
    }

    assert!(slowest < Duration::from_secs(1), "{slowest:?}");
}

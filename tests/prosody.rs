//! The doctor before a real Prosody: a good one, and one that is broken in each way that real sites are.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test stops at the first thing amiss")]

mod support;

use std::time::Duration;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use roomkey::clock::Clock;
use roomkey::doctor::bosh::Address;
use roomkey::doctor::prosody::{diagnose, observe};
use roomkey::jitsi::{Algorithm, Deliver, Meeting, Share, SigningKey};
use roomkey::provider::http::Http;
use support::prosody::{DOMAIN, Prosody, Settings};
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, ResponseTemplate};

const SECRET: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";

/// What every VirtualHost has.
const COMMON: &str = "app_id = \"roomkey\"\nasap_accepted_audiences = { \"jitsi\" }\n";

fn meeting() -> Meeting {
    Meeting {
        url: "https://meet.test/".parse().unwrap(),
        app_id: "roomkey".into(),
        audience: "jitsi".into(),
        subject: DOMAIN.into(),
        share: Share { name: true, email: true, avatar: true },
        token_lifetime: Duration::from_secs(300),
        deliver: Deliver::Query,
        group: None,
        skip_prejoin: false,
    }
}

fn secret_key(algorithm: Algorithm) -> SigningKey {
    SigningKey::new(algorithm, SECRET.as_bytes(), None).unwrap()
}

fn rsa_key(algorithm: Algorithm, key_id: Option<&str>) -> SigningKey {
    let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let der: Pkcs8V1Der<'_> = pair.as_der().unwrap();
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(der.as_ref()));
    SigningKey::new(algorithm, pem.as_bytes(), key_id.map(str::to_owned)).unwrap()
}

fn with_secret(more: &str) -> Settings {
    Settings::token(&format!("{COMMON}app_secret = \"{SECRET}\"\n{more}"))
}

/// A server that gives `key` out as Roomkey does.
async fn key_server(key: &SigningKey, asked: &SigningKey) -> MockServer {
    let server = MockServer::start().await;
    let sum = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, asked.key_id().as_bytes());
    let file = format!("/asap/{}.pem", data_encoding::HEXLOWER.encode(sum.as_ref()));
    let pem = ResponseTemplate::new(200).set_body_string(key.public_pem().unwrap());
    Mock::given(path(file)).respond_with(pem).mount(&server).await;
    let set = serde_json::json!({ "keys": [key.public_jwk().unwrap()] });
    let set = ResponseTemplate::new(200).set_body_json(set).insert_header("cache-control", "max-age=3600");
    Mock::given(path("/.well-known/jwks.json")).respond_with(set).mount(&server).await;
    server
}

async fn findings_at(address: &Address, key: &SigningKey) -> Vec<&'static str> {
    let observed = observe(&Http::new().unwrap(), address, &meeting(), key, &Clock::system()).await.unwrap();
    let findings = diagnose(&observed, &meeting(), key);
    findings.into_iter().map(|finding| finding.check).collect()
}

async fn findings(settings: &Settings, key: &SigningKey) -> Vec<&'static str> {
    let prosody = Prosody::start(settings);
    findings_at(&prosody.address(), key).await
}

#[tokio::test]
async fn a_good_prosody_with_a_secret_of_each_algorithm_gives_no_finding() {
    for algorithm in [Algorithm::Hs256, Algorithm::Hs384, Algorithm::Hs512] {
        let settings = with_secret(&format!("signature_algorithm = \"{algorithm}\"\n"));

        assert!(findings(&settings, &secret_key(algorithm)).await.is_empty(), "{algorithm}");
    }
}

#[tokio::test]
async fn a_good_prosody_with_a_key_server_gives_no_finding() {
    for algorithm in [Algorithm::Rs256, Algorithm::Rs384, Algorithm::Rs512] {
        let key = rsa_key(algorithm, None);
        let server = key_server(&key, &key).await;
        let settings = Settings::token(&format!(
            "{COMMON}asap_key_server = \"{}/asap\"\nsignature_algorithm = \"{algorithm}\"\n",
            server.uri()
        ));

        assert!(findings(&settings, &key).await.is_empty(), "{algorithm}");
    }
}

#[tokio::test]
async fn a_good_prosody_with_a_key_set_gives_no_finding() {
    let key = rsa_key(Algorithm::Rs256, None);
    let server = key_server(&key, &key).await;
    let prosody = Prosody::start(&Settings::token(&format!(
        "{COMMON}cache_keys_url = \"{}/.well-known/jwks.json\"\n",
        server.uri()
    )));
    while !prosody.log().contains("Keys fetched") {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }

    assert!(findings_at(&prosody.address(), &key).await.is_empty());
}

#[tokio::test]
async fn each_broken_setting_of_the_host_is_named() {
    let settings = |lines: &str| Settings::token(lines);
    let with_issuer = |app_id: &str| format!("app_id = \"{app_id}\"\napp_secret = \"{SECRET}\"\n");
    for (broken, named) in [
        (settings(&format!("{COMMON}app_secret = \"{}\"\n", SECRET.replace('0', "1"))), "prosody.secret"),
        (settings(&with_issuer("another")), "prosody.app_id"),
        (
            settings(&format!("{}asap_accepted_audiences = {{ \"another\" }}\n", with_issuer("roomkey"))),
            "prosody.audience",
        ),
        (settings(&with_issuer("roomkey")), "prosody.any_audience"),
        (with_secret("signature_algorithm = \"HS512\"\n"), "prosody.algorithm"),
        (with_secret("token_clock_error = -3600\n"), "prosody.clock"),
        (with_secret("token_clock_error = 3600\n"), "prosody.clock"),
        (with_secret("muc_mapper_domain_base = \"other.test\"\n"), "prosody.subject"),
        (with_secret("enable_domain_verification = false\n"), "prosody.domain_verification"),
        (with_secret("asap_accepted_issuers = { \"*\" }\n"), "prosody.any_issuer"),
        (with_secret("allow_empty_token = true\n"), "prosody.empty_token"),
    ] {
        assert_eq!(findings(&broken, &secret_key(Algorithm::Hs256)).await, [named], "{}", broken.host);
    }
}

#[tokio::test]
async fn each_broken_way_to_the_key_is_named() {
    let key = rsa_key(Algorithm::Rs256, Some("one"));
    let (none, another) = (rsa_key(Algorithm::Rs256, Some("two")), rsa_key(Algorithm::Rs256, Some("one")));
    for (server, named) in
        [(key_server(&none, &none).await, "prosody.key_server"), (key_server(&another, &key).await, "prosody.key")]
    {
        let settings = Settings::token(&format!("{COMMON}asap_key_server = \"{}/asap\"\n", server.uri()));

        assert_eq!(findings(&settings, &key).await, [named]);
    }
}

#[tokio::test]
async fn each_broken_setting_of_the_rooms_is_named() {
    let key = secret_key(Algorithm::Hs256);
    let rooms = |modules: &[&'static str]| Settings { room_modules: modules.to_vec(), ..with_secret("") };

    let any_room = findings(&rooms(&["token_affiliation"]), &key).await;
    let nobody = findings(&rooms(&["token_verification"]), &key).await;
    let everybody = findings(&rooms(&["token_verification", "token_affiliation", "everybody_owner"]), &key).await;
    let no_focus = findings(&Settings { focus: false, ..with_secret("") }, &key).await;

    // Nothing on the rooms looks at the token, so that neither its room nor its subject counts.
    assert_eq!(any_room, ["prosody.domain_verification", "prosody.token_verification"]);
    assert_eq!(nobody, ["prosody.nobody_moderates"]);
    assert_eq!(everybody, ["prosody.everybody_moderates"]);
    assert_eq!(no_focus, ["prosody.focus"]);
}

#[tokio::test]
async fn a_host_that_asks_for_no_token_is_loud() {
    let settings = Settings { host: "authentication = \"anonymous\"\n".into(), room_modules: vec![], focus: true };

    let findings = findings(&settings, &secret_key(Algorithm::Hs256)).await;

    assert!(findings.contains(&"prosody.empty_token"), "{findings:?}");
}

#[tokio::test]
async fn a_host_that_asks_for_passwords_is_named() {
    let settings = Settings { host: "authentication = \"internal_hashed\"\n".into(), ..Settings::token("") };

    assert_eq!(findings(&settings, &secret_key(Algorithm::Hs256)).await, ["prosody.authentication"]);
}

#[tokio::test]
async fn another_address_is_named() {
    let prosody = Prosody::start(&with_secret(""));
    let key = secret_key(Algorithm::Hs256);
    let elsewhere = Address { bosh: prosody.origin().parse().unwrap(), ..prosody.address() };
    let other_domain = Address { domain: "other.test".into(), ..prosody.address() };

    assert_eq!(findings_at(&elsewhere, &key).await, ["prosody.bosh"]);
    assert_eq!(findings_at(&other_domain, &key).await, ["prosody.domain"]);
}

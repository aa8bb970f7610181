//! `roomkey doctor` before whole deployments: a good one, and one that is broken in each way that real sites are.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test stops at the first thing amiss")]

mod support;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use ::roomkey::clock::Clock;
use jiff::SignedDuration;
use jiff::fmt::rfc2822::DateTimePrinter;
use serde_json::Value;
use support::nginx::Nginx;
use support::oidc_provider::{CLIENT_SECRET, OidcProvider};
use support::prosody::{DOMAIN, MUC, Prosody, Settings};
use support::roomkey::{self, JITSI_SECRET, Roomkey, free_port};
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, ResponseTemplate};

/// Everything that a login passes through.
struct Site {
    provider: OidcProvider,
    prosody: Prosody,
    meeting: MockServer,
    roomkey: Roomkey,
}

/// How a site differs from a good one.
struct Plan {
    prosody: Settings,
    /// Changes what stands in `config.js`.
    config_js: fn(String) -> String,
    /// By how much the clock of Jitsi's web server is ahead, in seconds.
    ahead: i64,
    /// A redirect URI that is registered in place of the right one.
    registered: Option<&'static str>,
    /// What nginx has in its location besides; without it, browsers come to Roomkey itself.
    proxy: Option<fn(u16) -> String>,
    /// Changes the file once Roomkey runs.
    file: fn(String) -> String,
}

/// What the doctor said.
struct Told {
    status: i32,
    checks: Vec<String>,
    text: String,
}

/// A VirtualHost with these lines besides what it needs.
fn host(lines: &str) -> Settings {
    with_secret(JITSI_SECRET, lines)
}

fn with_secret(secret: &str, lines: &str) -> Settings {
    let rest = "app_id = \"roomkey\"\nasap_accepted_audiences = { \"jitsi\" }\n";
    Settings::token(&format!("{rest}app_secret = \"{secret}\"\n{lines}"))
}

fn rooms(modules: &[&'static str]) -> Settings {
    Settings { room_modules: modules.to_vec(), ..host("") }
}

fn good() -> Plan {
    Plan { prosody: host(""), config_js: |text| text, ahead: 0, registered: None, proxy: None, file: |text| text }
}

fn same(text: String, from: &str, to: &str) -> String {
    assert!(text.contains(from), "`{from}` is not in:\n{text}");
    text.replace(from, to)
}

impl Site {
    async fn start(plan: &Plan) -> (Self, Option<Nginx>) {
        let (port, public_port) = (free_port(), free_port());
        let public_port = if plan.proxy.is_some() { public_port } else { port };
        let public_url = format!("http://localhost:{public_port}");
        let callback = format!("{public_url}/callback/work");
        let provider = OidcProvider::start(plan.registered.unwrap_or(&callback));
        let prosody = Prosody::start(&plan.prosody);
        let meeting = MockServer::start().await;
        let script = (plan.config_js)(format!(
            "var config = {{ hosts: {{ domain: '{DOMAIN}', muc: '{MUC}' }}, bosh: '{}http-bind' }};\n\
             config.tokenAuthUrl = '{public_url}/room/{{room}}?state={{state}}';\n\
             config.tokenAuthUrlAutoRedirect = true;\n",
            prosody.origin()
        ));
        let mut answer = ResponseTemplate::new(200).set_body_string(script);
        if plan.ahead != 0 {
            let date = Clock::system().now() + SignedDuration::from_secs(plan.ahead);
            answer = answer.insert_header("date", DateTimePrinter::new().timestamp_to_rfc9110_string(&date).unwrap());
        }
        Mock::given(path("/config.js")).respond_with(answer).mount(&meeting).await;
        let management = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()));
        let sections = format!(
            "[meeting]\nurl = \"{}\"\nsubject = \"{DOMAIN}\"\n{}\
             [[access]]\nrooms = [\"*\"]\nproviders = [\"work\"]\nrole = \"participant\"\n",
            meeting.uri(),
            provider.configuration()
        );
        let file = roomkey::file(port, management, &sections);
        let file = file.replacen(&format!("http://localhost:{port}"), &public_url, 1);
        let roomkey = Roomkey::run(port, management, &file);
        roomkey.wait_until_ready();
        let nginx = plan.proxy.map(|lines| Nginx::start(public_port, &lines(port)));
        std::fs::write(roomkey.configuration(), (plan.file)(file)).unwrap();
        (Self { provider, prosody, meeting, roomkey }, nginx)
    }

    fn examine(&self) -> Told {
        examine(self.roomkey.folder.path())
    }
}

fn examine(folder: &Path) -> Told {
    let output = roomkey::run(folder, &["doctor", "--json"]);
    let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    let report: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let checks = report["findings"].as_array().unwrap().iter();
    let checks = checks.map(|finding| finding["check"].as_str().unwrap().to_owned()).collect();
    Told { status: output.status.code().unwrap(), checks, text }
}

async fn told(plan: Plan) -> Told {
    let (site, _nginx) = Site::start(&plan).await;
    site.examine()
}

async fn assert_named(plan: Plan, named: &str, status: i32) {
    let told = told(plan).await;
    assert_eq!((told.checks.as_slice(), told.status), ([named.to_owned()].as_slice(), status), "{}", told.text);
    for secret in [JITSI_SECRET, CLIENT_SECRET, "eleven-paper-boats"] {
        assert!(!told.text.contains(secret), "{}", told.text);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_good_deployment_gives_no_finding() {
    let (site, _) = Site::start(&good()).await;

    let output = roomkey::run(site.roomkey.folder.path(), &["doctor"]);

    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!((text.as_str(), output.status.code()), ("7 checks, no trouble found\n", Some(0)));
    // It was really asked: each of them has seen the visit.
    assert!(site.prosody.log().contains("Room does not match the room from token"), "{}", site.prosody.log());
    assert_eq!(site.meeting.received_requests().await.unwrap().len(), 1);
    assert!(site.roomkey.log().contains("access_denied"), "{}", site.roomkey.log());
    assert!(site.provider.issuer.starts_with("http://localhost"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_good_proxy_gives_no_finding() {
    let told = told(Plan { proxy: Some(|port| format!("proxy_pass http://127.0.0.1:{port};")), ..good() }).await;

    assert_eq!((told.checks.as_slice(), told.status), ([].as_slice(), 0), "{}", told.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_way_to_break_prosody_is_named() {
    for (prosody, named, status) in [
        (with_secret("another-secret-of-thirty-two-bytes-or-so", ""), "prosody.secret", 2),
        (host("asap_accepted_issuers = { \"another\" }\n"), "prosody.app_id", 2),
        (host("asap_accepted_audiences = { \"another\" }\n"), "prosody.audience", 2),
        (host("token_clock_error = 3600\n"), "prosody.clock", 2),
        (host("muc_mapper_domain_base = \"other.test\"\n"), "prosody.subject", 2),
        (host("allow_empty_token = true\n"), "prosody.empty_token", 3),
        (rooms(&["token_verification"]), "prosody.nobody_moderates", 2),
        (rooms(&["token_verification", "token_affiliation", "everybody_owner"]), "prosody.everybody_moderates", 2),
        (Settings { focus: false, ..host("") }, "prosody.focus", 2),
    ] {
        assert_named(Plan { prosody, ..good() }, named, status).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guests_who_cannot_come_are_named() {
    let guests = |js: String| js + "config.hosts.anonymousdomain = 'guest.meet.test';\n";
    let guest_host = "\nVirtualHost \"guest.meet.test\"\nauthentication = \"anonymous\"\n";

    let locked_out = told(Plan { config_js: guests, ..good() }).await;
    let let_in = told(Plan { config_js: guests, prosody: host(guest_host), ..good() }).await;

    assert_eq!(locked_out.checks, ["meeting.guests", "prosody.guests"], "{}", locked_out.text);
    assert!(locked_out.text.contains("guests are locked out"), "{}", locked_out.text);
    assert_eq!(
        (let_in.checks.as_slice(), let_in.status),
        (["meeting.guests".to_owned()].as_slice(), 0),
        "{}",
        let_in.text
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rooms_that_check_no_token_are_loud() {
    let told = told(Plan { prosody: rooms(&["token_affiliation"]), ..good() }).await;

    assert_eq!(told.checks, ["prosody.domain_verification", "prosody.token_verification"], "{}", told.text);
    assert_eq!(told.status, 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_way_to_break_the_front_end_is_named() {
    let plan = |config_js| Plan { config_js, ..good() };

    assert_named(plan(|js| same(js, "config.tokenAuthUrl =", "config.old =")), "meeting.token_auth_url", 2).await;
    assert_named(plan(|js| same(js, "localhost", "sso.localhost")), "meeting.elsewhere", 2).await;
    assert_named(plan(|js| same(js, "?state={state}", "")), "meeting.state", 1).await;
    assert_named(plan(|_| "<!doctype html>".to_owned()), "meeting.config_js", 2).await;
    assert_named(Plan { ahead: 30, ..good() }, "clock.meeting", 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_way_to_break_the_provider_is_named() {
    let plan = |file| Plan { file, ..good() };

    assert_named(plan(|file| same(file, CLIENT_SECRET, "another-secret")), "provider.client_secret", 2).await;
    let registered = Some("http://localhost:1/callback/work");
    assert_named(Plan { registered, ..good() }, "provider.redirect_uri", 2).await;
    let scopes = plan(|file| same(file, "\"groups\"]", "\"groups\", \"unheard-of\"]"));
    let told = told(scopes).await;
    // Some providers refuse a scope that they do not know; this one leaves it out.
    assert_eq!(told.checks, [""; 0], "{}", told.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_provider_under_another_name_is_named() {
    let slash = Plan { file: |file| same(file, "client_id = ", "# \nclient_id = "), ..good() };
    let (mut site, _nginx) = Site::start(&slash).await;
    let file = std::fs::read_to_string(site.roomkey.configuration()).unwrap();
    let issuer = site.provider.issuer.clone();

    std::fs::write(site.roomkey.configuration(), same(file.clone(), &issuer, &format!("{issuer}/"))).unwrap();
    let with_slash = site.examine();
    std::fs::write(site.roomkey.configuration(), same(file, &issuer, "http://127.0.0.1:9")).unwrap();
    let nobody = site.examine();

    assert_eq!(with_slash.checks, ["provider.issuer"], "{}", with_slash.text);
    assert_eq!(nobody.checks, ["provider.unreachable"], "{}", nobody.text);
    let log = site.roomkey.whole_log();
    assert!(!log.contains(CLIENT_SECRET));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_way_to_break_the_proxy_is_named() {
    let plan = |proxy| Plan { proxy: Some(proxy), ..good() };

    let no_cookie = plan(|port| format!("proxy_set_header Cookie \"\";\nproxy_pass http://127.0.0.1:{port};"));
    assert_named(no_cookie, "public.cookie_lost", 2).await;
    let decoded = plan(|port| format!("proxy_pass http://127.0.0.1:{port}$uri$is_args$args;"));
    assert_named(decoded, "public.path", 2).await;
    let flags = plan(|port| format!("proxy_cookie_flags ~ samesite=strict;\nproxy_pass http://127.0.0.1:{port};"));
    assert_named(flags, "public.cookie_changed", 2).await;
    assert_named(plan(|_| "return 200 'It works!';".to_owned()), "public.not_roomkey", 2).await;
    assert_named(plan(|_| "return 301 http://www.localhost:9$request_uri;".to_owned()), "public.redirect", 2).await;
    assert_named(plan(|_| "proxy_pass http://127.0.0.1:9;".to_owned()), "public.down", 2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_file_than_roomkey_runs_with_is_named() {
    let secret = Plan { file: |file| same(file, "eleven-paper", "twelve-paper"), ..good() };

    assert_named(secret, "public.another_secret", 1).await;
}

#[test]
fn a_wrong_file_is_all_that_is_told_of_it() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("roomkey.toml"), "public_url = \"http://sso.example.com\"\n").unwrap();

    let told = examine(folder.path());

    assert_eq!(told.status, 2);
    assert!(told.checks.len() > 1 && told.checks.iter().all(|check| check == "configuration.wrong"), "{}", told.text);
}

//! From a meeting link into the meeting, in Chromium, by way of a certified OpenID provider.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test stops at the first thing amiss")]

mod support;

use std::time::{Duration, Instant};

use fantoccini::Locator;
use serde_json::{Value, json};
use support::chromium::{Chromium, Options};
use support::fake::keys;
use support::meeting::MeetingPage;
use support::oidc_provider::OidcProvider;
use support::roomkey::{Roomkey, free_port};

const ACCESS: &str = r#"
[[access]]
name = "board"
rooms = ["board"]
groups = ["board"]
role = "moderator"

[[access]]
name = "staff"
rooms = ["standup", "weekly sync"]
groups = ["staff"]
role = "participant"
"#;

struct Stage {
    roomkey: Roomkey,
    provider: OidcProvider,
    meeting: MeetingPage,
}

impl Stage {
    async fn set() -> Self {
        Self::set_with(OidcProvider::start).await
    }

    /// With a provider that is made for a redirect URI.
    async fn set_with(provider: impl FnOnce(&str) -> OidcProvider) -> Self {
        Self::set_up(provider, OidcProvider::configuration, "").await
    }

    /// With the provider's entry as `entry` writes it, and `more` sections.
    async fn set_up(
        provider: impl FnOnce(&str) -> OidcProvider,
        entry: impl FnOnce(&OidcProvider) -> String,
        more: &str,
    ) -> Self {
        let (port, meeting) = (free_port(), MeetingPage::start().await);
        let provider = provider(&format!("http://localhost:{port}/callback/work"));
        let configuration = format!("{}{more}{}{ACCESS}", meeting.configuration(), entry(&provider));
        Self { roomkey: Roomkey::start_at(port, &configuration), provider, meeting }
    }

    async fn open(&self, browser: &Chromium, room: &str) {
        browser.client.goto(&format!("{}/room/{room}", self.roomkey.url)).await.unwrap();
    }

    /// Opens a meeting link, as far as the provider's login form.
    async fn click(&self, browser: &Chromium, room: &str) {
        self.open(browser, room).await;
        browser.arrives_at(&format!("{}/interaction/", self.provider.issuer)).await;
    }
}

/// Fills in the provider's form, and its consent.
async fn log_in(browser: &Chromium, name: &str) {
    sign_in(browser, name).await;
    consent(browser).await;
}

/// Fills in the provider's form.
async fn sign_in(browser: &Chromium, name: &str) {
    let client = &browser.client;
    client.find(Locator::Css("input[name=login]")).await.unwrap().send_keys(name).await.unwrap();
    client.find(Locator::Css("input[name=password]")).await.unwrap().send_keys("any").await.unwrap();
    client.find(Locator::Css("button[type=submit]")).await.unwrap().click().await.unwrap();
}

async fn consent(browser: &Chromium) {
    let client = &browser.client;
    let button = client.wait().for_element(Locator::XPath("//button[contains(., 'Continue')]")).await.unwrap();
    button.click().await.unwrap();
}

async fn press(browser: &Chromium, button: &str) {
    browser.client.wait().for_element(Locator::Css(button)).await.unwrap().click().await.unwrap();
}

/// The claims that the meeting page shows.
async fn claims(browser: &Chromium) -> Value {
    let shown = browser.client.wait().for_element(Locator::Id("claims")).await.unwrap();
    serde_json::from_str(&shown.text().await.unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_clicks_a_link_and_is_in_the_meeting() {
    let stage = Stage::set().await;
    let browser = Chromium::start(Options::default()).await;

    stage.click(&browser, "Weekly%20Sync").await;
    log_in(&browser, "ben").await;
    browser.arrives_at(&format!("{}/weekly%20sync?jwt=", stage.meeting.url)).await;

    let claims = claims(&browser).await;
    assert_eq!(claims["room"], "weekly%20sync");
    assert_eq!(claims["context"]["user"]["name"], "Ben Bitdiddle");
    assert_eq!(claims["context"]["user"]["moderator"], false);
    let log = stage.roomkey.log();
    assert!(!log.contains("Ben") && !log.contains("ben@example.com"), "{log}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_links_opened_side_by_side_both_lead_into_their_meetings() {
    let stage = Stage::set().await;
    let browser = Chromium::start(Options::default()).await;
    let client = &browser.client;
    let first = client.window().await.unwrap();
    stage.click(&browser, "board").await;
    let second = client.new_window(true).await.unwrap().handle;
    client.switch_to_window(second.clone()).await.unwrap();
    stage.click(&browser, "standup").await;

    log_in(&browser, "ada").await;
    browser.arrives_at(&format!("{}/standup?jwt=", stage.meeting.url)).await;
    let standup = claims(&browser).await;
    client.switch_to_window(first).await.unwrap();
    // The provider remembers the consent that was given in the other window.
    sign_in(&browser, "ada").await;
    browser.arrives_at(&format!("{}/board?jwt=", stage.meeting.url)).await;
    let board = claims(&browser).await;

    assert_eq!((&standup["room"], &standup["context"]["user"]["moderator"]), (&"standup".into(), &false.into()));
    assert_eq!((&board["room"], &board["context"]["user"]["moderator"]), (&"board".into(), &true.into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_whom_no_rule_lets_in_reads_why_and_how_to_go_on() {
    let stage = Stage::set().await;
    let browser = Chromium::start(Options { width: 320, language: Some("de"), ..Options::default() }).await;

    stage.click(&browser, "board").await;
    log_in(&browser, "cleo").await;
    browser.arrives_at(&format!("{}/callback/work", stage.roomkey.url)).await;

    let heading = browser.client.find(Locator::Css("h1")).await.unwrap().text().await.unwrap();
    assert_eq!(heading, german_title("refused"));
    let line = stage.roomkey.wait_for_log("no rule fits");
    let line: Value = serde_json::from_str(&line).unwrap();
    let id = line["fields"]["login.id"].as_str().or_else(|| line["login.id"].as_str()).unwrap();
    assert!(browser.client.source().await.unwrap().contains(id), "the page shows the number of the line");
}

fn german_title(message: &str) -> String {
    let text = include_str!("../locales/de/pages.ftl");
    let after = text.split(&format!("\n{message} =\n")).nth(1).unwrap();
    after.lines().find_map(|line| line.trim().strip_prefix(".title = ")).unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_way_works_without_javascript() {
    let stage = Stage::set().await;
    let browser = Chromium::start(Options { without_javascript: true, ..Options::default() }).await;

    stage.click(&browser, "standup").await;
    log_in(&browser, "ada").await;

    browser.arrives_at(&format!("{}/standup?jwt=", stage.meeting.url)).await;
}

/// A provider on another site than Roomkey, which lets its response be posted and asks for every proof it knows:
/// an assertion by a key, a login of this moment.
fn another_site(redirect_uri: &str) -> OidcProvider {
    let key = keys::key("ES256");
    let metadata = json!({
        "token_endpoint_auth_method": "private_key_jwt",
        "token_endpoint_auth_signing_alg": "ES256",
        "jwks": {"keys": [key.jwk()]},
        "id_token_signed_response_alg": "PS256",
        "userinfo_signed_response_alg": "EdDSA",
        "require_auth_time": true,
    });
    let own = format!(
        "client_key = '''\n{}'''\nclient_key_id = \"{}\"\nresponse_mode = \"form_post\"\nmax_age = \"10m\"\n\
         id_token_signed_response_alg = [\"PS256\", \"EdDSA\"]\n",
        key.pem(),
        key.kid,
    );
    OidcProvider::registered("127.0.0.1", redirect_uri, &metadata, own)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_response_posted_from_another_site_leads_into_the_meeting() {
    let stage = Stage::set_with(another_site).await;
    let browser = Chromium::start(Options::default()).await;

    stage.click(&browser, "standup").await;
    log_in(&browser, "ada").await;
    browser.arrives_at(&format!("{}/standup?jwt=", stage.meeting.url)).await;

    assert_eq!(claims(&browser).await["context"]["user"]["name"], "Ada Lovelace");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_posted_response_needs_two_clicks_without_javascript() {
    let stage = Stage::set_with(another_site).await;
    let browser = Chromium::start(Options { without_javascript: true, ..Options::default() }).await;

    stage.click(&browser, "standup").await;
    log_in(&browser, "ada").await;
    press(&browser, &format!("form[action='{}/callback/work'] button", stage.roomkey.url)).await;
    press(&browser, "form[action='/callback/work'] button").await;
    browser.arrives_at(&format!("{}/standup?jwt=", stage.meeting.url)).await;

    assert_eq!(claims(&browser).await["context"]["user"]["name"], "Ada Lovelace");
}

const CONFIRM: Duration = Duration::from_secs(2);

/// Logs in, walks through a second link, is shut out at the provider, and is refused before the confirmation time is over.
async fn whoever_is_disabled_is_out(entry: impl FnOnce(&OidcProvider) -> String, reason: &str) {
    let session = "[session]\nsecret = \"eleven-paper-boats-drift-past-the-mill\"\nconfirm = \"2s\"\n";
    let stage = Stage::set_up(OidcProvider::start, entry, session).await;
    let browser = Chromium::start(Options::default()).await;

    stage.click(&browser, "board").await;
    log_in(&browser, "ada").await;
    browser.arrives_at(&format!("{}/board?jwt=", stage.meeting.url)).await;
    stage.open(&browser, "standup").await;
    browser.arrives_at(&format!("{}/standup?jwt=", stage.meeting.url)).await;
    let second = claims(&browser).await;
    stage.provider.disable("ada").await;
    let disabled = Instant::now();
    let in_meeting = format!("{}/", stage.meeting.url);
    let out = loop {
        stage.open(&browser, "standup").await;
        let address = browser.client.current_url().await.unwrap();
        if !address.as_str().starts_with(&in_meeting) {
            break address;
        }
        // Times are kept to a second.
        assert!(disabled.elapsed() < CONFIRM + Duration::from_secs(2), "still let in: {address}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    };

    assert_eq!((&second["room"], &second["context"]["user"]["name"]), (&"standup".into(), &"Ada Lovelace".into()));
    assert!(out.as_str().starts_with(&stage.provider.issuer), "asked to log in, there and not here: {out}");
    stage.roomkey.wait_for_log(reason);
    browser.arrives_at(&format!("{}/interaction/", stage.provider.issuer)).await;
    sign_in(&browser, "ada").await;
    browser.arrives_at(&format!("{}/callback/work", stage.roomkey.url)).await;
    let heading = browser.client.find(Locator::Css("h1")).await.unwrap().text().await.unwrap();
    assert_eq!(heading, "You weren’t logged in");
    stage.roomkey.wait_for_log("`access_denied`");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_disabled_at_the_provider_is_out_by_the_refresh_token() {
    whoever_is_disabled_is_out(OidcProvider::configuration_offline, "`work` no longer vouches for its person").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_disabled_at_the_provider_is_out_by_asking_through_the_browser() {
    whoever_is_disabled_is_out(OidcProvider::configuration, "`work` does not vouch for its person unasked").await;
}

//! Jitsi's inline login in Chromium: a front end that stays open, popups to a certified OpenID provider, renewals, and the
//! ways out.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test stops at the first thing amiss")]

mod support;

use std::time::{Duration, Instant};

use fantoccini::Locator;
use fantoccini::wd::WindowHandle;
use serde_json::Value;
use support::chromium::{Chromium, Options};
use support::front_end::FrontEnd;
use support::oidc_provider::OidcProvider;
use support::roomkey::{Roomkey, free_port};

const ACCESS: &str = "[[access]]\nrooms = [\"standup\"]\ngroups = [\"staff\"]\nrole = \"participant\"\n";

/// The provider is asked about people each time that they are renewed.
const SESSION: &str = "[session]\nsecret = \"eleven-paper-boats-drift-past-the-mill\"\nconfirm = \"1s\"\n";

struct Stage {
    roomkey: Roomkey,
    provider: OidcProvider,
    front_end: FrontEnd,
    browser: Chromium,
    meeting: WindowHandle,
}

impl Stage {
    /// Opens the meeting, whose tokens are renewed this long before they expire.
    async fn set(room: &str, renew_milliseconds: u32) -> Self {
        let port = free_port();
        let front_end = FrontEnd::start(&format!("http://localhost:{port}"), renew_milliseconds).await;
        let provider = OidcProvider::start(&format!("http://localhost:{port}/callback/work"));
        let configuration =
            format!("{SESSION}{}{}\n{ACCESS}", front_end.configuration(), provider.configuration_offline());
        let roomkey = Roomkey::start_at(port, &configuration);
        let browser = Chromium::start(Options::default()).await;
        browser.client.goto(&format!("{}/{room}", front_end.url)).await.unwrap();
        let meeting = browser.client.window().await.unwrap();
        Self { roomkey, provider, front_end, browser, meeting }
    }

    async fn press(&self, button: &str) {
        self.browser.client.find(Locator::Id(button)).await.unwrap().click().await.unwrap();
    }

    /// Goes into the popup, as far as the provider's form.
    async fn follow_popup(&self) {
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            let windows = self.browser.client.windows().await.unwrap();
            if let Some(popup) = windows.into_iter().find(|window| *window != self.meeting) {
                self.browser.client.switch_to_window(popup).await.unwrap();
                return self.browser.arrives_at(&format!("{}/interaction/", self.provider.issuer)).await;
            }
            assert!(Instant::now() < deadline, "no popup");
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }

    /// Fills in the provider's form and its consent, after which the popup closes by itself.
    async fn log_in(&self, name: &str) {
        self.press("log-in").await;
        self.follow_popup().await;
        let client = &self.browser.client;
        client.find(Locator::Css("input[name=login]")).await.unwrap().send_keys(name).await.unwrap();
        client.find(Locator::Css("input[name=password]")).await.unwrap().send_keys("any").await.unwrap();
        client.find(Locator::Css("button[type=submit]")).await.unwrap().click().await.unwrap();
        let consent = Locator::XPath("//button[contains(., 'Continue')]");
        client.wait().for_element(consent).await.unwrap().click().await.unwrap();
        client.switch_to_window(self.meeting.clone()).await.unwrap();
    }

    async fn text(&self, id: &str) -> String {
        self.browser.client.find(Locator::Id(id)).await.unwrap().text().await.unwrap()
    }

    /// Waits until the meeting shows something that fits.
    async fn shows(&self, id: &str, fits: impl Fn(&str) -> bool) -> String {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let text = self.text(id).await;
            if fits(&text) {
                return text;
            }
            let error = self.text("error").await;
            assert!(Instant::now() < deadline, "{id} is `{text}`; {error}\n{}", self.roomkey.log());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn claims(&self) -> Value {
        serde_json::from_str(&self.text("claims").await).unwrap()
    }

    /// Every window but the meeting is gone, which was never left.
    async fn is_alone(&self) {
        let deadline = Instant::now() + Duration::from_secs(10);
        while self.browser.client.windows().await.unwrap().len() > 1 {
            assert!(Instant::now() < deadline, "the popup stays");
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
        assert_eq!(
            self.browser.client.current_url().await.unwrap().as_str(),
            format!("{}/standup", self.front_end.url)
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_logs_in_without_leaving_the_meeting() {
    let stage = Stage::set("standup", 1_000).await;

    stage.log_in("ben").await;
    stage.shows("status", |status| status == "in the meeting as Ben Bitdiddle").await;

    let claims = stage.claims().await;
    assert_eq!((&claims["room"], &claims["context"]["user"]["name"]), (&"standup".into(), &"Ben Bitdiddle".into()));
    stage.is_alone().await;
    save_picture(&stage.browser, "inline-in-the-meeting").await;
    let log = stage.roomkey.log();
    assert!(!log.contains("Ben") && !log.contains("eyJ"), "{log}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_are_renewed_before_they_expire_until_the_person_is_removed() {
    let stage = Stage::set("standup", 8_000).await;
    stage.log_in("ben").await;
    stage.shows("status", |status| status.starts_with("in the meeting")).await;
    let first = stage.claims().await["exp"].as_i64().unwrap();

    stage.shows("renewals", |renewals| renewals.parse::<u32>().unwrap() >= 2).await;
    let renewed = stage.claims().await["exp"].as_i64().unwrap();
    stage.provider.disable("ben").await;
    stage.shows("status", |status| status == "refused").await;

    assert!(renewed > first, "{renewed} is after {first}");
    let error = stage.text("error").await;
    assert!(error.starts_with("invalid_grant: Log in again. (reference "), "{error}");
    stage.roomkey.wait_for_log("no longer vouches for its person");
    stage.is_alone().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_not_let_in_is_told_so_in_the_meeting() {
    let stage = Stage::set("standup", 1_000).await;

    stage.log_in("cleo").await;
    stage.shows("status", |status| status == "refused").await;

    let error = stage.text("error").await;
    assert!(error.starts_with("access_denied: You are not let into this meeting. (reference "), "{error}");
    stage.is_alone().await;
    save_picture(&stage.browser, "inline-refused").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_login_needs_no_word_and_a_logout_in_the_hidden_frame_ends_that() {
    let stage = Stage::set("standup", 1_000).await;
    stage.log_in("ada").await;
    stage.shows("status", |status| status == "in the meeting as Ada Lovelace").await;
    stage.is_alone().await;
    stage.browser.client.refresh().await.unwrap();

    stage.press("log-in").await;
    stage.shows("status", |status| status == "in the meeting as Ada Lovelace").await;
    stage.is_alone().await;
    stage.press("log-out").await;
    stage.shows("status", |status| status == "logged out by Jitsi’s logout page").await;
    stage.browser.client.refresh().await.unwrap();
    stage.press("log-in").await;

    stage.follow_popup().await;
}

/// For people to look at, if they say where.
async fn save_picture(browser: &Chromium, name: &str) {
    if let Some(folder) = std::env::var_os("PAGE_PICTURES") {
        let picture = browser.client.screenshot().await.unwrap();
        std::fs::write(std::path::Path::new(&folder).join(format!("{name}.png")), picture).unwrap();
    }
}

//! Every page as its readers have it, in Chromium: without barriers (axe-core), by keyboard, small, dark, right to left.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test stops at the first thing amiss")]

mod support;

use std::time::{Duration, Instant};

use fantoccini::Locator;
use fantoccini::key::Key;
use roomkey::clock::Clock;
use roomkey::login::{NewAttempt, Sealer, SealingKeys};
use roomkey::room::JoinRequest;
use serde_json::{Value, json};
use support::chromium::{Chromium, Options};
use support::fake::{FakeProvider, Reply, serve};
use support::meeting::MeetingPage;
use support::roomkey::Roomkey;
use support::visitor::{Visitor, parameter};
use tokio::net::TcpListener;

const SESSION: &str = "seven-copper-kettles-hum-beneath-the-stair";

/// Besides the fake provider: one that nobody answers for, so that there is a choice.
const CONFIGURATION: &str = r##"
[session]
secret = "seven-copper-kettles-hum-beneath-the-stair"

[branding]
product_name = "Beispiel Meet"
color = "#ffd400"
support_text = "Help desk"
support_url = "https://help.example.com"

[[providers]]
id = "school"
name = "The school"
kind = "oidc"
issuer = "http://localhost:9"
client_id = "roomkey"

[[providers]]
id = "guests"
kind = "guest"

[[access]]
rooms = ["vault"]
deny = true

[[access]]
rooms = ["board"]
groups = ["board"]
role = "moderator"

[[access]]
rooms = ["board"]
deny = true

[[access]]
rooms = ["*"]
role = "participant"
"##;

/// Pages that a link alone leads to: the message of their title, and the link.
const BY_LINK: [(&str, &str); 12] = [
    ("landing", "/"),
    ("choose", "/room/standup"),
    ("guest", "/room/standup?provider=guests"),
    ("no-page", "/nowhere"),
    ("bad-request", "/room/standup?state=%7B%7D&state=%7B%7D"),
    ("bad-room", "/room/a*b"),
    ("spaced-room", "/room/%20a"),
    ("empty-room", "/room/"),
    ("bad-settings", "/room/standup?state=%5B%5D"),
    ("no-provider", "/room/standup?provider=nobody"),
    ("closed", "/room/vault"),
    ("not-yours", "/callback/fake?code=c&state=forged"),
];

struct Stage {
    roomkey: Roomkey,
    provider: FakeProvider,
    meeting: MeetingPage,
}

impl Stage {
    async fn set() -> Self {
        let (provider, meeting) = (FakeProvider::start().await, MeetingPage::start().await);
        let configuration = format!("{}{}{CONFIGURATION}", meeting.configuration(), provider.configuration(""));
        Self { roomkey: Roomkey::start(&configuration), provider, meeting }
    }

    async fn goto(&self, browser: &Chromium, link: &str) {
        browser.client.goto(&format!("{}{link}", self.roomkey.url)).await.unwrap();
    }

    /// Goes to the fake provider and comes back with what it says.
    async fn log_in(&self, browser: &Chromium, link: &str) {
        self.goto(browser, link).await;
        let request = browser.client.current_url().await.unwrap();
        let response = self.provider.log_in(&request);
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(response).finish();
        self.goto(browser, &format!("/callback/fake?{query}")).await;
    }

    /// The end of a login to which the provider answers with this error.
    async fn log_in_in_vain(&self, browser: &Chromium, error: &'static str) {
        self.provider.script(|script| {
            script.response = Box::new(move |parameters| {
                parameters.retain(|(name, _)| name != "code");
                parameters.push(("error".to_owned(), error.to_owned()));
            });
        });
        self.log_in(browser, "/room/standup?provider=fake").await;
        self.provider.behave();
    }

    /// Comes back from a login that another browser began.
    async fn come_back_without_cookies(&self, browser: &Chromium, again: &str) {
        let link = format!("{}/room/standup?provider=fake{again}", self.roomkey.url);
        let state = parameter(&Visitor::new().get(&link).await.location(), "state").unwrap();
        self.goto(browser, &format!("/callback/fake?code=c&state={state}")).await;
    }

    /// Comes back from a login that began eleven minutes ago, as this browser's cookie says.
    async fn come_back_late(&self, browser: &Chromium, lost_before: u8) {
        let keys = SealingKeys { current: SESSION.as_bytes().to_vec().into(), previous: Vec::new() };
        let began = Clock::system().now() - Duration::from_mins(11);
        let request = JoinRequest::from_link(None, "standup", None).unwrap();
        let attempt =
            NewAttempt::begin(request, "fake".parse().unwrap(), lost_before, &Sealer::new(&keys).unwrap(), began);
        let attempt = attempt.unwrap();
        self.goto(browser, "/").await;
        let cookie = format!("roomkey-login-{}={}; path=/", attempt.sealed().tag, attempt.sealed().value);
        browser.client.execute("document.cookie = arguments[0]", vec![json!(cookie)]).await.unwrap();
        self.goto(browser, &format!("/callback/fake?code=c&state={}", attempt.state().secret())).await;
    }

    /// Sends a form from another site to an address that takes none.
    async fn send_a_form(&self, browser: &Chromium) {
        browser.client.goto(&self.meeting.url).await.unwrap();
        let script = "const form = document.createElement('form'); form.method = 'post'; form.action = arguments[0]; \
                      document.body.append(form); form.submit();";
        browser.client.execute(script, vec![json!(format!("{}/", self.roomkey.url))]).await.unwrap();
        browser.arrives_at(&format!("{}/", self.roomkey.url)).await;
    }

    /// The page that sends a form on, held up: its script would be gone before anybody could look at it.
    async fn hold_the_relay(&self, browser: &Chromium, language: &str) {
        let mut visitor = Visitor::speaking(language);
        let link = format!("{}/room/standup?provider=fake", self.roomkey.url);
        let state = parameter(&visitor.get(&link).await.location(), "state").unwrap();
        let form = [("code", "c"), ("state", state.as_str())];
        let page = visitor.post_from_elsewhere(&format!("{}/callback/fake", self.roomkey.url), &form).await.body;
        let (before, script) = page.split_once("<script").unwrap();
        let page = format!("{before}{}", script.split_once("</script>").unwrap().1);
        let mut sheets = std::collections::BTreeMap::new();
        for path in page.split('"').filter(|path| path.starts_with("/static/")) {
            sheets.insert(path.to_owned(), visitor.get(&format!("{}{path}", self.roomkey.url)).await.body);
        }
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/", listener.local_addr().unwrap());
        tokio::spawn(serve(listener, move |request| match sheets.get(&request.path) {
            Some(sheet) if request.path.ends_with(".css") => Reply::Raw(200, "text/css", sheet.clone().into_bytes()),
            Some(icon) => Reply::Raw(200, "image/svg+xml", icon.clone().into_bytes()),
            None => Reply::Raw(200, "text/html; charset=utf-8", page.clone().into_bytes()),
        }));
        browser.client.goto(&address).await.unwrap();
    }
}

/// The title of a page, as its language's file has it.
fn title(language: &str, message: &str) -> String {
    let text = std::fs::read_to_string(format!("locales/{language}/pages.ftl")).unwrap();
    let after = text.split(&format!("\n{message} =\n")).nth(1).unwrap();
    after.lines().find_map(|line| line.trim().strip_prefix(".title = ")).unwrap().to_owned()
}

/// Waits for the page of this title, looks for barriers, and keeps a picture of it where somebody asks for pictures.
async fn look(browser: &Chromium, language: &str, dark: bool, message: &str) {
    let expected = title(language, message);
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        let heading = browser.client.find(Locator::Css("h1")).await.unwrap().text().await;
        match heading {
            Ok(heading) if heading == expected => break,
            other => assert!(Instant::now() < deadline, "`{message}`: {other:?} instead of {expected}"),
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    if let Some(folder) = std::env::var_os("PAGE_PICTURES") {
        let scheme = if dark { "dark" } else { "light" };
        let path = std::path::Path::new(&folder).join(format!("{message}-{language}-{scheme}.png"));
        std::fs::write(path, browser.client.screenshot().await.unwrap()).unwrap();
    }
    let found = barriers(browser).await;
    assert_eq!(found, json!([]), "`{message}` in `{language}`, dark: {dark}");
}

/// What axe-core finds, with what it could not decide of contrasts.
async fn barriers(browser: &Chromium) -> Value {
    let axe = std::fs::read_to_string("tests/support/axe/node_modules/axe-core/axe.min.js")
        .expect("scripts/test installs axe-core");
    let run = "const done = arguments[arguments.length - 1]; \
               const told = (result) => result.id + ': ' + result.nodes.map((node) => node.html).join(' | '); \
               axe.run(document).then((found) => done([...found.violations, \
               ...found.incomplete.filter((result) => result.id === 'color-contrast')].map(told)), \
               (error) => done([String(error)]));";
    browser.client.execute(&axe, Vec::new()).await.unwrap();
    browser.client.execute_async(run, Vec::new()).await.unwrap()
}

async fn every_page_is_without_barriers(language: &'static str, dark: bool) {
    let stage = Stage::set().await;
    let browser = Chromium::start(Options { dark, language: Some(language), ..Options::default() }).await;
    let browser = &browser;
    let look = async |message| look(browser, language, dark, message).await;

    for (message, link) in BY_LINK {
        stage.goto(browser, link).await;
        look(message).await;
    }
    stage.goto(browser, &format!("/room/{}", "a".repeat(2000))).await;
    look("long-room").await;
    stage.send_a_form(browser).await;
    look("wrong-method").await;
    stage.hold_the_relay(browser, language).await;
    look("relay").await;

    stage.come_back_without_cookies(browser, "").await;
    look("lost").await;
    stage.come_back_without_cookies(browser, "&again=1").await;
    look("lost-again").await;
    stage.come_back_late(browser, 0).await;
    look("expired").await;
    stage.come_back_late(browser, 1).await;
    look("expired-again").await;

    for (message, error) in
        [("cancelled", "access_denied"), ("turned-away", "unauthorized_client"), ("provider-down", "server_error")]
    {
        stage.log_in_in_vain(browser, error).await;
        look(message).await;
    }
    stage.provider.script(|script| script.claims = Box::new(|claims| claims["nonce"] = json!("another")));
    stage.log_in(browser, "/room/standup?provider=fake").await;
    look("untrusted").await;
    stage.provider.behave();

    stage.goto(browser, "/room/standup?provider=school").await;
    look("provider-down").await;
    stage.goto(browser, "/room/standup").await;
    look("choose").await;
    let down = browser.client.find(Locator::Css(".choice.down bdi")).await.unwrap().text().await.unwrap();
    assert_eq!(down, "The school");

    stage.log_in(browser, "/room/board?provider=fake").await;
    look("refused").await;
    stage.log_in(browser, "/room/standup?provider=fake&other=1").await;
    stage.goto(browser, "/").await;
    look("signed-in").await;
    stage.goto(browser, "/logout").await;
    look("logout").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_is_without_barriers_in_english() {
    every_page_is_without_barriers("en", false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_is_without_barriers_in_english_and_dark() {
    every_page_is_without_barriers("en", true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_is_without_barriers_from_right_to_left() {
    every_page_is_without_barriers("ar", false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_is_without_barriers_from_right_to_left_and_dark() {
    every_page_is_without_barriers("ar", true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_provider_is_chosen_by_keyboard_alone_on_a_small_dark_screen_without_javascript() {
    let stage = Stage::set().await;
    let options = Options { dark: true, without_javascript: true, width: 320, language: Some("ar") };
    let browser = Chromium::start(options).await;
    let client = &browser.client;
    stage.goto(&browser, "/room/standup").await;

    let size = client.execute("return [innerWidth, document.documentElement.scrollWidth]", Vec::new()).await.unwrap();
    let look = "const style = getComputedStyle(document.body); return [document.dir, style.backgroundColor]";
    let looks = client.execute(look, Vec::new()).await.unwrap();
    let mut reached = Vec::new();
    for _ in 0..2 {
        client.active_element().await.unwrap().send_keys(&String::from(char::from(Key::Tab))).await.unwrap();
        let focused = client.active_element().await.unwrap();
        assert_eq!(focused.css_value("outline-style").await.unwrap(), "solid", "the focus can be seen");
        reached.push(focused.text().await.unwrap());
    }
    client.active_element().await.unwrap().send_keys(&String::from(char::from(Key::Enter))).await.unwrap();

    assert_eq!(size, json!([320, 320]), "nothing has to be scrolled sideways");
    assert_eq!(looks, json!(["rtl", "rgb(16, 20, 27)"]));
    assert_eq!(reached, ["Fake", "The school"]);
    browser.arrives_at(&format!("{}/room/standup?provider=school", stage.roomkey.url)).await;
    assert_eq!(client.find(Locator::Css("h1")).await.unwrap().text().await.unwrap(), title("ar", "provider-down"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_provider_used_last_is_one_key_away() {
    let stage = Stage::set().await;
    let browser = Chromium::start(Options::default()).await;

    stage.log_in(&browser, "/room/standup?provider=fake").await;
    browser.arrives_at(&format!("{}/standup?jwt=", stage.meeting.url)).await;
    stage.goto(&browser, "/room/standup?other=1").await;
    let first = browser.client.find(Locator::Css(".choice")).await.unwrap().text().await.unwrap();

    assert!(first.starts_with("Fake") && first.contains("Used last time"), "{first}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_language_of_the_meeting_is_that_of_the_pages() {
    let stage = Stage::set().await;
    let browser = Chromium::start(Options { language: Some("en"), ..Options::default() }).await;

    stage.goto(&browser, "/room/standup?state=%7B%22config.defaultLanguage%22%3A%22ja%22%7D").await;
    let chooser = browser.client.find(Locator::Css("h1")).await.unwrap().text().await.unwrap();
    browser.client.find(Locator::LinkText("Fake")).await.unwrap().click().await.unwrap();
    browser.arrives_at(&stage.provider.issuer).await;
    let request = browser.client.current_url().await.unwrap();
    let state = parameter(&request, "state").unwrap();
    stage
        .goto(&browser, &format!("/callback/fake?error=access_denied&state={state}&iss={}", stage.provider.issuer))
        .await;
    let end = browser.client.find(Locator::Css("h1")).await.unwrap().text().await.unwrap();

    assert_eq!([chooser, end], [title("ja", "choose"), title("ja", "cancelled")]);
}

//! Roomkey with providers of every kind, and the ways to each of its pages.

use std::time::Duration;

use fantoccini::Locator;
use roomkey::clock::Clock;
use roomkey::login::{NewAttempt, Sealer, SealingKeys};
use roomkey::room::JoinRequest;
use serde_json::json;
use sqlx::Connection;
use tokio::net::TcpListener;
use url::Url;

use crate::support::active_directory::ActiveDirectory;
use crate::support::chromium::Chromium;
use crate::support::fake::{FakeProvider, Reply, serve};
use crate::support::meeting::MeetingPage;
use crate::support::products::github::GitHub;
use crate::support::products::google::Google;
use crate::support::redis::Redis;
use crate::support::roomkey::{Roomkey, run};
use crate::support::visitor::{Visitor, parameter};

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

[[providers]]
id = "microsoft"
kind = "entra"
tenant = "11111111-1111-1111-1111-111111111111"
client_id = "roomkey"
client_secret = "a-secret-that-nobody-asks-for"

[[access]]
rooms = ["vault"]
deny = true

[[access]]
rooms = ["lobby"]
providers = ["fake", "guests"]
role = "participant"

[[access]]
rooms = ["invited"]
passes = true
role = "participant"

[[access]]
rooms = ["invited"]
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

/// A rule that turns on more features than a token can name.
fn crowded() -> String {
    let features: Vec<_> = (0..80).map(|number| format!("\"a-feature-with-a-name-of-some-length-{number}\"")).collect();
    format!("[[access]]\nrooms = [\"crowded\"]\nrole = \"participant\"\nfeatures = [{}]\n", features.join(", "))
}

pub(crate) struct Stage {
    pub(crate) roomkey: Roomkey,
    pub(crate) provider: FakeProvider,
    pub(crate) google: Google,
    pub(crate) github: GitHub,
    pub(crate) meeting: MeetingPage,
    redis: Redis,
    _federation: tempfile::NamedTempFile,
}

/// Metadata of several identity providers, which never expire.
fn federation() -> tempfile::NamedTempFile {
    let document = include_str!("../data/saml/federation.xml");
    let document = document.replace(" validUntil=", " comment=");
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), document).unwrap();
    file
}

impl Stage {
    pub(crate) async fn set() -> Self {
        let (provider, meeting) = (FakeProvider::start().await, MeetingPage::start().await);
        let directory = ActiveDirectory::start().await;
        let (google, github, redis) = (Google::start().await, GitHub::dot_com().await, Redis::start());
        let federation = federation();
        let configuration = [
            meeting.configuration(),
            // A place where no folder can be made, so that nothing waits there for the store.
            "[audit]\njournal = \"/proc/audit-journal\"\n".to_owned(),
            format!("[store]\nurl = \"sqlite://roomkey.db\"\nsessions = \"{}\"\n", redis.database(0)),
            provider.configuration(""),
            crowded(),
            CONFIGURATION.to_owned(),
            google.configuration("hosted_domains = [\"example.com\"]"),
            github.configuration("organizations = [\"example\"]"),
            directory.configuration(),
            format!(
                "[[providers]]\nid = \"federation\"\nkind = \"saml\"\nidp_metadata_file = \"{}\"\n",
                federation.path().display()
            ),
        ];
        Self {
            roomkey: Roomkey::start(&configuration.concat()),
            provider,
            google,
            github,
            meeting,
            redis,
            _federation: federation,
        }
    }

    /// From now on no record can be written: the store has no table for it, and the journal no folder.
    pub(crate) async fn lose_the_audit_trail(&self) {
        let address = format!("sqlite://{}", self.roomkey.folder.path().join("roomkey.db").display());
        let mut store = sqlx::SqliteConnection::connect(&address).await.unwrap();
        sqlx::query("ALTER TABLE audit_record RENAME TO lost").execute(&mut store).await.unwrap();
    }

    /// The path of a new pass to `invited`, good for so many seconds more.
    pub(crate) fn pass(&self, seconds: u64, arguments: &[&str]) -> String {
        let until = self.moment(seconds);
        let arguments = [&["pass", "create", "--until", until.as_str(), "--room"], arguments].concat();
        let output = run(self.roomkey.folder.path(), &arguments);
        let printed = String::from_utf8(output.stdout).unwrap();
        printed.trim().split_once("  ").unwrap().1.trim_start_matches(&self.roomkey.url).to_owned()
    }

    /// A moment so many seconds from now.
    pub(crate) fn moment(&self, seconds: u64) -> String {
        (Clock::system().now() + Duration::from_secs(seconds)).to_string()
    }

    /// Takes back the pass that was made last.
    pub(crate) fn withdraw_last_pass(&self) {
        let listed = String::from_utf8(run(self.roomkey.folder.path(), &["pass", "list"]).stdout).unwrap();
        let id = listed.lines().last().unwrap().split(' ').next().unwrap();
        assert!(run(self.roomkey.folder.path(), &["pass", "revoke", id]).status.success());
    }

    /// Changes the tables behind Roomkey's back.
    pub(crate) async fn change_tables(&self, sql: &'static str) {
        let address = format!("sqlite://{}", self.roomkey.folder.path().join("roomkey.db").display());
        let mut connection = sqlx::SqliteConnection::connect(&address).await.unwrap();
        sqlx::query(sql).execute(&mut connection).await.unwrap();
    }

    /// Fills in the name on the page of a pass.
    pub(crate) async fn enter_by_pass(&self, browser: &Chromium, pass: &str, name: &str) {
        self.goto(browser, pass).await;
        let fill = "document.getElementById('name').value = arguments[0]; document.forms[0].submit()";
        browser.client.execute(fill, vec![json!(name)]).await.unwrap();
    }

    /// Opens so many links that lead to no pass that the address has to wait.
    pub(crate) async fn try_codes(&self) {
        let mut visitor = Visitor::new();
        for _ in 0..61 {
            visitor.get(&format!("{}/pass/wrong", self.roomkey.url)).await;
        }
    }

    /// From now on nobody remembers who is signed in.
    pub(crate) fn forget_sessions(&mut self) {
        self.redis.stop();
    }

    pub(crate) async fn goto(&self, browser: &Chromium, link: &str) {
        browser.client.goto(&format!("{}{link}", self.roomkey.url)).await.unwrap();
    }

    /// Goes to the fake provider and comes back with what it says.
    pub(crate) async fn log_in(&self, browser: &Chromium, link: &str) {
        self.goto(browser, link).await;
        let request = browser.client.current_url().await.unwrap();
        let response = self.provider.log_in(&request);
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(response).finish();
        self.goto(browser, &format!("/callback/fake?{query}")).await;
    }

    /// The end of a login to which the provider answers with this error.
    pub(crate) async fn log_in_in_vain(&self, browser: &Chromium, error: &'static str) {
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
    pub(crate) async fn come_back_without_cookies(&self, browser: &Chromium, again: &str) {
        let link = format!("{}/room/standup?provider=fake{again}", self.roomkey.url);
        let state = parameter(&Visitor::new().get(&link).await.location(), "state").unwrap();
        self.goto(browser, &format!("/callback/fake?code=c&state={state}")).await;
    }

    /// Comes back from a login that began eleven minutes ago, as this browser's cookie says.
    pub(crate) async fn come_back_late(&self, browser: &Chromium, lost_before: u8) {
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
    pub(crate) async fn send_a_form(&self, browser: &Chromium) {
        browser.client.goto(&self.meeting.url).await.unwrap();
        let script = "const form = document.createElement('form'); form.method = 'post'; form.action = arguments[0]; \
                      document.body.append(form); form.submit();";
        browser.client.execute(script, vec![json!(format!("{}/", self.roomkey.url))]).await.unwrap();
        browser.arrives_at(&format!("{}/", self.roomkey.url)).await;
    }

    /// Fills in the form that asks guests for a name.
    pub(crate) async fn give_name(&self, browser: &Chromium, name: &str) {
        let client = &browser.client;
        let fill = "document.getElementById('name').value = arguments[0]; document.forms[0].submit()";
        client.execute(fill, vec![json!(name)]).await.unwrap();
        browser.arrives_at(&format!("{}/login/guests", self.roomkey.url)).await;
    }

    /// Types a name and a password into the form of the page.
    pub(crate) async fn type_in(&self, browser: &Chromium, name: &str, password: &str) {
        for (field, text) in [("#name", name), ("#password", password)] {
            browser.client.find(Locator::Css(field)).await.unwrap().send_keys(text).await.unwrap();
        }
        browser.client.find(Locator::Css("button")).await.unwrap().click().await.unwrap();
        browser.arrives_at(&format!("{}/login/directory", self.roomkey.url)).await;
    }

    /// Sends the form of the page as one that was made for another session.
    pub(crate) async fn send_a_stale_form(&self, browser: &Chromium) {
        let spoil = "document.querySelector('[name=token]').value = 'x'; document.querySelector('button').click()";
        browser.client.execute(spoil, Vec::new()).await.unwrap();
        browser.arrives_at(&format!("{}/logout", self.roomkey.url)).await;
    }

    /// The page that sends a form on, held up: its script would be gone before anybody could look at it.
    pub(crate) async fn hold_the_relay(&self, browser: &Chromium, language: &str) {
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

    /// Goes to one of the products and comes back with what it says.
    pub(crate) async fn log_in_at(
        &self,
        browser: &Chromium,
        provider: &str,
        agree: impl FnOnce(&Url) -> Vec<(String, String)>,
    ) {
        let link = format!("{}/room/standup?provider={provider}", self.roomkey.url);
        browser.client.goto(&link).await.unwrap();
        let request = browser.client.current_url().await.unwrap();
        let mut response = agree(&request);
        response.push(("state".to_owned(), parameter(&request, "state").unwrap()));
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(response).finish();
        self.goto(browser, &format!("/callback/{provider}?{query}")).await;
    }
}

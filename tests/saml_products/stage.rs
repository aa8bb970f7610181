//! Roomkey, a meeting page, an identity provider of somebody else's and a browser.

use std::time::{Duration, Instant};

use fantoccini::Locator;
use serde_json::Value;

use crate::support::chromium::{Chromium, Options};
use crate::support::meeting::MeetingPage;
use crate::support::roomkey::{Roomkey, free_port};
use crate::support::saml_idp::{SamlIdp, make_key};

const ACCESS: &str = r#"
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
"#;

/// Roomkey's own key, which single logout, signed requests and encrypted assertions need.
pub const OWN_KEY: &str = "key_file = \"{keys}/key.pem\"\ncertificate_file = \"{keys}/certificate.pem\"\n";

pub struct Stage {
    pub roomkey: Roomkey,
    pub idp: SamlIdp,
    pub meeting: MeetingPage,
    pub browser: Chromium,
    _keys: tempfile::TempDir,
}

impl Stage {
    /// With an identity provider that knows the Roomkey at an address, and `more` keys of its entry.
    pub async fn set(idp: impl FnOnce(&str, &std::path::Path) -> SamlIdp, more: &str) -> Self {
        let (port, meeting) = (free_port(), MeetingPage::start().await);
        let keys = tempfile::tempdir().unwrap();
        make_key(keys.path());
        let idp = idp(&format!("http://localhost:{port}"), keys.path());
        let more = more.replace("{keys}", keys.path().to_str().unwrap());
        let configuration = format!("{}{}{ACCESS}", meeting.configuration(), idp.configuration(&more));
        let roomkey = Roomkey::start_at(port, &configuration);
        Self { roomkey, idp, meeting, browser: Chromium::start(Options::default()).await, _keys: keys }
    }

    pub async fn goto(&self, address: &str) {
        self.browser.client.goto(address).await.unwrap();
    }

    /// Has the browser forget whom it is signed in as, here and there.
    pub async fn forget(&self) {
        self.goto(&format!("{}/nowhere", self.roomkey.url)).await;
        self.browser.client.delete_all_cookies().await.unwrap();
    }

    /// Opens a meeting link, as far as the identity provider's form.
    pub async fn click(&self, room: &str) {
        self.goto(&format!("{}/room/{room}", self.roomkey.url)).await;
        self.browser.arrives_at(&self.idp.url).await;
    }

    /// Gives a name in the identity provider's form.
    pub async fn give_name(&self, name: &str) {
        let client = &self.browser.client;
        client.wait().for_element(Locator::Css("input[name=name]")).await.unwrap().send_keys(name).await.unwrap();
        client.find(Locator::Css("button[type=submit]")).await.unwrap().click().await.unwrap();
    }

    /// From a meeting link into the meeting; gives the claims of the token.
    pub async fn log_in(&self, room: &str, name: &str) -> Value {
        self.click(room).await;
        self.give_name(name).await;
        self.enters(room).await
    }

    /// Waits for the meeting, and gives the claims of the token.
    pub async fn enters(&self, room: &str) -> Value {
        self.arrives_at(&format!("{}/{room}?jwt=", self.meeting.url)).await;
        let claims = self.browser.client.wait().for_element(Locator::Id("claims")).await.unwrap();
        serde_json::from_str(&claims.text().await.unwrap()).unwrap()
    }

    /// Waits until the address begins so; tells what log and provider say if it never does.
    pub async fn arrives_at(&self, prefix: &str) {
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            let address = self.browser.client.current_url().await.unwrap();
            if address.as_str().starts_with(prefix) {
                return;
            }
            let told = || format!("Roomkey: {}\nidentity provider: {}", self.roomkey.log(), self.idp.errors());
            assert!(Instant::now() < deadline, "still at {address}\n{}", told());
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }

    /// The heading of the page that is shown.
    pub async fn heading(&self) -> String {
        let heading = self.browser.client.wait().for_element(Locator::Css("h1")).await.unwrap();
        heading.text().await.unwrap()
    }

    /// The text of the element of this id.
    pub async fn text(&self, id: &str) -> String {
        let client = &self.browser.client;
        match client.wait().at_most(Duration::from_secs(10)).for_element(Locator::Id(id)).await {
            Ok(element) => element.text().await.unwrap(),
            Err(_) => panic!(
                "no `{id}` at {}\n{}\nRoomkey: {}\nidentity provider: {}",
                client.current_url().await.unwrap(),
                client.source().await.unwrap(),
                self.roomkey.log(),
                self.idp.errors(),
            ),
        }
    }

    /// Logs out at Roomkey, with a yes to its question.
    pub async fn log_out(&self) {
        self.goto(&format!("{}/logout", self.roomkey.url)).await;
        let button = self.browser.client.wait().for_element(Locator::Css("main form button")).await.unwrap();
        button.click().await.unwrap();
        self.arrives_at(&format!("{}/static/logout.html", self.meeting.url)).await;
    }

    /// Whether the next link needs a login again.
    pub async fn asks_for_a_login(&self) -> bool {
        self.goto(&format!("{}/room/standup", self.roomkey.url)).await;
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            let address = self.browser.client.current_url().await.unwrap();
            if address.as_str().starts_with(&self.idp.url) {
                return true;
            }
            if address.as_str().starts_with(&self.meeting.url) {
                return false;
            }
            assert!(Instant::now() < deadline, "still at {address}: {}", self.roomkey.log());
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }
}

//! Roomkey between a provider of our own and a visitor, and how a login ends.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::fake::{CLIENT_SECRET, EMAIL, FakeProvider, NAME, SUBJECT, Script};
use crate::support::login::{begin, log_in};
use crate::support::roomkey::{JITSI_SECRET, Roomkey};
use crate::support::visitor::{Page, Visitor};

pub const ACCESS: &str = "[[access]]\nname = \"staff\"\nrooms = [\"*\"]\nproviders = [\"fake\"]\ngroups = [\"staff\"]\nrole = \"moderator\"\n";

pub const UNTRUSTED: (u16, &str) = (400, "Your login couldn’t be confirmed");
pub const DOWN: (u16, &str) = (502, "The login isn’t answering");
pub const TURNED_AWAY: (u16, &str) = (502, "The login isn’t set up right");
pub const CANCELLED: (u16, &str) = (403, "You weren’t logged in");
pub const NOT_YOURS: (u16, &str) = (400, "This answer belongs to another login");
pub const DAMAGED: (u16, &str) = (400, "The link is damaged");

/// Roomkey, a provider, and one visitor.
pub struct Stage {
    pub roomkey: Roomkey,
    pub provider: FakeProvider,
    pub visitor: Visitor,
}

impl Stage {
    pub async fn set(more: &str) -> Self {
        let provider = FakeProvider::start().await;
        let roomkey = Roomkey::start(&format!("{}{ACCESS}", provider.configuration(more)));
        Self { roomkey, provider, visitor: Visitor::new() }
    }

    /// The meeting link.
    pub fn link(&self) -> String {
        format!("{}/room/standup", self.roomkey.url)
    }

    /// One login, as far as it goes.
    pub async fn log_in(&mut self) -> Page {
        let link = self.link();
        log_in(&mut self.visitor, &link, &self.provider).await
    }

    /// One login up to the provider; gives the address that the browser is sent back to.
    pub async fn begin(&mut self) -> String {
        let link = self.link();
        begin(&mut self.visitor, &link, &self.provider).await.unwrap()
    }

    /// The page is the right one, and its number leads to the line of the log that holds `cause`.
    pub fn assert_ended(&self, page: &Page, (status, heading): (u16, &str), cause: &str) {
        assert_eq!((page.status.as_u16(), page.heading().as_str()), (status, heading), "{}", self.roomkey.log());
        self.roomkey.wait_for_line(cause, |line| {
            let number = serde_json::from_str::<Value>(line).unwrap()["login.id"].as_str().map(str::to_owned);
            line.contains(cause) && number.is_some_and(|number| page.body.contains(&number))
        });
        assert!(!page.body.contains(NAME) && !page.body.contains(EMAIL), "a page repeats nothing of a provider");
    }

    /// The provider is good again: so is the login, at the latest when no failed fetch is remembered any more.
    pub async fn assert_next_login_succeeds(&mut self) {
        self.provider.behave();
        let deadline = Instant::now() + Duration::from_millis(1500);
        let mut page = self.log_in().await;
        while page.status != 303 && Instant::now() < deadline {
            tokio::time::sleep(Duration::from_millis(100)).await;
            page = self.log_in().await;
        }
        assert_entered(&page, &self.roomkey);
    }

    pub fn assert_log_holds_no_secret(&mut self) {
        let log = self.roomkey.whole_log();
        let known = [CLIENT_SECRET, JITSI_SECRET, SUBJECT, NAME, EMAIL, "eleven-paper-boats", "Bearer "];
        for secret in known.into_iter().map(str::to_owned).chain(self.provider.secrets()) {
            assert!(!log.contains(&secret), "`{secret}` stands in the log:\n{log}");
        }
        // The cookie that names the provider used last is none.
        for cookie in self.visitor.cookies_ever().iter().filter(|cookie| *cookie != "fake") {
            assert!(!log.contains(cookie), "a cookie stands in the log");
        }
    }
}

pub fn assert_entered(page: &Page, roomkey: &Roomkey) {
    assert_eq!(page.status, 303, "{}\n{}", page.body, roomkey.log());
    let claims = page.meeting_claims();
    assert_eq!((&claims["room"], &claims["context"]["user"]["moderator"]), (&json!("standup"), &json!(true)));
    assert_eq!(claims["context"]["user"]["name"], NAME);
}

/// A login that `script` breaks ends as expected; unbroken, it succeeds.
pub async fn breaks(more: &str, script: impl FnOnce(&mut Script), ending: (u16, &str), cause: &str) {
    let mut stage = Stage::set(more).await;
    stage.provider.script(script);

    let page = stage.log_in().await;

    stage.assert_ended(&page, ending, cause);
    stage.assert_next_login_succeeds().await;
    stage.assert_log_holds_no_secret();
}

/// A login in spite of what `script` does.
pub async fn survives(more: &str, script: impl FnOnce(&mut Script)) {
    let mut stage = Stage::set(more).await;
    stage.provider.script(script);

    let page = stage.log_in().await;

    assert_entered(&page, &stage.roomkey);
    stage.assert_log_holds_no_secret();
}

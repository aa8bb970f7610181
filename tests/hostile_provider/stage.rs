//! Roomkey between a provider of our own and a visitor, and how a login ends.

use std::time::{Duration, Instant};

use crate::support::ending::{self, STAFF_MODERATE, assert_entered, assert_log_holds_none};
use crate::support::fake::{CLIENT_SECRET, EMAIL, FakeProvider, NAME, SUBJECT, Script};
use crate::support::login::{begin, log_in};
use crate::support::roomkey::{JITSI_SECRET, Roomkey};
use crate::support::visitor::{Page, Visitor};

/// Roomkey, a provider, and one visitor.
pub struct Stage {
    pub roomkey: Roomkey,
    pub provider: FakeProvider,
    pub visitor: Visitor,
}

impl Stage {
    pub async fn set(more: &str) -> Self {
        let provider = FakeProvider::start().await;
        let roomkey = Roomkey::start(&format!("{}{STAFF_MODERATE}", provider.configuration(more)));
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

    pub fn assert_ended(&self, page: &Page, ending: (u16, &str), cause: &str) {
        ending::assert_ended(page, &self.roomkey, ending, cause);
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
        let known = [CLIENT_SECRET, JITSI_SECRET, SUBJECT, NAME, EMAIL, "eleven-paper-boats", "Bearer "];
        let seen = self.provider.secrets();
        let secrets = known.into_iter().chain(seen.iter().map(String::as_str));
        assert_log_holds_none(&mut self.roomkey, &self.visitor, secrets);
    }
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

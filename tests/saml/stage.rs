//! Roomkey between an identity provider of our own and a visitor, and how a login ends.

use crate::support::ending::{self, STAFF_MODERATE, assert_entered, assert_log_holds_none};
use crate::support::fake::{EMAIL, NAME};
use crate::support::fake_idp::message::Message;
use crate::support::fake_idp::{Asked, FakeIdp, NAME_ID, field};
use crate::support::roomkey::{JITSI_SECRET, Roomkey};
use crate::support::visitor::{Page, Visitor};

/// Roomkey, an identity provider, and one visitor.
pub struct Stage {
    pub roomkey: Roomkey,
    pub idp: FakeIdp,
    pub visitor: Visitor,
    /// Documents that passed through, which no log may hold.
    documents: Vec<String>,
}

impl Stage {
    pub async fn set(more: &str) -> Self {
        Self::set_with(FakeIdp::new(), more).await
    }

    pub async fn set_with(idp: FakeIdp, more: &str) -> Self {
        let roomkey = Roomkey::start(&format!("{}{STAFF_MODERATE}", idp.configuration(more)));
        Self::of(roomkey, idp)
    }

    pub fn of(roomkey: Roomkey, idp: FakeIdp) -> Self {
        Self { roomkey, idp, visitor: Visitor::new(), documents: Vec::new() }
    }

    /// Follows the meeting link to the provider.
    pub async fn begin(&mut self) -> Asked {
        self.visitor.cookies_mut().remove("roomkey-session");
        let page = self.visitor.get(&format!("{}/room/standup", self.roomkey.url)).await;
        if page.status == 303 { self.idp.read(&page.location()) } else { self.idp.read_posted(&page) }
    }

    /// One login with the message changed.
    pub async fn log_in(&mut self, change: impl FnOnce(&mut Message)) -> Page {
        let asked = self.begin().await;
        let mut message = self.idp.message(&asked);
        change(&mut message);
        self.bring(&message).await
    }

    /// Brings the message from the provider's site, and sends it on by Roomkey's own page, as a browser does.
    pub async fn bring(&mut self, message: &Message) -> Page {
        let form = message.form();
        self.documents.push(form[0].1.clone());
        let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let acs = format!("{}/saml/fake/acs", self.roomkey.url);
        let page = self.visitor.post_from_elsewhere(&acs, &form).await;
        if !page.body.contains("name=\"relayed\"") {
            return page;
        }
        assert_eq!((page.status.as_u16(), page.heading().as_str()), (200, "One moment"));
        let (response, state) = (field(&page, "SAMLResponse"), field(&page, "RelayState"));
        let form = [("SAMLResponse", response.as_str()), ("RelayState", state.as_str()), ("relayed", "1")];
        self.visitor.post(&acs, &form).await
    }

    pub fn assert_ended(&self, page: &Page, ending: (u16, &str), cause: &str) {
        ending::assert_ended(page, &self.roomkey, ending, cause);
    }

    pub async fn assert_next_login_succeeds(&mut self) {
        let page = self.log_in(|_| {}).await;
        assert_entered(&page, &self.roomkey);
    }

    pub fn assert_log_holds_no_secret(&mut self) {
        let known = [JITSI_SECRET, NAME_ID, NAME, EMAIL, "eleven-paper-boats", "SAMLResponse=", "AuthnStatement>"];
        let documents = self.documents.iter().filter(|document| document.len() > 24).map(String::as_str);
        assert_log_holds_none(&mut self.roomkey, &self.visitor, known.into_iter().chain(documents));
    }
}

/// A login that `change` breaks ends as expected; unbroken, it succeeds.
pub async fn breaks(more: &str, change: impl FnOnce(&mut Message), ending: (u16, &str), cause: &str) {
    let mut stage = Stage::set(more).await;

    let page = stage.log_in(change).await;

    stage.assert_ended(&page, ending, cause);
    // What the configuration asks for beyond the usual, the good message does not have.
    if more.is_empty() {
        stage.assert_next_login_succeeds().await;
    }
    stage.assert_log_holds_no_secret();
}

/// A login in spite of what `change` does.
pub async fn survives(more: &str, change: impl FnOnce(&mut Message)) {
    let mut stage = Stage::set(more).await;

    let page = stage.log_in(change).await;

    assert_entered(&page, &stage.roomkey);
    stage.assert_log_holds_no_secret();
}

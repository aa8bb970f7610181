//! Roomkey between an identity provider of our own and a visitor, and how a login ends.

use serde_json::{Value, json};

use crate::support::fake_idp::message::Message;
use crate::support::fake_idp::{Asked, EMAIL, FakeIdp, NAME, NAME_ID, field};
use crate::support::roomkey::{JITSI_SECRET, Roomkey};
use crate::support::visitor::{Page, Visitor};

pub const ACCESS: &str = "[[access]]\nname = \"staff\"\nrooms = [\"*\"]\nproviders = [\"fake\"]\ngroups = [\"staff\"]\nrole = \"moderator\"\n";

pub const UNTRUSTED: (u16, &str) = (400, "Your login couldn’t be confirmed");
pub const CANCELLED: (u16, &str) = (403, "You weren’t logged in");
pub const TURNED_AWAY: (u16, &str) = (502, "The login isn’t set up right");
pub const DOWN: (u16, &str) = (502, "The login isn’t answering");
pub const NOT_YOURS: (u16, &str) = (400, "This answer belongs to another login");
pub const DAMAGED: (u16, &str) = (400, "The link is damaged");

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
        let roomkey = Roomkey::start(&format!("{}{ACCESS}", idp.configuration(more)));
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

    /// The page is the right one, and its number leads to the line of the log that holds `cause`.
    pub fn assert_ended(&self, page: &Page, (status, heading): (u16, &str), cause: &str) {
        assert!(page.status != 303, "somebody was let in: {page:?}");
        assert_eq!((page.status.as_u16(), page.heading().as_str()), (status, heading), "{}", self.roomkey.log());
        self.roomkey.wait_for_line(cause, |line| {
            let number = serde_json::from_str::<Value>(line).unwrap()["login.id"].as_str().map(str::to_owned);
            line.contains(cause) && number.is_some_and(|number| page.body.contains(&number))
        });
        assert!(!page.body.contains(NAME) && !page.body.contains(EMAIL), "a page repeats nothing of a provider");
    }

    pub async fn assert_next_login_succeeds(&mut self) {
        let page = self.log_in(|_| {}).await;
        assert_entered(&page, &self.roomkey);
    }

    pub fn assert_log_holds_no_secret(&mut self) {
        let log = self.roomkey.whole_log();
        let known = [JITSI_SECRET, NAME_ID, NAME, EMAIL, "eleven-paper-boats", "SAMLResponse=", "AuthnStatement>"];
        let documents = self.documents.iter().filter(|document| document.len() > 24).map(String::as_str);
        for secret in known.into_iter().chain(documents) {
            assert!(!log.contains(secret), "`{secret}` stands in the log:\n{log}");
        }
        for cookie in self.visitor.cookies_ever() {
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

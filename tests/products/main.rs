//! Logins at the products that many sites use, from the meeting link into the meeting, and each way in which they are refused.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test stops at the first thing amiss")]

#[path = "../support/mod.rs"]
mod support;

mod apple;
mod entra;
mod github;
mod google;
mod guests;
mod habits;

use serde_json::Value;
use support::roomkey::Roomkey;
use support::visitor::Page;

/// A rule that lets in by a verified address.
pub const BY_ADDRESS: &str = "[[access]]\nrooms = [\"*\"]\nemail_domains = [\"example.com\"]\nrole = \"participant\"\n";

/// A rule that lets everybody in.
pub const EVERYBODY: &str = "[[access]]\nrooms = [\"*\"]\nrole = \"participant\"\n";

/// A rule that makes a group moderators.
pub fn moderators(group: &str) -> String {
    format!("[[access]]\nrooms = [\"*\"]\ngroups = [\"{group}\"]\nrole = \"moderator\"\n")
}

/// The way into the meeting: the person in the token.
pub fn entered(page: &Page, roomkey: &Roomkey) -> Value {
    assert_eq!(page.status, 303, "{}\n{}", page.body, roomkey.log());
    page.meeting_claims()["context"]["user"].clone()
}

/// What `error=access_denied` and its like bring.
pub fn declined(error: &str) -> Vec<(String, String)> {
    vec![("error".to_owned(), error.to_owned()), ("error_description".to_owned(), "the person said no".to_owned())]
}

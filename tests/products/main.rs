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

pub const CANCELLED: (u16, &str) = (403, "You weren’t logged in");
pub const NOT_ADMITTED: (u16, &str) = (403, "This account isn’t accepted here");
pub const REFUSED: (u16, &str) = (403, "You can’t enter this meeting");
pub const UNTRUSTED: (u16, &str) = (400, "Your login couldn’t be confirmed");
pub const TURNED_AWAY: (u16, &str) = (502, "The login isn’t set up right");
pub const DOWN: (u16, &str) = (502, "The login isn’t answering");
pub const SIGN_ON_FIRST: (u16, &str) = (403, "Your organisation’s own login comes first");
pub const TOO_MANY: (u16, &str) = (503, "Too many logins just now");

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

/// The page that says why not, and the line of the log that says more.
pub fn assert_ended(page: &Page, roomkey: &Roomkey, (status, heading): (u16, &str), cause: &str) {
    assert!(page.status != 303, "it led into the meeting, not to `{heading}`");
    assert_eq!((page.status.as_u16(), page.heading().as_str()), (status, heading), "{}", roomkey.log());
    roomkey.wait_for_line(cause, |line| line.contains(cause));
}

/// What `error=access_denied` and its like bring.
pub fn declined(error: &str) -> Vec<(String, String)> {
    vec![("error".to_owned(), error.to_owned()), ("error_description".to_owned(), "the person said no".to_owned())]
}

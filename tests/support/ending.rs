//! How a login ends: in the meeting, or on a page whose number leads to the line of the log that says why.

use serde_json::{Value, json};

use super::fake::{EMAIL, NAME};
use super::roomkey::Roomkey;
use super::visitor::{Page, Visitor};

pub const CANCELLED: (u16, &str) = (403, "You weren’t logged in");
pub const DAMAGED: (u16, &str) = (400, "The link is damaged");
pub const DOWN: (u16, &str) = (502, "The login isn’t answering");
pub const NOT_ADMITTED: (u16, &str) = (403, "This account isn’t accepted here");
pub const NOT_YOURS: (u16, &str) = (400, "This answer belongs to another login");
pub const REFUSED: (u16, &str) = (403, "You can’t enter this meeting");
pub const SIGN_ON_FIRST: (u16, &str) = (403, "Your organisation’s own login comes first");
pub const TOO_MANY: (u16, &str) = (503, "Too many logins just now");
pub const TURNED_AWAY: (u16, &str) = (502, "The login isn’t set up right");
pub const UNTRUSTED: (u16, &str) = (400, "Your login couldn’t be confirmed");

/// The rule by which [`assert_entered`] goes.
pub const STAFF_MODERATE: &str = "[[access]]\nname = \"staff\"\nrooms = [\"*\"]\nproviders = [\"fake\"]\ngroups = [\"staff\"]\nrole = \"moderator\"\n";

/// The page is the right one, and its number leads to the line of the log that holds `cause`.
pub fn assert_ended(page: &Page, roomkey: &Roomkey, (status, heading): (u16, &str), cause: &str) {
    assert!(page.status != 303, "it led into the meeting, not to `{heading}`: {page:?}");
    assert_eq!((page.status.as_u16(), page.heading().as_str()), (status, heading), "{}", roomkey.log());
    roomkey.wait_for_line(cause, |line| {
        let number = serde_json::from_str::<Value>(line).unwrap()["login.id"].as_str().map(str::to_owned);
        line.contains(cause) && number.is_some_and(|number| page.body.contains(&number))
    });
    assert!(!page.body.contains(NAME) && !page.body.contains(EMAIL), "a page repeats nothing of a provider");
}

/// The person of the fake providers is in the meeting, as a moderator.
pub fn assert_entered(page: &Page, roomkey: &Roomkey) {
    assert_eq!(page.status, 303, "{}\n{}", page.body, roomkey.log());
    let claims = page.meeting_claims();
    assert_eq!((&claims["room"], &claims["context"]["user"]["moderator"]), (&json!("standup"), &json!(true)));
    assert_eq!(claims["context"]["user"]["name"], NAME);
}

/// No log holds one of `secrets`, nor a cookie that the visitor has had.
pub fn assert_log_holds_none<'a>(roomkey: &mut Roomkey, visitor: &Visitor, secrets: impl IntoIterator<Item = &'a str>) {
    let log = roomkey.whole_log();
    for secret in secrets {
        assert!(!log.contains(secret), "`{secret}` stands in the log:\n{log}");
    }
    // The cookie that names the provider used last is none.
    for cookie in visitor.cookies_ever().iter().filter(|cookie| *cookie != "fake") {
        assert!(!log.contains(cookie), "a cookie stands in the log");
    }
}

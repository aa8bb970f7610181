//! Sessions of people from a directory: looked up now and then, by what the directory says then.

use std::time::Duration;

use crate::stage::{ACCESS, Stage, outcome, provider};
use crate::support::roomkey::Roomkey;
use crate::support::slapd::{PASSWORD, SUFFIX, group};
use crate::support::visitor::{Page, Visitor};

const SESSION: &str = "[session]\nsecret = \"eleven-paper-boats-drift-past-the-mill\"\nconfirm = \"1s\"\n";

fn with_sessions(stage: &Stage, more: &str) -> Roomkey {
    let provider = provider(&[stage.slapd.tls_url()], &stage.authority, more);
    Roomkey::start(&format!("{SESSION}{provider}{ACCESS}"))
}

/// A link, once the session has to be confirmed.
async fn later(roomkey: &Roomkey, visitor: &mut Visitor) -> Page {
    tokio::time::sleep(Duration::from_millis(1200)).await;
    visitor.get(&format!("{}/room/later", roomkey.url)).await
}

fn asks(page: &Page) -> bool {
    page.status == 200 && page.heading() == "Log in"
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_follows_the_directory_and_ends_with_the_entry() {
    let stage = Stage::set("");
    let roomkey = with_sessions(&stage, &format!("group_base_dn = \"ou=groups,{SUFFIX}\"\n"));
    let mut visitor = Visitor::new();

    let entered = crate::stage::log_in(&roomkey, &mut visitor, "ada", PASSWORD).await;
    stage.slapd.add(&group("board,ou=groups", &["uid=ada,ou=people"]));
    let promoted = later(&roomkey, &mut visitor).await;
    stage.slapd.modify(&format!("dn: uid=ada,ou=people,{SUFFIX}\nchangetype: delete\n"));
    let gone = later(&roomkey, &mut visitor).await;

    let moderator = |page: &Page| page.meeting_claims()["context"]["user"]["moderator"] == true;
    assert_eq!((moderator(&entered), moderator(&promoted)), (false, true), "{}", roomkey.log());
    assert!(asks(&gone), "{gone:#?}");
    roomkey.wait_for_log("a session ends: `dir` no longer vouches for its person");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_entry_that_no_longer_fits_ends_the_session() {
    let stage = Stage::set("");
    let roomkey = with_sessions(&stage, "active_filter = \"(!(employeeType=left))\"\n");
    let mut visitor = Visitor::new();
    crate::stage::log_in(&roomkey, &mut visitor, "ada", PASSWORD).await;

    let before = later(&roomkey, &mut visitor).await;
    let left = format!("dn: uid=ada,ou=people,{SUFFIX}\nchangetype: modify\nadd: employeeType\nemployeeType: left\n");
    stage.slapd.modify(&left);
    let after = later(&roomkey, &mut visitor).await;

    assert_eq!(outcome(&before), (303, "Ada Lovelace".to_owned()), "{}", roomkey.log());
    assert!(asks(&after), "{after:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_goes_on_while_the_directory_is_down() {
    let mut stage = Stage::set("");
    let roomkey = with_sessions(&stage, "timeout = \"1s\"\n");
    let mut visitor = Visitor::new();
    crate::stage::log_in(&roomkey, &mut visitor, "ada", PASSWORD).await;
    stage.slapd.stop();

    let page = later(&roomkey, &mut visitor).await;

    assert_eq!(outcome(&page), (303, "Ada Lovelace".to_owned()), "{}", roomkey.log());
}

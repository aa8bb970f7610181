//! Groups: those that the entry names, those that are found, and those of groups.

use serde_json::Value;

use crate::stage::{ACCESS, Stage, log_in, provider};
use crate::support::roomkey::Roomkey;
use crate::support::slapd::{PASSWORD, SUFFIX, Slapd, group};
use crate::support::visitor::Visitor;

async fn is_moderator(roomkey: &Roomkey, name: &str) -> Value {
    let entered = log_in(roomkey, &mut Visitor::new(), name, PASSWORD).await;
    assert_eq!(entered.status, 303, "{}", roomkey.log());
    entered.meeting_claims()["context"]["user"]["moderator"].clone()
}

/// Ada is of the board, Grace by a group within it, and somebody else has a board, too.
fn add_groups(slapd: &Slapd) {
    slapd.add(&group("board,ou=elsewhere", &["uid=olga,ou=people", "uid=grace,ou=people"]));
    slapd.add(&group("secretaries,ou=groups", &["uid=grace,ou=people"]));
    slapd.add(&group("office,ou=groups", &["cn=secretaries,ou=groups"]));
    slapd.add(&group("board,ou=groups", &["uid=ada,ou=people", "cn=office,ou=groups"]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn groups_are_read_from_the_entry_and_count_below_their_base_alone() {
    let stage =
        Stage::set(&format!("group_base_dn = \"ou=groups,{SUFFIX}\"\ngroup_filter = \"\"\nnested_groups = false\n"));
    let careless = provider(&[stage.slapd.tls_url()], &stage.authority, "");
    let careless = Roomkey::start(&format!("{careless}{ACCESS}"));
    add_groups(&stage.slapd);

    assert_eq!(is_moderator(&stage.roomkey, "ada").await, true);
    assert_eq!(is_moderator(&stage.roomkey, "grace").await, false);
    assert_eq!(is_moderator(&careless, "grace").await, true, "without a base, any group of that name counts");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn groups_are_found_by_their_members_within_groups_too() {
    let found = format!("group_base_dn = \"ou=groups,{SUFFIX}\"\n[providers.claims]\ngroups = []\n");
    let nested = Stage::set(&found);
    let flat = provider(&[nested.slapd.tls_url()], &nested.authority, &format!("nested_groups = false\n{found}"));
    let flat = Roomkey::start(&format!("{flat}{ACCESS}"));
    add_groups(&nested.slapd);

    assert_eq!(is_moderator(&nested.roomkey, "ada").await, true);
    assert_eq!(is_moderator(&nested.roomkey, "grace").await, true);
    assert_eq!(is_moderator(&flat, "ada").await, true);
    assert_eq!(is_moderator(&flat, "grace").await, false);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn groups_that_have_each_other_are_looked_into_once() {
    let stage = Stage::set(&format!("group_base_dn = \"ou=groups,{SUFFIX}\"\n"));
    stage.slapd.add(&group("a,ou=groups", &["uid=ada,ou=people"]));
    stage.slapd.add(&group("board,ou=groups", &["cn=a,ou=groups"]));
    let circle =
        format!("dn: cn=a,ou=groups,{SUFFIX}\nchangetype: modify\nadd: member\nmember: cn=board,ou=groups,{SUFFIX}\n");
    stage.slapd.modify(&circle);

    assert_eq!(is_moderator(&stage.roomkey, "ada").await, true);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rules_can_ask_for_whole_dns_and_for_attributes() {
    let dn = format!("cn=board,ou=groups,{SUFFIX}");
    let rules = format!(
        "[[access]]\nrooms = [\"*\"]\ngroups = [\"{dn}\"]\nclaims = {{ departmentNumber = \"7\" }}\nrole = \"moderator\"\n{ACCESS}"
    );
    let stage = Stage::set("");
    add_groups(&stage.slapd);
    let more = "group_names = \"dn\"\nattributes = [\"departmentNumber\"]\n";
    let roomkey = Roomkey::start(&format!("{}{rules}", provider(&[stage.slapd.tls_url()], &stage.authority, more)));

    assert_eq!(is_moderator(&roomkey, "ada").await, true);
    assert_eq!(is_moderator(&roomkey, "grace").await, false);
}

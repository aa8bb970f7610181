//! Lists as files that change.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::time::Duration;

use super::super::{LivePolicy, RosterError, RosterFile};
use super::*;

fn enrolled(members: Arc<Roster>) -> Rule {
    Rule {
        name: "enrolled".to_owned(),
        rooms: vec!["*".parse().unwrap()],
        groups: Vec::new(),
        emails: Vec::new(),
        email_domains: Vec::new(),
        providers: Vec::new(),
        claims: Vec::new(),
        passes: false,
        members: Some(members),
        window: Window::default(),
        when: None,
        outcome: Outcome::Admit(Permit { role: Role::Participant, features: None, token_lifetime: None }),
    }
}

/// A list in force, in a folder.
fn in_force(text: &str) -> (tempfile::TempDir, LivePolicy) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("roster.csv");
    fs::write(&path, text).unwrap();
    let (list, roster) = RosterFile::open(path, reading()).unwrap();
    let policy = LivePolicy::from(Policy::new(vec![enrolled(roster)], &[]));
    policy.follow(vec![(0, list)]);
    (folder, policy)
}

fn lets_in(policy: &LivePolicy, somebody: &VerifiedIdentity) -> bool {
    let request = JoinRequest::from_link(None, "lab", None).unwrap();
    policy.now().decide(somebody, &request, NOW.parse::<Timestamp>().unwrap()).is_ok()
}

fn eve() -> VerifiedIdentity {
    somebody_from("work").with_email("eve@example.com", true)
}

/// Gives the watch time for `looks` looks; reading itself is done by another thread, in its own time.
async fn wait_for(looks: u32, done: impl Fn() -> bool) -> bool {
    for _ in 0..looks {
        tokio::time::sleep(Duration::from_millis(2_100)).await;
        if done() {
            return true;
        }
    }
    false
}

const ADA: &str = "email,room\nada@example.com,lab\n";
const EVE: &str = "email,room\neve@example.com,lab\n";

#[tokio::test]
async fn a_changed_list_takes_over_by_itself() {
    let (folder, policy) = in_force(ADA);
    assert!(lets_in(&policy, &ada()) && !lets_in(&policy, &eve()));

    fs::write(folder.path().join("new.csv"), EVE).unwrap();
    fs::rename(folder.path().join("new.csv"), folder.path().join("roster.csv")).unwrap();

    assert!(wait_for(5, || lets_in(&policy, &eve())).await);
    assert!(!lets_in(&policy, &ada()));
}

#[tokio::test]
async fn a_list_that_is_wrong_or_gone_changes_nothing_until_it_is_right() {
    let (folder, policy) = in_force(ADA);
    let path = folder.path().join("roster.csv");

    fs::write(&path, format!("{EVE}nobody,lab\n")).unwrap();
    assert!(!wait_for(3, || lets_in(&policy, &eve()) || !lets_in(&policy, &ada())).await);
    fs::remove_file(&path).unwrap();
    assert!(!wait_for(3, || !lets_in(&policy, &ada())).await);
    fs::write(&path, EVE).unwrap();

    assert!(wait_for(5, || lets_in(&policy, &eve())).await);
}

#[tokio::test]
async fn a_list_that_is_being_written_to_waits() {
    let (folder, policy) = in_force(ADA);
    let path = folder.path().join("roster.csv");

    // Each of these is whole as far as it goes, and the last has everybody.
    let mut text = EVE.to_owned();
    for n in 0..6 {
        text += &format!("p{n}@example.com,lab\n");
        fs::write(&path, &text).unwrap();
        tokio::time::sleep(Duration::from_millis(700)).await;
        assert!(lets_in(&policy, &ada()), "not before it has come to rest");
    }

    assert!(wait_for(5, || lets_in(&policy, &somebody_from("work").with_email("p5@example.com", true))).await);
}

#[tokio::test]
async fn a_list_whose_last_line_has_no_end_waits_longer() {
    let (folder, policy) = in_force(ADA);

    fs::write(folder.path().join("roster.csv"), EVE.trim_end()).unwrap();
    let soon = wait_for(4, || lets_in(&policy, &eve())).await;
    let later = wait_for(16, || lets_in(&policy, &eve())).await;

    assert!(!soon && later);
}

#[test]
fn a_folder_of_lists_is_one_list() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.csv"), ADA).unwrap();
    fs::write(folder.path().join("b.CSV"), EVE).unwrap();
    fs::write(folder.path().join("readme.txt"), "not a list").unwrap();

    let (_, roster) = RosterFile::open(folder.path().to_owned(), reading()).unwrap();

    assert_eq!(roster.rows(), 2);
}

#[test]
fn a_folder_without_lists_is_none() {
    let folder = tempfile::tempdir().unwrap();

    let error = RosterFile::open(folder.path().to_owned(), reading()).unwrap_err();

    assert!(matches!(error, RosterError::Files { found: 0, .. }), "{error}");
}

#[test]
fn what_cannot_be_read_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("roster.csv");
    fs::write(&path, ADA).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    let is_root = fs::read(&path).is_ok();

    let gone = RosterFile::open(folder.path().join("gone.csv"), reading()).unwrap_err();
    let endless = RosterFile::open("/dev/zero".into(), reading()).unwrap_err();

    assert!(matches!(gone, RosterError::Unreadable { .. }), "{gone}");
    assert!(matches!(endless, RosterError::TooLarge { .. }), "{endless}");
    if !is_root {
        assert!(matches!(RosterFile::open(path, reading()).unwrap_err(), RosterError::Unreadable { .. }));
    }
}

#[test]
fn a_hundred_thousand_rows_are_read_in_a_moment() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("roster.csv");
    let row = |n: u32| format!("p{n}@example.com,class-{},student,2026-09-01,2027-07-31\n", n % 3_000);
    let text: String =
        std::iter::once("email,room,role,from,until\n".to_owned()).chain((0..100_000).map(row)).collect();
    fs::write(&path, text).unwrap();

    let (_, roster) = RosterFile::open(path, reading()).unwrap();

    assert_eq!(roster.rows(), 100_000);
}

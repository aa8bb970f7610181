//! Accounts that cannot be used as they are: that is told to whoever knows the password, and to nobody else.

use crate::stage::{Stage, is_wrong, outcome};
use crate::support::slapd::PASSWORD;
use crate::support::visitor::Visitor;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_that_has_to_be_changed_is_told_after_it_was_right() {
    let stage = Stage::set("");
    let mut outcomes = Vec::new();
    for name in ["olga", "rosa"] {
        let with_right = stage.log_in(&mut Visitor::new(), name, PASSWORD).await;
        let with_wrong = stage.log_in(&mut Visitor::new(), name, "not-the-password").await;

        outcomes.push((outcome(&with_right), is_wrong(&with_wrong)));
    }

    let told = (403, "Your password has to be changed first".to_owned());
    assert_eq!(outcomes, [(told.clone(), true), (told, true)], "{}", stage.roomkey.log());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_that_is_locked_looks_like_a_wrong_password() {
    let stage = Stage::set("");

    let with_right = stage.log_in(&mut Visitor::new(), "lena", PASSWORD).await;
    let with_wrong = stage.log_in(&mut Visitor::new(), "lena", "not-the-password").await;

    assert!(is_wrong(&with_right) && is_wrong(&with_wrong));
}

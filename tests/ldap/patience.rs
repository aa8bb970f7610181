//! Whoever tries passwords waits, longer each time, and a restart does not help.

use futures_util::future::join_all;

use crate::stage::{ACCESS, Stage, is_wrong, log_in, outcome, provider};
use crate::support::roomkey::Roomkey;
use crate::support::slapd::PASSWORD;
use crate::support::visitor::Visitor;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_wrong_passwords_at_once_are_few_tries_and_then_a_wait_that_outlasts_a_restart() {
    let mut stage = Stage::set("");
    let tries = |name: &'static str| {
        let stage = &stage;
        join_all((0..20).map(move |number| async move {
            stage.log_in(&mut Visitor::new(), name, &format!("guess-{number}")).await
        }))
    };

    let known = tries("ada").await;
    let unknown = tries("nobody").await;
    let with_right = stage.log_in(&mut Visitor::new(), "ADA", PASSWORD).await;
    let somebody_else = stage.log_in(&mut Visitor::new(), "grace", PASSWORD).await;
    stage.roomkey.signal("KILL");
    stage.roomkey.wait();
    stage.roomkey.restart();
    let after_restart = stage.log_in(&mut Visitor::new(), "ada", PASSWORD).await;

    for pages in [known, unknown] {
        assert_eq!(pages.iter().filter(|page| is_wrong(page)).count(), 6);
        assert_eq!(pages.iter().filter(|page| page.status == 429).count(), 14);
    }
    let wait = (429, "Too many attempts. Wait one minute, then try again.".to_owned());
    assert_eq!([outcome(&with_right), outcome(&after_restart)], [wait.clone(), wait]);
    assert!(with_right.headers["retry-after"].to_str().unwrap().parse::<u64>().unwrap() <= 30);
    assert_eq!(outcome(&somebody_else), (303, "Grace Hopper".to_owned()), "others from the same address get in");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_name_of_the_same_account_is_held_back_too_and_not_told_so() {
    let stage = Stage::set("user_filter = \"(|(uid={name})(mail={name}))\"\n");
    let tries = (0..8).map(|_| async { stage.log_in(&mut Visitor::new(), "ada", "wrong").await });
    join_all(tries).await;

    let by_address = stage.log_in(&mut Visitor::new(), "ada@example.com", PASSWORD).await;
    let somebody_else = stage.log_in(&mut Visitor::new(), "grace@example.com", PASSWORD).await;

    assert!(is_wrong(&by_address), "as for a name that is nobody's");
    assert_eq!(outcome(&somebody_else), (303, "Grace Hopper".to_owned()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_right_password_takes_back_what_was_counted() {
    let stage = Stage::set("");
    for _ in 0..2 {
        let wrong = join_all((0..4).map(|_| async { stage.log_in(&mut Visitor::new(), "ada", "wrong").await })).await;
        assert!(wrong.iter().all(is_wrong));

        let right = stage.log_in(&mut Visitor::new(), "ada", PASSWORD).await;

        assert_eq!(outcome(&right), (303, "Ada Lovelace".to_owned()));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_tries_passwords_while_they_cannot_be_counted() {
    let stage = Stage::set("");
    let directory = provider(&[stage.slapd.tls_url()], &stage.authority, "");
    let store = "[store]\nurl = \"sqlite:///nowhere/roomkey.db\"\n";
    let roomkey = Roomkey::start(&format!("{store}{directory}{ACCESS}"));

    let page = log_in(&roomkey, &mut Visitor::new(), "ada", PASSWORD).await;

    assert_eq!(outcome(&page), (503, "The login isn’t answering".to_owned()));
    let line = roomkey.wait_for_log("failed logins cannot be counted: the store cannot be reached");
    assert!(line.contains(r#""login.failure":"uncounted""#), "{line}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_counted_while_nobody_can_tell() {
    let mut stage = Stage::set("timeout = \"1s\"\n");
    stage.log_in(&mut Visitor::new(), "ada", PASSWORD).await;
    stage.slapd.stop();
    for _ in 0..8 {
        let page = stage.log_in(&mut Visitor::new(), "ada", PASSWORD).await;
        assert_eq!(outcome(&page), (502, "The login isn’t answering".to_owned()));
    }
    stage.slapd.start_again();

    let page = stage.log_in(&mut Visitor::new(), "ada", PASSWORD).await;

    assert_eq!(outcome(&page), (303, "Ada Lovelace".to_owned()), "{}", stage.roomkey.log());
}

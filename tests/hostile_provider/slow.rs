//! A provider that says nothing is its own visitors' trouble and nobody else's.

use std::time::{Duration, Instant};

use crate::support::ending::{DOWN, STAFF_MODERATE, assert_entered};
use crate::support::fake::{FakeProvider, Reply};
use crate::support::login::log_in;
use crate::support::roomkey::Roomkey;
use crate::support::visitor::{Page, Visitor};

/// Roomkey between a provider that is silent (`fake`) and one that is not (`good`).
async fn stage() -> (Roomkey, FakeProvider) {
    let (silent, good) = (FakeProvider::start().await, FakeProvider::start().await);
    silent.script(|script| script.discovery = Box::new(|_| Reply::Silent));
    let second = good.configuration("").replace("\"fake\"", "\"good\"");
    let access = STAFF_MODERATE.replace("[\"fake\"]", "[\"fake\", \"good\"]");
    (Roomkey::start(&format!("{}{second}{access}", silent.configuration(""))), good)
}

async fn log_in_at_the_good_one(roomkey: &Roomkey, good: &FakeProvider) -> Page {
    log_in(&mut Visitor::new(), &format!("{}/room/standup?provider=good", roomkey.url), good).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_silent_provider_hurts_only_its_own_visitors() {
    let (roomkey, good) = stage().await;
    let link = format!("{}/room/standup?provider=fake", roomkey.url);
    let visit = |link: String| tokio::spawn(async move { Visitor::new().get(&link).await });
    let stuck: Vec<_> = (0..50).map(|_| visit(link.clone())).collect();
    tokio::time::sleep(Duration::from_millis(200)).await;

    let page = log_in_at_the_good_one(&roomkey, &good).await;

    assert_entered(&page, &roomkey);
    assert!(stuck.iter().all(|visit| !visit.is_finished()), "the good login is over before the silent ones give up");
    for visit in stuck {
        assert_eq!(visit.await.unwrap().heading(), DOWN.1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn those_who_would_only_queue_up_are_told_at_once() {
    let (roomkey, good) = stage().await;
    let link = format!("{}/room/standup?provider=fake", roomkey.url);
    let begun = Instant::now();
    let visitor = Visitor::new();
    let crowd: Vec<_> = (0..600).map(|_| tokio::spawn(visitor.fetch(&link))).collect();

    roomkey.wait_for_log("512 calls to this provider are under way already");
    let page = log_in_at_the_good_one(&roomkey, &good).await;

    assert_entered(&page, &roomkey);
    assert!(begun.elapsed() < Duration::from_secs(8), "before the first of them gives up");
    for visit in crowd {
        assert_eq!(visit.await.unwrap().as_u16(), DOWN.0);
    }
}

//! Each replica is ended and started again in turn: ended in order, nothing is lost; killed, at most what was under way, and it
//! succeeds when tried again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use crate::person::Person;
use crate::support::roomkey::Roomkey;
use crate::{SIDE_BY_SIDE, Stage};

/// People who log in and then open a second link.
const PEOPLE: usize = 2_000;

/// What went wrong, by what was being done to the replicas.
#[derive(Default)]
struct Tally {
    killing: AtomicBool,
    begun: AtomicUsize,
    lost_in_order: AtomicUsize,
    lost_to_a_kill: AtomicUsize,
    not_even_again: AtomicUsize,
}

impl Tally {
    fn lost(&self, killing: bool) {
        let tally = if killing { &self.lost_to_a_kill } else { &self.lost_in_order };
        tally.fetch_add(1, Ordering::SeqCst);
    }
}

/// How soon somebody tries again.
const A_MOMENT: Duration = Duration::from_millis(500);

async fn logs_in(person: &mut Person<'_>) -> bool {
    person.log_in().await.is_some_and(|entered| entered.is_in_meeting()) && person.has_session()
}

async fn walks_in(person: &mut Person<'_>) -> bool {
    person.walk_in().await.is_some_and(|entered| entered.is_in_meeting())
}

/// One person's day: a login and a second link, each tried again once if it is lost.
async fn live(person: &mut Person<'_>, tally: &Tally) {
    if !logs_in(person).await {
        tally.lost(tally.killing.load(Ordering::SeqCst));
        tokio::time::sleep(A_MOMENT).await;
        if !logs_in(person).await {
            tally.not_even_again.fetch_add(1, Ordering::SeqCst);
            return;
        }
    }
    if !walks_in(person).await {
        tally.lost(tally.killing.load(Ordering::SeqCst));
        tokio::time::sleep(A_MOMENT).await;
        if !walks_in(person).await {
            tally.not_even_again.fetch_add(1, Ordering::SeqCst);
        }
    }
}

/// Ends the replicas in turn, in order and then by force, until `over`; says how often each was done.
fn roll(replicas: &mut [Roomkey; 2], tally: &Tally, over: &AtomicBool) -> [usize; 2] {
    let mut done = [0, 0];
    for (kind, signal) in ["TERM", "KILL"].into_iter().enumerate().cycle() {
        for replica in replicas.iter_mut() {
            if over.load(Ordering::SeqCst) && done.iter().all(|&times| times >= 2) {
                return done;
            }
            tally.killing.store(signal == "KILL", Ordering::SeqCst);
            replica.signal(signal);
            replica.wait();
            replica.restart();
            // Until whoever was under way has tried again: the next one to be killed is another's.
            std::thread::sleep(3 * A_MOMENT);
            tally.killing.store(false, Ordering::SeqCst);
            done[kind] += 1;
        }
    }
    done
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replicas_that_end_in_order_lose_nothing_and_killed_ones_only_what_was_under_way() {
    let (stage, machines) = Stage::set().await;
    let (tally, over) = (Arc::new(Tally::default()), Arc::new(AtomicBool::new(false)));
    let rolling = {
        let (tally, over, mut replicas) = (Arc::clone(&tally), Arc::clone(&over), machines.replicas);
        // They are handed back, since people are still on their way when the last one has been started again.
        tokio::task::spawn_blocking(move || (roll(&mut replicas, &tally, &over), replicas))
    };

    let people = (0..SIDE_BY_SIDE).map(|_| async {
        let mut person = Person::new(&stage);
        // More than were asked for, should the replicas not all have been ended and started by then.
        while tally.begun.fetch_add(1, Ordering::SeqCst) < PEOPLE || !rolling.is_finished() {
            over.store(tally.begun.load(Ordering::SeqCst) >= PEOPLE, Ordering::SeqCst);
            live(&mut person, &tally).await;
        }
    });
    futures_util::future::join_all(people).await;
    let ([in_order, killed], _replicas) = rolling.await.unwrap();

    assert!(in_order >= 2 && killed >= 2, "each replica was ended both ways");
    assert_eq!(tally.lost_in_order.load(Ordering::SeqCst), 0, "lost though nothing was killed");
    let lost = tally.lost_to_a_kill.load(Ordering::SeqCst);
    assert!(lost <= killed * SIDE_BY_SIDE, "{lost} lost to {killed} kills");
    assert_eq!(tally.not_even_again.load(Ordering::SeqCst), 0, "whatever was lost succeeds when tried again");
}

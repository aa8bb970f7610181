//! PostgreSQL is ended and started again under load, in order and as by a crash: what fails says so, nothing is half done, and
//! everything recovers by itself.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::person::{Answer, Person, Request, exchange};
use crate::support::postgres::Postgres;
use crate::{DATABASE, Machines, SIDE_BY_SIDE, Stage};

const NOT_NOW: &str = "<h1>Your login can’t be looked up now</h1>";
const SIGNED_IN: &str = "<h1>You are logged in</h1>";

/// How long the database stays away, and how long all goes well before and after.
const AWAY: Duration = Duration::from_millis(1_500);
const WELL: Duration = Duration::from_secs(2);

/// The longest that anybody may wait for an answer: a request asks the store a few times, and waits for it once.
const PATIENCE: Duration = Duration::from_secs(8);

/// What people met with.
#[derive(Default)]
struct Diary<'a> {
    joined: AtomicUsize,
    logged_in_for_this_once: AtomicUsize,
    asked_to_log_in_again: AtomicUsize,
    told: AtomicUsize,
    wrong: Mutex<Vec<String>>,
    /// Browsers whose session goes on, and copies of those whose session has been ended.
    kept: Mutex<Vec<Person<'a>>>,
    ended: Mutex<Vec<Person<'a>>>,
}

impl Diary<'_> {
    fn wrong(&self, doing: &str, answer: &Option<Answer>) {
        self.wrong.lock().unwrap().push(format!("{doing}: {answer:#?}"));
    }
}

fn one_more(count: &AtomicUsize) {
    count.fetch_add(1, Ordering::SeqCst);
}

fn is_told(answer: &Answer) -> bool {
    answer.status == 503 && answer.body.contains(NOT_NOW)
}

/// A login, a second link, a look at one's sessions and, for every other one, a logout: each succeeds or says why not.
async fn live<'a>(person: &mut Person<'a>, diary: &Diary<'a>, number: u32) {
    match person.log_in().await {
        // It needs no session to enter one meeting.
        Some(entered) if entered.is_in_meeting() => {}
        other => return diary.wrong("a login", &other),
    }
    if !person.has_session() {
        return one_more(&diary.logged_in_for_this_once);
    }
    match person.walk_in().await {
        Some(entered) if entered.is_in_meeting() => one_more(&diary.joined),
        Some(asked) if asked.location.is_some() => one_more(&diary.asked_to_log_in_again),
        other => diary.wrong("a second link", &other),
    }
    if number.is_multiple_of(2) {
        return diary.kept.lock().unwrap().push(person.copy());
    }
    let token = match person.get("/").await {
        Some(page) if page.status == 200 && page.body.contains(SIGNED_IN) => form_token(&page),
        Some(told) if is_told(&told) => return one_more(&diary.told),
        other => return diary.wrong("a look at the sessions", &other),
    };
    let copy = person.copy();
    match person.send(&Request::post("/logout", &[("token", &token), ("which", "here")])).await {
        Some(out) if out.status == 303 && !person.has_session() => diary.ended.lock().unwrap().push(copy),
        Some(told) if is_told(&told) => one_more(&diary.told),
        other => diary.wrong("a logout", &other),
    }
}

fn form_token(page: &Answer) -> String {
    page.body.split("name=\"token\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

/// Ends the database both ways and starts it again.
fn restart(server: &mut Postgres) {
    let ends: [fn(&mut Postgres); 2] = [Postgres::stop, Postgres::crash];
    for end in ends {
        std::thread::sleep(WELL);
        end(server);
        std::thread::sleep(AWAY);
        server.start_again();
        std::thread::sleep(WELL);
    }
}

async fn is_ready(machines: &Machines) -> bool {
    let ask = machines.replicas.each_ref().map(|replica| async {
        exchange(replica.management, &Request::get("/health/ready"), "")
            .await
            .is_some_and(|answer| answer.status == 200)
    });
    futures_util::future::join_all(ask).await.into_iter().all(|ready| ready)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_restarts_costs_sessions_for_as_long_as_it_is_away_and_nothing_else() {
    let (stage, mut machines) = Stage::set().await;
    let (diary, over) = (Diary::default(), AtomicBool::new(false));

    let restarting = tokio::task::spawn_blocking(move || {
        restart(&mut machines.server);
        machines
    });
    let people = (0..SIDE_BY_SIDE).map(|_| async {
        let mut person = Person::new(&stage);
        let mut slowest = Duration::ZERO;
        for number in 0.. {
            if over.load(Ordering::SeqCst) {
                break;
            }
            let began = Instant::now();
            live(&mut person, &diary, number).await;
            slowest = slowest.max(began.elapsed());
        }
        slowest
    });
    let machines = async {
        let machines = restarting.await.unwrap();
        over.store(true, Ordering::SeqCst);
        machines
    };
    let (machines, slowest) = tokio::join!(machines, futures_util::future::join_all(people));
    let recovery = Instant::now();
    while !is_ready(&machines).await {
        assert!(recovery.elapsed() < Duration::from_secs(10), "{}", machines.replicas[0].log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }

    let wrong = diary.wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let counts = [&diary.joined, &diary.logged_in_for_this_once, &diary.asked_to_log_in_again, &diary.told];
    let counts = counts.map(|count| count.load(Ordering::SeqCst));
    assert!(counts.iter().all(|&count| count > 0), "everything has come about: {counts:?}");
    assert!(slowest.iter().all(|&slowest| slowest < PATIENCE), "{slowest:?}");
    for mut person in diary.kept.into_inner().unwrap() {
        assert!(person.walk_in().await.unwrap().is_in_meeting(), "a session that was begun has been kept");
    }
    for mut person in diary.ended.into_inner().unwrap() {
        assert!(!person.walk_in().await.unwrap().is_in_meeting(), "a session that was ended has gone");
    }
    let halves = "SELECT count(*) FROM session WHERE handle NOT IN (SELECT session FROM session_identity)";
    assert_eq!(machines.server.query(DATABASE, halves), "0", "sessions of nobody");
    for replica in &machines.replicas {
        replica.wait_for_log("the store cannot be reached");
        replica.wait_for_log("the store is back");
        assert!(!replica.log().contains("panicked"), "{}", replica.log());
    }
}

//! Two replicas on one PostgreSQL behind a round-robin proxy, each ended and started again in turn, while people log in and
//! walk through links: ended in order, nothing is lost; killed, at most what was under way, and it succeeds when tried again.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test stops at the first thing amiss")]

mod support;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use support::fake::FakeProvider;
use support::postgres::Postgres;
use support::roomkey::Roomkey;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

const ACCESS: &str = "[[access]]\nrooms = [\"*\"]\nproviders = [\"fake\"]\nrole = \"participant\"\n";

/// People who log in and then open a second link, and how many of them do at a time.
const PEOPLE: usize = 2_000;
const SIDE_BY_SIDE: usize = 12;

/// Where a replica listens, for visitors and for its health.
#[derive(Clone, Copy)]
struct Backend {
    public: SocketAddr,
    management: SocketAddr,
}

/// Sends connections to the backends in turn, but to none that says it is not ready or takes no connection.
async fn proxy(backends: [Backend; 2]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let ready = Arc::new([AtomicBool::new(true), AtomicBool::new(true)]);
    for (number, backend) in backends.into_iter().enumerate() {
        let ready = Arc::clone(&ready);
        tokio::spawn(async move {
            loop {
                let answer = exchange(backend.management, "/health/ready", "").await;
                ready[number].store(answer.is_some_and(|answer| answer.status == 200), Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        });
    }
    tokio::spawn(async move {
        for turn in 0.. {
            let (mut visitor, _) = listener.accept().await.unwrap();
            let ready = Arc::clone(&ready);
            tokio::spawn(async move {
                let order = [turn % 2, (turn + 1) % 2];
                let chosen = order.into_iter().filter(|&number| ready[number].load(Ordering::SeqCst));
                for number in chosen.chain(order) {
                    if let Ok(mut backend) = TcpStream::connect(backends[number].public).await {
                        let _ = copy_bidirectional(&mut visitor, &mut backend).await;
                        return;
                    }
                }
            });
        }
    });
    address
}

/// What came back over a connection of its own.
struct Answer {
    status: u16,
    location: Option<Url>,
    cookies: Vec<(String, String)>,
}

/// One request; `None` if the connection broke.
async fn exchange(address: SocketAddr, path: &str, cookies: &str) -> Option<Answer> {
    let mut stream = TcpStream::connect(address).await.ok()?;
    let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\ncookie: {cookies}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.ok()?;
    let answer = String::from_utf8(answer).ok()?;
    let (head, _) = answer.split_once("\r\n\r\n")?;
    let headers = || head.lines().skip(1).filter_map(|line| line.split_once(": "));
    let cookie = |text: &str| {
        let (name, value) = text.split(';').next()?.split_once('=')?;
        Some((name.to_owned(), value.to_owned()))
    };
    Some(Answer {
        status: head.split(' ').nth(1)?.parse().ok()?,
        location: headers().find(|(name, _)| *name == "location").and_then(|(_, value)| value.parse().ok()),
        cookies: headers().filter(|(name, _)| *name == "set-cookie").filter_map(|(_, text)| cookie(text)).collect(),
    })
}

/// A person's browser.
struct Person<'a> {
    proxy: SocketAddr,
    provider: &'a FakeProvider,
    cookies: BTreeMap<String, String>,
}

impl Person<'_> {
    async fn get(&mut self, path: &str) -> Option<Answer> {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answer = exchange(self.proxy, path, &cookies.join("; ")).await?;
        for (name, value) in &answer.cookies {
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.clone(), value.clone());
            }
        }
        Some(answer)
    }

    /// From a link into the meeting, by a login.
    async fn log_in(&mut self) -> Option<()> {
        self.cookies.clear();
        let to_provider = self.get("/room/standup").await?.location?;
        let response = self.provider.log_in(&to_provider);
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(response).finish();
        let entered = self.get(&format!("/callback/fake?{query}")).await?;
        (is_in_meeting(&entered) && self.cookies.contains_key("roomkey-session")).then_some(())
    }

    /// From a link into the meeting, by the session alone.
    async fn walk_in(&mut self) -> Option<()> {
        is_in_meeting(&self.get("/room/retro").await?).then_some(())
    }
}

fn is_in_meeting(answer: &Answer) -> bool {
    answer.location.as_ref().is_some_and(|location| location.host_str() == Some("meet.localhost"))
}

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

/// One person's day: a login and a second link, each tried again once if it is lost.
async fn live(person: &mut Person<'_>, tally: &Tally) {
    if person.log_in().await.is_none() {
        tally.lost(tally.killing.load(Ordering::SeqCst));
        tokio::time::sleep(A_MOMENT).await;
        if person.log_in().await.is_none() {
            tally.not_even_again.fetch_add(1, Ordering::SeqCst);
            return;
        }
    }
    if person.walk_in().await.is_none() {
        tally.lost(tally.killing.load(Ordering::SeqCst));
        tokio::time::sleep(A_MOMENT).await;
        if person.walk_in().await.is_none() {
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
    let server = Postgres::start();
    let provider = FakeProvider::start().await;
    provider.script(|script| script.alg = "ES256");
    let store = format!("[store]\nurl = \"{}\"\n[log]\nlevel = \"info\"\n", server.database("roomkey"));
    let first = Roomkey::start(&format!("{store}{}{ACCESS}", provider.configuration("")));
    let second = first.replica();
    let backend = |replica: &Roomkey, public: &str| Backend {
        public: SocketAddr::from(([127, 0, 0, 1], public.rsplit_once(':').unwrap().1.parse().unwrap())),
        management: replica.management,
    };
    let proxy = proxy([backend(&first, &first.url), backend(&second, &second.url)]).await;
    let (tally, over) = (Arc::new(Tally::default()), Arc::new(AtomicBool::new(false)));
    let rolling = {
        let (tally, over, mut replicas) = (Arc::clone(&tally), Arc::clone(&over), [first, second]);
        // They are handed back, since people are still on their way when the last one has been started again.
        tokio::task::spawn_blocking(move || (roll(&mut replicas, &tally, &over), replicas))
    };

    let people = (0..SIDE_BY_SIDE).map(|_| async {
        let mut person = Person { proxy, provider: &provider, cookies: BTreeMap::new() };
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

//! Browsers, as many at a time as are wanted, each on a connection that it keeps.

use std::cell::Cell;
use std::rc::Rc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::process::Process;
use super::provider::Provider;

/// Lets `count` people log in, `side_by_side` at a time, and checks that each comes out in the meeting.
pub(crate) async fn logins(roomkey: &Process, provider: &Provider, count: usize, side_by_side: usize) {
    let authorization = format!("{}/auth?", provider.issuer());
    run(roomkey, count, side_by_side, move |mut browser, person| {
        let authorization = authorization.clone();
        async move {
            let answer = browser.get("/room/standup", "").await;
            let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
            let location = answer.header("location");
            assert!(location.starts_with(&authorization), "a link leads to the provider");
            let (state, nonce) = (parameter(location, "state"), parameter(location, "nonce"));
            let callback = format!("/callback/bench?code={person}.{nonce}&state={state}");
            let answer = browser.get(&callback, &cookie).await;
            assert!(answer.header("location").contains("/standup?jwt="), "a login leads to the meeting");
            browser
        }
    })
    .await;
}

/// Lets `count` people click a link and go no further.
pub(crate) async fn abandoned(roomkey: &Process, count: usize, side_by_side: usize) {
    run(roomkey, count, side_by_side, |mut browser, _| async move {
        let answer = browser.get("/room/standup", "").await;
        assert!(answer.0.starts_with("HTTP/1.1 303"), "a link leads to the provider");
        browser
    })
    .await;
}

async fn run<F>(
    roomkey: &Process,
    count: usize,
    side_by_side: usize,
    visit: impl Fn(Browser, usize) -> F + Clone + 'static,
) where
    F: Future<Output = Browser> + 'static,
{
    let next = Rc::new(Cell::new(0));
    let mut all = JoinSet::new();
    for _ in 0..side_by_side {
        let (next, visit) = (Rc::clone(&next), visit.clone());
        let mut browser = Browser::open(roomkey).await;
        all.spawn_local(async move {
            while next.get() < count {
                next.set(next.get() + 1);
                browser = visit(browser, next.get()).await;
            }
        });
    }
    while let Some(outcome) = all.join_next().await {
        outcome.unwrap();
    }
}

struct Browser {
    stream: TcpStream,
    host: String,
}

struct Answer(String);

impl Browser {
    async fn open(roomkey: &Process) -> Self {
        let stream = TcpStream::connect(roomkey.address()).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, host: roomkey.address().to_string() }
    }

    async fn get(&mut self, path: &str, cookie: &str) -> Answer {
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: {}\r\nuser-agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\naccept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\naccept-language: en-GB,en;q=0.5\r\ncookie: {cookie}\r\n\r\n",
            self.host
        );
        self.stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::with_capacity(8192);
        loop {
            assert_ne!(self.stream.read_buf(&mut answer).await.unwrap(), 0, "the answer comes in whole");
            if answer.ends_with(b"\r\n\r\n") {
                let answer = String::from_utf8(answer).unwrap();
                assert!(answer.contains("content-length: 0\r\n"), "a redirect has no body: {answer}");
                return Answer(answer);
            }
        }
    }
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.0
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
            .unwrap_or_else(|| panic!("there is a {name} in {}", self.0))
    }
}

fn parameter<'a>(url: &'a str, name: &str) -> &'a str {
    let query = url.split_once('?').unwrap().1;
    query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')).unwrap()
}

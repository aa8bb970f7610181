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
            browser.cookies.clear();
            browser.log_in(&authorization, person).await;
            browser
        }
    })
    .await;
}

/// Lets `side_by_side` people who are signed in open `count` links.
pub(crate) async fn warm_joins(roomkey: &Process, provider: &Provider, count: usize, side_by_side: usize) {
    let authorization = format!("{}/auth?", provider.issuer());
    run(roomkey, count, side_by_side, move |mut browser, person| {
        let authorization = authorization.clone();
        async move {
            if browser.cookies.is_empty() {
                browser.log_in(&authorization, person).await;
            } else {
                let answer = browser.get("/room/standup").await;
                assert!(answer.header("location").contains("/standup?jwt="), "a session leads to the meeting");
            }
            browser
        }
    })
    .await;
}

/// Lets `count` people click a link and go no further.
pub(crate) async fn abandoned(roomkey: &Process, count: usize, side_by_side: usize) {
    run(roomkey, count, side_by_side, |mut browser, _| async move {
        let answer = browser.get("/room/standup").await;
        browser.cookies.clear();
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
    cookies: Vec<(String, String)>,
}

struct Answer(String);

impl Browser {
    async fn open(roomkey: &Process) -> Self {
        let stream = TcpStream::connect(roomkey.address()).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, host: roomkey.address().to_string(), cookies: Vec::new() }
    }

    async fn log_in(&mut self, authorization: &str, person: usize) {
        let answer = self.get("/room/standup").await;
        let location = answer.header("location");
        assert!(location.starts_with(authorization), "a link leads to the provider");
        let (state, nonce) = (parameter(location, "state"), parameter(location, "nonce"));
        let answer = self.get(&format!("/callback/bench?code={person}.{nonce}&state={state}")).await;
        assert!(answer.header("location").contains("/standup?jwt="), "a login leads to the meeting");
    }

    async fn get(&mut self, path: &str) -> Answer {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: {}\r\nuser-agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\naccept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\naccept-language: en-GB,en;q=0.5\r\ncookie: {}\r\n\r\n",
            self.host,
            cookies.join("; ")
        );
        self.stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::with_capacity(8192);
        loop {
            assert_ne!(self.stream.read_buf(&mut answer).await.unwrap(), 0, "the answer comes in whole");
            if answer.ends_with(b"\r\n\r\n") {
                let answer = String::from_utf8(answer).unwrap();
                assert!(answer.contains("content-length: 0\r\n"), "a redirect has no body: {answer}");
                let answer = Answer(answer);
                self.keep_cookies(&answer);
                return answer;
            }
        }
    }

    fn keep_cookies(&mut self, answer: &Answer) {
        for cookie in answer.headers("set-cookie") {
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.retain(|(known, _)| known != name);
            if !cookie.contains("Max-Age=0") {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
    }
}

impl Answer {
    fn headers(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.lines().filter_map(move |line| line.strip_prefix(name)?.strip_prefix(": "))
    }

    fn header(&self, name: &str) -> &str {
        self.headers(name).next().unwrap_or_else(|| panic!("there is a {name} in {}", self.0))
    }
}

fn parameter<'a>(url: &'a str, name: &str) -> &'a str {
    let query = url.split_once('?').unwrap().1;
    query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')).unwrap()
}

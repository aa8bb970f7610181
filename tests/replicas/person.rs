//! A person behind a browser, and what passes over the wire.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use url::Url;

use crate::Stage;
use crate::support::fake::FakeProvider;

/// What came back over a connection of its own.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) location: Option<Url>,
    cookies: Vec<(String, String)>,
    pub(crate) body: String,
}

/// What is asked.
pub(crate) struct Request<'a> {
    method: &'static str,
    path: &'a str,
    form: String,
}

impl<'a> Request<'a> {
    pub(crate) fn get(path: &'a str) -> Self {
        Self { method: "GET", path, form: String::new() }
    }

    pub(crate) fn post(path: &'a str, form: &[(&str, &str)]) -> Self {
        let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        Self { method: "POST", path, form }
    }
}

/// One request; `None` if the connection broke.
pub(crate) async fn exchange(address: SocketAddr, request: &Request<'_>, cookies: &str) -> Option<Answer> {
    let mut stream = TcpStream::connect(address).await.ok()?;
    let Request { method, path, form } = request;
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\ncookie: {cookies}\r\nconnection: close\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
        form.len()
    );
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.ok()?;
    let answer = String::from_utf8(answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let headers = || head.lines().skip(1).filter_map(|line| line.split_once(": "));
    let cookie = |text: &str| {
        let (name, value) = text.split(';').next()?.split_once('=')?;
        Some((name.to_owned(), value.to_owned()))
    };
    Some(Answer {
        status: head.split(' ').nth(1)?.parse().ok()?,
        location: headers().find(|(name, _)| *name == "location").and_then(|(_, value)| value.parse().ok()),
        cookies: headers().filter(|(name, _)| *name == "set-cookie").filter_map(|(_, text)| cookie(text)).collect(),
        body: body.to_owned(),
    })
}

/// A person's browser.
pub(crate) struct Person<'a> {
    proxy: SocketAddr,
    provider: &'a FakeProvider,
    cookies: BTreeMap<String, String>,
}

impl<'a> Person<'a> {
    pub(crate) fn new(stage: &'a Stage) -> Self {
        Self { proxy: stage.proxy, provider: &stage.provider, cookies: BTreeMap::new() }
    }

    /// A copy of this browser, cookies and all.
    pub(crate) fn copy(&self) -> Self {
        Self { cookies: self.cookies.clone(), ..*self }
    }

    pub(crate) async fn get(&mut self, path: &str) -> Option<Answer> {
        self.send(&Request::get(path)).await
    }

    pub(crate) async fn send(&mut self, request: &Request<'_>) -> Option<Answer> {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answer = exchange(self.proxy, request, &cookies.join("; ")).await?;
        for (name, value) in &answer.cookies {
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.clone(), value.clone());
            }
        }
        Some(answer)
    }

    /// Whether this browser has been given a session.
    pub(crate) fn has_session(&self) -> bool {
        self.cookies.contains_key("roomkey-session")
    }

    /// From a link through a login: what comes last.
    pub(crate) async fn log_in(&mut self) -> Option<Answer> {
        self.cookies.clear();
        let to_provider = self.get("/room/standup").await?.location?;
        let response = self.provider.log_in(&to_provider);
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(response).finish();
        self.get(&format!("/callback/fake?{query}")).await
    }

    /// Through a link by the session alone.
    pub(crate) async fn walk_in(&mut self) -> Option<Answer> {
        self.get("/room/retro").await
    }
}

impl Answer {
    pub(crate) fn is_in_meeting(&self) -> bool {
        self.location.as_ref().is_some_and(|location| location.host_str() == Some("meet.localhost"))
    }
}

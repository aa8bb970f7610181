//! Rotation under load: two replicas on one PostgreSQL change their key every ten seconds while people walk through links, and
//! whoever verifies their tokens by what is published, and caches that for as long as its headers say, refuses none.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test stops at the first thing amiss")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use aws_lc_rs::digest::{SHA256, digest};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::Value;
use support::fake::FakeProvider;
use support::login::log_in;
use support::postgres::Postgres;
use support::roomkey::Roomkey;
use support::visitor::{Page, Visitor};

/// How long people come, and how many of them at a time.
const WHILE: Duration = Duration::from_secs(50);
const PEOPLE: usize = 4;

/// Where a key server's client gets its keys.
enum Source {
    /// A JWKS, as `cache_keys_url` has it: asked for again once it is as old as it may be.
    Set { keys: JwkSet, tag: String, until: Instant },
    /// One PEM file a key, as `asap_key_server` has it: kept for good.
    Files(BTreeMap<String, DecodingKey>),
}

/// A client of one replica's key server.
struct Client {
    server: String,
    http: Visitor,
    source: Source,
}

fn max_age(page: &Page) -> Duration {
    let header = page.headers["cache-control"].to_str().unwrap();
    let seconds = header.strip_prefix("public, max-age=").unwrap().parse().unwrap();
    assert!((1..=3).contains(&seconds), "quick keys are not cached for long: {header}");
    Duration::from_secs(seconds)
}

impl Client {
    async fn of_set(server: &str) -> Self {
        let mut http = Visitor::new();
        let page = http.get(&format!("{server}/.well-known/jwks.json")).await;
        let source = Source::Set {
            until: Instant::now() + max_age(&page),
            tag: page.headers["etag"].to_str().unwrap().to_owned(),
            keys: serde_json::from_str(&page.body).unwrap(),
        };
        Self { server: server.to_owned(), http, source }
    }

    fn of_files(server: &str) -> Self {
        Self { server: server.to_owned(), http: Visitor::new(), source: Source::Files(BTreeMap::new()) }
    }

    async fn key(&mut self, kid: &str) -> Option<DecodingKey> {
        match &mut self.source {
            Source::Set { keys, tag, until } => {
                if Instant::now() >= *until {
                    let url = format!("{}/.well-known/jwks.json", self.server);
                    let page = self.http.get_with(&url, &[("if-none-match", tag)]).await;
                    *until = Instant::now() + max_age(&page);
                    if page.status == 200 {
                        *tag = page.headers["etag"].to_str().unwrap().to_owned();
                        *keys = serde_json::from_str(&page.body).unwrap();
                    } else {
                        assert_eq!((page.status.as_u16(), page.body.as_str()), (304, ""));
                    }
                }
                keys.find(kid).map(|key| DecodingKey::from_jwk(key).unwrap())
            }
            Source::Files(files) => {
                if !files.contains_key(kid) {
                    let name = data_encoding::HEXLOWER.encode(digest(&SHA256, kid.as_bytes()).as_ref());
                    let page = self.http.get(&format!("{}/asap/{name}.pem", self.server)).await;
                    if page.status != 200 {
                        return None;
                    }
                    files.insert(kid.to_owned(), DecodingKey::from_rsa_pem(page.body.as_bytes()).unwrap());
                }
                files.get(kid).cloned()
            }
        }
    }

    /// The `kid` of a token that this client lets in.
    async fn verify(&mut self, token: &str) -> String {
        let kid = jsonwebtoken::decode_header(token).unwrap().kid.unwrap();
        let key = self.key(&kid).await.unwrap_or_else(|| panic!("{} does not publish {kid}", self.server));
        let mut validation = Validation::new(Algorithm::RS256);
        validation.set_audience(&["jitsi"]);
        validation.leeway = 0;
        jsonwebtoken::decode::<Value>(token, &key, &validation).unwrap_or_else(|error| panic!("{kid}: {error}"));
        kid
    }
}

/// One person who walks through links at `here`, and whose tokens are verified by clients of both replicas, when they are new
/// and again shortly before they expire. Gives the keys that signed, and how many tokens there were.
async fn come(provider: &FakeProvider, here: &str, there: &str) -> (BTreeSet<String>, usize) {
    let mut visitor = Visitor::new();
    log_in(&mut visitor, &format!("{here}/room/standup"), provider).await;
    let mut clients =
        [Client::of_set(here).await, Client::of_set(there).await, Client::of_files(here), Client::of_files(there)];
    let (mut kids, mut count, mut kept) = (BTreeSet::new(), 0, Vec::new());
    let end = Instant::now() + WHILE;
    while Instant::now() < end {
        let token = visitor.get(&format!("{here}/room/standup")).await.token();
        for client in &mut clients {
            kids.insert(client.verify(&token).await);
        }
        kept.push((token, Instant::now() + Duration::from_secs(8)));
        count += 1;
        while let Some((token, _)) = kept.first().filter(|(_, late)| *late <= Instant::now()) {
            for client in &mut clients {
                client.verify(token).await;
            }
            kept.remove(0);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    (kids, count)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_token_is_refused_while_keys_change() {
    let server = Postgres::start();
    let provider = FakeProvider::start().await;
    let configuration = format!(
        "[store]\nurl = \"{}\"\n[log]\nlevel = \"info\"\n\
         [meeting]\nurl = \"http://meet.localhost:9\"\ntoken_lifetime = \"10s\"\n\
         [meeting.signing]\nmanaged = true\nrotate = \"10s\"\n\
         {}[[access]]\nrooms = [\"*\"]\nrole = \"participant\"\n",
        server.database("roomkey"),
        provider.configuration("")
    );
    let first = Roomkey::start(&configuration);
    let second = first.replica();

    let people = (0..PEOPLE).map(|number| {
        let (here, there) = if number % 2 == 0 { (&first, &second) } else { (&second, &first) };
        come(&provider, &here.url, &there.url)
    });
    let came = futures_util::future::join_all(people).await;

    let kids: BTreeSet<_> = came.iter().flat_map(|(kids, _)| kids.clone()).collect();
    let count: usize = came.iter().map(|(_, count)| count).sum();
    assert!(kids.len() >= 5, "{} keys have signed {count} tokens", kids.len());
    assert!(count > 500, "{count} tokens");
    // One a rotation, whichever replica made it; beside those that signed, the first and the next one.
    let made = [first.log(), second.log()].concat().matches("has been made").count();
    assert!(made <= kids.len() + 2, "{made} keys have been made, {} have signed", kids.len());
}

#[tokio::test]
async fn keys_of_roomkeys_own_take_over_at_a_reload_and_nobody_waits_for_one() {
    let provider = FakeProvider::start().await;
    let with = |signing: &str| {
        format!("{signing}{}[[access]]\nrooms = [\"*\"]\nrole = \"participant\"\n", provider.configuration(""))
    };
    let roomkey = Roomkey::start(&with(""));
    let mut visitor = Visitor::new();
    let by_secret = log_in(&mut visitor, &format!("{}/room/standup", roomkey.url), &provider).await.token();

    roomkey.rewrite(&with("[meeting.signing]\nmanaged = true\n"));
    roomkey.signal("HUP");
    roomkey.wait_for_log("is in force");
    let by_key = visitor.get(&format!("{}/room/standup", roomkey.url)).await.token();

    assert_eq!(jsonwebtoken::decode_header(&by_secret).unwrap().alg, Algorithm::HS256);
    let mut client = Client::of_files(&roomkey.url);
    client.verify(&by_key).await;
    let published = visitor.get(&format!("{}/.well-known/jwks.json", roomkey.url)).await;
    assert_eq!(published.headers["cache-control"], "public, max-age=3600");
}

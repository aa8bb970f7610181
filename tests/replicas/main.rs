//! Two replicas on one PostgreSQL behind a round-robin proxy, while people log in and walk through links.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test stops at the first thing amiss")]

#[path = "../support/mod.rs"]
mod support;

mod database;
mod person;
mod proxy;
mod records;
mod rolling;

use std::net::SocketAddr;

use proxy::Backend;
use support::fake::FakeProvider;
use support::postgres::Postgres;
use support::roomkey::Roomkey;

const ACCESS: &str = "[[access]]\nrooms = [\"*\"]\nproviders = [\"fake\"]\nrole = \"participant\"\n";

pub const DATABASE: &str = "roomkey";

/// How many people do something at a time.
pub const SIDE_BY_SIDE: usize = 12;

/// Where people come and go.
pub struct Stage {
    pub provider: FakeProvider,
    pub proxy: SocketAddr,
}

/// What stands behind it, and is ended and started again.
pub struct Machines {
    pub(crate) server: Postgres,
    pub(crate) replicas: [Roomkey; 2],
}

impl Stage {
    pub async fn set() -> (Self, Machines) {
        let server = Postgres::start();
        let provider = FakeProvider::start().await;
        provider.script(|script| script.alg = "ES256");
        let store = format!("[store]\nurl = \"{}\"\n[log]\nlevel = \"info\"\n", server.database(DATABASE));
        let first = Roomkey::start(&format!("{store}{}{ACCESS}", provider.configuration("")));
        let replicas = [first.replica(), first];
        let proxy = proxy::start(replicas.each_ref().map(Backend::of)).await;
        (Self { provider, proxy }, Machines { server, replicas })
    }
}

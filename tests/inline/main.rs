//! Jitsi's inline login over HTTP: a front end that asks for codes and tokens as Jitsi's does, or as it never would, and
//! people who come, go and are removed meanwhile.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    missing_docs,
    unreachable_pub,
    reason = "a test stops at the first thing amiss"
)]

#[path = "../support/mod.rs"]
mod support;

/// Runs each of these with codes, families and sessions in SQLite, and in PostgreSQL.
macro_rules! on_both_databases {
    ($($test:ident),+ $(,)?) => {
        $(mod $test {
            use crate::stage::{Kept, Stage};

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn in_sqlite() {
                super::$test(Stage::set(Kept::Sqlite, "").await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn in_postgresql() {
                super::$test(Stage::set(Kept::Postgres, "").await).await;
            }
        })+
    };
}

mod codes;
mod people;
mod renewal;
mod stage;

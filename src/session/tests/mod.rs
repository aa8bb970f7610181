//! One suite for all stores: SQLite, PostgreSQL and Redis, the latter two as Debian has them.

mod confirming;
mod ending;
mod keeping;
mod stage;

pub(crate) use stage::database_in_postgresql;

#[allow(dead_code, reason = "journeys need more of it")]
#[path = "../../../tests/support/postgres.rs"]
pub(crate) mod postgres;
#[path = "../../../tests/support/redis.rs"]
pub(crate) mod redis;

/// Runs each of these on every store.
macro_rules! on_every_store {
    ($($test:ident),+ $(,)?) => {
        $(mod $test {
            use crate::session::tests::stage::{Kept, Stage};

            #[tokio::test]
            async fn in_sqlite() {
                super::$test(Stage::new(Kept::Sqlite)).await;
            }

            #[tokio::test]
            async fn in_postgresql() {
                super::$test(Stage::new(Kept::Postgres)).await;
            }

            #[tokio::test]
            async fn in_redis() {
                super::$test(Stage::new(Kept::Redis)).await;
            }
        })+
    };
}
use on_every_store;

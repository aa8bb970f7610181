//! Looks for what outlasts a restart: the database, and Redis if sessions are there.

use std::path::Path;

use super::{Finding, Severity};
use crate::config::{self, StoreUrl};
use crate::provider::chain;
use crate::store::{Sessions, Store, StoreError};

/// The troubles of the store; none if it answers.
pub async fn examine(store: &config::Store) -> Vec<Finding> {
    if is_absent(store) {
        return vec![Finding::new(
            "store.absent",
            Severity::Note,
            "the database file is not there: Roomkey has not been started with it yet",
            "if Roomkey runs, give the doctor its file, and run it in the same folder",
        )];
    }
    let opened = Store::open(store.url.as_str());
    let database = match opened {
        Ok(database) => match database.check().await {
            Ok(()) => database,
            Err(error) => return vec![unreachable("store.unreachable", "the database", &error)],
        },
        Err(error) => return vec![unreachable("store.unreachable", "the database", &error)],
    };
    let sessions = match &store.sessions {
        Some(url) => Sessions::in_redis(url.as_str()),
        None => Ok(Sessions::Store(database)),
    };
    match sessions {
        Ok(sessions) => match sessions.check().await {
            Ok(()) => Vec::new(),
            Err(error) => vec![unreachable("store.sessions", "the store of sessions", &error)],
        },
        Err(error) => vec![unreachable("store.sessions", "the store of sessions", &error)],
    }
}

/// Whether the database is a file that is not there yet. Opening it would make it, in the name of whoever runs the doctor.
pub fn is_absent(store: &config::Store) -> bool {
    match &store.url {
        StoreUrl::Sqlite(url) => file_of(url).is_some_and(|file| !Path::new(file).exists()),
        StoreUrl::Postgres(_) => false,
    }
}

fn unreachable(check: &'static str, what: &str, error: &StoreError) -> Finding {
    Finding::new(
        check,
        Severity::Warning,
        format!("{what} does not answer, so that nobody stays signed in: {}", chain(error)),
        "check store.url and store.sessions, the server behind them, and who may read and write there",
    )
}

/// The file of an address as sqlx reads it: what stands between the scheme and the query.
fn file_of(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("sqlite:")?;
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    Some(rest.split('?').next().unwrap_or(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn found(url: &str) -> Vec<&'static str> {
        let store = config::Store { url: StoreUrl::Sqlite(url.to_owned()), sessions: None };
        examine(&store).await.iter().map(|finding| finding.check).collect()
    }

    #[tokio::test]
    async fn a_database_that_is_not_there_is_not_made() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("roomkey.db");

        assert_eq!(found(&format!("sqlite://{}?mode=rwc", file.display())).await, ["store.absent"]);
        assert!(!file.exists());
    }

    #[tokio::test]
    async fn a_file_that_is_no_database_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("roomkey.db");
        std::fs::write(&file, "no database, and longer than the header of one, which has a hundred bytes".repeat(9))
            .unwrap();

        assert_eq!(found(&format!("sqlite://{}", file.display())).await, ["store.unreachable"]);
    }

    #[tokio::test]
    async fn a_database_that_answers_gives_no_finding() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("roomkey.db").display());
        Store::open(&url).unwrap().check().await.unwrap();

        assert_eq!(found(&url).await, [""; 0]);
    }
}

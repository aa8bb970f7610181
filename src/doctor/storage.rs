//! Looks for what outlasts a restart: the database, and Redis if sessions are there.

use std::path::Path;

use super::{Finding, Severity};
use crate::config::{self, StoreUrl};
use crate::provider::chain;
use crate::store::{Sessions, Store, StoreError, Tables};

/// The troubles of the store; none if it answers. Nothing is written there.
pub async fn examine(store: &config::Store) -> Vec<Finding> {
    if is_absent(store) {
        return vec![Finding::new(
            "store.absent",
            Severity::Note,
            "the database file is not there: Roomkey has not been started with it yet",
            "if Roomkey runs, give the doctor its file, and run it in the same folder",
        )];
    }
    let mut findings = match Store::tables(store.url.as_str()).await {
        Ok(tables) => tables_of(tables).into_iter().collect(),
        Err(error) => vec![unreachable("store.unreachable", "the database", &error)],
    };
    if let Some(url) = &store.sessions {
        let answer = match Sessions::in_redis(url.as_str()) {
            Ok(sessions) => sessions.check().await,
            Err(error) => Err(error),
        };
        findings.extend(answer.err().map(|error| unreachable("store.sessions", "the store of sessions", &error)));
    }
    findings
}

/// What is told of tables that are not this version's.
fn tables_of(tables: Tables) -> Option<Finding> {
    let restart = "start this version of Roomkey, which brings them up to date; the doctor changes nothing";
    match tables {
        Tables::Own => None,
        Tables::Absent => Some(Finding::new(
            "store.empty",
            Severity::Note,
            "the database has no tables of Roomkey's: it has not been started with it yet",
            restart,
        )),
        Tables::Earlier { missing } => Some(Finding::new(
            "store.migration",
            Severity::Warning,
            format!("the database has the tables of an earlier Roomkey and needs {missing} migrations"),
            restart,
        )),
        Tables::Later => Some(Finding::new(
            "store.later",
            Severity::Warning,
            "the database has the tables of a later Roomkey than this doctor's",
            "use the doctor of the Roomkey that runs; if an older one has been started on purpose, that is no harm",
        )),
    }
}

/// Whether keys can be read from it by this version.
pub async fn is_readable(store: &config::Store) -> bool {
    !is_absent(store) && matches!(Store::tables(store.url.as_str()).await, Ok(Tables::Own | Tables::Later))
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

    #[test]
    fn tables_of_another_version_are_told() {
        let checks = [Tables::Absent, Tables::Earlier { missing: 2 }, Tables::Later, Tables::Own]
            .map(|tables| tables_of(tables).map(|finding| finding.check));

        assert_eq!(checks, [Some("store.empty"), Some("store.migration"), Some("store.later"), None]);
    }

    #[tokio::test]
    async fn a_file_without_tables_is_told_and_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("roomkey.db");
        std::fs::write(&file, "").unwrap();

        assert_eq!(found(&format!("sqlite://{}", file.display())).await, ["store.empty"]);
        assert_eq!(std::fs::read(&file).unwrap(), b"");
    }

    #[tokio::test]
    async fn a_database_that_answers_gives_no_finding() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("roomkey.db").display());
        Store::open(&url).unwrap().check().await.unwrap();

        assert_eq!(found(&url).await, [""; 0]);
    }
}

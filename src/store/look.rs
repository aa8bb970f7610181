//! Looks at a database without changing anything in it, for an operator who asks what is wrong.

use std::collections::BTreeSet;
use std::time::Duration;

use sqlx::postgres::PgConnection;
use sqlx::{ConnectOptions, Connection, SqliteConnection};

use super::error::TooSlow;
use super::open::{MIGRATIONS, Target};
use super::{Manner, Store, StoreError};

/// How long it may take to connect and to be told.
const LIMIT: Duration = Duration::from_secs(10);

/// Which version of Roomkey the tables of a database are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tables {
    /// It has none: no Roomkey has been started with it.
    Absent,
    /// An earlier version: the next start brings them to this one's.
    Earlier {
        /// How many migrations that takes.
        missing: usize,
    },
    /// This version.
    Own,
    /// A later version.
    Later,
}

impl Store {
    /// Which tables the database at `url` has. It is not made, and nothing in it is changed.
    ///
    /// # Errors
    /// It cannot be read, and why.
    pub async fn tables(url: &str) -> Result<Tables, StoreError> {
        let target: Target = url.parse()?;
        let applied =
            tokio::time::timeout(LIMIT, applied(&target)).await.map_err(|_| StoreError::unreachable(TooSlow))?;
        Ok(compare(&applied?))
    }

    /// The store at `url`, whose tables are this version's, to be read alone: whatever would write is refused by the database.
    ///
    /// # Errors
    /// [`StoreError::Address`] if `url` is not the address of a store.
    ///
    /// # Panics
    /// Outside a Tokio runtime.
    pub fn open_to_read(url: &str) -> Result<Self, StoreError> {
        Self::open_in(Manner::Reading, url)
    }
}

fn compare(applied: &BTreeSet<i64>) -> Tables {
    let own: BTreeSet<i64> = MIGRATIONS.iter().map(|migration| migration.version).collect();
    let missing = own.difference(applied).count();
    match missing {
        _ if applied.is_empty() => Tables::Absent,
        0 if applied.is_subset(&own) => Tables::Own,
        0 => Tables::Later,
        _ => Tables::Earlier { missing },
    }
}

/// The numbers of the migrations that have been made.
async fn applied(target: &Target) -> Result<BTreeSet<i64>, sqlx::Error> {
    const APPLIED: &str = "SELECT version FROM _sqlx_migrations WHERE success";
    let versions: Vec<i64> = match target.to_read() {
        Target::Sqlite(options) => {
            let mut connection: SqliteConnection = options.connect().await?;
            let table = "SELECT count(*) FROM sqlite_master WHERE name = '_sqlx_migrations'";
            let versions = match sqlx::query_scalar::<_, i64>(table).fetch_one(&mut connection).await? {
                0 => Vec::new(),
                _ => sqlx::query_scalar(APPLIED).fetch_all(&mut connection).await?,
            };
            connection.close().await?;
            versions
        }
        Target::Postgres(options) => {
            let mut connection: PgConnection = options.connect().await?;
            let table = "SELECT count(to_regclass('_sqlx_migrations'))";
            let versions = match sqlx::query_scalar::<_, i64>(table).fetch_one(&mut connection).await? {
                0 => Vec::new(),
                _ => sqlx::query_scalar(APPLIED).fetch_all(&mut connection).await?,
            };
            connection.close().await?;
            versions
        }
    };
    Ok(versions.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::tests::postgres::Postgres;

    async fn made_with_all_but_one(url: &str) {
        Store::open(url).unwrap().check().await.unwrap();
        let forget = "DELETE FROM _sqlx_migrations WHERE version = (SELECT max(version) FROM _sqlx_migrations)";
        match url.parse().unwrap() {
            Target::Sqlite(options) => {
                let mut connection = options.connect().await.unwrap();
                sqlx::query(forget).execute(&mut connection).await.unwrap();
                connection.close().await.unwrap();
            }
            Target::Postgres(options) => {
                let mut connection = options.connect().await.unwrap();
                sqlx::query(forget).execute(&mut connection).await.unwrap();
                connection.close().await.unwrap();
            }
        }
    }

    async fn looking_changes_nothing(url: &str) {
        made_with_all_but_one(url).await;

        let looked = [Store::tables(url).await.unwrap(), Store::tables(url).await.unwrap()];

        assert_eq!(looked, [Tables::Earlier { missing: 1 }; 2]);
    }

    #[tokio::test]
    async fn tables_of_an_earlier_version_are_told_and_left_in_sqlite() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("roomkey.db");
        let url = format!("sqlite://{}", file.display());

        looking_changes_nothing(&url).await;

        let before = std::fs::read(&file).unwrap();
        Store::tables(&url).await.unwrap();
        assert!(before == std::fs::read(&file).unwrap());
    }

    #[tokio::test]
    async fn tables_of_an_earlier_version_are_told_and_left_in_postgresql() {
        let server = Postgres::start();

        looking_changes_nothing(&server.database("roomkey")).await;
    }

    #[tokio::test]
    async fn a_database_without_tables_gets_none_in_postgresql() {
        let server = Postgres::start();
        let url = server.database("roomkey");

        let looked = [Store::tables(&url).await.unwrap(), Store::tables(&url).await.unwrap()];

        assert_eq!(looked, [Tables::Absent; 2]);
    }

    #[tokio::test]
    async fn a_file_that_is_not_there_is_not_made() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("roomkey.db");

        let looked = Store::tables(&format!("sqlite://{}?mode=rwc", file.display())).await;

        assert!(matches!(looked, Err(StoreError::Unreachable(_))), "{looked:?}");
        assert!(!file.exists());
    }

    #[test]
    fn tables_are_of_the_version_whose_migrations_were_made() {
        let own: BTreeSet<i64> = MIGRATIONS.iter().map(|migration| migration.version).collect();
        let later = own.iter().copied().chain([i64::MAX]).collect();

        assert_eq!(compare(&own), Tables::Own);
        assert_eq!(compare(&later), Tables::Later);
        assert_eq!(compare(&BTreeSet::new()), Tables::Absent);
    }

    async fn what_is_opened_to_be_read_is_read_alone(url: &str) {
        Store::open(url).unwrap().check().await.unwrap();
        let store = Store::open_to_read(url).unwrap();

        let read = store.signing_keys().await;
        let written = store.spend("token".to_owned(), 200).await;

        assert_eq!(read.unwrap(), []);
        assert!(written.is_err());
    }

    #[tokio::test]
    async fn what_is_opened_to_be_read_is_read_alone_in_either_database() {
        let (folder, server) = (tempfile::tempdir().unwrap(), Postgres::start());

        what_is_opened_to_be_read_is_read_alone(&format!("sqlite://{}", folder.path().join("a.db").display())).await;
        what_is_opened_to_be_read_is_read_alone(&server.database("roomkey")).await;
    }
}

//! Opening the store: connections, the file and its permissions, and this version's tables.

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::str::FromStr;
use std::sync::LazyLock;
use std::time::Duration;

use sqlx::error::DatabaseError;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection};

use super::{Pools, StoreError};

/// How long opening may take, migrations by another replica included.
pub(super) const TIMEOUT: Duration = Duration::from_secs(60);

/// How long to wait before a file is tried again that another process has locked.
const BUSY_PAUSE: Duration = Duration::from_millis(20);

/// SQLite's connections for reading: each has a thread of its own.
const READERS: u32 = 4;

/// PostgreSQL's connections of one process.
const CONNECTIONS: u32 = 16;

/// Which database, and how to reach it.
#[derive(Clone)]
pub(super) enum Target {
    Sqlite(Box<SqliteConnectOptions>),
    Postgres(Box<PgConnectOptions>),
}

impl FromStr for Target {
    type Err = StoreError;

    fn from_str(url: &str) -> Result<Self, StoreError> {
        // sqlx's own words may quote the address, password and all.
        let refused = |detail: &str| StoreError::Address { detail: detail.to_owned() };
        if url.starts_with("sqlite:") {
            let options = SqliteConnectOptions::from_str(url).map_err(|_| refused("write `sqlite://FILE`"))?;
            if options.get_filename().as_os_str().is_empty() || url.contains(":memory:") {
                return Err(refused("sessions in memory would end with the process: write `sqlite://FILE`"));
            }
            Ok(Self::Sqlite(Box::new(sqlite(options))))
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            let options = PgConnectOptions::from_str(url)
                .map_err(|_| refused("write `postgres://USER:PASSWORD@HOST:PORT/DATABASE`"))?;
            Ok(Self::Postgres(Box::new(postgres(options))))
        } else {
            Err(refused("it has to begin with `sqlite://` or `postgres://`"))
        }
    }
}

fn sqlite(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .foreign_keys(true)
        .busy_timeout(super::TIMEOUT)
        .disable_statement_logging()
}

fn postgres(options: PgConnectOptions) -> PgConnectOptions {
    let limit = super::TIMEOUT.as_millis().to_string();
    options
        .application_name("roomkey")
        // A query whose caller has given up ends in the database too.
        .options([("statement_timeout", limit.as_str()), ("idle_in_transaction_session_timeout", limit.as_str())])
        .disable_statement_logging()
}

/// What makes this version's tables.
pub(super) static MIGRATIONS: LazyLock<Migrator> = LazyLock::new(|| {
    let mut migrations = sqlx::migrate!("./migrations");
    // During a roll-over a replica of the version before may start on tables of the next.
    migrations.set_ignore_missing(true);
    migrations
});

impl Target {
    /// The same database, to be read alone, and not made if it is not there.
    pub(super) fn to_read(&self) -> Self {
        match self {
            Self::Sqlite(options) => {
                let reading = SqliteConnectOptions::new().filename(options.get_filename());
                let reading = reading.read_only(true).busy_timeout(super::TIMEOUT).disable_statement_logging();
                Self::Sqlite(Box::new(reading))
            }
            Self::Postgres(options) => {
                Self::Postgres(Box::new(options.as_ref().clone().options([("default_transaction_read_only", "on")])))
            }
        }
    }
}

/// Opens `target`, whose tables are this version's, to be read alone.
pub(super) fn open_to_read(target: &Target) -> Pools {
    match target.to_read() {
        Target::Sqlite(options) => {
            let pool = SqlitePoolOptions::new().max_connections(1).acquire_timeout(super::TIMEOUT);
            let pool = pool.connect_lazy_with(*options);
            Pools::Sqlite { read: pool.clone(), write: pool }
        }
        Target::Postgres(options) => {
            let pool = PgPoolOptions::new().max_connections(1).acquire_timeout(super::TIMEOUT);
            Pools::Postgres(pool.connect_lazy_with(*options))
        }
    }
}

/// Opens `target` and brings it to this version's tables, under a lock: of several replicas that start together, one does it.
pub(super) async fn open(target: &Target) -> Result<Pools, sqlx::Error> {
    match target {
        Target::Sqlite(options) => {
            create(options.get_filename())?;
            let mut connection = connect(options).await?;
            // SQLite's own lock: whoever comes second waits, and finds the work done.
            let mut lock = connection.begin_with("BEGIN IMMEDIATE").await?;
            MIGRATIONS.run_direct(None, &mut *lock, false).await?;
            lock.commit().await?;
            connection.close().await?;
            let pool = |most| {
                SqlitePoolOptions::new()
                    .max_connections(most)
                    .acquire_timeout(super::TIMEOUT)
                    .idle_timeout(None)
                    .max_lifetime(None)
                    .test_before_acquire(false)
            };
            Ok(Pools::Sqlite {
                read: pool(READERS).connect_lazy_with(options.as_ref().clone().read_only(true)),
                write: pool(1).connect_lazy_with(options.as_ref().clone()),
            })
        }
        Target::Postgres(options) => {
            // Migrations may take longer than queries, and wait for those of another replica (an advisory lock of sqlx's).
            let unhurried = options.as_ref().clone().options([("statement_timeout", "0")]);
            let mut connection = unhurried.connect().await?;
            MIGRATIONS.run_direct(None, &mut connection, false).await?;
            connection.close().await?;
            let pool = PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(super::TIMEOUT);
            Ok(Pools::Postgres(pool.connect_lazy_with(options.as_ref().clone())))
        }
    }
}

/// Connects, and turns the write-ahead log on, which SQLite refuses at once while another process does the same.
async fn connect(options: &SqliteConnectOptions) -> Result<SqliteConnection, sqlx::Error> {
    for _ in 0..super::TIMEOUT.as_millis() / BUSY_PAUSE.as_millis() {
        match options.connect().await {
            Err(error) if is_busy(&error) => tokio::time::sleep(BUSY_PAUSE).await,
            outcome => return outcome,
        }
    }
    options.connect().await
}

fn is_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(DatabaseError::code).and_then(|code| code.parse::<u32>().ok());
    // SQLITE_BUSY, in the lowest byte of an extended code.
    code.is_some_and(|code| code & 0xff == 5)
}

/// Creates the file so that its owner alone reads it; SQLite gives the same permissions to the log beside it.
fn create(file: &Path) -> std::io::Result<()> {
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(file) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(url: &str) -> Option<String> {
        url.parse::<Target>().err().map(|error| error.to_string())
    }

    #[test]
    fn only_stores_that_outlive_the_process_are_taken() {
        assert_eq!(refusal("sqlite://roomkey.db"), None);
        assert_eq!(refusal("sqlite:///var/lib/roomkey/roomkey.db"), None);
        assert_eq!(refusal("postgres://roomkey@localhost/roomkey"), None);
        for url in ["", "mysql://localhost/roomkey", "roomkey.db", "sqlite::memory:", "sqlite://", "sqlite://:memory:"]
        {
            assert!(refusal(url).is_some(), "{url}");
        }
    }

    #[test]
    fn a_password_in_a_bad_address_stays_there() {
        let refusal = refusal("postgres://roomkey:sesame@host:port/roomkey").unwrap();

        assert!(!refusal.contains("sesame"), "{refusal}");
    }
}

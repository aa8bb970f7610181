//! Section `[store]`.

use std::fmt;

use url::Url;

use super::read::{Fault, Reader, keys, quoted, text_type};

/// Section `[store]`, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Store {
    /// The database.
    pub url: StoreUrl,
    /// Where sessions are, if not in the store.
    pub sessions: Option<SessionsUrl>,
}

/// The database, by its address. May hold a password: its `Debug` names the kind alone.
#[derive(Clone, PartialEq, Eq)]
pub enum StoreUrl {
    /// `sqlite://…`, as sqlx reads it: one file, one process.
    Sqlite(String),
    /// `postgres://…`: several replicas share it.
    Postgres(String),
}

/// A Redis or Valkey server, by its address. May hold a password: does not print.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionsUrl(String);

keys! {
    /// Section `[store]`: where Roomkey keeps what outlasts a restart.
    StoreKeys {
        /// The database: `sqlite://` and a file, for one process, or `postgres://`, which several replicas share. Best given as
        /// `ROOMKEY_STORE__URL` if it holds a password. Takes effect at a restart.
        #[schemars(extend("default" = "sqlite://roomkey.db"))]
        url: StoreUrl,
        /// A Redis or Valkey server that keeps sessions instead of the database: `redis://`, or `rediss://` with TLS. Takes effect
        /// at a restart.
        #[schemars(extend("examples" = ["redis://127.0.0.1:6379"]))]
        sessions: SessionsUrl,
    }
}

impl StoreUrl {
    fn parse(text: &str) -> Result<Self, Fault> {
        let remedy = "write `sqlite://roomkey.db` or `postgres://user@host/database`";
        match text.split_once(':') {
            Some(("sqlite", rest)) if rest.trim_start_matches('/').is_empty() => {
                Err(Fault::new("names no file", remedy))
            }
            Some(("sqlite", _)) => Ok(Self::Sqlite(text.to_owned())),
            Some(("postgres" | "postgresql", _)) => server(text, remedy).map(|()| Self::Postgres(text.to_owned())),
            // The text may hold a password, so that no more than the scheme is repeated.
            Some((scheme, rest)) if rest.starts_with("//") => {
                Err(Fault::new(format!("has the scheme {}", quoted(scheme)), remedy))
            }
            _ => Err(Fault::new("has no scheme", remedy)),
        }
    }

    /// As sqlx takes it. May hold a password.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Sqlite(url) | Self::Postgres(url) => url,
        }
    }
}

impl SessionsUrl {
    fn parse(text: &str) -> Result<Self, Fault> {
        let remedy = "write `redis://127.0.0.1:6379`, or `rediss://…` with TLS";
        match text.split_once("://") {
            Some(("redis" | "rediss", _)) => server(text, remedy).map(|()| Self(text.to_owned())),
            Some((scheme, _)) => Err(Fault::new(format!("has the scheme {}", quoted(scheme)), remedy)),
            None => Err(Fault::new("has no scheme", remedy)),
        }
    }

    /// As the Redis client takes it. May hold a password.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The address of a server, without a word of its text.
fn server(text: &str, remedy: &str) -> Result<(), Fault> {
    match Url::parse(text) {
        Ok(_) => Ok(()),
        Err(cause) => Err(Fault::new(format!("is no URL ({cause})"), remedy)),
    }
}

text_type!(StoreUrl, "StoreUrl", { "pattern": "^(sqlite|postgres|postgresql):" });
text_type!(SessionsUrl, "SessionsUrl", { "pattern": "^rediss?://" });

impl StoreKeys {
    pub(super) fn check(self, _reader: &Reader<'_>) -> Store {
        Store { url: self.url.or(StoreUrl::Sqlite("sqlite://roomkey.db".to_owned())), sessions: self.sessions.given() }
    }
}

impl fmt::Debug for StoreUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite(_) => "Sqlite([redacted])",
            Self::Postgres(_) => "Postgres([redacted])",
        })
    }
}

impl fmt::Debug for SessionsUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionsUrl([redacted])")
    }
}

//! One server of a directory, and the connections to it.
//!
//! Searches share one connection that is bound as the service account; each bind of a person has a connection to itself, which
//! later ones use again. Connections are given up before servers and firewalls commonly do, so that a call seldom meets one that
//! is gone; one that is gone all the same costs one more try.

use std::panic::AssertUnwindSafe;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use futures_util::FutureExt;
use ldap3::controls::RawControl;
use ldap3::{DerefAliases, Ldap, LdapConnAsync, LdapConnSettings, LdapError, LdapResult, Scope, SearchOptions};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::entry::Entry;
use super::filter::Filter;
use super::settings::Transport;
use super::verdict::{PASSWORD_POLICY, code};
use crate::clock::Clock;
use crate::provider::http::HttpError;
use crate::provider::{Leg, ProviderError};

/// How long a connection is kept without use.
const IDLE: Duration = Duration::from_secs(45);

/// How long a server that did not answer is tried after all others.
const DOWN: Duration = Duration::from_secs(30);

/// Who Roomkey is to the directory.
#[derive(Clone)]
pub struct Account {
    /// Its distinguished name.
    pub dn: String,
    /// Its password, never empty.
    pub password: SecretString,
}

/// A server.
#[derive(Debug)]
pub(super) struct Server {
    url: Url,
    clock: Clock,
    /// Until when it counts as down, in seconds of the epoch.
    down_until: AtomicI64,
    /// How often it has failed.
    failures: AtomicU64,
    /// Bound as the service account, and when it was last used.
    shared: tokio::sync::Mutex<Option<(Ldap, i64)>>,
    /// Each bound as somebody, and when it was last used.
    idle: Mutex<Vec<(Ldap, i64)>>,
}

/// What is looked for.
#[derive(Clone, Debug)]
pub(super) struct Search {
    pub(super) base: String,
    pub(super) scope: Scope,
    pub(super) filter: Filter,
    pub(super) attributes: Vec<String>,
    /// Most entries.
    pub(super) limit: i32,
}

/// What a server has of it.
#[derive(Default)]
pub(super) struct Found {
    pub(super) entries: Vec<Entry>,
    /// Where it says that more is, as it says it.
    pub(super) referrals: Vec<String>,
}

/// Why a server gave no answer.
#[derive(Debug)]
pub(super) enum Trouble {
    /// This server cannot be used now: another may.
    Server(HttpError),
    /// Nor would another one do.
    Final(ProviderError),
}

impl Server {
    pub(super) fn new(url: Url, clock: &Clock) -> Self {
        Self {
            url,
            clock: clock.clone(),
            down_until: AtomicI64::new(i64::MIN),
            failures: AtomicU64::new(0),
            shared: tokio::sync::Mutex::default(),
            idle: Mutex::default(),
        }
    }

    /// Its address, as the operator wrote it.
    pub(super) fn url(&self) -> &Url {
        &self.url
    }

    fn now(&self) -> i64 {
        self.clock.now().as_second()
    }

    /// Whether it has not answered a moment ago.
    pub(super) fn is_down(&self) -> bool {
        self.now() < self.down_until.load(Ordering::Relaxed)
    }

    /// It does not answer: others are asked before it for a while, and its connections are given up.
    pub(super) fn found_down(&self) {
        self.down_until.store(self.now().saturating_add_unsigned(DOWN.as_secs()), Ordering::Relaxed);
        self.failures.fetch_add(1, Ordering::Relaxed);
        self.idle.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clear();
    }

    /// Looks for entries as the service account, or as nobody if there is none.
    pub(super) async fn search(
        &self,
        transport: &Transport,
        account: Option<&Account>,
        search: &Search,
    ) -> Result<Found, Trouble> {
        let (connection, is_new) = self.shared(transport, account).await?;
        match run(connection, transport, search).await {
            Err(Trouble::Server(_)) if !is_new => {
                *self.shared.lock().await = None;
                let (connection, _) = self.shared(transport, account).await?;
                run(connection, transport, search).await
            }
            Err(trouble @ Trouble::Server(_)) => {
                *self.shared.lock().await = None;
                Err(trouble)
            }
            outcome => outcome,
        }
    }

    /// The connection for searches, and whether it was made just now. One makes it, and all who wait use it, or hear that it
    /// cannot be made.
    async fn shared(&self, transport: &Transport, account: Option<&Account>) -> Result<(Ldap, bool), Trouble> {
        let failures = self.failures.load(Ordering::Relaxed);
        let mut shared = self.shared.lock().await;
        let now = self.now();
        if let Some((connection, used)) = shared.as_mut()
            && is_fresh(connection, *used, now)
        {
            *used = now;
            return Ok((connection.clone(), false));
        }
        if self.failures.load(Ordering::Relaxed) != failures {
            return Err(Trouble::Server(HttpError::Connection { cause: "it failed a moment ago".to_owned() }));
        }
        let made = self.connect_as(transport, account).await;
        match made {
            Ok(connection) => {
                *shared = Some((connection.clone(), now));
                Ok((connection, true))
            }
            Err(trouble) => {
                *shared = None;
                if matches!(trouble, Trouble::Server(_)) {
                    self.found_down();
                }
                Err(trouble)
            }
        }
    }

    async fn connect_as(&self, transport: &Transport, account: Option<&Account>) -> Result<Ldap, Trouble> {
        let mut connection = connect(&self.url, transport).await?;
        if let Some(account) = account {
            let result = bind(&mut connection, transport, &account.dn, account.exposed()).await?;
            match result.rc {
                0 => {}
                3 | 51 | 52 | 80 => return Err(Trouble::Server(refusal(&result))),
                _ => {
                    return Err(Trouble::Final(ProviderError::TurnedAway { leg: Leg::Directory, code: code(&result) }));
                }
            }
        }
        Ok(connection)
    }

    /// Binds as somebody, and gives the answer with the connection that is theirs until it is [`put_back`](Self::put_back).
    pub(super) async fn bind(
        &self,
        transport: &Transport,
        dn: &str,
        password: &str,
    ) -> Result<(LdapResult, Ldap), Trouble> {
        if let Some(mut connection) = self.take() {
            match bind(&mut connection, transport, dn, password).await {
                Ok(result) => return Ok((result, connection)),
                Err(Trouble::Server(HttpError::Timeout)) => return Err(Trouble::Server(HttpError::Timeout)),
                Err(_) => {}
            }
        }
        let mut connection = connect(&self.url, transport).await?;
        let result = bind(&mut connection, transport, dn, password).await?;
        Ok((result, connection))
    }

    fn take(&self) -> Option<Ldap> {
        let now = self.now();
        let mut idle = self.idle.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        idle.retain_mut(|(connection, used)| is_fresh(connection, *used, now));
        idle.pop().map(|(connection, _)| connection)
    }

    /// Keeps a connection for the next bind.
    pub(super) fn put_back(&self, connection: Ldap) {
        self.idle.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((connection, self.now()));
    }
}

/// A connection to the server at `url`, which nobody is bound by.
pub(super) async fn connect(url: &Url, transport: &Transport) -> Result<Ldap, Trouble> {
    let settings = LdapConnSettings::new()
        .set_conn_timeout(transport.timeout)
        .set_config(transport.tls.clone())
        .set_starttls(transport.start_tls);
    let made = LdapConnAsync::from_url_with_settings(settings, url);
    // StartTLS has an answer, too.
    let (connection, ldap) = contained(async { made.await.map_err(|error| trouble(&error)) }).await?;
    // It ends with the last handle; what breaks it is told to whoever waits for an answer.
    tokio::spawn(async move { drop(connection.drive().await) });
    Ok(ldap)
}

fn is_fresh(connection: &mut Ldap, used: i64, now: i64) -> bool {
    !connection.is_closed() && now.saturating_sub(used) < IDLE.as_secs().cast_signed()
}

/// Asks for the password policy along with it, which servers that have none pass over.
pub(super) async fn bind(
    connection: &mut Ldap,
    transport: &Transport,
    dn: &str,
    password: &str,
) -> Result<LdapResult, Trouble> {
    // RFC 4513, section 5.1.2: without a password, and without a name (section 5.1.1), a bind succeeds for anybody.
    if dn.is_empty() || password.is_empty() {
        return Err(Trouble::Final(ProviderError::Refused { code: "empty".to_owned() }));
    }
    let policy = RawControl { ctype: PASSWORD_POLICY.to_owned(), crit: false, val: None };
    let bind = connection.with_controls(vec![policy]).with_timeout(transport.timeout).simple_bind(dn, password);
    contained(async { bind.await.map_err(|error| trouble(&error)) }).await
}

/// ldap3 panics over an answer that is not made as it should be: the server is then of no use, and nothing else is lost.
async fn contained<T>(call: impl Future<Output = Result<T, Trouble>>) -> Result<T, Trouble> {
    let unreadable = HttpError::Unreadable { expected: "an LDAP message" };
    AssertUnwindSafe(call).catch_unwind().await.unwrap_or(Err(Trouble::Server(unreadable)))
}

/// Looks for entries by this connection.
pub(super) async fn run(connection: Ldap, transport: &Transport, search: &Search) -> Result<Found, Trouble> {
    contained(run_here(connection, transport, search)).await
}

async fn run_here(mut connection: Ldap, transport: &Transport, search: &Search) -> Result<Found, Trouble> {
    let seconds = i32::try_from(transport.timeout.as_secs()).unwrap_or(i32::MAX);
    let options = SearchOptions::new().deref(DerefAliases::Never).timelimit(seconds).sizelimit(search.limit);
    let found = connection.with_search_options(options).with_timeout(transport.timeout).search(
        &search.base,
        search.scope,
        search.filter.as_str(),
        search.attributes.as_slice(),
    );
    // Each entry may take its time; together they may not.
    let found =
        tokio::time::timeout(transport.timeout, found).await.map_err(|_| Trouble::Server(HttpError::Timeout))?;
    let ldap3::SearchResult(entries, result) = found.map_err(|error| trouble(&error))?;
    match result.rc {
        // 4: there are more than `limit`, which the caller sees by their number. 10: all of it is elsewhere.
        0 | 4 | 10 => {
            let entries = entries.into_iter().filter(|entry| !entry.is_ref() && !entry.is_intermediate());
            Ok(Found { entries: entries.map(Entry::new).collect(), referrals: result.refs })
        }
        // The entry that a bind has just been made for.
        32 if search.scope == Scope::Base => Ok(Found::default()),
        3 | 51 | 52 | 80 => Err(Trouble::Server(refusal(&result))),
        _ => Err(Trouble::Final(ProviderError::TurnedAway { leg: Leg::Directory, code: code(&result) })),
    }
}

fn refusal(result: &LdapResult) -> HttpError {
    HttpError::Connection { cause: format!("the directory says `{}`", code(result)) }
}

/// What became of a call, without anything that was sent or read.
fn trouble(error: &LdapError) -> Trouble {
    let cause = match error {
        LdapError::Timeout { .. } => return Trouble::Server(HttpError::Timeout),
        LdapError::Io { source, .. } => source.to_string(),
        LdapError::Rustls { source } => source.to_string(),
        LdapError::DNSName { source } => source.to_string(),
        LdapError::LdapResult { result } => format!("the directory says `{}`", code(result)),
        LdapError::FilterParsing => {
            let code = "filter".to_owned();
            return Trouble::Final(ProviderError::TurnedAway { leg: Leg::Directory, code });
        }
        _ => "the connection broke".to_owned(),
    };
    Trouble::Server(HttpError::Connection { cause })
}

impl Account {
    /// The password, to be sent to the directory alone.
    pub(super) fn exposed(&self) -> &str {
        self.password.expose_secret()
    }
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Account([redacted])")
    }
}

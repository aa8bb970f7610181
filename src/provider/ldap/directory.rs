//! All servers of a directory, as one.

use ldap3::Ldap;
use tokio::sync::Semaphore;

use super::entry::Entry;
use super::server::{Account, Search, Server, Trouble, run};
use super::settings::{Settings, Transport};
use super::verdict::{Verdict, verdict};
use crate::clock::Clock;
use crate::provider::http::HttpError;
use crate::provider::{Leg, ProviderError};

/// Most calls that are under way at once: each bind has a connection to itself, and servers have a thousand or so in all.
const AT_ONCE: usize = 128;

/// The servers, in the operator's order.
#[derive(Debug)]
pub(super) struct Directory {
    servers: Vec<Server>,
    transport: Transport,
    account: Option<Account>,
    at_once: Semaphore,
}

/// A connection that is bound as somebody.
pub(super) struct Bound<'a> {
    server: &'a Server,
    transport: &'a Transport,
    connection: Ldap,
}

impl Directory {
    pub(super) fn new(settings: &Settings, clock: &Clock) -> Self {
        Self {
            servers: settings.servers.iter().map(|url| Server::new(url.clone(), clock)).collect(),
            transport: settings.transport.clone(),
            account: settings.account.clone(),
            at_once: Semaphore::new(AT_ONCE),
        }
    }

    /// Those that are not known to be down before those that are.
    fn in_turn(&self) -> impl Iterator<Item = &Server> {
        let (down, up): (Vec<_>, Vec<_>) = self.servers.iter().partition(|server| server.is_down());
        up.into_iter().chain(down)
    }

    /// Looks for entries as the service account.
    pub(super) async fn search(&self, search: &Search) -> Result<Vec<Entry>, ProviderError> {
        let _turn = self.turn().await;
        let mut last = HttpError::Timeout;
        for server in self.in_turn() {
            match server.search(&self.transport, self.account.as_ref(), search).await {
                Ok(entries) => return Ok(entries),
                Err(Trouble::Final(error)) => return Err(error),
                Err(Trouble::Server(cause)) => last = note(server, cause),
            }
        }
        Err(ProviderError::Unreachable { leg: Leg::Directory, cause: last })
    }

    /// Binds as somebody: what that says of them, and where.
    pub(super) async fn bind(&self, dn: &str, password: &str) -> Result<(Verdict, Bound<'_>), ProviderError> {
        let _turn = self.turn().await;
        let mut last = HttpError::Timeout;
        for server in self.in_turn() {
            match server.bind(&self.transport, dn, password).await {
                Ok((result, connection)) => match verdict(&result) {
                    Verdict::NotNow(code) => {
                        let cause = format!("the directory says `{code}`");
                        last = note(server, HttpError::Connection { cause });
                    }
                    Verdict::TurnedAway(code) => return Err(ProviderError::TurnedAway { leg: Leg::Directory, code }),
                    verdict => return Ok((verdict, Bound { server, transport: &self.transport, connection })),
                },
                Err(Trouble::Final(error)) => return Err(error),
                Err(Trouble::Server(cause)) => last = note(server, cause),
            }
        }
        Err(ProviderError::Unreachable { leg: Leg::Directory, cause: last })
    }

    async fn turn(&self) -> Option<tokio::sync::SemaphorePermit<'_>> {
        // It is never closed.
        self.at_once.acquire().await.ok()
    }
}

fn note(server: &Server, cause: HttpError) -> HttpError {
    server.found_down();
    cause
}

impl Bound<'_> {
    /// Looks for entries as whoever it is bound as.
    pub(super) async fn search(&self, search: &Search) -> Result<Vec<Entry>, ProviderError> {
        match run(self.connection.clone(), self.transport, search).await {
            Ok(entries) => Ok(entries),
            Err(Trouble::Final(error)) => Err(error),
            Err(Trouble::Server(cause)) => Err(ProviderError::Unreachable { leg: Leg::Directory, cause }),
        }
    }

    /// Keeps the connection for others, who bind as somebody else.
    pub(super) fn put_back(self) {
        self.server.put_back(self.connection);
    }
}

//! All servers of a directory, as one.

use std::collections::VecDeque;

use ldap3::Ldap;
use tokio::sync::Semaphore;

use super::entry::Entry;
use super::referral::{MOST, MOST_HOPS, Referral};
use super::server::{Account, Found, Search, Server, Trouble, run};
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
    /// Those that referrals may lead to.
    others: Vec<Server>,
    transport: Transport,
    account: Option<Account>,
    at_once: Semaphore,
}

/// A part of a look that is for other servers.
#[derive(Clone, Debug)]
struct Lead {
    /// Those that have it, each as good as the other, by their places in [`Directory::others`].
    at: Vec<usize>,
    search: Search,
    /// How many servers have handed it on.
    hops: usize,
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
            others: settings.referrals.iter().map(|url| Server::new(url.clone(), clock)).collect(),
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
        let (_, Found { mut entries, referrals }) = self.ask(self.in_turn().map(|server| (0, server)), search).await?;
        if !self.others.is_empty() {
            self.follow(&mut entries, self.leads(search, &referrals, 1)).await?;
        }
        Ok(entries)
    }

    /// The first of `servers` to answer, and what it has.
    async fn ask<'a>(
        &self,
        servers: impl Iterator<Item = (usize, &'a Server)>,
        search: &Search,
    ) -> Result<(usize, Found), ProviderError> {
        let mut last = HttpError::Timeout;
        for (at, server) in servers {
            match server.search(&self.transport, self.account.as_ref(), search).await {
                Ok(found) => return Ok((at, found)),
                Err(Trouble::Final(error)) => return Err(error),
                Err(Trouble::Server(cause)) => last = note(server, cause),
            }
        }
        Err(ProviderError::Unreachable { leg: Leg::Directory, cause: last })
    }

    /// Adds what other servers have. One that does not answer ends it: what is left out could be a group that a rule denies.
    async fn follow(&self, entries: &mut Vec<Entry>, leads: Vec<Lead>) -> Result<(), ProviderError> {
        let mut asked: Vec<(Vec<usize>, String)> = Vec::new();
        let mut leads = VecDeque::from(leads);
        while let Some(Lead { at, search, hops }) = leads.pop_front() {
            let place = (at.clone(), search.base.to_lowercase());
            if asked.contains(&place) {
                continue;
            }
            if hops > MOST_HOPS || asked.len() == MOST {
                let code = "too-many-referrals".to_owned();
                return Err(ProviderError::TurnedAway { leg: Leg::Directory, code });
            }
            asked.push(place);
            let servers = at.iter().filter_map(|&at| Some((at, self.others.get(at)?)));
            let (at, Found { entries: found, referrals }) = self.ask(servers, &search).await?;
            for mut entry in found {
                entry.at = Some(at);
                if !entries.iter().any(|known| known.dn.eq_ignore_ascii_case(&entry.dn)) {
                    entries.push(entry);
                }
            }
            leads.extend(self.leads(&search, &referrals, hops + 1));
        }
        Ok(())
    }

    /// Where these referrals lead. Those to servers that the operator has not named lead nowhere.
    fn leads(&self, search: &Search, referrals: &[String], hops: usize) -> Vec<Lead> {
        let mut leads: Vec<Lead> = Vec::new();
        for referral in referrals.iter().filter_map(|referral| Referral::parse(referral)) {
            let Some(at) = self.others.iter().position(|server| referral.leads_to(server.url())) else {
                tracing::debug!("a referral to a server that is not among `referrals` is passed over");
                continue;
            };
            let search = referral.search(search);
            let is_same = |lead: &&mut Lead| lead.search.base == search.base && lead.search.scope == search.scope;
            match leads.iter_mut().find(is_same) {
                Some(lead) => lead.at.push(at),
                None => leads.push(Lead { at: vec![at], search, hops }),
            }
        }
        leads
    }

    /// Binds as somebody whose entry is `at` one of the others, or at the directory's own servers: what that says of them, and where.
    pub(super) async fn bind(
        &self,
        at: Option<usize>,
        dn: &str,
        password: &str,
    ) -> Result<(Verdict, Bound<'_>), ProviderError> {
        let _turn = self.turn().await;
        let mut last = HttpError::Timeout;
        let servers: Vec<_> = match at {
            Some(at) => self.others.get(at).into_iter().collect(),
            None => self.in_turn().collect(),
        };
        for server in servers {
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
            // It is bound as the person, whom no other server would know by this connection.
            Ok(found) => Ok(found.entries),
            Err(Trouble::Final(error)) => Err(error),
            Err(Trouble::Server(cause)) => Err(ProviderError::Unreachable { leg: Leg::Directory, cause }),
        }
    }

    /// Keeps the connection for others, who bind as somebody else.
    pub(super) fn put_back(self) {
        self.server.put_back(self.connection);
    }
}

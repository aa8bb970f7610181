//! Asks a directory everything that it tells without a person's password, for an operator who wants to know what is wrong.

use std::io;

use futures_util::future::join_all;
use ldap3::{Ldap, Scope};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use url::Url;

use super::filter::Filter;
use super::server::{Search, Trouble, bind, connect, run};
use super::settings::{Find, Settings};
use super::verdict::{Verdict, code, verdict};
use super::{Inner, LdapProvider};
use crate::provider::ProviderError;
use crate::provider::http::HttpError;

/// What one server answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// Its address, as the operator wrote it.
    pub server: String,
    /// It is one of `urls`, each as good as the other, and not of `referrals`, each of which has its own part.
    pub is_own: bool,
    /// What stands in the way of logins; nothing if all is well. What comes after a hitch that stops everything is not tried.
    pub hitches: Vec<Hitch>,
}

/// What stands in the way of logins by one server. A `code` is an LDAP result code with its name (RFC 4511, appendix A).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hitch {
    /// Its name does not resolve.
    Name,
    /// Nobody listens there, or a firewall is in between.
    Connection {
        /// What the network said.
        cause: String,
    },
    /// It listens, and there is no encrypted connection: its certificate, or StartTLS.
    Encryption(HttpError),
    /// It refuses the account by which Roomkey looks for people.
    Account {
        /// How.
        code: String,
    },
    /// It does not take a bind by name and password at all.
    Bind {
        /// How it refuses one.
        code: String,
    },
    /// `base_dn` is not there, or not for that account.
    Base {
        /// How it refuses a search there.
        code: String,
    },
    /// It does not take `user_filter`.
    UserFilter {
        /// How it refuses it.
        code: String,
    },
    /// `user_filter` fits nobody below `base_dn`, whatever name is typed.
    Nobody,
    /// The people that are found have no `subject`.
    NoSubject {
        /// The attribute.
        attribute: String,
    },
    /// `group_base_dn` is not there, or not for that account.
    GroupBase {
        /// How it refuses a search there.
        code: String,
    },
    /// It does not take `group_filter`.
    GroupFilter {
        /// How it refuses it.
        code: String,
    },
    /// It has stopped answering.
    Silent(HttpError),
}

impl LdapProvider {
    /// Asks each server, all at the same time, over connections that nobody else uses.
    pub async fn probe(&self) -> Vec<Probe> {
        let Settings { servers, referrals, .. } = &self.inner.settings;
        // What others have is not known before a referral tells it.
        let all = servers.iter().map(|url| (url, true)).chain(referrals.iter().map(|url| (url, false)));
        let probes = all.map(|(url, is_own)| async move {
            let hitches = match self.inner.reach(url).await {
                Ok(connection) if is_own => self.inner.look(connection).await,
                Ok(_) => Vec::new(),
                Err(hitch) => vec![hitch],
            };
            Probe { server: url.as_str().trim_end_matches('/').to_owned(), is_own, hitches }
        });
        join_all(probes).await
    }
}

impl Inner {
    /// A connection that is bound as the account that looks, where there is one.
    async fn reach(&self, url: &Url) -> Result<Ldap, Hitch> {
        let Settings { transport, account, find, .. } = &self.settings;
        let in_time = |_| Hitch::Connection { cause: "no answer in time".to_owned() };
        let port = url.port().unwrap_or(if url.scheme() == "ldaps" { 636 } else { 389 });
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
        let found = timeout(transport.timeout, lookup_host((host, port))).await.map_err(in_time)?;
        let addresses: Vec<_> = found.map_err(|_| Hitch::Name)?.collect();
        let refused = |error: io::Error| Hitch::Connection { cause: error.to_string() };
        timeout(transport.timeout, TcpStream::connect(addresses.as_slice()))
            .await
            .map_err(in_time)?
            .map_err(refused)?;
        let mut connection = connect(url, transport).await.map_err(|trouble| Hitch::Encryption(cause(trouble)))?;
        let silent = |trouble| Hitch::Silent(cause(trouble));
        match (account, find) {
            (Some(account), _) => {
                let result = bind(&mut connection, transport, &account.dn, account.exposed()).await.map_err(silent)?;
                if result.rc != 0 {
                    return Err(Hitch::Account { code: code(&result) });
                }
            }
            (None, Find::Bind(_)) => {
                let result = bind(&mut connection, transport, &self.nobody(), "a password").await.map_err(silent)?;
                if let Verdict::TurnedAway(code) | Verdict::NotNow(code) = verdict(&result) {
                    return Err(Hitch::Bind { code });
                }
            }
            (None, Find::Search(_)) => {}
        }
        Ok(connection)
    }

    /// Looks for people and groups as a login does.
    async fn look(&self, connection: Ldap) -> Vec<Hitch> {
        let Settings { account, find, base, groups, .. } = &self.settings;
        // Only the person may look, and nobody is here.
        if account.is_none() && matches!(find, Find::Bind(_)) {
            return Vec::new();
        }
        if let Err(hitch) = self.place(&connection, base, |code| Hitch::Base { code }).await {
            return vec![hitch];
        }
        let mut hitches: Vec<_> = self.people_here(&connection).await.err().into_iter().collect();
        if let Some(base) = &groups.base {
            match self.place(&connection, base, |code| Hitch::GroupBase { code }).await {
                Ok(()) => hitches.extend(self.groups_here(&connection, base).await.err()),
                Err(hitch) => hitches.push(hitch),
            }
        }
        hitches
    }

    /// Whether the entry of this DN is there.
    async fn place(&self, connection: &Ldap, dn: &str, missing: impl Fn(String) -> Hitch) -> Result<(), Hitch> {
        // No attribute at all (RFC 4511, section 4.5.1.8).
        let attributes = vec!["1.1".to_owned()];
        let search = Search { base: dn.to_owned(), scope: Scope::Base, filter: Filter::any(), attributes, limit: 1 };
        match run(connection.clone(), &self.settings.transport, &search).await {
            Ok(found) if found.entries.is_empty() => Err(missing("32-noSuchObject".to_owned())),
            Ok(_) => Ok(()),
            Err(trouble) => Err(refusal(trouble, missing)),
        }
    }

    /// Whether somebody can be found by a name.
    async fn people_here(&self, connection: &Ldap) -> Result<(), Hitch> {
        let Find::Search(template) = &self.settings.find else { return Ok(()) };
        let search = self.people(template.fill_with_any());
        let found = run(connection.clone(), &self.settings.transport, &search).await;
        let found = found.map_err(|trouble| refusal(trouble, |code| Hitch::UserFilter { code }))?;
        let Some(first) = found.entries.first() else { return Err(Hitch::Nobody) };
        match self.settings.subject.read(first) {
            Some(_) => Ok(()),
            None => Err(Hitch::NoSubject { attribute: self.settings.subject.name().to_owned() }),
        }
    }

    /// Whether groups can be asked for; it need not be found in any.
    async fn groups_here(&self, connection: &Ldap, base: &str) -> Result<(), Hitch> {
        let Some(template) = &self.settings.groups.filter else { return Ok(()) };
        let (base, attributes) = (base.to_owned(), vec!["1.1".to_owned()]);
        let filter = template.fill(&self.settings.base);
        let search = Search { base, scope: Scope::Subtree, filter, attributes, limit: 1 };
        let found = run(connection.clone(), &self.settings.transport, &search).await;
        found.map(drop).map_err(|trouble| refusal(trouble, |code| Hitch::GroupFilter { code }))
    }
}

fn refusal(trouble: Trouble, hitch: impl Fn(String) -> Hitch) -> Hitch {
    match trouble {
        Trouble::Final(ProviderError::TurnedAway { code, .. }) => hitch(code),
        other => Hitch::Silent(cause(other)),
    }
}

fn cause(trouble: Trouble) -> HttpError {
    match trouble {
        Trouble::Server(cause) => cause,
        Trouble::Final(error) => HttpError::Connection { cause: error.to_string() },
    }
}

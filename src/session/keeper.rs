//! Begins, finds, lists and ends sessions.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::id::{self, SessionId};
use super::{Lifetimes, Session, SignedIn};
use crate::clock::Clock;
use crate::login::Sealer;
use crate::measure::Histogram;
use crate::provider::{Login, ProviderId, Subject, Tether, VerifiedIdentity};
use crate::store::{Listed, NewIdentity, NewSession, Previous, SessionRow, Sessions, StoreError};

/// How exactly it is known when a session was last used: a warm join within this time of another writes nothing.
const TOUCH_INTERVAL: Duration = Duration::from_mins(1);

/// Keeps sessions: identities and tethers are sealed before they reach the store, and ids hashed.
#[derive(Clone, Debug)]
pub struct Keeper {
    pub(super) sessions: Sessions,
    pub(super) sealer: Arc<Sealer>,
    pub(super) lifetimes: Lifetimes,
    pub(super) clock: Clock,
}

/// A use of a session that is to be noted.
#[derive(Debug)]
pub struct Use {
    handle: String,
    now: i64,
    ends: i64,
}

/// Whose sessions a provider ends.
#[derive(Clone, Copy, Debug)]
pub enum Ended<'a> {
    /// Those that belong to one session at the provider.
    Sid(&'a str),
    /// All of a person's.
    Subject(&'a Subject),
}

impl Keeper {
    /// Keeps sessions in `sessions`.
    pub fn new(sessions: Sessions, sealer: Arc<Sealer>, lifetimes: Lifetimes, clock: Clock) -> Self {
        Self { sessions, sealer, lifetimes, clock }
    }

    /// How long sessions last.
    pub fn lifetimes(&self) -> &Lifetimes {
        &self.lifetimes
    }

    /// Whether sessions can be kept now.
    ///
    /// # Errors
    /// Why not.
    pub async fn check(&self) -> Result<(), StoreError> {
        self.sessions.check().await
    }

    /// How long each step took in Redis; `None` where the store keeps the sessions.
    pub fn redis_steps(&self) -> Option<&Histogram> {
        self.sessions.redis_steps()
    }

    /// Signs the browser on `device` in. A session that it has already goes on with this identity beside the others, or ends if it
    /// is another person's at the same provider. Either way the browser gets a new id, and the old one opens nothing.
    ///
    /// # Errors
    /// The store is down: the login holds for this once.
    pub async fn begin(
        &self,
        login: &Login,
        device: String,
        before: Option<&Session>,
    ) -> Result<SessionId, StoreError> {
        let now = self.clock.now();
        let id = SessionId::random();
        let identity = self.seal(&login.identity, &login.tether);
        let previous = match before {
            None => Previous::None,
            Some(before) if before.is_somebody_else(&identity) => Previous::Ends(before.handle.clone()),
            Some(before) => Previous::Continues(before.handle.clone()),
        };
        let ends = self.lifetimes.end(now, now).as_second();
        let session = NewSession { handle: id::new_handle(now), id: id.hash(), device, now: now.as_second(), ends };
        self.sessions.begin(session, identity, previous).await?;
        Ok(id)
    }

    /// The session that `id` opens, unless it has ended.
    ///
    /// # Errors
    /// The store is down: whether there is one is not known.
    pub async fn find(&self, id: &SessionId) -> Result<Option<Session>, StoreError> {
        Ok(self.load(id).await?.and_then(|row| self.open(row)))
    }

    /// The session of this handle, unless it has ended.
    ///
    /// # Errors
    /// The store is down: whether there is one is not known.
    pub async fn find_named(&self, handle: &str) -> Result<Option<Session>, StoreError> {
        let row = self.sessions.find_named(handle.to_owned(), self.clock.now().as_second()).await?;
        Ok(row.and_then(|row| self.open(row)))
    }

    async fn load(&self, id: &SessionId) -> Result<Option<SessionRow>, StoreError> {
        self.sessions.find(id.hash(), self.clock.now().as_second()).await
    }

    /// What there is to note of a use at this moment: nothing within a minute of another.
    pub fn use_of(&self, session: &Session) -> Option<Use> {
        let now = self.clock.now();
        if now.duration_since(session.last_used).unsigned_abs() < TOUCH_INTERVAL {
            return None;
        }
        let latest = session.identities.iter().map(|signed_in| signed_in.since).max().unwrap_or(now);
        let ends = self.lifetimes.end(latest, now).as_second();
        Some(Use { handle: session.handle.clone(), now: now.as_second(), ends })
    }

    /// Notes a use, by which the session lasts longer.
    ///
    /// # Errors
    /// The store is down: the use goes unnoticed.
    pub async fn note(&self, Use { handle, now, ends }: Use) -> Result<(), StoreError> {
        self.sessions.touch(handle, now, ends).await
    }

    /// Every session of the people this one is signed in as, the last used first, itself among them.
    ///
    /// # Errors
    /// The store is down: they are not known.
    pub async fn list(&self, session: &Session) -> Result<Vec<Listed>, StoreError> {
        let now = self.clock.now().as_second();
        let mut all: Vec<Listed> = Vec::new();
        for signed_in in &session.identities {
            let listed = self.sessions.of_person(signed_in.person.clone(), now).await?;
            all.extend(
                listed
                    .into_iter()
                    .filter(|new| !all.iter().any(|known| known.handle == new.handle))
                    .collect::<Vec<_>>(),
            );
        }
        all.sort_by_key(|listed| std::cmp::Reverse(listed.last_used));
        Ok(all)
    }

    /// Ends one of the sessions that [`list`](Self::list) gives to `session`; `false` if it is none of them.
    ///
    /// # Errors
    /// The store is down: it may go on.
    pub async fn end_listed(&self, session: &Session, handle: &str) -> Result<bool, StoreError> {
        if !self.list(session).await?.iter().any(|listed| listed.handle == handle) {
            return Ok(false);
        }
        self.sessions.end(handle.to_owned()).await
    }

    /// Ends a session.
    ///
    /// # Errors
    /// The store is down: it may go on.
    pub async fn end(&self, session: &Session) -> Result<(), StoreError> {
        self.sessions.end(session.handle.clone()).await.map(drop)
    }

    /// Ends the session that `id` opens, if there is one.
    ///
    /// # Errors
    /// The store is down: it may go on.
    pub async fn end_by_id(&self, id: &SessionId) -> Result<(), StoreError> {
        match self.load(id).await? {
            Some(row) => self.sessions.end(row.handle).await.map(drop),
            None => Ok(()),
        }
    }

    /// Ends every session of the people this one is signed in as.
    ///
    /// # Errors
    /// The store is down: they may go on.
    pub async fn end_everywhere(&self, session: &Session) -> Result<(), StoreError> {
        for signed_in in &session.identities {
            self.sessions.end_of_person(signed_in.person.clone()).await?;
        }
        self.end(session).await
    }

    /// Ends sessions because their provider says so, and says how many there were.
    ///
    /// # Errors
    /// The store is down: they may go on.
    pub async fn end_by_provider(&self, provider: &ProviderId, which: Ended<'_>) -> Result<u64, StoreError> {
        match which {
            Ended::Sid(sid) => self.sessions.end_of_sid(id::sid(provider, sid)).await,
            Ended::Subject(subject) => self.sessions.end_of_person(id::person(provider, subject)).await,
        }
    }

    /// The hash by which a provider's token is remembered as used.
    pub fn token_hash(provider: &ProviderId, jti: &str) -> String {
        id::token(provider, jti)
    }

    /// What ties one of the session's identities to its provider.
    ///
    /// # Errors
    /// The store is down.
    pub async fn tether(&self, session: &Session, provider: &ProviderId) -> Result<Option<Tether>, StoreError> {
        let sealed = self.sessions.tether(session.handle.clone(), provider.to_string()).await?;
        Ok(sealed.and_then(|sealed| Tether::unseal(&sealed, &self.sealer)))
    }

    pub(super) fn seal(&self, identity: &VerifiedIdentity, tether: &Tether) -> NewIdentity {
        let provider = identity.provider();
        NewIdentity {
            provider: provider.to_string(),
            person: id::person(provider, identity.subject()),
            sid: tether.sid().map(|sid| id::sid(provider, sid)),
            identity: identity.seal(&self.sealer),
            tether: tether.seal(&self.sealer),
        }
    }

    /// The session of a row, by the lifetimes of now; `None` if it has ended by them, or nothing of it opens.
    fn open(&self, row: SessionRow) -> Option<Session> {
        let now = self.clock.now();
        let last_used = time(row.last_used);
        if !self.lifetimes.in_use(last_used, now) {
            return None;
        }
        let identities: Vec<_> = row
            .identities
            .into_iter()
            .filter(|row| self.lifetimes.lasts(time(row.since), now))
            .filter_map(|row| {
                let identity = VerifiedIdentity::unseal(&row.identity, &self.sealer).filter(|who| who.lasts(now))?;
                let (since, confirmed) = (time(row.since), time(row.confirmed));
                Some(SignedIn { identity, person: row.person, since, confirmed })
            })
            .collect();
        (!identities.is_empty()).then_some(Session { handle: row.handle, last_used, identities })
    }
}

impl Session {
    /// Whether the new identity is another person's than the one this session has from the same provider.
    fn is_somebody_else(&self, new: &NewIdentity) -> bool {
        self.identities
            .iter()
            .any(|signed_in| signed_in.identity.provider().as_str() == new.provider && signed_in.person != new.person)
    }
}

pub(super) fn time(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH)
}

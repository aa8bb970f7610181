//! Where sessions are kept: in the store, or in Redis.

use super::redis::Redis;
use super::{Claim, Listed, NewIdentity, NewSession, Previous, Renewed, SessionRow, Store, StoreError};
use crate::measure::Histogram;

/// Sessions, wherever they are kept. Cheap to clone.
#[derive(Clone, Debug)]
pub enum Sessions {
    /// In SQLite or PostgreSQL.
    Store(Store),
    /// In Redis or Valkey.
    Redis(Redis),
}

/// Calls the method of the same meaning, wherever the sessions are.
macro_rules! either {
    ($sessions:expr, $method:ident ( $($argument:expr),* )) => {
        match $sessions {
            Sessions::Store(store) => store.$method($($argument),*).await,
            Sessions::Redis(redis) => redis.$method($($argument),*).await,
        }
    };
}

impl Sessions {
    /// Sessions in Redis or Valkey (`redis://…`, `rediss://…`), which is connected to when first needed.
    ///
    /// # Errors
    /// [`StoreError::Address`] if nothing can be at this address.
    pub fn in_redis(address: &str) -> Result<Self, StoreError> {
        Redis::open(address).map(Self::Redis)
    }

    /// Whether sessions can be kept now.
    ///
    /// # Errors
    /// Why not.
    pub async fn check(&self) -> Result<(), StoreError> {
        match self {
            Self::Store(store) => store.check().await,
            Self::Redis(redis) => redis.check_up().await,
        }
    }

    /// How long each step took in Redis; `None` where the store keeps them.
    pub fn redis_steps(&self) -> Option<&Histogram> {
        match self {
            Self::Store(_) => None,
            Self::Redis(redis) => Some(redis.steps()),
        }
    }

    /// Keeps a session and the identity that has just logged in, all or nothing.
    ///
    /// # Errors
    /// Nothing has been kept, or nobody knows.
    pub async fn begin(
        &self,
        session: NewSession,
        identity: NewIdentity,
        previous: Previous,
    ) -> Result<(), StoreError> {
        either!(self, begin_session(session, identity, previous))
    }

    /// The session of this hashed id, unless it has ended by `now`.
    ///
    /// # Errors
    /// Whether there is one is not known.
    pub async fn find(&self, id: String, now: i64) -> Result<Option<SessionRow>, StoreError> {
        either!(self, session(id, now))
    }

    /// The session of this handle, unless it has ended by `now`.
    ///
    /// # Errors
    /// Whether there is one is not known.
    pub async fn find_named(&self, handle: String, now: i64) -> Result<Option<SessionRow>, StoreError> {
        either!(self, session_named(handle, now))
    }

    /// Notes a use at `now`, after which the session ends at `ends`.
    ///
    /// # Errors
    /// It may not have been noted.
    pub async fn touch(&self, handle: String, now: i64, ends: i64) -> Result<(), StoreError> {
        either!(self, touch_session(handle, now, ends))
    }

    /// Ends one session; `false` if there is none.
    ///
    /// # Errors
    /// It may go on.
    pub async fn end(&self, handle: String) -> Result<bool, StoreError> {
        either!(self, end_session(handle))
    }

    /// Ends every session that somebody is signed in to, and says how many.
    ///
    /// # Errors
    /// They may go on.
    pub async fn end_of_person(&self, person: String) -> Result<u64, StoreError> {
        either!(self, end_sessions_of_person(person))
    }

    /// Ends every session that belongs to one at a provider, and says how many.
    ///
    /// # Errors
    /// They may go on.
    pub async fn end_of_sid(&self, sid: String) -> Result<u64, StoreError> {
        either!(self, end_sessions_of_sid(sid))
    }

    /// The sessions that somebody is signed in to, the last used first; the first hundred.
    ///
    /// # Errors
    /// They are not known now.
    pub async fn of_person(&self, person: String, now: i64) -> Result<Vec<Listed>, StoreError> {
        either!(self, sessions_of_person(person, now))
    }

    /// Claims the confirmation of an identity that was last confirmed at `confirmed`, until `lease`; `None` if another has
    /// it, it is put off, or it has been done meanwhile.
    ///
    /// # Errors
    /// Nothing has been claimed, or nobody knows until the lease runs out.
    pub async fn claim(
        &self,
        session: String,
        provider: String,
        confirmed: i64,
        now: i64,
        lease: i64,
    ) -> Result<Option<Claim>, StoreError> {
        either!(self, claim(session, provider, confirmed, now, lease))
    }

    /// Keeps what a confirmation gave; `false` if the claim is no longer the holder's, or the session has ended.
    ///
    /// # Errors
    /// It may not have been kept.
    pub async fn settle(&self, claim: Claim, renewed: Renewed) -> Result<bool, StoreError> {
        either!(self, settle(claim, renewed))
    }

    /// Gives a claim back, for nobody to try again before `retry`.
    ///
    /// # Errors
    /// The claim may last until its lease runs out.
    pub async fn put_off(&self, claim: Claim, retry: i64) -> Result<(), StoreError> {
        either!(self, put_off(claim, retry))
    }

    /// The sealed tether of an identity.
    ///
    /// # Errors
    /// It is not known now.
    pub async fn tether(&self, session: String, provider: String) -> Result<Option<String>, StoreError> {
        either!(self, tether(session, provider))
    }
}

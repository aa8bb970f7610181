//! Table `session_identity`: whom a session is signed in as, and the turn-taking of those who confirm it.

use super::{Store, StoreError, on};

/// An identity as a request finds it: all but the tether, which only a confirmation needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityRow {
    /// The provider's id.
    pub provider: String,
    /// A hash of provider and subject.
    pub person: String,
    /// The identity, sealed.
    pub identity: String,
    /// When they logged in.
    pub since: i64,
    /// When the provider last vouched for them.
    pub confirmed: i64,
    /// Until when a confirmation may be under way.
    pub lease: i64,
    /// The next confirmation is not tried before this.
    pub retry: i64,
}

/// An identity as a login leaves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewIdentity {
    /// The provider's id.
    pub provider: String,
    /// A hash of provider and subject.
    pub person: String,
    /// A hash of provider and `sid`.
    pub sid: Option<String>,
    /// The identity, sealed.
    pub identity: String,
    /// The tether, sealed.
    pub tether: String,
}

/// The right to confirm an identity, which one holds at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The session's handle.
    pub session: String,
    /// The provider's id.
    pub provider: String,
    /// Tells this claim from a later one that took over when its lease ran out.
    pub turn: i64,
    /// The tether, sealed.
    pub tether: String,
}

/// What a confirmation gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renewed {
    /// A hash of provider and `sid`.
    pub sid: Option<String>,
    /// The identity, sealed.
    pub identity: String,
    /// The tether, sealed.
    pub tether: String,
    /// When.
    pub confirmed: i64,
}

pub(super) const INSERT: &str = "INSERT INTO session_identity \
     (session, provider, person, sid, identity, tether, since, confirmed, turn, lease, retry) ";

pub(super) const PUT: &str = "INSERT INTO session_identity \
     (session, provider, person, sid, identity, tether, since, confirmed, turn, lease, retry) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $7, 0, 0, 0) \
     ON CONFLICT (session, provider) DO UPDATE SET person = excluded.person, sid = excluded.sid, \
     identity = excluded.identity, tether = excluded.tether, since = excluded.since, confirmed = excluded.confirmed, \
     turn = session_identity.turn + 1, lease = 0, retry = 0";

const CLAIM: &str = "UPDATE session_identity SET turn = turn + 1, lease = $1 \
     WHERE session = $2 AND provider = $3 AND confirmed = $4 AND lease <= $5 AND retry <= $5 RETURNING turn, tether";

const SETTLE: &str = "UPDATE session_identity SET sid = $1, identity = $2, tether = $3, confirmed = $4, lease = 0, retry = 0 \
     WHERE session = $5 AND provider = $6 AND turn = $7";

const PUT_OFF: &str =
    "UPDATE session_identity SET lease = 0, retry = $1 WHERE session = $2 AND provider = $3 AND turn = $4";

const TETHER: &str = "SELECT tether FROM session_identity WHERE session = $1 AND provider = $2";

impl Store {
    /// Claims the confirmation of an identity that was last confirmed at `confirmed`, until `lease`; `None` if another has
    /// it, it is put off, or it has been done meanwhile.
    pub(super) async fn claim(
        &self,
        session: String,
        provider: String,
        confirmed: i64,
        now: i64,
        lease: i64,
    ) -> Result<Option<Claim>, StoreError> {
        let key = (session.clone(), provider.clone());
        let claimed: Option<(i64, String)> = on!(self, write, pool => {
            let claim = sqlx::query_as(CLAIM).bind(lease).bind(key.0).bind(key.1).bind(confirmed).bind(now);
            claim.fetch_optional(&pool).await
        })?;
        Ok(claimed.map(|(turn, tether)| Claim { session, provider, turn, tether }))
    }

    /// Keeps what a confirmation gave; `false` if the claim is no longer the holder's, or the session has ended.
    pub(super) async fn settle(&self, claim: Claim, renewed: Renewed) -> Result<bool, StoreError> {
        let Renewed { sid, identity, tether, confirmed } = renewed;
        let settled = on!(self, write, pool => {
            let settle = sqlx::query(SETTLE).bind(sid).bind(identity).bind(tether).bind(confirmed);
            settle.bind(claim.session).bind(claim.provider).bind(claim.turn).execute(&pool).await
                .map(|done| done.rows_affected())
        })?;
        Ok(settled > 0)
    }

    /// Gives a claim back, for nobody to try again before `retry`.
    pub(super) async fn put_off(&self, claim: Claim, retry: i64) -> Result<(), StoreError> {
        on!(self, write, pool => {
            let put_off = sqlx::query(PUT_OFF).bind(retry).bind(claim.session).bind(claim.provider).bind(claim.turn);
            put_off.execute(&pool).await.map(drop)
        })
    }

    /// The sealed tether of an identity.
    pub(super) async fn tether(&self, session: String, provider: String) -> Result<Option<String>, StoreError> {
        on!(self, read, pool => sqlx::query_scalar(TETHER).bind(session).bind(provider).fetch_optional(&pool).await)
    }
}

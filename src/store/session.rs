//! Table `session`: browsers that are signed in.

use sqlx::QueryBuilder;

use super::powers::{one_of, portions};
use super::session_identity::{IdentityRow, NewIdentity};
use super::{Store, StoreError, on, session_identity};

/// A session as a request finds it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionRow {
    /// What names it for as long as it lives. Opens nothing.
    pub handle: String,
    /// When it was last used, to a minute.
    pub last_used: i64,
    /// Whom the browser is signed in as, in the order of the logins.
    pub identities: Vec<IdentityRow>,
}

/// A session as a login leaves it.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// What names it, unless it continues another.
    pub handle: String,
    /// The SHA-256 of what the cookie holds.
    pub id: String,
    /// Browser and system.
    pub device: String,
    /// The moment of the login.
    pub now: i64,
    /// When it ends by itself.
    pub ends: i64,
}

/// What becomes of the session that the browser had before a login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Previous {
    /// There was none.
    None,
    /// It goes on under its new id, with one identity more.
    Continues(String),
    /// It ends: somebody else has logged in.
    Ends(String),
}

/// A login whose session is to be kept.
#[derive(Clone, Debug)]
pub(super) struct Begun {
    session: NewSession,
    identity: NewIdentity,
    previous: Previous,
}

/// A session as its owner sees it in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// What names it.
    pub handle: String,
    /// Browser and system.
    pub device: String,
    /// When somebody first logged in.
    pub created: i64,
    /// When it was last used, to a minute.
    pub last_used: i64,
}

const INSERT: &str = "INSERT INTO session (handle, id, device, created, last_used, ends) ";

const CONTINUE: &str = "UPDATE session SET id = $1, device = $2, last_used = $3, ends = $4 WHERE handle = $5";

const FIND: &str = "SELECT s.id, s.handle, s.last_used, \
     i.provider, i.person, i.identity, i.since, i.confirmed, i.lease, i.retry \
     FROM session s JOIN session_identity i ON i.session = s.handle WHERE s.id IN (";

const FIND_NAMED: &str = "SELECT s.id, s.handle, s.last_used, \
     i.provider, i.person, i.identity, i.since, i.confirmed, i.lease, i.retry \
     FROM session s JOIN session_identity i ON i.session = s.handle WHERE s.ends > $1 AND s.handle = $2";

const TOUCH: &str = "UPDATE session SET last_used = $1, ends = $2 WHERE handle = $3 AND last_used < $1";

const END: &str = "DELETE FROM session WHERE handle = $1";

const END_OF_PERSON: &str =
    "DELETE FROM session WHERE handle IN (SELECT session FROM session_identity WHERE person = $1)";

const END_OF_SID: &str = "DELETE FROM session WHERE handle IN (SELECT session FROM session_identity WHERE sid = $1)";

const OF_PERSON: &str = "SELECT handle, device, created, last_used FROM session \
     WHERE ends > $2 AND handle IN (SELECT session FROM session_identity WHERE person = $1) \
     ORDER BY last_used DESC LIMIT 100";

/// One identity's share of [`FIND`] and [`FIND_NAMED`], the session's id first.
type Found = (String, String, i64, String, String, String, i64, i64, i64, i64);

impl Store {
    /// Keeps a session and the identity that has just logged in, all or nothing.
    pub(super) async fn begin_session(
        &self,
        session: NewSession,
        identity: NewIdentity,
        previous: Previous,
    ) -> Result<(), StoreError> {
        // A store that is down says so at once, however many stand in line.
        self.pools().await?;
        self.0.logins.write(Begun { session, identity, previous }).await
    }

    /// Keeps all of them or none.
    pub(super) async fn begin_sessions(&self, logins: Vec<Begun>) -> Result<(), StoreError> {
        on!(self, write, pool => {
            let mut transaction = pool.begin().await?;
            let mut fresh = Vec::with_capacity(logins.len());
            for Begun { session, identity, previous } in logins {
                match previous {
                    Previous::None => fresh.push((session, identity)),
                    Previous::Ends(previous) => {
                        sqlx::query(END).bind(previous).execute(&mut *transaction).await?;
                        fresh.push((session, identity));
                    }
                    Previous::Continues(previous) => {
                        let NewSession { id, device, now, ends, .. } = &session;
                        let goes_on = sqlx::query(CONTINUE).bind(id).bind(device).bind(now).bind(ends).bind(&previous);
                        if goes_on.execute(&mut *transaction).await?.rows_affected() == 0 {
                            fresh.push((session, identity));
                            continue;
                        }
                        let NewIdentity { provider, person, sid, identity, tether } = identity;
                        sqlx::query(session_identity::PUT)
                            .bind(previous).bind(provider).bind(person).bind(sid).bind(identity).bind(tether).bind(now)
                            .execute(&mut *transaction)
                            .await?;
                    }
                }
            }
            for rows in portions(fresh) {
                QueryBuilder::new(INSERT)
                    .push_values(&rows, |mut values, (NewSession { handle, id, device, now, ends }, _)| {
                        values.push_bind(handle).push_bind(id).push_bind(device);
                        values.push_bind(now).push_bind(now).push_bind(ends);
                    })
                    .build()
                    .execute(&mut *transaction)
                    .await?;
                QueryBuilder::new(session_identity::INSERT)
                    .push_values(rows, |mut values, (NewSession { handle, now, .. }, identity)| {
                        let NewIdentity { provider, person, sid, identity, tether } = identity;
                        values.push_bind(handle).push_bind(provider).push_bind(person).push_bind(sid);
                        values.push_bind(identity).push_bind(tether).push_bind(now).push_bind(now);
                        values.push_bind(0).push_bind(0).push_bind(0);
                    })
                    .build()
                    .execute(&mut *transaction)
                    .await?;
            }
            transaction.commit().await
        })
    }

    /// The session of this id, unless it has ended by `now`.
    pub(super) async fn session(&self, id: String, now: i64) -> Result<Option<SessionRow>, StoreError> {
        self.0.sessions.find(id, |ids| self.sessions_of(ids, now)).await
    }

    /// The session of each of these ids, unless it has ended by `now`.
    async fn sessions_of(&self, ids: Vec<String>, now: i64) -> Result<Vec<Option<SessionRow>>, StoreError> {
        let wanted = ids.clone();
        let found: Vec<Found> = on!(self, read, pool => {
            let mut query = one_of(FIND, wanted);
            query.push(" AND s.ends > ").push_bind(now).build_query_as().fetch_all(&pool).await
        })?;
        let mut sessions: Vec<Option<SessionRow>> = vec![None; ids.len()];
        for row in found {
            if let Some(first) = ids.iter().position(|id| *id == row.0) {
                add(&mut sessions[first], row);
            }
        }
        for again in 1..ids.len() {
            if let Some(first) = ids[..again].iter().position(|id| *id == ids[again]) {
                sessions[again] = sessions[first].clone();
            }
        }
        sessions.iter_mut().flatten().for_each(SessionRow::sort);
        Ok(sessions)
    }

    /// The session of this name, unless it has ended by `now`.
    pub(super) async fn session_named(&self, handle: String, now: i64) -> Result<Option<SessionRow>, StoreError> {
        let found: Vec<Found> =
            on!(self, read, pool => sqlx::query_as(FIND_NAMED).bind(now).bind(handle).fetch_all(&pool).await)?;
        let mut session = None;
        found.into_iter().for_each(|row| add(&mut session, row));
        session.iter_mut().for_each(SessionRow::sort);
        Ok(session)
    }

    /// Notes a use, unless a later one is noted already.
    pub(super) async fn touch_session(&self, handle: String, now: i64, ends: i64) -> Result<(), StoreError> {
        on!(self, write, pool => sqlx::query(TOUCH).bind(now).bind(ends).bind(handle).execute(&pool).await.map(drop))
    }

    /// Ends one session; `false` if there is none.
    pub(super) async fn end_session(&self, handle: String) -> Result<bool, StoreError> {
        Ok(self.end_where(END, handle).await? > 0)
    }

    /// Ends every session that somebody is signed in to, and says how many.
    pub(super) async fn end_sessions_of_person(&self, person: String) -> Result<u64, StoreError> {
        self.end_where(END_OF_PERSON, person).await
    }

    /// Ends every session that belongs to one at a provider, and says how many.
    pub(super) async fn end_sessions_of_sid(&self, sid: String) -> Result<u64, StoreError> {
        self.end_where(END_OF_SID, sid).await
    }

    async fn end_where(&self, sql: &'static str, which: String) -> Result<u64, StoreError> {
        on!(self, write, pool => sqlx::query(sql).bind(which).execute(&pool).await.map(|done| done.rows_affected()))
    }

    /// The sessions that somebody is signed in to, the last used first; the first hundred.
    pub(super) async fn sessions_of_person(&self, person: String, now: i64) -> Result<Vec<Listed>, StoreError> {
        let found: Vec<(String, String, i64, i64)> =
            on!(self, read, pool => sqlx::query_as(OF_PERSON).bind(person).bind(now).fetch_all(&pool).await)?;
        let listed = |(handle, device, created, last_used)| Listed { handle, device, created, last_used };
        Ok(found.into_iter().map(listed).collect())
    }
}

impl SessionRow {
    /// Brings the identities in the order of the logins.
    fn sort(&mut self) {
        self.identities.sort_by(|one, other| (one.since, &one.provider).cmp(&(other.since, &other.provider)));
    }
}

/// Adds one identity's share to its session.
fn add(session: &mut Option<SessionRow>, row: Found) {
    let (_, handle, last_used, provider, person, identity, since, confirmed, lease, retry) = row;
    let session = session.get_or_insert(SessionRow { handle, last_used, identities: Vec::with_capacity(1) });
    session.identities.push(IdentityRow { provider, person, identity, since, confirmed, lease, retry });
}

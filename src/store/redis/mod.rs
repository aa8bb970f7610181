//! Sessions in Redis or Valkey: a hash each, with an index entry for its id and one for each person and `sid`.
//!
//! | key | holds |
//! | --- | --- |
//! | `roomkey:session:HANDLE` | hash: `id`, `device`, `created`, `last_used`, `ends`, and `FIELD:PROVIDER` for each identity |
//! | `roomkey:id:ID` | the handle |
//! | `roomkey:person:PERSON`, `roomkey:sid:SID` | set of handles; those that have ended are passed over and fall out |
//!
//! Each step is one script, hence all or nothing. Keys end by themselves. Scripts find keys by what they read, which a
//! cluster of several masters does not allow: one master, with replicas or without.

use std::collections::HashMap;
use std::sync::Arc;

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, FromRedisValue, Script, ScriptInvocation};
use tokio::runtime::Handle;

use super::error::{Stopping, TooSlow};
use super::{Claim, IdentityRow, Listed, NewIdentity, NewSession, Previous, Renewed, SessionRow, StoreError, TIMEOUT};
use crate::measure::Histogram;

/// A Redis or Valkey server that keeps sessions. Cheap to clone.
#[derive(Clone)]
pub struct Redis {
    connection: ConnectionManager,
    /// Where the connection lives, as with the store's.
    home: Handle,
    steps: Arc<Histogram>,
}

/// A step of the store's, in Lua.
macro_rules! script {
    ($name:ident, $file:literal) => {
        static $name: std::sync::LazyLock<Script> =
            std::sync::LazyLock::new(|| Script::new(concat!(include_str!("keys.lua"), include_str!($file))));
    };
}

script!(BEGIN, "begin.lua");
script!(FIND, "find.lua");
script!(FIND_NAMED, "find_named.lua");
script!(TOUCH, "touch.lua");
script!(END, "end.lua");
script!(END_ALL, "end_all.lua");
script!(LIST, "list.lua");
script!(CLAIM, "claim.lua");
script!(SETTLE, "settle.lua");
script!(PUT_OFF, "put_off.lua");
script!(TETHER, "tether.lua");

impl Redis {
    /// Whether `url` can be the address of a server.
    pub(super) fn check(url: &str) -> Result<Client, StoreError> {
        let refused = || StoreError::Address { detail: "write `redis://HOST:PORT` or `rediss://…`".to_owned() };
        Client::open(url).map_err(|_| refused())
    }

    pub(super) fn open(url: &str) -> Result<Self, StoreError> {
        let limits = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(TIMEOUT))
            .set_response_timeout(Some(TIMEOUT))
            .set_number_of_retries(1);
        let connection = ConnectionManager::new_lazy_with_config(Self::check(url)?, limits)?;
        Ok(Self { connection, home: Handle::current(), steps: Arc::default() })
    }

    /// How long each step took.
    pub(super) fn steps(&self) -> &Histogram {
        &self.steps
    }

    pub(super) async fn check_up(&self) -> Result<(), StoreError> {
        let mut connection = self.connection.clone();
        self.at_home(async move { redis::cmd("PING").query_async::<()>(&mut connection).await }).await
    }

    async fn run<T: FromRedisValue + Send + 'static>(
        &self,
        invocation: ScriptInvocation<'static>,
    ) -> Result<T, StoreError> {
        let mut connection = self.connection.clone();
        self.at_home(async move { invocation.invoke_async(&mut connection).await }).await
    }

    async fn at_home<T: Send + 'static>(
        &self,
        run: impl Future<Output = Result<T, redis::RedisError>> + Send + 'static,
    ) -> Result<T, StoreError> {
        match self.steps.time(self.home.spawn(tokio::time::timeout(TIMEOUT, run))).await {
            Ok(Ok(outcome)) => outcome.map_err(StoreError::from),
            Ok(Err(_)) => Err(StoreError::unreachable(TooSlow)),
            Err(_) => Err(StoreError::unreachable(Stopping)),
        }
    }
}

impl Redis {
    pub(super) async fn begin_session(
        &self,
        session: NewSession,
        identity: NewIdentity,
        previous: Previous,
    ) -> Result<(), StoreError> {
        let (fate, previous) = match previous {
            Previous::None => ("", String::new()),
            Previous::Continues(previous) => ("continues", previous),
            Previous::Ends(previous) => ("ends", previous),
        };
        let mut begin = BEGIN.arg(session.handle);
        begin.arg(session.id).arg(session.device).arg(session.now).arg(session.ends).arg(fate).arg(previous);
        begin.arg(identity.provider).arg(identity.person).arg(identity.sid.unwrap_or_default());
        begin.arg(identity.identity).arg(identity.tether);
        self.run(begin).await
    }

    pub(super) async fn session(&self, id: String, now: i64) -> Result<Option<SessionRow>, StoreError> {
        let found: Vec<String> = self.run(FIND.arg(id)).await?;
        Ok(read(found).filter(|(_, ends)| *ends > now).map(|(session, _)| session))
    }

    pub(super) async fn session_named(&self, handle: String, now: i64) -> Result<Option<SessionRow>, StoreError> {
        let found: Vec<String> = self.run(FIND_NAMED.arg(handle)).await?;
        Ok(read(found).filter(|(_, ends)| *ends > now).map(|(session, _)| session))
    }

    pub(super) async fn touch_session(&self, handle: String, now: i64, ends: i64) -> Result<(), StoreError> {
        let mut touch = TOUCH.arg(handle);
        touch.arg(now).arg(ends);
        self.run(touch).await
    }

    pub(super) async fn end_session(&self, handle: String) -> Result<bool, StoreError> {
        self.run(END.arg(handle)).await
    }

    pub(super) async fn end_sessions_of_person(&self, person: String) -> Result<u64, StoreError> {
        self.run(END_ALL.arg(format!("roomkey:person:{person}"))).await
    }

    pub(super) async fn end_sessions_of_sid(&self, sid: String) -> Result<u64, StoreError> {
        self.run(END_ALL.arg(format!("roomkey:sid:{sid}"))).await
    }

    pub(super) async fn sessions_of_person(&self, person: String, now: i64) -> Result<Vec<Listed>, StoreError> {
        let mut list = LIST.arg(person);
        list.arg(now);
        let found: Vec<(String, String, i64, i64)> = self.run(list).await?;
        let listed = |(handle, device, created, last_used)| Listed { handle, device, created, last_used };
        let mut all: Vec<_> = found.into_iter().map(listed).collect();
        all.sort_by_key(|session| std::cmp::Reverse(session.last_used));
        all.truncate(100);
        Ok(all)
    }

    pub(super) async fn claim(
        &self,
        session: String,
        provider: String,
        confirmed: i64,
        now: i64,
        lease: i64,
    ) -> Result<Option<Claim>, StoreError> {
        let mut claim = CLAIM.arg(&session);
        claim.arg(&provider).arg(confirmed).arg(now).arg(lease);
        let claimed: Option<(i64, String)> = self.run(claim).await?;
        Ok(claimed.map(|(turn, tether)| Claim { session, provider, turn, tether }))
    }

    pub(super) async fn settle(&self, claim: Claim, renewed: Renewed) -> Result<bool, StoreError> {
        let mut settle = SETTLE.arg(claim.session);
        settle.arg(claim.provider).arg(claim.turn).arg(renewed.sid.unwrap_or_default());
        settle.arg(renewed.identity).arg(renewed.tether).arg(renewed.confirmed);
        self.run(settle).await
    }

    pub(super) async fn put_off(&self, claim: Claim, retry: i64) -> Result<(), StoreError> {
        let mut put_off = PUT_OFF.arg(claim.session);
        put_off.arg(claim.provider).arg(claim.turn).arg(retry);
        self.run(put_off).await
    }

    pub(super) async fn tether(&self, session: String, provider: String) -> Result<Option<String>, StoreError> {
        let mut tether = TETHER.arg(session);
        tether.arg(provider);
        self.run(tether).await
    }
}

/// A session and its end, out of its handle and the fields of its hash; `None` if there is none.
fn read(found: Vec<String>) -> Option<(SessionRow, i64)> {
    let mut found = found.into_iter();
    let handle = found.next()?;
    let mut fields = HashMap::new();
    while let (Some(field), Some(value)) = (found.next(), found.next()) {
        fields.insert(field, value);
    }
    let number = |fields: &HashMap<String, String>, field: &str| fields.get(field).and_then(|text| text.parse().ok());
    let providers: Vec<_> =
        fields.keys().filter_map(|field| field.strip_prefix("identity:").map(str::to_owned)).collect();
    let mut identities = Vec::with_capacity(providers.len());
    for provider in providers {
        let timed = |field: &str| number(&fields, &format!("{field}:{provider}"));
        let (since, confirmed) = (timed("since")?, timed("confirmed")?);
        let (lease, retry) = (timed("lease")?, timed("retry")?);
        let person = fields.remove(&format!("person:{provider}"))?;
        let identity = fields.remove(&format!("identity:{provider}"))?;
        identities.push(IdentityRow { provider, person, identity, since, confirmed, lease, retry });
    }
    identities.sort_by(|a, b| (a.since, &a.provider).cmp(&(b.since, &b.provider)));
    let (last_used, ends) = (number(&fields, "last_used")?, number(&fields, "ends")?);
    Some((SessionRow { handle, last_used, identities }, ends))
}

impl std::fmt::Debug for Redis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Redis")
    }
}

//! How the store is, and how many sessions are in it.

use super::exposition::{Family, Labels, label};
use crate::session::Keeper;
use crate::store::{Connections, Store};

pub(super) async fn families(store: &Store, keeper: &Keeper) -> [Family; 5] {
    let up = [("store", store.check().await.is_ok()), ("sessions", keeper.check().await.is_ok())];
    let up = up.map(|(store, is_up)| (vec![label("store", store)], f64::from(u8::from(is_up))));
    let measured = store.measured();
    let mut steps = vec![("read", measured.reads.read()), ("write", measured.writes.read())];
    steps.extend(keeper.redis_steps().map(|steps| ("redis", steps.read())));
    let steps = steps.into_iter().map(|(access, spread)| (vec![label("access", access)], spread));
    // Where Redis keeps the sessions, none are in the store to be counted.
    let sessions = if keeper.redis_steps().is_some() { None } else { measured.sessions() };
    [
        Family::gauge("roomkey_store_up", "1 if it can be used, else 0.", up.into()),
        Family::histogram("roomkey_store_step", "Time that reading or writing took.", steps.collect()),
        Family::gauge(
            "roomkey_store_connections",
            "Open connections.",
            store.connections().iter().flat_map(connections).collect(),
        ),
        Family::gauge(
            "roomkey_store_logins_waiting",
            "Logins that wait for their sessions to be written.",
            vec![(Vec::new(), number(store.logins_waiting() as u64))],
        ),
        Family::gauge(
            "roomkey_sessions",
            "Sessions, counted every half minute.",
            sessions.map(|count| (Vec::new(), number(count))).into_iter().collect(),
        ),
    ]
}

fn connections(of: &Connections) -> [(Labels, f64); 3] {
    let states = [("used", of.used), ("idle", of.idle), ("free", of.most.saturating_sub(of.used + of.idle))];
    states.map(|(state, count)| (vec![label("pool", of.pool), label("state", state)], number(count as u64)))
}

/// A number of things as a value.
#[allow(clippy::cast_precision_loss, reason = "nobody has so many that it would matter")]
pub(super) fn number(count: u64) -> f64 {
    count as f64
}

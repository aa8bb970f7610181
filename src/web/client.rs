//! The client of the request that is being served, for rules that ask where somebody comes from and for the record of it.

use std::net::IpAddr;

use super::forwarded::Arrival;

tokio::task_local! {
    static ARRIVAL: Arrival;
}

/// Serves a request that arrived so.
pub(super) async fn serve<T>(arrival: Arrival, serving: impl Future<Output = T>) -> T {
    ARRIVAL.scope(arrival, serving).await
}

/// The client of this request, or the last proxy that can be looked behind; `None` outside of any.
pub(super) fn current() -> Option<IpAddr> {
    ARRIVAL.try_with(|arrival| arrival.client).ok().flatten()
}

/// The client of this request, for a decision; `None` outside of any, and where nobody can tell.
pub(super) fn told() -> Option<IpAddr> {
    ARRIVAL.try_with(|arrival| arrival.client.filter(|_| arrival.is_told)).ok().flatten()
}

//! The client of the request that is being served, for rules that ask where somebody comes from.

use std::net::IpAddr;

use actix_web::HttpRequest;

use super::app::App;
use super::forwarded::Arrival;

tokio::task_local! {
    static CLIENT: Option<IpAddr>;
}

/// Serves a request of this client.
pub(super) async fn serve<T>(client: Option<IpAddr>, serving: impl Future<Output = T>) -> T {
    CLIENT.scope(client, serving).await
}

/// The client that a request comes from.
pub(super) fn of(request: &HttpRequest, app: &App) -> Option<IpAddr> {
    Arrival::read(request.peer_addr(), request.headers(), &app.trusted_proxies).client
}

/// The client of this request; `None` outside of any, and where nobody can tell.
pub(super) fn current() -> Option<IpAddr> {
    CLIENT.try_with(|client| *client).ok().flatten()
}

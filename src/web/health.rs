//! `/health/live` and `/health/ready`, on the management address.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::web::{self, Data, ServiceConfig};

use super::app::{Current, Site};
use super::error::PageError;
use super::metrics::metrics;

/// Where jitsi-oidc-adapter tells that it runs (its `src/adapter.ts`, `handler`).
pub(super) const ADAPTER_HEALTH: &str = "/oidc/health";

/// The routes of the management address.
pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .route("/health/live", web::get().to(live))
        .route("/health/ready", web::get().to(ready))
        .route("/metrics", web::get().to(metrics));
}

/// The process runs.
async fn live() -> HttpResponse {
    answer(StatusCode::OK, "live\n")
}

/// Visitors can be sent here; not any more once the process has been told to end. Providers do not count: while one is
/// down the others work, and restarting Roomkey mends none.
///
/// While the store is down, logins for one meeting still work here as on any other replica, so that turning visitors away
/// would only make it worse: it is said, and does not count.
async fn ready(site: Data<Site>) -> HttpResponse {
    if !site.is_ready() {
        return answer(StatusCode::SERVICE_UNAVAILABLE, "ending\n");
    }
    let app = site.app();
    match (app.store.check().await, app.keeper.check().await) {
        (Ok(()), Ok(())) => answer(StatusCode::OK, "ready\n"),
        _ => answer(StatusCode::OK, "ready, without sessions: the store cannot be reached\n"),
    }
}

/// `/oidc/health`, on the public address: what container runtimes ask that were set up for jitsi-oidc-adapter.
pub(super) async fn of_the_adapter(app: Current) -> Result<HttpResponse, PageError> {
    match app.former_clients.jitsi_oidc_adapter {
        Some(_) => Ok(answer(StatusCode::OK, "healthy")),
        None => Err(PageError::NoPage),
    }
}

fn answer(status: StatusCode, text: &'static str) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((CONTENT_TYPE, "text/plain; charset=utf-8"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(text)
}

//! What holds for every request of the public address: limits before it is looked at; headers, pages and log lines after.

use std::panic::AssertUnwindSafe;

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::Uri;
use actix_web::http::header::{ACCEPT_LANGUAGE, ALLOW, HeaderValue, RETRY_AFTER, SET_COOKIE};
use actix_web::middleware::Next;
use actix_web::{Error, HttpRequest, HttpResponse, ResponseError};
use futures_util::FutureExt;

use super::answer::page_with;
use super::app::{App, Current};
use super::cookies;
use super::error::{PageError, RequestError};
use super::forwarded::Arrival;
use super::health::ADAPTER_HEALTH;
use super::language::Language;
use super::link::ADAPTER_AUTH;
use super::problem::problem;
use super::{client, inline, kind, log, record, tally};
use crate::audit::Client;
use crate::login::LoginId;
use crate::provider::FormerClients;

/// Longest path and query together, in bytes. Jitsi's `state` makes up most of it.
const MAX_ADDRESS_BYTES: usize = 16 * 1024;

/// Most bytes of all headers together, names and values.
const MAX_HEADER_BYTES: usize = 32 * 1024;

/// Wraps all routes.
pub(super) async fn manners(request: ServiceRequest, next: Next<BoxBody>) -> Result<ServiceResponse<BoxBody>, Error> {
    let app = Current::of(request.request());
    kind::measure(&app.observed.requests, Box::pin(serve(&app, request, next))).await
}

async fn serve(app: &App, mut request: ServiceRequest, next: Next<BoxBody>) -> Result<ServiceResponse<BoxBody>, Error> {
    if let Err(broken) = within_limits(request.request()) {
        let answer = explain(&broken.into(), app, request.request()).await;
        return Ok(finish(request.into_response(answer), app).await);
    }
    leave_out_root(&mut request, &app.root);
    // Routing needs the request to itself, so a panic leaves nothing of it but this.
    let accepted = request.headers().get(ACCEPT_LANGUAGE).cloned();
    let arrival = arrival_of(request.request(), app);
    let serving = client::serve(arrival, async { next.call(request).await });
    match AssertUnwindSafe(serving).catch_unwind().await {
        Ok(answered) => Ok(finish(answered?, app).await),
        Err(_) => {
            let mut answer = explanation(&PageError::Panicked, app, accepted.as_ref(), None, Client::default()).await;
            app.headers.complete(answer.headers_mut());
            Err(InternalError::from_response(PageError::Panicked, answer).into())
        }
    }
}

/// Where `public_url` has a path, some proxies pass it on and some do not: routes are found either way.
fn leave_out_root(request: &mut ServiceRequest, root: &str) {
    let address = request.uri().path_and_query().map_or("", |address| address.as_str());
    // These are those of another program, at the root of the host whatever `public_url` says.
    let is_foreign = [ADAPTER_AUTH, ADAPTER_HEALTH, FormerClients::ADAPTER_CALLBACK].contains(&request.uri().path());
    if is_foreign || root.is_empty() || !address.starts_with(root) || !address[root.len()..].starts_with('/') {
        return;
    }
    let Ok(uri) = address[root.len()..].parse::<Uri>() else { return };
    request.match_info_mut().get_mut().update(&uri);
    request.head_mut().uri = uri;
}

fn within_limits(request: &HttpRequest) -> Result<(), RequestError> {
    let address = request.uri().path_and_query().map_or(0, |address| address.as_str().len());
    if address > MAX_ADDRESS_BYTES {
        return Err(RequestError::AddressTooLong { bytes: address });
    }
    let headers = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if headers > MAX_HEADER_BYTES {
        return Err(RequestError::HeadersTooLarge { bytes: headers });
    }
    Ok(())
}

async fn finish(answered: ServiceResponse<BoxBody>, app: &App) -> ServiceResponse<BoxBody> {
    let page = match answered.response().error().and_then(|error| error.as_error::<PageError>()) {
        Some(failure) => Some(explain(failure, app, answered.request()).await),
        None => None,
    };
    let mut answered = match page {
        Some(page) => answered.into_response(page),
        None => answered,
    };
    if let Some(removal) = cookies::removal(answered.request(), app.cookies) {
        answered.headers_mut().append(SET_COOKIE, removal);
    }
    app.headers.complete(answered.headers_mut());
    answered
}

fn arrival_of(request: &HttpRequest, app: &App) -> Arrival {
    Arrival::read(request.peer_addr(), request.headers(), &app.trusted_proxies)
}

async fn explain(failure: &PageError, app: &App, request: &HttpRequest) -> HttpResponse {
    let arrival = arrival_of(request, app);
    let client = Client { address: arrival.client, device: record::device_of(request) };
    explanation(failure, app, request.headers().get(ACCEPT_LANGUAGE), Some(&arrival), client).await
}

/// Writes the log line, the record and the page, all with the same reference number.
async fn explanation(
    failure: &PageError,
    app: &App,
    accepted: Option<&HeaderValue>,
    arrival: Option<&Arrival>,
    client: Client,
) -> HttpResponse {
    let reference = failure.login_id().unwrap_or_else(LoginId::random);
    log::failed(failure, reference, arrival);
    tally::failed(app, failure);
    record::failed(app, failure, reference, client).await;
    if let Some(redirect) = inline::told(failure, app, reference) {
        return redirect;
    }
    let language = Language::choose(accepted, failure.meeting().map(|request| &request.options));
    let mut answer = page_with(failure.status_code(), &problem(failure, app, language, reference));
    if let PageError::WrongMethod { allowed } = failure {
        answer.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
    }
    if let PageError::PassesTried(wait) = failure {
        answer.headers_mut().insert(RETRY_AFTER, wait.as_secs().into());
    }
    answer
}

#[cfg(test)]
mod tests;

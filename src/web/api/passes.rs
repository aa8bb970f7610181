//! `/api/v1/passes`
//!
//! Passes are recorded before they are made, and made before they are told: none that somebody has is without a record, and a record
//! of one that was not made after all speaks of a pass that nobody has.

use actix_web::http::StatusCode;
use actix_web::web::{Path, Payload};
use actix_web::{HttpRequest, HttpResponse};

use super::body;
use super::caller::caller;
use super::once::Once;
use super::problem::{ApiError, MOST_MISTAKES, Mistaken, Problem, Refusals};
use super::view::{Batch, Made, MadeBatch, Page, PassView};
use crate::api_key::{ApiKey, Scope};
use crate::audit::{Client, Event, Outcome};
use crate::login::LoginId;
use crate::pass::{Mistake, NewPass, Pass, Wish};
use crate::web::app::{App, Current};
use crate::web::query::{self, Parameter};
use crate::web::record;

/// Most passes of one batch.
pub(super) const MAX_BATCH: usize = 10_000;

/// Longest body with one pass, and with a batch, in bytes.
const MAX_ONE: usize = 64 * 1024;
const MAX_ALL: usize = 16 * 1024 * 1024;

/// Passes of one page of the list, unless fewer are asked for.
const PAGE: usize = 500;

const AFTER: Parameter = Parameter { name: "after", max_bytes: 64 };
const LIMIT: Parameter = Parameter { name: "limit", max_bytes: 8 };

/// Passes that somebody asks for, and where each stands in the request.
struct Order {
    wishes: Vec<Wish>,
    is_batch: bool,
}

/// Makes a pass.
///
/// The link stands in this answer and nowhere else.
#[utoipa::path(
    post, path = "/api/v1/passes", tag = "passes", security(("key" = ["passes:write"])), request_body = Wish,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same request again within 24 hours is answered again, and not done again")),
    responses((status = 201, description = "The pass", body = Made), Refusals, Mistaken),
)]
pub(super) async fn create(app: Current, request: HttpRequest, body: Payload) -> Result<HttpResponse, ApiError> {
    let order = |body: &[u8]| Ok(Order { wishes: vec![body::parse(body)?], is_batch: false });
    make(&app, &request, body, MAX_ONE, order, |mut made| serde_json::to_string(&made.pop())).await
}

/// Makes up to 10,000 passes, all or none.
#[utoipa::path(
    post, path = "/api/v1/passes/batch", tag = "passes", security(("key" = ["passes:write"])), request_body = Batch,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same request again within 24 hours is answered again, and not done again")),
    responses((status = 201, description = "The passes", body = MadeBatch), Refusals, Mistaken),
)]
pub(super) async fn create_batch(app: Current, request: HttpRequest, body: Payload) -> Result<HttpResponse, ApiError> {
    let order = |body: &[u8]| match body::parse::<Batch>(body)?.passes {
        wishes if (1..=MAX_BATCH).contains(&wishes.len()) => Ok(Order { wishes, is_batch: true }),
        _ => Err(ApiError::Batch { most: MAX_BATCH }),
    };
    make(&app, &request, body, MAX_ALL, order, |passes| serde_json::to_string(&MadeBatch { passes })).await
}

/// Lists passes.
#[utoipa::path(
    get, path = "/api/v1/passes", tag = "passes", security(("key" = ["passes:read"])),
    params(
        ("after" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<u16>, Query, description = "Passes of a page: 1 to 500, which is the default"),
    ),
    responses(
        (status = 200, description = "A page", body = Page),
        (status = 400, description = "A parameter is wrong", body = Problem, content_type = "application/problem+json"),
        Refusals,
    ),
)]
pub(super) async fn list(app: Current, request: HttpRequest) -> Result<HttpResponse, ApiError> {
    caller(&app, &request, Scope::PassesRead).await?;
    let query = query::read(request.uri().query().unwrap_or_default(), [AFTER, LIMIT]);
    let [after, limit] = query.map_err(|_| ApiError::Query("`after` and `limit` are given once, and are short"))?;
    let limit = match limit.map(|limit| limit.parse::<usize>()) {
        None => PAGE,
        Some(Ok(limit)) if (1..=PAGE).contains(&limit) => limit,
        Some(_) => return Err(ApiError::Query("`limit` is a number from 1 to 500")),
    };
    let most = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = app.store.passes(after.unwrap_or_default().into_owned(), most).await?;
    let next = (rows.len() == limit).then(|| rows.last().map(|row| row.id.clone())).flatten();
    let passes = rows.into_iter().filter_map(|row| Pass::from_row(row).ok());
    let passes = passes.map(|pass| PassView::of(&pass, &app)).collect();
    Ok(HttpResponse::Ok().json(Page { passes, next }))
}

/// A pass by its id.
#[utoipa::path(
    get, path = "/api/v1/passes/{id}", tag = "passes", security(("key" = ["passes:read"])),
    params(("id" = String, Path, description = "Its id")),
    responses(
        (status = 200, description = "The pass", body = PassView),
        (status = 404, description = "No such pass", body = Problem, content_type = "application/problem+json"),
        Refusals,
    ),
)]
pub(super) async fn get(app: Current, id: Path<String>, request: HttpRequest) -> Result<HttpResponse, ApiError> {
    caller(&app, &request, Scope::PassesRead).await?;
    Ok(HttpResponse::Ok().json(PassView::of(&named(&app, id.into_inner()).await?, &app)))
}

/// Withdraws a pass: nobody enters by it any more.
#[utoipa::path(
    delete, path = "/api/v1/passes/{id}", tag = "passes", security(("key" = ["passes:write"])),
    params(("id" = String, Path, description = "Its id")),
    responses(
        (status = 204, description = "It is withdrawn, now or before"),
        (status = 404, description = "No such pass", body = Problem, content_type = "application/problem+json"),
        Refusals,
    ),
)]
pub(super) async fn withdraw(app: Current, id: Path<String>, request: HttpRequest) -> Result<HttpResponse, ApiError> {
    let key = caller(&app, &request, Scope::PassesWrite).await?;
    let pass = named(&app, id.into_inner()).await?;
    if app.store.withdraw_pass(pass.id().to_owned(), app.clock.now().as_second()).await? {
        app.trail
            .record(event(&pass, Outcome::PassWithdrawn, LoginId::random(), &key, record::client(&request)))
            .await?;
        tracing::info!(api_key.id = key.id, pass.id = pass.id(), "pass `{}` withdrawn by the API", pass.id());
    }
    Ok(HttpResponse::NoContent().finish())
}

async fn named(app: &App, id: String) -> Result<Pass, ApiError> {
    let row = app.store.pass_named(id).await?.ok_or(ApiError::NoPass)?;
    Pass::from_row(row).map_err(|_| ApiError::NoPass)
}

/// Makes passes once, and answers with them.
async fn make(
    app: &App,
    request: &HttpRequest,
    body: Payload,
    most: usize,
    order: impl FnOnce(&[u8]) -> Result<Order, ApiError>,
    answer: impl FnOnce(Vec<Made>) -> serde_json::Result<String>,
) -> Result<HttpResponse, ApiError> {
    let key = caller(app, request, Scope::PassesWrite).await?;
    let body = body::read(request, body, most).await?;
    let once = Once::of(request, &key, &body)?;
    if let Some(once) = &once
        && let Some(answer) = once.answered(app).await?
    {
        return Ok(created(answer));
    }
    let made = order(&body)?.make(app)?;
    let answer = answer(made.iter().map(|made| Made::of(made, app)).collect()).expect("texts serialize");
    let reference = LoginId::random();
    let client = record::client(request);
    let events =
        made.iter().map(|made| event(&made.pass, Outcome::PassMade, reference, &key, client.clone())).collect();
    app.trail.record_all(events).await?;
    let rows = made.iter().map(|made| made.pass.to_row()).collect();
    match &once {
        None => app.store.keep_passes(rows).await?,
        Some(once) => {
            let now = app.clock.now().as_second();
            if !app.store.keep_passes_once(rows, once.row(app, &answer), now).await? {
                // The same request came by another connection, and was first.
                return once.answered(app).await?.map(created).ok_or(ApiError::Reused);
            }
        }
    }
    tracing::info!(login.id = %reference, api_key.id = key.id, passes = made.len(), "{} passes made by the API", made.len());
    Ok(created(answer))
}

impl Order {
    /// Makes all, or names what is wrong with any.
    fn make(&self, app: &App) -> Result<Vec<NewPass>, ApiError> {
        let (now, mut made, mut mistakes) = (app.clock.now(), Vec::with_capacity(self.wishes.len()), Vec::new());
        for (number, wish) in self.wishes.iter().enumerate() {
            let place = |wrong: Mistake| {
                let member = if self.is_batch { format!("passes[{number}].{}", wrong.member) } else { wrong.member };
                Mistake { member, what: wrong.what }
            };
            match NewPass::make(wish, now).and_then(|made| with_provider(made, app)) {
                Ok(new) => made.push(new),
                Err(wrong) => mistakes.extend(wrong.into_iter().map(place)),
            }
            if mistakes.len() >= MOST_MISTAKES {
                break;
            }
        }
        mistakes.truncate(MOST_MISTAKES);
        if mistakes.is_empty() { Ok(made) } else { Err(ApiError::Mistakes(mistakes)) }
    }
}

fn with_provider(made: NewPass, app: &App) -> Result<NewPass, Vec<Mistake>> {
    match &made.pass.voucher().bearer.provider {
        Some(id) if app.registry.get(id).is_none() => {
            Err(vec![Mistake { member: "provider".to_owned(), what: "is the id of no provider".to_owned() }])
        }
        _ => Ok(made),
    }
}

fn event(pass: &Pass, outcome: Outcome, reference: LoginId, key: &ApiKey, client: Client) -> Event {
    pass.event(outcome, reference, &format!("API key `{}` ({})", key.name, key.id)).client(client)
}

fn created(answer: String) -> HttpResponse {
    HttpResponse::build(StatusCode::CREATED).content_type("application/json").body(answer)
}

//! The end of every login, whichever way somebody has shown who they are.

use actix_web::http::header::{SET_COOKIE, USER_AGENT};
use actix_web::{HttpRequest, HttpResponse};
use jiff::{SignedDuration, Timestamp};

use super::app::{Admission, App};
use super::error::{PageError, UnderWay};
use super::visitor::Visitor;
use super::{inline, last_used, log};
use crate::policy::Grant;
use crate::provider::{Login, chain};
use crate::session::{SessionId, device};

/// Signs in whoever has `proved` who they are, and leads them on their way; they came at `came`.
pub(super) async fn person(
    app: &App,
    login: UnderWay,
    proved: &Login,
    Admission { way, grant }: Admission,
    visitor: &Visitor,
    request: &HttpRequest,
    came: Timestamp,
) -> Result<HttpResponse, PageError> {
    let session = sign_in(app, proved, visitor, request).await;
    match inline::lead_new(way, session, app).await {
        Ok(answer) => Ok(entered(app, &login, &grant, app.clock.now().duration_since(came), answer)),
        Err(cause) => Err(login.ended(cause)),
    }
}

/// Leads a guest on their way. They have no session: the next meeting asks again, so that a borrowed browser keeps nobody's name.
pub(super) async fn guest(
    app: &App,
    login: UnderWay,
    Admission { way, grant }: Admission,
) -> Result<HttpResponse, PageError> {
    match inline::lead(way, None, app).await {
        Ok(answer) => Ok(entered(app, &login, &grant, SignedDuration::ZERO, answer)),
        Err(cause) => Err(login.ended(cause)),
    }
}

fn entered(app: &App, login: &UnderWay, grant: &Grant, took: SignedDuration, mut answer: HttpResponse) -> HttpResponse {
    log::entered(login, grant, took);
    if app.has_choice() {
        answer.headers_mut().append(SET_COOKIE, last_used::remember(app.cookies, &login.provider));
    }
    answer
}

/// Signs the browser in for its next links. This one needs no session, so that a store that is down keeps nobody out.
async fn sign_in(app: &App, login: &Login, visitor: &Visitor, request: &HttpRequest) -> Option<SessionId> {
    let user_agent = request.headers().get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match app.keeper.begin(login, device(user_agent), visitor.session()).await {
        Ok(id) => {
            visitor.begins(&id);
            Some(id)
        }
        Err(error) => {
            tracing::warn!(error = chain(&error), "somebody has logged in for this once, without a session");
            None
        }
    }
}

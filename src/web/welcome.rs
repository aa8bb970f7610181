//! The end of every login, whichever way somebody has shown who they are.

use actix_web::http::header::SET_COOKIE;
use actix_web::{HttpRequest, HttpResponse};
use jiff::{SignedDuration, Timestamp};

use super::app::{Admission, App};
use super::error::{Ended, PageError, UnderWay};
use super::visitor::Visitor;
use super::{inline, last_used, log, record};
use crate::audit::Person;
use crate::metrics::Ending;
use crate::policy::Grant;
use crate::provider::{Login, ProviderId, chain};
use crate::session::SessionId;

/// Signs in whoever has `proved` who they are, and leads them on their way; they came at `came`.
pub(super) async fn person(
    app: &App,
    login: UnderWay,
    proved: &Login,
    Admission { way, grant, person }: Admission,
    visitor: &Visitor,
    request: &HttpRequest,
    came: Timestamp,
) -> Result<HttpResponse, PageError> {
    let session = sign_in(app, proved, visitor, request).await;
    let led = inline::lead_new(way, session, app).await;
    let entry = Entry { grant, person, took: app.clock.now().duration_since(came), ending: Ending::Entered };
    let provider = login.provider.clone();
    Ok(remember(app, &provider, let_in(app, login, entry, led, request).await?))
}

/// Leads a guest on their way. They have no session: the next meeting asks again, so that a borrowed browser keeps nobody's name.
pub(super) async fn guest(
    app: &App,
    login: UnderWay,
    Admission { way, grant, person }: Admission,
    request: &HttpRequest,
) -> Result<HttpResponse, PageError> {
    let led = inline::lead(way, None, app).await;
    let entry = Entry { grant, person, took: SignedDuration::ZERO, ending: Ending::Entered };
    let provider = login.provider.clone();
    Ok(remember(app, &provider, let_in(app, login, entry, led, request).await?))
}

/// Leads somebody on their way who was signed in already.
pub(super) async fn back(
    app: &App,
    login: UnderWay,
    Admission { way, grant, person }: Admission,
    visitor: &Visitor,
    request: &HttpRequest,
) -> Result<HttpResponse, PageError> {
    let led = inline::lead(way, visitor.session(), app).await;
    let entry = Entry { grant, person, took: SignedDuration::ZERO, ending: Ending::Returned };
    let_in(app, login, entry, led, request).await
}

/// What there is to record, to log and to count of somebody who is let in.
struct Entry {
    grant: Grant,
    person: Person,
    took: SignedDuration,
    ending: Ending,
}

/// Records, logs and counts the end of a login; only then is the answer given.
async fn let_in(
    app: &App,
    login: UnderWay,
    Entry { grant, person, took, ending }: Entry,
    led: Result<HttpResponse, Ended>,
    request: &HttpRequest,
) -> Result<HttpResponse, PageError> {
    let answer = match led {
        Ok(answer) => answer,
        Err(cause) => return Err(UnderWay { person: Some(person), ..login }.ended(cause)),
    };
    match record::entered(app, &login, &grant, person.clone(), record::client(request)).await {
        Ok(()) => {
            log::entered(&login, &grant, took);
            app.tally.let_in(&login.provider, grant.rule(), ending);
            Ok(answer)
        }
        Err(cause) => Err(UnderWay { person: Some(person), ..login }.ended(cause.into())),
    }
}

/// The next choice begins with this provider.
fn remember(app: &App, provider: &ProviderId, mut answer: HttpResponse) -> HttpResponse {
    if app.has_choice() && *provider != ProviderId::pass_holders() {
        answer.headers_mut().append(SET_COOKIE, last_used::remember(app.cookies, provider));
    }
    answer
}

/// Signs the browser in for its next links. This one needs no session, so that a store that is down keeps nobody out.
async fn sign_in(app: &App, login: &Login, visitor: &Visitor, request: &HttpRequest) -> Option<SessionId> {
    match app.keeper.begin(login, record::device_of(request), visitor.session()).await {
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

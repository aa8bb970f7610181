//! For whoever comes without a meeting: where they are, and where they are signed in.

use actix_web::http::header::CONTENT_SECURITY_POLICY;
use actix_web::{HttpRequest, HttpResponse};
use jiff::Timestamp;

use super::answer::page;
use super::app::{App, Current};
use super::error::PageError;
use super::language::Language;
use super::view::{Landing, Moment, Person, Place, SignedIn};
use super::visitor::{Known, Visitor};
use crate::session::{Session, SessionId};
use crate::store::Listed;

/// `GET /`
pub(super) async fn landing(visitor: Visitor, app: Current, request: HttpRequest) -> Result<HttpResponse, PageError> {
    let language = Language::of_reader(&request, None);
    match visitor.known() {
        Known::Unknown => Err(PageError::NoSessions(None)),
        Known::Nobody => Ok(page(&Landing { frame: app.frame(language), meetings: app.meeting.url.as_str() })),
        Known::SignedIn(id, session) => signed_in(&app, language, id, session).await,
    }
}

async fn signed_in(
    app: &App,
    language: Language,
    id: &SessionId,
    session: &Session,
) -> Result<HttpResponse, PageError> {
    let listed = app.keeper.list(session).await?;
    let people = session.identities().iter().map(|signed_in| {
        let identity = signed_in.identity();
        let provider = app.registry.get(identity.provider()).map_or(identity.provider().as_str(), |entry| &entry.name);
        let name = identity.name().or(identity.email()).unwrap_or(provider);
        Person { name, provider }
    });
    let view = SignedIn {
        frame: app.frame(language),
        token: id.form_token(),
        people: people.collect(),
        places: listed.into_iter().map(|listed| place(listed, session)).collect(),
    };
    let mut answer = page(&view);
    answer.headers_mut().insert(CONTENT_SECURITY_POLICY, app.headers.form_leads_to(None));
    Ok(answer)
}

fn place(listed: Listed, session: &Session) -> Place {
    Place {
        here: listed.handle == session.handle(),
        since: moment(listed.created),
        last_used: moment(listed.last_used),
        handle: listed.handle,
        device: listed.device,
    }
}

/// To the minute, in UTC: where the visitor is cannot be known without a script.
pub(super) fn moment(seconds: i64) -> Moment {
    let time = Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH);
    Moment { shown: time.strftime("%Y-%m-%d %H:%M UTC").to_string(), exact: time.to_string() }
}

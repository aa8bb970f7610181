//! Logging out, by the visitor.

use actix_web::http::header::CONTENT_SECURITY_POLICY;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::answer::{page, see_other};
use super::app::{App, Current};
use super::error::PageError;
use super::form::Form;
use super::language::Language;
use super::query::{self, Parameter};
use super::record;
use super::view::Logout;
use super::visitor::{Known, Visitor};
use super::{onward, saml_logout};
use crate::provider::http::Http;
use crate::provider::{LogoutRequest, LogoutStep, Provider};
use crate::session::Session;

const TOKEN: Parameter = Parameter { name: "token", max_bytes: 64 };
const WHICH: Parameter = Parameter { name: "which", max_bytes: 64 };

/// Values of `which` beside the handles of sessions, none of which is as short.
const HERE: &str = "here";
const EVERYWHERE: &str = "everywhere";

/// `GET /logout`: asks, since any site can lead a browser here. Jitsi's own page, which calls this in a hidden frame
/// (`tokenLogoutUrl`), is of the same site as Roomkey and need not ask.
pub(super) async fn ask(
    visitor: Visitor,
    app: Current,
    http: Data<Http>,
    request: HttpRequest,
) -> Result<HttpResponse, PageError> {
    let (id, session) = match visitor.known() {
        Known::Unknown => return Err(PageError::NoSessions(None)),
        Known::Nobody => return Ok(see_other(&app.logged_out())),
        Known::SignedIn(id, session) => (id, session),
    };
    if is_hidden_frame_of_this_site(&request) {
        app.keeper.end(session).await?;
        visitor.ends();
        record::logged_out(&app.trail, session, "front-end", &record::client(&request)).await;
        return Ok(see_other(&app.logged_out()));
    }
    let onward = match at_provider(&app, &http, session).await {
        Some(LogoutStep::Redirect(address)) => Some(address),
        // By way of a page of Roomkey's own.
        Some(LogoutStep::Posted(_)) | None => None,
    };
    let mut answer = page(&Logout { frame: app.frame(Language::of_reader(&request, None)), token: id.form_token() });
    answer.headers_mut().insert(CONTENT_SECURITY_POLICY, app.headers.form_leads_to(onward.as_ref()));
    Ok(answer)
}

/// `POST /logout`: ends this session, one of the others, or all of them.
pub(super) async fn end(
    visitor: Visitor,
    Form(form): Form,
    app: Current,
    http: Data<Http>,
    request: HttpRequest,
) -> Result<HttpResponse, PageError> {
    let [token, which] = query::read(&form, [TOKEN, WHICH])?;
    let (id, session) = match visitor.known() {
        Known::Unknown => return Err(PageError::NoSessions(None)),
        Known::Nobody => return Ok(see_other(&app.logged_out())),
        Known::SignedIn(id, session) => (id, session),
    };
    if !token.is_some_and(|token| id.made_form(&token)) {
        return Err(PageError::StaleForm);
    }
    let (mut reason, client) = ("visitor", record::client(&request));
    let onward = match which.as_deref() {
        None | Some(HERE) => at_provider(&app, &http, session).await,
        Some(EVERYWHERE) => {
            let onward = at_provider(&app, &http, session).await;
            app.keeper.end_everywhere(session).await?;
            reason = "visitor-everywhere";
            onward
        }
        Some(handle) if handle == session.handle() => at_provider(&app, &http, session).await,
        Some(handle) => {
            if app.keeper.end_listed(session, handle).await? {
                record::logged_out(&app.trail, session, "visitor-elsewhere", &client).await;
            }
            return Ok(see_other(&format!("{}/", app.public_url)));
        }
    };
    app.keeper.end(session).await?;
    visitor.ends();
    record::logged_out(&app.trail, session, reason, &client).await;
    Ok(match &onward {
        Some(step) => onward::leave(step, &app, &request),
        None => see_other(&app.logged_out()),
    })
}

/// `GET /logout/done`: back from the provider.
pub(super) async fn done(app: Current) -> HttpResponse {
    see_other(&app.logged_out())
}

/// Where the browser logs out at the provider of its latest login that has such a place.
async fn at_provider(app: &App, http: &Http, session: &Session) -> Option<LogoutStep> {
    for signed_in in session.identities().iter().rev() {
        let id = signed_in.identity().provider();
        let Some(entry) = app.registry.get(id) else { continue };
        let Provider::Redirect(provider) = &entry.provider else { continue };
        let Some(logout) = provider.single_logout() else { continue };
        let tether = app.keeper.tether(session, id).await.ok().flatten().unwrap_or_default();
        let back = format!("{}/logout/done", app.public_url);
        let state = saml_logout::state(app, id);
        let request = LogoutRequest { back: &back, state: &state, now: app.clock.now() };
        if let Some(step) = logout.request(http, &tether, request).await {
            return Some(step);
        }
    }
    None
}

/// By what browsers say of a request themselves, and no page can change (Fetch Metadata Request Headers).
fn is_hidden_frame_of_this_site(request: &HttpRequest) -> bool {
    let says = |name: &str, values: &[&str]| {
        let value = request.headers().get(name).and_then(|value| value.to_str().ok());
        value.is_some_and(|value| values.contains(&value))
    };
    says("sec-fetch-dest", &["iframe"]) && says("sec-fetch-site", &["same-site", "same-origin"])
}

//! What the browser takes to a provider: by an address, or by a form that it posts.

use actix_web::http::header::CONTENT_SECURITY_POLICY;
use actix_web::{HttpRequest, HttpResponse};

use super::answer::{page, see_other};
use super::app::App;
use super::language::Language;
use super::view::Relay;
use crate::provider::{LogoutStep, PostedRequest};
use crate::room::JoinRequest;

/// The page that takes a form to its provider; without scripts the visitor does, by its button. `what` is the text that says what is
/// going on.
pub(super) fn post(
    posted: &PostedRequest,
    what: &'static str,
    meeting: Option<&JoinRequest>,
    app: &App,
    asked: &HttpRequest,
) -> HttpResponse {
    let mut answer = page(&Relay {
        frame: app.frame(Language::of_reader(asked, meeting)),
        what,
        action: posted.action.to_string(),
        fields: posted.fields.iter().map(|(name, value)| (*name, value.as_str())).collect(),
    });
    answer.headers_mut().insert(CONTENT_SECURITY_POLICY, app.headers.form_goes_to(&posted.action));
    answer
}

/// Takes the browser on, on its way out.
pub(super) fn leave(step: &LogoutStep, app: &App, asked: &HttpRequest) -> HttpResponse {
    match step {
        LogoutStep::Redirect(address) => see_other(address.as_str()),
        LogoutStep::Posted(posted) => post(posted, "relay.leaving", None, app, asked),
    }
}

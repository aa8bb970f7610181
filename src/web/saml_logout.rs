//! Single logout with SAML providers: their messages, and their answers to Roomkey's own (SAML 2.0 Profiles, section 4.4).

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use jiff::Timestamp;

use super::answer::see_other;
use super::app::{App, Current};
use super::error::PageError;
use super::form::{Form, MAX_SAML_BYTES};
use super::{onward, record};
use crate::audit::Person;
use crate::login::{LIFETIME, Purpose};
use crate::provider::http::Http;
use crate::provider::{
    Entry, Heard, LogoutByProvider, LogoutMessage, LogoutMessages, Provider, ProviderId, Told, chain,
};
use crate::session::{Ended, Keeper};
use crate::store::StoreError;

/// `GET /saml/{provider}/slo`: by HTTP-Redirect.
pub(super) async fn by_query(
    provider: Path<String>,
    app: Current,
    http: Data<Http>,
    request: HttpRequest,
) -> Result<HttpResponse, PageError> {
    hear(&provider, LogoutMessage::Query(request.query_string()), &app, &http, &request).await
}

/// `POST /saml/{provider}/slo`: by HTTP-POST, hence without this browser's cookies: the message names the sessions.
pub(super) async fn by_form(
    provider: Path<String>,
    Form(form): Form<MAX_SAML_BYTES>,
    app: Current,
    http: Data<Http>,
    request: HttpRequest,
) -> Result<HttpResponse, PageError> {
    hear(&provider, LogoutMessage::Form(&form), &app, &http, &request).await
}

async fn hear(
    provider: &str,
    message: LogoutMessage<'_>,
    app: &App,
    http: &Http,
    request: &HttpRequest,
) -> Result<HttpResponse, PageError> {
    let (entry, messages) = find(app, provider)?;
    let id = &entry.id;
    match messages.hear(http, message, app.clock.now()).await {
        Ok(Heard::Request(by_provider)) => Ok(obey(&by_provider, entry, messages, app, request).await),
        Ok(Heard::Answer { state, everywhere }) => {
            if !everywhere || !is_own(app, id, &state) {
                tracing::warn!(
                    provider.id = %id,
                    "somebody is logged out here, and `{id}` does not say that they are everywhere",
                );
            }
            Ok(see_other(&app.logged_out()))
        }
        // Whatever its answer is, the session here has ended before it.
        Err(cause) if message.is_answer() => {
            tracing::warn!(provider.id = %id, error = chain(&cause), "the answer of `{id}` to a logout is not believed");
            Ok(see_other(&app.logged_out()))
        }
        Err(cause) => Err(PageError::BadLogout { provider: id.clone(), cause }),
    }
}

/// Ends the sessions that a provider's message names, and tells it so.
async fn obey(
    by_provider: &LogoutByProvider,
    entry: &Entry,
    messages: &dyn LogoutMessages,
    app: &App,
    request: &HttpRequest,
) -> HttpResponse {
    let id = &entry.id;
    let ended = match end(by_provider, id, app).await {
        Ok(Some(sessions)) => {
            tracing::info!(
                provider.id = %id,
                sessions,
                "`{id}` has logged somebody out: {sessions} sessions end",
            );
            true
        }
        Ok(None) => {
            tracing::warn!(provider.id = %id, "a logout by `{id}` does nothing: its message has been used before");
            false
        }
        Err(error) => {
            tracing::error!(provider.id = %id, error = chain(&error), "a logout by `{id}` does nothing");
            false
        }
    };
    match messages.answer(by_provider, ended, app.clock.now()) {
        Some(step) => onward::leave(&step, app, request),
        None => see_other(&app.logged_out()),
    }
}

/// Ends them on all replicas; gives how many, or nothing if the message has been used before.
async fn end(by_provider: &LogoutByProvider, provider: &ProviderId, app: &App) -> Result<Option<u64>, StoreError> {
    // A message is spent only when the sessions can be ended, so that the provider can send it again once they can.
    app.keeper.check().await?;
    let name = Keeper::token_hash(provider, &by_provider.id);
    if !app.store.spend(name, by_provider.expires.as_second()).await? {
        return Ok(None);
    }
    let mut ended = 0;
    for sid in &by_provider.sids {
        ended += app.keeper.end_by_provider(provider, Ended::Sid(sid)).await?;
    }
    if by_provider.sids.is_empty()
        && let Some(subject) = &by_provider.subject
    {
        ended += app.keeper.end_by_provider(provider, Ended::Subject(subject)).await?;
    }
    let person = by_provider.subject.as_ref().map(|subject| Person::known_as(provider, subject.as_str()));
    record::logged_out_by_provider(app, provider, person, ended).await;
    Ok(Some(ended))
}

/// What a logout at `provider` takes along and has to bring back: made here, for this provider, not long ago.
pub(super) fn state(app: &App, provider: &ProviderId) -> String {
    let now = app.clock.now().as_second().to_be_bytes().to_vec();
    app.sealer.seal(Purpose::Logout, provider.as_str().as_bytes(), now)
}

fn is_own(app: &App, provider: &ProviderId, state: &str) -> bool {
    let opened = app.sealer.open(Purpose::Logout, provider.as_str().as_bytes(), state);
    let made = opened.and_then(|plain| Timestamp::from_second(i64::from_be_bytes((**plain).try_into().ok()?)).ok());
    made.is_some_and(|made| app.clock.now().duration_since(made).unsigned_abs() <= LIFETIME)
}

fn find<'a>(app: &'a App, provider: &str) -> Result<(&'a Entry, &'a dyn LogoutMessages), PageError> {
    let id = provider.parse().map_err(|_| PageError::NoProvider)?;
    let entry = app.provider(&id)?;
    let Provider::Redirect(provider) = &entry.provider else { return Err(PageError::NoProvider) };
    match provider.single_logout().map(|logout| logout.told()) {
        Some(Told::Messages(messages)) => Ok((entry, messages)),
        Some(Told::Tokens(_)) | None => Err(PageError::NoProvider),
    }
}

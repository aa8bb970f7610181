//! What goes into the audit trail of what a request has come to.

use actix_web::HttpRequest;
use actix_web::http::header::USER_AGENT;
use futures_util::future::try_join;

use super::app::App;
use super::error::{Ended, PageError, UnderWay};
use super::{client, log};
use crate::audit::{Client, Event, NotRecorded, Outcome, Person, Trail};
use crate::failure::Failure;
use crate::login::LoginId;
use crate::metrics::Ending;
use crate::policy::{Grant, Refusal};
use crate::provider::{ProviderId, chain};
use crate::session::{Session, device};

/// Where a request comes from.
pub(super) fn client(request: &HttpRequest) -> Client {
    Client { address: client::current(), device: device_of(request) }
}

/// Family of browser and system.
pub(super) fn device_of(request: &HttpRequest) -> String {
    let user_agent = request.headers().get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    device(user_agent)
}

/// Somebody is let in, once this is recorded; and that a pass was used, if it was one that let them in.
///
/// # Errors
/// [`NotRecorded`]: they are not.
pub(super) async fn entered(
    app: &App,
    login: &UnderWay,
    grant: &Grant,
    person: Person,
    client: Client,
) -> Result<(), NotRecorded> {
    let entered = |person, client| app.trail.record(granted(Outcome::Entered, login, grant, person, client));
    if grant.pass().is_none() {
        return entered(person, client).await;
    }
    let used = granted(Outcome::PassUsed, login, grant, person.clone(), client.clone());
    try_join(app.trail.record(used), entered(person, client)).await.map(drop)
}

/// Jitsi's inline login gets its tokens, once this is recorded; and it is counted.
///
/// # Errors
/// [`NotRecorded`]: it does not.
pub(super) async fn renewed(
    app: &App,
    login: &UnderWay,
    grant: &Grant,
    person: Person,
    client: Client,
) -> Result<(), NotRecorded> {
    app.trail.record(granted(Outcome::Renewed, login, grant, person, client)).await?;
    app.tally.let_in(&login.provider, grant.rule(), Ending::Renewed);
    Ok(())
}

fn granted(outcome: Outcome, login: &UnderWay, grant: &Grant, person: Person, client: Client) -> Event {
    let event = Event::new(outcome, login.id);
    let event = match grant.pass() {
        None => event,
        Some(pass) => event.detail(&format!("pass: {pass}")),
    };
    event
        .meeting(&login.request)
        .provider(&login.provider)
        .rule(grant.rule())
        .role(grant.role())
        .person(Some(person))
        .client(client)
}

/// A password was wrong, or was not even tried.
pub(super) async fn not_logged_in(app: &App, login: &UnderWay, failure: Failure, client: Client) {
    let event = Event::failed(failure, login.id).meeting(&login.request).provider(&login.provider);
    note(&app.trail, event.client(client)).await;
}

/// An attempt has ended on the page with this `reference`.
pub(super) async fn failed(app: &App, failure: &PageError, reference: LoginId, client: Client) {
    if !is_attempt(failure.into()) || matches!(failure, PageError::NoSessions(_)) {
        return;
    }
    let mut event = Event::failed(failure.into(), reference).detail(&log::line_of(failure)).client(client);
    if let Some(request) = failure.meeting() {
        event = event.meeting(request);
    }
    if let PageError::NoLogin { provider, .. } = failure {
        event = event.provider(provider);
    }
    if let PageError::Ended { login, cause } = failure {
        event = event.provider(&login.provider).person(login.person.clone());
        if let Ended::Refused(Refusal::Denied { rule }) = cause {
            event = event.rule(rule);
        }
    }
    note(&app.trail, event).await;
}

/// The token endpoint gives nothing, which is about no login that is known.
pub(super) async fn no_tokens(app: &App, failure: Failure, reference: LoginId, client: Client) {
    if is_attempt(failure) {
        note(&app.trail, Event::failed(failure, reference).client(client)).await;
    }
}

/// A session has ended for everybody that it was signed in as.
pub(super) async fn logged_out(trail: &Trail, session: &Session, reason: &'static str, client: &Client) {
    let reference = LoginId::random();
    for signed_in in session.identities() {
        let identity = signed_in.identity();
        let event = Event::new(Outcome::LoggedOut, reference).provider(identity.provider()).reason(reason);
        note(trail, event.person(Some(Person::of(identity))).client(client.clone())).await;
    }
}

/// A provider has ended so many sessions, of a person if that is known.
pub(super) async fn logged_out_by_provider(app: &App, provider: &ProviderId, person: Option<Person>, sessions: u64) {
    let event = Event::new(Outcome::LoggedOut, LoginId::random()).provider(provider).reason("provider");
    note(&app.trail, event.detail(&format!("sessions: {sessions}")).person(person)).await;
}

/// Records what gives nobody anything.
async fn note(trail: &Trail, event: Event) {
    if let Err(error) = trail.record(event).await {
        tracing::error!(error = chain(&error), "an attempt that led nowhere is not recorded");
    }
}

/// Whether a failure is one of an attempt to enter a meeting. Anybody can ask for pages that are not there, in any number.
fn is_attempt(failure: Failure) -> bool {
    !matches!(
        failure,
        Failure::NoPage
            | Failure::PassUnknown
            | Failure::PassesTried
            | Failure::WrongMethod
            | Failure::BadRequest
            | Failure::NoProvider
            | Failure::StaleForm
            | Failure::ForeignOrigin
            | Failure::WrongGrant
    )
}

//! Whoever is signed in goes straight to the meeting.

use std::sync::Arc;

use jiff::Timestamp;

use super::app::{Admission, App};
use super::error::{PageError, UnderWay};
use super::link::Link;
use super::visitor::{Known, Visitor};
use super::{client, record};
use crate::audit::Client;
use crate::jitsi::SigningError;
use crate::login::LoginId;
use crate::policy::Grant;
use crate::provider::ProviderId;
use crate::provider::http::Http;
use crate::session::{Renewal, Session, SignedIn, Standing, best};
use crate::store::StoreError;

/// What becomes of a link by the session alone.
pub(super) enum Join<T> {
    /// Into the meeting.
    In(Box<(UnderWay, T)>),
    /// The provider has to confirm somebody by way of the browser, without a word to them.
    Silently(ProviderId),
    /// A login is needed, at a provider where the browser is signed in or at any other.
    Login,
    /// A login is needed, and only at another provider does it help.
    Elsewhere,
}

/// Decides on a link, by the rules of this moment, for whom the browser is signed in as.
pub(super) async fn join(app: &App, http: &Http, link: &Link, visitor: &Visitor) -> Result<Join<Admission>, PageError> {
    let Known::SignedIn(_, session) = visitor.known() else {
        return Ok(Join::Login);
    };
    if link.other {
        return Ok(Join::Login);
    }
    let admit = |somebody: &SignedIn, grant, now| {
        app.admission(somebody.identity(), grant, link.pass.as_deref(), &link.request, now)
    };
    join_by(app, http, link, session, admit).await
}

/// Decides on a link, by the rules of this moment, for whom the session is signed in as; `admit` makes of a grant what they get.
pub(super) async fn join_by<T>(
    app: &App,
    http: &Http,
    link: &Link,
    session: &Session,
    admit: impl Fn(&SignedIn, Grant, Timestamp) -> Result<T, SigningError>,
) -> Result<Join<T>, PageError> {
    match decide(app, link, session, Confirmed::NotYet, &admit)? {
        Next::Done(join) => {
            note_use(app, &join, session);
            Ok(join)
        }
        Next::Confirm(provider) => confirm_and_decide(app, http, link, session.handle(), &provider, &admit).await,
    }
}

/// Whether the session has just been confirmed, or nobody could.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Confirmed<'a> {
    NotYet,
    /// The identity from this provider has been, a moment ago.
    Just(&'a ProviderId),
    /// The provider cannot be asked: what is known holds for its grace time.
    Impossible,
}

enum Next<T> {
    Done(Join<T>),
    Confirm(ProviderId),
}

fn decide<T>(
    app: &App,
    link: &Link,
    session: &Session,
    confirmed: Confirmed<'_>,
    admit: &impl Fn(&SignedIn, Grant, Timestamp) -> Result<T, SigningError>,
) -> Result<Next<T>, PageError> {
    let now = app.clock.now();
    let (here, voucher) = (app.circumstances(now), link.pass.as_ref().map(|pass| pass.voucher()));
    let Some(best) = best(session, &app.policy.now(), voucher, &link.request, link.provider.as_ref(), here) else {
        return Ok(Next::Done(Join::Login));
    };
    let choice = match best {
        Ok(choice) => choice,
        Err(_) if could_be_let_in_elsewhere(app, link, session) => return Ok(Next::Done(Join::Elsewhere)),
        Err(refusal) => {
            let identity = session.identities()[0].identity();
            return Err(under_way(link, identity.provider().clone()).by(identity).ended(refusal.into()));
        }
    };
    if !link.wanted.takes(choice.signed_in.since(), now) {
        return Ok(Next::Done(Join::Login));
    }
    let provider = choice.signed_in.identity().provider().clone();
    match (app.keeper.lifetimes().standing(choice.signed_in.confirmed(), now), confirmed) {
        (Standing::Due | Standing::Overdue, Confirmed::Just(just)) if *just != provider => Ok(Next::Confirm(provider)),
        (Standing::Fresh, _) | (_, Confirmed::Just(_)) | (Standing::Due, Confirmed::Impossible) => {
            let login = under_way(link, provider);
            match admit(choice.signed_in, choice.grant, now) {
                Ok(admitted) => Ok(Next::Done(Join::In(Box::new((login, admitted))))),
                Err(cause) => Err(login.by(choice.signed_in.identity()).ended(cause.into())),
            }
        }
        (Standing::Overdue, Confirmed::Impossible) => Ok(Next::Done(Join::Login)),
        (Standing::Due | Standing::Overdue, Confirmed::NotYet) => Ok(Next::Confirm(provider)),
    }
}

/// Confirmations that one link waits for: each may show that another identity is the better one.
const MOST_CONFIRMATIONS: usize = 4;

/// Has identities confirmed until one of them, by its claims of now, leads in or none does.
async fn confirm_and_decide<T>(
    app: &App,
    http: &Http,
    link: &Link,
    handle: &str,
    provider: &ProviderId,
    admit: &impl Fn(&SignedIn, Grant, Timestamp) -> Result<T, SigningError>,
) -> Result<Join<T>, PageError> {
    let mut provider = provider.clone();
    for _ in 0..MOST_CONFIRMATIONS {
        let Ok(Some(session)) = app.keeper.find_named(handle).await else {
            return Ok(Join::Login);
        };
        let (session, confirmed) = if is_fresh(app, &session, &provider) {
            // Another link has had it confirmed meanwhile.
            (session, Confirmed::NotYet)
        } else {
            match confirm(app, http, session, &provider).await {
                Ok(Renewal::Confirmed(session)) => (session, Confirmed::Just(&provider)),
                Ok(Renewal::NeedsBrowser) => return Ok(Join::Silently(provider)),
                Ok(Renewal::Disavowed(_) | Renewal::Ended) => return Ok(Join::Login),
                Ok(Renewal::Unknown) | Err(_) => match app.keeper.find_named(handle).await {
                    Ok(Some(session)) => (session, Confirmed::Impossible),
                    _ => return Ok(Join::Login),
                },
            }
        };
        match decide(app, link, &session, confirmed, admit)? {
            Next::Done(join) => {
                note_use(app, &join, &session);
                return Ok(join);
            }
            Next::Confirm(next) => provider = next,
        }
    }
    Ok(Join::Login)
}

/// Has `provider` vouch for its person. Goes on when the visitor leaves: a refresh token, or the record of a session that has
/// ended, may be on its way to the store.
async fn confirm(app: &App, http: &Http, session: Session, provider: &ProviderId) -> Result<Renewal, StoreError> {
    let (keeper, http, registry) = (app.keeper.clone(), http.clone(), Arc::clone(&app.registry));
    let (provider, trail) = (provider.clone(), app.trail.clone());
    let client = Client { address: client::current(), device: String::new() };
    let confirmed = actix_web::rt::spawn(async move {
        let renewal = keeper.confirm(&http, &registry, session, &provider).await;
        if let Ok(Renewal::Disavowed(session)) = &renewal {
            record::logged_out(&trail, session, "not-vouched-for", &client).await;
        }
        renewal
    });
    confirmed.await.unwrap_or(Ok(Renewal::Unknown))
}

/// Whether `provider` has vouched for the person lately.
fn is_fresh(app: &App, session: &Session, provider: &ProviderId) -> bool {
    let standing = |known: &SignedIn| app.keeper.lifetimes().standing(known.confirmed(), app.clock.now());
    session
        .identities()
        .iter()
        .any(|known| known.identity().provider() == provider && standing(known) == Standing::Fresh)
}

/// Whether a provider is left that the browser is not signed in at and some rule might let in.
fn could_be_let_in_elsewhere(app: &App, link: &Link, session: &Session) -> bool {
    link.provider.is_none()
        && app.offer(&link.request).is_ok_and(|offered| offered.iter().any(|entry| !session.is_signed_in_at(&entry.id)))
}

/// Lets the session last longer, while the visitor is already on the way.
fn note_use<T>(app: &App, join: &Join<T>, session: &Session) {
    if !matches!(join, Join::In(_)) {
        return;
    }
    if let Some(used) = app.keeper.use_of(session) {
        let keeper = app.keeper.clone();
        actix_web::rt::spawn(async move {
            // A store that is down has been logged where it was found so, and the session is as good as before.
            let _ = keeper.note(used).await;
        });
    }
}

fn under_way(link: &Link, provider: ProviderId) -> UnderWay {
    UnderWay { id: LoginId::random(), provider, request: link.request.clone(), person: None }
}

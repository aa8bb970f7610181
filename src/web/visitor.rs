//! Who comes: the session that a browser's cookie opens, by actix-session.
//!
//! The cookie holds the session's id alone; what it opens is read from the store once a request, by whoever asks for the
//! [`Visitor`]. Sessions are written by the [`Keeper`](crate::session::Keeper), since a login has to change id and identities in
//! one step, and a store that is down must cost a session and not the login; actix-session is then told the new id, and what it
//! does for the browser follows from that.

use std::collections::HashMap;

use actix_session::config::{CookieContentSecurity, PersistentSession};
use actix_session::storage::{LoadError, SaveError, SessionKey, SessionStore, UpdateError};
use actix_session::{Session as Cookie, SessionExt, SessionMiddleware};
use actix_web::cookie::{Key, SameSite, time};
use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use aws_lc_rs::digest::{SHA512, digest};
use futures_util::future::LocalBoxFuture;

use super::app::{Current, Site};
use super::cookies::CookieNames;
use crate::provider::chain;
use crate::session::{Keeper, Session, SessionId};

/// Name of the cookie, after the prefix of all of Roomkey's.
const NAME: &str = "session";

/// The one member of actix-session's state.
const ID: &str = "id";

/// What comes before the handlers that have to do with sessions.
pub(super) type Sessions = SessionMiddleware<Shelf>;

/// Sets the cookie and reads what it opens.
pub(super) fn sessions(site: &Data<Site>) -> Sessions {
    let app = site.app();
    // actix-session signs the cookie. An id of 192 random bits that is looked up by its hash needs no signature, so that the key
    // need not be secret; derived from the address alone, it is the same on every replica and outlives a change of secrets.
    let key = Key::from(digest(&SHA512, app.public_url.as_bytes()).as_ref());
    let lifetime = time::Duration::try_from(app.keeper.lifetimes().lifetime).unwrap_or(time::Duration::MAX);
    SessionMiddleware::builder(Shelf(site.clone()), key)
        .cookie_name(app.cookies.name(NAME))
        .cookie_content_security(CookieContentSecurity::Signed)
        .cookie_secure(app.cookies == CookieNames::Secure)
        .cookie_http_only(true)
        .cookie_same_site(SameSite::Lax)
        .cookie_path("/".to_owned())
        .session_lifecycle(PersistentSession::default().session_ttl(lifetime))
        .build()
}

/// The store, as actix-session sees it.
#[derive(Clone)]
pub(super) struct Shelf(Data<Site>);

type State = HashMap<String, String>;

impl Shelf {
    /// The key of a session that has been kept already.
    fn key_of(state: &State) -> Option<SessionKey> {
        serde_json::from_str::<String>(state.get(ID)?).ok()?.try_into().ok()
    }
}

impl SessionStore for Shelf {
    /// The id itself: what it opens is another question.
    async fn load(&self, key: &SessionKey) -> Result<Option<State>, LoadError> {
        let id = serde_json::Value::from(key.as_ref()).to_string();
        Ok(key.as_ref().parse::<SessionId>().ok().map(|_| State::from([(ID.to_owned(), id)])))
    }

    async fn save(&self, state: State, _: &time::Duration) -> Result<SessionKey, SaveError> {
        Self::key_of(&state).ok_or_else(|| SaveError::Other(std::io::Error::other("the session has no id").into()))
    }

    async fn update(&self, _: SessionKey, state: State, _: &time::Duration) -> Result<SessionKey, UpdateError> {
        Self::key_of(&state).ok_or_else(|| UpdateError::Other(std::io::Error::other("the session has no id").into()))
    }

    /// The keeper notes each use, by which a session lasts longer.
    async fn update_ttl(&self, _: &SessionKey, _: &time::Duration) -> Result<(), anyhow::Error> {
        Ok(())
    }

    async fn delete(&self, key: &SessionKey) -> Result<(), anyhow::Error> {
        let app = self.0.app();
        if let Ok(id) = key.as_ref().parse::<SessionId>()
            && let Err(error) = app.keeper.end_by_id(&id).await
        {
            tracing::warn!(error = chain(&error), "a session that was to end goes on until it ends by itself");
        }
        Ok(())
    }
}

/// Who comes.
pub(super) struct Visitor {
    cookie: Cookie,
    known: Known,
}

/// What is known of a visitor.
pub(super) enum Known {
    /// Nobody that is signed in.
    Nobody,
    /// Somebody that is.
    SignedIn(SessionId, Box<Session>),
    /// They have a cookie, and the store is down.
    Unknown,
}

impl Visitor {
    async fn read(cookie: Cookie, keeper: &Keeper) -> Self {
        let id = cookie.get::<String>(ID).ok().flatten().and_then(|id| id.parse::<SessionId>().ok());
        let known = match id {
            None => Known::Nobody,
            Some(id) => match keeper.find(&id).await {
                Ok(Some(session)) => Known::SignedIn(id, Box::new(session)),
                Ok(None) => Known::Nobody,
                Err(_) => Known::Unknown,
            },
        };
        Self { cookie, known }
    }

    /// What is known of them.
    pub(super) fn known(&self) -> &Known {
        &self.known
    }

    /// Their session.
    pub(super) fn session(&self) -> Option<&Session> {
        match &self.known {
            Known::SignedIn(_, session) => Some(session),
            Known::Nobody | Known::Unknown => None,
        }
    }

    /// The browser gets the id of the session that has begun.
    pub(super) fn begins(&self, id: &SessionId) {
        self.cookie.clear();
        self.cookie.renew();
        if self.cookie.insert(ID, id.expose()).is_err() {
            tracing::error!("the session's cookie cannot be set");
        }
    }

    /// The browser's cookie goes, and so does the session, should it be there still.
    pub(super) fn ends(&self) {
        self.cookie.purge();
    }
}

impl FromRequest for Visitor {
    type Error = std::convert::Infallible;
    type Future = LocalBoxFuture<'static, Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let (cookie, app) = (request.get_session(), Current::of(request));
        Box::pin(async move { Ok(Self::read(cookie, &app.keeper).await) })
    }
}

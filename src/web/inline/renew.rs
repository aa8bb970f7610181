//! Tokens for somebody whose session is still there: both kinds of token request ask it, and the rules, at each use.

use jiff::Timestamp;

use super::refused::Refused;
use crate::audit::Person;
use crate::inline::{Inline, Occasion, id_token};
use crate::jitsi::SigningError;
use crate::policy::Grant;
use crate::provider::http::Http;
use crate::provider::{ProviderId, VerifiedIdentity};
use crate::room::JoinRequest;
use crate::session::SignedIn;
use crate::web::app::App;
use crate::web::error::UnderWay;
use crate::web::join::{Join, join_by};
use crate::web::link::Link;

/// The two tokens that every answer has.
pub(super) struct Pair {
    /// The Jitsi token.
    pub(super) access_token: String,
    pub(super) id_token: String,
    /// How long both are good, in seconds.
    pub(super) expires_in: i64,
}

impl Pair {
    /// Signs both for `identity`, who has been granted a room, and has logged in at `since`, if at all.
    pub(super) fn sign(
        app: &App,
        inline: &Inline,
        identity: &VerifiedIdentity,
        grant: &Grant,
        nonce: Option<&str>,
        since: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Self, SigningError> {
        let access = app.sign(identity, grant, now)?;
        let occasion = Occasion { issuer: &app.public_url, nonce, since, now, ends: access.ends() };
        Ok(Self {
            id_token: id_token(&*app.signing_key(now)?, &app.pseudonyms, inline, identity, occasion)?,
            access_token: access.expose().to_owned(),
            expires_in: access.ends() - now.as_second(),
        })
    }
}

/// Tokens for somebody who may still enter.
pub(super) struct Renewed {
    /// By what page, log and record say of it.
    pub(super) login: UnderWay,
    pub(super) pair: Pair,
    /// When that login counts no longer.
    pub(super) ends: Timestamp,
    pub(super) grant: Grant,
    pub(super) person: Person,
}

/// Asks the session of this handle, and then the rules, whether its person from `provider` may enter.
pub(super) async fn ask_again(
    app: &App,
    http: &Http,
    inline: &Inline,
    session: &str,
    meeting: JoinRequest,
    provider: ProviderId,
    nonce: Option<&str>,
) -> Result<Renewed, Refused> {
    let session = app.keeper.find_named(session).await?.ok_or(Refused::SessionEnded)?;
    // The provider named, no other identity of the session takes the place of this one.
    let link = Link::to(meeting, Some(provider));
    let admit = |somebody: &SignedIn, grant: Grant, now| {
        let pair = Pair::sign(app, inline, somebody.identity(), &grant, nonce, Some(somebody.since()), now)?;
        let ends = app.keeper.lifetimes().end_of_login(somebody.since());
        Ok((pair, ends, grant, Person::of(somebody.identity())))
    };
    match join_by(app, http, &link, &session, admit).await {
        Ok(Join::In(entered)) => {
            let (login, (pair, ends, grant, person)) = *entered;
            Ok(Renewed { login, pair, ends, grant, person })
        }
        Ok(Join::Silently(_) | Join::Login | Join::Elsewhere) => Err(Refused::LoginNeeded),
        Err(failure) => Err(Refused::NotLetIn(Box::new(failure))),
    }
}

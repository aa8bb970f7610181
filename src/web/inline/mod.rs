//! Jitsi's inline login over HTTP: the way to a code, what is told to the front end, and the token endpoint.
//!
//! From the room to the grant it is the flow of every meeting link ([`enter`](super::enter)); this module reads the
//! authorization request that stands at its beginning, and writes the answers at its end.

mod authorize;
mod metadata;
mod origin;
mod refused;
mod renew;
mod token;
mod told;

pub use authorize::{AuthorizeError, WrongClient};
pub(super) use authorize::{
    CLIENT_ID, CODE_CHALLENGE, CODE_CHALLENGE_METHOD, NONCE, REDIRECT_URI, RESPONSE_TYPE, S256, authorize,
};
pub(super) use metadata::metadata;
pub(super) use token::{preflight, token};
pub(super) use told::told;

use actix_web::HttpResponse;
use actix_web::guard::GuardContext;
use actix_web::web::Data;
use url::form_urlencoded;

use super::answer::see_other;
use super::app::{App, Site, Way};
use super::error::Ended;
use super::pass;
use crate::inline::{Draft, Inline};
use crate::jitsi::MeetingLink;
use crate::room::InlineRequest;
use crate::session::{Session, SessionId};
use crate::store::PassUse;

/// Whether this configuration has the door: without it, its routes are not there.
pub(super) fn is_open(context: &GuardContext<'_>) -> bool {
    context.app_data::<Data<Site>>().is_some_and(|site| site.app().inline.is_some())
}

/// Leads somebody who was let in on their way.
///
/// # Errors
/// [`Ended::NoCode`]: the way is by a code, and there is none. [`Ended::Pass`]: it is by a pass, and that is used up.
pub(super) async fn lead(way: Way, session: Option<&Session>, app: &App) -> Result<HttpResponse, Ended> {
    match way {
        Way::Link(link) => Ok(see_other(link.as_str())),
        Way::Pass(link, used) => by_pass(&link, used, app).await,
        Way::Code(draft) => issue(*draft, session.map(|session| session.handle().to_owned()), app).await,
    }
}

/// The same for somebody who has just been signed in, if that could be done.
///
/// # Errors
/// [`Ended::NoCode`]: the way is by a code, and there is none. [`Ended::Pass`]: it is by a pass, and that is used up.
pub(super) async fn lead_new(way: Way, session: Option<SessionId>, app: &App) -> Result<HttpResponse, Ended> {
    match way {
        Way::Link(link) => Ok(see_other(link.as_str())),
        Way::Pass(link, used) => by_pass(&link, used, app).await,
        Way::Code(draft) => {
            let session = match session {
                Some(id) => app.keeper.find(&id).await.ok().flatten(),
                None => None,
            };
            issue(*draft, session.map(|session| session.handle().to_owned()), app).await
        }
    }
}

async fn by_pass(link: &MeetingLink, used: PassUse, app: &App) -> Result<HttpResponse, Ended> {
    pass::spend(app, used).await?;
    Ok(see_other(link.as_str()))
}

async fn issue(
    (request, draft): (InlineRequest, Draft),
    session: Option<String>,
    app: &App,
) -> Result<HttpResponse, Ended> {
    let inline = app.inline.as_ref().ok_or(Ended::NoCode(None))?;
    let code = app.issuer.issue(draft, session, app.clock.now()).await.map_err(|cause| Ended::NoCode(Some(cause)))?;
    Ok(back(inline, &[("code", &code.expose()), ("state", &request.state)]))
}

/// Back to the front end's redirect URI, with these parameters (RFC 6749, section 4.1.2).
fn back(inline: &Inline, parameters: &[(&str, &str)]) -> HttpResponse {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    see_other(&format!("{}?{query}", inline.redirect_uri))
}

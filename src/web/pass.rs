//! `/pass/{code}`: an invitation, its room, when it opens, and the way in.
//!
//! Looking at a pass uses nothing of it, so that a program which opens the links of mails spoils none: entering does, by the form
//! of the page or by a login. A code that nobody has and a text that is no code are told apart by nothing; how a pass stands is
//! told to who has its code.

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_SECURITY_POLICY, SET_COOKIE};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use jiff::Timestamp;

use super::answer::page;
use super::app::{App, Current};
use super::cookies::Attempts;
use super::enter;
use super::error::{NoPass, PageError, UnderWay};
use super::form::Form;
use super::forwarded::Arrival;
use super::guest;
use super::holder::Holder;
use super::join::{Join, join};
use super::kind;
use super::landing::moment;
use super::language::Language;
use super::link::{self, AGAIN, Link, OTHER, PROVIDER, ROOM, Wanted};
use super::problem::readable;
use super::query::{self, Parameter};
use super::throttle::{self, Held};
use super::view::{Entrance, Invitation};
use super::visitor::Visitor;
use super::welcome;
use crate::login::LoginId;
use crate::metrics::RequestKind;
use crate::pass::{Pass, Refused};
use crate::policy::Circumstances;
use crate::provider::guest::{GuestName, GuestNameError};
use crate::provider::http::Http;
use crate::provider::{ProviderId, pass_holder};
use crate::room::{Door, JoinRequest, PassCode};
use crate::session::best;
use crate::store::PassUse;

const TOKEN: Parameter = Parameter { name: "token", max_bytes: 64 };
/// Longer than any name, so that one which is too long is told so by the page that asks.
const NAME: Parameter = Parameter { name: "name", max_bytes: 4 * 1024 };

/// Longest time after which a page without scripts looks again, in seconds.
const LOOK_AGAIN: u64 = 60 * 60;

/// The pass of this code, however it stands.
pub(super) async fn find(app: &App, fingerprint: String) -> Result<Pass, NoPass> {
    let row = app.store.pass(fingerprint).await?.ok_or(Refused::Unknown)?;
    let id = row.id.clone();
    Pass::from_row(row).map_err(|unreadable| {
        tracing::error!(pass.id = id, "a pass cannot be used: {unreadable}");
        Refused::Unknown.into()
    })
}

/// The pass of this code, if it may be tried.
pub(super) async fn good(app: &App, code: &PassCode) -> Result<Pass, NoPass> {
    let pass = find(app, code.fingerprint()).await?;
    pass.check(app.clock.now())?;
    Ok(pass)
}

/// Counts somebody who is about to enter, if there is room for them.
pub(super) async fn spend(app: &App, used: PassUse) -> Result<(), NoPass> {
    let (code, now) = (used.code.clone(), app.clock.now());
    if app.store.use_pass(used, now.as_second()).await? {
        return Ok(());
    }
    find(app, code).await?.check(now)?;
    Err(Refused::UsedUp.into())
}

/// A pass that somebody shows.
pub(super) struct Shown {
    pub(super) pass: Pass,
    pub(super) code: PassCode,
}

impl Shown {
    /// The pass that the path names. Who shows too many that nobody has made has to wait.
    pub(super) async fn of(request: &HttpRequest, app: &App) -> Result<Self, PageError> {
        let text = request.match_info().get("code").unwrap_or_default();
        let arrival = Arrival::read(request.peer_addr(), request.headers(), &app.trusted_proxies);
        let counted = match throttle::admit(app, &ProviderId::pass_holders(), arrival.client).await {
            Ok(counted) => counted,
            Err(Held::For(wait)) => return Err(PageError::PassesTried(wait)),
            Err(Held::Silently) => return Err(NoPass::from(Refused::Unknown).into()),
            Err(Held::Unknown(cause)) => return Err(NoPass::from(cause).into()),
        };
        match (find(app, PassCode::fingerprint_of(text)).await, text.parse()) {
            (Ok(pass), Ok(code)) => Ok(Self { pass, code }),
            (Err(cause @ NoPass::Store(_)), _) => Err(cause.into()),
            (Ok(_) | Err(NoPass::Refused(_)), _) => {
                counted.failed(app).await;
                Err(NoPass::from(Refused::Unknown).into())
            }
        }
    }

    /// The meeting that is meant: the one it is for, or the one of those that its holder names.
    fn meeting(&self, named: Option<&str>) -> Option<JoinRequest> {
        let request = self.pass.room().or_else(|| {
            let named = named?.trim();
            let (tenant, room) = named.split_once('/').map_or((None, named), |(tenant, room)| (Some(tenant), room));
            JoinRequest::from_link(tenant, room, None).ok().filter(|request| self.pass.voucher().opens(request))
        });
        request.map(|request| JoinRequest { door: Door::Pass(self.code.clone()), ..request })
    }

    /// The link that goes on with this pass.
    fn link(self, request: JoinRequest, provider: Option<ProviderId>, other: bool) -> Link {
        let provider = provider.or_else(|| self.pass.voucher().bearer.provider.clone());
        let pass = Some(Box::new(self.pass));
        Link { request, provider, lost_before: 0, other, idp: None, find: None, wanted: Wanted::default(), pass }
    }
}

/// How somebody gets in by a pass.
enum Way {
    /// As who the browser is signed in as.
    SignedIn { name: Option<String> },
    /// By a name.
    Name,
    /// By a login.
    Login,
}

/// How a browser gets in to the meeting of `request`, by the rules of when the pass opens.
fn way(app: &App, pass: &Pass, request: &JoinRequest, visitor: &Visitor, other: bool, now: Timestamp) -> Way {
    let then = pass.begins().map_or(now, |begins| begins.max(now));
    let (policy, here) = (app.policy.now(), app.circumstances(now));
    let signed_in = visitor.session().filter(|_| !other).and_then(|session| {
        best(session, &policy, Some(pass.voucher()), request, None, Circumstances { now: then, ..here })?.ok()
    });
    if let Some(choice) = signed_in {
        let identity = choice.signed_in.identity();
        return Way::SignedIn { name: identity.name().or(identity.email()).map(str::to_owned) };
    }
    let (holders, tenant) = (ProviderId::pass_holders(), request.tenant.as_ref());
    let needs_no_login =
        pass.voucher().bearer.is_anybody() && policy.could_admit_by_pass(&holders, &request.room, tenant, then);
    if needs_no_login { Way::Name } else { Way::Login }
}

/// What somebody has asked of the page, and what was wrong with what they gave.
#[derive(Default)]
struct Asked<'a> {
    room: Option<&'a str>,
    other: bool,
    wrong_name: Option<GuestNameError>,
}

/// `GET /pass/{code}`
pub(super) async fn show(visitor: Visitor, app: Current, request: HttpRequest) -> Result<HttpResponse, PageError> {
    let shown = Shown::of(&request, &app).await?;
    let [room, other] = query::read(request.uri().query().unwrap_or_default(), [ROOM, OTHER])?;
    let asked = Asked { room: room.as_deref(), other: other.is_some(), wrong_name: None };
    let way = shown.meeting(asked.room).map(|meeting| {
        let way = way(&app, &shown.pass, &meeting, &visitor, asked.other, app.clock.now());
        (meeting, way)
    });
    invite(&shown, way, &asked, &app, &request)
}

/// `POST /pass/{code}`: lets somebody in by name, or as who they are signed in as.
pub(super) async fn enter(
    Form(form): Form,
    visitor: Visitor,
    app: Current,
    http: Data<Http>,
    request: HttpRequest,
) -> Result<HttpResponse, PageError> {
    kind::is(RequestKind::Form);
    let shown = Shown::of(&request, &app).await?;
    let [token, name, room, other] = query::read(&form, [TOKEN, NAME, ROOM, OTHER])?;
    let holder = Holder::recall(request.headers(), app.cookies).ok_or(PageError::StaleForm)?;
    if !holder.has_made(token.as_deref().unwrap_or_default()) {
        return Err(PageError::StaleForm);
    }
    let mut asked = Asked { room: room.as_deref(), other: other.is_some(), wrong_name: None };
    let now = app.clock.now();
    let Some(meeting) = shown.meeting(asked.room) else {
        return invite(&shown, None, &asked, &app, &request);
    };
    let way = way(&app, &shown.pass, &meeting, &visitor, asked.other, now);
    match shown.pass.check(now) {
        Err(Refused::Early) => return invite(&shown, Some((meeting, way)), &asked, &app, &request),
        checked => checked.map_err(NoPass::from)?,
    }
    match (way, name.unwrap_or_default().parse::<GuestName>()) {
        (Way::Name, Ok(name)) => by_name(&shown.pass, meeting, &holder, &name, &app, &request).await,
        (Way::Name, Err(wrong)) => {
            asked.wrong_name = Some(wrong);
            invite(&shown, Some((meeting, Way::Name)), &asked, &app, &request)
        }
        (Way::Login, _) => invite(&shown, Some((meeting, Way::Login)), &asked, &app, &request),
        (Way::SignedIn { .. }, _) => {
            let again = Shown { pass: shown.pass.clone(), code: shown.code.clone() };
            let link = shown.link(meeting.clone(), None, false);
            match join(&app, &http, &link, &visitor).await? {
                Join::In(entered) => {
                    let (login, admission) = *entered;
                    welcome::back(&app, login, admission, &visitor, &request).await
                }
                // A form may not lead to a provider, which its page knows nothing of: a link may.
                Join::Silently(_) | Join::Login | Join::Elsewhere => {
                    invite(&again, Some((meeting, Way::Login)), &asked, &app, &request)
                }
            }
        }
    }
}

/// `GET /pass/{code}/login`: to the provider, and from there into the meeting.
pub(super) async fn log_in(
    visitor: Visitor,
    attempts: Attempts,
    app: Current,
    http: Data<Http>,
    request: HttpRequest,
) -> Result<HttpResponse, PageError> {
    let shown = Shown::of(&request, &app).await?;
    let query = request.uri().query().unwrap_or_default();
    let [room, provider, again, other] = query::read(query, [ROOM, PROVIDER, AGAIN, OTHER])?;
    let provider = provider.as_deref().map(str::parse).transpose().map_err(|_| PageError::NoProvider)?;
    let (Some(meeting), Ok(())) = (shown.meeting(room.as_deref()), shown.pass.check(app.clock.now())) else {
        let asked = Asked { room: room.as_deref(), other: other.is_some(), wrong_name: None };
        return invite(&shown, None, &asked, &app, &request);
    };
    let lost_before = again.and_then(|again| again.parse().ok()).unwrap_or(0);
    let link = Link { lost_before, ..shown.link(meeting, provider, other.is_some()).with_own(query)? };
    enter::enter(link, visitor, attempts, app, http, request).await
}

async fn by_name(
    pass: &Pass,
    meeting: JoinRequest,
    holder: &Holder,
    name: &GuestName,
    app: &App,
    request: &HttpRequest,
) -> Result<HttpResponse, PageError> {
    let identity = pass_holder(pass.subject_of(holder.as_str()), name);
    let provider = ProviderId::pass_holders();
    let login = UnderWay { id: LoginId::random(), provider, request: meeting, person: None };
    match app.let_in(&identity, &login.request).await {
        Ok(admission) => welcome::guest(app, login, admission, request).await,
        Err(cause) => Err(login.by(&identity).ended(cause)),
    }
}

/// The page of a pass: with the way in, if it is known which meeting is meant.
fn invite(
    shown: &Shown,
    way: Option<(JoinRequest, Way)>,
    asked: &Asked<'_>,
    app: &App,
    request: &HttpRequest,
) -> Result<HttpResponse, PageError> {
    let (pass, now) = (&shown.pass, app.clock.now());
    match pass.check(now) {
        Ok(()) | Err(Refused::Early) => {}
        Err(refused) => return Err(NoPass::from(refused).into()),
    }
    let holder = Holder::recall(request.headers(), app.cookies).unwrap_or_else(Holder::new);
    let action = format!("{}/pass/{}", app.root, shown.code.expose());
    let meeting = way.as_ref().map(|(meeting, _)| meeting);
    let named = meeting.filter(|_| pass.room().is_none()).map(link::name_of);
    let onward = |path: &str, other: bool| {
        let room = named.as_deref().map(|room| (ROOM, Some(room)));
        let other = (OTHER, other.then_some("1"));
        link::address(&format!("{action}{path}"), 0, &room.into_iter().chain([other]).collect::<Vec<_>>())
    };
    let entrance = match way.as_ref().map(|(_, way)| way) {
        None => Entrance::Room { typed: asked.room.unwrap_or_default(), is_wrong: asked.room.is_some() },
        Some(Way::Name) => Entrance::Name { wrong: asked.wrong_name.map(guest::sentence) },
        Some(Way::SignedIn { name }) => Entrance::SignedIn { name: name.as_deref(), somebody_else: onward("", true) },
        Some(Way::Login) => Entrance::Login { href: onward("/login", asked.other) },
    };
    let is_wrong = matches!(&entrance, Entrance::Room { is_wrong: true, .. } | Entrance::Name { wrong: Some(_) });
    let wait = pass.begins().map_or(0, |begins| begins.as_second().saturating_sub(now.as_second()));
    let wait = u64::try_from(wait).unwrap_or(0);
    let mut answer = page(&Invitation {
        frame: app.frame(Language::of_reader(request, meeting)),
        token: holder.form_token(),
        meeting: meeting.map(readable),
        named: named.as_deref(),
        longest: GuestName::MAX_UNITS,
        other: asked.other,
        opens: pass.begins().filter(|_| wait > 0).map(|begins| moment(begins.as_second())),
        ends: moment(pass.ends().as_second()),
        wait,
        look_again: wait.saturating_add(1).min(LOOK_AGAIN),
        entrance,
        action: action.clone(),
    });
    if is_wrong {
        *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    answer.headers_mut().insert(CONTENT_SECURITY_POLICY, app.headers.form_leads_on.clone());
    answer.headers_mut().append(SET_COOKIE, holder.remember(app.cookies));
    Ok(answer)
}

#[cfg(test)]
mod tests;

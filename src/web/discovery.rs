//! Which identity provider somebody logs in at, where one provider of the file stands for a whole federation: by a discovery service
//! (Identity Provider Discovery Service Protocol and Profile), or by a list of Roomkey's own.

use std::sync::Arc;

use actix_web::http::header::CONTENT_SECURITY_POLICY;
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use url::form_urlencoded;

use super::answer::{page, see_other};
use super::app::{App, Current};
use super::error::{Ended, PageError, UnderWay};
use super::language::Language;
use super::last_used;
use super::link::{FIND, IDP, Link, link_through};
use super::problem::readable;
use super::query::{self, Parameter};
use super::view::{ChooseIdp, IdpChoice};
use crate::login::{LoginId, Manner};
use crate::provider::http::Http;
use crate::provider::saml::idp::{Directory, Discovery, Idps, ToChoose, mark};
use crate::provider::{Entry, FailedCheck, Provider, ProviderError};

/// Identity providers that are shown at once: to find theirs among more, people type a part of its name.
const MOST_SHOWN: usize = 50;

/// Which link to go on with after the discovery service.
const TO: Parameter = Parameter { name: "to", max_bytes: 4 * 1024 };

/// What becomes of a link by the choice.
pub(super) enum Peer {
    /// The login can begin, with the identity provider of this entity id if there is a choice.
    Known(Option<String>),
    /// It has to be chosen first.
    Ask(HttpResponse),
}

/// Finds out whom `link` is to log in with among the `idps` behind `entry`.
///
/// # Errors
/// [`PageError::NoProvider`] if the link names one that is not there; [`PageError::Ended`] if it cannot be known who is.
pub(super) async fn peer(
    idps: &Arc<Idps>,
    link: &Link,
    manner: Manner,
    entry: &Entry,
    app: &App,
    http: &Http,
    request: &HttpRequest,
) -> Result<Peer, PageError> {
    let ended = |cause| {
        UnderWay { id: LoginId::random(), provider: entry.id.clone(), request: link.request.clone(), person: None }
            .ended(Ended::Provider(cause))
    };
    let directory = match idps.to_choose(http).await.map_err(ended)? {
        ToChoose::Nothing => return Ok(Peer::Known(None)),
        ToChoose::Idp(directory) => directory,
    };
    if let Some(chosen) = &link.idp {
        return match idps.idp(http, Some(chosen)).await {
            Ok(idp) => Ok(Peer::Known(Some(idp.entity_id.clone()))),
            Err(ProviderError::Untrusted { check: FailedCheck::Issuer, .. }) => Err(PageError::NoProvider),
            Err(cause) => Err(ended(cause)),
        };
    }
    let last_used = last_used::recall_peer(request.headers(), app.cookies, &entry.id);
    if manner == Manner::Silent
        && let Some(idp) = last_used.as_deref().and_then(|mark| directory.marked(mark))
    {
        return Ok(Peer::Known(Some(idp.entity_id.clone())));
    }
    Ok(Peer::Ask(match idps.discovery() {
        Some(discovery) if link.find.is_none() => see_other(&ask_service(discovery, link, entry, app)),
        _ => ask(&directory, link, entry, last_used.as_deref(), app, request),
    }))
}

/// `GET /saml/{provider}/discovery`: back from the discovery service. Whoever it names is looked up among those known when the link
/// is opened; if it names nobody, people choose here.
pub(super) async fn back(
    provider: Path<String>,
    app: Current,
    request: HttpRequest,
) -> Result<HttpResponse, PageError> {
    let id = provider.parse().map_err(|_| PageError::NoProvider)?;
    let Provider::Redirect(provider) = &app.provider(&id)?.provider else { return Err(PageError::NoProvider) };
    provider.federation().ok_or(PageError::NoProvider)?;
    let [to, idp] = query::read(request.query_string(), [TO, IDP])?;
    let to = to.filter(|to| is_link(to)).ok_or(PageError::NoPage)?;
    let own = match idp.as_deref() {
        Some(idp) if !idp.is_empty() => (IDP.name, idp),
        _ => (FIND.name, ""),
    };
    Ok(see_other(&format!("{}{}", app.public_url, with(&to, own))))
}

/// Whether it is a link to a meeting as Roomkey writes them, and leads nowhere else.
fn is_link(to: &str) -> bool {
    let is_plain = to.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'#' | b'\\'));
    is_plain && (to.starts_with("/room/") || to.starts_with("/oauth2/authorize?"))
}

/// `link` with one more parameter.
fn with(link: &str, (name, value): (&str, &str)) -> String {
    let mark = if link.contains('?') { '&' } else { '?' };
    let added = form_urlencoded::Serializer::new(String::new()).append_pair(name, value).finish();
    format!("{link}{mark}{added}")
}

/// Section 2.4.1 of the protocol. `isPassive` is left out: somebody is there to be asked.
fn ask_service(discovery: &Discovery, link: &Link, entry: &Entry, app: &App) -> String {
    let to = link_through(link, &entry.id, app.inline.as_ref());
    let back = with(&format!("{}/saml/{}/discovery", app.public_url, entry.id), (TO.name, &to));
    let mut service = discovery.service.clone();
    service
        .query_pairs_mut()
        .append_pair("entityID", &discovery.own_entity_id)
        .append_pair("return", &back)
        .append_pair("returnIDParam", IDP.name);
    service.into()
}

/// A list of those that fit what is looked for, the one used last before all others.
fn ask(
    directory: &Directory,
    link: &Link,
    entry: &Entry,
    last_used: Option<&str>,
    app: &App,
    request: &HttpRequest,
) -> HttpResponse {
    let frame = app.frame(Language::of_reader(request, Some(&link.request)));
    let sought = link.find.as_deref().unwrap_or_default();
    let found = directory.find(sought, MOST_SHOWN);
    let to = format!("{}{}", app.root, link_through(link, &entry.id, app.inline.as_ref()));
    let last = last_used.and_then(|mark| directory.marked(mark)).filter(|_| sought.trim().is_empty());
    let others = found.idps.iter().copied().filter(|idp| Some(*idp) != last);
    let choices = last.into_iter().chain(others).map(|idp| IdpChoice {
        name: idp.name(frame.text.tag()),
        href: with(&to, (IDP.name, &idp.entity_id)),
        last_used: last_used.is_some_and(|last| last == mark(&idp.entity_id)),
    });
    let (action, query) = to.split_once('?').unwrap_or((&to, ""));
    let mut answer = page(&ChooseIdp {
        frame,
        meeting: readable(&link.request),
        choices: choices.collect(),
        more: found.more,
        sought,
        action: action.to_owned(),
        hidden: form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
        longest: FIND.max_bytes / 4,
    });
    answer.headers_mut().insert(CONTENT_SECURITY_POLICY, app.headers.form_leads_to(None));
    answer
}

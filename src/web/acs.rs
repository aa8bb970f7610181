//! From a SAML provider's response into the meeting, and what Roomkey publishes for such providers.

use std::borrow::Cow;

use actix_web::http::header::{CONTENT_TYPE, HeaderValue};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use percent_encoding::percent_decode_str;

use super::answer::see_other;
use super::app::{App, Current};
use super::callback::{RELAYED, into_meeting, relay_to};
use super::cookies::Attempts;
use super::error::PageError;
use super::form::{Form, MAX_SAML_BYTES};
use super::link::link_to;
use super::query::{self, Parameter};
use super::visitor::Visitor;
use crate::login::{LoginError, MAX_STATE_BYTES, Mismatch};
use crate::provider::http::Http;
use crate::provider::saml::MAX_RESPONSE_BYTES;
use crate::provider::{AuthenticationResponse, Entry, Provider, ServiceProvider};
use crate::room::JoinRequest;

/// The longest document in base64, broken into lines.
const SAML_RESPONSE: Parameter =
    Parameter { name: "SAMLResponse", max_bytes: MAX_RESPONSE_BYTES + MAX_RESPONSE_BYTES / 2 };
const RELAY_STATE: Parameter = Parameter { name: "RelayState", max_bytes: MAX_STATE_BYTES };

/// `POST /saml/{provider}/acs` (SAML 2.0 Bindings, section 3.5): comes from the provider's site, hence without the cookies that
/// `SameSite` holds back. The first time it is sent on by a page of Roomkey's own.
pub(super) async fn consume(
    provider: Path<String>,
    Form(form): Form<MAX_SAML_BYTES>,
    attempts: Attempts,
    visitor: Visitor,
    app: Current,
    http: Data<Http>,
    request: HttpRequest,
) -> Result<HttpResponse, PageError> {
    let (entry, service) = find(&app, &provider)?;
    let [saml_response, state, relayed] = query::read(&form, [SAML_RESPONSE, RELAY_STATE, RELAYED])?;
    match attempts.open(&app, &entry.id, state.as_deref()) {
        Err(PageError::NoLogin { cause: LoginError::Lost(_), .. }) if relayed.is_none() => {
            let fields = [(SAML_RESPONSE, &saml_response), (RELAY_STATE, &state)];
            let fields = fields.into_iter().filter_map(|(field, value)| Some((field.name, value.as_deref()?)));
            Ok(relay_to(format!("{}/saml/{}/acs", app.root, entry.id), fields.collect(), &app, &request))
        }
        Err(PageError::NoLogin { cause: LoginError::NotYours(Mismatch::State), .. }) if service.may_begin_there() => {
            Ok(begin_here(&app, entry, state.as_deref().unwrap_or_default()))
        }
        attempt => {
            let saml_response = saml_response.map(Cow::into_owned);
            let response = AuthenticationResponse { saml_response, ..AuthenticationResponse::default() };
            into_meeting(&app, &http, attempt?, response, &visitor, &request).await
        }
    }
}

/// `GET /saml/{provider}/metadata`.
pub(super) async fn metadata(provider: Path<String>, app: Current) -> Result<HttpResponse, PageError> {
    let (_, service) = find(&app, &provider)?;
    let mut answer = HttpResponse::Ok().body(service.metadata().to_owned());
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/samlmetadata+xml"));
    Ok(answer)
}

fn find<'a>(app: &'a App, provider: &str) -> Result<(&'a Entry, &'a dyn ServiceProvider), PageError> {
    let id = provider.parse().map_err(|_| PageError::NoProvider)?;
    let entry = app.provider(&id)?;
    let Provider::Redirect(provider) = &entry.provider else { return Err(PageError::NoProvider) };
    Ok((entry, provider.service_provider().ok_or(PageError::NoProvider)?))
}

/// A login that began at the provider. Nobody has asked for its response, so it proves nothing here, or anybody could have a visitor
/// signed in as somebody else: it is not even read. A login of the visitor's own begins instead, which the provider answers at once.
fn begin_here(app: &App, entry: &Entry, relay_state: &str) -> HttpResponse {
    let link = meeting(app, relay_state).map(|request| link_to(&request, Some(&entry.id), 0, app.inline.as_ref()));
    see_other(&format!("{}{}", app.public_url, link.as_deref().unwrap_or("/")))
}

/// The meeting that somebody at the provider means: its link at Roomkey, or what stands behind `/room/` there.
fn meeting(app: &App, relay_state: &str) -> Option<JoinRequest> {
    let path = match relay_state.strip_prefix(&app.public_url) {
        Some(path) => path.strip_prefix("/room/")?,
        None => relay_state,
    };
    let decoded = |segment| percent_decode_str(segment).decode_utf8().ok();
    let (tenant, room) = match path.split_once('/') {
        Some((tenant, room)) => (Some(decoded(tenant)?), decoded(room)?),
        None => (None, decoded(path)?),
    };
    JoinRequest::from_link(tenant.as_deref(), &room, None).ok()
}

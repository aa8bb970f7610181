//! Links to a meeting: reading those that come, and writing those that lead back to Roomkey.

use std::borrow::Cow;
use std::future::{Ready, ready};
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use jiff::Timestamp;
use percent_encoding::percent_decode_str;
use url::form_urlencoded;

use super::app::{App, Current};
use super::error::{PageError, RequestError};
use super::inline::{CLIENT_ID, CODE_CHALLENGE, CODE_CHALLENGE_METHOD, NONCE, REDIRECT_URI, RESPONSE_TYPE, S256};
use super::query::{self, Parameter, QueryError};
use crate::inline::Inline;
use crate::pass::Pass;
use crate::provider::ProviderId;
use crate::room::{Client, Door, JitsiState, JoinRequest};

pub(super) const STATE: Parameter = Parameter { name: "state", max_bytes: JitsiState::MAX_BYTES };
pub(super) const PROVIDER: Parameter = Parameter { name: "provider", max_bytes: ProviderId::MAX_BYTES };
pub(super) const AGAIN: Parameter = Parameter { name: "again", max_bytes: 3 };
/// Roomkey's own: whoever is signed in wants to be somebody else.
pub(super) const OTHER: Parameter = Parameter { name: "other", max_bytes: 1 };
/// Roomkey's own: the identity provider that was chosen among those behind a provider, by its entity id.
pub(super) const IDP: Parameter = Parameter { name: "idp", max_bytes: 4 * 1024 };
/// Roomkey's own: by which words an identity provider is looked for.
pub(super) const FIND: Parameter = Parameter { name: "find", max_bytes: 256 };
pub(super) const ROOM: Parameter = Parameter { name: "room", max_bytes: 4 * 1024 };
const TENANT: Parameter = Parameter { name: "tenant", max_bytes: 4 * 1024 };

/// `tokenAuthUrl` of those who had jitsi-oidc-adapter, without its query (its `docs/setup-standalone.md`).
pub(super) const ADAPTER_AUTH: &str = "/oidc/auth";

/// A link that somebody clicked.
#[derive(Debug, PartialEq)]
pub(super) struct Link {
    pub(super) request: JoinRequest,
    /// The provider it asks for.
    pub(super) provider: Option<ProviderId>,
    /// How many logins were lost in a row before it (`again`).
    pub(super) lost_before: u8,
    /// Whoever is signed in wants to be somebody else (`other`).
    pub(super) other: bool,
    /// The identity provider that was chosen (`idp`).
    pub(super) idp: Option<String>,
    /// What an identity provider is looked for by (`find`).
    pub(super) find: Option<String>,
    /// What an authorization request says of the login it wants.
    pub(super) wanted: Wanted,
    /// The pass by which it leads to the meeting.
    pub(super) pass: Option<Box<Pass>>,
}

/// What an authorization request says of the login it wants (OpenID Connect Core 1.0, section 3.1.2.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    /// No page may be shown (`prompt=none`).
    pub(super) no_page: bool,
    /// How old the login may be (`max_age`).
    pub(super) max_age: Option<Duration>,
}

impl Wanted {
    /// Whether a login at `since` is not too old.
    pub(super) fn takes(self, since: Timestamp, now: Timestamp) -> bool {
        self.max_age.is_none_or(|most| now.duration_since(since).unsigned_abs() <= most)
    }
}

impl Link {
    /// `/room/{room}` or `/room/{tenant}/{room}`: the raw path below `/room/`, and the raw query.
    fn by_path(path: &str, raw_query: &str) -> Result<Self, PageError> {
        let (tenant, room) = match path.split_once('/') {
            Some((tenant, room)) => (Some(segment(tenant)?), segment(room)?),
            None => (None, segment(path)?),
        };
        let [state, provider, again] = query::read(raw_query, [STATE, PROVIDER, AGAIN])?;
        let link = Self::new(tenant.as_deref(), &room, state.as_deref(), provider.as_deref(), again.as_deref())?;
        Ok(link.with_own(raw_query)?)
    }

    /// `/login/{provider}?room=…&tenant=…`
    fn by_query(provider: &str, raw_query: &str) -> Result<Self, PageError> {
        let [state, again, room, tenant] = query::read(raw_query, [STATE, AGAIN, ROOM, TENANT])?;
        let room = room.unwrap_or_default();
        let link = Self::new(tenant.as_deref(), &room, state.as_deref(), Some(provider), again.as_deref())?;
        Ok(link.with_own(raw_query)?)
    }

    /// `/oidc/auth?state=…`, as jitsi-oidc-adapter has it: the state alone names the meeting.
    fn by_state(app: &App, raw_query: &str) -> Result<Self, PageError> {
        let provider = app.former_clients.jitsi_oidc_adapter.clone().ok_or(PageError::NoPage)?;
        let [state] = query::read(raw_query, [STATE])?;
        let request = JoinRequest::from_state(&state.unwrap_or_default())?;
        Ok(Self::to(request, Some(provider)))
    }

    fn new(
        tenant: Option<&str>,
        room: &str,
        state: Option<&str>,
        provider: Option<&str>,
        again: Option<&str>,
    ) -> Result<Self, PageError> {
        let provider = provider.map(str::parse).transpose().map_err(|_| PageError::NoProvider)?;
        let lost_before = again.and_then(|again| again.parse().ok()).unwrap_or(0);
        let request = JoinRequest::from_link(tenant, room, state)?;
        Ok(Self { lost_before, ..Self::to(request, provider) })
    }

    /// The plain link to a meeting, by way of `provider` if that is given.
    pub(super) fn to(request: JoinRequest, provider: Option<ProviderId>) -> Self {
        let wanted = Wanted::default();
        Self { request, provider, lost_before: 0, other: false, idp: None, find: None, wanted, pass: None }
    }

    /// With the parameters that are Roomkey's own, by whichever address the link came.
    pub(super) fn with_own(self, raw_query: &str) -> Result<Self, QueryError> {
        let [other, idp, find] = query::read(raw_query, [OTHER, IDP, FIND])?;
        Ok(Self {
            other: self.other || other.is_some(),
            idp: idp.filter(|idp| !idp.is_empty()).map(Cow::into_owned),
            find: find.map(Cow::into_owned),
            ..self
        })
    }
}

/// One segment of a raw path, decoded exactly once: actix decodes a path for routing, but not all of it.
fn segment(raw: &str) -> Result<Cow<'_, str>, RequestError> {
    percent_decode_str(raw).decode_utf8().map_err(|_| RequestError::Path)
}

impl FromRequest for Link {
    type Error = PageError;
    type Future = Ready<Result<Self, PageError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let path = request.uri().path();
        let query = request.uri().query().unwrap_or_default();
        ready(match (path.strip_prefix("/room/"), path.strip_prefix("/login/")) {
            _ if path == ADAPTER_AUTH => Self::by_state(&Current::of(request), query),
            (Some(path), _) => Self::by_path(path, query),
            (None, Some(provider)) => Self::by_query(provider, query),
            (None, None) => Err(PageError::NoPage),
        })
    }
}

/// The link that asks for the same meeting again, by the same door, with the same options in the same program, by way of
/// `provider`, after `lost_before` losses in a row.
pub(super) fn link_to(
    request: &JoinRequest,
    provider: Option<&ProviderId>,
    lost_before: u8,
    inline: Option<&Inline>,
) -> String {
    link_with(request, provider, lost_before, false, inline)
}

/// The link that asks for the same meeting as somebody else than the browser is signed in as.
pub(super) fn link_for_another(request: &JoinRequest, inline: Option<&Inline>) -> String {
    link_with(request, None, 0, true, inline)
}

/// The link that asks for what `link` does, by way of `provider`.
pub(super) fn link_through(link: &Link, provider: &ProviderId, inline: Option<&Inline>) -> String {
    link_with(&link.request, Some(provider), link.lost_before, link.other, inline)
}

/// The link that begins a lost login again: what is left of it in its `state`.
pub(super) fn link_again(path: &str, provider: &ProviderId, lost_before: u8) -> String {
    address(&format!("/room/{path}"), lost_before, &[(PROVIDER, Some(provider.as_str()))])
}

fn link_with(
    request: &JoinRequest,
    provider: Option<&ProviderId>,
    lost_before: u8,
    other: bool,
    inline: Option<&Inline>,
) -> String {
    let provider = (PROVIDER, provider.map(ProviderId::as_str));
    let other = (OTHER, other.then_some("1"));
    match (&request.door, inline) {
        (Door::Inline(asked), Some(inline)) => {
            let challenge = asked.code_challenge.to_string();
            let parameters = [
                (CLIENT_ID, Some(&*inline.client_id)),
                (REDIRECT_URI, Some(&*inline.redirect_uri)),
                (RESPONSE_TYPE, Some("code")),
                (STATE, Some(&*asked.state)),
                (NONCE, asked.nonce.as_deref()),
                (CODE_CHALLENGE, Some(&*challenge)),
                (CODE_CHALLENGE_METHOD, Some(S256)),
                provider,
                other,
            ];
            address("/oauth2/authorize", lost_before, &parameters)
        }
        (Door::Pass(code), _) => {
            let room = name_of(request);
            let path = if provider.1.is_some() { "/login" } else { "" };
            let path = format!("/pass/{}{path}", code.expose());
            address(&path, lost_before, &[(ROOM, Some(&*room)), provider, other])
        }
        _ => {
            let state = state_of(request);
            let path = format!("/room/{}", request.path());
            address(&path, lost_before, &[provider, (STATE, state.as_deref()), other])
        }
    }
}

/// A meeting as [`ROOM`] names it: with its tenant, each as [`JoinRequest::from_link`] takes it.
pub(super) fn name_of(request: &JoinRequest) -> String {
    match &request.tenant {
        Some(tenant) => format!("{}/{}", tenant.as_str(), request.room.as_str()),
        None => request.room.as_str().to_owned(),
    }
}

/// `path` with this query.
pub(super) fn address(path: &str, lost_before: u8, parameters: &[(Parameter, Option<&str>)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (parameter, value) in parameters {
        value.map(|value| query.append_pair(parameter.name, value));
    }
    if lost_before > 0 {
        query.append_pair(AGAIN.name, &lost_before.to_string());
    }
    let query = query.finish();
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{path}{mark}{query}")
}

/// Jitsi's `state` for this request; `None` if it would say nothing.
fn state_of(request: &JoinRequest) -> Option<String> {
    let client = match request.client {
        Client::Browser => None,
        Client::Ios => Some(r#""ios":true"#.to_owned()),
        Client::Android => Some(r#""android":true"#.to_owned()),
        Client::Electron => Some(r#""electron":true"#.to_owned()),
    };
    let options = request.options.iter().map(|(key, json)| format!("{}:{json}", serde_json::Value::from(key)));
    let members: Vec<_> = client.into_iter().chain(options).collect();
    (!members.is_empty()).then(|| format!("{{{}}}", members.join(",")))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;
    use crate::room::{BadRoom, RoomNameError};

    fn link(uri: &str) -> Result<Link, PageError> {
        let request = TestRequest::with_uri(uri).to_http_request();
        Link::from_request(&request, &mut Payload::None).into_inner()
    }

    fn room(uri: &str) -> String {
        link(uri).unwrap().request.room.to_string()
    }

    #[test]
    fn names_are_decoded_exactly_once() {
        assert_eq!(room("/room/R%C3%A9union"), "r%c3%a9union");
        assert_eq!(room("/room/50%2525"), "50%25");
        assert_eq!(room("/room/my%20room"), "my%20room");
        assert_eq!(link("/room/Sales/Standup").unwrap().request.path(), "sales/standup");
    }

    #[test]
    fn an_encoded_slash_does_not_make_a_tenant() {
        let refused = link("/room/a%2Fb");

        assert!(matches!(refused, Err(PageError::BadRoom(BadRoom::Room(RoomNameError::Reserved { found: '/' })))));
    }

    #[test]
    fn a_path_that_is_not_utf8_is_refused() {
        assert!(matches!(link("/room/%ff"), Err(PageError::Request(RequestError::Path))));
    }

    #[test]
    fn a_link_without_a_name_is_refused_as_empty() {
        for uri in ["/room/", "/room/sales/", "/login/work"] {
            assert!(matches!(link(uri), Err(PageError::BadRoom(BadRoom::Room(RoomNameError::Empty)))), "{uri}");
        }
    }

    #[test]
    fn a_login_link_is_the_room_link_with_its_provider_chosen() {
        let by_query = link("/login/work?room=Standup&tenant=Sales&again=1").unwrap();
        let by_path = link("/room/Sales/Standup?provider=work&again=1").unwrap();

        assert_eq!(by_query, by_path);
        assert_eq!(by_path.provider.unwrap().as_str(), "work");
        assert_eq!(by_path.lost_before, 1);
    }

    #[test]
    fn a_provider_that_cannot_be_one_is_not_found() {
        assert!(matches!(link("/room/standup?provider=Work"), Err(PageError::NoProvider)));
        assert!(matches!(link("/login/a%20b?room=standup"), Err(PageError::NoProvider)));
    }

    #[test]
    fn a_count_of_losses_that_is_none_counts_as_none() {
        assert_eq!(link("/room/standup?again=x").unwrap().lost_before, 0);
        assert_eq!(link("/room/standup?again=999").unwrap().lost_before, 0);
    }

    #[test]
    fn the_way_back_asks_for_the_same_meeting_in_the_same_program() {
        let state = r#"{"android":true,"config.startWithAudioMuted":true,"config.subject":"Q & A"}"#;
        let encoded: String = form_urlencoded::byte_serialize(state.as_bytes()).collect();
        let came = link(&format!("/room/Sales/R%C3%A9union?state={encoded}")).unwrap();

        let percent = link("/room/50%2525").unwrap();

        let back = link(&link_to(&came.request, Some(&"work".parse().unwrap()), 1, None)).unwrap();

        assert_eq!(back.request, came.request);
        assert_eq!(link(&link_to(&percent.request, None, 0, None)).unwrap().request, percent.request);
        assert_eq!(back.request.client, Client::Android);
        assert_eq!((back.provider.unwrap().as_str(), back.lost_before), ("work", 1));
    }

    #[test]
    fn the_way_back_of_a_plain_link_is_as_plain() {
        assert_eq!(link_to(&link("/room/Standup").unwrap().request, None, 0, None), "/room/standup");
    }
}

//! Comes to Roomkey as a browser does, by its public address: begins a login, and comes back from it with the cookie that it was
//! given, and a provider's refusal or, where Roomkey asks by a form of its own, an empty one.

mod diagnosis;
mod saml;

pub use diagnosis::diagnose;

use actix_web::cookie::{Cookie, SameSite};
use http::Request;
use http::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use url::Url;

use crate::clock::Clock;
use crate::config::{ProviderConfig, ProviderKind, PublicUrl};
use crate::login::{LoginAttempt, LoginError, Sealer};
use crate::provider::http::{Answer, Http, HttpError};
use crate::room::JoinRequest;

/// A name that a proxy which decodes addresses would change: it has `%41` in it, which is no `A`.
const ROOM: &str = "roomkey-doctor-%2541";

/// What Roomkey's pages refer to and no other program's do.
const STYLE: &str = "-roomkey.css\"";

/// What was seen from outside.
#[derive(Debug)]
pub struct Observed {
    /// What came of a meeting link.
    pub begun: Result<Begun, HttpError>,
    /// What came of the way back from the provider, or of the form; `None` where it did not come to that.
    pub returned: Option<Result<Returned, HttpError>>,
    /// What plain http answers; `None` where it was not asked.
    pub plain: Option<Result<Plain, HttpError>>,
}

/// The answer to a meeting link.
#[derive(Debug)]
pub struct Begun {
    /// Its status.
    pub status: u16,
    /// Where it leads.
    pub location: Option<Url>,
    /// The login's cookie.
    pub cookie: Option<LoginCookie>,
    /// Whether it is a page of Roomkey's.
    pub is_ours: bool,
    /// Whether people choose from the identity providers of a federation before a login begins.
    pub is_choice: bool,
    /// The meeting that the login is for, as this configuration reads it; `None` without a cookie.
    pub request: Option<Result<JoinRequest, LoginError>>,
}

/// The cookie of a login, without its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoginCookie {
    /// It has the prefix `__Host-`.
    pub host_only: bool,
    /// A browser takes a cookie with that prefix: it is `Secure`, for all paths and for no domain.
    pub keeps_host_only: bool,
    /// `SameSite` is still `Lax`, without which it does not come back from the provider.
    pub is_lax: bool,
}

/// The answer to a provider's refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Returned {
    /// Its status.
    pub status: u16,
    /// Whether the login's cookie came with it: Roomkey then takes it from the browser.
    pub cookie_came: bool,
}

/// What plain http answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plain {
    /// It leads to https.
    pub leads_to_https: bool,
    /// It serves Roomkey.
    pub is_ours: bool,
}

/// The request that the link of [`observe`] is for.
pub(super) fn request() -> JoinRequest {
    JoinRequest::from_link(None, ROOM, None).expect("letters, hyphens and a percent sign make a name")
}

/// Visits `public_url` for a login at `provider`, whose cookies are sealed by `sealer`.
pub async fn observe(
    public_url: &PublicUrl,
    provider: &ProviderConfig,
    http: &Http,
    sealer: &Sealer,
    clock: &Clock,
) -> Observed {
    let link = public_url.join(&format!("room/{}?provider={}", request().path(), provider.id));
    let plain = async {
        match plain(&link) {
            Some(plain) => Some(look(http, &plain, None).await.map(|answer| Plain::of(&answer))),
            None => None,
        }
    };
    let (begun, plain) = futures_util::future::join(look(http, &link, None), plain).await;
    let answer = match begun {
        Ok(answer) => answer,
        Err(error) => return Observed { begun: Err(error), returned: None, plain },
    };
    let location = location(&answer, &link);
    let cookie = login_cookie(&answer);
    let state = match &location {
        Some(location) => parameter(location, "state").or_else(|| parameter(location, "RelayState")),
        None => hidden(&answer, "state").or_else(|| hidden(&answer, "RelayState")),
    };
    let opened = cookie.as_ref().zip(state.as_deref()).map(|(cookie, state)| {
        let value = |tag: &str| cookie.name().ends_with(tag).then(|| cookie.value().to_owned());
        LoginAttempt::open(state, &provider.id, value, sealer, clock.now())
    });
    let returned = match cookie.as_ref().zip(state.as_deref()) {
        Some((cookie, state)) => {
            let sent = format!("{}={}", cookie.name(), cookie.value());
            let answer = match (&provider.kind, &location) {
                (ProviderKind::Saml(_), _) => {
                    let attempt = opened.as_ref().and_then(|opened| opened.as_ref().ok());
                    let (path, fields) = saml::declined(&provider.id, attempt, state, clock.now());
                    fill_in(http, &public_url.join(&path), &fields, &sent).await
                }
                (_, Some(_)) => look(http, &way_back(public_url, provider, state), Some(&sent)).await,
                (_, None) => {
                    // Without a name, which nobody is let in or asked by.
                    let form = public_url.join(&format!("login/{}", provider.id));
                    fill_in(http, &form, &[("state", state.to_owned())], &sent).await
                }
            };
            Some(answer.map(|answer| Returned {
                status: answer.status.as_u16(),
                cookie_came: cookies(&answer).any(|removed| removed.name() == cookie.name()),
            }))
        }
        None => None,
    };
    let begun = Begun {
        status: answer.status.as_u16(),
        cookie: cookie.as_ref().map(LoginCookie::of),
        is_ours: is_ours(&answer),
        is_choice: cookie.is_none() && saml::is_choice(&provider.kind, &answer, location.as_ref()),
        location,
        request: opened.map(|opened| opened.map(|attempt| attempt.request().clone())),
    };
    Observed { begun: Ok(begun), returned, plain }
}

/// The link by plain http, where it is on the standard port.
fn plain(link: &Url) -> Option<Url> {
    let mut plain = link.clone();
    (link.scheme() == "https" && link.port().is_none() && plain.set_scheme("http").is_ok()).then_some(plain)
}

/// The answer of somebody who does not want to log in after all.
fn way_back(public_url: &PublicUrl, provider: &ProviderConfig, state: &str) -> Url {
    let mut url = public_url.join(&format!("callback/{}", provider.id));
    url.query_pairs_mut().append_pair("error", "access_denied").append_pair("state", state);
    if let ProviderKind::Oidc(settings) | ProviderKind::Google(settings) | ProviderKind::Entra(settings) =
        &provider.kind
    {
        url.query_pairs_mut().append_pair("iss", &settings.issuer);
    }
    url
}

/// Answers a form as a browser does.
async fn fill_in(http: &Http, form: &Url, fields: &[(&str, String)], cookie: &str) -> Result<Answer, HttpError> {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = Request::post(form.as_str())
        .header(COOKIE, cookie)
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(body.into_bytes());
    http.look(request.map_err(|_| unusable())?).await
}

fn unusable() -> HttpError {
    HttpError::Connection { cause: "unusable address".to_owned() }
}

async fn look(http: &Http, url: &Url, cookie: Option<&str>) -> Result<Answer, HttpError> {
    let mut request = Request::get(url.as_str());
    if let Some(cookie) = cookie {
        request = request.header(COOKIE, cookie);
    }
    http.look(request.body(Vec::new()).map_err(|_| unusable())?).await
}

fn location(answer: &Answer, base: &Url) -> Option<Url> {
    base.join(answer.headers.get(LOCATION)?.to_str().ok()?).ok()
}

pub(super) fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(found, _)| found == name).map(|(_, value)| value.into_owned())
}

/// A hidden field of a form of Roomkey's.
fn hidden(answer: &Answer, name: &str) -> Option<String> {
    let page = String::from_utf8_lossy(&answer.body);
    let (_, after) = page.split_once(&format!("name=\"{name}\" value=\""))?;
    Some(after.split_once('"')?.0.to_owned())
}

fn cookies(answer: &Answer) -> impl Iterator<Item = Cookie<'static>> {
    let cookies = answer.headers.get_all(SET_COOKIE).into_iter().filter_map(|cookie| cookie.to_str().ok());
    cookies.filter_map(|cookie| Cookie::parse(cookie.to_owned()).ok())
}

fn login_cookie(answer: &Answer) -> Option<Cookie<'static>> {
    cookies(answer).find(|cookie| cookie.name().contains("roomkey-login-") && !cookie.value().is_empty())
}

fn is_ours(answer: &Answer) -> bool {
    String::from_utf8_lossy(&answer.body).contains(STYLE)
}

impl LoginCookie {
    fn of(cookie: &Cookie<'_>) -> Self {
        Self {
            host_only: cookie.name().starts_with("__Host-"),
            keeps_host_only: cookie.secure() == Some(true) && cookie.path() == Some("/") && cookie.domain().is_none(),
            is_lax: cookie.same_site() == Some(SameSite::Lax),
        }
    }
}

impl Plain {
    fn of(answer: &Answer) -> Self {
        let location = answer.headers.get(LOCATION).and_then(|location| location.to_str().ok());
        Self {
            leads_to_https: answer.status.is_redirection() && location.is_some_and(|to| to.starts_with("https://")),
            is_ours: is_ours(answer) || login_cookie(answer).is_some(),
        }
    }
}

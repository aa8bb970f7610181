//! The cookies that hold logins under way, one for each.

use std::future::{Ready, ready};

use actix_web::cookie::{Cookie, SameSite, time};
use actix_web::dev::Payload;
use actix_web::http::header::{COOKIE, HeaderMap, HeaderValue, SET_COOKIE};
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse};

use super::app::App;
use super::error::PageError;
use crate::login::{LIFETIME, LoginAttempt, LoginError, MAX_SIDE_BY_SIDE, Mismatch, SealedAttempt};
use crate::provider::ProviderId;

/// Most bytes that these cookies may take of a `Cookie` header together. nginx reads 8 KiB a line, and the host may have
/// cookies of others.
const MAX_HEADER_BYTES: usize = 6 * 1024;

/// What the names of these cookies begin with, before their tags.
const ATTEMPT: &str = "login-";

/// Longest tag that is taken for one.
const MAX_TAG_BYTES: usize = 32;

/// How the cookies are called, by whether browsers reach Roomkey over https.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CookieNames {
    /// `__Host-…`: no other host and no plain http can set or see them (RFC 6265bis, section 4.1.3.2).
    Secure,
    /// Without the prefix, which browsers accept over https only: for a loopback host.
    Loopback,
}

impl CookieNames {
    fn prefix(self) -> &'static str {
        match self {
            Self::Secure => "__Host-roomkey-",
            Self::Loopback => "roomkey-",
        }
    }

    /// The whole name of a cookie of Roomkey's.
    pub(super) fn name(self, name: &str) -> String {
        format!("{}{name}", self.prefix())
    }

    /// A cookie of Roomkey's; gone from the browser after `max_age`, at once if that is zero. `name` and `value` have to
    /// be of characters that may stand in a cookie (RFC 6265, section 4.1.1).
    pub(super) fn cookie(self, name: &str, value: &str, max_age: time::Duration) -> HeaderValue {
        let cookie = Cookie::build(self.name(name), value)
            .path("/")
            .secure(self == Self::Secure)
            .http_only(true)
            .same_site(SameSite::Lax)
            .max_age(max_age)
            .finish();
        HeaderValue::try_from(cookie.to_string()).expect("names and values are visible ASCII")
    }

    /// The cookie of a login under way.
    fn attempt(self, tag: &str, value: &str, max_age: time::Duration) -> HeaderValue {
        self.cookie(&format!("{ATTEMPT}{tag}"), value, max_age)
    }
}

/// The logins that this browser has under way.
pub(super) struct Attempts(HttpRequest);

/// The tag of a cookie that was taken, for the response to remove.
struct Taken(String);

impl Attempts {
    /// The login of this browser, at `provider`, that an answer with this `state` belongs to. It is good for this one answer, and
    /// no other site can send one.
    pub(super) fn open(
        &self,
        app: &App,
        provider: &ProviderId,
        state: Option<&str>,
    ) -> Result<LoginAttempt, PageError> {
        let no_login = |cause| PageError::NoLogin { provider: provider.clone(), cause };
        let state = state.ok_or_else(|| no_login(LoginError::NotYours(Mismatch::State)))?;
        let cookie = |tag: &str| self.take(app.cookies, tag);
        LoginAttempt::open(state, provider, cookie, &app.sealer, app.clock.now()).map_err(no_login)
    }

    /// The value of the cookie of `tag`. Whatever comes of it, the response removes that cookie.
    fn take(&self, names: CookieNames, tag: &str) -> Option<String> {
        let (_, value) = attempts(self.0.headers(), names).find(|(held, _)| *held == tag)?;
        self.0.extensions_mut().insert(Taken(tag.to_owned()));
        Some(value.to_owned())
    }

    /// Has the browser keep this attempt, by `answer`.
    pub(super) fn keep_by(&self, answer: &mut HttpResponse, names: CookieNames, attempt: &SealedAttempt) {
        for cookie in self.keep(names, attempt) {
            answer.headers_mut().append(SET_COOKIE, cookie);
        }
    }

    /// What the browser is told: to keep this attempt, and to drop the oldest ones that are too many beside it.
    fn keep(&self, names: CookieNames, attempt: &SealedAttempt) -> Vec<HeaderValue> {
        let lifetime = time::Duration::try_from(LIFETIME).unwrap_or(time::Duration::ZERO);
        let kept = names.attempt(&attempt.tag, &attempt.value, lifetime);
        let surplus = surplus(attempts(self.0.headers(), names).collect(), names, attempt.value.len());
        std::iter::once(kept)
            .chain(surplus.into_iter().map(|tag| names.attempt(tag, "", time::Duration::ZERO)))
            .collect()
    }
}

/// What drops the cookie that was taken for this response, if there was one.
pub(super) fn removal(request: &HttpRequest, names: CookieNames) -> Option<HeaderValue> {
    let Taken(tag) = request.extensions_mut().remove::<Taken>()?;
    Some(names.attempt(&tag, "", time::Duration::ZERO))
}

/// Names and values of all cookies of Roomkey's in the request.
pub(super) fn cookies(headers: &HeaderMap, names: CookieNames) -> impl Iterator<Item = (&str, &str)> {
    headers
        .get_all(COOKIE)
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(move |pair| pair.trim().strip_prefix(names.prefix())?.split_once('='))
}

/// Tags and values of all attempts in the request.
fn attempts(headers: &HeaderMap, names: CookieNames) -> impl Iterator<Item = (&str, &str)> {
    cookies(headers, names)
        .filter_map(|(name, value)| Some((name.strip_prefix(ATTEMPT)?, value)))
        .filter(|(tag, _)| tag.len() <= MAX_TAG_BYTES && tag.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// The tags that have to give way to a new attempt with a value of `new_bytes`: tags sort by time, so the smallest go.
fn surplus<'a>(mut held: Vec<(&'a str, &'a str)>, names: CookieNames, new_bytes: usize) -> Vec<&'a str> {
    held.sort_unstable_by(|one, other| other.cmp(one));
    let mut bytes = new_bytes;
    let mut kept = 0;
    held.retain(|(tag, value)| {
        bytes += names.prefix().len() + ATTEMPT.len() + tag.len() + value.len();
        let keep = kept < MAX_SIDE_BY_SIDE - 1 && bytes <= MAX_HEADER_BYTES;
        kept += usize::from(keep);
        !keep
    });
    held.into_iter().map(|(tag, _)| tag).collect()
}

impl FromRequest for Attempts {
    type Error = std::convert::Infallible;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(request.clone())))
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn browser_with(cookies: &str) -> Attempts {
        Attempts(TestRequest::default().insert_header((COOKIE, cookies)).to_http_request())
    }

    fn sealed(tag: &str) -> SealedAttempt {
        SealedAttempt { tag: tag.to_owned(), value: "c2VhbGVk".to_owned() }
    }

    fn texts(cookies: Vec<HeaderValue>) -> Vec<String> {
        cookies.iter().map(|cookie| cookie.to_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn an_attempt_is_kept_out_of_reach_of_scripts_and_other_sites() {
        let browser = browser_with("theme=dark");

        let https = browser.keep(CookieNames::Secure, &sealed("T1"));
        let loopback = browser.keep(CookieNames::Loopback, &sealed("T1"));

        assert_eq!(
            texts(https),
            ["__Host-roomkey-login-T1=c2VhbGVk; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=600"]
        );
        assert_eq!(texts(loopback), ["roomkey-login-T1=c2VhbGVk; HttpOnly; SameSite=Lax; Path=/; Max-Age=600"]);
    }

    #[test]
    fn the_oldest_attempt_gives_way_to_a_sixth() {
        let held: Vec<_> = [3, 1, 5, 2, 4].map(|tag| format!("__Host-roomkey-login-T{tag}=v")).into();
        let browser = browser_with(&held.join("; "));

        let cookies = texts(browser.keep(CookieNames::Secure, &sealed("T6")));

        assert_eq!(cookies.len(), 2);
        assert_eq!(cookies[1], "__Host-roomkey-login-T1=; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=0");
    }

    #[test]
    fn large_attempts_give_way_before_the_header_grows_too_long() {
        let value = "v".repeat(2500);
        let browser = browser_with(&format!("roomkey-login-T1={value}; roomkey-login-T2={value}"));

        let cookies = texts(browser.keep(CookieNames::Loopback, &SealedAttempt { tag: "T3".to_owned(), value }));

        assert_eq!(cookies.len(), 2);
        assert!(cookies[1].starts_with("roomkey-login-T1=;"));
    }

    #[test]
    fn cookies_of_others_are_left_alone() {
        let browser = browser_with("roomkey-login-T1=v; a=1; __Host-roomkey-login-T/1=v; __Host-roomkey-loginT=v");

        assert_eq!(browser.keep(CookieNames::Secure, &sealed("T2")).len(), 1);
        assert_eq!(browser.take(CookieNames::Secure, "T1"), None);
    }

    #[test]
    fn an_attempt_that_was_taken_is_dropped_by_the_response() {
        let browser = browser_with("a=1; roomkey-login-T1=v1; roomkey-login-T2=v2");

        let value = browser.take(CookieNames::Loopback, "T2");

        assert_eq!(value.as_deref(), Some("v2"));
        assert_eq!(
            removal(&browser.0, CookieNames::Loopback).unwrap(),
            "roomkey-login-T2=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0"
        );
    }

    #[test]
    fn an_attempt_that_is_not_there_is_not_dropped() {
        let browser = browser_with("roomkey-login-T1=v1");

        assert_eq!(browser.take(CookieNames::Loopback, "T2"), None);

        assert_eq!(removal(&browser.0, CookieNames::Loopback), None);
    }
}

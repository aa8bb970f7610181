//! Calls to an API of a provider's own (GitHub, Microsoft Graph) by the access token of the person who logs in.

use std::time::Duration;

use http::header::{AUTHORIZATION, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, Request, StatusCode};
use url::Url;

use super::error::Untrusted;
use super::http::{Answer, Http, HttpError};
use super::{FailedCheck, Leg, ProviderError};

/// Most pages of one list that are followed; none is left out, since it could name a group that a rule denies.
pub(super) const MAX_PAGES: usize = 50;

/// Sends `request` with the token, and gives every answer that is about the question: `2xx`, and those `4xx` that speak neither of
/// the token nor of too many calls.
pub(super) async fn call(
    http: &Http,
    mut request: Request<Vec<u8>>,
    access_token: &str,
) -> Result<Answer, ProviderError> {
    let mut bearer = HeaderValue::try_from(format!("Bearer {access_token}"))
        .map_err(|_| Untrusted::new(FailedCheck::TokenResponse, "the access token cannot stand in a header"))?;
    bearer.set_sensitive(true);
    request.headers_mut().insert(AUTHORIZATION, bearer);
    let answer = http.call(request).await.map_err(unreachable)?;
    match answer.status {
        StatusCode::UNAUTHORIZED => Err(ProviderError::Refused { code: "token_not_accepted".to_owned() }),
        status if status.is_server_error() => Err(unreachable(HttpError::Status(status.as_u16()))),
        status if is_limit(status, &answer.headers) => {
            Err(ProviderError::TooManyCalls { leg: Leg::Api, wait: wait(&answer.headers) })
        }
        _ => Ok(answer),
    }
}

/// Whether an answer says that calls came too fast (RFC 6585, section 4; GitHub says it by 403 too).
fn is_limit(status: StatusCode, headers: &HeaderMap) -> bool {
    let is_used_up = || headers.get("x-ratelimit-remaining").is_some_and(|left| left == "0");
    match status {
        StatusCode::TOO_MANY_REQUESTS => true,
        StatusCode::FORBIDDEN => headers.contains_key(RETRY_AFTER) || is_used_up(),
        _ => false,
    }
}

/// `Retry-After` in seconds (RFC 9110, section 10.2.3).
fn wait(headers: &HeaderMap) -> Option<Duration> {
    headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok().map(Duration::from_secs)
}

/// `answer` as JSON of one shape.
pub(super) fn json<T: serde::de::DeserializeOwned>(answer: &Answer) -> Result<T, ProviderError> {
    serde_json::from_slice(&answer.body)
        .map_err(|_| unreachable(HttpError::Unreadable { expected: "what the API is documented to give" }))
}

pub(super) fn unreachable(cause: HttpError) -> ProviderError {
    ProviderError::Unreachable { leg: Leg::Api, cause }
}

/// The address of a next page, if it is below `base`: nobody else gets the token.
pub(super) fn next_page(base: &Url, next: &str) -> Result<Url, Untrusted> {
    let elsewhere = || Untrusted::new(FailedCheck::Api, "its next page is at another address than the API");
    let next = Url::parse(next).map_err(|_| elsewhere())?;
    let folder = format!("{}/", base.path().trim_end_matches('/'));
    let is_below = next.origin() == base.origin() && next.path().starts_with(&folder);
    let is_plain = next.username().is_empty() && next.password().is_none();
    if is_below && is_plain { Ok(next) } else { Err(elsewhere()) }
}

/// What a list without an end is answered with.
pub(super) fn endless() -> Untrusted {
    Untrusted::new(FailedCheck::Api, format!("a list has more than {MAX_PAGES} pages"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|&(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn too_many_calls_are_told_from_a_refusal() {
        let limited = |status, pairs: &[_]| is_limit(status, &headers(pairs));

        assert!(limited(StatusCode::TOO_MANY_REQUESTS, &[]));
        assert!(limited(StatusCode::FORBIDDEN, &[("x-ratelimit-remaining", "0")]));
        assert!(limited(StatusCode::FORBIDDEN, &[("retry-after", "60")]));
        assert!(!limited(StatusCode::FORBIDDEN, &[("x-ratelimit-remaining", "4999")]));
        assert!(!limited(StatusCode::FORBIDDEN, &[]));
        assert!(!limited(StatusCode::OK, &[("x-ratelimit-remaining", "0")]));
    }

    #[test]
    fn a_wait_is_read_in_seconds_or_not_at_all() {
        assert_eq!(wait(&headers(&[("retry-after", "60")])), Some(Duration::from_secs(60)));
        assert_eq!(wait(&headers(&[("retry-after", "Tue, 24 Nov 2026 12:00:00 GMT")])), None);
        assert_eq!(wait(&headers(&[])), None);
    }

    #[test]
    fn pages_are_followed_below_the_api_only() {
        let below = |base: &str, next| next_page(&base.parse().unwrap(), next).is_ok();

        assert!(below("https://api.example.com", "https://api.example.com/user/teams?page=2"));
        assert!(below("https://ghe.example.com/api/v3", "https://ghe.example.com/api/v3/user/teams?page=2"));
        assert!(!below("https://ghe.example.com/api/v3", "https://ghe.example.com/other?page=2"));
        assert!(!below("https://ghe.example.com/api/v3", "https://ghe.example.com/api/v33?page=2"));
        assert!(!below("https://ghe.example.com/api/v3", "https://ghe.example.com/api/v3/../x"));
        assert!(!below("https://api.example.com", "http://api.example.com/user/teams?page=2"));
        assert!(!below("https://api.example.com", "https://api.example.com:8443/user/teams?page=2"));
        assert!(!below("https://api.example.com", "https://api.example.com.evil.test/user"));
        assert!(!below("https://api.example.com", "https://api.example.com@evil.test/user"));
        assert!(!below("https://api.example.com", "https://user@api.example.com/user"));
        assert!(!below("https://api.example.com", "/user/teams?page=2"));
    }
}

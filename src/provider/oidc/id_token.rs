//! The checks of an ID Token's claims (OpenID Connect Core 1.0, section 3.1.3.7), once its signature holds.

use std::time::Duration;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::digest;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{IdTokenAlgorithm, IssuerRule, SubjectRule};
use crate::login::LIFETIME;
use crate::provider::FailedCheck;
use crate::provider::error::Untrusted;

/// Clock difference allowed when reading `exp`, `nbf`, `iat` and `auth_time`.
pub const LEEWAY: Duration = Duration::from_mins(1);

/// Longest `sub`, in bytes (section 2).
const MAX_SUBJECT_BYTES: usize = 255;

/// What an ID Token has to say to be the answer to one login.
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) issuer_rule: &'a IssuerRule,
    pub(super) subject_rule: &'a SubjectRule,
    pub(super) client_id: &'a str,
    /// `None` for a token that a refresh gave (section 12.2).
    pub(super) nonce: Option<&'a str>,
    /// One of them, unless there are none.
    pub(super) acr_values: &'a [String],
    pub(super) max_age: Option<Duration>,
    pub(super) access_token: &'a str,
    pub(super) algorithm: IdTokenAlgorithm,
    pub(super) now: Timestamp,
}

/// Checks every claim that the protocol speaks of, in the order of section 3.1.3.7.
pub(super) fn check(claims: &Map<String, Value>, expected: &Expected<'_>) -> Result<(), Untrusted> {
    expected.issuer_rule.check(expected.issuer, claims)?;
    check_audience(claims, expected.client_id)?;
    check_authorized_party(claims, expected.client_id)?;
    check_times(claims, expected.now)?;
    if let Some(nonce) = expected.nonce {
        check_nonce(claims, nonce)?;
    }
    check_acr(claims, expected.acr_values)?;
    check_auth_time(claims, expected.max_age, expected.now)?;
    check_access_token_hash(claims, expected.access_token, expected.algorithm)?;
    subject(claims)?;
    expected.subject_rule.read(claims).map(drop)
}

/// Rule 3: `aud` is the client, or a list that holds it.
pub(super) fn check_audience(claims: &Map<String, Value>, client_id: &str) -> Result<(), Untrusted> {
    let fits = match claims.get("aud") {
        Some(Value::String(aud)) => aud == client_id,
        Some(Value::Array(list)) => {
            list.iter().all(Value::is_string) && list.iter().any(|aud| aud.as_str() == Some(client_id))
        }
        _ => false,
    };
    fits.then_some(()).ok_or_else(|| Untrusted::new(FailedCheck::Audience, "it does not name this client"))
}

/// Rules 4 and 5: with several audiences `azp` must be there, and wherever it is, it is the client.
fn check_authorized_party(claims: &Map<String, Value>, client_id: &str) -> Result<(), Untrusted> {
    let several = claims.get("aud").and_then(Value::as_array).is_some_and(|list| list.len() > 1);
    match claims.get("azp") {
        Some(azp) if azp.as_str() == Some(client_id) => Ok(()),
        Some(_) => Err(Untrusted::new(FailedCheck::AuthorizedParty, "it is another client")),
        None if several => Err(Untrusted::new(FailedCheck::AuthorizedParty, "it is missing beside several audiences")),
        None => Ok(()),
    }
}

/// Rules 9 and 10, and `nbf` of RFC 7519: the token is of now.
pub(super) fn check_times(claims: &Map<String, Value>, now: Timestamp) -> Result<(), Untrusted> {
    let (now, leeway) = (now.as_second(), seconds(LEEWAY));
    let expires = required_time(claims, "exp", FailedCheck::Expiry)?;
    if expires.saturating_add(leeway) <= now {
        return Err(Untrusted::new(FailedCheck::Expiry, format!("it was {} s ago", now.saturating_sub(expires))));
    }
    let issued = required_time(claims, "iat", FailedCheck::IssuedAt)?;
    if issued > now.saturating_add(leeway) {
        return Err(Untrusted::new(FailedCheck::IssuedAt, format!("it is {} s ahead", issued.saturating_sub(now))));
    }
    // The token answers an attempt, so that it cannot be older than attempts live.
    if issued.saturating_add(leeway + seconds(LIFETIME)) < now {
        return Err(Untrusted::new(FailedCheck::IssuedAt, format!("it was {} s ago", now.saturating_sub(issued))));
    }
    match time(claims, "nbf", FailedCheck::NotBefore)? {
        Some(not_before) if not_before > now.saturating_add(leeway) => {
            Err(Untrusted::new(FailedCheck::NotBefore, format!("it is {} s ahead", not_before.saturating_sub(now))))
        }
        _ => Ok(()),
    }
}

/// Rule 11: the token answers this login and no other.
fn check_nonce(claims: &Map<String, Value>, expected: &str) -> Result<(), Untrusted> {
    let nonce = claims
        .get("nonce")
        .and_then(Value::as_str)
        .ok_or_else(|| Untrusted::new(FailedCheck::Nonce, "it is missing or no string"))?;
    verify_slices_are_equal(nonce.as_bytes(), expected.as_bytes())
        .map_err(|_| Untrusted::new(FailedCheck::Nonce, "it is another login's"))
}

/// Rule 12: the person was authenticated in one of the ways asked for.
fn check_acr(claims: &Map<String, Value>, wanted: &[String]) -> Result<(), Untrusted> {
    if wanted.is_empty() {
        return Ok(());
    }
    match claims.get("acr").and_then(Value::as_str) {
        Some(acr) if wanted.iter().any(|wanted| wanted == acr) => Ok(()),
        Some(_) => Err(Untrusted::new(FailedCheck::Acr, "it is none of those in `acr_values`")),
        None => Err(Untrusted::new(FailedCheck::Acr, "it is missing")),
    }
}

/// Rule 13: the person was authenticated as lately as asked for.
fn check_auth_time(claims: &Map<String, Value>, max_age: Option<Duration>, now: Timestamp) -> Result<(), Untrusted> {
    let Some(max_age) = max_age else {
        return Ok(());
    };
    let (now, leeway) = (now.as_second(), seconds(LEEWAY));
    let authenticated = required_time(claims, "auth_time", FailedCheck::AuthTime)?;
    if authenticated > now.saturating_add(leeway) {
        return Err(Untrusted::new(FailedCheck::AuthTime, "it is ahead of time"));
    }
    if authenticated.saturating_add(seconds(max_age)).saturating_add(leeway) < now {
        let age = now.saturating_sub(authenticated);
        return Err(Untrusted::new(FailedCheck::AuthTime, format!("it was {age} s ago, longer than `max_age`")));
    }
    Ok(())
}

/// Section 3.1.3.8: the access token is the one that was issued along with the ID Token.
fn check_access_token_hash(
    claims: &Map<String, Value>,
    access_token: &str,
    algorithm: IdTokenAlgorithm,
) -> Result<(), Untrusted> {
    let Some(claimed) = claims.get("at_hash") else {
        return Ok(());
    };
    let hash = digest(algorithm.hash(), access_token.as_bytes());
    let left_half = URL_SAFE_NO_PAD.encode(&hash.as_ref()[..hash.as_ref().len() / 2]);
    match claimed.as_str() {
        Some(claimed) if verify_slices_are_equal(claimed.as_bytes(), left_half.as_bytes()).is_ok() => Ok(()),
        _ => Err(Untrusted::new(FailedCheck::AccessTokenHash, "it is not that of the access token")),
    }
}

/// `sub`: who the person is (section 2).
pub(super) fn subject(claims: &Map<String, Value>) -> Result<&str, Untrusted> {
    subject_part(claims, "sub")
}

/// A claim that names the person, by itself or together with others.
pub(super) fn subject_part<'c>(claims: &'c Map<String, Value>, claim: &str) -> Result<&'c str, Untrusted> {
    match claims.get(claim).and_then(Value::as_str) {
        Some("") => Err(Untrusted::new(FailedCheck::Subject, "it is empty")),
        Some(sub) if sub.len() > MAX_SUBJECT_BYTES => Err(Untrusted::new(FailedCheck::Subject, "it is too long")),
        Some(sub) if sub.chars().any(char::is_control) => {
            Err(Untrusted::new(FailedCheck::Subject, "it holds a control character"))
        }
        Some(sub) => Ok(sub),
        None => Err(Untrusted::new(FailedCheck::Subject, "it is missing or no string")),
    }
}

pub(super) fn required_time(claims: &Map<String, Value>, claim: &str, check: FailedCheck) -> Result<i64, Untrusted> {
    time(claims, claim, check)?.ok_or_else(|| Untrusted::new(check, "it is missing"))
}

/// A `NumericDate` (RFC 7519, section 2): seconds since 1970, perhaps with a fraction, which is dropped.
fn time(claims: &Map<String, Value>, claim: &str, check: FailedCheck) -> Result<Option<i64>, Untrusted> {
    let Some(value) = claims.get(claim) else {
        return Ok(None);
    };
    #[expect(clippy::cast_possible_truncation, reason = "a float beyond the range becomes the end of the range")]
    value
        .as_i64()
        .or_else(|| value.as_f64().map(|seconds| seconds as i64))
        .map(Some)
        .ok_or_else(|| Untrusted::new(check, "it is no number"))
}

fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;

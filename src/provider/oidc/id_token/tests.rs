use serde_json::json;

use super::*;

const NOW: i64 = 1_800_000_000;

fn good() -> Map<String, Value> {
    let claims = json!({
        "iss": "https://id.example.com", "sub": "u-1", "aud": "roomkey", "nonce": "n-1",
        "iat": NOW, "exp": NOW + 300, "auth_time": NOW - 30, "acr": "silver",
    });
    claims.as_object().unwrap().clone()
}

fn expected(acr_values: &[String]) -> Expected<'_> {
    Expected {
        issuer: "https://id.example.com",
        issuer_rule: &IssuerRule::Exact,
        subject_rule: &SubjectRule(&["sub"]),
        client_id: "roomkey",
        nonce: Some("n-1"),
        acr_values,
        max_age: None,
        access_token: "token",
        algorithm: IdTokenAlgorithm::RS256,
        now: Timestamp::from_second(NOW).unwrap(),
    }
}

/// The check that fails when `claim` is `value`, or missing if that is `null`.
fn failing(claim: &str, value: Value) -> Option<FailedCheck> {
    let mut claims = good();
    match value {
        Value::Null => drop(claims.remove(claim)),
        value => drop(claims.insert(claim.to_owned(), value)),
    }
    check(&claims, &expected(&[])).err().map(|untrusted| untrusted.check)
}

#[test]
fn an_unbroken_token_passes() {
    assert_eq!(check(&good(), &expected(&[])), Ok(()));
}

#[test]
fn the_issuer_is_compared_to_the_letter() {
    let check = Some(FailedCheck::Issuer);

    assert_eq!(failing("iss", json!("https://id.example.com/")), check);
    assert_eq!(failing("iss", json!("https://ID.example.com")), check);
    assert_eq!(failing("iss", json!(["https://id.example.com"])), check);
    assert_eq!(failing("iss", json!(null)), check);
}

#[test]
fn the_audience_must_name_this_client() {
    let check = Some(FailedCheck::Audience);

    assert_eq!(failing("aud", json!("other")), check);
    assert_eq!(failing("aud", json!(["other"])), check);
    assert_eq!(failing("aud", json!([])), check);
    assert_eq!(failing("aud", json!(["roomkey", 7])), check);
    assert_eq!(failing("aud", json!({"roomkey": true})), check);
    assert_eq!(failing("aud", json!(null)), check);
    assert_eq!(failing("aud", json!(["roomkey"])), None);
}

#[test]
fn several_audiences_need_an_authorized_party() {
    let check = Some(FailedCheck::AuthorizedParty);
    let mut several = good();
    several.insert("aud".to_owned(), json!(["roomkey", "other"]));
    let outcome = |azp: Value| {
        let mut claims = several.clone();
        claims.insert("azp".to_owned(), azp);
        super::check(&claims, &expected(&[])).err().map(|untrusted| untrusted.check)
    };

    assert_eq!(super::check(&several, &expected(&[])).err().map(|untrusted| untrusted.check), check);
    assert_eq!(outcome(json!("other")), check);
    assert_eq!(outcome(json!("roomkey")), None);
    assert_eq!(failing("azp", json!("other")), check);
    assert_eq!(failing("azp", json!(["roomkey"])), check);
}

#[test]
fn times_have_a_minute_of_leeway_and_no_more() {
    assert_eq!(failing("exp", json!(NOW - 59)), None);
    assert_eq!(failing("exp", json!(NOW - 60)), Some(FailedCheck::Expiry));
    assert_eq!(failing("exp", json!("2100-01-01")), Some(FailedCheck::Expiry));
    assert_eq!(failing("exp", json!(null)), Some(FailedCheck::Expiry));
    assert_eq!(failing("iat", json!(NOW + 60)), None);
    assert_eq!(failing("iat", json!(NOW + 61)), Some(FailedCheck::IssuedAt));
    assert_eq!(failing("iat", json!(NOW - 660)), None);
    assert_eq!(failing("iat", json!(NOW - 661)), Some(FailedCheck::IssuedAt));
    assert_eq!(failing("iat", json!(null)), Some(FailedCheck::IssuedAt));
    assert_eq!(failing("nbf", json!(NOW + 60)), None);
    assert_eq!(failing("nbf", json!(NOW + 61)), Some(FailedCheck::NotBefore));
    assert_eq!(failing("nbf", json!("soon")), Some(FailedCheck::NotBefore));
}

#[test]
fn extreme_times_neither_pass_nor_panic() {
    assert_eq!(failing("exp", json!(i64::MIN)), Some(FailedCheck::Expiry));
    assert_eq!(failing("exp", json!(-1e300)), Some(FailedCheck::Expiry));
    assert_eq!(failing("iat", json!(1e300)), Some(FailedCheck::IssuedAt));
    assert_eq!(failing("iat", json!(i64::MIN)), Some(FailedCheck::IssuedAt));
    assert_eq!(failing("nbf", json!(u64::MAX)), Some(FailedCheck::NotBefore));
    assert_eq!(failing("exp", json!(1.9e9)), None);
}

#[test]
fn the_nonce_is_this_logins() {
    let check = Some(FailedCheck::Nonce);

    assert_eq!(failing("nonce", json!("n-2")), check);
    assert_eq!(failing("nonce", json!(null)), check);
    assert_eq!(failing("nonce", json!(1)), check);
}

#[test]
fn acr_is_one_of_those_asked_for() {
    let (gold, silver) = (["gold".to_owned()], ["gold".to_owned(), "silver".to_owned()]);
    let mut without = good();
    without.remove("acr");
    let failed = |claims: &Map<String, Value>, wanted: &[String]| {
        check(claims, &expected(wanted)).err().map(|untrusted| untrusted.check)
    };

    assert_eq!(failed(&good(), &silver), None);
    assert_eq!(failed(&good(), &gold), Some(FailedCheck::Acr));
    assert_eq!(failed(&without, &silver), Some(FailedCheck::Acr));
}

#[test]
fn auth_time_is_within_max_age() {
    let failed = |auth_time: Value, max_age: u64| {
        let mut claims = good();
        claims.insert("auth_time".to_owned(), auth_time);
        let max_age = Some(Duration::from_secs(max_age));
        check(&claims, &Expected { max_age, ..expected(&[]) }).err().map(|untrusted| untrusted.check)
    };

    assert_eq!(failed(json!(NOW - 300), 300), None);
    assert_eq!(failed(json!(NOW - 361), 300), Some(FailedCheck::AuthTime));
    assert_eq!(failed(json!(NOW + 61), 300), Some(FailedCheck::AuthTime));
    assert_eq!(failed(json!("now"), 300), Some(FailedCheck::AuthTime));
    assert_eq!(failed(json!(i64::MIN), u64::MAX), Some(FailedCheck::AuthTime));
}

#[test]
fn max_age_demands_auth_time() {
    let mut claims = good();
    claims.remove("auth_time");
    let max_age = Some(Duration::from_secs(300));

    let outcome = check(&claims, &Expected { max_age, ..expected(&[]) });

    assert_eq!(outcome.unwrap_err().check, FailedCheck::AuthTime);
}

#[test]
fn at_hash_is_that_of_the_access_token_where_it_is_given() {
    // The example of OpenID Connect Core 1.0, appendix A.3.
    let (token, hash) = ("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y", "77QmUPtjPfzWtF2AnpK9RQ");
    let mut claims = good();
    claims.insert("at_hash".to_owned(), json!(hash));

    assert_eq!(check(&claims, &Expected { access_token: token, ..expected(&[]) }), Ok(()));
    assert_eq!(check(&claims, &expected(&[])).unwrap_err().check, FailedCheck::AccessTokenHash);
    assert_eq!(failing("at_hash", json!(1)), Some(FailedCheck::AccessTokenHash));
}

#[test]
fn the_subject_is_a_short_string() {
    let check = Some(FailedCheck::Subject);

    assert_eq!(failing("sub", json!("")), check);
    assert_eq!(failing("sub", json!("a".repeat(256))), check);
    assert_eq!(failing("sub", json!("a\u{0}b")), check);
    assert_eq!(failing("sub", json!(7)), check);
    assert_eq!(failing("sub", json!(null)), check);
}

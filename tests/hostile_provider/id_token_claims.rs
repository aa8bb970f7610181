//! The claims of an ID Token (OpenID Connect Core 1.0, section 3.1.3.7).

use serde_json::{Value, json};

use crate::script::{claim, claims};
use crate::support::ending::UNTRUSTED;
use crate::support::fake::{CLIENT_ID, SUBJECT, now};

broken! {
    another_issuer: claim("iss", json!("https://evil.example")) => UNTRUSTED, "fails the `iss` check";
    an_issuer_with_a_slash_more: claims(|claims| {
        claims["iss"] = json!(format!("{}/", claims["iss"].as_str().unwrap()));
    }) => UNTRUSTED, "fails the `iss` check";
    a_missing_issuer: claim("iss", Value::Null) => UNTRUSTED, "fails the `iss` check";
    another_audience: claim("aud", json!("another-client")) => UNTRUSTED, "fails the `aud` check";
    a_list_of_other_audiences: claim("aud", json!(["a", "b"])) => UNTRUSTED, "fails the `aud` check";
    a_missing_audience: claim("aud", Value::Null) => UNTRUSTED, "fails the `aud` check";
    several_audiences_without_a_party: claim("aud", json!([CLIENT_ID, "other"])) => UNTRUSTED, "fails the `azp` check";
    another_authorized_party: claim("azp", json!("other")) => UNTRUSTED, "fails the `azp` check";
    a_token_that_has_expired: claim("exp", json!(now() - 61)) => UNTRUSTED, "fails the `exp` check";
    a_missing_expiry: claim("exp", Value::Null) => UNTRUSTED, "fails the `exp` check";
    an_expiry_in_words: claim("exp", json!("tomorrow")) => UNTRUSTED, "fails the `exp` check";
    a_token_from_the_future: claim("iat", json!(now() + 120)) => UNTRUSTED, "fails the `iat` check";
    a_token_from_long_ago: claim("iat", json!(now() - 3600)) => UNTRUSTED, "fails the `iat` check";
    a_missing_time_of_issue: claim("iat", Value::Null) => UNTRUSTED, "fails the `iat` check";
    a_token_not_valid_yet: claim("nbf", json!(now() + 120)) => UNTRUSTED, "fails the `nbf` check";
    another_logins_nonce: claim("nonce", json!("AAAAAAAAAAAAAAAAAAAAAA")) => UNTRUSTED, "fails the `nonce` check";
    a_missing_nonce: claim("nonce", Value::Null) => UNTRUSTED, "fails the `nonce` check";
    another_access_tokens_hash: claim("at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA")) => UNTRUSTED, "fails the `at_hash` check";
    a_hash_that_is_no_text: claim("at_hash", json!(7)) => UNTRUSTED, "fails the `at_hash` check";
    a_missing_subject: claim("sub", Value::Null) => UNTRUSTED, "fails the `sub` check";
    an_empty_subject: claim("sub", json!("")) => UNTRUSTED, "fails the `sub` check";
    a_subject_that_is_a_number: claim("sub", json!(4711)) => UNTRUSTED, "fails the `sub` check";
    a_huge_subject: claim("sub", json!("s".repeat(256))) => UNTRUSTED, "fails the `sub` check";
    an_authentication_too_long_ago: claim("auth_time", json!(now() - 3600)) => UNTRUSTED, "fails the `auth_time` check", with "max_age = \"5m\"";
    a_missing_time_of_authentication: claim("auth_time", Value::Null) => UNTRUSTED, "fails the `auth_time` check", with "max_age = \"5m\"";
    an_authentication_to_come: claim("auth_time", json!(now() + 3600)) => UNTRUSTED, "fails the `auth_time` check", with "max_age = \"5m\"";
    another_acr: claim("acr", json!("bronze")) => UNTRUSTED, "fails the `acr` check", with "acr_values = [\"silver\"]";
    a_missing_acr: claim("acr", Value::Null) => UNTRUSTED, "fails the `acr` check", with "acr_values = [\"silver\"]";
    an_issuer_in_other_letters: claims(|claims| {
        claims["iss"] = json!(claims["iss"].as_str().unwrap().to_uppercase());
    }) => UNTRUSTED, "fails the `iss` check";
    an_issuer_in_a_list: claims(|claims| claims["iss"] = json!([claims["iss"]])) => UNTRUSTED, "fails the `iss` check";
    an_audience_in_other_letters: claim("aud", json!(CLIENT_ID.to_uppercase())) => UNTRUSTED, "fails the `aud` check";
    an_audience_that_begins_like_this_one: claim("aud", json!(format!("{CLIENT_ID}2"))) => UNTRUSTED, "fails the `aud` check";
    an_empty_list_of_audiences: claim("aud", json!([])) => UNTRUSTED, "fails the `aud` check";
    a_list_of_audiences_that_are_no_texts: claim("aud", json!([CLIENT_ID, 7])) => UNTRUSTED, "fails the `aud` check";
    an_audience_that_is_an_object: claim("aud", json!({ CLIENT_ID: true })) => UNTRUSTED, "fails the `aud` check";
    another_party_among_several_audiences: claims(|claims| {
        claims["aud"] = json!([CLIENT_ID, "other"]);
        claims["azp"] = json!("other");
    }) => UNTRUSTED, "fails the `azp` check";
    an_authorized_party_that_is_a_list: claim("azp", json!([CLIENT_ID])) => UNTRUSTED, "fails the `azp` check";
    an_authorized_party_that_is_null: claims(|claims| claims["azp"] = Value::Null) => UNTRUSTED, "fails the `azp` check";
    an_expiry_before_1970: claim("exp", json!(-1)) => UNTRUSTED, "fails the `exp` check";
    an_expiry_that_is_null: claims(|claims| claims["exp"] = Value::Null) => UNTRUSTED, "fails the `exp` check";
    an_expiry_as_text: claim("exp", json!((now() + 300).to_string())) => UNTRUSTED, "fails the `exp` check";
    a_time_of_issue_beyond_all_numbers: claim("iat", json!(1e300)) => UNTRUSTED, "fails the `iat` check";
    a_time_of_issue_in_words: claim("iat", json!("today")) => UNTRUSTED, "fails the `iat` check";
    a_beginning_in_words: claim("nbf", json!("today")) => UNTRUSTED, "fails the `nbf` check";
    a_beginning_beyond_all_numbers: claim("nbf", json!(u64::MAX)) => UNTRUSTED, "fails the `nbf` check";
    a_nonce_that_is_empty: claim("nonce", json!("")) => UNTRUSTED, "fails the `nonce` check";
    a_nonce_with_more_behind_it: claims(|claims| {
        claims["nonce"] = json!(format!("{}A", claims["nonce"].as_str().unwrap()));
    }) => UNTRUSTED, "fails the `nonce` check";
    a_nonce_among_others: claims(|claims| claims["nonce"] = json!([claims["nonce"], "other"])) => UNTRUSTED, "fails the `nonce` check";
    a_hash_that_is_null: claims(|claims| claims["at_hash"] = Value::Null) => UNTRUSTED, "fails the `at_hash` check";
    a_hash_that_is_cut_short: claims(|claims| {
        claims["at_hash"] = json!(claims["at_hash"].as_str().unwrap()[..20]);
    }) => UNTRUSTED, "fails the `at_hash` check";
    a_subject_in_a_list: claim("sub", json!([SUBJECT])) => UNTRUSTED, "fails the `sub` check";
    a_subject_with_a_line_break: claim("sub", json!(format!("{SUBJECT}\nadmin"))) => UNTRUSTED, "fails the `sub` check";
    a_time_of_authentication_in_words: claim("auth_time", json!("lately")) => UNTRUSTED, "fails the `auth_time` check", with "max_age = \"5m\"";
    no_authentication_though_one_at_once_was_asked_for: claim("auth_time", json!(now() - 70)) => UNTRUSTED, "fails the `auth_time` check", with "max_age = \"0s\"";
    an_acr_in_a_list: claim("acr", json!(["silver"])) => UNTRUSTED, "fails the `acr` check", with "acr_values = [\"silver\"]";
    an_acr_that_begins_like_the_one_asked_for: claim("acr", json!("silver-plated")) => UNTRUSTED, "fails the `acr` check", with "acr_values = [\"silver\"]";
}

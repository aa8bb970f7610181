//! UserInfo (OpenID Connect Core 1.0, section 5.3).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::script::{html, signed_user_info, text, user_info_of_name};
use crate::support::ending::{DOWN, UNTRUSTED};
use crate::support::fake::{CLIENT_SECRET, Reply, SUBJECT, keys};

broken! {
    user_info_of_somebody_else: user_info_of_name(|mut claims| {
        claims["sub"] = json!("somebody-else");
        Reply::Json(claims)
    }) => UNTRUSTED, "fails the UserInfo `sub` check";
    user_info_of_nobody: user_info_of_name(|mut claims| {
        claims.as_object_mut().unwrap().remove("sub");
        Reply::Json(claims)
    }) => UNTRUSTED, "fails the UserInfo `sub` check";
    user_info_in_html: user_info_of_name(|_| html(200)) => UNTRUSTED, "fails the UserInfo check";
    user_info_that_is_a_list: user_info_of_name(|_| Reply::Json(json!([]))) => UNTRUSTED, "fails the UserInfo check";
    user_info_by_a_strangers_key: user_info_of_name(signed_user_info(keys::stranger("rsa"), |_| {})) => UNTRUSTED, "its signature does not hold";
    user_info_for_another_client: user_info_of_name(signed_user_info(keys::key("RS256"), |claims| claims["aud"] = json!("other"))) => UNTRUSTED, "its `aud` does not name this client";
    user_info_of_another_issuer: user_info_of_name(signed_user_info(keys::key("RS256"), |claims| claims["iss"] = json!("https://evil.example"))) => UNTRUSTED, "its `iss` is another issuer's";
    unsigned_user_info_that_claims_to_be_signed: user_info_of_name(|claims| {
        let text = |json: &Value| URL_SAFE_NO_PAD.encode(json.to_string());
        let token = format!("{}.{}.", text(&json!({"alg": "none"})), text(&claims));
        Reply::Raw(200, "application/jwt", token.into_bytes())
    }) => UNTRUSTED, "fails the UserInfo check";
    user_info_refused: user_info_of_name(|_| html(401)) => DOWN, "no usable answer from the UserInfo endpoint";
    user_info_that_is_silent: user_info_of_name(|_| Reply::Silent) => DOWN, "no answer in time";
    user_info_whose_subject_is_a_number: user_info_of_name(|mut claims| {
        claims["sub"] = json!(4711);
        Reply::Json(claims)
    }) => UNTRUSTED, "fails the UserInfo `sub` check";
    user_info_whose_subject_has_a_space_more: user_info_of_name(|mut claims| {
        claims["sub"] = json!(format!("{SUBJECT} "));
        Reply::Json(claims)
    }) => UNTRUSTED, "fails the UserInfo `sub` check";
    signed_user_info_of_somebody_else: user_info_of_name(signed_user_info(keys::key("RS256"), |claims| {
        claims["sub"] = json!("somebody-else");
    })) => UNTRUSTED, "fails the UserInfo `sub` check";
    signed_user_info_for_nobody: user_info_of_name(signed_user_info(keys::key("RS256"), |claims| {
        claims.as_object_mut().unwrap().remove("aud");
    })) => UNTRUSTED, "its `aud` does not name this client";
    signed_user_info_of_no_issuer: user_info_of_name(signed_user_info(keys::key("RS256"), |claims| {
        claims.as_object_mut().unwrap().remove("iss");
    })) => UNTRUSTED, "its `iss` is another issuer's";
    user_info_by_the_client_secret: user_info_of_name(|claims| {
        let token = keys::sign_by_secret(CLIENT_SECRET.as_bytes(), &json!({"alg": "HS256", "kid": "rsa"}), &claims);
        Reply::Raw(200, "application/jwt", token.into_bytes())
    }) => UNTRUSTED, "it is no token signed by an algorithm in use";
    a_token_announced_and_json_sent: user_info_of_name(|claims| {
        Reply::Raw(200, "application/jwt", claims.to_string().into_bytes())
    }) => UNTRUSTED, "it is no token signed by an algorithm in use";
    user_info_as_plain_text: user_info_of_name(|claims| {
        Reply::Raw(200, "text/plain", claims.to_string().into_bytes())
    }) => UNTRUSTED, "it is neither JSON nor a signed token";
    empty_user_info: user_info_of_name(|_| text("")) => UNTRUSTED, "it is not a JSON object";
    user_info_that_is_deep: user_info_of_name(|_| text(format!("{{\"a\":{}", "[".repeat(100_000)))) => UNTRUSTED, "it is not a JSON object";
    huge_user_info: user_info_of_name(|mut claims| {
        claims["more"] = json!("x".repeat(600_000));
        Reply::Json(claims)
    }) => DOWN, "larger than";
    endless_user_info: user_info_of_name(|_| Reply::Endless) => DOWN, "larger than";
    truncated_user_info: user_info_of_name(Reply::Truncated) => DOWN, "no usable answer from the UserInfo endpoint";
    redirecting_user_info: user_info_of_name(|_| Reply::Redirect("http://localhost:9/".to_owned())) => DOWN, "is a redirect";
    failing_user_info: user_info_of_name(|_| html(500)) => DOWN, "status 500";
    user_info_that_hangs_up: user_info_of_name(|_| Reply::Gone) => DOWN, "no usable answer from the UserInfo endpoint";
}

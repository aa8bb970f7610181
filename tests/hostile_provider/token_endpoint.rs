//! The token endpoint (RFC 6749, section 5).

use serde_json::{Value, json};

use crate::script::{html, oauth_error, text, token_answer, tokens_with};
use crate::stage::Stage;
use crate::support::ending::{CANCELLED, DOWN, STAFF_MODERATE, TURNED_AWAY, UNTRUSTED};
use crate::support::fake::{CLIENT_SECRET, FakeProvider, Reply};
use crate::support::roomkey::Roomkey;
use crate::support::visitor::Visitor;

broken! {
    no_id_token: token_answer(|mut tokens| {
        tokens.as_object_mut().unwrap().remove("id_token");
        Reply::Json(tokens)
    }) => UNTRUSTED, "fails the ID Token check";
    another_token_type: tokens_with("token_type", json!("mac")) => UNTRUSTED, "fails the `token_type` check";
    no_access_token: token_answer(|mut tokens| {
        tokens.as_object_mut().unwrap().remove("access_token");
        Reply::Json(tokens)
    }) => UNTRUSTED, "fails the token response check";
    tokens_of_the_wrong_shape: tokens_with("access_token", json!({"nested": true})) => UNTRUSTED, "fails the token response check";
    a_token_response_in_html: token_answer(|_| html(200)) => UNTRUSTED, "fails the token response check";
    an_empty_token_response: token_answer(|_| text("")) => UNTRUSTED, "fails the token response check";
    a_truncated_token_response: token_answer(Reply::Truncated) => DOWN, "no usable answer from the token endpoint";
    a_huge_token_response: tokens_with("more", json!("x".repeat(600_000))) => DOWN, "larger than";
    an_endless_token_response: token_answer(|_| Reply::Endless) => DOWN, "larger than";
    a_redirecting_token_endpoint: token_answer(|_| Reply::Redirect("http://localhost:9/".to_owned())) => DOWN, "is a redirect";
    a_silent_token_endpoint: token_answer(|_| Reply::Silent) => DOWN, "no answer in time";
    a_token_endpoint_that_hangs_up: token_answer(|_| Reply::Gone) => DOWN, "no usable answer from the token endpoint";
    a_failing_token_endpoint: token_answer(|_| html(500)) => DOWN, "status 500";
    a_rejected_client: token_answer(oauth_error(401, "invalid_client")) => TURNED_AWAY, "turned Roomkey away at the token endpoint (`invalid_client`)";
    a_client_without_the_right: token_answer(oauth_error(400, "unauthorized_client")) => TURNED_AWAY, "(`unauthorized_client`)";
    a_spent_code: token_answer(oauth_error(400, "invalid_grant")) => CANCELLED, "(`invalid_grant`)";
    an_error_that_forges_a_log_line: token_answer(oauth_error(400, "x\n{\"login.id\":\"FORGED\"}")) => TURNED_AWAY, "(`xlogin.idFORGED`)";
    an_id_token_that_is_null: tokens_with("id_token", Value::Null) => UNTRUSTED, "fails the ID Token check";
    an_id_token_that_is_a_number: tokens_with("id_token", json!(7)) => UNTRUSTED, "fails the token response check";
    an_id_token_given_twice: token_answer(|tokens| {
        text(tokens.to_string().replacen('{', "{\"id_token\":\"a.b.c\",", 1))
    }) => UNTRUSTED, "fails the token response check";
    no_token_type: token_answer(|mut tokens| {
        tokens.as_object_mut().unwrap().remove("token_type");
        Reply::Json(tokens)
    }) => UNTRUSTED, "fails the token response check";
    a_list_of_token_responses: token_answer(|tokens| Reply::Json(json!([tokens]))) => UNTRUSTED, "fails the token response check";
    a_token_response_that_is_deep: token_answer(|_| text("[".repeat(100_000))) => UNTRUSTED, "fails the token response check";
    a_token_response_that_is_compressed_unasked: token_answer(|_| {
        let gzip = b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xab\xae\x05\0\x43\xbf\xa6\xa3\x02\0\0\0";
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\n";
        Reply::Bytes([head.as_bytes(), gzip].concat())
    }) => UNTRUSTED, "fails the token response check";
    an_error_with_a_good_status: token_answer(|_| text(r#"{"error":"invalid_grant"}"#)) => UNTRUSTED, "fails the token response check";
    a_token_response_a_byte_at_a_time: token_answer(|_| Reply::Drip) => DOWN, "no answer in time";
    a_token_response_that_announces_too_much: token_answer(|_| {
        Reply::Bytes(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9999999999\r\n\r\n{".to_vec())
    }) => DOWN, "larger than";
    a_token_response_with_endless_headers: token_answer(|_| {
        Reply::Bytes(format!("HTTP/1.1 200 OK\r\n{}", "x: y\r\n".repeat(200_000)).into_bytes())
    }) => DOWN, "no usable answer from the token endpoint";
    a_token_endpoint_that_speaks_no_http: token_answer(|_| Reply::Bytes(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec())) => DOWN, "no usable answer from the token endpoint";
    a_token_endpoint_that_keeps_the_method_in_a_redirect: token_answer(|_| {
        Reply::Bytes(b"HTTP/1.1 307 X\r\nlocation: http://localhost:9/\r\ncontent-length: 0\r\n\r\n".to_vec())
    }) => DOWN, "is a redirect (307)";
    a_token_endpoint_that_has_moved: token_answer(|_| html(404)) => DOWN, "status 404";
    a_token_endpoint_that_has_had_enough: token_answer(|_| html(429)) => DOWN, "status 429";
    a_token_endpoint_behind_another_login: token_answer(|_| html(403)) => UNTRUSTED, "fails the token response check";
    a_token_endpoint_under_repair: token_answer(oauth_error(503, "temporarily_unavailable")) => DOWN, "status 503";
    a_scope_refused_at_the_token_endpoint: token_answer(oauth_error(400, "invalid_scope")) => TURNED_AWAY, "(`invalid_scope`)";
    a_request_refused_at_the_token_endpoint: token_answer(oauth_error(400, "invalid_request")) => TURNED_AWAY, "(`invalid_request`)";
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_credentials_turn_roomkey_away() {
    let provider = FakeProvider::start().await;
    let wrong = provider.configuration("").replace(CLIENT_SECRET, "another-secret-than-the-providers");
    let roomkey = Roomkey::start(&format!("{wrong}{STAFF_MODERATE}"));
    let mut stage = Stage { roomkey, provider, visitor: Visitor::new() };

    let page = stage.log_in().await;

    stage.assert_ended(&page, TURNED_AWAY, "(`invalid_client`)");
}

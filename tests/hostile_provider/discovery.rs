//! The discovery document (OpenID Connect Discovery 1.0, section 4).

use serde_json::{Value, json};

use crate::script::{discovery, discovery_with, html, text};
use crate::support::ending::{DOWN, UNTRUSTED};
use crate::support::fake::Reply;

broken! {
    a_discovery_document_of_another_issuer: discovery_with("issuer", json!("https://evil.example")) => UNTRUSTED, "fails the discovered `issuer` check";
    a_token_endpoint_over_plain_http: discovery_with("token_endpoint", json!("http://id.example.com/token")) => UNTRUSTED, "`token_endpoint` is not an https address";
    an_authorization_endpoint_that_is_a_script: discovery_with("authorization_endpoint", json!("javascript:alert(1)")) => UNTRUSTED, "`authorization_endpoint` is not an https address";
    keys_over_plain_http: discovery_with("jwks_uri", json!("http://id.example.com/jwks")) => UNTRUSTED, "`jwks_uri` is not an https address";
    no_token_endpoint: discovery_with("token_endpoint", Value::Null) => UNTRUSTED, "`token_endpoint` is missing";
    a_provider_that_signs_by_secrets_only: discovery_with("id_token_signing_alg_values_supported", json!(["HS256", "none"])) => UNTRUSTED, "holds no algorithm";
    a_discovery_document_in_html: discovery(|_| html(200)) => DOWN, "not an OpenID provider's discovery document";
    a_discovery_document_that_is_deep: discovery(|_| text("[".repeat(100_000))) => DOWN, "not an OpenID provider's discovery document";
    a_missing_discovery_document: discovery(|_| html(404)) => DOWN, "status 404";
    an_endless_discovery_document: discovery(|_| Reply::Endless) => DOWN, "larger than";
    a_redirecting_discovery_document: discovery(|_| Reply::Redirect("http://169.254.169.254/".to_owned())) => DOWN, "is a redirect";
    a_silent_discovery_document: discovery(|_| Reply::Silent) => DOWN, "no answer in time";
    a_discovery_document_with_a_slash_more: discovery(|mut document| {
        document["issuer"] = json!(format!("{}/", document["issuer"].as_str().unwrap()));
        Reply::Json(document)
    }) => UNTRUSTED, "fails the discovered `issuer` check";
    a_discovery_document_without_an_issuer: discovery_with("issuer", Value::Null) => DOWN, "not an OpenID provider's discovery document";
    no_authorization_endpoint: discovery_with("authorization_endpoint", Value::Null) => DOWN, "not an OpenID provider's discovery document";
    no_keys: discovery_with("jwks_uri", Value::Null) => DOWN, "not an OpenID provider's discovery document";
    an_authorization_endpoint_that_is_a_path: discovery_with("authorization_endpoint", json!("/authorize")) => DOWN, "not an OpenID provider's discovery document";
    an_authorization_endpoint_over_plain_http: discovery_with("authorization_endpoint", json!("http://id.example.com/authorize")) => UNTRUSTED, "`authorization_endpoint` is not an https address";
    a_token_endpoint_that_is_a_file: discovery_with("token_endpoint", json!("file:///etc/passwd")) => UNTRUSTED, "`token_endpoint` is not an https address";
    a_token_endpoint_that_only_looks_like_this_machine: discovery_with("token_endpoint", json!("http://localhost.evil.example/token")) => UNTRUSTED, "`token_endpoint` is not an https address";
    a_token_endpoint_with_a_fragment: discovery_with("token_endpoint", json!("https://id.example.com/token#x")) => UNTRUSTED, "`token_endpoint` is not an https address";
    user_info_over_plain_http: discovery_with("userinfo_endpoint", json!("http://id.example.com/userinfo")) => UNTRUSTED, "`userinfo_endpoint` is not an https address";
    a_list_of_discovery_documents: discovery(|document| Reply::Json(json!([document]))) => DOWN, "not an OpenID provider's discovery document";
    a_huge_discovery_document: discovery_with("more", json!("x".repeat(600_000))) => DOWN, "larger than";
    a_truncated_discovery_document: discovery(Reply::Truncated) => DOWN, "no usable answer from the discovery document";
    a_discovery_document_that_hangs_up: discovery(|_| Reply::Gone) => DOWN, "no usable answer from the discovery document";
    a_failing_discovery_document: discovery(|_| html(500)) => DOWN, "status 500";
    a_discovery_document_behind_a_login: discovery(|_| html(401)) => DOWN, "status 401";
    a_discovery_document_a_byte_at_a_time: discovery(|_| Reply::Drip) => DOWN, "no answer in time";
}

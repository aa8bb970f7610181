//! Jitsi's inline login with name and password: the page stands in the front end's pop-up.

use serde_json::{Value, json};

use crate::stage::{ACCESS, Stage, fill, is_wrong, provider};
use crate::support::roomkey::Roomkey;
use crate::support::slapd::PASSWORD;
use crate::support::visitor::{Visitor, parameter};

/// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const REDIRECT_URI: &str = "http://meet.localhost:9/static/sso.html";

fn address(roomkey: &Roomkey) -> String {
    let state = json!({ "room": "standup", "roomSafe": "standup" }).to_string();
    let parameters = [
        ("client_id", "jitsi-meet"),
        ("redirect_uri", REDIRECT_URI),
        ("response_type", "code"),
        ("scope", "openid"),
        ("state", &state),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
        ("nonce", "nonce"),
    ];
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    format!("{}/oauth2/authorize?{query}", roomkey.url)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_that_is_right_at_the_second_time_ends_in_a_code_for_the_front_end() {
    let stage = Stage::set("");
    let inline = "[meeting.inline]\nclient_id = \"jitsi-meet\"\n";
    let directory = provider(&[stage.slapd.tls_url()], &stage.authority, "");
    let roomkey = Roomkey::start(&format!("{inline}{directory}{ACCESS}"));
    let mut visitor = Visitor::new();

    let form = visitor.get(&address(&roomkey)).await;
    let wrong = fill(&roomkey, &mut visitor, &form, "ada", "not-the-password").await;
    let back = fill(&roomkey, &mut visitor, &wrong, "ada", PASSWORD).await;
    let expired = {
        let mut visitor = Visitor::new();
        let form = visitor.get(&address(&roomkey)).await;
        fill(&roomkey, &mut visitor, &form, "olga", PASSWORD).await.location()
    };

    assert!(is_wrong(&wrong));
    let location = back.location();
    assert!(location.as_str().starts_with(&format!("{REDIRECT_URI}?code=")), "{location}\n{}", roomkey.log());
    let code = parameter(&location, "code").unwrap();
    let request = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", REDIRECT_URI),
        ("client_id", "jitsi-meet"),
        ("code_verifier", VERIFIER),
    ];
    let tokens = Visitor::new().post(&format!("{}/oauth2/token", roomkey.url), &request).await;
    let tokens: Value = serde_json::from_str(&tokens.body).unwrap();
    assert!(tokens["access_token"].is_string() && tokens["id_token"].is_string(), "{tokens}");
    assert_eq!(parameter(&expired, "error").as_deref(), Some("access_denied"));
    let told = parameter(&expired, "error_description").unwrap();
    assert!(told.starts_with("Your password has to be changed first."), "{told}");
}

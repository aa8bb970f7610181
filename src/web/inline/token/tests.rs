use actix_web::http::Method;
use actix_web::test::TestRequest;
use serde_json::{Value, json};

use crate::clock::Clock;
use crate::web::testing::{Answer, Browser, app_with_inline_login, browser, noon};

const MEETING: &str = "https://meet.example.com";
const FORM: &str = "application/x-www-form-urlencoded";

async fn site() -> Browser {
    browser(app_with_inline_login(&["work"], &Clock::standing_at(noon()))).await
}

fn request(body: &str) -> TestRequest {
    TestRequest::post()
        .uri("/oauth2/token")
        .insert_header(("content-type", FORM))
        .insert_header(("origin", MEETING))
        .set_payload(body.to_owned())
}

async fn post(browser: &mut Browser, body: &str) -> Answer {
    browser.send(request(body)).await
}

/// Status and `error` of an answer, which has to be one that nobody keeps.
fn told(answer: &Answer) -> (u16, String) {
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!((answer.header("cache-control"), answer.header("pragma")), ("no-store", "no-cache"));
    let body: Value = serde_json::from_str(&answer.body).unwrap();
    assert!(body["error_description"].as_str().unwrap().contains(" (reference "), "{body}");
    (answer.status.as_u16(), body["error"].as_str().unwrap().to_owned())
}

const CODE: &str = "grant_type=authorization_code&client_id=jitsi-meet&code=c&code_verifier=v\
                    &redirect_uri=https%3A%2F%2Fmeet.example.com%2Fstatic%2Fsso.html";

#[actix_web::test]
async fn each_thing_that_is_wrong_with_a_request_has_its_error() {
    let mut browser = site().await;
    let without = |name: &str| {
        let kept: Vec<_> = CODE.split('&').filter(|pair| !pair.starts_with(&format!("{name}="))).collect();
        kept.join("&")
    };
    let wrong = [
        (String::new(), "invalid_client"),
        (without("client_id"), "invalid_client"),
        (CODE.replace("jitsi-meet", "jitsi"), "invalid_client"),
        (without("grant_type"), "invalid_request"),
        (CODE.replace("authorization_code", ""), "invalid_request"),
        (CODE.replace("authorization_code", "password"), "unsupported_grant_type"),
        (without("code"), "invalid_request"),
        (without("code_verifier"), "invalid_request"),
        (without("redirect_uri"), "invalid_request"),
        (CODE.replace("sso.html", "sso.html%2F"), "invalid_grant"),
        (format!("{CODE}&code=c"), "invalid_request"),
        (format!("{CODE}&client_id=jitsi-meet"), "invalid_request"),
        (CODE.replace("code=c", &format!("code={}", "c".repeat(513))), "invalid_request"),
        (CODE.to_owned(), "invalid_grant"),
        ("grant_type=refresh_token&client_id=jitsi-meet".to_owned(), "invalid_request"),
        ("grant_type=refresh_token&client_id=jitsi-meet&refresh_token=f.s".to_owned(), "invalid_grant"),
    ];

    for (body, error) in wrong {
        let answer = post(&mut browser, &body).await;
        assert_eq!(told(&answer), (400, error.to_owned()), "{body}");
        assert_eq!(answer.header("access-control-allow-origin"), MEETING, "the front end may read it");
    }
}

#[actix_web::test]
async fn a_body_that_is_no_form_is_refused_in_json_too() {
    let mut browser = site().await;

    let json = browser.send(request("{}").insert_header(("content-type", "application/json"))).await;
    let long = post(&mut browser, &format!("{CODE}&x={}", "x".repeat(33 * 1024))).await;

    assert_eq!(told(&json), (415, "invalid_request".to_owned()));
    assert_eq!(told(&long), (413, "invalid_request".to_owned()));
}

#[actix_web::test]
async fn scripts_of_other_sites_are_refused_and_read_nothing() {
    let mut browser = site().await;

    for origin in ["https://evil.example", "null", "https://meet.example.com.evil.example", "http://meet.example.com"] {
        let answer = browser.send(request(CODE).insert_header(("origin", origin))).await;
        assert_eq!(told(&answer), (403, "invalid_request".to_owned()), "{origin}");
        assert_eq!(answer.header("access-control-allow-origin"), "", "{origin}");
        assert_eq!(answer.header("vary"), "Origin");
    }
}

#[actix_web::test]
async fn whoever_is_no_browser_may_ask_and_gets_no_leave_for_scripts() {
    let mut browser = site().await;
    let request = TestRequest::post().uri("/oauth2/token").insert_header(("content-type", FORM));

    let answer = browser.send(request.set_payload(CODE)).await;

    assert_eq!(told(&answer), (400, "invalid_grant".to_owned()));
    assert_eq!((answer.header("access-control-allow-origin"), answer.header("vary")), ("", "Origin"));
}

async fn preflight(browser: &mut Browser, origin: &str) -> Answer {
    let request = TestRequest::with_uri("/oauth2/token").method(Method::OPTIONS);
    let request = request.insert_header(("origin", origin)).insert_header(("access-control-request-method", "POST"));
    browser.send(request).await
}

#[actix_web::test]
async fn a_preflight_lets_the_meeting_ask_and_nobody_else() {
    let mut browser = site().await;

    let meeting = preflight(&mut browser, MEETING).await;
    let other = preflight(&mut browser, "https://evil.example").await;

    let allowed = ["origin", "methods", "headers"].map(|what| format!("access-control-allow-{what}"));
    assert_eq!(meeting.status.as_u16(), 204);
    assert_eq!(allowed.each_ref().map(|name| meeting.header(name)), [MEETING, "POST", "content-type"]);
    assert_eq!(meeting.header("access-control-allow-credentials"), "");
    assert_eq!(other.status.as_u16(), 403);
    assert_eq!(allowed.each_ref().map(|name| other.header(name)), ["", "", ""]);
    assert_eq!((meeting.header("vary"), other.header("vary")), ("Origin", "Origin"));
}

#[actix_web::test]
async fn a_store_that_is_down_is_told_apart_from_a_code_that_is_no_good() {
    let mut browser = site().await;
    let body = CODE.replace("code=c", &format!("code={}", crate::inline::Code::random().expose()));

    let answer = post(&mut browser, &body).await;

    assert_eq!(told(&answer), (503, "temporarily_unavailable".to_owned()));
}

#[actix_web::test]
async fn other_methods_are_not_there() {
    let mut browser = site().await;

    let read = browser.get(&format!("/oauth2/token?{CODE}")).await;
    let posted = browser.send(TestRequest::post().uri("/oauth2/authorize")).await;

    assert_eq!((read.status.as_u16(), read.header("allow")), (405, "OPTIONS, POST"));
    assert_eq!((posted.status.as_u16(), posted.header("allow")), (405, "GET"));
}

#[actix_web::test]
async fn the_metadata_say_where_everything_is_and_what_it_takes() {
    let mut browser = site().await;
    let request = TestRequest::with_uri("/.well-known/openid-configuration").insert_header(("origin", MEETING));

    let answer = browser.send(request).await;

    assert_eq!(answer.header("access-control-allow-origin"), MEETING);
    assert_eq!(
        serde_json::from_str::<Value>(&answer.body).unwrap(),
        json!({
            "issuer": "https://sso.example.com",
            "authorization_endpoint": "https://sso.example.com/oauth2/authorize",
            "token_endpoint": "https://sso.example.com/oauth2/token",
            "end_session_endpoint": "https://sso.example.com/oauth2/logout",
            "jwks_uri": "https://sso.example.com/.well-known/jwks.json",
            "scopes_supported": ["openid", "profile", "email"],
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["HS256"],
            "claims_supported": [
                "iss", "sub", "aud", "iat", "exp", "auth_time", "nonce", "name", "email", "email_verified",
            ],
            "prompt_values_supported": ["none", "login", "consent", "select_account"],
            "request_uri_parameter_supported": false,
        })
    );
}

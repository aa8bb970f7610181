//! The demonstration provider breaks no rule of the standards, and lets nobody break one.

use std::net::TcpListener;

use actix_web::web::Data;
use actix_web::{App, HttpServer, rt};
use reqwest::header::{CONTENT_TYPE, LOCATION};
use reqwest::redirect::Policy;
use reqwest::{RequestBuilder, StatusCode};
use serde_json::Value;
use url::Url;
use url::form_urlencoded::Serializer;

use crate::demo::provider::{Client, Provider, routes};

const REDIRECT_URI: &str = "http://127.0.0.1:9/callback/demo";
const CLIENT_ID: &str = "client";

/// A secret that has to be encoded on its way.
const CLIENT_SECRET: &str = "s:e c+r%et";
const ENCODED_SECRET: &str = "s%3Ae+c%2Br%25et";

/// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

type Fields = Vec<(&'static str, String)>;

/// The provider on a port of its own, and a client that follows no redirect.
struct Peer {
    url: Url,
    http: reqwest::Client,
}

fn fields(fields: &[(&'static str, &str)]) -> Fields {
    fields.iter().map(|&(name, value)| (name, value.to_owned())).collect()
}

/// An authentication request without fault.
fn good_request() -> Fields {
    fields(&[
        ("client_id", CLIENT_ID),
        ("redirect_uri", REDIRECT_URI),
        ("response_type", "code"),
        ("scope", "openid profile email groups"),
        ("state", "a state"),
        ("nonce", "a nonce"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ])
}

/// `given` with `name` set to `value`, or left out.
fn but(mut given: Fields, name: &'static str, value: Option<&str>) -> Fields {
    given.retain(|(other, _)| *other != name);
    given.extend(value.map(|value| (name, value.to_owned())));
    given
}

fn encode(fields: &Fields) -> String {
    Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// The parameters of a redirect to the client.
fn parameter(response: &reqwest::Response, name: &str) -> Option<String> {
    let location: Url = response.headers()[LOCATION].to_str().unwrap().parse().unwrap();
    assert!(location.as_str().starts_with(REDIRECT_URI));
    location.query_pairs().find(|(found, _)| found == name).map(|(_, value)| value.into_owned())
}

impl Peer {
    #[allow(clippy::disallowed_methods, reason = "this client stands for browsers and clients, not for Roomkey")]
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let client = Client {
            id: CLIENT_ID.to_owned(),
            secret: CLIENT_SECRET.to_owned(),
            redirect_uri: REDIRECT_URI.to_owned(),
        };
        let provider = Data::new(Provider::new(url.clone(), client).unwrap());
        let app = move || App::new().app_data(provider.clone()).configure(routes);
        rt::spawn(HttpServer::new(app).workers(1).listen(listener).unwrap().run());
        let http = reqwest::Client::builder().redirect(Policy::none()).build().unwrap();
        Self { url: url.parse().unwrap(), http }
    }

    fn at(&self, path: &str) -> Url {
        self.url.join(path).unwrap()
    }

    async fn authorize(&self, request: &Fields) -> reqwest::Response {
        let mut url = self.at("/authorize");
        url.set_query(Some(&encode(request)));
        self.http.get(url).send().await.unwrap()
    }

    async fn post(&self, path: &str, fields: &Fields) -> reqwest::Response {
        self.form(path, fields).send().await.unwrap()
    }

    fn form(&self, path: &str, fields: &Fields) -> RequestBuilder {
        self.http.post(self.at(path)).header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(encode(fields))
    }

    /// A code for Ada.
    async fn code(&self, request: &Fields) -> String {
        let page = self.authorize(request).await.text().await.unwrap();
        let (_, rest) = page.split_once("name=\"ticket\" value=\"").unwrap();
        let ticket = rest.split_once('"').unwrap().0;
        let back = self.post("/choose", &fields(&[("ticket", ticket), ("person", "ada")])).await;
        assert_eq!(back.status(), StatusCode::SEE_OTHER);
        assert_eq!(parameter(&back, "state").as_deref(), Some("a state"));
        assert_eq!(parameter(&back, "iss"), Some(self.url.as_str().trim_end_matches('/').to_owned()));
        parameter(&back, "code").unwrap()
    }

    /// The token request for `code`, with the right secret.
    async fn exchange(&self, token_request: &Fields) -> (StatusCode, Value) {
        let request = self.form("/token", token_request).basic_auth(CLIENT_ID, Some(ENCODED_SECRET));
        let response = request.send().await.unwrap();
        (response.status(), serde_json::from_slice(&response.bytes().await.unwrap()).unwrap())
    }

    async fn user_info(&self, access_token: &str) -> reqwest::Response {
        self.http.get(self.at("/userinfo")).bearer_auth(access_token).send().await.unwrap()
    }
}

fn token_request(code: &str) -> Fields {
    fields(&[
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", REDIRECT_URI),
        ("code_verifier", VERIFIER),
    ])
}

#[actix_web::test]
async fn a_login_without_fault_gives_tokens_and_claims() {
    let peer = Peer::start();

    let code = peer.code(&good_request()).await;
    let (status, tokens) = peer.exchange(&token_request(&code)).await;
    let claims = peer.user_info(tokens["access_token"].as_str().unwrap()).await;
    let claims: Value = serde_json::from_slice(&claims.bytes().await.unwrap()).unwrap();

    assert_eq!(status, StatusCode::OK);
    assert_eq!(tokens["token_type"], "Bearer");
    assert_eq!(tokens["id_token"].as_str().unwrap().split('.').count(), 3);
    assert_eq!(claims["name"], "Ada Okafor");
    assert_eq!(claims["groups"], serde_json::json!(["staff", "board"]));
}

#[actix_web::test]
async fn nobody_is_sent_to_an_address_that_is_not_registered() {
    let peer = Peer::start();
    let longer = format!("{REDIRECT_URI}/more");
    let elsewhere = [
        ("redirect_uri", Some(longer.as_str())),
        ("redirect_uri", Some("http://127.0.0.1:9/callback/DEMO")),
        ("redirect_uri", Some("https://evil.example/")),
        ("redirect_uri", None),
        ("client_id", Some("another")),
        ("client_id", None),
    ];

    for (name, value) in elsewhere {
        let answer = peer.authorize(&but(good_request(), name, value)).await;

        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{name} {value:?}");
        assert!(!answer.headers().contains_key(LOCATION), "{name} {value:?}");
    }
}

#[actix_web::test]
async fn a_parameter_may_not_stand_there_twice() {
    let peer = Peer::start();
    let mut twice = good_request();
    twice.push(("redirect_uri", "https://evil.example/".to_owned()));

    let answer = peer.authorize(&twice).await;

    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
}

#[actix_web::test]
async fn a_faulty_request_is_answered_to_the_client() {
    let peer = Peer::start();
    let faults = [
        ("code_challenge", None, "invalid_request"),
        ("code_challenge", Some("short"), "invalid_request"),
        ("code_challenge_method", None, "invalid_request"),
        ("code_challenge_method", Some("plain"), "invalid_request"),
        ("response_type", Some("token"), "unsupported_response_type"),
        ("response_mode", Some("fragment"), "invalid_request"),
        ("scope", Some("profile"), "invalid_scope"),
        ("prompt", Some("none"), "login_required"),
        ("request", Some("e30.e30."), "request_not_supported"),
        ("request_uri", Some("https://evil.example/r"), "request_uri_not_supported"),
    ];

    for (name, value, error) in faults {
        let answer = peer.authorize(&but(good_request(), name, value)).await;

        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{name} {value:?}");
        assert_eq!(parameter(&answer, "error").as_deref(), Some(error), "{name} {value:?}");
        assert_eq!(parameter(&answer, "state").as_deref(), Some("a state"), "{name} {value:?}");
        assert_eq!(parameter(&answer, "code"), None, "{name} {value:?}");
    }
}

#[actix_web::test]
async fn a_ticket_is_good_once() {
    let peer = Peer::start();
    let page = peer.authorize(&good_request()).await.text().await.unwrap();
    let (_, rest) = page.split_once("name=\"ticket\" value=\"").unwrap();
    let choice = fields(&[("ticket", rest.split_once('"').unwrap().0), ("person", "ben")]);

    let first = peer.post("/choose", &choice).await;
    let second = peer.post("/choose", &choice).await;

    assert_eq!(first.status(), StatusCode::SEE_OTHER);
    assert_eq!(second.status(), StatusCode::BAD_REQUEST);
}

#[actix_web::test]
async fn a_code_that_comes_again_is_refused_and_takes_its_token_along() {
    let peer = Peer::start();
    let code = peer.code(&good_request()).await;
    let (_, tokens) = peer.exchange(&token_request(&code)).await;
    let access_token = tokens["access_token"].as_str().unwrap();
    assert_eq!(peer.user_info(access_token).await.status(), StatusCode::OK);

    let (status, error) = peer.exchange(&token_request(&code)).await;

    assert_eq!((status, &error["error"]), (StatusCode::BAD_REQUEST, &"invalid_grant".into()));
    assert_eq!(peer.user_info(access_token).await.status(), StatusCode::UNAUTHORIZED);
}

#[actix_web::test]
async fn a_code_is_bound_to_its_verifier_and_redirect_uri() {
    let peer = Peer::start();
    let faults = [
        ("code_verifier", None),
        ("code_verifier", Some("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXX")),
        ("code_verifier", Some(CHALLENGE)),
        ("redirect_uri", None),
        ("redirect_uri", Some("http://127.0.0.1:9/callback/other")),
        ("code", Some("another")),
    ];

    for (name, value) in faults {
        let code = peer.code(&good_request()).await;
        let (status, error) = peer.exchange(&but(token_request(&code), name, value)).await;

        assert_eq!((status, &error["error"]), (StatusCode::BAD_REQUEST, &"invalid_grant".into()), "{name} {value:?}");
    }
}

#[actix_web::test]
async fn another_grant_is_not_known() {
    let peer = Peer::start();
    let code = peer.code(&good_request()).await;

    let (status, error) = peer.exchange(&but(token_request(&code), "grant_type", Some("password"))).await;

    assert_eq!((status, &error["error"]), (StatusCode::BAD_REQUEST, &"unsupported_grant_type".into()));
}

#[actix_web::test]
async fn a_client_without_its_secret_gets_nothing() {
    let peer = Peer::start();
    let code = peer.code(&good_request()).await;
    let request = token_request(&code);

    let nameless = peer.post("/token", &request).await;
    let in_the_form = peer.post("/token", &but(request.clone(), "client_secret", Some(CLIENT_SECRET))).await;
    let wrong = peer.form("/token", &request).basic_auth(CLIENT_ID, Some("wrong")).send().await.unwrap();
    let (status, _) = peer.exchange(&request).await;

    assert_eq!(nameless.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(in_the_form.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(wrong.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(status, StatusCode::OK, "the code is still good for the client itself");
}

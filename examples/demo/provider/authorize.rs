//! The authorization endpoint and the page with the three people (OpenID Connect Core 1.0, section 3.1.2).

use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use url::Url;

use super::super::page;
use super::parameters::Parameters;
use super::people::{PEOPLE, Person};
use super::{Client, Provider};

/// A request that was found good: what the code has to be bound to.
pub(crate) struct Request {
    pub(crate) redirect_uri: String,
    pub(crate) state: Option<String>,
    pub(crate) nonce: Option<String>,
    /// `code_challenge`, for `S256`.
    pub(crate) challenge: String,
    pub(crate) scope: Vec<String>,
}

/// Why there is no login.
enum Rejection {
    /// The client or its redirect URI is wrong. Nobody is sent anywhere: the address may be an attacker's (RFC 6749,
    /// section 4.1.2.1).
    Page(&'static str),
    /// The client is told, by an error code of section 4.1.2.1, RFC 7636 or OpenID Connect Core, section 3.1.2.6.
    Redirect { redirect_uri: String, state: Option<String>, error: &'static str, description: &'static str },
}

#[derive(Template)]
#[template(path = "../examples/demo/pages/choose.html")]
struct Choose<'a> {
    ticket: &'a str,
    people: &'static [Person],
}

#[derive(Template)]
#[template(path = "../examples/demo/pages/rejected.html")]
struct Rejected {
    why: &'static str,
}

/// `GET /authorize`.
pub(super) async fn by_query(request: HttpRequest, provider: Data<Provider>) -> HttpResponse {
    begin(&provider, request.query_string().as_bytes())
}

/// `POST /authorize`, which section 3.1.2.1 asks for as well.
pub(super) async fn by_form(form: Bytes, provider: Data<Provider>) -> HttpResponse {
    begin(&provider, &form)
}

fn begin(provider: &Provider, parameters: &[u8]) -> HttpResponse {
    let request = match read(parameters, &provider.client) {
        Ok(request) => request,
        Err(rejection) => return rejection.answer(&provider.issuer),
    };
    match provider.choices.put(request, provider.clock.now()) {
        Ok(ticket) => page::html(StatusCode::OK, &Choose { ticket: &ticket, people: &PEOPLE }),
        Err(_full) => rejected(StatusCode::SERVICE_UNAVAILABLE, "Too many logins have been begun. Try again later."),
    }
}

/// `POST /choose`: one of the buttons. The request is known by its ticket; nothing else of it comes from the form.
pub(super) async fn choose(form: Bytes, provider: Data<Provider>) -> HttpResponse {
    let now = provider.clock.now();
    let Ok(form) = Parameters::parse(&form) else {
        return rejected(StatusCode::BAD_REQUEST, "That form is not this page's.");
    };
    let Some(request) = form.get("ticket").and_then(|ticket| provider.choices.take(ticket, now)) else {
        return rejected(StatusCode::BAD_REQUEST, "This login has expired or is over. Start again from the meeting.");
    };
    let (redirect_uri, state) = (request.redirect_uri.clone(), request.state.clone());
    let Some(person) = form.get("person").and_then(Person::by_id) else {
        let description = "nobody was chosen";
        return Rejection::Redirect { redirect_uri, state, error: "access_denied", description }
            .answer(&provider.issuer);
    };
    match provider.codes.put((request, person), now) {
        Ok(code) => back(&redirect_uri, &[("code", &code)], state.as_deref(), &provider.issuer),
        Err(_full) => {
            let description = "too many codes are waiting";
            Rejection::Redirect { redirect_uri, state, error: "temporarily_unavailable", description }
                .answer(&provider.issuer)
        }
    }
}

/// Checks a request, the client and the way back to it first.
fn read(parameters: &[u8], client: &Client) -> Result<Request, Rejection> {
    let parameters = Parameters::parse(parameters).map_err(|_| Rejection::Page("A parameter stands there twice."))?;
    if !parameters.is("client_id", &client.id) {
        return Err(Rejection::Page("This provider knows no such client_id."));
    }
    if !parameters.is("redirect_uri", &client.redirect_uri) {
        return Err(Rejection::Page("This redirect_uri is not the one that the client has registered."));
    }
    let state = parameters.get("state").map(str::to_owned);
    let reject = |error, description| {
        let redirect_uri = client.redirect_uri.clone();
        Err(Rejection::Redirect { redirect_uri, state: state.clone(), error, description })
    };
    if parameters.get("request").is_some() {
        return reject("request_not_supported", "request objects are not supported");
    }
    if parameters.get("request_uri").is_some() {
        return reject("request_uri_not_supported", "request objects are not supported");
    }
    if !parameters.is("response_type", "code") {
        return reject("unsupported_response_type", "response_type has to be code");
    }
    if parameters.get("response_mode").is_some_and(|mode| mode != "query") {
        return reject("invalid_request", "response_mode has to be query");
    }
    let scope: Vec<_> = parameters.get("scope").unwrap_or_default().split(' ').map(str::to_owned).collect();
    if !scope.iter().any(|scope| scope == "openid") {
        return reject("invalid_scope", "scope has to contain openid");
    }
    // `plain` would send the verifier itself through the browser.
    if !parameters.is("code_challenge_method", "S256") {
        return reject("invalid_request", "code_challenge_method has to be S256");
    }
    // 43 characters: 256 bits in base64url (RFC 7636, section 4.2).
    let Some(challenge) = parameters.get("code_challenge").filter(|challenge| challenge.len() == 43) else {
        return reject("invalid_request", "code_challenge is missing or no SHA-256");
    };
    // Nobody stays signed in here, so there is always something to ask.
    if parameters.get("prompt").is_some_and(|prompt| prompt.split(' ').any(|value| value == "none")) {
        return reject("login_required", "nobody is signed in");
    }
    Ok(Request {
        redirect_uri: client.redirect_uri.clone(),
        nonce: parameters.get("nonce").map(str::to_owned),
        challenge: challenge.to_owned(),
        state,
        scope,
    })
}

impl Rejection {
    fn answer(self, issuer: &str) -> HttpResponse {
        match self {
            Self::Page(why) => rejected(StatusCode::BAD_REQUEST, why),
            Self::Redirect { redirect_uri, state, error, description } => {
                let parameters = [("error", error), ("error_description", description)];
                back(&redirect_uri, &parameters, state.as_deref(), issuer)
            }
        }
    }
}

fn rejected(status: StatusCode, why: &'static str) -> HttpResponse {
    page::html(status, &Rejected { why })
}

/// Sends the browser back to the client, with `state` as it came and `iss` (RFC 9207) on every response. 303, so that a
/// form is not posted on to the client.
fn back(redirect_uri: &str, parameters: &[(&str, &str)], state: Option<&str>, issuer: &str) -> HttpResponse {
    let Ok(mut location) = Url::parse(redirect_uri) else {
        return rejected(StatusCode::INTERNAL_SERVER_ERROR, "The registered redirect_uri is no URL.");
    };
    let state = state.map(|state| ("state", state));
    location.query_pairs_mut().extend_pairs(parameters).extend_pairs(state).append_pair("iss", issuer);
    HttpResponse::SeeOther().insert_header((LOCATION, location.as_str())).finish()
}

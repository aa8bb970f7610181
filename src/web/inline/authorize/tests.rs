use url::Url;

use super::*;
use crate::clock::Clock;
use crate::room::RoomNameError;
use crate::web::testing::{Answer, Browser, app, app_with_inline_login, browser, noon};

const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const STATE: &str = r#"{"room":"Weekly Sync","roomSafe":"weekly%20sync","tenant":""}"#;

fn inline() -> Inline {
    Inline::new(&"https://meet.example.com/".parse().unwrap(), "jitsi-meet".to_owned())
}

/// What the front end sends.
fn good() -> Vec<(&'static str, String)> {
    let parameters = [
        ("client_id", "jitsi-meet"),
        ("redirect_uri", "https://meet.example.com/static/sso.html"),
        ("response_type", "code"),
        ("scope", "openid"),
        ("state", STATE),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
        ("nonce", "n-1"),
    ];
    parameters.map(|(name, value)| (name, value.to_owned())).into()
}

fn query(parameters: &[(&str, String)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish()
}

/// The good request with one parameter changed, or left out.
fn with(name: &str, value: Option<&str>) -> String {
    let mut parameters = good();
    parameters.retain(|(other, _)| *other != name);
    let named = good().into_iter().map(|(name, _)| name).find(|other| *other == name);
    let extra = ["response_mode", "request", "request_uri", "provider", "other", "again", "prompt", "max_age"];
    let name = named.or_else(|| extra.into_iter().find(|other| *other == name)).unwrap();
    parameters.extend(value.map(|value| (name, value.to_owned())));
    query(&parameters)
}

fn read(query: &str) -> Result<Asked, PageError> {
    Asked::read(&inline(), query)
}

/// Why the front end is told that nothing comes of it.
fn refusal(query: &str) -> AuthorizeError {
    match read(query) {
        Err(PageError::Authorize { cause, .. }) => cause,
        other => panic!("{other:?}"),
    }
}

/// Why nobody is sent anywhere.
fn dead_end(query: &str) -> WrongClient {
    match read(query) {
        Err(PageError::WrongClient(cause)) => cause,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_request_asks_for_the_meeting_of_its_state() {
    let Ok(Asked::Login(link)) = read(&query(&good())) else { panic!("a login") };

    let asked = InlineRequest {
        state: STATE.to_owned(),
        nonce: Some("n-1".to_owned()),
        code_challenge: CHALLENGE.parse().unwrap(),
    };
    assert_eq!(link.request.path(), "weekly%20sync");
    assert_eq!(link.request.door, Door::Inline(Box::new(asked)));
    assert_eq!((link.provider, link.lost_before, link.other), (None, 0, false));
    assert_eq!(link.wanted, Wanted::default());
}

#[test]
fn a_request_says_how_new_the_login_has_to_be() {
    let link = |name, value| match read(&with(name, Some(value))) {
        Ok(Asked::Login(link)) => (link.other, link.wanted.no_page, link.wanted.max_age),
        other => panic!("{other:?}"),
    };

    assert_eq!(link("prompt", "none"), (false, true, None));
    assert_eq!(link("prompt", "consent"), (false, false, None));
    assert_eq!(link("prompt", "login consent"), (true, false, None));
    assert_eq!(link("prompt", "select_account"), (true, false, None));
    assert_eq!(link("max_age", "600"), (false, false, Some(Duration::from_secs(600))));
    assert_eq!(link("max_age", "99999999999999999999999"), (false, false, Some(Duration::from_secs(u64::MAX))));
    assert_eq!(refusal(&with("prompt", Some("none login"))), AuthorizeError::Prompt);
    assert_eq!(refusal(&with("prompt", Some("create"))), AuthorizeError::Prompt);
    for wrong in ["-1", "+1", "1.5", "soon"] {
        assert_eq!(refusal(&with("max_age", Some(wrong))), AuthorizeError::MaxAge, "{wrong}");
    }
}

#[test]
fn a_meeting_may_be_within_a_tenant() {
    let state = r#"{"room":"standup","tenant":"Acme"}"#;

    let Ok(Asked::Login(link)) = read(&with("state", Some(state))) else { panic!("a login") };

    assert_eq!(link.request.path(), "acme/standup");
}

#[test]
fn the_client_has_to_be_the_one_there_is() {
    for query in [with("client_id", None), with("client_id", Some("")), with("client_id", Some("jitsi-meet "))] {
        assert_eq!(dead_end(&query), WrongClient::ClientId, "{query}");
    }
}

#[test]
fn the_redirect_uri_has_to_be_the_one_there_is_to_the_letter() {
    assert_eq!(dead_end(&with("redirect_uri", None)), WrongClient::RedirectUri);
    for wrong in [
        "https://meet.example.com/static/sso.html/",
        "https://meet.example.com//static/sso.html",
        "https://meet.example.com/static/sso.html?",
        "https://meet.example.com/static/sso.html#",
        "https://MEET.example.com/static/sso.html",
        "https://meet.example.com:443/static/sso.html",
        "http://meet.example.com/static/sso.html",
        "https://meet.example.com.evil.example/static/sso.html",
        "https://meet.example.com@evil.example/static/sso.html",
        "https://meet.example.com/static/../static/sso.html",
        "",
    ] {
        assert_eq!(dead_end(&with("redirect_uri", Some(wrong))), WrongClient::RedirectUri, "{wrong}");
    }
}

#[test]
fn a_client_or_an_address_that_is_given_twice_leads_nowhere() {
    for name in ["client_id", "redirect_uri"] {
        let (_, value) = good().into_iter().find(|(other, _)| *other == name).unwrap();
        let twice = format!("{}&{}", query(&good()), query(&[(name, value)]));

        assert!(matches!(read(&twice), Err(PageError::Request(_))), "{name}");
    }
}

#[test]
fn proof_of_possession_cannot_be_left_out_or_weakened() {
    assert_eq!(refusal(&with("code_challenge", None)), AuthorizeError::NoChallenge);
    assert_eq!(refusal(&with("code_challenge", Some(""))), AuthorizeError::NoChallenge);
    assert_eq!(refusal(&with("code_challenge", Some("short"))), AuthorizeError::Challenge(NotAChallenge));
    assert_eq!(refusal(&with("code_challenge_method", None)), AuthorizeError::Method);
    assert_eq!(refusal(&with("code_challenge_method", Some("plain"))), AuthorizeError::Method);
    assert_eq!(refusal(&with("code_challenge_method", Some("s256"))), AuthorizeError::Method);
}

#[test]
fn only_codes_by_query_are_given() {
    assert_eq!(refusal(&with("response_type", None)), AuthorizeError::ResponseType);
    assert_eq!(refusal(&with("response_type", Some("token"))), AuthorizeError::ResponseType);
    assert_eq!(refusal(&with("response_type", Some("code id_token"))), AuthorizeError::ResponseType);
    assert_eq!(refusal(&with("response_mode", Some("form_post"))), AuthorizeError::ResponseMode);
    assert!(read(&with("response_mode", Some("query"))).is_ok());
    assert_eq!(refusal(&with("request", Some("e.y.J"))), AuthorizeError::RequestObject);
    assert_eq!(refusal(&with("request_uri", Some("https://a.example"))), AuthorizeError::RequestUri);
}

#[test]
fn a_request_without_a_room_is_refused() {
    let empty = AuthorizeError::Room(BadRoom::Room(RoomNameError::Empty));

    assert_eq!(refusal(&with("state", None)), AuthorizeError::NoState);
    assert_eq!(refusal(&with("state", Some(""))), AuthorizeError::NoState);
    assert_eq!(refusal(&with("state", Some("{}"))), empty);
    assert_eq!(refusal(&with("state", Some(r#"{"room":""}"#))), empty);
    assert_eq!(refusal(&with("state", Some(r#"{"room":null}"#))), empty);
    assert!(matches!(refusal(&with("state", Some("standup"))), AuthorizeError::Room(BadRoom::State(_))));
    assert!(matches!(refusal(&with("state", Some(r#"{"room":"*"}"#))), AuthorizeError::Room(BadRoom::Room(_))));
}

#[test]
fn a_parameter_that_is_given_twice_or_too_long_is_told_with_the_state_it_came_with() {
    let twice = format!("{}&nonce=n-2", query(&good()));
    let long = with("nonce", Some(&"n".repeat(257)));
    let two_states = format!("{}&state=%7B%7D", query(&good()));

    assert_eq!(refusal(&twice), AuthorizeError::Parameters(QueryError::Twice { name: "nonce" }));
    let too_long = QueryError::TooLong { name: "nonce", max_bytes: 256 };
    assert_eq!(refusal(&long), AuthorizeError::Parameters(too_long));
    assert!(matches!(read(&twice), Err(PageError::Authorize { state: Some(state), .. }) if state == STATE));
    assert!(matches!(read(&two_states), Err(PageError::Authorize { state: None, .. })));
}

#[test]
fn a_provider_that_cannot_be_one_is_refused() {
    assert_eq!(refusal(&with("provider", Some("No Such"))), AuthorizeError::Provider);
}

#[test]
fn a_refresh_token_in_the_state_asks_for_nobodys_login() {
    let renewal = r#"{"room":"standup","refreshToken":"f.s"}"#;

    assert_eq!(read(&with("state", Some(renewal))).unwrap(), Asked::Renewal(renewal.to_owned()));
    for login in [r#"{"room":"standup","refreshToken":""}"#, r#"{"room":"standup","refreshToken":null}"#] {
        assert!(matches!(read(&with("state", Some(login))), Ok(Asked::Login(_))), "{login}");
    }
    let foreign = with("state", Some(renewal)).replace("meet.example.com", "evil.example");
    assert_eq!(dead_end(&foreign), WrongClient::RedirectUri);
}

async fn site() -> Browser {
    browser(app_with_inline_login(&["work", "school"], &Clock::standing_at(noon()))).await
}

async fn ask(browser: &mut Browser, query: &str) -> Answer {
    browser.get(&format!("/oauth2/authorize?{query}")).await
}

fn parameter(answer: &Answer, name: &str) -> Option<String> {
    let address: Url = answer.location().parse().unwrap();
    assert!(answer.location().starts_with("https://meet.example.com/static/sso.html?"), "{address}");
    address.query_pairs().find(|(other, _)| other == name).map(|(_, value)| value.into_owned())
}

#[actix_web::test]
async fn the_choice_of_a_login_asks_for_the_same_code() {
    let mut browser = site().await;

    let choice = ask(&mut browser, &query(&good())).await;
    let (_, link) = choice.body.split_once("href=\"/oauth2/authorize?").unwrap();
    let link = link.split_once('"').unwrap().0.replace("&#38;", "&");
    let chosen = ask(&mut browser, &link).await;

    let Ok(Asked::Login(first)) = read(&query(&good())) else { panic!("a login") };
    let Ok(Asked::Login(second)) = read(&link) else { panic!("a login") };
    assert_eq!(second.request, first.request);
    assert!(chosen.location().starts_with("https://work.invalid/authorize?"), "{}", chosen.location());
}

#[actix_web::test]
async fn an_error_is_told_to_the_front_end_with_the_number_in_the_log() {
    let mut browser = site().await;

    let answer = ask(&mut browser, &with("code_challenge_method", Some("plain"))).await;

    assert_eq!(parameter(&answer, "error").as_deref(), Some("invalid_request"));
    assert_eq!(parameter(&answer, "state").as_deref(), Some(STATE));
    let description = parameter(&answer, "error_description").unwrap();
    assert!(description.starts_with("`code_challenge_method` has to be `S256` (reference "), "{description}");
}

#[actix_web::test]
async fn a_room_that_nobody_may_enter_is_denied() {
    let mut browser = site().await;

    let answer = ask(&mut browser, &with("state", Some(r#"{"room":"vault"}"#))).await;

    assert_eq!(parameter(&answer, "error").as_deref(), Some("access_denied"));
    assert_eq!(parameter(&answer, "state").as_deref(), Some(r#"{"room":"vault"}"#));
}

#[actix_web::test]
async fn a_state_that_no_cookie_holds_is_told_and_not_cut_off() {
    let mut browser = site().await;
    let state = format!(r#"{{"room":"standup","x":"{}"}}"#, "x".repeat(4000));

    let parameters = with("state", Some(&state));
    let answer = ask(&mut browser, &format!("{parameters}&provider=work")).await;

    assert_eq!(parameter(&answer, "error").as_deref(), Some("invalid_request"));
    assert_eq!(parameter(&answer, "state"), Some(state));
}

#[actix_web::test]
async fn a_login_that_was_declined_is_told_to_the_front_end() {
    let mut browser = site().await;
    let state = browser.begin(&format!("/oauth2/authorize?{}", with("provider", Some("work")))).await;

    let answer = browser.get(&format!("/callback/work?error=access_denied&state={state}")).await;

    assert_eq!(parameter(&answer, "error").as_deref(), Some("access_denied"));
    assert_eq!(parameter(&answer, "state").as_deref(), Some(STATE));
}

#[actix_web::test]
async fn a_foreign_client_or_address_gets_a_page() {
    let mut browser = site().await;

    for query in [with("client_id", Some("other")), with("redirect_uri", Some("https://evil.example"))] {
        let answer = ask(&mut browser, &query).await;
        assert_eq!(answer.status.as_u16(), 400);
        assert!(answer.body.contains("<h1>The link is damaged</h1>"), "{}", answer.body);
    }
}

#[actix_web::test]
async fn a_renewal_comes_straight_back_with_its_state_and_without_a_code() {
    let mut browser = site().await;
    let state = r#"{"room":"standup","refreshToken":"f.s"}"#;

    let answer = ask(&mut browser, &with("state", Some(state))).await;

    assert_eq!(parameter(&answer, "state").as_deref(), Some(state));
    assert_eq!((parameter(&answer, "code"), parameter(&answer, "error")), (None, None));
    assert_eq!(browser.held(), 0, "no login begins");
}

#[actix_web::test]
async fn without_its_section_there_is_no_such_door() {
    let mut browser = browser(app(&["work"], &Clock::standing_at(noon()))).await;

    for uri in ["/oauth2/authorize", "/oauth2/token", "/oauth2/logout", "/.well-known/openid-configuration"] {
        let answer = browser.get(&format!("{uri}?{}", query(&good()))).await;
        assert_eq!(answer.status.as_u16(), 404, "{uri}");
    }
}

//! From the front end's request to a code, and from the code to tokens.

use serde_json::json;

use crate::stage::{
    CLIENT_ID, NONCE, REDIRECT_URI, Stage, VERIFIER, code_of, error_of, id_claims, invalid_grant, post, state,
};
use crate::support::fake::{EMAIL, NAME, SUBJECT};
use crate::support::visitor::{Visitor, parameter};

on_both_databases![
    a_login_ends_in_tokens_for_the_room_of_the_state,
    somebody_signed_in_gets_a_code_without_another_login,
    a_code_is_for_whoever_asked_for_it,
    a_code_that_is_used_twice_gives_tokens_once_and_ends_what_came_of_it,
    a_code_is_for_one_room_whatever_is_said_with_it,
    neither_kind_of_token_is_taken_for_the_other,
];

async fn a_login_ends_in_tokens_for_the_room_of_the_state(stage: Stage) {
    let code = stage.code(&mut Visitor::new(), "standup").await;

    let answer = stage.exchange(&code).await;

    let meeting = answer.meeting_claims();
    assert_eq!((&meeting["room"], &meeting["context"]["user"]["name"]), (&json!("standup"), &json!(NAME)));
    assert_eq!(meeting["context"]["user"]["moderator"], false);
    let token = answer.text("id_token");
    let person = id_claims(&token);
    assert_eq!(jsonwebtoken::decode_header(&token).unwrap().typ.as_deref(), Some("id_token+jwt"));
    assert_eq!((&person["name"], &person["email"]), (&json!(NAME), &json!(EMAIL)));
    assert_eq!((&person["iss"], &person["aud"]), (&json!(stage.roomkey.url), &json!(CLIENT_ID)));
    assert_eq!((&person["nonce"], &person["sub"]), (&json!(NONCE), &meeting["context"]["user"]["id"]));
    assert!(!person.to_string().contains(SUBJECT), "who they are at the provider is nobody's business");
    assert_eq!((answer.text("token_type").as_str(), &answer.body["expires_in"]), ("Bearer", &json!(300)));
    assert_eq!(meeting["exp"], person["exp"]);
    assert_eq!(answer.refresh_token().len(), 87);
    assert_eq!(answer.headers["pragma"], "no-cache");
}

async fn somebody_signed_in_gets_a_code_without_another_login(stage: Stage) {
    let mut visitor = Visitor::new();
    stage.code(&mut visitor, "standup").await;

    let straight_back = stage.ask(&mut visitor, "retro").await.location();

    let answer = stage.exchange(&code_of(&straight_back, "retro")).await;
    assert_eq!(answer.meeting_claims()["room"], "retro");
    assert_eq!(stage.provider.count("/token"), 1);
}

async fn a_code_is_for_whoever_asked_for_it(stage: Stage) {
    let code = stage.code(&mut Visitor::new(), "standup").await;
    let form = |client: &'static str, address: &'static str| {
        let fixed = [("grant_type", "authorization_code"), ("code_verifier", VERIFIER)];
        [fixed[0], fixed[1], ("client_id", client), ("redirect_uri", address)]
    };
    let with_code =
        |form: [(&'static str, &'static str); 4]| form.into_iter().chain([("code", "")]).collect::<Vec<_>>();

    let mut other_client = with_code(form("another", REDIRECT_URI));
    let mut other_address = with_code(form(CLIENT_ID, "http://meet.localhost:9/static/sso.html/"));
    other_client[4].1 = &code;
    other_address[4].1 = &code;
    let other_client = post(&stage.roomkey, &other_client).await;
    let other_address = post(&stage.roomkey, &other_address).await;
    let thief = stage.exchange_with(&code, &VERIFIER.replace('d', "e")).await;
    let too_late = stage.exchange(&code).await;

    assert_eq!(other_client.refusal(), (400, "invalid_client".to_owned()));
    assert_eq!(other_address.refusal(), invalid_grant());
    assert!(other_address.text("error_description").starts_with("`redirect_uri` is not that of"));
    assert_eq!(thief.refusal(), invalid_grant());
    assert!(thief.text("error_description").starts_with("`code_verifier` is not what"), "{}", thief.body);
    assert_eq!(too_late.refusal(), invalid_grant());
    assert!(too_late.text("error_description").starts_with("the code is unknown, has expired or has been used"));
    for word in ["wrong-client-id", "wrong-redirect-uri", "wrong-verifier", "code-unknown"] {
        stage.roomkey.wait_for_log(&format!(r#""login.failure":"{word}""#));
    }
}

async fn a_code_that_is_used_twice_gives_tokens_once_and_ends_what_came_of_it(stage: Stage) {
    let code = stage.code(&mut Visitor::new(), "standup").await;
    let first = stage.exchange(&code).await;
    let renewed = stage.refresh(&first.refresh_token()).await;

    let second = stage.exchange(&code).await;

    assert_eq!(second.refusal(), invalid_grant());
    assert_eq!(stage.refresh(&renewed.refresh_token()).await.refusal(), invalid_grant());
}

async fn a_code_is_for_one_room_whatever_is_said_with_it(stage: Stage) {
    let code = stage.code(&mut Visitor::new(), "standup").await;
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", REDIRECT_URI),
        ("client_id", CLIENT_ID),
        ("code_verifier", VERIFIER),
        ("room", "board"),
        ("state", &state("board")),
        ("scope", "openid board"),
    ];

    let answer = post(&stage.roomkey, &form).await;

    assert_eq!(answer.meeting_claims()["room"], "standup");
    assert_eq!(answer.text("scope"), "openid profile email");
}

async fn neither_kind_of_token_is_taken_for_the_other(stage: Stage) {
    let code = stage.code(&mut Visitor::new(), "standup").await;
    let next = stage.code(&mut Visitor::new(), "standup").await;
    let answer = stage.exchange(&code).await;

    let as_refresh_token = [stage.refresh(&next).await, stage.refresh(&answer.text("id_token")).await];
    let as_code = stage.exchange(&answer.refresh_token()).await;

    for refused in as_refresh_token {
        assert!(refused.status == 400 && refused.body["error"] != "server_error", "{}", refused.body);
    }
    assert_eq!(as_code.refusal(), invalid_grant());
    assert_eq!(stage.refresh(&answer.refresh_token()).await.status, 200, "and nothing has ended by it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_login_that_ends_elsewhere_is_told_to_the_front_end_by_its_number() {
    let stage = Stage::set(crate::stage::Kept::Sqlite, "").await;

    let refused = stage.log_in(&mut Visitor::new(), "board").await;
    stage.provider.script(|script| script.header = Box::new(|header| header["alg"] = json!("none")));
    let forged = stage.log_in(&mut Visitor::new(), "standup").await;
    let closed = stage.ask(&mut Visitor::new(), "vault").await.location();

    let (error, description) = error_of(&refused, "board");
    assert_eq!(error, "access_denied");
    let (sentence, reference) = description.split_once(" (reference ").unwrap();
    assert_eq!(sentence, "You are not let into this meeting.");
    let line = stage.roomkey.wait_for_log(reference.trim_end_matches(')'));
    assert!(line.contains(r#""login.failure":"no-rule""#), "{line}");
    assert_eq!(error_of(&forged, "standup").0, "server_error");
    assert_eq!(error_of(&closed, "vault").0, "access_denied");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_is_not_the_front_ends_is_sent_nowhere() {
    let stage = Stage::set(crate::stage::Kept::Sqlite, "").await;
    let good = stage.address(&state("standup"));
    let mut visitor = Visitor::new();

    for bad in [
        good.replace("sso.html", "sso.html%2F"),
        good.replace("meet.localhost", "evil.localhost"),
        good.replace("client_id=jitsi-meet", "client_id=another"),
        good.replace("client_id=jitsi-meet&", ""),
        format!("{good}&redirect_uri=http%3A%2F%2Fevil.localhost"),
    ] {
        let page = visitor.get(&bad).await;
        assert_eq!((page.status.as_u16(), page.headers.get("location")), (400, None), "{bad}");
        assert_eq!(page.heading(), "The link is damaged");
    }
    let plain = visitor.get(&good.replace("S256", "plain")).await.location();
    assert_eq!(error_of(&plain, "standup").0, "invalid_request");
    let roomless = visitor.get(&stage.address("{}")).await.location();
    assert_eq!(parameter(&roomless, "error").as_deref(), Some("invalid_request"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_secret_and_nothing_of_the_person_stands_in_the_log() {
    let mut stage = Stage::set(crate::stage::Kept::Sqlite, "").await;
    let code = stage.code(&mut Visitor::new(), "standup").await;
    let answer = stage.exchange(&code).await;
    let renewed = stage.refresh(&answer.refresh_token()).await;
    let renewal = stage.address(&json!({"room": "standup", "refreshToken": renewed.refresh_token()}).to_string());
    Visitor::new().get(&renewal).await;
    stage.refresh(&answer.refresh_token()).await;
    stage.exchange(&code).await;
    stage.log_in(&mut Visitor::new(), "board").await;

    let log = stage.roomkey.whole_log();

    let mut secrets = vec![code, NONCE.to_owned(), VERIFIER.to_owned(), crate::stage::CHALLENGE.to_owned()];
    for answer in [&answer, &renewed] {
        secrets.extend(["access_token", "id_token", "refresh_token"].map(|token| answer.text(token)));
    }
    secrets.extend([NAME, EMAIL, SUBJECT, "startWithAudioMuted"].map(str::to_owned));
    for secret in secrets {
        assert!(!log.contains(&secret), "{secret} in:\n{log}");
    }
    assert!(log.contains("no tokens: the refresh token has been used before"), "{log}");
}

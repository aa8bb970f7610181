//! People who may not enter any more between two steps, and people without a session.

use crate::stage::{CLIENT_ID, Kept, Stage, code_of, error_of, id_claims, invalid_grant, state};
use crate::support::visitor::{Visitor, parameter};

on_both_databases![
    rules_that_have_changed_since_the_code_was_given_count,
    a_session_that_has_ended_since_the_code_was_given_counts,
];

async fn rules_that_have_changed_since_the_code_was_given_count(stage: Stage) {
    let code = stage.code(&mut Visitor::new(), "standup").await;

    stage.rule("[[access]]\nrooms = [\"*\"]\ndeny = true\n");
    let refused = stage.exchange(&code).await;

    assert_eq!(refused.refusal(), invalid_grant());
    assert!(refused.text("error_description").starts_with("You are not let into this meeting any more."));
}

async fn a_session_that_has_ended_since_the_code_was_given_counts(stage: Stage) {
    let code = stage.code(&mut Visitor::new(), "standup").await;

    stage.log_out_at_provider().await;
    let refused = stage.exchange(&code).await;

    assert_eq!(refused.refusal(), invalid_grant());
    assert!(refused.text("error_description").starts_with("Log in again."));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guest_gets_tokens_for_once() {
    let stage = Stage::set(Kept::Sqlite, "").await;
    let mut visitor = Visitor::new();
    let page = stage.ask(&mut visitor, "open").await;
    let (_, login) = page.body.split_once("name=\"state\" value=\"").unwrap_or_else(|| panic!("{}", page.body));
    let form = [("state", login.split('"').next().unwrap()), ("name", "Ada")];

    let entered = visitor.post(&format!("{}/login/guest", stage.roomkey.url), &form).await.location();
    let answer = stage.exchange(&code_of(&entered, "open")).await;

    let person = id_claims(&answer.text("id_token"));
    assert_eq!(answer.meeting_claims()["context"]["user"]["name"], "Ada");
    assert_eq!((person["name"].as_str(), person["aud"].as_str()), (Some("Ada"), Some(CLIENT_ID)));
    assert!(answer.body.get("refresh_token").is_none(), "there is no session that it could be bound to");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guest_is_asked_about_at_the_token_endpoint_too() {
    let stage = Stage::set(Kept::Sqlite, "").await;
    let mut visitor = Visitor::new();
    let page = stage.ask(&mut visitor, "open").await;
    let (_, login) = page.body.split_once("name=\"state\" value=\"").unwrap();
    let form = [("state", login.split('"').next().unwrap()), ("name", "Ada")];
    let entered = visitor.post(&format!("{}/login/guest", stage.roomkey.url), &form).await.location();

    stage.rule("[[access]]\nrooms = [\"*\"]\ndeny = true\n");
    let refused = stage.exchange(&code_of(&entered, "open")).await;

    assert_eq!(refused.refusal(), invalid_grant());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_declines_the_login_is_told_to_the_front_end() {
    let stage = Stage::set(Kept::Sqlite, "").await;
    stage.provider.script(|script| {
        script.response = Box::new(|response| {
            response.retain(|(name, _)| name != "code");
            response.push(("error".to_owned(), "access_denied".to_owned()));
        });
    });

    let declined = stage.log_in(&mut Visitor::new(), "standup").await;

    let (error, description) = error_of(&declined, "standup");
    assert_eq!(error, "access_denied");
    assert!(description.starts_with("You were not logged in."), "{description}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_its_section_the_door_closes_at_a_reload() {
    let stage = Stage::set(Kept::Sqlite, "").await;
    let mut visitor = Visitor::new();
    let half_way = stage.ask(&mut visitor, "standup").await;

    stage.close();
    let response = stage.provider.log_in(&half_way.location());
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(response).finish();
    let back = visitor.get(&format!("{}/callback/fake?{query}", stage.roomkey.url)).await;
    let again = stage.ask(&mut visitor, "standup").await;
    let link = visitor.get(&format!("{}/room/standup", stage.roomkey.url)).await;

    assert_eq!((back.status.as_u16(), again.status.as_u16()), (503, 404));
    assert!(link.location().as_str().starts_with(&stage.provider.issuer), "the other door is open");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn prompt_none_gives_a_code_to_somebody_signed_in_and_shows_nobody_a_page() {
    let stage = Stage::set(Kept::Sqlite, "").await;
    let (mut somebody, mut stranger) = (Visitor::new(), Visitor::new());
    stage.code(&mut somebody, "standup").await;
    let silent = |room: &str| format!("{}&prompt=none", stage.address(&state(room)));

    let signed_in = somebody.get(&silent("standup")).await.location();
    let not_let_in = somebody.get(&silent("board")).await.location();
    let unknown = stranger.get(&silent("standup")).await.location();

    code_of(&signed_in, "standup");
    assert_eq!(error_of(&not_let_in, "board").0, "access_denied");
    assert_eq!(error_of(&unknown, "standup").0, "login_required");
    stage.roomkey.wait_for_log(r#""login.failure":"not-signed-in""#);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_login_that_is_too_old_is_made_afresh_and_its_time_is_told() {
    let stage = Stage::set(Kept::Sqlite, "").await;
    let mut visitor = Visitor::new();
    let code = stage.code(&mut visitor, "standup").await;
    let first = id_claims(&stage.exchange(&code).await.text("id_token"));
    tokio::time::sleep(std::time::Duration::from_millis(2100)).await;
    let address = stage.address(&state("standup"));

    let young_enough = visitor.get(&format!("{address}&max_age=600")).await.location();
    let silent = visitor.get(&format!("{address}&max_age=1&prompt=none")).await.location();
    let too_old = visitor.get(&format!("{address}&max_age=1")).await.location();
    let by_prompt = visitor.get(&format!("{address}&prompt=login")).await.location();

    let code = code_of(&young_enough, "standup");
    let told = id_claims(&stage.exchange(&code).await.text("id_token"));
    assert_eq!(told["auth_time"], first["auth_time"]);
    assert_eq!(error_of(&silent, "standup").0, "login_required");
    for request in [&too_old, &by_prompt] {
        assert!(request.as_str().starts_with(&stage.provider.issuer), "{request}");
        assert_eq!(parameter(request, "prompt").as_deref(), Some("login"));
    }
    let response = stage.provider.log_in(&too_old);
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(response).finish();
    let back = visitor.get(&format!("{}/callback/fake?{query}", stage.roomkey.url)).await.location();
    let renewed = id_claims(&stage.exchange(&code_of(&back, "standup")).await.text("id_token"));
    assert!(renewed["auth_time"].as_i64() > first["auth_time"].as_i64(), "{renewed} {first}");
}

//! Signed in once: the links that follow, the provider's second thoughts, and every way out.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test stops at the first thing amiss")]

mod support;

use std::time::Duration;

use serde_json::{Value, json};
use support::fake::{FakeProvider, NAME, SUBJECT};
use support::postgres::Postgres;
use support::roomkey::{Roomkey, run};
use support::visitor::{Page, Visitor, parameter};

const ACCESS: &str =
    "[[access]]\nrooms = [\"*\"]\nproviders = [\"fake\"]\ngroups = [\"staff\"]\nrole = \"participant\"\n";
const SESSION: &str = "[session]\nsecret = \"eleven-paper-boats-drift-past-the-mill\"\nconfirm = \"1s\"\n";

struct Stage {
    roomkey: Roomkey,
    provider: FakeProvider,
}

impl Stage {
    /// `more` may hold whole sections.
    async fn set(more: &str) -> Self {
        let provider = FakeProvider::start().await;
        provider.script(|script| {
            script.refresh_tokens = true;
            script.claims = Box::new(|claims| claims["sid"] = json!("sid-1"));
        });
        let roomkey = Roomkey::start(&format!("{more}\n{}{ACCESS}", provider.configuration("")));
        Self { roomkey, provider }
    }

    async fn open(&self, visitor: &mut Visitor, room: &str) -> Page {
        visitor.get(&format!("{}/room/{room}", self.roomkey.url)).await
    }

    /// From a link by way of the provider into the meeting.
    async fn log_in(&self, visitor: &mut Visitor, room: &str) -> Page {
        let redirect = self.open(visitor, room).await;
        let response = self.provider.log_in(&redirect.location());
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(response).finish();
        let page = visitor.get(&format!("{}/callback/fake?{query}", self.roomkey.url)).await;
        assert_eq!(page.meeting_claims()["room"], room);
        page
    }

    async fn post_logout(&self, roomkey: &Roomkey, token: &str) -> Page {
        let url = format!("{}/logout/backchannel/fake", roomkey.url);
        Visitor::new().post_from_elsewhere(&url, &[("logout_token", token)]).await
    }
}

fn is_in_meeting(page: &Page) -> bool {
    page.location().host_str() == Some("meet.localhost")
}

/// The value that makes a form this session's.
fn form_token(page: &Page) -> String {
    page.body.split("name=\"token\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn the_second_link_leads_to_its_meeting_in_one_redirect() {
    let stage = Stage::set("").await;
    let mut visitor = Visitor::new();
    stage.log_in(&mut visitor, "standup").await;

    let second = stage.open(&mut visitor, "retro").await;

    assert!(is_in_meeting(&second));
    assert_eq!(second.meeting_claims()["room"], "retro");
    assert_eq!(second.meeting_claims()["context"]["user"]["name"], NAME);
    assert_eq!(stage.provider.count("/token"), 1);
}

#[tokio::test]
async fn each_link_is_decided_by_the_rules_in_force_then() {
    let stage = Stage::set("").await;
    let mut visitor = Visitor::new();
    stage.log_in(&mut visitor, "standup").await;

    let denied = "[[access]]\nrooms = [\"*\"]\ndeny = true\n";
    stage.roomkey.rewrite(&format!("{}{denied}", stage.provider.configuration("")));
    stage.roomkey.signal("HUP");
    stage.roomkey.wait_for_log("is in force");
    let second = stage.open(&mut visitor, "standup").await;

    assert_eq!(second.status, 403);
    assert!(second.body.contains("/room/standup?other=1"), "somebody else may be let in");
}

#[tokio::test]
async fn the_cookie_holds_an_id_alone_and_a_login_changes_it() {
    let stage = Stage::set("").await;
    let mut visitor = Visitor::new();
    let first = stage.log_in(&mut visitor, "standup").await;
    let cookie = first.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap());
    let cookie = cookie.filter(|cookie| cookie.starts_with("roomkey-session=")).collect::<Vec<_>>().join("");
    let before = visitor.cookies()["roomkey-session"].clone();

    let again = visitor.get(&format!("{}/room/standup?other=1", stage.roomkey.url)).await;
    assert_eq!(parameter(&again.location(), "prompt").as_deref(), Some("login"));
    let response = stage.provider.log_in(&again.location());
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(response).finish();
    visitor.get(&format!("{}/callback/fake?{query}", stage.roomkey.url)).await;

    let after = visitor.cookies()["roomkey-session"].clone();
    assert_ne!(before, after);
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/"), "{cookie}");
    assert!(cookie.len() < 300, "{cookie}");
    let mut thief = Visitor::new();
    thief.cookies_mut().insert("roomkey-session".to_owned(), before);
    assert!(!is_in_meeting(&stage.open(&mut thief, "standup").await), "the id before opens nothing");
}

#[tokio::test]
async fn whoever_is_removed_at_the_provider_is_out_within_the_confirmation_time() {
    let stage = Stage::set(SESSION).await;
    let mut visitor = Visitor::new();
    stage.log_in(&mut visitor, "standup").await;
    tokio::time::sleep(Duration::from_millis(2_100)).await;
    assert!(is_in_meeting(&stage.open(&mut visitor, "standup").await), "still employed");
    assert_eq!(stage.provider.count("refresh"), 1);

    stage.provider.script(|script| script.removed = true);
    tokio::time::sleep(Duration::from_millis(2_100)).await;
    let third = stage.open(&mut visitor, "standup").await;

    assert!(third.location().as_str().starts_with(&format!("{}/authorize?", stage.provider.issuer)));
    assert_eq!(stage.provider.count("refresh"), 2);
    let ended = run(stage.roomkey.folder.path(), &["audit", "export", "--outcome", "logged_out"]);
    let record: serde_json::Value = serde_json::from_slice(&ended.stdout).unwrap();
    assert_eq!(record["reason"], "not-vouched-for");
    assert_eq!((&record["provider"], record["subject"].is_string()), (&json!("fake"), true));
}

#[tokio::test]
async fn claims_of_a_confirmation_count_at_once() {
    let stage = Stage::set(SESSION).await;
    let mut visitor = Visitor::new();
    stage.log_in(&mut visitor, "standup").await;

    stage.provider.script(|script| script.claims = Box::new(|claims| claims["groups"] = json!(["guests"])));
    tokio::time::sleep(Duration::from_millis(2_100)).await;
    let second = stage.open(&mut visitor, "standup").await;

    assert_eq!(second.status, 403, "no longer of the group that the rule names");
}

#[tokio::test]
async fn one_confirmation_serves_all_who_wait_on_both_replicas() {
    let server = Postgres::start();
    let store = format!("[store]\nurl = \"{}\"\n", server.database("roomkey"));
    let session = SESSION.replace("1s", "6s");
    let stage = Stage::set(&format!("{session}{store}")).await;
    let replica = stage.roomkey.replica();
    let mut visitor = Visitor::new();
    stage.log_in(&mut visitor, "standup").await;
    let mut tabs: Vec<_> = (0..24).map(|_| Visitor::new()).collect();
    tokio::time::sleep(Duration::from_millis(7_100)).await;

    let waiting = tabs.iter_mut().enumerate().map(|(number, tab)| {
        tab.cookies_mut().clone_from(visitor.cookies());
        let url = if number % 2 == 0 { &stage.roomkey.url } else { &replica.url };
        let url = format!("{url}/room/room{number}");
        async move { tab.get(&url).await }
    });
    let pages = futures_util::future::join_all(waiting).await;

    assert!(pages.iter().all(is_in_meeting), "{pages:#?}\n=====\n{}\n=====\n{}", stage.roomkey.log(), replica.log());
    assert_eq!(stage.provider.count("refresh"), 1);
}

#[tokio::test]
async fn a_provider_that_cannot_be_asked_keeps_nobody_out_for_its_grace_time() {
    let stage = Stage::set(SESSION).await;
    let mut visitor = Visitor::new();
    stage.log_in(&mut visitor, "standup").await;

    stage.provider.script(|script| script.token = Box::new(|_| support::fake::Reply::Gone));
    tokio::time::sleep(Duration::from_millis(2_100)).await;
    let second = stage.open(&mut visitor, "standup").await;

    assert!(is_in_meeting(&second));
}

#[tokio::test]
async fn without_a_refresh_token_the_provider_is_asked_without_a_word() {
    let stage = Stage::set(SESSION).await;
    stage.provider.script(|script| script.refresh_tokens = false);
    let mut visitor = Visitor::new();
    stage.log_in(&mut visitor, "standup").await;
    tokio::time::sleep(Duration::from_millis(2_100)).await;

    let silent = stage.open(&mut visitor, "standup").await.location();
    let state = parameter(&silent, "state").unwrap();
    let issuer = &stage.provider.issuer;
    let refused = format!("{}/callback/fake?error=login_required&state={state}&iss={issuer}", stage.roomkey.url);
    let aloud = visitor.get(&refused).await.location();
    let login = visitor.get(aloud.as_str()).await.location();

    assert_eq!(parameter(&silent, "prompt").as_deref(), Some("none"));
    assert_eq!(parameter(&login, "prompt"), None);
    assert!(login.as_str().starts_with(&format!("{issuer}/authorize?")));
}

#[tokio::test]
async fn logging_out_asks_first_and_goes_on_to_the_provider() {
    let stage = Stage::set("").await;
    let mut visitor = Visitor::new();
    stage.log_in(&mut visitor, "standup").await;
    let url = format!("{}/logout", stage.roomkey.url);

    let page = visitor.get(&url).await;
    let forged = visitor.post(&url, &[("token", "x"), ("which", "here")]).await;
    assert!(is_in_meeting(&stage.open(&mut visitor, "standup").await), "nothing has happened yet");
    let out = visitor.post(&url, &[("token", &form_token(&page)), ("which", "here")]).await.location();

    assert_eq!(page.heading(), "Log out?");
    assert_eq!(forged.status, 403);
    assert!(out.as_str().starts_with(&format!("{}/logout?", stage.provider.issuer)), "{out}");
    assert!(parameter(&out, "id_token_hint").unwrap().matches('.').count() == 2);
    assert_eq!(parameter(&out, "post_logout_redirect_uri"), Some(format!("{url}/done")));
    assert!(parameter(&out, "state").is_some());
    assert!(!is_in_meeting(&stage.open(&mut visitor, "standup").await));
    let done = visitor.get(&format!("{url}/done")).await.location();
    assert_eq!(done.as_str(), "http://meet.localhost:9/static/logout.html");
}

#[tokio::test]
async fn people_see_their_sessions_and_end_them() {
    let stage = Stage::set("").await;
    let (mut here, mut there) = (Visitor::new(), Visitor::new());
    stage.log_in(&mut here, "standup").await;
    stage.log_in(&mut there, "standup").await;
    let home = format!("{}/", stage.roomkey.url);

    let page = here.get(&home).await;
    let handles: Vec<_> =
        page.body.split("name=\"which\" value=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let token = form_token(&page);
    assert!(page.body.contains(NAME) && page.body.contains("Fake") && page.body.contains("This browser"));
    assert_eq!(handles.len(), 2);
    let own = page.body.split("<li class=\"place\">").skip(1).find(|place| place.contains("This browser")).unwrap();
    let other = handles.iter().find(|handle| !own.contains(**handle)).unwrap();
    here.post(&format!("{}/logout", stage.roomkey.url), &[("token", &token), ("which", other)]).await;

    assert!(is_in_meeting(&stage.open(&mut here, "standup").await));
    assert!(!is_in_meeting(&stage.open(&mut there, "standup").await));
}

#[tokio::test]
async fn a_logout_everywhere_ends_all_of_them() {
    let stage = Stage::set("").await;
    let (mut here, mut there) = (Visitor::new(), Visitor::new());
    stage.log_in(&mut here, "standup").await;
    stage.log_in(&mut there, "standup").await;
    let url = format!("{}/logout", stage.roomkey.url);

    let page = here.get(&url).await;
    here.post(&url, &[("token", &form_token(&page)), ("which", "everywhere")]).await;

    assert!(!is_in_meeting(&stage.open(&mut here, "standup").await));
    assert!(!is_in_meeting(&stage.open(&mut there, "standup").await));
}

#[tokio::test]
async fn a_good_logout_token_ends_the_session_on_the_other_replica() {
    let server = Postgres::start();
    let stage = Stage::set(&format!("[store]\nurl = \"{}\"\n", server.database("roomkey"))).await;
    let replica = stage.roomkey.replica();
    let mut visitor = Visitor::new();
    stage.log_in(&mut visitor, "standup").await;
    let token = stage.provider.logout_token("ES256", |_, claims| claims["sid"] = json!("sid-1"));

    let answer = stage.post_logout(&replica, &token).await;

    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(answer.headers["cache-control"].to_str().unwrap().contains("no-store"));
    assert!(!is_in_meeting(&stage.open(&mut visitor, "standup").await));
    stage.log_in(&mut visitor, "standup").await;
    let replayed = stage.post_logout(&stage.roomkey, &token).await;
    assert_eq!(replayed.status, 400, "a token is good once, on all replicas");
    assert!(is_in_meeting(&stage.open(&mut visitor, "standup").await));
}

#[tokio::test]
async fn a_logout_token_that_fails_one_check_ends_nothing() {
    let stage = Stage::set("").await;
    let mut visitor = Visitor::new();
    stage.log_in(&mut visitor, "standup").await;
    type Break = fn(&mut Value, &mut Value);
    let broken: [(&str, Break); 14] = [
        ("`iss`", |_, claims| claims["iss"] = json!("https://evil.example.com")),
        ("`aud`", |_, claims| claims["aud"] = json!("another")),
        ("`exp`", |_, claims| claims["exp"] = json!(support::fake::now() - 120)),
        ("`exp`", |_, claims| drop(claims.as_object_mut().unwrap().remove("exp"))),
        ("`iat`", |_, claims| claims["iat"] = json!(support::fake::now() + 300)),
        ("`iat`", |_, claims| drop(claims.as_object_mut().unwrap().remove("iat"))),
        ("`sub` or `sid`", |_, claims| drop(claims.as_object_mut().unwrap().remove("sub"))),
        ("`events`", |_, claims| claims["events"] = json!({})),
        ("`events`", |_, claims| drop(claims.as_object_mut().unwrap().remove("events"))),
        ("`nonce`", |_, claims| claims["nonce"] = json!("n")),
        ("`jti`", |_, claims| drop(claims.as_object_mut().unwrap().remove("jti"))),
        ("`alg`", |header, _| header["alg"] = json!("none")),
        ("`kid`", |header, _| header["kid"] = json!("another")),
        ("ID Token", |header, _| header["typ"] = json!("at+jwt")),
    ];
    for (check, change) in broken {
        let token = stage.provider.logout_token("ES256", change);
        let answer = stage.post_logout(&stage.roomkey, &token).await;
        assert_eq!(answer.status, 400, "{check}");
        assert!(answer.body.contains(&format!("the {check} check fails")), "{check}: {}", answer.body);
    }
    let good = stage.provider.logout_token("ES256", |_, _| {});
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let first = if signature.starts_with('A') { 'B' } else { 'A' };
    let forged = format!("{signed}.{first}{}", &signature[1..]);
    assert!(stage.post_logout(&stage.roomkey, &forged).await.body.contains("the signature check fails"));
    assert_eq!(stage.post_logout(&stage.roomkey, "").await.status, 400);
    assert!(is_in_meeting(&stage.open(&mut visitor, "standup").await), "after all of these");

    assert_eq!(stage.post_logout(&stage.roomkey, &good).await.status, 200);
    assert!(!is_in_meeting(&stage.open(&mut visitor, "standup").await));
    assert!(!stage.roomkey.log().contains(SUBJECT));
}

#[tokio::test]
async fn a_provider_logs_out_through_the_browser() {
    let stage = Stage::set("").await;
    let mut visitor = Visitor::new();
    stage.log_in(&mut visitor, "standup").await;
    let url = |iss: &str, sid: &str| format!("{}/logout/frontchannel/fake?iss={iss}&sid={sid}", stage.roomkey.url);

    let foreign = Visitor::new().get(&url("https://evil.example.com", "sid-1")).await;
    assert!(is_in_meeting(&stage.open(&mut visitor, "standup").await));
    let framed = Visitor::new().get(&url(&stage.provider.issuer, "sid-1")).await;

    assert_eq!((foreign.status.as_u16(), framed.status.as_u16()), (400, 200));
    let policy = framed.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains(&format!("frame-ancestors {}", stage.provider.issuer)), "{policy}");
    assert!(!is_in_meeting(&stage.open(&mut visitor, "standup").await));
}

#[tokio::test]
async fn a_dead_store_costs_the_session_and_not_the_login() {
    let mut server = Postgres::start();
    let stage = Stage::set(&format!("[store]\nurl = \"{}\"\n", server.database("roomkey"))).await;
    let (mut known, mut new) = (Visitor::new(), Visitor::new());
    stage.log_in(&mut known, "standup").await;
    let ready = format!("http://{}/health/ready", stage.roomkey.management);
    assert_eq!(Visitor::new().get(&ready).await.body, "ready\n");

    server.stop();
    stage.log_in(&mut new, "standup").await;
    stage.log_in(&mut known, "standup").await;
    let home = known.get(&format!("{}/", stage.roomkey.url)).await;
    let dead = Visitor::new().get(&ready).await.body;
    server.start_again();
    let back = async {
        while Visitor::new().get(&ready).await.body != "ready\n" {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), back).await.unwrap();

    assert_eq!((home.status.as_u16(), home.heading().as_str()), (503, "Your login can’t be looked up now"));
    assert!(dead.contains("the store cannot be reached"), "{dead}");
    assert!(is_in_meeting(&stage.open(&mut known, "standup").await), "the session outlived it");
    stage.log_in(&mut new, "standup").await;
    assert!(is_in_meeting(&stage.open(&mut new, "standup").await));
}

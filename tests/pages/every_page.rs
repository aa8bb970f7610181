//! Each page that there is, by the way that leads to it.

use std::collections::BTreeSet;

use fantoccini::Locator;
use serde_json::json;

use crate::look::Reader;
use crate::stage::Stage;
use crate::support::chromium::Options;
use crate::support::products::github::Mood;
use crate::support::products::google;

/// Pages that a link alone leads to: the message of their title, and the link.
const BY_LINK: [(&str, &str); 12] = [
    ("landing", "/"),
    ("choose", "/room/standup"),
    ("choose-idp", "/room/standup?provider=federation"),
    ("no-page", "/nowhere"),
    ("bad-request", "/room/standup?state=%7B%7D&state=%7B%7D"),
    ("bad-room", "/room/a*b"),
    ("spaced-room", "/room/%20a"),
    ("empty-room", "/room/"),
    ("bad-settings", "/room/standup?state=%5B%5D"),
    ("no-provider", "/room/standup?provider=nobody"),
    ("closed", "/room/vault"),
    ("not-yours", "/callback/fake?code=c&state=forged"),
];

async fn look_at_every_page(language: &'static str, options: Options) {
    let mut stage = Stage::set().await;
    let reader = Reader::new(language, options).await;
    let browser = &reader.browser;
    let look = async |message| reader.look(message).await;

    for (message, link) in BY_LINK {
        stage.goto(browser, link).await;
        look(message).await;
    }
    for (name, picture) in [("", "guest"), (" ", "guest-empty"), ("\u{202e}", "guest-invisible")] {
        stage.goto(browser, "/room/lobby?provider=guests").await;
        if !name.is_empty() {
            stage.give_name(browser, name).await;
        }
        reader.look_as("guest", picture).await;
    }
    for (name, message, picture) in [
        ("", "password", "password"),
        ("nobody", "password", "password-wrong"),
        ("expired", "password-to-change", "password-to-change"),
        ("disabled", "account-disabled", "account-disabled"),
    ] {
        stage.goto(browser, "/room/standup?provider=directory").await;
        if !name.is_empty() {
            stage.type_in(browser, name, "a password").await;
        }
        reader.look_as(message, picture).await;
    }
    look_at_passes(&stage, &reader).await;
    stage.goto(browser, &format!("/room/{}", "a".repeat(2000))).await;
    look("long-room").await;
    stage.send_a_form(browser).await;
    look("wrong-method").await;
    stage.hold_the_relay(browser, language).await;
    look("relay").await;

    stage.come_back_without_cookies(browser, "").await;
    look("lost").await;
    stage.come_back_without_cookies(browser, "&again=1").await;
    look("lost-again").await;
    stage.come_back_late(browser, 0).await;
    look("expired").await;
    stage.come_back_late(browser, 1).await;
    look("expired-again").await;

    for (message, error) in
        [("cancelled", "access_denied"), ("turned-away", "unauthorized_client"), ("provider-down", "server_error")]
    {
        stage.log_in_in_vain(browser, error).await;
        look(message).await;
    }
    stage.provider.script(|script| script.claims = Box::new(|claims| claims["nonce"] = json!("another")));
    stage.log_in(browser, "/room/standup?provider=fake").await;
    look("untrusted").await;
    stage.provider.behave();

    stage.goto(browser, "/room/standup?provider=school").await;
    look("provider-down").await;
    stage.goto(browser, "/room/standup").await;
    look("choose").await;
    let down = browser.client.find(Locator::Css(".choice.down bdi")).await.unwrap().text().await.unwrap();
    assert_eq!(down, "The school");

    stage.google.is({
        let mut claims = google::employee();
        claims["hd"] = json!("elsewhere.example");
        claims
    });
    stage.log_in_at(browser, "google", |request| stage.google.agree(request)).await;
    look("not-admitted").await;
    stage.google.is(google::employee());
    for (message, mood) in [("too-many-calls", Mood::LimitReached), ("sign-on-first", Mood::SignOnRequired)] {
        stage.github.is(|person| person.mood = mood);
        stage.log_in_at(browser, "github", |request| stage.github.agree(request)).await;
        look(message).await;
    }

    stage.log_in(browser, "/room/board?provider=fake").await;
    look("refused").await;
    stage.log_in(browser, "/room/crowded?provider=fake").await;
    look("broken").await;

    stage.log_in(browser, "/room/standup?provider=fake").await;
    stage.log_in_at(browser, "google", |request| stage.google.agree(request)).await;
    stage.goto(browser, "/room/lobby?other=1").await;
    reader.look_as("choose", "choose-again").await;
    stage.goto(browser, "/").await;
    look("signed-in").await;
    stage.goto(browser, &stage.pass(600, &["invited"])).await;
    reader.look_as("pass", "pass-signed-in").await;
    stage.goto(browser, "/").await;
    stage.send_a_stale_form(browser).await;
    look("stale-form").await;
    stage.goto(browser, "/logout").await;
    look("logout").await;
    stage.forget_sessions();
    stage.goto(browser, "/").await;
    look("no-sessions").await;
    stage.lose_the_audit_trail().await;
    stage.log_in(browser, "/room/standup?provider=fake").await;
    look("not-recorded").await;

    assert_eq!(reader.looked_at(), every_title(), "every page has been looked at");
}

/// Every page of a pass for somebody who is not signed in.
async fn look_at_passes(stage: &Stage, reader: &Reader) {
    let browser = &reader.browser;
    let (late, once) = (stage.pass(2, &["invited"]), stage.pass(600, &["invited", "--uses", "1"]));
    for (pass, picture) in [
        (stage.pass(600, &["invited"]), "pass"),
        (stage.pass(600, &["invited", "--from", &stage.moment(500)]), "pass-early"),
        (stage.pass(600, &["invited", "--email", "ada@example.com"]), "pass-login"),
        (stage.pass(600, &["invite*"]), "pass-room"),
        (stage.pass(600, &["invite*"]) + "?room=board", "pass-no-room"),
    ] {
        stage.goto(browser, &pass).await;
        reader.look_as("pass", picture).await;
    }
    stage.enter_by_pass(browser, &stage.pass(600, &["invited"]), "\u{202e}").await;
    reader.look_as("pass", "pass-invisible").await;
    stage.enter_by_pass(browser, &once, "Ada").await;
    browser.arrives_at(&format!("{}/invited?jwt=", stage.meeting.url)).await;
    let withdrawn = stage.pass(600, &["invited"]);
    stage.withdraw_last_pass();
    for (link, message) in [
        (once.as_str(), "pass-used-up"),
        (late.as_str(), "pass-late"),
        (withdrawn.as_str(), "pass-withdrawn"),
        ("/pass/wrong", "pass-unknown"),
    ] {
        stage.goto(browser, link).await;
        reader.look(message).await;
    }
    stage.change_tables("ALTER TABLE pass RENAME TO pass_away").await;
    stage.goto(browser, "/pass/wrong").await;
    reader.look("pass-down").await;
    stage.change_tables("ALTER TABLE pass_away RENAME TO pass").await;
    stage.try_codes().await;
    stage.goto(browser, "/pass/wrong").await;
    reader.look("pass-wait").await;
    tokio::time::sleep(std::time::Duration::from_secs(11)).await;
}

/// The messages that are the title of a page.
fn every_title() -> BTreeSet<String> {
    let text = std::fs::read_to_string("locales/en/pages.ftl").unwrap();
    let lines: Vec<_> = text.lines().collect();
    let titled = lines.windows(2).filter(|pair| pair[1].trim_start().starts_with(".title = "));
    titled.map(|pair| pair[0].strip_suffix(" =").unwrap().to_owned()).collect()
}

const WIDE: Options = Options { dark: false, without_javascript: false, width: 0, language: None };
const SMALL: Options = Options { width: 320, ..WIDE };

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_is_without_barriers() {
    look_at_every_page("en", WIDE).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_is_without_barriers_on_a_small_dark_screen() {
    look_at_every_page("de", Options { dark: true, ..SMALL }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_is_without_barriers_from_right_to_left_on_a_small_screen() {
    look_at_every_page("ar", SMALL).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_is_without_barriers_from_right_to_left_and_dark() {
    look_at_every_page("ar", Options { dark: true, ..WIDE }).await;
}

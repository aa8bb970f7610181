//! What people do on the pages.

use fantoccini::Locator;
use fantoccini::key::Key;
use serde_json::json;

use crate::stage::Stage;
use crate::support::chromium::{Chromium, Options};
use crate::support::visitor::parameter;
use crate::title;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_provider_is_chosen_by_keyboard_alone_on_a_small_dark_screen_without_javascript() {
    let stage = Stage::set().await;
    let options = Options { dark: true, without_javascript: true, width: 320, language: Some("ar") };
    let browser = Chromium::start(options).await;
    let client = &browser.client;
    stage.goto(&browser, "/room/standup").await;

    let size = client.execute("return [innerWidth, document.documentElement.scrollWidth]", Vec::new()).await.unwrap();
    let look = "const style = getComputedStyle(document.body); return [document.dir, style.backgroundColor]";
    let looks = client.execute(look, Vec::new()).await.unwrap();
    let mut reached = Vec::new();
    for _ in 0..2 {
        press(&browser, Key::Tab).await;
        let focused = client.active_element().await.unwrap();
        assert_eq!(focused.css_value("outline-style").await.unwrap(), "solid", "the focus can be seen");
        reached.push(focused.text().await.unwrap());
    }
    press(&browser, Key::Enter).await;

    assert_eq!(size, json!([320, 320]), "nothing has to be scrolled sideways");
    assert_eq!(looks, json!(["rtl", "rgb(16, 20, 27)"]));
    assert_eq!(reached, ["Fake", "The school"]);
    browser.arrives_at(&format!("{}/room/standup?provider=school", stage.roomkey.url)).await;
    assert_eq!(client.find(Locator::Css("h1")).await.unwrap().text().await.unwrap(), title("ar", "provider-down"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_provider_used_last_is_one_key_away() {
    let stage = Stage::set().await;
    let browser = Chromium::start(Options::default()).await;

    stage.log_in(&browser, "/room/standup?provider=fake").await;
    browser.arrives_at(&format!("{}/standup?jwt=", stage.meeting.url)).await;
    stage.goto(&browser, "/room/standup?other=1").await;
    let first = browser.client.find(Locator::Css(".choice")).await.unwrap().text().await.unwrap();

    assert!(first.starts_with("Fake") && first.contains("Used last time"), "{first}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_language_of_the_meeting_is_that_of_the_pages() {
    let stage = Stage::set().await;
    let browser = Chromium::start(Options { language: Some("en"), ..Options::default() }).await;

    stage.goto(&browser, "/room/standup?state=%7B%22config.defaultLanguage%22%3A%22ja%22%7D").await;
    let chooser = browser.client.find(Locator::Css("h1")).await.unwrap().text().await.unwrap();
    browser.client.find(Locator::LinkText("Fake")).await.unwrap().click().await.unwrap();
    browser.arrives_at(&stage.provider.issuer).await;
    let request = browser.client.current_url().await.unwrap();
    let state = parameter(&request, "state").unwrap();
    stage
        .goto(&browser, &format!("/callback/fake?error=access_denied&state={state}&iss={}", stage.provider.issuer))
        .await;
    let end = browser.client.find(Locator::Css("h1")).await.unwrap().text().await.unwrap();

    assert_eq!([chooser, end], [title("ja", "choose"), title("ja", "cancelled")]);
}

/// Presses a key, wherever the focus is.
async fn press(browser: &Chromium, key: Key) {
    let focused = browser.client.active_element().await.unwrap();
    focused.send_keys(&String::from(char::from(key))).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guest_enters_by_keyboard_alone_on_a_small_dark_screen_without_javascript() {
    let stage = Stage::set().await;
    let options = Options { dark: true, without_javascript: true, width: 320, language: Some("ar") };
    let browser = Chromium::start(options).await;
    let client = &browser.client;
    stage.goto(&browser, "/room/lobby?provider=guests").await;

    press(&browser, Key::Tab).await;
    let field = client.active_element().await.unwrap();
    let (name, outline) = (field.attr("name").await.unwrap(), field.css_value("outline-style").await.unwrap());
    field.send_keys(" ").await.unwrap();
    press(&browser, Key::Enter).await;
    browser.arrives_at(&format!("{}/login/guests", stage.roomkey.url)).await;
    let wrong = client.find(Locator::Css("[role=alert]")).await.unwrap().text().await.unwrap();
    let size = client.execute("return [innerWidth, document.documentElement.scrollWidth]", Vec::new()).await.unwrap();
    press(&browser, Key::Tab).await;
    client.active_element().await.unwrap().send_keys("ليلى").await.unwrap();
    press(&browser, Key::Tab).await;
    press(&browser, Key::Enter).await;
    browser.arrives_at(&format!("{}/lobby?jwt=", stage.meeting.url)).await;
    let claims = client.find(Locator::Id("claims")).await.unwrap().text().await.unwrap();

    assert_eq!((name.as_deref(), outline.as_str()), (Some("name"), "solid"));
    let arabic = std::fs::read_to_string("locales/ar/pages.ftl").unwrap();
    assert!(arabic.contains(&format!(".empty = {wrong}")), "{wrong}");
    assert_eq!(size, json!([320, 320]), "nothing has to be scrolled sideways");
    assert!(claims.contains("ليلى"), "{claims}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_waits_on_the_page_of_a_pass_is_in_the_meeting_when_it_opens() {
    let stage = Stage::set().await;
    let browser = Chromium::start(Options::default()).await;
    let opens = stage.moment(6);

    stage.goto(&browser, &stage.pass(600, &["invited", "--from", &opens])).await;
    let counting = browser.client.find(Locator::Css("#countdown [role=timer]")).await.unwrap().text().await.unwrap();
    let name = browser.client.find(Locator::Css("#name")).await.unwrap();
    name.send_keys("Ada").await.unwrap();
    let buttons = browser.client.find_all(Locator::Css("button")).await.unwrap();
    browser.arrives_at(&format!("{}/invited?jwt=", stage.meeting.url)).await;

    assert!(counting.starts_with("0:0"), "{counting}");
    assert!(buttons.is_empty(), "nobody can press too early");
    assert!(roomkey::clock::Clock::system().now() >= opens.parse().unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_to_log_in_by_a_pass_is_led_to_the_provider_when_it_opens() {
    let stage = Stage::set().await;
    let browser = Chromium::start(Options::default()).await;
    let bound = ["invited", "--from", &stage.moment(4), "--provider", "fake", "--email", "ada@example.com"];

    stage.goto(&browser, &stage.pass(600, &bound)).await;

    browser.arrives_at(&stage.provider.issuer).await;
}

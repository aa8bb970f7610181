//! The form that asks for name and password, in Chromium.

use fantoccini::Locator;

use crate::stage::Stage;
use crate::support::chromium::{Chromium, Options};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_is_told_that_caps_lock_is_on_and_password_managers_know_the_fields() {
    let stage = Stage::set("");
    let browser = Chromium::start(Options::default()).await;
    let client = &browser.client;
    client.goto(&format!("{}/room/standup", stage.roomkey.url)).await.unwrap();
    let hint = async || client.find(Locator::Css("#caps span")).await.unwrap().is_displayed().await.unwrap();
    let press = async |caps_lock: bool| {
        let script = format!(
            "document.querySelector('#password').dispatchEvent(new KeyboardEvent('keydown', \
             {{ bubbles: true, key: 'A', modifierCapsLock: {caps_lock} }}))"
        );
        client.execute(&script, Vec::new()).await.unwrap();
    };

    let before = hint().await;
    press(true).await;
    let on = hint().await;
    press(false).await;
    let off = hint().await;

    assert_eq!([before, on, off], [false, true, false]);
    for (field, purpose) in [("name", "username"), ("password", "current-password")] {
        let field = client.find(Locator::Id(field)).await.unwrap();
        assert_eq!(field.attr("autocomplete").await.unwrap().as_deref(), Some(purpose));
    }
}

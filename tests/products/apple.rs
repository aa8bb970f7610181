//! Sign in with Apple, by kind `oidc` and configuration alone.

use crate::support::ending::{CANCELLED, TURNED_AWAY, assert_ended};
use crate::support::products::apple::Apple;
use crate::support::roomkey::Roomkey;
use crate::support::visitor::{Page, Visitor, parameter};
use crate::{BY_ADDRESS, EVERYBODY, entered};

/// The whole way, by the form that comes from Apple's site and the page that sends it on.
async fn log_in(apple: &Apple, roomkey: &Roomkey, first: bool) -> Page {
    let mut visitor = Visitor::new();
    let request = visitor.get(&format!("{}/room/standup", roomkey.url)).await.location();
    post(&mut visitor, &parameter(&request, "redirect_uri").unwrap(), apple.agree(&request, first)).await
}

async fn post(visitor: &mut Visitor, callback: &str, form: Vec<(String, String)>) -> Page {
    let mut form: Vec<_> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let relay = visitor.post_from_elsewhere(callback, &form).await;
    assert_eq!((relay.status.as_u16(), relay.heading().as_str()), (200, "One moment"));
    for (name, value) in &form {
        let value = value.replace('"', "&#34;");
        assert!(relay.body.contains(&format!(r#"name="{name}" value="{value}""#)), "{name}: {}", relay.body);
    }
    form.push(("relayed", "1"));
    visitor.post(callback, &form).await
}

#[tokio::test]
async fn the_first_login_brings_a_name_and_later_ones_do_not() {
    let apple = Apple::start().await;
    let rule = BY_ADDRESS.replace("example.com", "privaterelay.appleid.com");
    let roomkey = Roomkey::start(&format!("{}{rule}", apple.configuration("")));

    let first = entered(&log_in(&apple, &roomkey, true).await, &roomkey);
    let later = entered(&log_in(&apple, &roomkey, false).await, &roomkey);

    assert_eq!((&first["name"], &first["email"]), (&"Ada Lovelace".into(), &"x7q2w9@privaterelay.appleid.com".into()));
    assert_ne!(later["name"], "Ada Lovelace");
    assert_eq!(later["email"], "x7q2w9@privaterelay.appleid.com");
}

#[tokio::test]
async fn a_name_in_the_form_is_not_read_unless_the_operator_says_so() {
    let apple = Apple::start().await;
    let configuration = apple.configuration("").replace("name_in_response = true", "name_in_response = false");
    let roomkey = Roomkey::start(&format!("{configuration}{EVERYBODY}"));

    let user = entered(&log_in(&apple, &roomkey, true).await, &roomkey);

    assert_ne!(user["name"], "Ada Lovelace");
}

#[tokio::test]
async fn a_secret_in_the_name_of_another_team_is_refused() {
    let apple = Apple::start().await;
    let configuration = apple.configuration("").replace("A1B2C3D4E5", "OTHERTEAM0");
    let roomkey = Roomkey::start(&format!("{configuration}{EVERYBODY}"));

    let page = log_in(&apple, &roomkey, false).await;

    assert_ended(&page, &roomkey, TURNED_AWAY, "`invalid_client`");
}

#[tokio::test]
async fn somebody_who_cancels_can_try_again() {
    let apple = Apple::start().await;
    let roomkey = Roomkey::start(&format!("{}{EVERYBODY}", apple.configuration("")));
    let mut visitor = Visitor::new();
    let request = visitor.get(&format!("{}/room/standup", roomkey.url)).await.location();
    let form = vec![
        ("state".to_owned(), parameter(&request, "state").unwrap()),
        ("error".to_owned(), "user_cancelled_authorize".to_owned()),
    ];

    let page = post(&mut visitor, &parameter(&request, "redirect_uri").unwrap(), form).await;

    assert_ended(&page, &roomkey, CANCELLED, "`user_cancelled_authorize`");
}

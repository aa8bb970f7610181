use proptest::prelude::*;
use serde_json::{Value, json};
use url::Url;

use super::*;
use crate::jitsi::testing::meeting;

fn request(tenant: Option<&str>, room: &str, state: &Value) -> JoinRequest {
    JoinRequest::from_link(tenant, room, Some(&state.to_string())).unwrap()
}

fn link(meeting: &Meeting, request: &JoinRequest) -> String {
    MeetingLink::new(meeting, request, MeetingToken { text: "h.p.s".to_owned(), ends: 0 }).as_str().to_owned()
}

fn delivering(deliver: Deliver) -> Meeting {
    Meeting { deliver, ..meeting() }
}

#[test]
fn every_client_is_led_back_by_its_own_address() {
    let options = json!({ "config.startWithAudioMuted": true, "interfaceConfig.NAME": "a b" });
    let fragment = "config.startWithAudioMuted=true&interfaceConfig.NAME=%22a%20b%22";
    let client = |key: &str| {
        let mut state = options.clone();
        state[key] = json!(true);
        request(None, "Réunion", &state)
    };
    let query = delivering(Deliver::Query);

    assert_eq!(link(&query, &client("none")), format!("https://meet.example.com/r%c3%a9union?jwt=h.p.s#{fragment}"));
    assert_eq!(
        link(&query, &client("ios")),
        format!("org.jitsi.meet://meet.example.com/r%c3%a9union?jwt=h.p.s#{fragment}")
    );
    assert_eq!(
        link(&query, &client("electron")),
        format!("jitsi-meet://meet.example.com/r%c3%a9union?jwt=h.p.s#{fragment}")
    );
    assert_eq!(
        link(&query, &client("android")),
        format!(
            "intent://meet.example.com/r%c3%a9union?jwt=h.p.s#{fragment}\
             #Intent;scheme=org.jitsi.meet;package=org.jitsi.meet;end"
        )
    );
}

#[test]
fn without_options_there_is_no_fragment() {
    let query = delivering(Deliver::Query);

    assert_eq!(link(&query, &request(None, "a", &json!({}))), "https://meet.example.com/a?jwt=h.p.s");
    assert_eq!(
        link(&query, &request(None, "a", &json!({ "android": true }))),
        "intent://meet.example.com/a?jwt=h.p.s#Intent;scheme=org.jitsi.meet;package=org.jitsi.meet;end"
    );
}

#[test]
fn in_the_fragment_the_token_is_a_json_string_before_the_options() {
    let fragment = delivering(Deliver::Fragment);

    assert_eq!(link(&fragment, &request(None, "a", &json!({}))), "https://meet.example.com/a#jwt=%22h.p.s%22");
    assert_eq!(
        link(&fragment, &request(None, "a", &json!({ "config.x": 1 }))),
        "https://meet.example.com/a#jwt=%22h.p.s%22&config.x=1"
    );
}

#[test]
fn apps_find_the_token_in_the_query_whatever_browsers_do() {
    let fragment = delivering(Deliver::Fragment);

    for (app, scheme) in [("ios", "org.jitsi.meet"), ("electron", "jitsi-meet")] {
        let request = request(None, "a", &json!({ app: true }));

        assert_eq!(link(&fragment, &request), format!("{scheme}://meet.example.com/a?jwt=h.p.s"));
    }
}

#[test]
fn the_deployment_may_have_a_port_a_path_and_tenants() {
    for (url, expected) in [
        ("https://meet.example.com", "https://meet.example.com/acme/a?jwt=h.p.s"),
        ("https://meet.example.com:8443/", "https://meet.example.com:8443/acme/a?jwt=h.p.s"),
        ("https://example.com/jitsi/", "https://example.com/jitsi/acme/a?jwt=h.p.s"),
        ("https://example.com/jitsi", "https://example.com/jitsi/acme/a?jwt=h.p.s"),
        ("http://localhost:8000", "http://localhost:8000/acme/a?jwt=h.p.s"),
        ("https://[::1]:8443", "https://[::1]:8443/acme/a?jwt=h.p.s"),
        ("https://bücher.example", "https://xn--bcher-kva.example/acme/a?jwt=h.p.s"),
        ("https://user:secret@example.com/?q#f", "https://example.com/acme/a?jwt=h.p.s"),
    ] {
        let meeting = Meeting { url: url.parse().unwrap(), ..meeting() };

        assert_eq!(link(&meeting, &request(Some("Acme"), "a", &json!({}))), expected);
    }
}

#[test]
fn an_option_cannot_end_its_value() {
    let hostile = "\"&jwt=\"x\"#Intent;scheme=evil;end?%23%26\r\n";
    let request = request(None, "a", &json!({ "android": true, "config.x": hostile }));

    let link = link(&delivering(Deliver::Query), &request);

    let value = link.split_once("config.x=").unwrap().1.split_once("#Intent;").unwrap().0;
    assert!(value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~%".contains(&byte)), "{value}");
    assert_eq!(link.matches("#Intent;").count(), 1);
    assert_eq!(link.matches("jwt=").count(), 1);
}

/// As the front end reads a fragment (jitsi-meet, `react/features/base/util/parseURLParams.ts`).
fn parse_fragment(fragment: &str) -> Vec<(String, Value)> {
    let decoded = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8().unwrap().into_owned();
    let pairs = fragment.split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(key, value)| (key.to_owned(), serde_json::from_str(&decoded(value)).unwrap())).collect()
}

proptest! {
    #[test]
    fn the_front_end_reads_what_the_state_said(value in any::<String>(), number in any::<i32>(), fragment in any::<bool>()) {
        let state = json!({ "config.text": value, "config.list": [value, number] });
        prop_assume!(serde_json::to_string(&state).unwrap().len() < 1000);
        let request = request(None, "a", &state);
        let deliver = if fragment { Deliver::Fragment } else { Deliver::Query };

        let link = Url::parse(&link(&delivering(deliver), &request)).unwrap();

        let mut read = parse_fragment(link.fragment().unwrap());
        if fragment {
            prop_assert_eq!(read.remove(0), ("jwt".to_owned(), json!("h.p.s")));
        }
        let read: serde_json::Map<_, _> = read.into_iter().collect();
        prop_assert_eq!(Value::Object(read), state);
    }

    #[test]
    fn a_link_leads_to_the_deployments_host_whatever_the_room(room in "\\PC{1,30}", tenant in prop::option::of("\\PC{1,20}")) {
        if let Ok(request) = JoinRequest::from_link(tenant.as_deref(), &room, None) {
            let text = link(&delivering(Deliver::Query), &request);

            let url = Url::parse(&text).unwrap();

            prop_assert_eq!(url.as_str(), &text);
            prop_assert_eq!(url.host_str(), Some("meet.example.com"));
            prop_assert_eq!(url.path_segments().unwrap().next_back(), Some(request.room.as_str()));
            prop_assert_eq!(url.query(), Some("jwt=h.p.s"));
        }
    }
}

#[test]
fn the_page_before_the_meeting_is_skipped_unless_the_link_says_otherwise() {
    let meeting = Meeting { skip_prejoin: true, ..meeting() };
    let of = |state: Value| link(&meeting, &request(None, "a", &state)).split_once('#').unwrap().1.to_owned();

    let skipped = of(json!({ "config.startWithAudioMuted": true }));
    let wanted = of(json!({ "config.prejoinConfig.enabled": true }));

    assert_eq!(skipped, "config.startWithAudioMuted=true&config.prejoinConfig.enabled=false");
    assert_eq!(wanted, "config.prejoinConfig.enabled=true");
}

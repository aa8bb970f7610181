use proptest::prelude::*;
use serde_json::json;

use super::*;

fn state(json: &str) -> Result<JitsiState, StateError> {
    json.parse()
}

fn options(json: &str) -> Vec<(String, String)> {
    state(json).unwrap().options.0
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|&(key, value)| (key.to_owned(), value.to_owned())).collect()
}

#[test]
fn config_interface_config_and_ice_servers_survive_and_nothing_else() {
    let json = r#"{"room":"Standup","roomSafe":"standup","tenant":"t","refreshToken":"secret","jwt":"x",
        "config.startWithAudioMuted":true,"interfaceConfig.SHOW":"a","iceServers.replace":[{"a":1}],"conf.x":1,"config":2}"#;

    let kept = options(json);

    let expected = [
        ("config.startWithAudioMuted", "true"),
        ("interfaceConfig.SHOW", "\"a\""),
        ("iceServers.replace", "[{\"a\":1}]"),
    ];
    assert_eq!(kept, pairs(&expected));
}

#[test]
fn keys_that_reach_into_javascript_or_out_of_the_fragment_are_dropped() {
    for key in [
        "config.__proto__",
        "config.__proto__.x",
        "config.a.constructor.b",
        "config.prototype",
        "config.",
        "config..a",
        "config.a.",
        "config.a&jwt",
        "config.a=b",
        "config.a b",
        "config.a#",
        "config.ä",
        "Config.a",
        " config.a",
        "config",
    ] {
        assert_eq!(options(&json!({ key: 1 }).to_string()), [], "{key}");
    }
    assert_eq!(options(&json!({ (format!("config.{}", "a".repeat(122))): 1 }).to_string()), []);
    assert_eq!(options(&json!({ (format!("config.{}", "a".repeat(121))): 1 }).to_string()).len(), 1);
}

#[test]
fn the_app_is_told_by_true_alone() {
    let client = |json| state(json).unwrap().client;

    assert_eq!(client(r#"{"ios":true}"#), Client::Ios);
    assert_eq!(client(r#"{"android":true}"#), Client::Android);
    assert_eq!(client(r#"{"electron":true}"#), Client::Electron);
    assert_eq!(client(r#"{"electron":true,"android":true,"ios":true}"#), Client::Ios);
    assert_eq!(client(r#"{"ios":"true","android":1,"electron":null}"#), Client::Browser);
    assert_eq!(client(r#"{"ios":true,"ios":false}"#), Client::Browser);
    assert_eq!(client("{}"), Client::Browser);
}

#[test]
fn of_two_equal_keys_the_last_counts_in_the_place_of_the_first() {
    assert_eq!(options(r#"{"config.a":1,"config.b":2,"config.a":3}"#), pairs(&[("config.a", "3"), ("config.b", "2")]));
}

#[test]
fn values_are_written_anew() {
    let json = "{ \"config.a\" : [ 1 , \"\\u0041\\u0000\\/\\n\" , { } ] , \"config.b\":1.50 }";

    let kept = options(json);

    assert_eq!(kept, pairs(&[("config.a", r#"[1,"A\u0000/\n",{}]"#), ("config.b", "1.5")]));
}

#[test]
fn an_empty_state_is_none() {
    assert_eq!(state(""), Ok(JitsiState::default()));
}

#[test]
fn what_is_no_json_object_is_refused() {
    for text in
        ["null", "[]", "1", "\"\"", "{", "{}x", "{\"config.a\":}", "{config.a:1}", "{state}", "{\"a\":1,}", "\u{0}"]
    {
        assert_eq!(state(text), Err(StateError::NotAnObject), "{text}");
    }
}

#[test]
fn each_limit_refuses_what_is_just_over_it() {
    let padded = |bytes: usize| format!("{{\"roof\":\"{}\"}}", "a".repeat(bytes - 11));
    assert_eq!(state(&padded(8192)), Ok(JitsiState::default()));
    assert_eq!(state(&padded(8193)), Err(StateError::TooLong { bytes: 8193 }));

    let keys = |count: usize| format!("{{{}}}", vec!["\"k\":0"; count].join(","));
    assert_eq!(state(&keys(128)), Ok(JitsiState::default()));
    assert_eq!(state(&keys(129)), Err(StateError::TooManyKeys));

    let nested = |depth: usize| format!("{{\"config.a\":{}0{}}}", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(options(&nested(8)).len(), 1);
    assert_eq!(state(&nested(9)), Err(StateError::TooDeep));

    let large = |bytes: usize| format!("{{\"config.a\":\"{}\"}}", "b".repeat(bytes - 10));
    assert_eq!(options(&large(1200)).len(), 1);
    assert_eq!(state(&large(1201)), Err(StateError::TooLarge { bytes: 1201 }));
}

#[test]
fn options_are_measured_as_they_are_written() {
    let json = format!("{{\"config.a\":\"{}\"}}", "\u{1}".repeat(200).replace('\u{1}', "\\u0001"));

    assert_eq!(state(&json), Err(StateError::TooLarge { bytes: 8 + 2 + 200 * 6 }));
}

#[test]
fn nesting_far_beyond_the_limit_is_refused_where_it_would_be_kept() {
    let nested = |key| format!("{{\"{key}\":{}{}}}", "[".repeat(4000), "]".repeat(4000));

    assert_eq!(state(&nested("config.a")), Err(StateError::NotAnObject));
    assert_eq!(state(&nested("ios")), Err(StateError::NotAnObject));
    assert_eq!(state(&nested("other")), Ok(JitsiState::default()));
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(text in any::<String>()) {
        let _ = state(&text);
    }

    #[test]
    fn whatever_survives_is_small_and_json(
        entries in prop::collection::vec(("(config|iceServers|x)\\.[a-zA-Z_.]{0,12}", "\\PC{0,60}"), 0..12)
    ) {
        let object: serde_json::Map<_, _> = entries.into_iter().map(|(key, value)| (key, json!(value))).collect();

        if let Ok(read) = state(&serde_json::to_string(&object).unwrap()) {
            let bytes: usize = read.options.iter().map(|(key, value)| key.len() + value.len()).sum();
            prop_assert!(bytes <= MeetingOptions::MAX_BYTES);
            for (key, value) in read.options.iter() {
                prop_assert_eq!(&serde_json::from_str::<Value>(value).unwrap(), &object[key]);
            }
        }
    }
}

use super::*;

fn state(json: &str) -> Result<JitsiState, StateError> {
    json.parse()
}

fn options(json: &str) -> Vec<(String, String)> {
    state(json).unwrap().options.0
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
    assert_eq!(kept, expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
}

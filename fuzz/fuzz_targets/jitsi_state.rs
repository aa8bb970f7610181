//! Jitsi's `state`: whatever survives is small, JSON, and under the three names that may.

#![no_main]

use libfuzzer_sys::fuzz_target;
use roomkey::room::{JitsiState, MeetingOptions};

fuzz_target!(|text: &str| {
    let Ok(state) = text.parse::<JitsiState>() else { return };
    assert!(text.len() <= JitsiState::MAX_BYTES);
    let bytes: usize = state.options.iter().map(|(key, value)| key.len() + value.len()).sum();
    assert!(bytes <= MeetingOptions::MAX_BYTES);
    for (key, value) in state.options.iter() {
        assert!(["config.", "interfaceConfig.", "iceServers."].iter().any(|prefix| key.starts_with(prefix)));
        assert!(key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte)));
        assert!(key.split('.').all(|part| part != "__proto__"));
        assert!(serde_json::from_str::<serde_json::Value>(value).is_ok());
    }
});

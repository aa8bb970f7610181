//! The cookie of a login under way: nothing opens but what was sealed, for the login it was sealed for.

#![no_main]

use std::sync::LazyLock;

use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use roomkey::login::{LoginAttempt, NewAttempt, ProviderId, Sealer, SealingKeys};
use roomkey::room::JoinRequest;
use secrecy::SecretSlice;

struct Login {
    sealer: Sealer,
    provider: ProviderId,
    state: String,
    cookie: String,
}

static LOGIN: LazyLock<Login> = LazyLock::new(|| {
    let keys = SealingKeys { current: SecretSlice::from(vec![7; 32]), previous: vec![SecretSlice::from(vec![8; 32])] };
    let sealer = Sealer::new(&keys).expect("the secrets are long enough");
    let provider: ProviderId = "work".parse().expect("a good id");
    let request = JoinRequest::from_link(None, "standup", None).expect("a good room");
    let attempt = NewAttempt::begin(request, provider.clone(), 0, &sealer, now()).expect("it fits a cookie");
    let (state, cookie) = (attempt.state().secret().clone(), attempt.sealed().value.clone());
    Login { sealer, provider, state, cookie }
});

fn now() -> Timestamp {
    Timestamp::from_second(1_800_000_000).expect("within range")
}

// The first byte says what is made up: the cookie, the state, or a few bytes of the real cookie.
fuzz_target!(|input: (u8, String)| {
    let Login { sealer, provider, state, cookie } = &*LOGIN;
    let (choice, text) = input;
    let (state, cookie) = match choice % 3 {
        0 => (state.clone(), text),
        1 => (text, cookie.clone()),
        _ => {
            let place = text.len() % cookie.len();
            let changed: String = cookie.chars().take(place).chain(text.chars()).collect();
            (state.clone(), changed)
        }
    };
    let whole = state == LOGIN.state && cookie == LOGIN.cookie;
    let opened = LoginAttempt::open(&state, provider, |_| Some(cookie), sealer, now());
    assert_eq!(opened.is_ok(), whole);
});

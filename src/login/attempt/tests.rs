use secrecy::SecretSlice;

use super::*;
use crate::login::SealingKeys;
use crate::room::{Client, Door, InlineRequest, MeetingOptions};

fn sealer(secret: u8) -> Sealer {
    Sealer::new(&SealingKeys { current: SecretSlice::from(vec![secret; 32]), previous: Vec::new() }).unwrap()
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + seconds).unwrap()
}

fn begin(sealer: &Sealer, lost_before: u8) -> NewAttempt {
    let room = serde_json::from_str("\"standup\"").unwrap();
    let request = JoinRequest {
        room,
        tenant: None,
        client: Client::Browser,
        options: MeetingOptions::default(),
        door: Door::Link,
    };
    NewAttempt::begin(request, work(), lost_before, sealer, at(0)).unwrap()
}

fn work() -> ProviderId {
    "work".parse().unwrap()
}

fn way_back(attempt: &NewAttempt, lost_before: u8) -> WayBack {
    WayBack { id: attempt.id(), path: Some("standup".to_owned()), lost_before }
}

fn cookie_of(attempt: &NewAttempt) -> impl FnOnce(&str) -> Option<String> {
    let (tag, value) = (attempt.sealed().tag.clone(), attempt.sealed().value.clone());
    move |asked| (asked == tag).then_some(value)
}

#[test]
fn the_browser_that_began_finds_its_attempt_again() {
    let sealer = sealer(1);
    let new = begin(&sealer, 0);

    let opened = LoginAttempt::open(new.state().secret(), &work(), cookie_of(&new), &sealer, at(599)).unwrap();

    assert_eq!(opened.id(), new.id());
    assert_eq!(opened.nonce().secret(), new.nonce().secret());
    assert_eq!(opened.code_verifier().secret(), new.code_verifier().secret());
    assert_eq!(opened.request().path(), "standup");
    assert_eq!(opened.began(), at(0));
}

#[test]
fn two_attempts_side_by_side_do_not_mix() {
    let sealer = sealer(1);
    let (one, two) = (begin(&sealer, 0), begin(&sealer, 0));

    let value = two.sealed().value.clone();
    let mixed = LoginAttempt::open(one.state().secret(), &work(), |_| Some(value), &sealer, at(1));

    assert_ne!(one.sealed().tag, two.sealed().tag);
    assert_eq!(mixed.unwrap_err(), LoginError::NotYours(Mismatch::Cookie));
}

#[test]
fn a_missing_cookie_is_a_lost_login_with_a_way_back() {
    let sealer = sealer(1);
    let new = begin(&sealer, 1);

    let outcome = LoginAttempt::open(new.state().secret(), &work(), |_| None, &sealer, at(1));

    assert_eq!(outcome.unwrap_err(), LoginError::Lost(way_back(&new, 1)));
}

#[test]
fn a_late_response_has_expired_even_if_the_cookie_is_there() {
    let sealer = sealer(1);
    let new = begin(&sealer, 0);

    let outcome = LoginAttempt::open(new.state().secret(), &work(), cookie_of(&new), &sealer, at(600));

    assert_eq!(outcome.unwrap_err(), LoginError::Expired(way_back(&new, 0)));
}

#[test]
fn a_state_of_somebody_elses_making_is_refused() {
    let (ours, theirs) = (sealer(1), sealer(2));
    let new = begin(&theirs, 0);

    for state in [new.state().secret().as_str(), "", "x", &"A".repeat(MAX_STATE_BYTES + 1)] {
        let outcome = LoginAttempt::open(state, &work(), |_| None, &ours, at(1));

        assert_eq!(outcome.unwrap_err(), LoginError::NotYours(Mismatch::State));
        assert_eq!(cookie_tag(state, &ours), None);
    }
}

#[test]
fn a_response_at_another_providers_redirect_uri_is_refused() {
    let sealer = sealer(1);
    let new = begin(&sealer, 0);
    let other = "other".parse().unwrap();

    let outcome = LoginAttempt::open(new.state().secret(), &other, cookie_of(&new), &sealer, at(1));

    assert_eq!(outcome.unwrap_err(), LoginError::NotYours(Mismatch::Provider));
}

#[test]
fn a_cookie_resealed_for_another_state_is_refused() {
    let sealer = sealer(1);
    let new = begin(&sealer, 0);
    let expires = at(600).as_second();
    let forged = State::new(new.id(), [0; 16], expires, 0, Some("standup".to_owned())).seal(&sealer);

    let outcome = LoginAttempt::open(&forged, &work(), cookie_of(&new), &sealer, at(1));

    assert_eq!(outcome.unwrap_err(), LoginError::NotYours(Mismatch::Binding));
}

#[test]
fn tags_sort_by_time() {
    let id = LoginId::random();

    assert!(tag(id, 1_800_000_000) < tag(LoginId::random(), 1_800_000_001));
    assert_eq!(tag(id, 0).len(), tag(id, i64::MAX).len());
}

#[test]
fn a_long_room_name_fits_the_state_and_the_cookie_without_its_way_back() {
    let sealer = sealer(1);
    let room = serde_json::from_value(serde_json::Value::String("a".repeat(1023))).unwrap();
    let request = JoinRequest {
        room,
        tenant: None,
        client: Client::Browser,
        options: MeetingOptions::default(),
        door: Door::Link,
    };

    let new = NewAttempt::begin(request, work(), 0, &sealer, at(0)).unwrap();
    let outcome = LoginAttempt::open(new.state().secret(), &work(), |_| None, &sealer, at(1));

    assert!(new.state().secret().len() <= MAX_STATE_BYTES);
    assert_eq!(outcome.unwrap_err(), LoginError::Lost(WayBack { id: new.id(), path: None, lost_before: 0 }));
}

#[test]
fn an_inline_login_that_was_lost_has_no_way_back_out_of_its_window() {
    let sealer = sealer(1);
    let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM".parse().unwrap();
    let asked = InlineRequest { state: "s".to_owned(), nonce: None, code_challenge: challenge };
    let mut request = JoinRequest::from_link(None, "standup", None).unwrap();
    request.door = Door::Inline(Box::new(asked));

    let new = NewAttempt::begin(request.clone(), work(), 0, &sealer, at(0)).unwrap();
    let lost = LoginAttempt::open(new.state().secret(), &work(), |_| None, &sealer, at(1)).unwrap_err();
    let found = LoginAttempt::open(new.state().secret(), &work(), cookie_of(&new), &sealer, at(1)).unwrap();

    assert_eq!(lost, LoginError::Lost(WayBack { id: new.id(), path: None, lost_before: 0 }));
    assert_eq!(*found.request(), request);
}

#[test]
fn nothing_of_an_attempt_prints_but_its_number() {
    let sealer = sealer(1);
    let new = begin(&sealer, 0);

    let printed = format!("{new:?} {:?} {sealer:?}", new.attempt);

    assert!(!printed.contains(new.state().secret()));
    assert!(!printed.contains(new.code_verifier().secret()));
    assert!(!printed.contains(new.nonce().secret()));
    assert!(!printed.contains("standup"));
}

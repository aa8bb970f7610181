//! What becomes of a code, and of the family that is made of it.

use futures_util::future::join_all;

use super::*;
use crate::inline::{CODE_LIFETIME, Who};

on_both_databases![
    a_code_stands_for_its_session_and_its_room,
    a_code_without_a_session_stands_for_its_person,
    a_code_is_good_for_one_use,
    a_code_is_spent_once_over_all_replicas,
    a_code_lives_for_a_minute,
    a_code_is_spent_by_a_wrong_verifier_too,
    a_code_that_is_used_again_ends_its_family,
    a_code_that_is_used_again_ends_its_family_long_after_it_was_swept,
    no_family_is_made_of_a_code_that_was_used_again_meanwhile,
    a_refresh_token_is_replaced_by_the_next,
    a_used_refresh_token_ends_its_family,
    one_of_many_uses_at_a_time_succeeds_and_the_family_ends,
    a_family_ends_with_its_login,
    a_family_that_was_ended_gives_nothing,
    what_another_secret_sealed_does_not_open,
    codes_and_families_are_swept_when_they_have_ended,
];

async fn a_code_stands_for_its_session_and_its_room(stage: Stage) {
    let code = stage.code().await;

    let redeemed = stage.redeem(&code).await.unwrap();

    assert_eq!(redeemed.meeting.path(), "acme/standup");
    assert_eq!(redeemed.meeting.options.iter().count(), 0, "the front end has them still");
    assert_eq!((redeemed.provider.as_str(), redeemed.nonce.as_deref()), ("work", Some("n-1")));
    assert!(matches!(redeemed.who, Who::Session(session) if session == "s-1"));
}

async fn a_code_without_a_session_stands_for_its_person(stage: Stage) {
    let code = stage.code_for(None).await;

    let redeemed = stage.redeem(&code).await.unwrap();

    assert!(matches!(redeemed.who, Who::Once(person) if person.name() == Some("Ada")));
}

async fn a_code_is_good_for_one_use(stage: Stage) {
    let code = stage.code().await;
    stage.redeem(&code).await.unwrap();

    assert!(matches!(stage.redeem(&code).await, Err(TokenError::Code)));
    assert!(matches!(stage.redeem(&Code::random().expose()).await, Err(TokenError::Code)));
    assert!(matches!(stage.redeem("no code at all").await, Err(TokenError::Code)));
}

async fn a_code_is_spent_once_over_all_replicas(stage: Stage) {
    let code = stage.code().await;

    let outcomes = join_all((0..20).map(|number| stage.replicas[number % 2].redeem(&code, VERIFIER, at(1)))).await;

    let (good, bad): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
    assert_eq!((good.len(), bad.len()), (1, 19));
    assert!(bad.iter().all(|outcome| matches!(outcome, Err(TokenError::Code))));
}

async fn a_code_lives_for_a_minute(stage: Stage) {
    let (in_time, late) = (stage.code().await, stage.code().await);
    let end = CODE_LIFETIME.as_secs().cast_signed();

    let in_time = stage.issuer().redeem(&in_time, VERIFIER, at(end - 1)).await;
    let late = stage.issuer().redeem(&late, VERIFIER, at(end)).await;

    assert!(in_time.is_ok());
    assert!(matches!(late, Err(TokenError::Code)));
}

async fn a_code_is_spent_by_a_wrong_verifier_too(stage: Stage) {
    let code = stage.code().await;

    let wrong = stage.issuer().redeem(&code, &VERIFIER.replace('d', "e"), at(1)).await;
    let right = stage.redeem(&code).await;

    assert!(matches!(wrong, Err(TokenError::Verifier)));
    assert!(matches!(right, Err(TokenError::Code)));
}

async fn a_code_that_is_used_again_ends_its_family(stage: Stage) {
    let code = stage.code().await;
    let token = stage.begin(&code).await;
    let next = refresh(stage.issuer(), &token).await.unwrap();

    let again = stage.replicas[1].redeem(&code, VERIFIER, at(3)).await;

    assert!(matches!(again, Err(TokenError::Code)));
    assert!(matches!(refresh(stage.issuer(), &next).await, Err(TokenError::RefreshToken)));
}

async fn a_code_that_is_used_again_ends_its_family_long_after_it_was_swept(stage: Stage) {
    let code = stage.code().await;
    let token = stage.begin(&code).await;
    stage.issuer().store.sweep(at(1800).as_second()).await.unwrap();

    let again = stage.issuer().redeem(&code, VERIFIER, at(1800)).await;

    assert!(matches!(again, Err(TokenError::Code)));
    assert!(matches!(refresh(stage.issuer(), &token).await, Err(TokenError::RefreshToken)));
}

async fn no_family_is_made_of_a_code_that_was_used_again_meanwhile(stage: Stage) {
    let code = stage.code().await;
    let redeemed = stage.redeem(&code).await.unwrap();

    let again = stage.replicas[1].redeem(&code, VERIFIER, at(2)).await;
    let begun = stage.issuer().begin(redeemed, "s-1".to_owned(), at(3600)).await;

    assert!(matches!(again, Err(TokenError::Code)));
    assert!(matches!(begun, Err(TokenError::Code)));
}

async fn a_refresh_token_is_replaced_by_the_next(stage: Stage) {
    let first = stage.begin(&stage.code().await).await;

    let family = stage.issuer().open(&first, at(2)).await.unwrap();
    let seen = (family.session.clone(), family.meeting.path(), family.provider.to_string());
    let second = stage.issuer().rotate(family, at(3600)).await.unwrap().expose();
    let third = refresh(&stage.replicas[1], &second).await.unwrap();

    assert_eq!(seen, ("s-1".to_owned(), "acme/standup".to_owned(), "work".to_owned()));
    assert!(first != second && second != third);
    assert!(stage.issuer().open(&third, at(3)).await.is_ok());
}

async fn a_used_refresh_token_ends_its_family(stage: Stage) {
    let first = stage.begin(&stage.code().await).await;
    let second = refresh(stage.issuer(), &first).await.unwrap();
    let other = stage.begin(&stage.code().await).await;

    let replayed = refresh(&stage.replicas[1], &first).await;

    assert!(matches!(replayed, Err(TokenError::Replayed)));
    assert!(matches!(refresh(stage.issuer(), &second).await, Err(TokenError::RefreshToken)));
    assert!(refresh(stage.issuer(), &other).await.is_ok(), "another family goes on");
}

async fn one_of_many_uses_at_a_time_succeeds_and_the_family_ends(stage: Stage) {
    let token = stage.begin(&stage.code().await).await;
    let open = |number: usize| stage.replicas[number % 2].open(&token, at(2));
    let families: Vec<_> = join_all((0..12).map(open)).await.into_iter().map(Result::unwrap).collect();

    let rotate = |(number, family): (usize, _)| stage.replicas[number % 2].rotate(family, at(3600));
    let outcomes = join_all(families.into_iter().enumerate().map(rotate)).await;

    let (good, bad): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
    assert_eq!((good.len(), bad.len()), (1, 11));
    assert!(bad.iter().all(|outcome| matches!(outcome, Err(TokenError::Replayed))));
    let next = good[0].as_ref().unwrap().expose();
    assert!(matches!(refresh(stage.issuer(), &next).await, Err(TokenError::RefreshToken)));
}

async fn a_family_ends_with_its_login(stage: Stage) {
    let token = stage.begin(&stage.code().await).await;

    let late = stage.issuer().open(&token, at(3600)).await;

    assert!(matches!(late, Err(TokenError::RefreshToken)));
    assert!(stage.issuer().open(&token, at(3599)).await.is_ok());
}

async fn a_family_that_was_ended_gives_nothing(stage: Stage) {
    let token = stage.begin(&stage.code().await).await;
    let open = async || stage.issuer().open(&token, at(2)).await;
    let (one, another) = (open().await.unwrap(), open().await.unwrap());

    stage.issuer().end(one).await.unwrap();

    assert!(matches!(stage.issuer().rotate(another, at(3600)).await, Err(TokenError::Replayed)));
    assert!(matches!(open().await, Err(TokenError::RefreshToken)));
}

async fn what_another_secret_sealed_does_not_open(stage: Stage) {
    let token = stage.begin(&stage.code().await).await;
    let (code, guest) = (stage.code().await, stage.code_for(None).await);
    let stranger = stage.with_another_secret();

    assert!(matches!(stranger.open(&token, at(2)).await, Err(TokenError::Sealed)));
    assert!(matches!(stranger.redeem(&code, VERIFIER, at(1)).await, Err(TokenError::Sealed)));
    assert!(matches!(stranger.redeem(&guest, VERIFIER, at(1)).await, Err(TokenError::Sealed)));
}

async fn codes_and_families_are_swept_when_they_have_ended(stage: Stage) {
    stage.code().await;
    let lasting = stage.begin(&stage.code().await).await;
    let redeemed = stage.redeem(&stage.code().await).await.unwrap();
    stage.issuer().begin(redeemed, "s-1".to_owned(), at(600)).await.unwrap();

    let swept = stage.issuer().store.sweep(at(600).as_second()).await.unwrap();

    assert_eq!(swept, 4, "three codes and a family");
    assert!(stage.issuer().open(&lasting, at(601)).await.is_ok());
}

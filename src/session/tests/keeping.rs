//! Beginning, finding and using sessions.

use std::time::Duration;

use futures_util::future::join_all;

use super::on_every_store;
use super::stage::{LIFETIMES, Stage, login};
use crate::session::{Keeper, Session, SessionId};

on_every_store![
    a_session_is_opened_by_its_id_and_by_no_other,
    many_who_come_at_once_each_find_their_own_session,
    a_session_is_found_by_its_handle_until_it_ends,
    another_provider_adds_an_identity_under_a_new_id,
    the_same_person_logging_in_again_stays_one_identity,
    somebody_else_at_the_same_provider_ends_the_session,
    a_session_that_has_ended_is_not_continued,
    a_session_ends_by_its_rest,
    a_session_ends_by_its_age_however_often_it_is_used,
    each_login_lasts_by_its_own_age,
    a_use_is_noted_at_most_once_a_minute,
    sessions_of_a_secret_that_was_rolled_still_open,
    a_session_opens_by_roomkeys_own_secrets_only,
];

/// Notes a use as a warm join does.
async fn touch(keeper: &Keeper, session: &Session) {
    if let Some(used) = keeper.use_of(session) {
        keeper.note(used).await.unwrap();
    }
}

async fn find(keeper: &Keeper, id: &SessionId) -> Option<Session> {
    keeper.find(id).await.unwrap()
}

fn providers(session: &Session) -> Vec<&str> {
    session.identities().iter().map(|signed_in| signed_in.identity().provider().as_str()).collect()
}

async fn a_session_is_opened_by_its_id_and_by_no_other(stage: Stage) {
    let id = stage.keeper.begin(&login("work", "u-1"), "Firefox, Linux".to_owned(), None).await.unwrap();

    let session = find(&stage.replica(), &id).await.unwrap();

    let [signed_in] = session.identities() else { panic!("one identity") };
    assert_eq!(signed_in.identity().subject().as_str(), "u-1");
    assert_eq!(signed_in.identity().name(), Some("Ada"));
    assert_eq!(signed_in.confirmed(), stage.clock.now());
    assert!(find(&stage.keeper, &SessionId::random()).await.is_none());
}

/// Each person twice, strangers between them, and more than one look-up takes.
async fn many_who_come_at_once_each_find_their_own_session(stage: Stage) {
    let keeper = &stage.keeper;
    let subjects: Vec<_> = (0..50).map(|number| format!("u-{number}")).collect();
    let begun = join_all(subjects.iter().map(async |subject| {
        let id = keeper.begin(&login("work", subject), String::new(), None).await.unwrap();
        let session = find(keeper, &id).await.unwrap();
        keeper.begin(&login("private", subject), String::new(), Some(&session)).await.unwrap()
    }))
    .await;
    let strangers: Vec<_> = begun.iter().map(|_| SessionId::random()).collect();

    let looked_for: Vec<_> = begun.iter().zip(&strangers).flat_map(|(id, stranger)| [id, stranger, id]).collect();
    let found = join_all(looked_for.into_iter().map(|id| find(keeper, id))).await;

    for (found, subject) in found.chunks(3).zip(&subjects) {
        assert!(found[1].is_none());
        for session in [&found[0], &found[2]] {
            let session = session.as_ref().unwrap();
            assert_eq!(providers(session), ["private", "work"]);
            assert!(session.identities().iter().all(|known| known.identity().subject().as_str() == subject));
        }
    }
}

async fn another_provider_adds_an_identity_under_a_new_id(stage: Stage) {
    let keeper = &stage.keeper;
    let first = keeper.begin(&login("work", "u-1"), String::new(), None).await.unwrap();
    let before = find(keeper, &first).await.unwrap();
    stage.pass(Duration::from_secs(5));

    let second = keeper.begin(&login("private", "p-1"), String::new(), Some(&before)).await.unwrap();

    let after = find(keeper, &second).await.unwrap();
    assert_eq!(providers(&after), ["work", "private"]);
    assert_eq!(after.handle(), before.handle());
    assert!(find(keeper, &first).await.is_none());
}

async fn the_same_person_logging_in_again_stays_one_identity(stage: Stage) {
    let keeper = &stage.keeper;
    let first = keeper.begin(&login("work", "u-1"), String::new(), None).await.unwrap();
    let before = find(keeper, &first).await.unwrap();
    stage.pass(Duration::from_mins(20));

    let second = keeper.begin(&login("work", "u-1"), String::new(), Some(&before)).await.unwrap();

    let after = find(keeper, &second).await.unwrap();
    assert_eq!(providers(&after), ["work"]);
    assert_eq!(after.identities()[0].confirmed(), stage.clock.now());
    assert_eq!(keeper.list(&after).await.unwrap().len(), 1);
}

async fn somebody_else_at_the_same_provider_ends_the_session(stage: Stage) {
    let keeper = &stage.keeper;
    let first = keeper.begin(&login("private", "p-1"), String::new(), None).await.unwrap();
    let before = find(keeper, &first).await.unwrap();
    let second = keeper.begin(&login("work", "u-1"), String::new(), Some(&before)).await.unwrap();
    let before = find(keeper, &second).await.unwrap();

    let third = keeper.begin(&login("work", "u-2"), String::new(), Some(&before)).await.unwrap();

    let after = find(keeper, &third).await.unwrap();
    assert_eq!(providers(&after), ["work"]);
    assert_eq!(after.identities()[0].identity().subject().as_str(), "u-2");
    assert!(find(keeper, &second).await.is_none());
}

async fn a_session_that_has_ended_is_not_continued(stage: Stage) {
    let keeper = &stage.keeper;
    let first = keeper.begin(&login("work", "u-1"), String::new(), None).await.unwrap();
    let before = find(keeper, &first).await.unwrap();
    keeper.end(&before).await.unwrap();

    let second = keeper.begin(&login("private", "p-1"), String::new(), Some(&before)).await.unwrap();

    assert_eq!(providers(&find(keeper, &second).await.unwrap()), ["private"]);
}

async fn a_session_ends_by_its_rest(stage: Stage) {
    let keeper = &stage.keeper;
    let id = keeper.begin(&login("work", "u-1"), String::new(), None).await.unwrap();

    stage.pass(LIFETIMES.idle - Duration::from_secs(1));
    let used = find(keeper, &id).await.unwrap();
    touch(keeper, &used).await;
    stage.pass(LIFETIMES.idle - Duration::from_secs(1));
    let used_again = find(keeper, &id).await;
    stage.pass(Duration::from_secs(1));

    assert!(used_again.is_some());
    assert!(find(keeper, &id).await.is_none());
}

async fn a_session_ends_by_its_age_however_often_it_is_used(stage: Stage) {
    let keeper = &stage.keeper;
    let id = keeper.begin(&login("work", "u-1"), String::new(), None).await.unwrap();

    let mut lasted = Duration::ZERO;
    while let Some(session) = find(keeper, &id).await {
        touch(keeper, &session).await;
        stage.pass(Duration::from_mins(30));
        lasted += Duration::from_mins(30);
    }

    assert_eq!(lasted, LIFETIMES.lifetime);
}

async fn each_login_lasts_by_its_own_age(stage: Stage) {
    let keeper = &stage.keeper;
    let first = keeper.begin(&login("work", "u-1"), String::new(), None).await.unwrap();
    stage.pass(Duration::from_hours(1));
    let before = find(keeper, &first).await.unwrap();
    let second = keeper.begin(&login("private", "p-1"), String::new(), Some(&before)).await.unwrap();

    for _ in 0..11 {
        let session = find(keeper, &second).await.unwrap();
        touch(keeper, &session).await;
        stage.pass(Duration::from_hours(1));
    }

    assert_eq!(providers(&find(keeper, &second).await.unwrap()), ["private"]);
}

async fn a_use_is_noted_at_most_once_a_minute(stage: Stage) {
    let keeper = &stage.keeper;
    let id = keeper.begin(&login("work", "u-1"), String::new(), None).await.unwrap();
    let began = stage.clock.now().as_second();

    stage.pass(Duration::from_secs(59));
    let session = find(keeper, &id).await.unwrap();
    touch(keeper, &session).await;
    let within_the_minute = keeper.list(&session).await.unwrap();
    stage.pass(Duration::from_secs(1));
    touch(keeper, &session).await;

    assert_eq!(within_the_minute[0].last_used, began);
    assert_eq!(keeper.list(&session).await.unwrap()[0].last_used, began + 60);
}

async fn sessions_of_a_secret_that_was_rolled_still_open(stage: Stage) {
    let id = stage.keeper.begin(&login("work", "u-1"), String::new(), None).await.unwrap();

    let rolled = stage.keeper_with(&[2, 1]);

    let session = find(&rolled, &id).await.unwrap();
    let tether = rolled.tether(&session, &"work".parse().unwrap()).await.unwrap().unwrap();
    assert_eq!(tether.sid(), Some("sid-1"));
}

async fn a_session_opens_by_roomkeys_own_secrets_only(stage: Stage) {
    let id = stage.keeper.begin(&login("work", "u-1"), String::new(), None).await.unwrap();

    let stranger = stage.keeper_with(&[3]);

    assert!(find(&stranger, &id).await.is_none());
}

#[tokio::test]
async fn a_stolen_database_names_nobody_and_opens_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("roomkey.db");
    let stage = Stage::new(super::stage::Kept::Sqlite).moved_to(&format!("sqlite://{}", file.display()));
    let id = stage.keeper.begin(&login("work", "subject-1"), String::new(), None).await.unwrap();

    let stolen = [std::fs::read(&file).unwrap(), std::fs::read(file.with_extension("db-wal")).unwrap()].concat();

    for secret in [id.expose().as_str(), "subject-1", "Ada", "refresh-0", "sid-1"] {
        assert!(!stolen.windows(secret.len()).any(|part| part == secret.as_bytes()));
    }
    assert!(stolen.windows(id.hash().len()).any(|part| part == id.hash().as_bytes()), "the session is in there");
}

async fn a_session_is_found_by_its_handle_until_it_ends(stage: Stage) {
    let id = stage.keeper.begin(&login("work", "u-1"), String::new(), None).await.unwrap();
    let before = find(&stage.keeper, &id).await.unwrap();
    let id = stage.keeper.begin(&login("school", "u-1"), String::new(), Some(&before)).await.unwrap();

    let named = async || stage.replica().find_named(before.handle()).await.unwrap();
    let found = named().await.unwrap();

    let providers: Vec<_> = found.identities().iter().map(|known| known.identity().provider().as_str()).collect();
    assert_eq!((found.handle(), providers.len()), (before.handle(), 2), "though its id has changed");
    assert!(stage.keeper.find_named("another").await.unwrap().is_none());
    assert!(stage.keeper.find_named(&id.expose()).await.unwrap().is_none());
    stage.pass(LIFETIMES.idle);
    assert!(named().await.is_none());
}

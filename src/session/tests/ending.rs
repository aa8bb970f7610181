//! Ending sessions: by their owner, and by their provider.

use super::on_every_store;
use super::stage::{Stage, login};
use crate::session::{Ended, Keeper, Session, SessionId};

on_every_store![
    an_ended_session_is_over_on_every_replica,
    people_see_all_of_their_sessions_and_no_others,
    people_end_one_of_their_sessions_and_no_others,
    people_end_all_of_their_sessions,
    a_provider_ends_the_sessions_of_one_of_its_own,
    a_provider_ends_the_sessions_of_a_person,
];

async fn begin(keeper: &Keeper, provider: &str, subject: &str, device: &str) -> (SessionId, Session) {
    let id = keeper.begin(&login(provider, subject), device.to_owned(), None).await.unwrap();
    let session = keeper.find(&id).await.unwrap().unwrap();
    (id, session)
}

async fn is_over(keeper: &Keeper, id: &SessionId) -> bool {
    keeper.find(id).await.unwrap().is_none()
}

async fn an_ended_session_is_over_on_every_replica(stage: Stage) {
    let (id, session) = begin(&stage.keeper, "work", "u-1", "").await;
    let replica = stage.replica();
    assert!(!is_over(&replica, &id).await);

    stage.keeper.end(&session).await.unwrap();

    assert!(is_over(&replica, &id).await);
}

async fn people_see_all_of_their_sessions_and_no_others(stage: Stage) {
    let keeper = &stage.keeper;
    let (_, here) = begin(keeper, "work", "u-1", "Firefox, Linux").await;
    begin(keeper, "work", "u-1", "Safari, iPhone").await;
    begin(keeper, "work", "u-2", "Edge, Windows").await;
    begin(keeper, "private", "u-1", "Chrome, Android").await;

    let listed = keeper.list(&here).await.unwrap();

    let mut devices: Vec<_> = listed.iter().map(|session| session.device.as_str()).collect();
    devices.sort_unstable();
    assert_eq!(devices, ["Firefox, Linux", "Safari, iPhone"]);
    assert!(listed.iter().any(|session| session.handle == here.handle()));
}

async fn people_end_one_of_their_sessions_and_no_others(stage: Stage) {
    let keeper = &stage.keeper;
    let (_, here) = begin(keeper, "work", "u-1", "").await;
    let (lost_id, lost) = begin(keeper, "work", "u-1", "").await;
    let (foreign_id, foreign) = begin(keeper, "work", "u-2", "").await;

    let ended = keeper.end_listed(&here, lost.handle()).await.unwrap();
    let foreign_ended = keeper.end_listed(&here, foreign.handle()).await.unwrap();

    assert!(ended);
    assert!(!foreign_ended);
    assert!(is_over(keeper, &lost_id).await);
    assert!(!is_over(keeper, &foreign_id).await);
}

async fn people_end_all_of_their_sessions(stage: Stage) {
    let keeper = &stage.keeper;
    let (here_id, here) = begin(keeper, "work", "u-1", "").await;
    let (there_id, _) = begin(keeper, "work", "u-1", "").await;
    let (foreign_id, _) = begin(keeper, "work", "u-2", "").await;

    keeper.end_everywhere(&here).await.unwrap();

    assert!(is_over(keeper, &here_id).await);
    assert!(is_over(keeper, &there_id).await);
    assert!(!is_over(keeper, &foreign_id).await);
}

async fn a_provider_ends_the_sessions_of_one_of_its_own(stage: Stage) {
    let (id, _) = begin(&stage.keeper, "work", "u-1", "").await;
    let (other_id, _) = begin(&stage.keeper, "private", "u-1", "").await;
    let replica = stage.replica();

    let unknown = replica.end_by_provider(&"work".parse().unwrap(), Ended::Sid("sid-2")).await.unwrap();
    let ended = replica.end_by_provider(&"work".parse().unwrap(), Ended::Sid("sid-1")).await.unwrap();

    assert_eq!((unknown, ended), (0, 1));
    assert!(is_over(&stage.keeper, &id).await);
    assert!(!is_over(&stage.keeper, &other_id).await);
}

async fn a_provider_ends_the_sessions_of_a_person(stage: Stage) {
    let keeper = &stage.keeper;
    let (here_id, here) = begin(keeper, "work", "u-1", "").await;
    let (there_id, _) = begin(keeper, "work", "u-1", "").await;
    let (colleague_id, _) = begin(keeper, "work", "u-2", "").await;
    let (namesake_id, _) = begin(keeper, "private", "u-1", "").await;
    let subject = here.identities()[0].identity().subject();

    let ended = keeper.end_by_provider(&"work".parse().unwrap(), Ended::Subject(subject)).await.unwrap();

    assert_eq!(ended, 2);
    assert!(is_over(keeper, &here_id).await);
    assert!(is_over(keeper, &there_id).await);
    assert!(!is_over(keeper, &colleague_id).await);
    assert!(!is_over(keeper, &namesake_id).await);
}

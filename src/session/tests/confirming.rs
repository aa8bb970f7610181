//! Asking the provider whether somebody may still log in.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use futures_util::future::join_all;

use super::on_every_store;
use super::stage::{Answer, LIFETIMES, Stage, login, work};
use crate::provider::http::{Http, HttpError};
use crate::provider::{FailedCheck, Leg, ProviderError, Registry};
use crate::session::{Ended, Keeper, Renewal, SessionId, Standing};

on_every_store![
    claims_are_taken_anew,
    rotated_refresh_tokens_are_followed,
    one_asks_however_many_wait_on_however_many_replicas,
    whoever_is_refused_is_out,
    whoever_turns_out_to_be_another_is_out,
    a_provider_that_cannot_be_asked_is_left_alone_for_a_while,
    operators_mistakes_end_no_session,
    a_provider_that_needs_the_browser_is_not_waited_for,
    a_session_that_ends_meanwhile_stays_ended,
];

const AT_ONCE: Duration = Duration::ZERO;

fn unreachable() -> ProviderError {
    ProviderError::Unreachable { leg: Leg::Token, cause: HttpError::Timeout }
}

/// Nothing goes out by it; making one is slow.
fn http() -> &'static Http {
    static HTTP: LazyLock<Http> = LazyLock::new(|| Http::new().unwrap());
    &HTTP
}

async fn begin(stage: &Stage) -> SessionId {
    stage.keeper.begin(&login("work", "u-1"), String::new(), None).await.unwrap()
}

/// Has the session's identity from `work` confirmed as a request would: found first, then confirmed if that is due.
async fn confirm(keeper: &Keeper, registry: &Arc<Registry>, id: &SessionId) -> Renewal {
    let Some(session) = keeper.find(id).await.unwrap() else {
        return Renewal::Ended;
    };
    if LIFETIMES.standing(session.identities()[0].confirmed(), keeper.clock.now()) == Standing::Fresh {
        return Renewal::Confirmed(session);
    }
    keeper.confirm(http(), registry, session, &"work".parse().unwrap()).await.unwrap()
}

async fn claims_are_taken_anew(stage: Stage) {
    let id = begin(&stage).await;
    let (registry, _) = work(AT_ONCE, [Ok(Answer::MayStill(&["board"], "refresh-1"))]);
    stage.pass(LIFETIMES.confirm);

    let renewal = confirm(&stage.keeper, &registry, &id).await;

    let Renewal::Confirmed(session) = renewal else { panic!("confirmed") };
    assert_eq!(session.identities()[0].identity().groups(), ["board"]);
    assert_eq!(session.identities()[0].confirmed(), stage.clock.now());
    let found = stage.replica().find(&id).await.unwrap().unwrap();
    assert_eq!(found.identities()[0].identity().groups(), ["board"]);
}

async fn rotated_refresh_tokens_are_followed(stage: Stage) {
    let id = begin(&stage).await;
    let answers = [Ok(Answer::MayStill(&[], "refresh-1")), Ok(Answer::MayStill(&[], "refresh-2"))];
    let (registry, asked) = work(AT_ONCE, answers);

    for _ in 0..2 {
        stage.pass(LIFETIMES.confirm);
        assert!(matches!(confirm(&stage.keeper, &registry, &id).await, Renewal::Confirmed(_)));
    }

    let sent: Vec<_> = asked.lock().unwrap().iter().flatten().cloned().collect();
    assert_eq!(sent, ["refresh-0", "refresh-1"]);
}

async fn one_asks_however_many_wait_on_however_many_replicas(stage: Stage) {
    let id = begin(&stage).await;
    let (registry, asked) = work(Duration::from_millis(300), [Ok(Answer::MayStill(&["board"], "refresh-1"))]);
    let replicas = [stage.replica(), stage.replica()];
    stage.pass(LIFETIMES.confirm);

    let renewals = join_all((0..40).map(|number| confirm(&replicas[number % 2], &registry, &id))).await;

    assert_eq!(asked.lock().unwrap().len(), 1);
    for renewal in renewals {
        let Renewal::Confirmed(session) = renewal else { panic!("all use the answer") };
        assert_eq!(session.identities()[0].identity().groups(), ["board"]);
    }
}

async fn whoever_is_refused_is_out(stage: Stage) {
    let id = begin(&stage).await;
    let (registry, _) = work(AT_ONCE, [Err(ProviderError::Refused { code: "invalid_grant".to_owned() })]);
    stage.pass(LIFETIMES.confirm);

    let renewal = confirm(&stage.keeper, &registry, &id).await;

    assert!(matches!(renewal, Renewal::Disavowed(_)));
    assert!(stage.replica().find(&id).await.unwrap().is_none());
}

async fn whoever_turns_out_to_be_another_is_out(stage: Stage) {
    let id = begin(&stage).await;
    let answer = ProviderError::Untrusted { check: FailedCheck::Subject, detail: "another".to_owned() };
    let (registry, _) = work(AT_ONCE, [Err(answer)]);
    stage.pass(LIFETIMES.confirm);

    let renewal = confirm(&stage.keeper, &registry, &id).await;

    assert!(matches!(renewal, Renewal::Disavowed(_)));
    assert!(stage.keeper.find(&id).await.unwrap().is_none());
}

async fn a_provider_that_cannot_be_asked_is_left_alone_for_a_while(stage: Stage) {
    let id = begin(&stage).await;
    let (registry, asked) = work(AT_ONCE, [Err(unreachable()), Ok(Answer::MayStill(&[], "refresh-1"))]);
    stage.pass(LIFETIMES.confirm);

    let first = confirm(&stage.keeper, &registry, &id).await;
    let second = confirm(&stage.replica(), &registry, &id).await;
    let asked_meanwhile = asked.lock().unwrap().len();
    stage.pass(Duration::from_secs(30));
    let third = confirm(&stage.keeper, &registry, &id).await;

    assert!(matches!((first, second), (Renewal::Unknown, Renewal::Unknown)));
    assert_eq!(asked_meanwhile, 1);
    assert!(matches!(third, Renewal::Confirmed(_)));
}

async fn operators_mistakes_end_no_session(stage: Stage) {
    let id = begin(&stage).await;
    let answer = ProviderError::TurnedAway { leg: Leg::Token, code: "invalid_client".to_owned() };
    let (registry, _) = work(AT_ONCE, [Err(answer)]);
    stage.pass(LIFETIMES.confirm);

    let renewal = confirm(&stage.keeper, &registry, &id).await;

    assert!(matches!(renewal, Renewal::Unknown));
    assert!(stage.keeper.find(&id).await.unwrap().is_some());
}

async fn a_provider_that_needs_the_browser_is_not_waited_for(stage: Stage) {
    let id = begin(&stage).await;
    let (registry, _) = work(AT_ONCE, [Ok(Answer::NeedsBrowser), Ok(Answer::NeedsBrowser)]);
    stage.pass(LIFETIMES.confirm);

    let renewals = [confirm(&stage.keeper, &registry, &id).await, confirm(&stage.keeper, &registry, &id).await];

    assert!(matches!(renewals, [Renewal::NeedsBrowser, Renewal::NeedsBrowser]));
}

async fn a_session_that_ends_meanwhile_stays_ended(stage: Stage) {
    let id = begin(&stage).await;
    let (registry, asked) = work(Duration::from_millis(300), [Ok(Answer::MayStill(&[], "refresh-1"))]);
    stage.pass(LIFETIMES.confirm);
    let logged_out = async {
        while asked.lock().unwrap().is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        stage.replica().end_by_provider(&"work".parse().unwrap(), Ended::Sid("sid-1")).await.unwrap()
    };

    let (renewal, ended) = tokio::join!(confirm(&stage.keeper, &registry, &id), logged_out);

    assert_eq!(ended, 1);
    assert!(matches!(renewal, Renewal::Ended));
    assert!(stage.keeper.find(&id).await.unwrap().is_none());
}

//! Killed at any moment under load, no process loses the record of a grant that it has answered, and the chain holds.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::Value;

use crate::person::Person;
use crate::proxy::Backend;
use crate::support::fake::FakeProvider;
use crate::support::roomkey::{Roomkey, run};
use crate::{ACCESS, SIDE_BY_SIDE, Stage};

/// How often a process is killed.
const KILLS: u32 = 6;

/// Whether somebody is led into `room`; `None` if the connection broke.
async fn enter(stage: &Stage, room: &str) -> Option<bool> {
    let mut person = Person::new(stage);
    let to_provider = person.get(&format!("/room/{room}")).await?.location?;
    let response = stage.provider.log_in(&to_provider);
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(response).finish();
    Some(person.get(&format!("/callback/fake?{query}")).await?.is_in_meeting())
}

/// The rooms into which people were led, each into one of their own.
async fn people(stage: &Stage, over: &AtomicBool) -> Vec<String> {
    let person = async |who: usize| {
        let mut entered = Vec::new();
        for number in 0.. {
            if over.load(Ordering::SeqCst) {
                break;
            }
            let room = format!("room{who}-{number}");
            match enter(stage, &room).await {
                Some(true) => entered.push(room),
                Some(false) => {}
                None => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
        entered
    };
    futures_util::future::join_all((0..SIDE_BY_SIDE).map(person)).await.concat()
}

/// Kills the processes in turn while people come; gives the rooms into which they were led, and the processes.
async fn entered_while_killed(stage: &Stage, mut processes: Vec<Roomkey>) -> (Vec<String>, Vec<Roomkey>) {
    let over = Arc::new(AtomicBool::new(false));
    let killing = Arc::clone(&over);
    let killed = tokio::task::spawn_blocking(move || {
        for round in 0..KILLS {
            // At another moment of what is under way each time.
            std::thread::sleep(Duration::from_millis(700 + 37 * u64::from(round)));
            let index = round as usize % processes.len();
            processes[index].signal("KILL");
            processes[index].wait();
            processes[index].restart();
        }
        std::thread::sleep(Duration::from_millis(500));
        killing.store(true, Ordering::SeqCst);
        processes
    });
    let entered = people(stage, &over).await;
    (entered, killed.await.unwrap())
}

/// How often each room stands in the trail, which holds.
fn recorded(process: &Roomkey) -> BTreeMap<String, usize> {
    let verified = run(process.folder.path(), &["audit", "verify"]);
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
    let exported = run(process.folder.path(), &["audit", "export", "--outcome", "entered"]);
    let mut rooms = BTreeMap::new();
    for line in String::from_utf8(exported.stdout).unwrap().lines() {
        let record: Value = serde_json::from_str(line).unwrap();
        *rooms.entry(record["room"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    rooms
}

async fn every_answered_grant_is_recorded_once(stage: &Stage, processes: Vec<Roomkey>) {
    let (entered, processes) = entered_while_killed(stage, processes).await;

    let recorded = recorded(&processes[0]);

    assert!(entered.len() > 50, "{} were led in", entered.len());
    let lost: Vec<_> = entered.iter().filter(|room| !recorded.contains_key(*room)).collect();
    assert!(lost.is_empty(), "no record of {lost:?}");
    let doubled: Vec<_> = recorded.iter().filter(|(_, times)| **times > 1).collect();
    assert!(doubled.is_empty(), "{doubled:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replicas_that_are_killed_lose_no_record_of_an_answered_grant() {
    let (stage, machines) = Stage::set().await;

    every_answered_grant_is_recorded_once(&stage, machines.replicas.into()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_with_sqlite_that_is_killed_loses_no_record_of_an_answered_grant() {
    let provider = FakeProvider::start().await;
    provider.script(|script| script.alg = "ES256");
    let roomkey = Roomkey::start(&format!("[log]\nlevel = \"info\"\n{}{ACCESS}", provider.configuration("")));
    let stage = Stage { provider, proxy: Backend::of(&roomkey).public };

    every_answered_grant_is_recorded_once(&stage, vec![roomkey]).await;
}

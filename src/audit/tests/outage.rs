//! While the store is down, records wait, and none is lost or doubled.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use crate::audit::journal::Journal;
use crate::audit::testing::{Stage, entered, failed, sealer};
use crate::audit::trail::Entry;
use crate::store::{Store, line};

/// A store whose folder is not there yet.
async fn absent(stage: &Stage) -> (Store, PathBuf) {
    let folder = stage.journal().with_file_name("later");
    let store = Store::open(&format!("sqlite://{}", folder.join("roomkey.db").display())).unwrap();
    store.check().await.unwrap_err();
    (store, folder)
}

async fn records(store: &Store, how_many: usize) -> Vec<String> {
    for _ in 0..200 {
        if let Ok(records) = store.records_after(0, 1_000).await
            && records.len() >= how_many
        {
            return records.into_iter().map(|record| record.reference).collect();
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the records do not come")
}

fn files(stage: &Stage) -> Vec<PathBuf> {
    let files = fs::read_dir(stage.journal()).into_iter().flatten();
    files.map(|file| file.unwrap().path()).collect()
}

#[tokio::test]
async fn records_wait_sealed_for_the_store_and_then_stand_in_the_chain_once() {
    let stage = Stage::sqlite();
    let (store, folder) = absent(&stage).await;
    let trail = stage.trail_in(store.clone(), &[1]);
    let events = [entered("ada", "board"), failed("203.0.113.9"), entered("bob", "board")];

    for event in &events {
        trail.record(event.clone()).await.unwrap();
    }
    let (waiting, text) = (trail.in_journal(), fs::read_to_string(&files(&stage)[0]).unwrap());
    fs::create_dir(&folder).unwrap();
    let written = records(&store, events.len()).await;

    assert_eq!(waiting, text.len() as u64);
    assert!(!text.contains("ada") && !text.contains("board"), "{text}");
    let references = events.map(|event| event.reference);
    assert_eq!(written, references);
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(records(&store, 3).await, references, "and no more");
    assert_eq!((files(&stage), trail.in_journal()), (Vec::new(), 0));
    crate::audit::verify(&store, &sealer(&[1]), &[]).await.unwrap();
}

#[tokio::test]
async fn what_a_killed_process_left_is_brought_in_by_another() {
    let stage = Stage::sqlite();
    let event = entered("ada", "board");
    let (nobody_writes, _) = line::<Entry>();
    let journal = Journal::new(stage.journal());
    let entry = Entry { at: 1_000, event: event.clone(), is_doubtful: true };
    journal.keep(&entry, &sealer(&[1])).await.unwrap();
    // Half a line, for which nobody was let in.
    let path = files(&stage).remove(0);
    let mut text = fs::read_to_string(&path).unwrap();
    text.push_str("aGFsZiBhIGxpbmU");
    drop((journal, nobody_writes));
    fs::write(stage.journal().join("of-the-dead.journal"), text).unwrap();
    fs::remove_file(path).unwrap();

    let _trail = stage.trail();

    assert_eq!(records(&stage.store, 1).await, [event.reference]);
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(files(&stage), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn a_record_that_may_have_been_written_is_not_written_twice() {
    let stage = Stage::sqlite();
    let trail = stage.trail();
    let event = entered("ada", "board");
    trail.record(event.clone()).await.unwrap();
    let at = stage.store.records_after(0, 1).await.unwrap()[0].at;
    let journal = Journal::new(stage.journal());

    journal.keep(&Entry { at, event: event.clone(), is_doubtful: true }, &sealer(&[1])).await.unwrap();
    journal.keep(&Entry { at: at + 1, event: event.clone(), is_doubtful: true }, &sealer(&[1])).await.unwrap();
    drop(journal);

    assert_eq!(records(&stage.store, 2).await, [&*event.reference, &event.reference]);
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(records(&stage.store, 2).await.len(), 2);
}

#[tokio::test]
async fn lines_of_another_secret_are_set_aside_and_not_lost() {
    let stage = Stage::sqlite();
    let journal = Journal::new(stage.journal());
    let entry = Entry { at: 1_000, event: entered("ada", "board"), is_doubtful: false };
    journal.keep(&entry, &sealer(&[2])).await.unwrap();
    journal.keep(&entry, &sealer(&[1])).await.unwrap();
    drop(journal);

    let _trail = stage.trail();

    assert_eq!(records(&stage.store, 1).await.len(), 1);
    tokio::time::sleep(Duration::from_millis(200)).await;
    let left = files(&stage);
    assert!(left.len() == 1 && left[0].extension().unwrap() == "unreadable", "{left:?}");
}

#[tokio::test]
async fn nobody_is_let_in_when_nothing_takes_the_record() {
    let stage = Stage::sqlite();
    let (store, _) = absent(&stage).await;
    let trail = stage.trail_in(store, &[1]);
    fs::write(stage.journal(), "a file in the place of the folder").unwrap();

    let outcome = trail.record(entered("ada", "board")).await;

    assert!(outcome.is_err());
}

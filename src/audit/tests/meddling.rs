//! Whatever is done to the trail behind Roomkey's back is found.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::on_both_stores;
use crate::audit::testing::{Stage, entered, failed, sealer};
use crate::audit::{Fault, Held, Unverified, checkpoint, erase};

on_both_stores!(
    one_changed_character_in_any_column_of_any_table_is_found,
    any_row_that_is_removed_is_found,
    rows_that_are_put_in_or_change_places_are_found,
    a_shortened_chain_is_found,
    a_chain_that_was_put_back_is_found_by_what_was_kept,
    roomkey_does_not_seal_what_it_did_not_write,
);

/// Tables of the trail, and their columns.
const COLUMNS: [(&str, &str, &[&str]); 5] = [
    (
        "audit_record",
        "number",
        &[
            "number",
            "at",
            "outcome",
            "reference",
            "room",
            "tenant",
            "provider",
            "rule",
            "role",
            "reason",
            "detail",
            "device",
            "person",
            "sealed",
            "hash",
        ],
    ),
    ("audit_person", "person", &["person", "subject", "handle", "sealed"]),
    ("audit_head", "one", &["number", "hash", "cut", "checkpoint", "checkpoint_at", "seal"]),
    ("audit_checkpoint", "number", &["number", "at", "hash", "previous", "public_key", "signature"]),
    ("audit_key", "number", &["number", "sealed"]),
];

/// Some records of some people, two signatures, an erasure.
async fn some_records(stage: &Stage) -> Held {
    let trail = stage.trail();
    for name in ["ada", "bob", "ada"] {
        trail.record(entered(name, "board")).await.unwrap();
    }
    trail.record(failed("203.0.113.9")).await.unwrap();
    let eve = entered("eve", "board");
    trail.record(eve).await.unwrap();
    let search = crate::audit::Search::new(&stage.store, &sealer(&[1])).await.unwrap();
    let people = search.keys_of("u-eve", &["work".parse().unwrap()]).await.unwrap();
    erase(&stage.store, &sealer(&[1]), &people, stage.now()).await.unwrap();
    checkpoint(&stage.store, &sealer(&[1]), stage.now()).await.unwrap();
    trail.record(entered("bob", "standup")).await.unwrap();
    stage.verify(&[]).await.unwrap()
}

fn is_text(column: &str) -> bool {
    !["number", "at", "cut", "checkpoint", "checkpoint_at", "previous", "one"].contains(&column)
}

/// `text` with one bit of one character another; an empty one gets a character.
fn flipped(text: &str, place: usize, bit: u8) -> String {
    let mut bytes = text.as_bytes().to_vec();
    match bytes.len() {
        0 => bytes.push(b'x'),
        length => bytes[place % length] ^= 1 << bit,
    }
    // A quote would end the text in SQL, and a NUL or half a character is none in PostgreSQL.
    String::from_utf8(bytes).unwrap().replace('\'', "''")
}

async fn one_changed_character_in_any_column_of_any_table_is_found(stage: Stage) {
    let held = some_records(&stage).await;
    let mut runner = TestRunner::deterministic();
    for (table, key, columns) in COLUMNS {
        let keys = stage.ask(&format!("SELECT CAST({key} AS TEXT) FROM {table} ORDER BY {key}")).await;
        for (row, column) in keys.iter().flat_map(|row| columns.iter().map(move |column| (row, *column))) {
            let (place, bit) = (0usize..1_000, 0u8..4).new_tree(&mut runner).unwrap().current();
            let at = format!("WHERE CAST({key} AS TEXT) = '{row}'");
            let was = stage.ask(&format!("SELECT CAST({column} AS TEXT) FROM {table} {at}")).await.remove(0);
            let (changed, restored) = if is_text(column) {
                (format!("'{}'", flipped(&was, place, bit)), format!("'{}'", was.replace('\'', "''")))
            } else {
                // Far from every other number, where the key has to stay one.
                ((was.parse::<i64>().unwrap() ^ (1 << (20 + place % 40))).to_string(), was.clone())
            };

            stage.meddle(&format!("UPDATE {table} SET {column} = {changed} {at}")).await;
            let found = stage.verify(&[]).await;

            assert!(found.is_err(), "{table}.{column} of {row}: {was} is {changed}");
            let key_now = if column == key { changed.trim_matches('\'') } else { row };
            stage
                .meddle(&format!("UPDATE {table} SET {column} = {restored} WHERE CAST({key} AS TEXT) = '{key_now}'"))
                .await;
        }
    }
    assert_eq!(stage.verify(&[]).await.unwrap(), held, "all is as it was");
}

async fn any_row_that_is_removed_is_found(stage: Stage) {
    some_records(&stage).await;
    for (table, key, _) in COLUMNS {
        stage.meddle(&format!("CREATE TABLE backup AS SELECT * FROM {table}")).await;
        for row in stage.ask(&format!("SELECT CAST({key} AS TEXT) FROM {table}")).await {
            let removed = stage.meddle(&format!("DELETE FROM {table} WHERE CAST({key} AS TEXT) = '{row}'")).await;

            let found = stage.verify(&[]).await;

            assert_eq!(removed, 1);
            assert!(found.is_err(), "{table} {row}");
            stage
                .meddle(&format!("INSERT INTO {table} SELECT * FROM backup WHERE CAST({key} AS TEXT) = '{row}'"))
                .await;
        }
        stage.meddle("DROP TABLE backup").await;
    }
    stage.verify(&[]).await.unwrap();
}

fn fault(outcome: Result<Held, Unverified>) -> Option<Fault> {
    match outcome {
        Err(Unverified::Fault(fault)) => Some(fault),
        _ => None,
    }
}

async fn rows_that_are_put_in_or_change_places_are_found(stage: Stage) {
    some_records(&stage).await;
    let copy = |number: &str| {
        let columns =
            "at, outcome, reference, room, tenant, provider, rule, role, reason, detail, device, person, sealed, hash";
        format!(
            "INSERT INTO audit_record (number, {columns}) SELECT {number}, {columns} FROM audit_record WHERE number = 7"
        )
    };

    stage.meddle(&copy("8")).await;
    let after = fault(stage.verify(&[]).await);
    stage.meddle("DELETE FROM audit_record WHERE number = 8").await;
    stage.meddle(&copy("0")).await;
    let before = fault(stage.verify(&[]).await);
    stage.meddle("DELETE FROM audit_record WHERE number = 0").await;
    for (from, to) in [("2", "99"), ("3", "2"), ("99", "3")] {
        stage.meddle(&format!("UPDATE audit_record SET number = {to} WHERE number = {from}")).await;
    }
    let swapped = fault(stage.verify(&[]).await);

    assert_eq!(after, Some(Fault::Foreign { number: 8 }));
    assert_eq!(before, Some(Fault::Foreign { number: 0 }));
    assert_eq!(swapped, Some(Fault::Altered { number: 2 }));
}

async fn a_shortened_chain_is_found(stage: Stage) {
    some_records(&stage).await;

    stage.meddle("DELETE FROM audit_record WHERE number = 7").await;
    let missing = fault(stage.verify(&[]).await);
    stage.meddle("UPDATE audit_head SET number = 6, hash = (SELECT hash FROM audit_record WHERE number = 6)").await;
    let with_its_head = fault(stage.verify(&[]).await);

    assert_eq!(missing, Some(Fault::Missing { number: 7 }));
    assert_eq!(with_its_head, Some(Fault::Head));
}

async fn a_chain_that_was_put_back_is_found_by_what_was_kept(stage: Stage) {
    let trail = stage.trail();
    trail.record(entered("ada", "board")).await.unwrap();
    for table in ["audit_record", "audit_head", "audit_checkpoint", "audit_person"] {
        stage.meddle(&format!("CREATE TABLE backup_{table} AS SELECT * FROM {table}")).await;
    }
    trail.record(entered("bob", "board")).await.unwrap();
    let kept = checkpoint(&stage.store, &sealer(&[1]), stage.now()).await.unwrap().unwrap();
    stage.verify(std::slice::from_ref(&kept)).await.unwrap();

    for table in ["audit_record", "audit_head", "audit_checkpoint", "audit_person"] {
        stage.meddle(&format!("DELETE FROM {table}")).await;
        stage.meddle(&format!("INSERT INTO {table} SELECT * FROM backup_{table}")).await;
    }
    let by_itself = stage.verify(&[]).await;
    let shorter = fault(stage.verify(std::slice::from_ref(&kept)).await);
    // A process that has seen more than there is notices by itself.
    trail.record(entered("bob", "board")).await.unwrap();

    by_itself.unwrap();
    assert_eq!(shorter, Some(Fault::Kept { number: 2 }));
    assert_eq!(fault(stage.verify(&[]).await), Some(Fault::Told { number: 2 }));
    assert_eq!(fault(stage.verify(&[kept]).await), Some(Fault::Kept { number: 2 }));
}

async fn roomkey_does_not_seal_what_it_did_not_write(stage: Stage) {
    some_records(&stage).await;
    stage.meddle("DELETE FROM audit_record WHERE number = 7").await;
    stage.meddle("UPDATE audit_head SET number = 6, hash = (SELECT hash FROM audit_record WHERE number = 6)").await;

    stage.trail().record(entered("ada", "board")).await.unwrap();

    assert_eq!(fault(stage.verify(&[]).await), Some(Fault::Told { number: 7 }));
}

#[tokio::test]
async fn a_checkpoint_of_another_trail_is_none() {
    let (stage, other) = (Stage::sqlite(), Stage::sqlite());
    stage.trail().record(entered("ada", "board")).await.unwrap();
    other.trail().record(entered("ada", "board")).await.unwrap();
    let foreign = checkpoint(&other.store, &sealer(&[1]), other.now()).await.unwrap().unwrap();
    let mut forged = checkpoint(&stage.store, &sealer(&[1]), stage.now()).await.unwrap().unwrap();
    forged.hash = foreign.hash.clone();

    for checkpoint in [foreign, forged] {
        let outcome = stage.verify(&[checkpoint]).await;

        assert!(matches!(outcome, Err(Unverified::NotACheckpoint { number: 1 })), "{outcome:?}");
    }
}

#[tokio::test]
async fn a_trail_without_records_holds() {
    let stage = Stage::sqlite();

    let held = stage.verify(&[]).await.unwrap();

    assert_eq!((held.first, held.last), (1, 0));
}

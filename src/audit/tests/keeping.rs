//! What is recorded, found, erased and removed for its age.

use std::time::Duration;

use futures_util::future::join_all;

use super::on_both_stores;
use crate::audit::testing::{Stage, entered, failed, request, sealer};
use crate::audit::{Event, Filter, Format, Held, Outcome, Person, Personal, Search, Writer, checkpoint, erase, trim};
use crate::login::LoginId;
use crate::provider::testing::{guest_of, somebody_from};

on_both_stores!(
    a_record_says_what_was_recorded,
    replicas_share_one_chain,
    every_search_finds_its_records_and_no_others,
    an_erased_person_cannot_be_read_or_found_and_the_chain_holds,
    whoever_comes_back_after_an_erasure_is_another,
    what_is_old_is_removed_at_a_checkpoint_and_the_chain_holds,
);

async fn a_record_says_what_was_recorded(stage: Stage) {
    let trail = stage.trail();
    let event = entered("ada", "board");

    trail.record(event.clone()).await.unwrap();

    let found = stage.all().await.remove(0);
    let record = &found.record;
    assert_eq!((record.number, record.at), (1, stage.now().as_microsecond()));
    assert_eq!([&*record.outcome, &record.room, &record.tenant, &record.provider], ["entered", "board", "", "work"]);
    assert_eq!([&*record.rule, &record.role, &record.device], ["staff", "participant", "Firefox, Linux"]);
    assert_eq!(record.reference, event.reference);
    let person = Personal {
        subject: Some("u-ada".to_owned()),
        email: Some("ada@example.com".to_owned()),
        address: Some("198.51.100.7".to_owned()),
        ..Personal::default()
    };
    assert_eq!(found.person, Some(person));
    let held = stage.verify(&[]).await.unwrap();
    assert_eq!(held, Held { first: 1, last: 1, hash: record.hash.clone(), checkpoints: 1, erased: 0 });
}

async fn replicas_share_one_chain(stage: Stage) {
    let replicas = [stage.trail(), stage.trail()];

    let record = |number: usize| replicas[number % 2].record(entered(&format!("p{}", number % 7), "standup"));
    let recorded = join_all((0..200).map(record)).await;

    assert!(recorded.iter().all(Result::is_ok));
    let held = stage.verify(&[]).await.unwrap();
    assert_eq!((held.first, held.last), (1, 200));
    assert_eq!(stage.ask("SELECT person FROM audit_person").await.len(), 7, "one key a person");
}

async fn every_search_finds_its_records_and_no_others(stage: Stage) {
    let trail = stage.trail();
    let wanted = entered("ada", "board");
    let reference: LoginId = wanted.reference.parse().unwrap();
    trail.record(entered("ada", "standup")).await.unwrap();
    stage.pass(Duration::from_mins(1));
    let since = stage.now();
    trail.record(wanted).await.unwrap();
    trail.record(failed("203.0.113.9")).await.unwrap();
    stage.pass(Duration::from_mins(1));
    let until = stage.now();
    trail.record(entered("bob", "board")).await.unwrap();

    let numbers = async |filter: Filter| -> Vec<i64> {
        stage.find(&filter).await.into_iter().map(|found| found.record.number).collect()
    };

    let any = Filter::default;
    assert_eq!(numbers(any()).await, [4, 3, 2, 1], "newest first");
    assert_eq!(numbers(Filter { oldest_first: true, ..any() }).await, [1, 2, 3, 4]);
    assert_eq!(numbers(Filter { room: Some("board".to_owned()), ..any() }).await, [4, 2]);
    assert_eq!(numbers(Filter { since: Some(since), until: Some(until), ..any() }).await, [3, 2]);
    assert_eq!(numbers(Filter { outcome: Some(Outcome::Failed), ..any() }).await, [3]);
    assert_eq!(numbers(Filter { reference: Some(reference), ..any() }).await, [2]);
    assert_eq!(numbers(Filter { tenant: Some("acme".to_owned()), ..any() }).await, [0_i64; 0]);
    for (person, expected) in
        [("Ada@Example.com", vec![2, 1]), ("u-ada", vec![2, 1]), ("203.0.113.9", vec![3]), ("eve@example.com", vec![])]
    {
        assert_eq!(numbers(Filter { person: Some(person.to_owned()), ..any() }).await, expected, "{person}");
    }
    let both = Filter { person: Some("u-ada".to_owned()), room: Some("board".to_owned()), ..any() };
    assert_eq!(numbers(both).await, [2]);
    let search = Search::new(&stage.store, &sealer(&[1])).await.unwrap();
    let first = search.page(&any(), &[], None, 3).await.unwrap();
    let next = search.page(&any(), &[], Some(&first[2].record), 3).await.unwrap();
    assert_eq!(next.iter().map(|found| found.record.number).collect::<Vec<_>>(), [1], "the next page");
}

async fn keys_of(stage: &Stage, person: &str) -> Vec<String> {
    let search = Search::new(&stage.store, &sealer(&[1])).await.unwrap();
    search.keys_of(person, &["work".parse().unwrap()]).await.unwrap()
}

async fn an_erased_person_cannot_be_read_or_found_and_the_chain_holds(stage: Stage) {
    let trail = stage.trail();
    trail.record(entered("ada", "board")).await.unwrap();
    trail.record(entered("bob", "board")).await.unwrap();
    // The same account under another address.
    let renamed = somebody_from("work").with_subject("u-ada").with_email("lovelace@example.com", true);
    let event = Event::new(Outcome::Refused, LoginId::random()).person(Some(Person::of(&renamed)));
    trail.record(event).await.unwrap();

    let people = keys_of(&stage, "ada@example.com").await;
    erase(&stage.store, &sealer(&[1]), &people, stage.now()).await.unwrap();

    assert_eq!(people.len(), 2);
    for gone in ["ada@example.com", "lovelace@example.com", "u-ada"] {
        assert_eq!(keys_of(&stage, gone).await, Vec::<String>::new());
    }
    let people: Vec<_> = stage.all().await.into_iter().map(|found| found.person.is_some()).collect();
    assert_eq!(people, [false, true, false, false]);
    let held = stage.verify(&[]).await.unwrap();
    assert_eq!((held.last, held.erased), (4, 2));
}

async fn whoever_comes_back_after_an_erasure_is_another(stage: Stage) {
    let trail = stage.trail();
    trail.record(entered("ada", "board")).await.unwrap();
    let before = keys_of(&stage, "u-ada").await;
    erase(&stage.store, &sealer(&[1]), &before, stage.now()).await.unwrap();

    trail.record(entered("ada", "board")).await.unwrap();

    let after = keys_of(&stage, "u-ada").await;
    assert_eq!(after.len(), 1);
    assert_ne!(after, before);
    stage.verify(&[]).await.unwrap();
}

async fn what_is_old_is_removed_at_a_checkpoint_and_the_chain_holds(stage: Stage) {
    let trail = stage.trail();
    for name in ["ada", "bob"] {
        trail.record(entered(name, "board")).await.unwrap();
    }
    let kept = checkpoint(&stage.store, &sealer(&[1]), stage.now()).await.unwrap().unwrap();
    stage.pass(Duration::from_hours(48));
    trail.record(entered("ada", "board")).await.unwrap();
    let before = stage.now() - Duration::from_hours(24);

    let removed = trim(&stage.store, &sealer(&[1]), before, stage.now()).await.unwrap();
    let again = trim(&stage.store, &sealer(&[1]), before, stage.now()).await.unwrap();

    assert_eq!((removed, again, kept.number), (2, 0, 2));
    let left: Vec<_> = stage.all().await.into_iter().map(|found| (found.record.number, found.record.outcome)).collect();
    assert_eq!(left, [(3, "entered".to_owned()), (4, "trimmed".to_owned())]);
    assert_eq!((keys_of(&stage, "u-ada").await.len(), keys_of(&stage, "u-bob").await.len()), (1, 0));
    let held = stage.verify(std::slice::from_ref(&kept)).await.unwrap();
    assert_eq!((held.first, held.last), (3, 4));
    stage.meddle("DELETE FROM audit_record WHERE number = 3").await;
    stage.verify(&[]).await.unwrap_err();
}

#[tokio::test]
async fn a_chain_is_signed_now_and_then() {
    let stage = Stage::sqlite();
    let trail = stage.trail();
    join_all((0..1_100).map(|_| trail.record(failed("203.0.113.9")))).await;
    let after_many = stage.verify(&[]).await.unwrap().checkpoints;
    stage.pass(Duration::from_hours(1));

    trail.record(failed("203.0.113.9")).await.unwrap();

    assert_eq!((after_many, stage.verify(&[]).await.unwrap().checkpoints), (2, 3));
}

#[tokio::test]
async fn a_guest_is_found_by_name_and_a_refused_one_is_kept_with_their_groups() {
    let stage = Stage::sqlite();
    let trail = stage.trail();
    let guest = Person::of(&guest_of("guest", "Ada"));
    let staff = somebody_from("work").with_groups(&["sales"]);
    let staff = Person::of(&staff).with_groups(&staff);

    for person in [guest, staff] {
        trail.record(Event::new(Outcome::Refused, LoginId::random()).person(Some(person))).await.unwrap();
    }

    let found = stage.find(&Filter { person: Some("ada".to_owned()), ..Filter::default() }).await;
    assert_eq!(found[0].person.as_ref().unwrap().name.as_deref(), Some("Ada"));
    assert_eq!(found[0].person.as_ref().unwrap().subject, None);
    assert_eq!(stage.all().await[1].person.as_ref().unwrap().groups, ["sales"]);
}

#[tokio::test]
async fn nothing_in_the_database_names_a_person() {
    let stage = Stage::sqlite();
    stage.trail().record(entered("ada", "board")).await.unwrap();

    let whole = std::fs::read(stage.address.trim_start_matches("sqlite://")).unwrap();
    let log = std::fs::read(format!("{}-wal", stage.address.trim_start_matches("sqlite://"))).unwrap();

    let holds =
        |text: &str| [&whole, &log].iter().any(|bytes| bytes.windows(text.len()).any(|it| it == text.as_bytes()));
    assert!(holds("board"));
    for text in ["u-ada", "ada@example.com", "198.51.100.7"] {
        assert!(!holds(text), "{text}");
    }
}

#[tokio::test]
async fn exports_leave_out_what_is_not_there_and_no_spreadsheet_takes_a_text_for_a_formula() {
    let stage = Stage::sqlite();
    let trail = stage.trail();
    let evil = somebody_from("work").with_name("=cmd|' /C calc'!A0").with_email("+1@example.com", false);
    let event =
        Event::new(Outcome::Refused, LoginId::random()).meeting(&request("board")).person(Some(Person::of(&evil)));
    trail.record(event).await.unwrap();
    let found = stage.all().await;
    let export = |format| {
        let mut out = Vec::new();
        let mut writer = Writer::new(format, &mut out).unwrap();
        found.iter().for_each(|found| writer.write(found).unwrap());
        writer.finish().unwrap();
        String::from_utf8(out).unwrap()
    };

    let (jsonl, csv) = (export(Format::Jsonl), export(Format::Csv));

    let line: serde_json::Value = serde_json::from_str(jsonl.trim_end()).unwrap();
    assert_eq!(
        (&line["number"], &line["room"], &line["name"]),
        (&1.into(), &"board".into(), &"=cmd|' /C calc'!A0".into())
    );
    assert_eq!((line["at"].as_str(), line.get("rule")), (Some("2026-11-24T12:00:00Z"), None));
    assert!(csv.starts_with("number,at,outcome,"), "{csv}");
    assert!(csv.contains(",'=cmd|' /C calc'!A0,'+1@example.com,"), "{csv}");
}

use std::time::Duration;

use futures_util::future::join_all;

use super::*;
use crate::session::tests::postgres::Postgres;

const NOW: i64 = 1000;

pub(in crate::store) fn row(id: &str, counts: &str, most: i64) -> PassRow {
    PassRow {
        id: id.to_owned(),
        code: format!("code-of-{id}"),
        terms: "{}".to_owned(),
        counts: counts.to_owned(),
        most,
        used: 0,
        begins: 0,
        ends: NOW + 60,
        made: NOW,
        withdrawn: 0,
        forgotten: NOW + 120,
    }
}

fn by(id: &str, person: Option<&str>) -> PassUse {
    PassUse { code: format!("code-of-{id}"), person: person.map(str::to_owned) }
}

/// Runs `test` in SQLite and in PostgreSQL, each as two replicas have it.
pub(in crate::store) async fn in_both(test: impl AsyncFn([Store; 2])) {
    let folder = tempfile::tempdir().unwrap();
    let server = Postgres::start();
    for address in [format!("sqlite://{}/roomkey.db", folder.path().display()), server.database("roomkey")] {
        let stores = [Store::open(&address).unwrap(), Store::open(&address).unwrap()];
        stores[0].check().await.unwrap();
        stores[1].check().await.unwrap();
        test(stores).await;
    }
}

#[tokio::test]
async fn of_fifty_at_once_a_pass_lets_in_as_many_as_it_is_for() {
    in_both(async |stores| {
        let passes = vec![row("one", "uses", 1), row("seven", "uses", 7), row("three", "people", 3)];
        stores[0].keep_passes(passes).await.unwrap();
        let let_in = async |id: &str, person: fn(usize) -> Option<String>| {
            let come = (0..50).map(|number| {
                let used = PassUse { code: format!("code-of-{id}"), person: person(number) };
                stores[number % 2].use_pass(used, NOW)
            });
            join_all(come).await.into_iter().filter(|outcome| *outcome.as_ref().unwrap()).count()
        };

        assert_eq!(let_in("one", |_| None).await, 1);
        assert_eq!(let_in("seven", |_| None).await, 7);
        assert_eq!(let_in("three", |number| Some(number.to_string())).await, 3);
        assert_eq!(let_in("three", |_| Some("another".to_owned())).await, 0);
        let used: Vec<_> = stores[1].passes(String::new(), 9).await.unwrap().iter().map(|row| row.used).collect();
        assert_eq!(used, [1, 7, 3]);
    })
    .await;
}

#[tokio::test]
async fn a_person_who_has_come_may_come_back_and_counts_once() {
    in_both(async |[store, other]| {
        store.keep_passes(vec![row("p", "people", 1)]).await.unwrap();
        let come = join_all((0..8).map(|_| store.use_pass(by("p", Some("ada")), NOW))).await;

        assert!(come.into_iter().all(|outcome| outcome.unwrap()));
        assert!(other.use_pass(by("p", Some("ada")), NOW + 59).await.unwrap());
        assert!(!other.use_pass(by("p", Some("ben")), NOW).await.unwrap());
        assert_eq!(store.pass("code-of-p".to_owned()).await.unwrap().unwrap().used, 1);
    })
    .await;
}

#[tokio::test]
async fn outside_of_its_time_and_once_withdrawn_a_pass_lets_nobody_in() {
    in_both(async |[store, _]| {
        let early = PassRow { begins: NOW + 10, ..row("early", "uses", 0) };
        store.keep_passes(vec![early, row("gone", "people", 5), row("open", "uses", 0)]).await.unwrap();
        let come = async |id, person, now| store.use_pass(by(id, person), now).await.unwrap();

        assert_eq!([come("early", None, NOW + 9).await, come("early", None, NOW + 10).await], [false, true]);
        assert_eq!([come("open", None, NOW + 59).await, come("open", None, NOW + 60).await], [true, false]);
        assert!(come("gone", Some("ada"), NOW).await);
        assert!(store.withdraw_pass("gone".to_owned(), NOW).await.unwrap());
        assert!(!store.withdraw_pass("gone".to_owned(), NOW).await.unwrap(), "only once");
        assert!(!come("gone", Some("ada"), NOW).await, "not even who has come before");
        assert!(!come("nobody's", None, NOW).await);
    })
    .await;
}

#[tokio::test]
async fn a_pass_that_ended_long_ago_is_swept_out_with_its_people() {
    in_both(async |[store, _]| {
        store.keep_passes(vec![row("p", "people", 5)]).await.unwrap();
        store.use_pass(by("p", Some("ada")), NOW).await.unwrap();

        let before = store.sweep(NOW + 119).await.unwrap();
        let after = store.sweep(NOW + 120).await.unwrap();

        assert_eq!((before, after), (0, 1));
        assert!(store.pass_named("p".to_owned()).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn passes_are_kept_all_or_none_and_listed_page_by_page() {
    in_both(async |[store, _]| {
        let rows: Vec<_> = (0..1200).map(|number| row(&format!("p{number:04}"), "uses", 1)).collect();
        store.keep_passes(rows.clone()).await.unwrap();
        let twice = vec![row("q", "uses", 1), rows[7].clone()];

        let refused = tokio::time::timeout(Duration::from_secs(5), store.keep_passes(twice)).await.unwrap();

        assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
        assert!(store.pass_named("q".to_owned()).await.unwrap().is_none());
        let page = store.passes("p0998".to_owned(), 3).await.unwrap();
        assert_eq!(page.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ["p0999", "p1000", "p1001"]);
        assert!(store.passes("p1199".to_owned(), 3).await.unwrap().is_empty());
    })
    .await;
}

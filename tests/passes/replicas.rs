//! Two replicas on one PostgreSQL.

use futures_util::future::join_all;

use crate::support::fake::FakeProvider;
use crate::support::postgres::Postgres;
use crate::support::roomkey::Roomkey;
use crate::support::visitor::Visitor;
use crate::{after, create, pass, token};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pass_for_one_use_that_fifty_open_at_once_lets_in_one() {
    let server = Postgres::start();
    let store = format!("[store]\nurl = \"{}\"\n", server.database("roomkey"));
    let rule = "[[access]]\nrooms = [\"gala\"]\npasses = true\nrole = \"participant\"\n";
    let first = Roomkey::start(&format!("{store}{}{rule}", FakeProvider::start().await.configuration("")));
    let replicas = [first.replica(), first];
    let made = create(&replicas[1], &["--room", "gala", "--until", &after(300), "--uses", "1", "--count", "2"]);
    let path = |number: usize| made[number].1.split_once("/pass/").unwrap().1.to_owned();
    let mut people = Vec::new();
    for number in 0..50 {
        let link = format!("{}/pass/{}", replicas[number % 2].url, path(0));
        let mut visitor = Visitor::new();
        let token = token(&visitor.get(&link).await);
        people.push((visitor, link, token));
    }

    let entered = join_all(people.iter_mut().map(async |(visitor, link, token)| {
        let page = visitor.post(link, &[("token", token), ("name", "Ada")]).await;
        (page.status.as_u16(), page.headers.contains_key("location"))
    }))
    .await;

    assert_eq!(entered.iter().filter(|answer| **answer == (303, true)).count(), 1, "{entered:?}");
    assert_eq!(entered.iter().filter(|answer| **answer == (403, false)).count(), 49, "{entered:?}");
    let listed = pass(&replicas[0], &["list"]);
    assert!(listed.contains("1 of 1 uses") && listed.contains("0 of 1 uses"), "{listed}");
}

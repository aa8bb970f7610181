//! Passes made, listed, looked at and withdrawn by a program.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sqlx::{Connection, SqliteConnection};

use super::{Program, site, ticket};
use crate::support::roomkey::{Roomkey, run};
use crate::support::visitor::Visitor;
use crate::{enter, pass};

fn records(roomkey: &Roomkey) -> Vec<Value> {
    let printed = run(roomkey.folder.path(), &["audit", "export"]);
    String::from_utf8(printed.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shop_sells_a_ticket_and_takes_it_back() {
    let mut roomkey = site().await;
    let program = Program::new(&roomkey).await;

    let sold = program.post("/passes", &ticket()).await.json();
    let (id, link) = (sold["id"].as_str().unwrap(), sold["url"].as_str().unwrap());
    let entered = enter(&mut Visitor::new(), link, "Ada").await;
    let calendar = Visitor::new().get(sold["calendar"].as_str().unwrap()).await;
    let picture = Visitor::new().get(sold["qr"].as_str().unwrap()).await;
    let used = program.get(&format!("/passes/{id}")).await.json();
    let withdrawn = program.delete(&format!("/passes/{id}")).await;
    let again = program.delete(&format!("/passes/{id}")).await;
    let late = Visitor::new().get(link).await;

    assert_eq!(entered.meeting_claims()["room"], "gala");
    assert!(calendar.body.starts_with("BEGIN:VCALENDAR") && picture.body.contains("<svg"));
    assert_eq!((&used["state"], &used["used"], &used["note"]), (&json!("used-up"), &json!(1), &json!("order 17")));
    assert_eq!([withdrawn.status, again.status], [StatusCode::NO_CONTENT; 2]);
    assert_eq!((late.status.as_u16(), late.heading().as_str()), (410, "This invitation was withdrawn"));
    assert_eq!(program.get(&format!("/passes/{id}")).await.json()["state"], "withdrawn");
    let records = records(&roomkey);
    let made: Vec<_> = records.iter().filter(|record| record["outcome"] == "pass_made").collect();
    let taken: Vec<_> = records.iter().filter(|record| record["outcome"] == "pass_withdrawn").collect();
    assert_eq!((made.len(), taken.len()), (1, 1));
    for record in [made[0], taken[0]] {
        let detail = record["detail"].as_str().unwrap();
        assert!(detail.starts_with(&format!("pass: {id}; by: API key `shop` (")), "{detail}");
        assert_eq!((&record["room"], &record["address"]), (&json!("gala"), &json!("127.0.0.0/24")));
    }
    let log = roomkey.whole_log();
    assert!(!log.contains(link.rsplit_once('/').unwrap().1) && !log.contains("order 17"), "{log}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_tickets_are_made_in_one_call_and_each_is_recorded() {
    let roomkey = site().await;
    let program = Program::new(&roomkey).await;

    let order = json!({ "passes": vec![ticket(); 10_000] });
    let sold = program.post_with("/passes/batch", &[("idempotency-key", "all of them")], &order).await;

    assert_eq!(sold.status, StatusCode::CREATED, "{}", &sold.text[..200.min(sold.text.len())]);
    let sold = sold.json();
    let mut links: Vec<_> =
        sold["passes"].as_array().unwrap().iter().map(|pass| pass["url"].as_str().unwrap()).collect();
    let entered = enter(&mut Visitor::new(), links[9_999], "Ada").await;
    links.sort_unstable();
    links.dedup();
    assert_eq!(links.len(), 10_000);
    assert_eq!(entered.meeting_claims()["room"], "gala");
    assert_eq!(pass(&roomkey, &["list"]).lines().count(), 10_000);
    assert_eq!(records(&roomkey).iter().filter(|record| record["outcome"] == "pass_made").count(), 10_000);
    assert!(run(roomkey.folder.path(), &["audit", "verify"]).status.success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_mistake_anywhere_makes_none_and_is_named_by_its_place() {
    let roomkey = site().await;
    let program = Program::new(&roomkey).await;
    let mut batch = vec![ticket(); 1000];
    batch[3]["until"] = json!("tomorrow");
    batch[417]["rooms"] = json!(["gala", "a["]);
    batch[999]["provider"] = json!("nobody");

    let refused = program.post("/passes/batch", &json!({ "passes": batch })).await;
    let one = program.post("/passes", &json!({ "rooms": ["gala"], "until": "2020-01-01T00:00:00Z", "uses": 0 })).await;
    let all = program.post("/passes/batch", &json!({ "passes": vec![json!({ "rooms": [], "until": "" }); 200] })).await;

    let members = |answer: &super::Answer| answer.mistakes().into_iter().map(|(member, _)| member).collect::<Vec<_>>();
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(members(&refused), ["passes[3].until", "passes[417].rooms[1]", "passes[999].provider"]);
    assert!(refused.mistakes()[0].1.starts_with("is no moment"));
    assert_eq!((one.status.as_u16(), members(&one)), (422, vec!["until".to_owned(), "uses".to_owned()]));
    assert_eq!(members(&all).len(), 100);
    assert!(pass(&roomkey, &["list"]).is_empty() && records(&roomkey).iter().all(|it| it["outcome"] != "pass_made"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_is_not_what_is_wanted_is_refused_for_what_it_is() {
    let roomkey = site().await;
    let program = Program::new(&roomkey).await;
    let json = [("content-type", "application/json")];
    let send = async |path, headers: &[(&str, &str)], body: String| {
        let answer = program.send(Method::POST, path, headers, body).await;
        answer.refusal()
    };

    let (status, told) = send("/passes", &[], ticket().to_string()).await;
    assert_eq!((status, told.as_str()), (415, "send `Content-Type: application/json`"));
    let (status, _) = send("/passes", &[("content-type", "text/plain")], ticket().to_string()).await;
    assert_eq!(status, 415);
    let (status, told) = send("/passes", &json, "{\"rooms\":".to_owned()).await;
    assert_eq!(
        (status, told.as_str()),
        (400, "the body is not the JSON that is wanted: it is no JSON (line 1, column 9)")
    );
    for body in [json!({ "rooms": ["gala"] }), json!({ "room": "gala", "until": "" }), json!([]), json!({ "rooms": 1 })]
    {
        let (status, told) = send("/passes", &json, body.to_string()).await;
        assert_eq!(status, 400, "{body}");
        assert!(told.contains("a member is missing, unknown, or of another kind (line 1"), "{told}");
    }
    let (status, told) = send("/passes", &json, " ".repeat(64 * 1024 + 1)).await;
    assert_eq!((status, told.as_str()), (413, "the body is over 65536 bytes long"));
    let (status, told) = send("/passes/batch", &json, " ".repeat(16 * 1024 * 1024 + 1)).await;
    assert_eq!((status, told.as_str()), (413, "the body is over 16777216 bytes long"));
    let many = vec![json!({ "rooms": [], "until": "" }); 10_001];
    for passes in [json!([]), json!(many)] {
        let (status, told) = send("/passes/batch", &json, json!({ "passes": passes }).to_string()).await;
        assert_eq!((status, told.as_str()), (422, "a batch has 1 to 10000 passes"));
    }
    assert!(pass(&roomkey, &["list"]).is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_list_goes_on_where_the_page_before_ended() {
    let roomkey = site().await;
    let program = Program::new(&roomkey).await;
    for _ in 0..5 {
        assert_eq!(program.post("/passes", &ticket()).await.status, StatusCode::CREATED);
    }
    let mut pages = Vec::new();

    let mut path = "/passes?limit=2".to_owned();
    loop {
        let page = program.get(&path).await.json();
        let ids = page["passes"].as_array().unwrap().iter().map(|pass| pass["id"].as_str().unwrap().to_owned());
        pages.push(ids.collect::<Vec<_>>());
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/passes?limit=2&after={next}");
    }

    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 1]);
    let mut ids = pages.concat();
    assert!(ids.is_sorted());
    ids.dedup();
    assert_eq!(ids.len(), 5);
    for query in ["limit=0", "limit=501", "limit=two", "limit=1&limit=2", &format!("after={}", "a".repeat(65))] {
        assert_eq!(program.get(&format!("/passes?{query}")).await.status, StatusCode::BAD_REQUEST, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_there_is_told_as_a_problem_too() {
    let roomkey = site().await;
    let program = Program::new(&roomkey).await;

    let nothing = program.get("/nothing").await;
    let unknown = [program.get("/passes/0m6c2v9a").await, program.delete("/passes/0m6c2v9a").await];
    let method = program.send(Method::PUT, "/passes", &[], String::new()).await;

    assert_eq!(nothing.refusal(), (404, "there is nothing at this address".to_owned()));
    for unknown in unknown {
        assert_eq!(unknown.refusal(), (404, "no such pass".to_owned()));
    }
    assert_eq!((method.status.as_u16(), method.headers["allow"].to_str().unwrap()), (405, "GET, POST"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_store_or_a_record_no_pass_is_made() {
    let roomkey = site().await;
    let program = Program::new(&roomkey).await;
    let database = format!("sqlite://{}", roomkey.folder.path().join("roomkey.db").display());
    let mut database = SqliteConnection::connect(&database).await.unwrap();

    sqlx::query("ALTER TABLE audit_record RENAME TO lost").execute(&mut database).await.unwrap();
    let unrecorded = program.post("/passes", &ticket()).await;
    sqlx::query("ALTER TABLE lost RENAME TO audit_record").execute(&mut database).await.unwrap();
    let listed = pass(&roomkey, &["list"]);
    sqlx::query("ALTER TABLE pass RENAME TO lost").execute(&mut database).await.unwrap();
    let unkept = [
        program.post("/passes", &ticket()).await,
        program.post_with("/passes/batch", &[("idempotency-key", "1")], &json!({ "passes": [ticket()] })).await,
        program.get("/passes").await,
        program.get("/passes/0m6c2v9a").await,
        program.delete("/passes/0m6c2v9a").await,
    ];

    assert_eq!((unrecorded.refusal(), listed), ((503, "the audit trail takes no record".to_owned()), String::new()));
    for refused in unkept {
        assert_eq!(refused.refusal(), (503, "the store cannot be reached".to_owned()));
    }
    roomkey.wait_for_log("the API refuses: the store cannot be reached");
}

//! Who may use the API.

use reqwest::StatusCode;
use serde_json::Value;

use super::{Answer, Program, api_key, new_key, site, ticket};
use crate::support::roomkey::{Roomkey, run};

fn challenge(answer: &Answer) -> (StatusCode, &str) {
    (answer.status, answer.headers["www-authenticate"].to_str().unwrap())
}

async fn all_of(program: &Program) -> Vec<Answer> {
    vec![
        program.get("/passes").await,
        program.post("/passes", &ticket()).await,
        program.post("/passes/batch", &ticket()).await,
        program.get("/passes/0m6c2v9a").await,
        program.delete("/passes/0m6c2v9a").await,
    ]
}

fn list(roomkey: &Roomkey) -> Vec<u8> {
    run(roomkey.folder.path(), &["pass", "list"]).stdout
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_good_key_every_route_refuses() {
    let mut roomkey = site().await;
    let (id, key) = new_key(&roomkey, &["passes:read", "passes:write"]);
    let stranger = format!("roomkey_{}", "a".repeat(52));
    let wrong = [format!("Bearer {stranger}"), format!("Bearer {key}a"), format!("Bearer {id}")];

    for none in [None, Some("Basic c2hvcDpzaG9w"), Some("Bearer "), Some(key.as_str())] {
        for answer in all_of(&Program::with(&roomkey, none).await).await {
            assert_eq!(challenge(&answer), (StatusCode::UNAUTHORIZED, "Bearer realm=\"roomkey\""), "{none:?}");
        }
    }
    for wrong in wrong {
        for answer in all_of(&Program::with(&roomkey, Some(&wrong)).await).await {
            let told = "Bearer realm=\"roomkey\", error=\"invalid_token\"";
            assert_eq!(challenge(&answer), (StatusCode::UNAUTHORIZED, told));
        }
    }

    assert!(list(&roomkey).is_empty());
    roomkey.wait_for_log("the API refuses: no such key, or it has ended");
    assert!(!roomkey.whole_log().contains(&stranger), "what was sent for a key stands in no log");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_is_ended_opens_nothing_any_more() {
    let roomkey = site().await;
    let (id, key) = new_key(&roomkey, &["passes:read"]);
    let program = Program::with(&roomkey, Some(&format!("bearer {key}"))).await;
    let before = program.get("/passes").await;

    let told = api_key(&roomkey, &["revoke", &id]);
    let after = program.get("/passes").await;
    let again = run(roomkey.folder.path(), &["api-key", "revoke", &id]);

    assert_eq!((before.status, told), (StatusCode::OK, format!("{id} has ended\n")));
    assert_eq!(after.status, StatusCode::UNAUTHORIZED);
    assert_eq!(api_key(&roomkey, &["list"]), "");
    assert_eq!(again.status.code(), Some(1));
    assert_eq!(String::from_utf8(again.stderr).unwrap(), format!("no key has the id {id}\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_does_what_its_scopes_say_and_no_more() {
    let roomkey = site().await;
    let (reads, writes) = (new_key(&roomkey, &["passes:read"]), new_key(&roomkey, &["passes:write"]));
    let reader = Program::with(&roomkey, Some(&format!("Bearer {}", reads.1))).await;
    let writer = Program::with(&roomkey, Some(&format!("Bearer {}", writes.1))).await;
    let made = writer.post("/passes", &ticket()).await;
    let path = format!("/passes/{}", made.json()["id"].as_str().unwrap());

    let needs = |scope| format!("Bearer realm=\"roomkey\", error=\"insufficient_scope\", scope=\"{scope}\"");
    for refused in [writer.get("/passes").await, writer.get(&path).await] {
        assert_eq!(challenge(&refused), (StatusCode::FORBIDDEN, needs("passes:read").as_str()));
    }
    let refused = [
        reader.post("/passes", &ticket()).await,
        reader.post("/passes/batch", &ticket()).await,
        reader.delete(&path).await,
    ];
    for refused in &refused {
        assert_eq!(challenge(refused), (StatusCode::FORBIDDEN, needs("passes:write").as_str()));
    }

    assert_eq!(made.status, StatusCode::CREATED);
    let seen = reader.get(&path).await;
    assert_eq!((seen.status, &seen.json()["state"]), (StatusCode::OK, &Value::from("good")));
    assert!(seen.json()["url"].is_null(), "the link is told once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_are_listed_by_name_and_what_is_wrong_with_one_is_told() {
    let roomkey = site().await;
    let (id, key) = new_key(&roomkey, &["passes:read", "passes:write", "passes:read"]);
    let refused = |arguments: &[&str]| {
        let output = run(roomkey.folder.path(), &[&["api-key", "create"], arguments].concat());
        assert!(!output.status.success() && output.stdout.is_empty());
        String::from_utf8(output.stderr).unwrap()
    };

    let listed = api_key(&roomkey, &["list"]);

    assert!(listed.starts_with(&format!("{id}  good   shop, passes:read passes:write, until ")), "{listed}");
    assert!(!listed.contains(&key));
    assert!(refused(&["--name", " ", "--scope", "passes:read"]).contains("a name has 1 to 100 characters"));
    assert!(refused(&["--name", "shop", "--scope", "all"]).contains("a scope is `passes:read` or `passes:write`"));
    assert!(refused(&["--name", "shop"]).contains("--scope"));
    assert!(refused(&["--name", "shop", "--scope", "passes:read", "--days", "0"]).contains("--days"));
    let records = run(roomkey.folder.path(), &["audit", "export", "--outcome", "settings_changed"]);
    let record: Value = serde_json::from_slice(&records.stdout).unwrap();
    let detail = record["detail"].as_str().unwrap();
    assert_eq!(record["reason"], "api-key-made");
    assert!(detail.starts_with(&format!("API key `shop` ({id}), passes:read passes:write, until ")), "{detail}");
    assert!(!detail.contains(&key));
}

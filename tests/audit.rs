//! What is recorded of logins, and what an operator does with it.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test stops at the first thing amiss")]

mod support;

use serde_json::{Value, json};
use support::fake::{FakeProvider, SUBJECT};
use support::postgres::Postgres;
use support::roomkey::{Roomkey, run};
use support::visitor::{Page, Visitor};

const ACCESS: &str =
    "[[access]]\nname = \"all\"\nrooms = [\"standup\", \"retro\"]\nproviders = [\"fake\"]\nrole = \"moderator\"\n";

struct Stage {
    roomkey: Roomkey,
    provider: FakeProvider,
}

impl Stage {
    async fn set(more: &str) -> Self {
        let provider = FakeProvider::start().await;
        let roomkey = Roomkey::start(&format!("{more}\n{}{ACCESS}", provider.configuration("")));
        Self { roomkey, provider }
    }

    async fn log_in(&self, visitor: &mut Visitor, room: &str) -> Page {
        let redirect = visitor.get(&format!("{}/room/{room}", self.roomkey.url)).await;
        let response = self.provider.log_in(&redirect.location());
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(response).finish();
        visitor.get(&format!("{}/callback/fake?{query}", self.roomkey.url)).await
    }

    fn run(&self, arguments: &[&str]) -> (bool, String) {
        let arguments = [&["audit"], arguments].concat();
        let output = run(self.roomkey.folder.path(), &arguments);
        let text = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8(text).unwrap())
    }

    fn export(&self, arguments: &[&str]) -> Vec<Value> {
        let (done, text) = self.run(&[&["export"], arguments].concat());
        assert!(done, "{text}");
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

fn outcomes(records: &[Value]) -> Vec<String> {
    records.iter().map(|record| record["outcome"].as_str().unwrap().to_owned()).collect()
}

/// The number that a page shows.
fn reference(page: &Page) -> String {
    page.body.split(r#"<bdi class="reference">"#).nth(1).unwrap()[..8].to_owned()
}

#[tokio::test]
async fn every_attempt_leaves_one_record_that_an_operator_finds() {
    let stage = Stage::set("[audit]\nclient_address = \"full\"\n").await;
    let mut visitor = Visitor::new();
    stage.log_in(&mut visitor, "standup").await;
    let walked = visitor.get(&format!("{}/room/retro", stage.roomkey.url)).await;
    let refused = visitor.get(&format!("{}/room/vault?provider=fake", stage.roomkey.url)).await;
    let lost = visitor.get(&format!("{}/callback/fake?code=c&state=s", stage.roomkey.url)).await;
    visitor.get(&format!("{}/nowhere", stage.roomkey.url)).await;
    let home = visitor.get(&format!("{}/logout", stage.roomkey.url)).await;
    let token = home.body.split("name=\"token\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    visitor.post(&format!("{}/logout", stage.roomkey.url), &[("token", &token)]).await;
    stage.roomkey.signal("HUP");
    stage.roomkey.wait_for_log("is in force");

    let all = stage.export(&[]);

    assert_eq!([&walked, &refused, &lost].map(|page| page.status.as_u16()), [303, 403, 400]);
    assert_eq!(outcomes(&all), ["entered", "entered", "refused", "failed", "logged_out", "settings_changed"]);
    let first = &all[0];
    let shown = ["room", "provider", "rule", "role", "subject", "address"].map(|name| first[name].as_str().unwrap());
    assert_eq!(shown, ["standup", "fake", "all", "moderator", SUBJECT, "127.0.0.1"]);
    assert_eq!((&all[2]["reason"], &all[2]["subject"]), (&json!("no-rule"), &json!(SUBJECT)));
    assert_eq!((&all[3]["reason"], all[3].get("subject")), (&json!("not-this-login"), None));
    assert_eq!(stage.export(&["--room", "vault"]), all[2..3]);
    assert_eq!(stage.export(&["--outcome", "failed"]), all[3..4]);
    assert_eq!(outcomes(&stage.export(&["--person", SUBJECT])), ["entered", "entered", "refused", "logged_out"]);
    let (_, by_number) = stage.run(&["show", &reference(&refused)]);
    assert_eq!(serde_json::from_str::<Value>(&by_number).unwrap(), all[2]);
    let (held, told) = stage.run(&["verify"]);
    assert!(held && told.contains("records 1 to 6 hold"), "{told}");
}

#[tokio::test]
async fn an_erased_person_is_gone_from_exports_and_the_chain_holds() {
    let stage = Stage::set("").await;
    stage.log_in(&mut Visitor::new(), "standup").await;
    let (_, checkpoint) = stage.run(&["checkpoint"]);
    std::fs::write(stage.roomkey.folder.path().join("kept.jsonl"), &checkpoint).unwrap();

    let (erased, _) = stage.run(&["erase", "--person", SUBJECT]);
    let (again, told) = stage.run(&["erase", "--person", SUBJECT]);

    assert!(erased && !again, "{told}");
    assert!(told.contains("nothing is recorded of this person"), "{told}");
    let all = stage.export(&[]);
    assert_eq!((outcomes(&all), all[0].get("subject")), (vec!["entered".to_owned(), "erased".to_owned()], None));
    let (held, told) = stage.run(&["verify", "--checkpoint", "kept.jsonl"]);
    assert!(held && told.contains("1 keys of people have been destroyed"), "{told}");
    let (_, key) = stage.run(&["key"]);
    assert!(key.starts_with("-----BEGIN PUBLIC KEY-----"), "{key}");
}

#[tokio::test]
async fn logins_go_on_without_the_store_and_their_records_come_into_the_chain_with_it() {
    let mut server = Postgres::start();
    let stage = Stage::set(&format!("[store]\nurl = \"{}\"\n", server.database("roomkey"))).await;
    stage.log_in(&mut Visitor::new(), "standup").await;

    server.stop();
    let entered = stage.log_in(&mut Visitor::new(), "retro").await;
    let waiting = std::fs::read_dir(stage.roomkey.folder.path().join("audit-journal")).unwrap().count();
    server.start_again();
    stage.roomkey.wait_for_log("1 records of the journal are in the audit trail now");

    assert_eq!((entered.meeting_claims()["room"].as_str(), waiting), (Some("retro"), 1));
    let all = stage.export(&[]);
    assert_eq!(all.iter().map(|record| record["room"].as_str().unwrap()).collect::<Vec<_>>(), ["standup", "retro"]);
    let (held, told) = stage.run(&["verify"]);
    assert!(held, "{told}");
}

#[tokio::test]
async fn whoever_changes_the_database_is_told_on() {
    let server = Postgres::start();
    let stage = Stage::set(&format!("[store]\nurl = \"{}\"\n", server.database("roomkey"))).await;
    stage.log_in(&mut Visitor::new(), "standup").await;
    stage.log_in(&mut Visitor::new(), "retro").await;

    server.query("roomkey", "UPDATE audit_record SET room = 'vault' WHERE number = 1");

    let (held, told) = stage.run(&["verify"]);
    assert!(!held && told.contains("record 1 has been altered"), "{told}");
}

#[tokio::test]
async fn nobody_enters_when_nothing_takes_the_record_and_the_page_says_so() {
    let mut server = Postgres::start();
    let stage = Stage::set(&format!("[store]\nurl = \"{}\"\n", server.database("roomkey"))).await;
    stage.log_in(&mut Visitor::new(), "standup").await;
    std::fs::write(stage.roomkey.folder.path().join("audit-journal"), "no folder").unwrap();

    server.stop();
    let refused = stage.log_in(&mut Visitor::new(), "retro").await;
    server.start_again();

    assert_eq!(refused.status, 503);
    assert!(refused.body.contains("Nobody can be let in for the moment"), "{}", refused.body);
    stage.roomkey.wait_for_log("not-recorded");
}

//! What Prometheus sees of logins, refusals, providers and the audit trail; and that dashboard, alerts and manual speak of what is there.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test stops at the first thing amiss")]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use roomkey::failure::Failure;
use roomkey::metrics::Ending;
use serde_json::{Value, json};
use support::fake::{EMAIL, FakeProvider, NAME, Reply, SUBJECT};
use support::login::log_in;
use support::roomkey::{Roomkey, free_port};
use support::scrape::{OPENMETRICS, answer, promtool, scrape, wait_until};
use support::visitor::Visitor;

const RULES: &str = "[[access]]\nname = \"nobody\"\nrooms = [\"vault\"]\ndeny = true\nemails = [\"grace.hopperova@example.com\"]\n\
    [[access]]\nname = \"staff\"\nrooms = [\"standup\", \"vault\"]\nproviders = [\"fake\"]\nrole = \"moderator\"\n\
    [[access]]\nname = \"board\"\nrooms = [\"board\"]\nproviders = [\"fake\"]\ngroups = [\"board\"]\nrole = \"moderator\"\n";

async fn stage() -> (Roomkey, FakeProvider) {
    let provider = FakeProvider::start().await;
    let roomkey = Roomkey::start(&format!("{}{RULES}", provider.configuration("")));
    roomkey.wait_until_ready();
    (roomkey, provider)
}

fn link(roomkey: &Roomkey, room: &str) -> String {
    format!("{}/room/{room}", roomkey.url)
}

#[tokio::test]
async fn logins_are_counted_by_provider_and_outcome_and_refusals_by_rule() {
    let (roomkey, provider) = stage().await;
    let mut visitor = Visitor::new();

    let entered = log_in(&mut visitor, &link(&roomkey, "standup"), &provider).await;
    let returned = visitor.get(&link(&roomkey, "standup")).await;
    let denied = visitor.get(&link(&roomkey, "vault")).await;
    let unfit = visitor.get(&link(&roomkey, "board")).await;
    let lost = visitor.get(&format!("{}/callback/fake?code=c&state=never-seen-before", roomkey.url)).await;

    let statuses = [&entered, &returned, &denied, &unfit, &lost].map(|page| page.status.as_u16());
    assert_eq!(statuses, [303, 303, 403, 403, 400]);
    let now = scrape(&roomkey).await;
    assert_eq!(now.of("roomkey_logins_begun_total{provider=\"fake\"}"), 1.0);
    for (outcome, count) in [("entered", 1.0), ("returned", 1.0), ("refused", 2.0), ("lost", 1.0), ("broken", 0.0)] {
        let series = format!("roomkey_logins_total{{provider=\"fake\",outcome=\"{outcome}\"}}");
        assert_eq!(now.of(&series), count, "{series}");
    }
    assert_eq!(now.of("roomkey_admissions_total{rule=\"staff\"}"), 2.0);
    assert_eq!(now.of("roomkey_refusals_total{rule=\"nobody\"}"), 1.0);
    assert_eq!(now.of("roomkey_refusals_total{rule=\"staff\"}"), 0.0);
    for (failure, count) in [("rule-denies", 1.0), ("no-rule", 1.0), ("not-this-login", 1.0), ("panicked", 0.0)] {
        assert_eq!(now.of(&format!("roomkey_failures_total{{failure=\"{failure}\"}}")), count, "{failure}");
    }
    assert_eq!(now.of("roomkey_audit_records_total{kept=\"store\"}"), 5.0);
    assert_eq!(now.of("roomkey_audit_record_seconds_count"), 5.0);
}

#[tokio::test]
async fn each_leg_is_measured_where_it_is() {
    let (roomkey, provider) = stage().await;
    provider.script(|script| {
        script.token =
            Box::new(|tokens| Reply::After(std::time::Duration::from_millis(300), Box::new(Reply::Json(tokens))))
    });
    let mut visitor = Visitor::new();

    log_in(&mut visitor, &link(&roomkey, "standup"), &provider).await.meeting_claims();
    visitor.get(&link(&roomkey, "standup")).await.meeting_claims();

    let now = scrape(&roomkey).await;
    for kind in ["begin", "callback", "join"] {
        assert_eq!(now.of(&format!("roomkey_request_seconds_count{{kind=\"{kind}\"}}")), 1.0, "{kind}");
    }
    for leg in ["discovery", "keys", "token"] {
        let series = format!("roomkey_provider_call_seconds_count{{provider=\"fake\",leg=\"{leg}\"}}");
        assert_eq!(now.of(&series), 1.0, "{leg}");
    }
    let token = "provider=\"fake\",leg=\"token\"";
    assert!(now.of(&format!("roomkey_provider_call_seconds_sum{{{token}}}")) >= 0.3);
    assert_eq!(now.of(&format!("roomkey_provider_call_seconds_bucket{{{token},le=\"0.25\"}}")), 0.0);
    assert!(now.of("roomkey_request_seconds_sum{kind=\"callback\"}") >= 0.3);
    assert!(now.of("roomkey_request_seconds_sum{kind=\"join\"}") < 0.3);
    assert_eq!(now.of("roomkey_provider_verification_seconds_count{provider=\"fake\"}"), 1.0);
    assert!(now.of("roomkey_store_step_seconds_count{access=\"write\"}") >= 2.0);
    assert_eq!(now.of("roomkey_answers_total{status=\"3xx\"}"), 3.0);
}

#[tokio::test]
async fn no_request_makes_a_series() {
    let (roomkey, provider) = stage().await;
    let mut visitor = Visitor::new();
    log_in(&mut visitor, &link(&roomkey, "standup"), &provider).await.meeting_claims();
    // Sessions are counted in the background, and have no series before.
    let before = wait_until(&roomkey, "counted", |now| now.0.contains_key("roomkey_sessions")).await;

    for number in 0..40 {
        let url = &roomkey.url;
        for path in [
            format!("/room/room-{number}"),
            format!("/room/tenant-{number}/room-{number}?state=%7B%22room%22%3A{number}%7D"),
            format!("/room/standup?provider=provider-{number}"),
            format!("/login/provider-{number}?room=standup"),
            format!("/callback/provider-{number}?code={number}&state={number}"),
            format!("/callback/fake?code={number}&state={number}&error=error-{number}"),
            format!("/saml/provider-{number}/metadata"),
            format!("/page-{number}"),
            format!("/room/%00{number}"),
        ] {
            let host = format!("host-{number}.example");
            let forwarded = format!("203.0.113.{number}");
            let headers = [("x-forwarded-for", forwarded.as_str()), ("x-forwarded-host", &host), ("user-agent", &host)];
            Visitor::new().get_with(&format!("{url}{path}"), &headers).await;
        }
        Visitor::new().post(&format!("{url}/login/fake"), &[("name", "mallory"), ("password", "guess")]).await;
        Visitor::new().post(&format!("{url}/oauth2/token"), &[("grant_type", &format!("grant-{number}"))]).await;
    }

    let after = scrape(&roomkey).await;
    assert_eq!(after.series(), before.series());
    let text = answer(&roomkey, OPENMETRICS).await.body;
    for secret in ["standup", "vault", "room-1", "tenant-1", "provider-1", "host-1", "203.0.113", SUBJECT, NAME, EMAIL]
    {
        assert!(!text.contains(secret), "{secret} stands in the metrics");
    }
}

#[tokio::test]
async fn a_provider_that_does_not_answer_shows_and_so_does_its_return() {
    let port = free_port();
    let provider = FakeProvider::at(port);
    let roomkey = Roomkey::start(&format!("{}{RULES}", provider.configuration("")));
    let up = "roomkey_provider_up{provider=\"fake\"}";
    assert_eq!(scrape(&roomkey).await.of(up), 1.0, "nobody has asked it yet");

    let failed = Visitor::new().get(&link(&roomkey, "standup")).await;
    let down = scrape(&roomkey).await;
    provider.serve().await;
    // A failed fetch answers for a second all those who come next.
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    log_in(&mut Visitor::new(), &link(&roomkey, "standup"), &provider).await.meeting_claims();
    let back = scrape(&roomkey).await;

    assert_eq!((failed.status.as_u16(), down.of(up), back.of(up)), (502, 0.0, 1.0));
    let failures = "roomkey_provider_failures_total{provider=\"fake\"}";
    assert_eq!((down.of(failures), back.of(failures)), (1.0, 1.0));
    let unreachable = "roomkey_logins_total{provider=\"fake\",outcome=\"unreachable\"}";
    assert_eq!(down.of(unreachable), 1.0);
    let answered =
        |leg: &str| format!("roomkey_provider_answered_timestamp_seconds{{provider=\"fake\",leg=\"{leg}\"}}");
    assert!(!down.0.contains_key(&answered("keys")), "it has never answered");
    assert!(["discovery", "keys", "token"].iter().all(|leg| back.of(&answered(leg)) > 1.7e9));
}

#[tokio::test]
async fn what_is_counted_outlives_a_reload_and_a_rule_that_is_new_has_its_own_count() {
    let (roomkey, provider) = stage().await;
    log_in(&mut Visitor::new(), &link(&roomkey, "standup"), &provider).await.meeting_claims();

    roomkey.rewrite(&format!("{}{}", provider.configuration(""), RULES.replace("\"staff\"", "\"colleagues\"")));
    roomkey.signal("HUP");
    roomkey.wait_for_log("has been read again and is in force");
    log_in(&mut Visitor::new(), &link(&roomkey, "standup"), &provider).await.meeting_claims();

    let now = scrape(&roomkey).await;
    assert_eq!(now.of("roomkey_logins_total{provider=\"fake\",outcome=\"entered\"}"), 2.0);
    assert_eq!(now.of("roomkey_admissions_total{rule=\"colleagues\"}"), 1.0);
    assert!(!now.0.contains_key("roomkey_admissions_total{rule=\"staff\"}"), "there is no such rule any more");
}

#[tokio::test]
async fn a_sink_that_refuses_falls_behind_and_one_that_takes_does_not() {
    let provider = FakeProvider::start().await;
    let sinks = format!(
        "[audit.file]\npath = \"audit.jsonl\"\n[audit.webhook]\nurl = \"http://localhost:{}/\"\nsecret = \"{}\"\n",
        free_port(),
        "nine-copper-kettles-whistle-by-the-stove",
    );
    let roomkey = Roomkey::start(&format!("{sinks}{}{RULES}", provider.configuration("")));
    roomkey.wait_until_ready();
    let behind = |sink: &str| format!("roomkey_audit_sink_behind{{sink=\"{sink}\"}}");
    // Each begins with what is recorded from then on.
    wait_until(&roomkey, "begun", |now| ["file", "webhook"].iter().all(|sink| now.0.contains_key(&behind(sink)))).await;

    log_in(&mut Visitor::new(), &link(&roomkey, "standup"), &provider).await.meeting_claims();

    let failures = |sink: &str| format!("roomkey_audit_sink_failures_total{{sink=\"{sink}\"}}");
    let now =
        wait_until(&roomkey, "sent", |now| now.of(&behind("file")) == 0.0 && now.of(&failures("webhook")) >= 1.0).await;
    assert!(now.of(&behind("webhook")) >= 1.0);
    assert_eq!(now.of(&failures("file")), 0.0);
}

#[tokio::test]
async fn a_store_that_is_gone_is_told_and_keeps_no_metric_from_being_read() {
    let provider = FakeProvider::start().await;
    let store = "[store]\nurl = \"postgres://roomkey@127.0.0.1:9/roomkey\"\n";
    let roomkey = Roomkey::start(&format!("{store}{}{RULES}", provider.configuration("")));

    log_in(&mut Visitor::new(), &link(&roomkey, "standup"), &provider).await.meeting_claims();

    let now = scrape(&roomkey).await;
    assert_eq!(
        (now.of("roomkey_store_up{store=\"store\"}"), now.of("roomkey_store_up{store=\"sessions\"}")),
        (0.0, 0.0)
    );
    assert_eq!(now.of("roomkey_audit_records_total{kept=\"journal\"}"), 1.0);
    assert!(now.of("roomkey_audit_journal_bytes") > 0.0);
    assert!(!now.0.contains_key("roomkey_sessions"));
}

#[tokio::test]
async fn metrics_are_told_in_the_form_that_is_asked_for_and_on_the_management_address_alone() {
    let (roomkey, _provider) = stage().await;

    let (open, plain, any) =
        (answer(&roomkey, OPENMETRICS).await, answer(&roomkey, "text/plain").await, answer(&roomkey, "*/*").await);
    let public = Visitor::new().get(&format!("{}/metrics", roomkey.url)).await;

    let media = [&open, &plain, &any].map(|page| page.headers["content-type"].to_str().unwrap().to_owned());
    let text = "text/plain; version=0.0.4; charset=utf-8";
    assert_eq!(media, ["application/openmetrics-text; version=1.0.0; charset=utf-8", text, text]);
    assert!(open.body.ends_with("# EOF\n") && !plain.body.contains("# EOF"));
    assert_eq!(public.status, 404);
    assert_eq!(promtool(&["check", "metrics"], &plain.body), Ok(()));
}

/// A file of the repository.
fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The metrics that a text speaks of, by the names they have in queries.
fn named_in(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let metrics = words.filter(|word| word.starts_with("roomkey_") || word.starts_with("process_"));
    let base = |name: &str| {
        let bare = ["_bucket", "_sum", "_count"].iter().find_map(|end| name.strip_suffix(end));
        bare.unwrap_or(name).to_owned()
    };
    metrics.map(base).collect()
}

#[tokio::test]
async fn manual_dashboard_and_alerts_speak_of_the_metrics_that_there_are() {
    let (roomkey, _provider) = stage().await;
    let text = answer(&roomkey, "text/plain").await.body;
    let told: BTreeSet<String> =
        text.lines().filter_map(|line| Some(line.strip_prefix("# TYPE ")?.split(' ').next()?.to_owned())).collect();

    let manual = named_in(&read("docs/metrics.md"));
    let (dashboard, alerts) = (read("deploy/grafana/roomkey.json"), read("deploy/prometheus/roomkey.rules.yml"));

    assert_eq!(manual, told);
    for (file, text) in [("dashboard", &dashboard), ("alerts", &alerts)] {
        let unknown: Vec<_> = named_in(text).into_iter().filter(|name| !told.contains(name)).collect();
        assert_eq!(unknown, Vec::<String>::new(), "of the {file}");
        assert!(named_in(text).len() > 10, "of the {file}");
    }
    let shown = named_in(&dashboard);
    let left_out: Vec<_> = told.iter().filter(|name| !shown.contains(*name)).collect();
    assert_eq!(left_out, Vec::<&String>::new(), "by the dashboard");
}

/// The values that queries ask a label for.
fn asked_of(label: &str, text: &str) -> BTreeSet<String> {
    let text = text.replace("\\\"", "\"");
    let matchers = ["=\"", "=~\"", "!=\"", "!~\""];
    let asked = matchers.iter().flat_map(|operator| {
        let start = format!("{label}{operator}");
        text.split(&start).skip(1).map(|after| after.split('"').next().unwrap().to_owned()).collect::<Vec<_>>()
    });
    asked.flat_map(|values| values.split('|').map(str::to_owned).collect::<Vec<_>>()).collect()
}

#[test]
fn dashboard_and_alerts_ask_for_words_that_there_are() {
    let text = [read("deploy/grafana/roomkey.json"), read("deploy/prometheus/roomkey.rules.yml")].concat();

    let outcomes: BTreeSet<_> = Ending::ALL.iter().map(|ending| ending.word()).collect();
    let (asked, failures) = (asked_of("outcome", &text), asked_of("failure", &text));

    assert!(!asked.is_empty() && asked.iter().all(|word| outcomes.contains(word.as_str())), "{asked:?}");
    assert!(!failures.is_empty() && failures.iter().all(|word| word.parse::<Failure>().is_ok()), "{failures:?}");
}

#[test]
fn every_query_of_the_dashboard_is_one_that_prometheus_takes() {
    let dashboard: Value = serde_json::from_str(&read("deploy/grafana/roomkey.json")).unwrap();
    let panels = dashboard["panels"].as_array().unwrap().iter();
    let targets = panels.flat_map(|panel| panel["targets"].as_array().into_iter().flatten());
    // Grafana puts its variables in before it asks.
    let filled = |query: &str| query.replace("$__rate_interval", "5m").replace("$job", ".+").replace("$instance", ".+");
    let rules: Vec<Value> = targets
        .zip(0..)
        .map(|(target, number)| json!({ "record": format!("panel:{number}"), "expr": filled(target["expr"].as_str().unwrap()) }))
        .collect();
    assert!(rules.len() > 30);
    let file = tempfile::NamedTempFile::new().unwrap();
    // JSON is YAML.
    fs::write(file.path(), json!({ "groups": [{ "name": "dashboard", "rules": rules }] }).to_string()).unwrap();

    let checked = promtool(&["check", "rules", "--lint-fatal", file.path().to_str().unwrap()], "");

    assert_eq!(checked, Ok(()));
}

#[test]
fn alerts_are_rules_that_prometheus_takes_and_fire_when_they_should() {
    assert_eq!(promtool(&["check", "config", "--lint-fatal", "deploy/prometheus/prometheus.yml"], ""), Ok(()));
    assert_eq!(promtool(&["test", "rules", "deploy/prometheus/roomkey.rules.test.yml"], ""), Ok(()));
}

#[test]
fn each_alert_has_a_test_of_its_own() {
    let names = |text: &str, key: &str| -> BTreeSet<String> {
        text.lines()
            .filter_map(|line| line.trim().trim_start_matches("- ").strip_prefix(key))
            .map(str::to_owned)
            .collect()
    };

    let (alerts, tests) =
        (read("deploy/prometheus/roomkey.rules.yml"), read("deploy/prometheus/roomkey.rules.test.yml"));

    assert_eq!(names(&tests, "alertname: "), names(&alerts, "alert: "));
}

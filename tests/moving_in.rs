//! The day of the change: Roomkey in the place of another program, by that program's environment, with nothing else touched.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test stops at the first thing amiss")]

mod support;

use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
use support::fake::{CLIENT_ID, CLIENT_SECRET, FakeProvider, NAME};
use support::login::log_in;
use support::roomkey::{Roomkey, free_port};
use support::visitor::{JITSI_SECRET, Page, Visitor, parameter};

/// Runs `roomkey config import` with this environment and no other.
fn import(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_roomkey"));
    command.current_dir(folder).args(["config", "import"]).args(arguments).env_clear();
    command.envs(environment.iter().copied()).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The file of an import, for [`Roomkey::start_imported`].
fn imported(arguments: &[&str], environment: &[(&str, &str)]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let output = import(folder.path(), arguments, environment);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    text(&output.stdout)
}

/// What a redirect into the meeting says: its address up to the token, what follows it, and the token's claims.
fn entered(page: &Page, issuer: &str) -> (String, Option<String>, Value) {
    assert_eq!(page.status, 303, "{}", page.body);
    let location = page.location();
    let mut validation = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::HS256);
    validation.set_issuer(&[issuer]);
    validation.set_audience(&[issuer]);
    let key = jsonwebtoken::DecodingKey::from_secret(JITSI_SECRET.as_bytes());
    let claims = jsonwebtoken::decode(page.token(), &key, &validation).unwrap().claims;
    let address = location.as_str().split('?').next().unwrap().to_owned();
    (address, location.fragment().map(str::to_owned), claims)
}

fn openid<'a>(issuer: &'a str, base_url: &'a str, listen: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("JITSI_SECRET", JITSI_SECRET),
        ("JITSI_URL", "http://meet.localhost:9"),
        ("JITSI_SUB", "meet.jitsi"),
        ("ISSUER_URL", issuer),
        ("BASE_URL", base_url),
        ("CLIENT_ID", CLIENT_ID),
        ("CLIENT_SECRET", CLIENT_SECRET),
        ("LISTEN_ADDR", listen),
        ("ACR_VALUES", "silver gold"),
        ("GROUP", "example"),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_had_jitsi_openid_enters_by_the_old_link_and_the_old_redirect_uri() {
    let (provider, port) = (FakeProvider::start().await, free_port());
    let (base_url, listen) = (format!("http://localhost:{port}"), format!("127.0.0.1:{port}"));
    let environment = openid(&provider.issuer, &base_url, &listen);
    let roomkey = Roomkey::start_imported(&imported(&[], &environment), &environment);
    let mut visitor = Visitor::new();

    let request = visitor.get(&format!("{base_url}/room/Weekly%20Sync")).await.location();
    let plain = log_in(&mut visitor, &format!("{base_url}/room/Weekly%20Sync"), &provider).await;
    provider.script(|script| script.claims = Box::new(|claims| claims["affiliation"] = json!("teacher")));
    let teacher = log_in(&mut Visitor::new(), &format!("{base_url}/room/standup"), &provider).await;

    assert_eq!(parameter(&request, "redirect_uri").unwrap(), format!("{base_url}/callback"));
    assert_eq!(parameter(&request, "acr_values").as_deref(), Some("silver gold"));
    let (address, fragment, claims) = entered(&plain, "jitsi");
    assert_eq!(address, "http://meet.localhost:9/weekly%20sync", "{}", roomkey.log());
    assert_eq!(fragment.as_deref(), Some("config.prejoinConfig.enabled=false"));
    assert_eq!((&claims["sub"], &claims["room"]), (&json!("meet.jitsi"), &json!("weekly%20sync")));
    assert_eq!((&claims["context"]["group"], &claims["context"]["user"]["name"]), (&json!("example"), &json!(NAME)));
    assert_eq!(claims["context"]["user"]["affiliation"], "member");
    assert_eq!(entered(&teacher, "jitsi").2["context"]["user"]["affiliation"], "owner");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_had_jitsi_oidc_adapter_enters_by_jitsis_state_and_the_old_redirect_uri() {
    let (provider, port) = (FakeProvider::start().await, free_port());
    let (meetings, port) = (format!("http://localhost:{port}"), port.to_string());
    let environment = [
        ("OIDC_ISSUER_URL", provider.issuer.as_str()),
        ("OIDC_CLIENT_ID", CLIENT_ID),
        ("OIDC_CLIENT_SECRET", CLIENT_SECRET),
        ("JWT_APP_ID", "meetings"),
        ("JWT_APP_SECRET", JITSI_SECRET),
        ("JWT_EXP_SECOND", "3600"),
        ("HOSTNAME", "127.0.0.1"),
        ("PORT", &port),
        ("AUTO_RETURN_TO_APP", "true"),
    ];
    let roomkey = Roomkey::start_imported(&imported(&["--meeting-url", &meetings], &environment), &environment);
    let link = |state: &Value| {
        let state: String = url::form_urlencoded::byte_serialize(state.to_string().as_bytes()).collect();
        format!("{meetings}/oidc/auth?state={state}")
    };
    let browser = link(&json!({ "room": "Weekly Sync", "tenant": "acme/", "config.startWithAudioMuted": true }));
    let android = link(&json!({ "room": "standup", "android": true }));
    let mut visitor = Visitor::new();

    let health = visitor.get(&format!("{meetings}/oidc/health")).await;
    let request = visitor.get(&browser).await.location();
    let by_browser = log_in(&mut visitor, &browser, &provider).await;
    let by_app = log_in(&mut Visitor::new(), &android, &provider).await;
    let nowhere = visitor.get(&format!("{meetings}/oidc/auth")).await;

    assert_eq!((health.status.as_u16(), health.body.as_str()), (200, "healthy"));
    assert_eq!(parameter(&request, "redirect_uri").unwrap(), format!("{meetings}/oidc/tokenize"));
    let (address, fragment, claims) = entered(&by_browser, "meetings");
    assert_eq!(address, format!("{meetings}/acme/weekly%20sync"), "{}", roomkey.log());
    assert_eq!(fragment.as_deref(), Some("config.startWithAudioMuted=true"));
    assert_eq!((&claims["sub"], &claims["room"]), (&json!("acme"), &json!("weekly%20sync")));
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 3600);
    let (address, fragment, claims) = entered(&by_app, "meetings");
    assert_eq!(address, format!("intent://localhost:{port}/standup"));
    assert_eq!(fragment.as_deref(), Some("#Intent;scheme=org.jitsi.meet;package=org.jitsi.meet;end").map(|f| &f[1..]));
    assert_eq!(claims["sub"], "localhost");
    assert_eq!((nowhere.status.as_u16(), nowhere.heading().as_str()), (400, "The link names no meeting"));
    assert!(nowhere.body.contains("href=\"/oidc/static/"), "every address of a page stands below `/oidc`");
}

#[test]
fn an_import_into_a_file_keeps_secrets_out_of_it_and_writes_over_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let environment = openid("https://id.example.com", "https://sso.example.com", "127.0.0.1:3000");
    let lines: Vec<_> = environment.iter().map(|(name, value)| format!("{name}='{value}'\n")).collect();
    std::fs::write(folder.path().join(".env"), lines.concat()).unwrap();
    let arguments = ["--env-file", ".env", "--output", "roomkey.toml"];

    let first = import(folder.path(), &arguments, &[]);
    let second = import(folder.path(), &arguments, &[]);

    assert_eq!((first.status.code(), text(&first.stdout)), (Some(0), String::new()), "{}", text(&first.stderr));
    let file = std::fs::read_to_string(folder.path().join("roomkey.toml")).unwrap();
    assert!(file.contains("secret_file = \"roomkey.session-secret\"") && !file.contains(JITSI_SECRET), "{file}");
    for note in text(&first.stderr).lines().filter_map(|line| line.strip_prefix("note: ")) {
        assert!(file.contains(note), "{note}");
    }
    let told = text(&second.stderr);
    assert_eq!((second.status.code(), told.contains("cannot write roomkey.toml")), (Some(1), true), "{told}");
    #[cfg(unix)]
    for name in ["roomkey.toml", "roomkey.session-secret"] {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(folder.path().join(name)).unwrap().permissions().mode() & 0o777, 0o600, "{name}");
    }
}

#[test]
fn an_import_that_roomkey_would_not_start_with_is_told_and_given_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let mut environment = openid("https://id.example.com", "https://sso.example.com", "127.0.0.1:3000");
    environment[0].1 = "SECURE_SECRET";

    let output = import(folder.path(), &[], &environment);

    let (file, told) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains("meeting.signing.secret_env: is shorter than 32 bytes"), "{told}");
    assert!(file.contains("secret_env = \"JITSI_SECRET\"") && !told.contains("SECURE_SECRET"), "{file}");
}

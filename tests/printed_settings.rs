//! What `roomkey jitsi print` prints is put into a real Prosody and into the hands of a front end, as it stands: tokens open their
//! room and no other, by either door and by either kind of key.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test stops at the first thing amiss")]

mod support;

use std::time::{Duration, Instant};

use roomkey::doctor::bosh::{BoshError, Connection, Occupant};
use roomkey::provider::http::Http;
use serde_json::Value;
use support::fake::FakeProvider;
use support::prosody::{Prosody, Settings};
use support::roomkey::{Roomkey, run};
use support::visitor::{JITSI_SECRET, Visitor, parameter};
use url::Url;

/// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

const INLINE: &str = "[meeting.inline]\nclient_id = \"jitsi-meet\"\n";

struct Deployment {
    roomkey: Roomkey,
    provider: FakeProvider,
    prosody: Prosody,
    /// `config.js`, as it was printed.
    config_js: String,
}

impl Deployment {
    async fn start(signing: &str, door: &str) -> Self {
        let provider = FakeProvider::start().await;
        let roomkey = Roomkey::start(&format!(
            "[meeting]\nurl = \"https://meet.test\"\n[meeting.signing]\n{signing}\n{door}{}\
             [[access]]\nrooms = [\"standup\"]\nrole = \"moderator\"\n",
            provider.configuration("")
        ));
        let printed = |arguments: &[&str]| {
            let output = run(roomkey.folder.path(), &[&["jitsi", "print"], arguments].concat());
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8(output.stdout).unwrap()
        };
        let (lua, config_js) = (printed(&["prosody", "--show-secret"]), printed(&["config.js"]));
        let prosody = Prosody::start(&settings(&lua));
        if lua.contains("cache_keys_url") {
            let deadline = Instant::now() + Duration::from_secs(20);
            while !prosody.log().contains("Keys fetched") {
                assert!(Instant::now() < deadline, "{}", prosody.log());
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        Self { roomkey, provider, prosody, config_js }
    }

    /// The printed address, filled in as the front end does.
    fn token_auth_url(&self) -> String {
        let (_, after) = self.config_js.split_once("config.tokenAuthUrl = '").unwrap();
        let url = after.split('\'').next().unwrap();
        let state: String =
            url::form_urlencoded::byte_serialize(br#"{"room":"standup","roomSafe":"standup"}"#).collect();
        url.replace("{room}", "standup").replace("{state}", &state).replace("{code_challenge}", CHALLENGE)
    }

    /// Walks in from the printed address; gives the address that the browser ends on.
    async fn walk_in(&self, more: &str) -> Url {
        let mut visitor = Visitor::new();
        let request = visitor.get(&format!("{}{more}", self.token_auth_url())).await.location();
        let response = self.provider.log_in(&request);
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(response).finish();
        let callback = format!("{}?{query}", parameter(&request, "redirect_uri").unwrap());
        visitor.get(&callback).await.location()
    }

    /// The token that the redirect brings.
    async fn token_by_redirect(&self) -> String {
        let meeting = self.walk_in("").await;
        assert_eq!(meeting.origin(), "https://meet.test".parse::<Url>().unwrap().origin());
        parameter(&meeting, "jwt").unwrap()
    }

    /// The token that `sso.html` fetches.
    async fn token_inline(&self) -> String {
        let came = self.walk_in("&nonce=n0nce").await;
        let redirect_uri = "https://meet.test/static/sso.html";
        assert!(came.as_str().starts_with(redirect_uri), "{came}");
        let form = [
            ("grant_type", "authorization_code"),
            ("code", &parameter(&came, "code").unwrap()),
            ("redirect_uri", redirect_uri),
            ("client_id", "jitsi-meet"),
            ("code_verifier", VERIFIER),
        ];
        let service = format!("{}/oauth2/token", self.roomkey.url);
        let answer = Visitor::new().fetch_from("https://meet.test", &service, &form).await;
        let answer: Value = serde_json::from_str(&answer.body).unwrap();
        answer["access_token"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
    }

    async fn enter(&self, room: &str, token: &str, rid: u64) -> Result<Occupant, BoshError> {
        let (http, address) = (Http::new().unwrap(), self.prosody.address());
        let mut connection = Connection::open(&http, &address, room, Some(token), rid).await?;
        let outcome = match connection.ask_for(room).await {
            Ok(_) => connection.join(room).await,
            Err(error) => Err(error),
        };
        connection.close().await;
        outcome
    }
}

/// The printed lines of the VirtualHost, and the modules of the component, for the tests' own file.
fn settings(printed: &str) -> Settings {
    let section = |head: &str| {
        let (_, after) = printed.split_once(head).unwrap_or_else(|| panic!("no `{head}` in:\n{printed}"));
        after.split_once("\n\n").map_or(after, |(section, _)| section)
    };
    let rooms = section("\nComponent \"conference.meet.test\" \"muc\"\n");
    let (_, modules) = rooms.split_once("modules_enabled = {").unwrap();
    let code = modules.lines().filter(|line| !line.trim_start().starts_with("--"));
    let room_modules = code.filter_map(|line| line.split('"').nth(1)).map(|name| &*name.to_owned().leak()).collect();
    Settings { host: section("\nVirtualHost \"meet.test\"\n").to_owned(), room_modules, focus: true }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_printed_lets_tokens_into_their_room_and_nowhere_else() {
    let secret = format!("algorithm = \"HS256\"\nsecret = \"{JITSI_SECRET}\"");
    let mut rid = 1_000;
    for signing in [secret.as_str(), "managed = true", "algorithm = \"RS512\"\nmanaged = true"] {
        for door in ["", INLINE] {
            let deployment = Deployment::start(signing, door).await;
            let token = match door {
                "" => deployment.token_by_redirect().await,
                _ => deployment.token_inline().await,
            };

            rid += 2_000;
            let inside = deployment.enter("standup", &token, rid).await;
            let elsewhere = deployment.enter("board", &token, rid + 1_000).await;

            let log = deployment.prosody.log();
            assert_eq!(inside, Ok(Occupant { moderator: true }), "{signing} {door}\n{log}");
            let reason = "Room does not match the room from token";
            assert!(
                matches!(&elsewhere, Err(BoshError::Join { reason: told, .. }) if told == reason),
                "{signing} {door} {elsewhere:?}\n{log}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_printed_lets_nobody_in_without_a_token_of_roomkeys() {
    let deployment = Deployment::start("managed = true", "").await;
    let token = deployment.token_by_redirect().await;
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let first = if signature.starts_with('A') { "B" } else { "A" };
    let forged = format!("{signed}.{first}{}", &signature[1..]);

    let (http, address) = (Http::new().unwrap(), deployment.prosody.address());
    let nobody = Connection::open(&http, &address, "standup", None, 500).await;
    let forger = deployment.enter("standup", &forged, 1_500).await;

    assert!(matches!(nobody, Err(BoshError::Login { .. })), "{nobody:?}");
    assert!(matches!(&forger, Err(BoshError::Login { reason }) if reason == "Invalid signature"), "{forger:?}");
}

//! Roomkey, a provider, and Jitsi's front end between them.

use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use reqwest::header::HeaderMap;
use serde_json::{Value, json};
use url::Url;

use crate::support::fake::FakeProvider;
use crate::support::postgres::Postgres;
use crate::support::redis::Redis;
use crate::support::roomkey::Roomkey;
use crate::support::visitor::{JITSI_SECRET, Page, Visitor, claims_of, parameter};

pub const MEETING: &str = "http://meet.localhost:9";
pub const REDIRECT_URI: &str = "http://meet.localhost:9/static/sso.html";
pub const CLIENT_ID: &str = "jitsi-meet";
pub const NONCE: &str = "nonce-of-the-front-end";

/// RFC 7636, appendix B.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

pub const ACCESS: &str = r#"
[[access]]
name = "staff"
rooms = ["standup", "retro"]
providers = ["fake"]
groups = ["staff"]
role = "participant"

[[access]]
name = "board"
rooms = ["board"]
providers = ["fake"]
groups = ["board"]
role = "moderator"

[[access]]
name = "open house"
rooms = ["open"]
providers = ["guest"]
role = "participant"
"#;

const INLINE: &str = "[meeting.inline]\nclient_id = \"jitsi-meet\"\n";
const GUESTS: &str = "[[providers]]\nid = \"guest\"\nkind = \"guest\"\n";

/// Sessions whose person is asked about a second later.
pub const CONFIRMED_EACH_SECOND: &str =
    "[session]\nsecret = \"eleven-paper-boats-drift-past-the-mill\"\nconfirm = \"1s\"\n";

/// Where codes, families and sessions are.
#[derive(Clone, Copy)]
pub enum Kept {
    Sqlite,
    Postgres,
    /// Sessions in Redis, the rest in SQLite.
    Redis,
}

pub struct Stage {
    pub roomkey: Roomkey,
    pub provider: FakeProvider,
    sections: String,
    _postgres: Option<Postgres>,
    _redis: Option<Redis>,
}

/// What the token endpoint says.
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Stage {
    /// `more` may hold whole sections.
    pub async fn set(kept: Kept, more: &str) -> Self {
        let (mut postgres, mut redis) = (None, None);
        let store = match kept {
            Kept::Sqlite => String::new(),
            Kept::Postgres => {
                let address = postgres.insert(Postgres::start()).database("roomkey");
                format!("[store]\nurl = \"{address}\"\n")
            }
            Kept::Redis => {
                let address = redis.insert(Redis::start()).database(0);
                format!("[store]\nurl = \"sqlite://roomkey.db\"\nsessions = \"{address}\"\n")
            }
        };
        let provider = FakeProvider::start().await;
        provider.script(|script| {
            script.refresh_tokens = true;
            script.claims = Box::new(|claims| claims["sid"] = json!("sid-1"));
        });
        let sections = format!("{store}{more}{INLINE}");
        let roomkey = Roomkey::start(&configuration(&sections, &provider, ACCESS));
        Self { roomkey, provider, sections, _postgres: postgres, _redis: redis }
    }

    /// Lets other rules come into force.
    pub fn rule(&self, access: &str) {
        self.reload(&configuration(&self.sections, &self.provider, access));
    }

    /// Takes the inline login away.
    pub fn close(&self) {
        self.reload(&configuration(&self.sections.replace(INLINE, ""), &self.provider, ACCESS));
    }

    fn reload(&self, configuration: &str) {
        let before = self.roomkey.log().matches("is in force").count();
        self.roomkey.rewrite(configuration);
        self.roomkey.signal("HUP");
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(10);
        while self.roomkey.log().matches("is in force").count() == before {
            assert!(std::time::Instant::now() < deadline, "{}", self.roomkey.log());
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
    }

    /// Opens what the front end opens for `room`.
    pub async fn ask(&self, visitor: &mut Visitor, room: &str) -> Page {
        visitor.get(&self.address(&state(room))).await
    }

    /// The address that the front end opens with this state.
    pub fn address(&self, state: &str) -> String {
        let parameters = [
            ("client_id", CLIENT_ID),
            ("redirect_uri", REDIRECT_URI),
            ("response_type", "code"),
            ("scope", "openid profile email"),
            ("state", state),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
            ("nonce", NONCE),
        ];
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
        format!("{}/oauth2/authorize?{query}", self.roomkey.url)
    }

    /// From the front end by way of the provider back to it.
    pub async fn log_in(&self, visitor: &mut Visitor, room: &str) -> Url {
        let redirect = self.ask(visitor, room).await;
        let response = self.provider.log_in(&redirect.location());
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(response).finish();
        visitor.get(&format!("{}/callback/fake?{query}", self.roomkey.url)).await.location()
    }

    /// The code that this ends in.
    pub async fn code(&self, visitor: &mut Visitor, room: &str) -> String {
        code_of(&self.log_in(visitor, room).await, room)
    }

    /// The refresh token that comes of a login.
    pub async fn refresh_token(&self, visitor: &mut Visitor, room: &str) -> String {
        let code = self.code(visitor, room).await;
        self.exchange(&code).await.refresh_token()
    }

    pub async fn exchange(&self, code: &str) -> Answer {
        self.exchange_with(code, VERIFIER).await
    }

    pub async fn exchange_with(&self, code: &str, verifier: &str) -> Answer {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", REDIRECT_URI),
            ("client_id", CLIENT_ID),
            ("code_verifier", verifier),
        ];
        post(&self.roomkey, &form).await
    }

    pub async fn refresh(&self, token: &str) -> Answer {
        refresh_at(&self.roomkey, token).await
    }

    /// The provider logs the person out.
    pub async fn log_out_at_provider(&self) {
        let token = self.provider.logout_token("ES256", |_, claims| claims["sid"] = json!("sid-1"));
        let url = format!("{}/logout/backchannel/fake", self.roomkey.url);
        let answer = Visitor::new().post_from_elsewhere(&url, &[("logout_token", &token)]).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
}

/// The claims of an ID Token, which is signed by the same key as the other.
pub fn id_claims(token: &str) -> Value {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_audience(&[CLIENT_ID]);
    jsonwebtoken::decode(token, &DecodingKey::from_secret(JITSI_SECRET.as_bytes()), &validation).unwrap().claims
}

fn configuration(sections: &str, provider: &FakeProvider, access: &str) -> String {
    format!("{sections}{}{GUESTS}{access}", provider.configuration(""))
}

/// Jitsi's `state` for a room.
pub fn state(room: &str) -> String {
    json!({"room": room, "roomSafe": room, "tenant": "", "config.startWithAudioMuted": true}).to_string()
}

/// The code of a redirect to the front end, which comes with the state that it sent.
pub fn code_of(location: &Url, room: &str) -> String {
    assert!(location.as_str().starts_with(&format!("{REDIRECT_URI}?")), "{location}");
    assert_eq!(parameter(location, "state"), Some(state(room)));
    parameter(location, "code").unwrap_or_else(|| panic!("no code: {location}"))
}

/// What the front end is told instead of a code.
pub fn error_of(location: &Url, room: &str) -> (String, String) {
    assert!(location.as_str().starts_with(&format!("{REDIRECT_URI}?")), "{location}");
    assert_eq!(parameter(location, "state"), Some(state(room)));
    assert_eq!(parameter(location, "code"), None);
    let told = ["error", "error_description"].map(|name| parameter(location, name).unwrap());
    told.into()
}

pub async fn refresh_at(roomkey: &Roomkey, token: &str) -> Answer {
    let form = [("grant_type", "refresh_token"), ("refresh_token", token), ("client_id", CLIENT_ID)];
    post(roomkey, &form).await
}

pub async fn post(roomkey: &Roomkey, form: &[(&str, &str)]) -> Answer {
    let page = Visitor::new().fetch_from(MEETING, &format!("{}/oauth2/token", roomkey.url), form).await;
    let header = |name: &str| page.headers.get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
    assert_eq!(header("access-control-allow-origin"), MEETING);
    assert_eq!((header("cache-control"), header("set-cookie")), ("no-store".to_owned(), String::new()));
    Answer { status: page.status.as_u16(), headers: page.headers, body: serde_json::from_str(&page.body).unwrap() }
}

impl Answer {
    pub fn text(&self, member: &str) -> String {
        self.body[member].as_str().unwrap_or_else(|| panic!("no `{member}` in {}", self.body)).to_owned()
    }

    pub fn refresh_token(&self) -> String {
        self.text("refresh_token")
    }

    /// The claims of the access token, as Prosody takes it.
    pub fn meeting_claims(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.body);
        let token = self.text("access_token");
        assert_eq!(jsonwebtoken::decode_header(&token).unwrap().typ.as_deref(), Some("JWT"));
        claims_of(&token)
    }

    /// Status and error.
    pub fn refusal(&self) -> (u16, String) {
        for secret in ["access_token", "id_token", "refresh_token"] {
            assert!(self.body.get(secret).is_none(), "{}", self.body);
        }
        assert!(self.text("error_description").contains(" (reference "), "{}", self.body);
        (self.status, self.text("error"))
    }
}

pub fn invalid_grant() -> (u16, String) {
    (400, "invalid_grant".to_owned())
}

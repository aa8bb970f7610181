//! An OpenID provider of our own, which checks what a real one checks and breaks whatever a test asks it to.

pub mod keys;
mod registration;
mod server;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_lc_rs::digest::{SHA256, SHA384, SHA512, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use url::Url;

use super::roomkey::free_port;
use super::visitor::parameter;
use keys::Key;
pub use registration::Registration;
pub use server::{Request, serve};

pub const CLIENT_ID: &str = "roomkey-at-fake";
pub const CLIENT_SECRET: &str = "client-secret/with+odd=characters&0";

/// What the provider knows of the person; none of it may stand in a log.
pub const SUBJECT: &str = "subject-4711";
pub const NAME: &str = "Grace Hopperova";
pub const EMAIL: &str = "grace.hopperova@example.com";

/// How an endpoint answers.
pub enum Reply {
    Json(Value),
    /// Status, media type, body.
    Raw(u16, &'static str, Vec<u8>),
    Redirect(String),
    /// Begins to answer and never ends.
    Endless,
    /// Takes the request and says nothing.
    Silent,
    /// Ends before all that it announced.
    Truncated(Value),
    /// Closes the connection without a word.
    Gone,
    /// Takes its time.
    After(Duration, Box<Reply>),
    /// Sends a byte now and then, for as long as anybody listens.
    Drip,
    /// Sends what is no answer of HTTP, or one that a library would not give.
    Bytes(Vec<u8>),
}

type Change<T> = Box<dyn Fn(&mut T) + Send>;
type Answer = Box<dyn Fn(Value) -> Reply + Send>;

/// What the provider does unlike a good one. By default nothing.
pub struct Script {
    pub alg: &'static str,
    /// Signs ID Tokens instead of the provider's own key.
    pub key: Option<Key>,
    pub header: Change<Value>,
    pub claims: Change<Value>,
    /// The finished ID Token.
    pub id_token: Change<String>,
    pub token: Answer,
    pub discovery: Answer,
    pub keys: Answer,
    pub user_info: Answer,
    /// The parameters of the authorization response.
    pub response: Change<Vec<(String, String)>>,
    /// Whether `iss` is promised in responses (RFC 9207), and given.
    pub response_iss: bool,
    /// Gives refresh tokens, each good for one use; using one again withdraws its successors too (RFC 9700, section 4.14.2).
    pub refresh_tokens: bool,
    /// The person has been removed.
    pub removed: bool,
    /// Leaves these claims to UserInfo.
    pub in_user_info: &'static [&'static str],
}

impl Default for Script {
    fn default() -> Self {
        Self {
            alg: "RS256",
            key: None,
            header: Box::new(|_| {}),
            claims: Box::new(|_| {}),
            id_token: Box::new(|_| {}),
            token: Box::new(Reply::Json),
            discovery: Box::new(Reply::Json),
            keys: Box::new(Reply::Json),
            user_info: Box::new(Reply::Json),
            response: Box::new(|_| {}),
            response_iss: true,
            refresh_tokens: false,
            removed: false,
            in_user_info: &[],
        }
    }
}

/// A running provider.
#[derive(Clone)]
pub struct FakeProvider {
    pub issuer: String,
    port: u16,
    inner: Arc<Inner>,
}

struct Inner {
    registration: Registration,
    script: Mutex<Script>,
    codes: Mutex<BTreeMap<String, Issued>>,
    /// Refresh tokens by whether they are still good.
    refresh_tokens: Mutex<BTreeMap<String, bool>>,
    counts: Mutex<BTreeMap<String, usize>>,
    /// Assertions of the client, each good for once.
    assertions: Mutex<BTreeSet<String>>,
    /// Codes, tokens, verifiers: whatever passed through that no log may hold.
    secrets: Mutex<Vec<String>>,
}

struct Issued {
    nonce: String,
    challenge: String,
    redirect_uri: String,
}

impl FakeProvider {
    pub async fn start() -> Self {
        Self::registered(Registration::SecretBasic).await
    }

    pub async fn registered(registration: Registration) -> Self {
        let provider = Self::new(registration, free_port());
        provider.serve().await;
        provider
    }

    /// A provider that is not there yet: it will be at `port` once it is told to [`serve`](Self::serve).
    pub fn at(port: u16) -> Self {
        Self::new(Registration::SecretBasic, port)
    }

    fn new(registration: Registration, port: u16) -> Self {
        let inner = Arc::new(Inner {
            registration,
            script: Mutex::default(),
            codes: Mutex::default(),
            refresh_tokens: Mutex::default(),
            counts: Mutex::default(),
            assertions: Mutex::default(),
            secrets: Mutex::default(),
        });
        Self { issuer: format!("http://localhost:{port}"), port, inner }
    }

    /// Begins to answer.
    pub async fn serve(&self) {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", self.port)).await.unwrap();
        let serving = self.clone();
        tokio::spawn(server::serve(listener, move |request| serving.answer(&request)));
    }

    /// Changes the provider's behaviour from now on.
    pub fn script(&self, change: impl FnOnce(&mut Script)) {
        change(&mut self.inner.script.lock().unwrap());
    }

    /// Makes it a good provider again.
    pub fn behave(&self) {
        *self.inner.script.lock().unwrap() = Script::default();
    }

    /// How often an endpoint was asked.
    pub fn count(&self, path: &str) -> usize {
        self.inner.counts.lock().unwrap().get(path).copied().unwrap_or(0)
    }

    pub fn secrets(&self) -> Vec<String> {
        self.inner.secrets.lock().unwrap().clone()
    }

    fn keep_secret(&self, secret: impl Into<String>) {
        self.inner.secrets.lock().unwrap().extend(Some(secret.into()).filter(|secret| !secret.is_empty()));
    }

    /// Its `[[providers]]` entry, with `more` keys.
    pub fn configuration(&self, more: &str) -> String {
        let credentials = self.inner.registration.configuration();
        format!(
            "[[providers]]\nid = \"fake\"\nname = \"Fake\"\nkind = \"oidc\"\nissuer = \"{}\"\nclient_id = \"{CLIENT_ID}\"\n{credentials}{more}\n",
            self.issuer
        )
    }

    /// The person logs in: takes the authentication request, gives the parameters that the browser brings back.
    pub fn log_in(&self, request: &Url) -> Vec<(String, String)> {
        let wanted = |name: &str| parameter(request, name).unwrap_or_else(|| panic!("no {name} in the request"));
        assert!(request.as_str().starts_with(&format!("{}/authorize?", self.issuer)));
        assert_eq!(wanted("response_type"), "code");
        assert_eq!(wanted("client_id"), CLIENT_ID);
        assert_eq!(wanted("code_challenge_method"), "S256");
        assert!(wanted("scope").split(' ').any(|scope| scope == "openid"));
        let (state, nonce, challenge) = (wanted("state"), wanted("nonce"), wanted("code_challenge"));
        assert!(state.len() >= 22 && nonce.len() >= 22 && challenge.len() == 43, "nothing that could be guessed");
        let code = format!("code-{}", URL_SAFE_NO_PAD.encode(rand_bytes()));
        for secret in [&state, &nonce, &challenge, &code] {
            self.keep_secret(secret.clone());
        }
        let issued = Issued { nonce, challenge, redirect_uri: wanted("redirect_uri") };
        self.inner.codes.lock().unwrap().insert(code.clone(), issued);
        let mut response = vec![("code".to_owned(), code), ("state".to_owned(), state)];
        let script = self.inner.script.lock().unwrap();
        if script.response_iss {
            response.push(("iss".to_owned(), self.issuer.clone()));
        }
        (script.response)(&mut response);
        response
    }

    fn answer(&self, request: &Request) -> Reply {
        *self.inner.counts.lock().unwrap().entry(request.path.clone()).or_default() += 1;
        let script = self.inner.script.lock().unwrap();
        match request.path.as_str() {
            "/.well-known/openid-configuration" => (script.discovery)(self.metadata(&script)),
            "/jwks" => {
                let all = ["RS256", "ES256", "ES384", "ES512", "EdDSA"].map(|alg| keys::key(alg).jwk());
                (script.keys)(json!({ "keys": all }))
            }
            "/token" => match self.tokens(request, &script) {
                Ok(tokens) => (script.token)(tokens),
                Err(error) => Reply::Raw(400, "application/json", json!({ "error": error }).to_string().into_bytes()),
            },
            "/userinfo" => {
                let token = request.headers.get("authorization").cloned().unwrap_or_default();
                assert!(token.starts_with("Bearer access-"), "UserInfo is asked with the access token");
                let mut claims = person();
                claims["iss"] = json!(self.issuer);
                claims["aud"] = json!(CLIENT_ID);
                (script.user_info)(claims)
            }
            _ => Reply::Raw(404, "text/plain", Vec::new()),
        }
    }

    fn metadata(&self, script: &Script) -> Value {
        let issuer = &self.issuer;
        json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/authorize"),
            "token_endpoint": format!("{issuer}/token"),
            "userinfo_endpoint": format!("{issuer}/userinfo"),
            "jwks_uri": format!("{issuer}/jwks"),
            "end_session_endpoint": format!("{issuer}/logout"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported":
                ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "HS256", "none"],
            "authorization_response_iss_parameter_supported": script.response_iss,
        })
    }

    /// The token endpoint (RFC 6749, section 4.1.3; RFC 7636, section 4.6).
    fn tokens(&self, request: &Request, script: &Script) -> Result<Value, &'static str> {
        let form: BTreeMap<_, _> = url::form_urlencoded::parse(&request.body).into_owned().collect();
        let field = |name: &str| form.get(name).map(String::as_str);
        if let Some(assertion) = field("client_assertion") {
            self.keep_secret(assertion);
            if !self.inner.assertions.lock().unwrap().insert(assertion.to_owned()) {
                return Err("invalid_client");
            }
        }
        if !self.inner.registration.accepts(request, &form, &format!("{}/token", self.issuer)) {
            return Err("invalid_client");
        }
        if field("grant_type") == Some("refresh_token") {
            return self.renewed(field("refresh_token").unwrap_or_default(), script);
        }
        if field("grant_type") != Some("authorization_code") {
            return Err("unsupported_grant_type");
        }
        let issued = field("code").and_then(|code| self.inner.codes.lock().unwrap().remove(code));
        let issued = issued.ok_or("invalid_grant")?;
        let verifier = field("code_verifier").ok_or("invalid_request")?;
        self.keep_secret(verifier);
        let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
        if challenge != issued.challenge || field("redirect_uri") != Some(&issued.redirect_uri) {
            return Err("invalid_grant");
        }
        let access_token = format!("access-{}", URL_SAFE_NO_PAD.encode(rand_bytes()));
        let id_token = self.id_token(&issued.nonce, &access_token, script);
        self.keep_secret(access_token.clone());
        self.keep_secret(id_token.clone());
        Ok(self.with_refresh_token(
            json!({"access_token": access_token, "token_type": "Bearer", "expires_in": 300, "id_token": id_token}),
            script,
        ))
    }

    fn with_refresh_token(&self, mut tokens: Value, script: &Script) -> Value {
        if script.refresh_tokens {
            let token = format!("refresh-{}", URL_SAFE_NO_PAD.encode(rand_bytes()));
            self.keep_secret(token.clone());
            self.inner.refresh_tokens.lock().unwrap().insert(token.clone(), true);
            tokens["refresh_token"] = json!(token);
        }
        tokens
    }

    /// OpenID Connect Core 1.0, section 12.
    fn renewed(&self, token: &str, script: &Script) -> Result<Value, &'static str> {
        *self.inner.counts.lock().unwrap().entry("refresh".to_owned()).or_default() += 1;
        {
            let mut known = self.inner.refresh_tokens.lock().unwrap();
            match known.get_mut(token) {
                Some(good) if *good && !script.removed => *good = false,
                Some(false) => {
                    known.values_mut().for_each(|good| *good = false);
                    return Err("invalid_grant");
                }
                _ => return Err("invalid_grant"),
            }
        }
        let access_token = format!("access-{}", URL_SAFE_NO_PAD.encode(rand_bytes()));
        let id_token = self.id_token("", &access_token, script);
        self.keep_secret(id_token.clone());
        Ok(self.with_refresh_token(
            json!({"access_token": access_token, "token_type": "Bearer", "id_token": id_token}),
            script,
        ))
    }

    /// A logout token (OpenID Connect Back-Channel Logout 1.0, section 2.4), once `change` has had its header and claims.
    pub fn logout_token(&self, alg: &str, change: impl FnOnce(&mut Value, &mut Value)) -> String {
        let key = keys::key(alg);
        let mut header = json!({"alg": alg, "typ": "logout+jwt", "kid": key.kid});
        let mut claims = json!({
            "iss": self.issuer, "aud": CLIENT_ID, "sub": SUBJECT, "iat": now(), "exp": now() + 120,
            "jti": URL_SAFE_NO_PAD.encode(rand_bytes()),
            "events": { "http://schemas.openid.net/event/backchannel-logout": {} },
        });
        change(&mut header, &mut claims);
        key.sign(&header, &claims)
    }

    fn id_token(&self, nonce: &str, access_token: &str, script: &Script) -> String {
        let key = script.key.clone().unwrap_or_else(|| keys::key(script.alg));
        let mut header = json!({"alg": script.alg, "typ": "JWT", "kid": key.kid});
        let mut claims = person();
        for claim in script.in_user_info {
            claims.as_object_mut().unwrap().remove(*claim);
        }
        let hash = match &script.alg[2..] {
            "384" => &SHA384,
            "512" => &SHA512,
            "DSA" => &SHA512,
            _ => &SHA256,
        };
        let hash = digest(hash, access_token.as_bytes());
        let more = json!({
            "iss": self.issuer, "aud": CLIENT_ID, "nonce": nonce, "iat": now(), "exp": now() + 300, "auth_time": now() - 5,
            "acr": "silver", "at_hash": URL_SAFE_NO_PAD.encode(&hash.as_ref()[..hash.as_ref().len() / 2]),
        });
        claims.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        (script.header)(&mut header);
        (script.claims)(&mut claims);
        let mut token = key.sign(&header, &claims);
        (script.id_token)(&mut token);
        token
    }
}

/// What the provider says of the person.
pub fn person() -> Value {
    json!({"sub": SUBJECT, "name": NAME, "email": EMAIL, "email_verified": true, "groups": ["staff"]})
}

#[allow(clippy::disallowed_methods, reason = "a provider has a clock of its own")]
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

fn rand_bytes() -> [u8; 16] {
    let mut bytes = [0; 16];
    aws_lc_rs::rand::fill(&mut bytes).unwrap();
    bytes
}

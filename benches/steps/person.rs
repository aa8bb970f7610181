//! Somebody to decide about: only a login makes a verified identity, so one is made against a provider that runs here.

use std::time::UNIX_EPOCH;

use jiff::Timestamp;
use jsonwebtoken::{EncodingKey, Header};
use roomkey::clock::Clock;
use roomkey::jitsi::{Algorithm, SigningKey};
use roomkey::login::{LoginAttempt, NewAttempt, Sealer, SealingKeys};
use roomkey::provider::http::Http;
use roomkey::provider::oidc::{ClientAuth, Habits, OidcProvider, Settings};
use roomkey::provider::{AuthenticationResponse, ClaimMap, ProviderId, RedirectProvider, VerifiedIdentity};
use roomkey::room::JoinRequest;
use secrecy::{SecretSlice, SecretString};
use serde_json::{Value, json};
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, ResponseTemplate};

const KEY: &[u8] = include_bytes!("../../tests/data/keys/rsa-2048-pkcs8.pem");

/// Logs somebody in who is in these groups.
pub(crate) async fn member_of(groups: &[String]) -> VerifiedIdentity {
    let server = MockServer::start().await;
    let (provider, id) = (provider(&server.uri()), ProviderId::try_from("work".to_owned()).unwrap());
    let secrets = SealingKeys { current: SecretSlice::from(vec![7; 32]), previous: Vec::new() };
    let (sealer, http) = (Sealer::new(&secrets).unwrap(), Http::new().unwrap());
    let now = Timestamp::from_second(UNIX_EPOCH.elapsed().unwrap().as_secs().cast_signed()).unwrap();
    let request = JoinRequest::from_link(None, "standup", None).unwrap();
    let attempt = NewAttempt::begin(request, id.clone(), 0, &sealer, now).unwrap();
    serve(&server, attempt.nonce().secret(), groups, now).await;

    let cookie = |_: &str| Some(attempt.sealed().value.clone());
    let opened = LoginAttempt::open(attempt.state().secret(), &id, cookie, &sealer, now).unwrap();
    let response = AuthenticationResponse { code: Some("code".to_owned()), ..AuthenticationResponse::default() };
    provider.verify(&http, opened, response, now).await.unwrap().identity
}

fn provider(issuer: &str) -> OidcProvider {
    let settings = Settings {
        id: "work".parse().unwrap(),
        issuer: issuer.to_owned(),
        client_id: "roomkey".to_owned(),
        client_auth: ClientAuth::SecretBasic(SecretString::from("secret")),
        redirect_uri: "http://localhost/callback/work".parse().unwrap(),
        scopes: vec!["openid".to_owned()],
        prompt: None,
        max_age: None,
        acr_values: Vec::new(),
        login_hint: None,
        form_post: false,
        id_token_algorithms: Vec::new(),
        endpoints: None,
        claims: ClaimMap::default(),
        habits: Habits::default(),
    };
    OidcProvider::new(settings, &Clock::system())
}

async fn serve(server: &MockServer, nonce: &str, groups: &[String], now: Timestamp) {
    let issuer = server.uri();
    let key = SigningKey::new(Algorithm::Rs256, KEY, None).unwrap();
    let header = Header { kid: Some(key.key_id().to_owned()), ..Header::new(jsonwebtoken::Algorithm::RS256) };
    let claims = json!({
        "iss": issuer, "sub": "u-1", "aud": "roomkey", "iat": now.as_second(), "exp": now.as_second() + 300,
        "nonce": nonce, "name": "Ada Lovelace", "email": "ada@example.com", "email_verified": true,
        "picture": "https://example.com/ada.png", "groups": groups, "department": "finance",
    });
    let id_token = jsonwebtoken::encode(&header, &claims, &EncodingKey::from_rsa_pem(KEY).unwrap()).unwrap();
    let metadata = json!({
        "issuer": issuer, "authorization_endpoint": format!("{issuer}/auth"), "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/jwks"), "response_types_supported": ["code"],
        "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["RS256"],
    });
    answer(server, "/.well-known/openid-configuration", &metadata).await;
    answer(server, "/jwks", &json!({ "keys": [key.public_jwk().unwrap()] })).await;
    answer(server, "/token", &json!({ "access_token": "a", "token_type": "Bearer", "id_token": id_token })).await;
}

async fn answer(server: &MockServer, at: &str, body: &Value) {
    Mock::given(path(at)).respond_with(ResponseTemplate::new(200).set_body_json(body)).mount(server).await;
}

//! Sign in with Apple (developer.apple.com, "Sign in with Apple REST API", "Creating a client secret").

use std::sync::{Arc, Mutex};

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, UnparsedPublicKey,
};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use url::Url;

use super::{CLIENT_ID, Codes, form, split, token};
use crate::support::fake::{Reply, Request, keys, now, serve};
use crate::support::visitor::parameter;

pub const TEAM: &str = "A1B2C3D4E5";
pub const KEY_ID: &str = "ABC123DEFG";

/// A running stand-in.
#[derive(Clone)]
pub struct Apple {
    pub issuer: String,
    inner: Arc<Inner>,
}

struct Inner {
    codes: Codes,
    claims: Mutex<Value>,
}

impl Apple {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        let inner = Inner { codes: Codes::default(), claims: Mutex::new(somebody()) };
        let apple = Self { issuer, inner: Arc::new(inner) };
        let serving = apple.clone();
        tokio::spawn(serve(listener, move |request| serving.answer(&request)));
        apple
    }

    /// As the guide for operators has it.
    pub fn configuration(&self, more: &str) -> String {
        let key = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/keys/ec-p256.pem");
        format!(
            "[[providers]]\nid = \"apple\"\nname = \"Apple\"\nkind = \"oidc\"\nissuer = \"{}\"\nclient_id = \"{CLIENT_ID}\"\n\
             client_auth = \"signed_client_secret\"\nclient_key_file = \"{key}\"\nclient_key_id = \"{KEY_ID}\"\n\
             client_key_issuer = \"{TEAM}\"\nscopes = [\"openid\", \"name\", \"email\"]\nresponse_mode = \"form_post\"\n\
             name_in_response = true\n{more}\n",
            self.issuer
        )
    }

    /// The person agrees; at their first login the form says what they are called.
    pub fn agree(&self, request: &Url, first: bool) -> Vec<(String, String)> {
        assert!(request.as_str().starts_with(&format!("{}/auth/authorize?", self.issuer)), "{request}");
        // Without it Apple says `invalid_request`: "response_mode must be form_post when name or email scope is requested".
        assert_eq!(parameter(request, "response_mode").as_deref(), Some("form_post"));
        let mut form = vec![
            ("state".to_owned(), parameter(request, "state").unwrap()),
            ("code".to_owned(), self.inner.codes.issue(request, "c.0.")),
        ];
        if first {
            let user = json!({ "name": { "firstName": "Ada", "lastName": "Lovelace" }, "email": "ada@example.com" });
            form.push(("user".to_owned(), user.to_string()));
        }
        form
    }

    fn answer(&self, request: &Request) -> Reply {
        match split(&request.path).0 {
            "/.well-known/openid-configuration" => super::json(200, &self.metadata()),
            "/auth/keys" => super::json(200, &json!({ "keys": [keys::key("RS256").jwk()] })),
            "/auth/token" => self.token(request),
            _ => super::json(404, &json!({})),
        }
    }

    fn token(&self, request: &Request) -> Reply {
        let form = form(request);
        let secret = form.get("client_secret").map(String::as_str).unwrap_or_default();
        if form.get("client_id").map(String::as_str) != Some(CLIENT_ID) || !self.is_client_secret(secret) {
            return super::json(400, &json!({ "error": "invalid_client" }));
        }
        let Some(issued) = self.inner.codes.redeem(&form) else {
            let description = "The code has expired or has been revoked.";
            return super::json(400, &json!({ "error": "invalid_grant", "error_description": description }));
        };
        let mut claims = self.inner.claims.lock().unwrap().clone();
        let protocol = json!({
            "iss": self.issuer, "aud": CLIENT_ID, "exp": now() + 86_400, "iat": now(), "nonce": issued.nonce,
            "auth_time": now(), "nonce_supported": true,
        });
        claims.as_object_mut().unwrap().extend(protocol.as_object().unwrap().clone());
        let key = keys::key("RS256");
        let id_token = key.sign(&json!({ "kid": key.kid, "alg": "RS256" }), &claims);
        super::json(
            200,
            &json!({
                "access_token": token("a."), "token_type": "Bearer", "expires_in": 3600, "refresh_token": token("r."),
                "id_token": id_token,
            }),
        )
    }

    /// ES256 by the developer's key, for at most six months, in the name of the team.
    fn is_client_secret(&self, secret: &str) -> bool {
        let parts: Vec<_> = secret.split('.').collect();
        let [header, payload, signature] = parts[..] else { return false };
        let read = |part: &str| -> Value { serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap() };
        let (head, claims) = (read(header), read(payload));
        let signed = format!("{header}.{payload}");
        let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, public_key());
        let lives = claims["exp"].as_u64().unwrap_or(0).saturating_sub(now());
        key.verify(signed.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).unwrap()).is_ok()
            && head["alg"] == "ES256"
            && head["kid"] == KEY_ID
            && claims["iss"] == TEAM
            && claims["sub"] == CLIENT_ID
            && claims["aud"] == self.issuer
            && (1..=15_777_000).contains(&lives)
    }

    fn metadata(&self) -> Value {
        let at = |path: &str| format!("{}{path}", self.issuer);
        json!({
            "issuer": self.issuer,
            "authorization_endpoint": at("/auth/authorize"),
            "token_endpoint": at("/auth/token"),
            "revocation_endpoint": at("/auth/revoke"),
            "jwks_uri": at("/auth/keys"),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query", "fragment", "form_post"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": ["openid", "email", "name"],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            "claims_supported": ["aud", "email", "email_verified", "exp", "iat", "is_private_email", "iss", "nonce",
                "nonce_supported", "real_user_status", "sub", "transfer_sub"],
        })
    }
}

fn public_key() -> Vec<u8> {
    let pem = include_str!("../../data/keys/ec-p256.pem");
    let der: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &STANDARD.decode(der).unwrap()).unwrap();
    pair.public_key().as_ref().to_vec()
}

/// Somebody whose address Apple forwards to; flags are texts.
pub fn somebody() -> Value {
    json!({
        "sub": "001999.2b4c6d8e0f1a2b3c4d5e6f708192a3b4.1234", "email": "x7q2w9@privaterelay.appleid.com",
        "email_verified": "true", "is_private_email": "true",
    })
}

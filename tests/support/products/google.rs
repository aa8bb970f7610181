//! Google ("OpenID Connect", developers.google.com/identity).

use std::sync::{Arc, Mutex};

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use url::Url;

use super::{CLIENT_ID, Codes, form, is_client, split, token};
use crate::support::fake::{Reply, Request, keys, now, serve};
use crate::support::visitor::parameter;

/// A running stand-in, with one person whose claims a test may set.
#[derive(Clone)]
pub struct Google {
    pub issuer: String,
    inner: Arc<Inner>,
}

struct Inner {
    codes: Codes,
    claims: Mutex<Value>,
}

impl Google {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        let inner = Inner { codes: Codes::default(), claims: Mutex::new(employee()) };
        let google = Self { issuer, inner: Arc::new(inner) };
        let serving = google.clone();
        tokio::spawn(serve(listener, move |request| serving.answer(&request)));
        google
    }

    /// Lets the person be another.
    pub fn is(&self, claims: Value) {
        *self.inner.claims.lock().unwrap() = claims;
    }

    pub fn configuration(&self, more: &str) -> String {
        format!(
            "[[providers]]\nid = \"google\"\nkind = \"google\"\nissuer = \"{}\"\nclient_id = \"{CLIENT_ID}\"\nclient_secret = \"{}\"\n{more}\n",
            self.issuer,
            super::CLIENT_SECRET
        )
    }

    /// The person picks their account and agrees.
    pub fn agree(&self, request: &Url) -> Vec<(String, String)> {
        assert!(request.as_str().starts_with(&format!("{}/o/oauth2/v2/auth?", self.issuer)), "{request}");
        let code = self.inner.codes.issue(request, "4/0A");
        let scope = "email profile https://www.googleapis.com/auth/userinfo.email openid";
        let mut response = vec![("code", code.as_str()), ("scope", scope), ("authuser", "0"), ("prompt", "none")];
        let hosted = self.inner.claims.lock().unwrap()["hd"].as_str().map(str::to_owned);
        if let Some(hosted) = &hosted {
            response.push(("hd", hosted));
        }
        response.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    fn answer(&self, request: &Request) -> Reply {
        match split(&request.path).0 {
            "/.well-known/openid-configuration" => super::json(200, &self.metadata()),
            "/oauth2/v3/certs" => super::json(200, &json!({ "keys": [keys::key("RS256").jwk()] })),
            "/token" => self.token(request),
            _ => super::json(404, &json!({})),
        }
    }

    fn token(&self, request: &Request) -> Reply {
        let form = form(request);
        if !is_client(&form) {
            return super::json(401, &json!({ "error": "invalid_client", "error_description": "Unauthorized" }));
        }
        let Some(issued) = self.inner.codes.redeem(&form) else {
            return super::json(400, &json!({ "error": "invalid_grant", "error_description": "Bad Request" }));
        };
        let access_token = token("ya29.");
        let key = keys::key("RS256");
        let mut claims = self.inner.claims.lock().unwrap().clone();
        let hash = digest(&SHA256, access_token.as_bytes());
        let protocol = json!({
            "iss": self.issuer, "azp": CLIENT_ID, "aud": CLIENT_ID, "nonce": issued.nonce,
            "at_hash": URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16]), "iat": now(), "exp": now() + 3600,
        });
        for (claim, value) in protocol.as_object().unwrap() {
            claims.as_object_mut().unwrap().entry(claim.clone()).or_insert(value.clone());
        }
        let id_token = key.sign(&json!({ "alg": "RS256", "kid": key.kid, "typ": "JWT" }), &claims);
        super::json(
            200,
            &json!({
                "access_token": access_token, "expires_in": 3599, "id_token": id_token, "token_type": "Bearer",
                "scope": "openid https://www.googleapis.com/auth/userinfo.profile https://www.googleapis.com/auth/userinfo.email",
            }),
        )
    }

    fn metadata(&self) -> Value {
        let at = |path: &str| format!("{}{path}", self.issuer);
        json!({
            "issuer": self.issuer,
            "authorization_endpoint": at("/o/oauth2/v2/auth"),
            "device_authorization_endpoint": at("/device/code"),
            "token_endpoint": at("/token"),
            "userinfo_endpoint": at("/v1/userinfo"),
            "revocation_endpoint": at("/revoke"),
            "jwks_uri": at("/oauth2/v3/certs"),
            "response_types_supported":
                ["code", "token", "id_token", "code token", "code id_token", "token id_token", "code token id_token", "none"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": ["openid", "email", "profile"],
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
            "claims_supported":
                ["aud", "email", "email_verified", "exp", "family_name", "given_name", "iat", "iss", "name", "picture", "sub"],
            "code_challenge_methods_supported": ["plain", "S256"],
            "grant_types_supported": ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"],
        })
    }
}

/// Somebody of the Workspace organisation `example.com`.
pub fn employee() -> Value {
    json!({
        "sub": "110169484474386276334", "hd": "example.com", "email": "ada@example.com", "email_verified": true,
        "name": "Ada Lovelace", "picture": "https://lh3.googleusercontent.com/a/ada", "given_name": "Ada", "family_name": "Lovelace",
    })
}

/// The hint in the request.
pub fn hint(request: &Url) -> Option<String> {
    parameter(request, "hd")
}

//! How Roomkey is registered at the provider, and has to prove itself (OpenID Connect Core 1.0, section 9).

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::{DecodingKey, Validation};
use serde_json::Value;

use super::keys::Key;
use super::server::Request;
use super::{CLIENT_ID, CLIENT_SECRET, now};

/// What the provider asks of its client.
#[derive(Clone)]
pub enum Registration {
    SecretBasic,
    SecretPost,
    /// The client has this key, an RSA key (RS256) or one on P-256 (ES256).
    PrivateKey(Key),
    Public,
}

impl Registration {
    /// The keys of Roomkey's file that fit.
    pub(super) fn configuration(&self) -> String {
        match self {
            Self::SecretBasic => format!("client_secret = \"{CLIENT_SECRET}\"\n"),
            Self::SecretPost => format!("client_secret = \"{CLIENT_SECRET}\"\nclient_auth = \"client_secret_post\"\n"),
            Self::PrivateKey(key) => format!("client_key = '''\n{}'''\nclient_key_id = \"{}\"\n", key.pem(), key.kid),
            Self::Public => String::new(),
        }
    }

    /// Whether `request`, by its header or its `form`, comes from the client.
    pub(super) fn accepts(&self, request: &Request, form: &BTreeMap<String, String>, audience: &str) -> bool {
        let encode = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let posted = |name: &str, value: &str| form.get(name).is_some_and(|posted| posted == value);
        let header = request.headers.get("authorization");
        match self {
            Self::SecretBasic => {
                let credentials = STANDARD.encode(format!("{}:{}", encode(CLIENT_ID), encode(CLIENT_SECRET)));
                header == Some(&format!("Basic {credentials}")) && !form.contains_key("client_secret")
            }
            Self::SecretPost => {
                header.is_none() && posted("client_id", CLIENT_ID) && posted("client_secret", CLIENT_SECRET)
            }
            Self::PrivateKey(key) => {
                let assertion = form.get("client_assertion").map(String::as_str).unwrap_or_default();
                header.is_none()
                    && !form.contains_key("client_secret")
                    && posted("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
                    && is_assertion(assertion, key, audience)
            }
            Self::Public => header.is_none() && posted("client_id", CLIENT_ID) && !form.contains_key("client_secret"),
        }
    }
}

/// RFC 7523, section 3.
fn is_assertion(assertion: &str, key: &Key, audience: &str) -> bool {
    let jwk = serde_json::from_value(key.jwk()).unwrap();
    let mut validation = Validation::new(key.algorithm());
    validation.set_required_spec_claims(&["iss", "sub", "aud", "exp"]);
    validation.set_issuer(&[CLIENT_ID]);
    validation.set_audience(&[audience]);
    validation.sub = Some(CLIENT_ID.to_owned());
    let Ok(token) = jsonwebtoken::decode::<Value>(assertion, &DecodingKey::from_jwk(&jwk).unwrap(), &validation) else {
        return false;
    };
    let (header, claims) = (token.header, token.claims);
    header.kid.as_deref() == Some(&key.kid)
        && claims["exp"].as_u64().is_some_and(|exp| exp <= now() + 300)
        && claims["jti"].as_str().is_some_and(|jti| jti.len() > 15)
}

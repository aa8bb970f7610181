//! The provider's key, made anew at every start, and what is signed with it.

use std::error::Error;
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::Timestamp;
use jsonwebtoken::jwk::{Jwk, JwkSet, PublicKeyUse, ThumbprintHash};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde_json::{Value, json};

/// How long an ID Token is good for: it is read at once and never again.
const ID_TOKEN_LIFETIME: Duration = Duration::from_mins(5);

/// An RSA key of 2048 bits, for RS256: the one algorithm that every OpenID Connect client has to know.
pub(crate) struct SigningKey {
    pair: KeyPair,
    public: Jwk,
    /// `kid`: the thumbprint, so that no two keys ever share one.
    id: String,
}

impl SigningKey {
    /// A new key.
    ///
    /// # Errors
    /// If the library cannot make one, for want of memory or random bytes.
    pub(crate) fn generate() -> Result<Self, Box<dyn Error>> {
        let pair = KeyPair::generate(KeySize::Rsa2048)?;
        let public = DecodingKey::from_rsa_der(pair.public_key().as_ref());
        let mut public = Jwk::from_decoding_key(&public, Some(Algorithm::RS256))?;
        let id = public.thumbprint(ThumbprintHash::SHA256)?;
        public.common.key_id = Some(id.clone());
        public.common.public_key_use = Some(PublicKeyUse::Signature);
        Ok(Self { pair, public, id })
    }

    /// What `jwks_uri` answers (RFC 7517, section 5).
    pub(crate) fn key_set(&self) -> JwkSet {
        JwkSet { keys: vec![self.public.clone()] }
    }

    /// Signs the claims of an ID Token, as a compact JWS (RFC 7515, section 3.1).
    ///
    /// # Errors
    /// If the library has no memory or random bytes for it.
    pub(crate) fn sign(&self, claims: &Value) -> Result<String, Unspecified> {
        let header = json!({ "alg": "RS256", "typ": "JWT", "kid": self.id });
        let encode = |part: &Value| BASE64_URL_SAFE_NO_PAD.encode(part.to_string());
        let signed = format!("{}.{}", encode(&header), encode(claims));
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature)?;
        Ok(format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature)))
    }
}

/// When an ID Token issued at `now` ends, in seconds since 1970.
pub(crate) fn expiry(now: Timestamp) -> i64 {
    (now + ID_TOKEN_LIFETIME).as_second()
}

/// `at_hash` for RS256: the left half of the access token's SHA-256 (OpenID Connect Core 1.0, section 3.1.3.6).
pub(crate) fn access_token_hash(access_token: &str) -> String {
    let hash = digest(&SHA256, access_token.as_bytes());
    BASE64_URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16])
}

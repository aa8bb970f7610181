//! UserInfo, for the claims that an ID Token leaves out (OpenID Connect Core 1.0, section 5.3).

use std::sync::Arc;

use http::header::{ACCEPT, AUTHORIZATION};
use http::{HeaderValue, Request, StatusCode};
use serde_json::{Map, Value};
use url::Url;

use super::directory::{Directory, Peer};
use super::id_token::{check_audience, subject};
use super::jws::UnverifiedJws;
use crate::provider::error::Untrusted;
use crate::provider::http::{Answer, Http, HttpError};
use crate::provider::{FailedCheck, Leg, ProviderError};

/// Claims of the protocol itself, which only an ID Token can make.
const PROTOCOL_CLAIMS: [&str; 14] =
    ["iss", "sub", "aud", "azp", "exp", "iat", "nbf", "jti", "nonce", "acr", "amr", "auth_time", "at_hash", "sid"];

/// Fetches what `endpoint` says of the person whom `id_token` names, and adds it to those claims.
pub(super) async fn complete(
    directory: &Arc<Directory>,
    peer: &Peer,
    http: &Http,
    endpoint: &Url,
    access_token: &str,
    id_token: Map<String, Value>,
) -> Result<Map<String, Value>, ProviderError> {
    let answer = http.call(request(endpoint, access_token)?).await.map_err(unreachable)?;
    if answer.status != StatusCode::OK {
        return Err(unreachable(HttpError::Status(answer.status.as_u16())));
    }
    let claims = read(directory, peer, http, answer).await?;
    if subject(&claims).ok() != subject(&id_token).ok() {
        return Err(Untrusted::new(FailedCheck::UserInfoSubject, "it is another person's than the ID Token's").into());
    }
    Ok(merge(id_token, claims))
}

fn request(endpoint: &Url, access_token: &str) -> Result<Request<Vec<u8>>, ProviderError> {
    let mut bearer = HeaderValue::try_from(format!("Bearer {access_token}"))
        .map_err(|_| Untrusted::new(FailedCheck::TokenResponse, "the access token cannot stand in a header"))?;
    bearer.set_sensitive(true);
    Request::get(endpoint.as_str())
        .header(ACCEPT, "application/json, application/jwt")
        .header(AUTHORIZATION, bearer)
        .body(Vec::new())
        .map_err(|_| unreachable(HttpError::Connection { cause: "unusable address".to_owned() }))
}

/// Reads the claims of an answer, plain or signed (section 5.3.2).
async fn read(
    directory: &Arc<Directory>,
    peer: &Peer,
    http: &Http,
    answer: Answer,
) -> Result<Map<String, Value>, ProviderError> {
    let bad = |detail| Untrusted::new(FailedCheck::UserInfo, detail);
    match answer.media_type().as_deref() {
        Some("application/jwt") => {
            let token = std::str::from_utf8(&answer.body).map_err(|_| bad("it is no token"))?;
            let jws = UnverifiedJws::parse(token.trim(), &peer.metadata.algorithms)
                .map_err(|_| bad("it is no token signed by an algorithm in use"))?;
            directory.verify(http, peer, &jws).await.map_err(|error| match error {
                ProviderError::Untrusted { .. } => bad("its signature does not hold").into(),
                other => other,
            })?;
            let claims = jws.into_claims()?;
            let settings = directory.settings();
            let issued = settings.habits.issuer.check(&settings.issuer, &claims);
            issued.map_err(|_| bad("its `iss` is another issuer's"))?;
            check_audience(&claims, &settings.client_id).map_err(|_| bad("its `aud` does not name this client"))?;
            Ok(claims)
        }
        Some("application/json") => {
            Ok(serde_json::from_slice(&answer.body).map_err(|_| bad("it is not a JSON object"))?)
        }
        _ => Err(bad("it is neither JSON nor a signed token").into()),
    }
}

/// What the ID Token says stands; UserInfo adds to it.
fn merge(mut id_token: Map<String, Value>, user_info: Map<String, Value>) -> Map<String, Value> {
    // A provider that gives two addresses vouches with `email_verified` for the one beside it only.
    let other_address = match (id_token.get("email"), user_info.get("email")) {
        (Some(one), Some(other)) => one != other,
        (Some(_), None) => true,
        (None, _) => false,
    };
    for (claim, value) in user_info {
        let about_other_address = other_address && claim == "email_verified";
        if !about_other_address && !PROTOCOL_CLAIMS.contains(&claim.as_str()) {
            id_token.entry(claim).or_insert(value);
        }
    }
    id_token
}

fn unreachable(cause: HttpError) -> ProviderError {
    ProviderError::Unreachable { leg: Leg::UserInfo, cause }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(value: Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn user_info_adds_but_never_overrides() {
        let id_token = object(json!({"sub": "u", "iss": "i", "name": "Signed"}));
        let user_info = object(json!({"sub": "u", "name": "Plain", "groups": ["staff"], "acr": "gold", "exp": 1}));

        let merged = merge(id_token, user_info);

        assert_eq!(Value::from(merged), json!({"sub": "u", "iss": "i", "name": "Signed", "groups": ["staff"]}));
    }

    #[test]
    fn verification_counts_for_the_address_beside_it_only() {
        let id_token = object(json!({"sub": "u", "email": "claimed@example.com"}));
        let user_info = object(json!({"sub": "u", "email": "own@example.com", "email_verified": true}));

        let merged = merge(id_token, user_info);

        assert_eq!(Value::from(merged), json!({"sub": "u", "email": "claimed@example.com"}));
    }

    #[test]
    fn an_address_and_its_verification_come_together() {
        let id_token = object(json!({"sub": "u"}));
        let user_info = object(json!({"sub": "u", "email": "own@example.com", "email_verified": true}));

        let merged = merge(id_token, user_info.clone());

        assert_eq!(merged, user_info);
    }
}

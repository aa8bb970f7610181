//! The token endpoint (OpenID Connect Core 1.0, section 3.1.3; RFC 7636, section 4.6).

use actix_web::http::StatusCode;
use actix_web::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use percent_encoding::percent_decode_str;
use serde_json::json;

use super::authorize::Request;
use super::keys::{access_token_hash, expiry};
use super::parameters::Parameters;
use super::people::Person;
use super::{ACCESS_LIFETIME, Client, Provider};

/// What an access token opens: the claims of `person` that `scope` names.
pub(crate) struct Access {
    pub(crate) person: &'static Person,
    pub(crate) scope: Vec<String>,
    /// The code it was issued for, which must not come again.
    code: String,
}

/// An error response (RFC 6749, section 5.2).
struct Refused(StatusCode, &'static str);

const INVALID_REQUEST: Refused = Refused(StatusCode::BAD_REQUEST, "invalid_request");
const INVALID_GRANT: Refused = Refused(StatusCode::BAD_REQUEST, "invalid_grant");
const INVALID_CLIENT: Refused = Refused(StatusCode::UNAUTHORIZED, "invalid_client");

/// `POST /token`.
pub(super) async fn token(request: HttpRequest, form: Bytes, provider: Data<Provider>) -> HttpResponse {
    let authorization = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    match exchange(&provider, authorization, &form) {
        Ok(tokens) => HttpResponse::Ok().json(tokens),
        Err(Refused(status, error)) => {
            let mut response = HttpResponse::build(status);
            if status == StatusCode::UNAUTHORIZED {
                response.insert_header((WWW_AUTHENTICATE, "Basic realm=\"demo\""));
            }
            response.json(json!({ "error": error }))
        }
    }
}

fn exchange(provider: &Provider, authorization: Option<&str>, form: &[u8]) -> Result<serde_json::Value, Refused> {
    let now = provider.clock.now();
    let form = Parameters::parse(form).map_err(|_| INVALID_REQUEST)?;
    authenticate(&provider.client, authorization)?;
    if !form.is("grant_type", "authorization_code") {
        return Err(Refused(StatusCode::BAD_REQUEST, "unsupported_grant_type"));
    }
    let code = form.get("code").ok_or(INVALID_REQUEST)?;
    let Some((request, person)) = provider.codes.take(code, now) else {
        // A code that comes again has been in two hands: what it gave out is taken back (section 4.1.2).
        provider.access.drop_if(|access| access.code == code);
        return Err(INVALID_GRANT);
    };
    if !form.is("redirect_uri", &request.redirect_uri) || !verifies(&request, form.get("code_verifier")) {
        return Err(INVALID_GRANT);
    }

    let unavailable = |_| Refused(StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable");
    let access = Access { person, scope: request.scope.clone(), code: code.to_owned() };
    let access_token = provider.access.put(access, now).map_err(unavailable)?;
    // Claims about the person are UserInfo's wherever there is an access token to ask with (section 5.4).
    let mut claims = json!({
        "iss": provider.issuer,
        "sub": person.subject,
        "aud": provider.client.id,
        "exp": expiry(now),
        "iat": now.as_second(),
        "auth_time": now.as_second(),
        "at_hash": access_token_hash(&access_token),
    });
    if let Some(nonce) = request.nonce {
        claims["nonce"] = nonce.into();
    }
    let id_token = provider.key.sign(&claims);
    Ok(json!({
        "access_token": access_token,
        "token_type": "Bearer",
        "expires_in": ACCESS_LIFETIME.as_secs(),
        "scope": request.scope.join(" "),
        "id_token": id_token.map_err(|_| Refused(StatusCode::INTERNAL_SERVER_ERROR, "server_error"))?,
    }))
}

/// Checks `client_secret_basic`: both halves are form-encoded before they are joined (RFC 6749, section 2.3.1).
fn authenticate(client: &Client, authorization: Option<&str>) -> Result<(), Refused> {
    let (id, secret) = authorization
        .and_then(|header| header.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("Basic"))
        .and_then(|(_, encoded)| BASE64_STANDARD.decode(encoded).ok())
        .and_then(|pair| String::from_utf8(pair).ok())
        .and_then(|pair| pair.split_once(':').map(|(id, secret)| (form_decode(id), form_decode(secret))))
        .ok_or(INVALID_CLIENT)?;
    let known = id == client.id.as_bytes();
    let proved = verify_slices_are_equal(&secret, client.secret.as_bytes()).is_ok();
    if known && proved { Ok(()) } else { Err(INVALID_CLIENT) }
}

fn form_decode(text: &str) -> Vec<u8> {
    percent_decode_str(&text.replace('+', " ")).collect()
}

/// Whether the SHA-256 of `verifier` is the challenge of the request (RFC 7636, section 4.6).
fn verifies(request: &Request, verifier: Option<&str>) -> bool {
    let computed = verifier.map(|verifier| BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes())));
    computed.is_some_and(|computed| computed == request.challenge)
}

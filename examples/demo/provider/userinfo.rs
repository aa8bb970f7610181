//! UserInfo (OpenID Connect Core 1.0, section 5.3).

use actix_web::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Map, Value, json};

use super::Provider;
use super::token::Access;

/// `GET` and `POST /userinfo`, with the access token in the header (RFC 6750, section 2.1).
pub(super) async fn userinfo(request: HttpRequest, provider: Data<Provider>) -> HttpResponse {
    let token = request
        .headers()
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|header| header.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("Bearer"))
        .map(|(_, token)| token);
    match token.and_then(|token| provider.access.read(token, provider.clock.now(), claims)) {
        Some(claims) => HttpResponse::Ok().json(claims),
        None => HttpResponse::Unauthorized()
            .insert_header((WWW_AUTHENTICATE, "Bearer error=\"invalid_token\""))
            .json(json!({ "error": "invalid_token" })),
    }
}

/// The claims that the scopes ask for (section 5.4).
fn claims(access: &Access) -> Map<String, Value> {
    let Access { person, scope, .. } = access;
    let asked = |wanted: &str| scope.iter().any(|scope| scope == wanted);
    let mut claims = Map::new();
    claims.insert("sub".to_owned(), person.subject.into());
    if asked("profile") {
        claims.insert("name".to_owned(), person.name.into());
    }
    if asked("email") {
        claims.insert("email".to_owned(), person.email.into());
        claims.insert("email_verified".to_owned(), true.into());
    }
    if asked("groups") {
        claims.insert("groups".to_owned(), person.groups.into());
    }
    claims
}

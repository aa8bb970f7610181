//! Where Prosody finds public keys: `/.well-known/jwks.json` for its `cache_keys_url`, `/asap/….pem` for its `asap_key_server`.

use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_TYPE, ETAG, EntityTag, Header, HeaderValue, IfNoneMatch, RETRY_AFTER,
};
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};

use super::app::Current;
use super::error::PageError;
use crate::keyring::{Document, Published};

/// Prosody reads both without a look at their type.
const JWKS: &str = "application/jwk-set+json";
const PEM: &str = "application/x-pem-file";

/// `GET /.well-known/jwks.json`
pub(super) async fn jwks(request: HttpRequest, app: Current) -> HttpResponse {
    match app.keys.published() {
        Some(published) => answer(&request, &published, published.jwks(), JWKS),
        None => not_yet(),
    }
}

/// `GET /asap/{sha256 of kid}.pem`
pub(super) async fn pem(request: HttpRequest, name: Path<String>, app: Current) -> Result<HttpResponse, PageError> {
    match app.keys.published_with(&name).await {
        Some(published) => {
            let pem = published.pem(&name).ok_or(PageError::NoPage)?;
            Ok(answer(&request, &published, pem, PEM))
        }
        None => Ok(not_yet()),
    }
}

/// A document, or that the asker has it already (RFC 9110, section 13.1.2).
fn answer(
    request: &HttpRequest,
    published: &Published,
    document: &Document,
    content_type: &'static str,
) -> HttpResponse {
    let tag = EntityTag::new_strong(document.tag.clone());
    let is_known = match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => request.headers().contains_key(IfNoneMatch::name()),
        Ok(IfNoneMatch::Items(known)) => known.iter().any(|known| known.weak_eq(&tag)),
        Err(_) => false,
    };
    let mut answer = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer
        .insert_header((CACHE_CONTROL, format!("public, max-age={}", published.max_age().as_secs())))
        .insert_header((ETAG, tag));
    if is_known {
        return answer.finish();
    }
    answer.insert_header((CONTENT_TYPE, HeaderValue::from_static(content_type))).body(document.body.to_string())
}

/// The store has not been reached since the start: whoever asks has to ask again, and not to take it for an empty set.
pub(super) fn not_yet() -> HttpResponse {
    HttpResponse::build(StatusCode::SERVICE_UNAVAILABLE).insert_header((RETRY_AFTER, "1")).finish()
}

#[cfg(test)]
mod tests;

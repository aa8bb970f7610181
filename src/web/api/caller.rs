//! Who asks: the program that a key was made for.
//!
//! A key is looked up by its SHA-256. Of 256 random bits, whoever measures how long that takes learns nothing that helps to guess them.

use actix_web::HttpRequest;
use actix_web::http::header::AUTHORIZATION;

use super::problem::ApiError;
use crate::api_key::{ApiKey, ApiSecret, Scope};
use crate::web::app::App;

/// The key of a request, if it may do what `scope` says.
pub(super) async fn caller(app: &App, request: &HttpRequest, scope: Scope) -> Result<ApiKey, ApiError> {
    let secret: ApiSecret = bearer(request)?.parse().map_err(|_| ApiError::WrongKey)?;
    let row = app.store.api_key(secret.fingerprint(), app.clock.now().as_second()).await?;
    let key = ApiKey::from_row(row.ok_or(ApiError::WrongKey)?);
    if key.may(scope) { Ok(key) } else { Err(ApiError::Scope(scope)) }
}

/// The credentials of a request (RFC 6750, section 2.1).
fn bearer(request: &HttpRequest) -> Result<&str, ApiError> {
    let mut headers = request.headers().get_all(AUTHORIZATION);
    let first = headers.next().ok_or(ApiError::NoKey)?;
    let (scheme, token) = first.to_str().ok().and_then(|text| text.split_once(' ')).ok_or(ApiError::NoKey)?;
    if headers.next().is_some() || !scheme.eq_ignore_ascii_case("Bearer") {
        return Err(ApiError::NoKey);
    }
    Ok(token.trim_start_matches(' '))
}

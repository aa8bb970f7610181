//! Bodies of requests: JSON, said to be such, and no longer than it has to be.

use std::time::Duration;

use actix_web::HttpMessage;
use actix_web::HttpRequest;
use actix_web::web::{Bytes, Payload};
use serde::de::DeserializeOwned;

use super::problem::ApiError;

/// How long a body may take to arrive.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The bytes of a JSON body of `most` at the most.
pub(super) async fn read(request: &HttpRequest, body: Payload, most: usize) -> Result<Bytes, ApiError> {
    let kind = request.content_type();
    if !kind.eq_ignore_ascii_case("application/json") {
        return Err(ApiError::MediaType);
    }
    let body = actix_web::rt::time::timeout(TIMEOUT, body.to_bytes_limited(most)).await;
    let body = body.map_err(|_| ApiError::Broken)?.map_err(|_| ApiError::TooLong { most })?;
    body.map_err(|_| ApiError::Broken)
}

/// What a body says. Of what is wrong with it, the place is told, and nothing of its content.
pub(super) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    serde_json::from_slice(body).map_err(|error| {
        let what = match error.classify() {
            serde_json::error::Category::Data => "a member is missing, unknown, or of another kind",
            _ => "it is no JSON",
        };
        ApiError::Json(format!("{what} (line {}, column {})", error.line(), error.column()))
    })
}

//! `GET /.well-known/openid-configuration`

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};

use super::origin::Origin;
use crate::inline::Metadata;
use crate::web::app::Current;
use crate::web::error::PageError;
use crate::web::published::not_yet;

/// Endpoints and abilities of the inline login.
pub(in crate::web) async fn metadata(app: Current, request: HttpRequest) -> Result<HttpResponse, PageError> {
    let inline = app.inline.as_ref().ok_or(PageError::NoPage)?;
    let Ok(key) = app.signing_key(app.clock.now()) else { return Ok(not_yet()) };
    let metadata = Metadata::new(&app.public_url, key.algorithm());
    let json = serde_json::to_vec(&metadata).expect("strings and lists are always JSON");
    let mut answer = HttpResponse::Ok().body(json);
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"));
    Origin::of(&request, inline).mark(inline, headers);
    Ok(answer)
}

//! The two kinds of answer: a page, or a redirect.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, HeaderValue, LOCATION};
use askama::Template;

static HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");

/// 303, so that a form is not sent along. `address` has to be a serialized URL, which is ASCII.
pub(super) fn see_other(address: &str) -> HttpResponse {
    let mut answer = HttpResponse::new(StatusCode::SEE_OTHER);
    let location = HeaderValue::from_str(address).expect("a serialized URL is visible ASCII");
    answer.headers_mut().insert(LOCATION, location);
    answer
}

/// 200 with a page.
pub(super) fn page(view: &impl Template) -> HttpResponse {
    page_with(StatusCode::OK, view)
}

/// A page with a status of its own.
pub(super) fn page_with(status: StatusCode, view: &impl Template) -> HttpResponse {
    let html = view.render().expect("writing to a string does not fail");
    let mut answer = HttpResponse::with_body(status, html).map_into_boxed_body();
    answer.headers_mut().insert(CONTENT_TYPE, HTML.clone());
    answer
}

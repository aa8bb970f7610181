//! What the pages of the demonstration share.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, ContentType};
use actix_web::middleware::DefaultHeaders;
use actix_web::web::{self, ServiceConfig};
use askama::Template;

/// `page`, rendered.
pub(crate) fn html(status: StatusCode, page: &impl Template) -> HttpResponse {
    match page.render() {
        Ok(text) => HttpResponse::build(status).content_type(ContentType::html()).body(text),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}

/// The stylesheet and the one script.
pub(crate) fn assets(config: &mut ServiceConfig) {
    config.route("/demo.css", web::get().to(stylesheet)).route("/join.js", web::get().to(script));
}

async fn stylesheet() -> HttpResponse {
    HttpResponse::Ok().content_type("text/css; charset=utf-8").body(include_str!("pages/demo.css"))
}

async fn script() -> HttpResponse {
    HttpResponse::Ok().content_type("text/javascript; charset=utf-8").body(include_str!("pages/join.js"))
}

/// The headers of every response.
///
/// `form-action` is left open: Chromium applies it to the redirects after a form as well, and those lead from the
/// provider by way of Roomkey to the meeting.
pub(crate) fn headers() -> DefaultHeaders {
    let policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'";
    DefaultHeaders::new()
        .add((header::CONTENT_SECURITY_POLICY, policy))
        .add((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .add((header::REFERRER_POLICY, "no-referrer"))
        .add((header::CACHE_CONTROL, "no-store"))
}

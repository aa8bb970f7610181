//! `GET /metrics`, on the management address.

use actix_web::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, Header, VARY};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::app::Site;
use crate::metrics::{Exposition, Form};

/// What has been measured, in the form that is asked for: OpenMetrics, or else the text format of Prometheus, which more can read.
pub(super) async fn metrics(site: Data<Site>, request: HttpRequest) -> HttpResponse {
    let app = site.app();
    let form = wanted(&request);
    match Exposition::gather(app.sources()).await.write(form) {
        Ok(text) => HttpResponse::Ok()
            .insert_header((CONTENT_TYPE, form.media_type()))
            .insert_header((CACHE_CONTROL, "no-store"))
            .insert_header((VARY, ACCEPT.as_str()))
            .body(text),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}

/// The first form that suits, by the order in which `Accept` prefers them.
fn wanted(request: &HttpRequest) -> Form {
    let accepted = actix_web::http::header::Accept::parse(request).map(|accept| accept.ranked()).unwrap_or_default();
    let form = |name: &str| match name {
        "application/openmetrics-text" => Some(Form::OpenMetrics),
        "text/plain" | "text/*" | "*/*" => Some(Form::Prometheus),
        _ => None,
    };
    accepted.iter().find_map(|media| form(media.essence_str())).unwrap_or(Form::Prometheus)
}

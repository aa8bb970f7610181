//! The API for programs, `/api/v1`: passes.
//!
//! A request shows a key ([`caller`]), is read by strict rules ([`body`]), and is answered in JSON; whatever is wrong with it in
//! problem details (RFC 9457, [`problem`]). Browsers on other sites get nothing: there is no CORS, and no cookie counts.

mod body;
mod caller;
mod document;
mod once;
mod passes;
mod problem;
mod view;

use actix_web::guard::{Any, Get, Head};
use actix_web::web::{self, ServiceConfig};
use actix_web::{Resource, Route};

use problem::ApiError;

/// The routes of the API.
pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(
        web::scope("/api/v1")
            .service(
                web::resource("/openapi.json")
                    .route(web::route().guard(Any(Get()).or(Head())).to(document::serve))
                    .default_service(wrong_method("GET, HEAD")),
            )
            .service(
                web::resource("/passes")
                    .route(web::get().to(passes::list))
                    .route(web::post().to(passes::create))
                    .default_service(wrong_method("GET, POST")),
            )
            .service(only(web::resource("/passes/batch"), web::post().to(passes::create_batch), "POST"))
            .service(
                web::resource("/passes/{id}")
                    .route(web::get().to(passes::get))
                    .route(web::delete().to(passes::withdraw))
                    .default_service(wrong_method("GET, DELETE")),
            )
            .default_service(web::to(async || Err::<&'static str, _>(ApiError::NoRoute))),
    );
}

fn only(resource: Resource, route: Route, method: &'static str) -> Resource {
    resource.route(route).default_service(wrong_method(method))
}

fn wrong_method(allowed: &'static str) -> Route {
    web::to(move || std::future::ready(Err::<&'static str, _>(ApiError::WrongMethod { allowed })))
}

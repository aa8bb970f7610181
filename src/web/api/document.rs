//! The API described for programs: OpenAPI 3.1.

use std::sync::LazyLock;

use actix_web::HttpResponse;
use utoipa::openapi::OpenApi as Document;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::passes;

#[derive(OpenApi)]
#[openapi(
    info(title = "Roomkey", description = "Passes: invitations into meetings of Jitsi Meet."),
    tags((name = "passes", description = "Invitations")),
    paths(passes::create, passes::create_batch, passes::list, passes::get, passes::withdraw),
    modifiers(&Keys)
)]
struct Api;

/// Keys of the API as bearer tokens (RFC 6750).
struct Keys;

impl Modify for Keys {
    fn modify(&self, document: &mut Document) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        document.components.get_or_insert_default().add_security_scheme("key", SecurityScheme::Http(scheme));
    }
}

static DOCUMENT: LazyLock<String> =
    LazyLock::new(|| Api::openapi().to_pretty_json().expect("the document is made of texts"));

/// `GET /api/v1/openapi.json`, for whoever asks: it says nothing about this site.
pub(super) async fn serve() -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(DOCUMENT.as_str())
}

#[cfg(test)]
mod tests {
    use actix_web::http::Method;
    use actix_web::test::TestRequest;
    use serde_json::Value;

    use crate::clock::Clock;
    use crate::web::testing::{app, browser, noon};

    #[actix_web::test]
    async fn what_is_in_the_document_is_there_for_those_who_have_a_key_and_by_no_other_method() {
        let mut browser = browser(app(&["work"], &Clock::standing_at(noon()))).await;
        let document: Value = serde_json::from_str(&browser.get("/api/v1/openapi.json").await.body).unwrap();
        let mut routes = 0;

        for (path, methods) in document["paths"].as_object().unwrap() {
            let uri = path.replace("{id}", "0m6c2v9a");
            for (method, route) in methods.as_object().unwrap() {
                let method = Method::from_bytes(method.to_ascii_uppercase().as_bytes()).unwrap();
                let answer = browser.send(TestRequest::with_uri(&uri).method(method.clone())).await;
                assert_eq!(answer.status.as_u16(), 401, "{method} {path}");
                assert!(route["security"][0]["key"][0].is_string() && route["responses"]["401"].is_object());
                routes += 1;
            }
            let other = browser.send(TestRequest::with_uri(&uri).method(Method::PATCH)).await;
            let mut allowed: Vec<_> = other.header("allow").split(", ").map(str::to_ascii_lowercase).collect();
            allowed.sort_unstable();
            let mut told: Vec<_> = methods.as_object().unwrap().keys().cloned().collect();
            told.sort_unstable();
            assert_eq!(allowed, told, "{path}");
        }

        assert_eq!(routes, 5);
        assert_eq!(document["components"]["securitySchemes"]["key"]["scheme"], "bearer");
    }
}

//! Which handler answers what on the public address.

use std::future::ready;

use actix_web::guard::{Any, Get, Head, fn_guard};
use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig, resource};
use actix_web::{Handler, Resource, Responder, Route};

use super::error::PageError;
use super::link::ADAPTER_AUTH;
use super::visitor::Sessions;
use super::{
    acs, api, assets, callback, discovery, enter, health, inline, landing, login_form, logout, pass, pass_files,
    provider_logout, published, saml_logout,
};
use crate::provider::FormerClients;

/// The public routes. Room names stand below `/room/`, so that no meeting can be called like another route.
pub(super) fn routes(config: &mut ServiceConfig, sessions: &Sessions) {
    config
        .service(reading("/", landing::landing).wrap(sessions.clone()))
        // All that is opened most begins so: found by comparing texts, without a pattern.
        .service(
            web::scope("/room")
                .guard(Any(Get()).or(Head()))
                .default_service(web::to(enter::enter))
                .wrap(sessions.clone()),
        )
        .service(web::scope("/room").default_service(wrong_method("GET, HEAD")))
        .service(
            resource("/login/{provider}")
                .route(web::route().guard(Any(Get()).or(Head())).to(enter::enter))
                .route(web::post().to(login_form::enter))
                .default_service(wrong_method("GET, HEAD, POST"))
                .wrap(sessions.clone()),
        )
        .service(
            resource("/pass/{code}")
                .route(web::route().guard(Any(Get()).or(Head())).to(pass::show))
                .route(web::post().to(pass::enter))
                .default_service(wrong_method("GET, HEAD, POST"))
                .wrap(sessions.clone()),
        )
        .service(reading("/pass/{code}/login", pass::log_in).wrap(sessions.clone()))
        .service(reading("/pass/{code}/calendar.ics", pass_files::calendar))
        .service(reading("/pass/{code}/qr.svg", pass_files::picture))
        .service(coming_back("/callback/{provider}").wrap(sessions.clone()))
        .service(
            resource("/saml/{provider}/acs")
                .route(web::post().to(acs::consume))
                .default_service(wrong_method("POST"))
                .wrap(sessions.clone()),
        )
        .service(reading("/saml/{provider}/metadata", acs::metadata))
        .service(coming_back(FormerClients::OPENID_CALLBACK).wrap(sessions.clone()))
        .service(coming_back(FormerClients::ADAPTER_CALLBACK).wrap(sessions.clone()))
        .service(reading(ADAPTER_AUTH, enter::enter).wrap(sessions.clone()))
        .service(reading(health::ADAPTER_HEALTH, health::of_the_adapter))
        .service(
            resource("/logout")
                .route(web::get().to(logout::ask))
                .route(web::post().to(logout::end))
                .default_service(wrong_method("GET, POST"))
                .wrap(sessions.clone()),
        )
        .service(reading("/logout/done", logout::done))
        .service(
            resource("/logout/backchannel/{provider}")
                .route(web::post().to(provider_logout::backchannel))
                .default_service(wrong_method("POST")),
        )
        .service(reading("/logout/frontchannel/{provider}", provider_logout::frontchannel))
        .service(reading("/saml/{provider}/discovery", discovery::back))
        .service(
            resource("/saml/{provider}/slo")
                .route(web::get().to(saml_logout::by_query))
                .route(web::post().to(saml_logout::by_form))
                .default_service(wrong_method("GET, POST")),
        )
        .service(reading("/.well-known/jwks.json", published::jwks))
        .service(reading("/asap/{name}.pem", published::pem))
        .service(reading("/static/{path}", assets::serve))
        .service(reading("/favicon.ico", assets::favicon))
        .configure(api::routes)
        .configure(|config| inline_routes(config, sessions))
        .default_service(web::to(no_page));
}

/// Where a provider sends people back to.
fn coming_back(path: &str) -> Resource {
    resource(path)
        .route(web::get().to(callback::callback))
        .route(web::post().to(callback::callback_form))
        .default_service(wrong_method("GET, POST"))
}

/// Jitsi's inline login, if the configuration has it.
fn inline_routes(config: &mut ServiceConfig, sessions: &Sessions) {
    config
        .service(
            resource("/oauth2/authorize")
                .guard(fn_guard(inline::is_open))
                .route(web::get().to(inline::authorize))
                .default_service(wrong_method("GET"))
                .wrap(sessions.clone()),
        )
        .service(
            resource("/oauth2/token")
                .guard(fn_guard(inline::is_open))
                .route(web::post().to(inline::token))
                .route(web::method(Method::OPTIONS).to(inline::preflight))
                .default_service(wrong_method("OPTIONS, POST")),
        )
        .service(
            resource("/oauth2/logout")
                .guard(fn_guard(inline::is_open))
                .route(web::get().to(logout::ask))
                .default_service(wrong_method("GET"))
                .wrap(sessions.clone()),
        )
        .service(reading("/.well-known/openid-configuration", inline::metadata).guard(fn_guard(inline::is_open)));
}

/// A page that can be read, and asked about with HEAD.
fn reading<F, Args>(path: &str, handler: F) -> Resource
where
    F: Handler<Args>,
    Args: actix_web::FromRequest + 'static,
    F::Output: Responder + 'static,
{
    resource(path)
        .route(web::route().guard(Any(Get()).or(Head())).to(handler))
        .default_service(wrong_method("GET, HEAD"))
}

fn wrong_method(allowed: &'static str) -> Route {
    web::to(move || ready(Err::<&'static str, _>(PageError::WrongMethod { allowed })))
}

async fn no_page() -> Result<&'static str, PageError> {
    Err(PageError::NoPage)
}

#[cfg(test)]
mod tests {
    use actix_web::http::Method;
    use actix_web::test::TestRequest;

    use crate::clock::Clock;
    use crate::provider::{FormerClients, ProviderId};
    use crate::web::assets;
    use crate::web::testing::{app, browser, noon};

    #[actix_web::test]
    async fn every_route_answers_its_methods_and_no_others() {
        let mut app = app(&["work"], &Clock::standing_at(noon()));
        let work: ProviderId = "work".parse().unwrap();
        app.former_clients = FormerClients { jitsi_openid: Some(work.clone()), jitsi_oidc_adapter: Some(work) };
        let mut browser = browser(app).await;
        let style = assets::url("roomkey.css");
        let routes = [
            ("/", "GET, HEAD", 200),
            ("/room/standup", "GET, HEAD", 303),
            ("/room/sales/standup", "GET, HEAD", 303),
            ("/login/work?room=standup", "GET, HEAD, POST", 303),
            ("/callback/work", "GET, POST", 400),
            ("/callback", "GET, POST", 400),
            ("/oidc/tokenize", "GET, POST", 400),
            ("/oidc/auth?state=%7B%22room%22%3A%22standup%22%7D", "GET, HEAD", 303),
            ("/oidc/health", "GET, HEAD", 200),
            ("/logout", "GET, POST", 303),
            ("/logout/done", "GET, HEAD", 303),
            ("/logout/backchannel/work", "POST", 400),
            ("/logout/frontchannel/work", "GET, HEAD", 400),
            (style.as_str(), "GET, HEAD", 200),
            ("/favicon.ico", "GET, HEAD", 200),
            ("/pass/wrong", "GET, HEAD, POST", 503),
            ("/api/v1/openapi.json", "GET, HEAD", 200),
            ("/api/v1/passes", "GET, POST", 401),
            ("/api/v1/passes/batch", "POST", 401),
            ("/api/v1/passes/0m6c2v9a", "GET, DELETE", 401),
            ("/pass/wrong/login", "GET, HEAD", 503),
            ("/pass/wrong/calendar.ics", "GET, HEAD", 503),
            ("/pass/wrong/qr.svg", "GET, HEAD", 503),
            ("/.well-known/jwks.json", "GET, HEAD", 200),
            ("/asap/0a.pem", "GET, HEAD", 404),
        ];

        for (uri, allowed, status) in routes {
            for method in ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE"] {
                let form = ("content-type", "application/x-www-form-urlencoded");
                let request = TestRequest::with_uri(uri).method(Method::from_bytes(method.as_bytes()).unwrap());
                let answer = browser.send(request.insert_header(form)).await;
                // Only guests post a name.
                let status = if (uri, method) == ("/login/work?room=standup", "POST") { 404 } else { status };
                if allowed.contains(method) {
                    assert_eq!(answer.status.as_u16(), status, "{method} {uri}");
                } else {
                    assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, allowed), "{method} {uri}");
                }
            }
        }
    }

    #[actix_web::test]
    async fn the_routes_of_another_program_are_there_only_where_its_place_is_taken() {
        let mut browser = browser(app(&["work"], &Clock::standing_at(noon()))).await;

        for uri in ["/callback", "/oidc/tokenize", "/oidc/health", "/oidc/auth?state=%7B%22room%22%3A%22standup%22%7D"]
        {
            let answer = browser.get(uri).await;
            assert_eq!(answer.status.as_u16(), 404, "{uri}");
        }
    }

    #[actix_web::test]
    async fn nothing_else_is_there() {
        let mut browser = browser(app(&["work"], &Clock::standing_at(noon()))).await;

        for uri in ["/room", "/rooms/standup", "/%72oom/standup", "/static/roomkey.css", "/health/live", "/callback/"] {
            let answer = browser.get(uri).await;
            assert_eq!(answer.status.as_u16(), 404, "{uri}");
            assert!(answer.body.contains("<h1>There is no page here</h1>"), "{uri}");
        }
    }
}

//! Logging out, by the provider: directly (OpenID Connect Back-Channel Logout 1.0), or through the visitor's browser
//! (OpenID Connect Front-Channel Logout 1.0).

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;
use url::Url;

use super::app::{App, Current};
use super::error::PageError;
use super::form::Form;
use super::query::{self, Parameter};
use super::record;
use crate::audit::Person;
use crate::provider::http::Http;
use crate::provider::oidc::{LEEWAY, MAX_TOKEN_BYTES};
use crate::provider::{Entry, LogoutTokens, Provider, ProviderError, ProviderId, Told, chain};
use crate::session::{Ended, Keeper};
use crate::store::StoreError;

const LOGOUT_TOKEN: Parameter = Parameter { name: "logout_token", max_bytes: MAX_TOKEN_BYTES };
const ISS: Parameter = Parameter { name: "iss", max_bytes: 2 * 1024 };
const SID: Parameter = Parameter { name: "sid", max_bytes: 255 };

/// Why a provider's logout did nothing.
#[derive(Debug, thiserror::Error)]
enum NotLoggedOut {
    #[error("there is no `logout_token`")]
    NoToken,
    #[error("the logout token is refused")]
    Refused(#[from] ProviderError),
    #[error("the logout token has been used before")]
    UsedBefore,
    #[error("`iss` is another issuer's, or there is no `sid`")]
    NotThisProvider,
    #[error("the sessions cannot be ended")]
    Store(#[from] StoreError),
}

/// `POST /logout/backchannel/{provider}`: what its answer says is for the provider's log (section 2.8).
pub(super) async fn backchannel(
    provider: Path<String>,
    Form(form): Form,
    app: Current,
    http: Data<Http>,
) -> Result<HttpResponse, PageError> {
    let (entry, logout) = find(&app, &provider)?;
    match end_by_token(&app, &http, &entry.id, logout, &form).await {
        Ok(ended) => {
            tracing::info!(
                provider.id = %entry.id,
                sessions = ended,
                "`{}` has logged somebody out: {ended} sessions end", entry.id,
            );
            Ok(HttpResponse::new(StatusCode::OK))
        }
        Err(error) => Ok(refuse(&entry.id, &error)),
    }
}

/// `GET /logout/frontchannel/{provider}`: in a frame of the provider's page, hence without this browser's cookies.
pub(super) async fn frontchannel(
    provider: Path<String>,
    app: Current,
    request: HttpRequest,
) -> Result<HttpResponse, PageError> {
    let (entry, logout) = find(&app, &provider)?;
    let [iss, sid] = query::read(request.query_string(), [ISS, SID])?;
    let outcome = match (iss, sid) {
        (Some(iss), Some(sid)) if logout.is_issuer(&iss) => {
            app.keeper.end_by_provider(&entry.id, Ended::Sid(&sid)).await.map_err(NotLoggedOut::from)
        }
        _ => Err(NotLoggedOut::NotThisProvider),
    };
    let mut answer = match outcome {
        Ok(ended) => {
            record::logged_out_by_provider(&app, &entry.id, None, ended).await;
            HttpResponse::new(StatusCode::OK)
        }
        Err(error) => refuse(&entry.id, &error),
    };
    answer.headers_mut().insert(CONTENT_SECURITY_POLICY, framed_by(logout.issuer()));
    Ok(answer)
}

async fn end_by_token(
    app: &App,
    http: &Http,
    provider: &ProviderId,
    logout: &dyn LogoutTokens,
    form: &str,
) -> Result<u64, NotLoggedOut> {
    let token = query::read(form, [LOGOUT_TOKEN]).ok().and_then(|[token]| token).ok_or(NotLoggedOut::NoToken)?;
    let token = logout.check(http, &token, app.clock.now()).await?;
    // A token is spent only when the sessions can be ended, so that the provider can send it again once they can.
    app.keeper.check().await?;
    let remembered_until = token.expires.as_second().saturating_add_unsigned(LEEWAY.as_secs());
    if !app.store.spend(Keeper::token_hash(provider, &token.jti), remembered_until).await? {
        return Err(NotLoggedOut::UsedBefore);
    }
    let ended = match (&token.sid, &token.subject) {
        (Some(sid), _) => app.keeper.end_by_provider(provider, Ended::Sid(sid)).await?,
        (None, Some(subject)) => app.keeper.end_by_provider(provider, Ended::Subject(subject)).await?,
        (None, None) => 0,
    };
    let person = token.subject.as_ref().map(|subject| Person::known_as(provider, subject.as_str()));
    record::logged_out_by_provider(app, provider, person, ended).await;
    Ok(ended)
}

fn find<'a>(app: &'a App, provider: &str) -> Result<(&'a Entry, &'a dyn LogoutTokens), PageError> {
    let id = provider.parse().map_err(|_| PageError::NoProvider)?;
    let entry = app.provider(&id)?;
    let Provider::Redirect(provider) = &entry.provider else { return Err(PageError::NoProvider) };
    match provider.single_logout().map(|logout| logout.told()) {
        Some(Told::Tokens(tokens)) => Ok((entry, tokens)),
        Some(Told::Messages(_)) | None => Err(PageError::NoProvider),
    }
}

fn refuse(provider: &ProviderId, error: &NotLoggedOut) -> HttpResponse {
    tracing::warn!(provider.id = %provider, error = chain(error), "a logout by `{provider}` does nothing");
    let description = match error {
        NotLoggedOut::NoToken => "logout_token is missing".to_owned(),
        NotLoggedOut::Refused(ProviderError::Untrusted { check, .. }) => format!("the {check} check fails"),
        NotLoggedOut::Refused(_) => "the provider's keys cannot be had".to_owned(),
        NotLoggedOut::UsedBefore => "the token has been used before".to_owned(),
        NotLoggedOut::NotThisProvider => "iss and sid have to be those of this provider".to_owned(),
        NotLoggedOut::Store(_) => "sessions cannot be ended at the moment".to_owned(),
    };
    let body = json!({ "error": "invalid_request", "error_description": description }).to_string();
    let mut answer = HttpResponse::with_body(StatusCode::BAD_REQUEST, body).map_into_boxed_body();
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    answer
}

fn framed_by(issuer: &str) -> HeaderValue {
    let origin =
        Url::parse(issuer).map_or_else(|_| "'none'".to_owned(), |issuer| issuer.origin().ascii_serialization());
    let policy = format!("default-src 'none'; frame-ancestors {origin}; base-uri 'none'");
    HeaderValue::try_from(policy)
        .unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"))
}

//! The forms that Roomkey asks people with itself, `POST /login/{provider}`: by what the provider asks for.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use futures_util::future::{FutureExt, LocalBoxFuture};
use zeroize::Zeroizing;

use super::app::{App, Current};
use super::cookies::Attempts;
use super::error::PageError;
use super::form::Form;
use super::visitor::Visitor;
use super::{guest, password};
use crate::login::{LoginAttempt, LoginError, Mismatch};
use crate::provider::{Provider, ProviderId};

/// What such a form brings.
pub(super) struct Filled {
    provider: ProviderId,
    form: Zeroizing<String>,
}

/// `POST /login/{provider}`
pub(super) async fn enter(
    filled: Filled,
    attempts: Attempts,
    visitor: Visitor,
    app: Current,
    request: HttpRequest,
) -> Result<HttpResponse, PageError> {
    let Filled { provider, form } = filled;
    match &app.provider(&provider)?.provider {
        Provider::Guest(guest) => guest::enter(guest, provider, &form, &attempts, &app, &request).await,
        Provider::Password(directory) => {
            let scene = password::Scene { directory, attempts: &attempts, app: &app, request: &request };
            password::enter(scene, provider, &form, &visitor).await
        }
        Provider::Redirect(_) => Err(PageError::NoProvider),
    }
}

/// The login of this browser that the form belongs to: no other site can post one.
pub(super) fn open(
    app: &App,
    attempts: &Attempts,
    provider: &ProviderId,
    state: Option<&str>,
) -> Result<LoginAttempt, PageError> {
    let no_login = |cause| PageError::NoLogin { provider: provider.clone(), cause };
    let state = state.ok_or_else(|| no_login(LoginError::NotYours(Mismatch::State)))?;
    let cookie = |tag: &str| attempts.take(app.cookies, tag);
    LoginAttempt::open(state, provider, cookie, &app.sealer, app.clock.now()).map_err(no_login)
}

impl FromRequest for Filled {
    type Error = PageError;
    type Future = LocalBoxFuture<'static, Result<Self, PageError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let provider = request.uri().path().strip_prefix("/login/").ok_or(PageError::NoPage);
        let provider = provider.and_then(|id| id.parse().map_err(|_| PageError::NoProvider));
        let form = Form::from_request(request, payload);
        async move { Ok(Self { provider: provider?, form: form.await?.0 }) }.boxed_local()
    }
}

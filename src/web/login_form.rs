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
use super::{guest, kind, password};
use crate::login::{LoginAttempt, NewAttempt};
use crate::metrics::RequestKind;
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
    kind::is(RequestKind::Form);
    match &app.provider(&provider)?.provider {
        Provider::Guest(guest) => guest::enter(guest, provider, &form, &attempts, &app, &request).await,
        Provider::Password(directory) => {
            let scene = password::Scene { directory, attempts: &attempts, app: &app, request: &request };
            password::enter(scene, provider, &form, &visitor).await
        }
        Provider::Redirect(_) => Err(PageError::NoProvider),
    }
}

/// An attempt is good for one answer, so that one which is not taken begins another.
pub(super) fn begin_again(attempt: &LoginAttempt, app: &App) -> Result<NewAttempt, PageError> {
    let (meeting, provider) = (attempt.request().clone(), attempt.provider().clone());
    let door = meeting.door.clone();
    NewAttempt::begin(meeting, provider, 0, &app.sealer, app.clock.now())
        .map_err(|cause| PageError::beginning(door, cause))
}

impl FromRequest for Filled {
    type Error = PageError;
    type Future = LocalBoxFuture<'static, Result<Self, PageError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let provider = request.uri().path().strip_prefix("/login/").ok_or(PageError::NoPage);
        let provider = provider.and_then(|id| id.parse().map_err(|_| PageError::NoProvider));
        let form = <Form>::from_request(request, payload);
        async move { Ok(Self { provider: provider?, form: form.await?.0 }) }.boxed_local()
    }
}

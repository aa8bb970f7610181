//! A form that a browser posts, or a provider.

use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use futures_util::future::{FutureExt, LocalBoxFuture};
use zeroize::{Zeroize, Zeroizing};

use super::error::{PageError, RequestError};
use crate::provider::saml::MAX_RESPONSE_BYTES;

/// Longest form, in bytes: an authorization response at its longest, with ID Tokens and claims that nobody asked for.
pub(super) const MAX_BYTES: usize = 32 * 1024;

/// Longest form that carries a message by SAML, in bytes: the longest document, in base64 and percent-encoded.
pub(super) const MAX_SAML_BYTES: usize = 2 * MAX_RESPONSE_BYTES;

/// How long a form may take to arrive.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The text of an `application/x-www-form-urlencoded` body of at most `MAX` bytes, which may hold a password or a code.
pub(super) struct Form<const MAX: usize = MAX_BYTES>(pub(super) Zeroizing<String>);

impl<const MAX: usize> Form<MAX> {
    /// The text of a body, which is wiped.
    fn text(mut body: web::BytesMut) -> Option<Zeroizing<String>> {
        let text = std::str::from_utf8(&body).ok().map(|text| Zeroizing::new(text.to_owned()));
        body.as_mut().zeroize();
        text
    }
}

impl<const MAX: usize> FromRequest for Form<MAX> {
    type Error = PageError;
    type Future = LocalBoxFuture<'static, Result<Self, PageError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_form = request.content_type().eq_ignore_ascii_case("application/x-www-form-urlencoded");
        let payload = web::Payload::from_request(request, payload).into_inner();
        async move {
            if !is_form {
                return Err(RequestError::NoForm.into());
            }
            let payload = payload.map_err(|_| RequestError::BodyBroken)?;
            let form = actix_web::rt::time::timeout(TIMEOUT, payload.to_bytes_limited(MAX)).await;
            let form = form.map_err(|_| RequestError::BodyTooSlow)?.map_err(|_| RequestError::BodyTooLong)?;
            let form = form.map_err(|_| RequestError::BodyBroken)?;
            let form = Self::text(form.into());
            Ok(Self(form.ok_or(RequestError::NoForm)?))
        }
        .boxed_local()
    }
}

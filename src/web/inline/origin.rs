//! Which scripts may read an answer (Fetch Standard, section 3.3): those of the meeting's origin, and no others.

use actix_web::HttpRequest;
use actix_web::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, HeaderMap, HeaderValue, ORIGIN, VARY};

use crate::inline::Inline;

/// Where a request says that it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// A page of Jitsi's.
    Meeting,
    /// No page at all: browsers always say.
    NoBrowser,
    /// Another site's page.
    Foreign,
}

impl Origin {
    /// By the request's `Origin`.
    pub(super) fn of(request: &HttpRequest, inline: &Inline) -> Self {
        match request.headers().get(ORIGIN) {
            None => Self::NoBrowser,
            Some(origin) if origin.as_bytes() == inline.origin.as_bytes() => Self::Meeting,
            Some(_) => Self::Foreign,
        }
    }

    /// Lets the meeting's scripts read the answer.
    pub(super) fn mark(self, inline: &Inline, headers: &mut HeaderMap) {
        headers.insert(VARY, HeaderValue::from_static("Origin"));
        if self == Self::Meeting
            && let Ok(origin) = HeaderValue::from_str(&inline.origin)
        {
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        }
    }
}

//! For whoever comes without a meeting.

use actix_web::{HttpRequest, HttpResponse};

use super::answer::page;
use super::app::Current;
use super::text::Text;
use super::view::Landing;

/// `GET /`
pub(super) async fn landing(app: Current, request: HttpRequest) -> HttpResponse {
    page(&Landing { frame: app.frame(Text::for_reader(&request, None)), meetings: app.meeting.url.as_str() })
}

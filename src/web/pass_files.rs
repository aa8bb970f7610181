//! What the holder of a pass can take along: an entry for their calendar, and a picture of the link.

use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use actix_web::{HttpRequest, HttpResponse};
use icalendar::{Calendar, Component, Event};
use jiff::Timestamp;
use qrcode::QrCode;
use qrcode::render::svg;

use super::app::{App, Current};
use super::assets::JUST_A_PICTURE;
use super::error::{NoPass, PageError};
use super::language::Language;
use super::pass::Shown;
use super::problem::readable;
use crate::pass::Refused;

/// Width and height of the picture, in its own units.
const SIDE: u32 = 320;

/// `GET /pass/{code}/calendar.ics`
pub(super) async fn calendar(app: Current, request: HttpRequest) -> Result<HttpResponse, PageError> {
    let shown = still_good(&request, &app).await?;
    let pass = &shown.pass;
    let text = app.frame(Language::of_reader(&request, None)).text;
    let summary = pass.room().map_or_else(|| text.get("pass.title"), |meeting| readable(&meeting));
    let host = app.public_url.split("://").nth(1).and_then(|rest| rest.split(['/', ':']).next()).unwrap_or_default();
    let link = link_of(&app, &shown);
    let event = Event::new()
        .uid(&format!("{}@{host}", pass.id()))
        .summary(&summary)
        .description(&link)
        .url(&link)
        .add_property("DTSTAMP", utc(pass.made()))
        .add_property("DTSTART", utc(pass.begins().unwrap_or(pass.made())))
        .add_property("DTEND", utc(pass.ends()))
        .done();
    let calendar = Calendar::new().push(event).done();
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/calendar; charset=utf-8"))
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"meeting.ics\""))
        .body(calendar.to_string()))
}

/// `GET /pass/{code}/qr.svg`
pub(super) async fn picture(app: Current, request: HttpRequest) -> Result<HttpResponse, PageError> {
    let shown = still_good(&request, &app).await?;
    // A link is far shorter than the 2,953 bytes that a QR code holds at most (ISO/IEC 18004).
    let code = QrCode::new(link_of(&app, &shown)).map_err(|_| PageError::Panicked)?;
    let picture = code.render::<svg::Color<'_>>().min_dimensions(SIDE, SIDE).build();
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "image/svg+xml"))
        .insert_header((CONTENT_SECURITY_POLICY, JUST_A_PICTURE))
        .body(picture))
}

/// The pass of the path, unless there is nothing to come for any more.
async fn still_good(request: &HttpRequest, app: &App) -> Result<Shown, PageError> {
    let shown = Shown::of(request, app).await?;
    match shown.pass.check(app.clock.now()) {
        Ok(()) | Err(Refused::Early) => Ok(shown),
        Err(refused) => Err(NoPass::from(refused).into()),
    }
}

fn link_of(app: &App, shown: &Shown) -> String {
    format!("{}/pass/{}", app.public_url, shown.code.expose())
}

/// "Date with UTC time" (RFC 5545, section 3.3.5).
fn utc(time: Timestamp) -> String {
    time.strftime("%Y%m%dT%H%M%SZ").to_string()
}

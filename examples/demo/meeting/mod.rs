//! A stand-in for Jitsi Meet: sends people to log in, and shows what their token says.
//!
//! Without a token it does what Jitsi's front end does with `tokenAuthUrl` and `tokenAuthUrlAutoRedirect`; with one it
//! does what Prosody does before it lets somebody into a room.

mod prosody;

pub(crate) use prosody::Prosody;

use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes, Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use roomkey::clock::Clock;
use roomkey::room::RoomName;
use serde_json::json;
use url::form_urlencoded;

use self::prosody::{Check, Examined};
use super::guide::{MEETINGS, Meeting};
use super::page;
use super::provider::people::{PEOPLE, Person};

/// The meeting place.
pub(crate) struct Jitsi {
    pub(crate) prosody: Prosody,
    /// Jitsi's `tokenAuthUrl`, with `{room}` and `{state}` in it.
    pub(crate) token_auth_url: String,
    pub(crate) clock: Clock,
}

#[derive(Template)]
#[template(path = "../examples/demo/pages/index.html")]
struct Index {
    meetings: &'static [Meeting],
    people: &'static [Person],
}

#[derive(Template)]
#[template(path = "../examples/demo/pages/join.html")]
struct Join<'a> {
    typed: &'a str,
    log_in: &'a str,
}

#[derive(Template)]
#[template(path = "../examples/demo/pages/meeting.html")]
struct InTheMeeting<'a> {
    typed: &'a str,
    room: &'a str,
    name: &'a str,
    email: Option<&'a str>,
    moderates: bool,
    features: Option<String>,
    token: Decoded<'a>,
}

#[derive(Template)]
#[template(path = "../examples/demo/pages/turned-away.html")]
struct TurnedAway<'a> {
    typed: &'a str,
    room: &'a str,
    token: Option<Decoded<'a>>,
}

#[derive(Template)]
#[template(path = "../examples/demo/pages/no-room.html")]
struct NoRoom;

/// A token's parts for the page.
struct Decoded<'a> {
    header: String,
    claims: String,
    checks: &'a [Check],
}

/// Its routes.
pub(crate) fn routes(config: &mut ServiceConfig) {
    config
        .configure(page::assets)
        .route("/", web::get().to(index))
        .route("/{room}", web::get().to(by_link))
        .route("/{room}", web::post().to(by_form));
}

async fn index() -> HttpResponse {
    page::html(StatusCode::OK, &Index { meetings: &MEETINGS, people: &PEOPLE })
}

/// `GET /{room}`: somebody follows a link, with a token in `?jwt=` or without. A token in the fragment does not get
/// here: the page's script finds it and posts it.
async fn by_link(request: HttpRequest, typed: Path<String>, jitsi: Data<Jitsi>) -> HttpResponse {
    match value(request.query_string().as_bytes(), "jwt") {
        Some(token) => jitsi.enter(&typed, &token),
        None => jitsi.ask_to_log_in(&typed),
    }
}

/// `POST /{room}`: the token from the fragment, by the page's script.
async fn by_form(form: Bytes, typed: Path<String>, jitsi: Data<Jitsi>) -> HttpResponse {
    jitsi.enter(&typed, &value(&form, "jwt").unwrap_or_default())
}

fn value(encoded: &[u8], wanted: &str) -> Option<String> {
    form_urlencoded::parse(encoded).find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned())
}

impl Jitsi {
    /// The page that leads to `tokenAuthUrl`, with the room and a `state` as Jitsi's front end fills them in
    /// (`react/features/authentication/functions.any.ts`).
    fn ask_to_log_in(&self, typed: &str) -> HttpResponse {
        let Ok(room) = typed.parse::<RoomName>() else {
            return page::html(StatusCode::NOT_FOUND, &NoRoom);
        };
        let state = json!({ "room": typed, "roomSafe": room.as_str(), "config.prejoinConfig.enabled": false });
        let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let log_in = self.token_auth_url.replace("{room}", &encode(typed));
        let log_in = log_in.replace("{state}", &encode(&state.to_string()));
        page::html(StatusCode::OK, &Join { typed, log_in: &log_in })
    }

    /// Lets the bearer of `token` in, or not.
    fn enter(&self, typed: &str, token: &str) -> HttpResponse {
        let Ok(room) = typed.parse::<RoomName>() else {
            return page::html(StatusCode::NOT_FOUND, &NoRoom);
        };
        let room = room.as_str();
        let examined = match self.prosody.examine(token, room, self.clock.now()) {
            Ok(examined) if examined.opens_the_room() => examined,
            examined => {
                let token = examined.as_ref().ok().map(Decoded::of);
                return page::html(StatusCode::FORBIDDEN, &TurnedAway { typed, room, token });
            }
        };
        let features = examined.features();
        page::html(
            StatusCode::OK,
            &InTheMeeting {
                typed,
                room,
                name: examined.user("name").unwrap_or("Somebody"),
                email: examined.user("email"),
                moderates: examined.moderates(),
                features: features.map(|on| if on.is_empty() { "none".to_owned() } else { on.join(", ") }),
                token: Decoded::of(&examined),
            },
        )
    }
}

impl<'a> Decoded<'a> {
    fn of(examined: &'a Examined) -> Self {
        Self {
            header: format!("{:#}", serde_json::Value::from(examined.header.clone())),
            claims: format!("{:#}", serde_json::Value::from(examined.claims.clone())),
            checks: &examined.checks,
        }
    }
}

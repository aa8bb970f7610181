//! Which page a [`PageError`] gets: its story, and what the visitor can do.

use super::app::App;
use super::error::{Ended, PageError, UnderWay};
use super::link::{link_again, link_to};
use super::text::Text;
use super::view::{Again, Fact, Mark, Problem};
use crate::login::{LIFETIME, LoginError, LoginId, WayBack};
use crate::provider::{ProviderError, ProviderId};
use crate::room::{BadRoom, JoinRequest, RoomNameError};

/// What the sentences are about, before they are put into a language.
struct Story {
    message: &'static str,
    mark: Mark,
    advice: &'static [&'static str],
    /// Where the way out of it is told, if not in the message itself.
    next: Option<&'static str>,
    again: Option<Again>,
    facts: Vec<Fact>,
}

/// The page for `error`, by whose number the log can be searched.
pub(super) fn problem<'a>(error: &PageError, app: &'a App, text: Text, reference: LoginId) -> Problem<'a> {
    let story = tell(error, app);
    Problem {
        frame: app.frame(text),
        mark: story.mark,
        story: story.message,
        advice: story.advice,
        next: story.next,
        again: story.again,
        facts: story.facts,
        reference,
        minutes: LIFETIME.as_secs() / 60,
    }
}

fn tell(error: &PageError, app: &App) -> Story {
    match error {
        PageError::NoPage => Story::of("no-page", Mark::Sign),
        PageError::WrongMethod { .. } => Story::of("wrong-method", Mark::Sign),
        PageError::Request(_) => Story::of("bad-request", Mark::Link),
        PageError::BadRoom(bad) => bad_room(bad),
        PageError::Begin(_) => Story::of("bad-settings", Mark::Link),
        PageError::NoProvider => Story::of("no-provider", Mark::Sign),
        PageError::Closed(request) => Story::of("closed", Mark::Barred).meeting(request),
        PageError::NoLogin { provider, cause } => no_login(provider, cause, app).provider(app, provider),
        PageError::Ended { login, cause } => ended(login, cause, app),
        PageError::Panicked => Story::of("broken", Mark::Tools),
    }
}

fn bad_room(bad: &BadRoom) -> Story {
    match bad {
        BadRoom::Room(name) | BadRoom::Tenant(name) => bad_name(*name),
        BadRoom::State(_) => Story::of("bad-settings", Mark::Link),
    }
}

fn bad_name(name: RoomNameError) -> Story {
    let story = match name {
        RoomNameError::Empty => Story::of("empty-room", Mark::Link),
        RoomNameError::TooLong { .. } => Story::of("long-room", Mark::Link),
        RoomNameError::Space => Story::of("spaced-room", Mark::Link),
        RoomNameError::Reserved { .. }
        | RoomNameError::Invisible { .. }
        | RoomNameError::LeadingMark { .. }
        | RoomNameError::Unstable { .. }
        | RoomNameError::DotSegment
        | RoomNameError::OtherForm => Story::of("bad-room", Mark::Link),
    };
    match name.found() {
        Some(found) => story.fact("character", character(name, found)),
        None => story,
    }
}

/// A character as it looks, where it can be seen by itself, and by its number.
fn character(name: RoomNameError, found: char) -> String {
    let number = u32::from(found);
    match name {
        RoomNameError::Reserved { .. } | RoomNameError::Unstable { .. } => format!("{found} (U+{number:04X})"),
        RoomNameError::Empty
        | RoomNameError::TooLong { .. }
        | RoomNameError::Invisible { .. }
        | RoomNameError::LeadingMark { .. }
        | RoomNameError::Space
        | RoomNameError::DotSegment
        | RoomNameError::OtherForm => format!("U+{number:04X}"),
    }
}

/// A second loss in a row gets an explanation instead of a link, so that nobody goes in circles.
fn no_login(provider: &ProviderId, cause: &LoginError, app: &App) -> Story {
    match cause {
        LoginError::Lost(way) if way.lost_before == 0 => Story::of("lost", Mark::Loop).start_again(app, provider, way),
        LoginError::Lost(_) => {
            let story = Story::of("lost-again", Mark::Cookie).fact("address", app.public_url.clone());
            Story { advice: &["cookies", "private", "host", "browser", "clock"], ..story }
        }
        LoginError::Expired(way) if way.lost_before == 0 => {
            Story::of("expired", Mark::Clock).start_again(app, provider, way)
        }
        LoginError::Expired(_) => Story::of("expired-again", Mark::Clock),
        LoginError::NotYours(_) => Story::of("not-yours", Mark::Shield),
    }
}

fn ended(login: &UnderWay, cause: &Ended, app: &App) -> Story {
    let story = match cause {
        Ended::Provider(ProviderError::Refused { .. }) => Story::of("cancelled", Mark::Barred).try_again(app, login),
        Ended::Provider(ProviderError::NotAdmitted { .. }) => {
            Story::of("not-admitted", Mark::Barred).try_again(app, login)
        }
        Ended::Provider(ProviderError::Untrusted { .. }) => Story::of("untrusted", Mark::Shield).try_again(app, login),
        Ended::Provider(ProviderError::TurnedAway { .. }) => Story::of("turned-away", Mark::Tools),
        Ended::Provider(ProviderError::InTrouble { .. } | ProviderError::Unreachable { .. }) => {
            Story::of("provider-down", Mark::Unplugged).try_again(app, login)
        }
        Ended::Refused(_) => Story::of("refused", Mark::Barred).try_again(app, login),
        Ended::Signing(_) => Story::of("broken", Mark::Tools).try_again(app, login),
    };
    story.meeting(&login.request).provider(app, &login.provider)
}

impl Story {
    fn of(message: &'static str, mark: Mark) -> Self {
        Self { message, mark, advice: &[], next: None, again: None, facts: Vec::new() }
    }

    fn fact(mut self, label: &'static str, value: String) -> Self {
        self.facts.push(Fact { label, value });
        self
    }

    fn meeting(self, request: &JoinRequest) -> Self {
        self.fact("meeting", readable(request))
    }

    fn provider(self, app: &App, id: &ProviderId) -> Self {
        match app.registry.get(id) {
            Some(entry) => self.fact("provider", entry.name.clone()),
            None => self,
        }
    }

    fn try_again(self, app: &App, login: &UnderWay) -> Self {
        let href = format!("{}{}", app.root, link_to(&login.request, None, 0));
        Self { again: Some(Again { label: "try-again", href }), ..self }
    }

    fn start_again(self, app: &App, provider: &ProviderId, way: &WayBack) -> Self {
        match &way.path {
            Some(path) => {
                let href = format!("{}{}", app.root, link_again(path, provider, way.lost_before.saturating_add(1)));
                Self { again: Some(Again { label: "start-again", href }), ..self }
            }
            None => Self { next: Some("open-again"), ..self },
        }
    }
}

/// The meeting's name for people to read.
pub(super) fn readable(request: &JoinRequest) -> String {
    match &request.tenant {
        Some(tenant) => format!("{}/{}", tenant.decoded(), request.room.decoded()),
        None => request.room.decoded().into_owned(),
    }
}

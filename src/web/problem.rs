//! Which page a [`PageError`] gets: its story, and what the visitor can do.

use super::app::App;
use super::error::{Ended, NoPass, PageError, UnderWay};
use super::language::Language;
use super::link::{link_again, link_for_another, link_to};
use super::view::{Again, Fact, Mark, Problem};
use crate::jitsi::SigningError;
use crate::login::{LIFETIME, LoginError, LoginId, WayBack};
use crate::pass::Refused;
use crate::provider::{Barred, ProviderError, ProviderId};
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
pub(super) fn problem<'a>(error: &PageError, app: &'a App, language: Language, reference: LoginId) -> Problem<'a> {
    let story = tell(error, app);
    Problem {
        frame: app.frame(language),
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
        PageError::Pass(cause) => no_pass(cause),
        PageError::PassesTried(_) => Story::of("pass-wait", Mark::Clock),
        PageError::NoProvider => Story::of("no-provider", Mark::Sign),
        PageError::Closed(request) => Story::of("closed", Mark::Barred).meeting(request),
        PageError::NoLogin { provider, cause } => no_login(provider, cause, app).provider(app, provider),
        PageError::Ended { login, cause } => ended(login, cause, app),
        PageError::BadLogout { cause: ProviderError::Untrusted { .. }, .. } => Story::of("bad-request", Mark::Link),
        PageError::BadLogout { .. } => Story::of("provider-down", Mark::Unplugged),
        PageError::NoSessions(_) => Story::of("no-sessions", Mark::Unplugged),
        PageError::StaleForm => Story::of("stale-form", Mark::Shield),
        PageError::WrongClient(_) | PageError::Authorize { .. } => Story::of("bad-request", Mark::Link),
        PageError::Panicked => Story::of("broken", Mark::Tools),
    }
}

fn no_pass(cause: &NoPass) -> Story {
    match cause {
        NoPass::Refused(Refused::Unknown) => Story::of("pass-unknown", Mark::Link),
        NoPass::Refused(Refused::Early) => Story::of("closed", Mark::Clock),
        NoPass::Refused(Refused::Late) => Story::of("pass-late", Mark::Clock),
        NoPass::Refused(Refused::UsedUp) => Story::of("pass-used-up", Mark::Barred),
        NoPass::Refused(Refused::Withdrawn) => Story::of("pass-withdrawn", Mark::Barred),
        NoPass::Store(_) => Story::of("pass-down", Mark::Unplugged),
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
        | RoomNameError::TooNew { .. }
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
        | RoomNameError::TooNew { .. }
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
        Ended::Provider(ProviderError::Barred { why: Barred::PasswordToChange }) => {
            Story::of("password-to-change", Mark::Clock).try_again(app, login)
        }
        Ended::Provider(ProviderError::Barred { why: Barred::Disabled }) => {
            Story::of("account-disabled", Mark::Barred).somebody_else(app, login)
        }
        Ended::Provider(ProviderError::NotAdmitted { .. }) => {
            Story::of("not-admitted", Mark::Barred).somebody_else(app, login)
        }
        Ended::Provider(ProviderError::Untrusted { .. }) => Story::of("untrusted", Mark::Shield).try_again(app, login),
        Ended::Provider(ProviderError::TurnedAway { .. }) => Story::of("turned-away", Mark::Tools),
        Ended::Provider(ProviderError::SignOnNeeded) => Story::of("sign-on-first", Mark::Shield).try_again(app, login),
        Ended::Provider(ProviderError::TooManyCalls { .. }) => {
            Story::of("too-many-calls", Mark::Clock).try_again(app, login)
        }
        Ended::Provider(ProviderError::InTrouble { .. } | ProviderError::Unreachable { .. })
        | Ended::Uncounted(_)
        | Ended::Unremembered(_) => Story::of("provider-down", Mark::Unplugged).try_again(app, login),
        Ended::Refused(_) | Ended::Signing(SigningError::Ended) => {
            Story::of("refused", Mark::Barred).somebody_else(app, login)
        }
        Ended::Pass(cause) => return no_pass(cause).meeting(&login.request),
        Ended::NoCode(_) => Story::of("no-sessions", Mark::Unplugged),
        Ended::NotRecorded(_) => Story::of("not-recorded", Mark::Unplugged).try_again(app, login),
        Ended::Signing(SigningError::TooLarge { .. } | SigningError::NoKey | SigningError::Key(_)) => {
            Story::of("broken", Mark::Tools).try_again(app, login)
        }
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
        let href = format!("{}{}", app.root, link_to(&login.request, None, 0, app.inline.as_ref()));
        Self { again: Some(Again { label: "try-again", href }), ..self }
    }

    /// The browser may be signed in, so that the same link would come to the same end.
    fn somebody_else(self, app: &App, login: &UnderWay) -> Self {
        let href = format!("{}{}", app.root, link_for_another(&login.request, app.inline.as_ref()));
        Self { again: Some(Again { label: "somebody-else", href }), ..self }
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

#[cfg(test)]
mod tests {
    use actix_web::ResponseError;

    use super::*;
    use crate::clock::Clock;
    use crate::login::Mismatch;
    use crate::policy::Refusal;
    use crate::provider::http::HttpError;
    use crate::provider::{FailedCheck, Leg};
    use crate::room::StateError;
    use crate::web::testing::{app, noon};

    /// Status, message, and where the button leads.
    fn told(failure: &PageError) -> (u16, &'static str, Option<String>) {
        let app = app(&["work"], &Clock::standing_at(noon()));
        let story = tell(failure, &app);
        (failure.status_code().as_u16(), story.message, story.again.map(|again| again.href))
    }

    fn request(room: &str) -> JoinRequest {
        JoinRequest::from_link(None, room, None).unwrap()
    }

    fn ended_by(cause: impl Into<Ended>) -> PageError {
        let login = UnderWay {
            id: LoginId::random(),
            provider: "work".parse().unwrap(),
            request: request("standup"),
            person: None,
        };
        login.ended(cause.into())
    }

    fn bad(room: &str) -> PageError {
        JoinRequest::from_link(None, room, None).unwrap_err().into()
    }

    #[actix_web::test]
    async fn whatever_ends_a_login_has_its_status_its_sentences_and_its_way_out() {
        let (leg, code) = (Leg::Token, "x".to_owned());
        let back = || Some("/room/standup".to_owned());
        let as_another = || Some("/room/standup?other=1".to_owned());

        let refused = ended_by(ProviderError::Refused { code: code.clone() });
        assert_eq!(told(&refused), (403, "cancelled", back()));
        let not_admitted = ended_by(ProviderError::NotAdmitted { reason: code.clone() });
        assert_eq!(told(&not_admitted), (403, "not-admitted", as_another()));
        let untrusted = ended_by(ProviderError::Untrusted { check: FailedCheck::Nonce, detail: code.clone() });
        assert_eq!(told(&untrusted), (400, "untrusted", back()));
        let turned_away = ended_by(ProviderError::TurnedAway { leg, code: code.clone() });
        assert_eq!(told(&turned_away), (502, "turned-away", None));
        let in_trouble = ended_by(ProviderError::InTrouble { leg, code });
        assert_eq!(told(&in_trouble), (502, "provider-down", back()));
        assert_eq!(told(&ended_by(ProviderError::SignOnNeeded)), (403, "sign-on-first", back()));
        let busy = ended_by(ProviderError::TooManyCalls { leg, wait: None });
        assert_eq!(told(&busy), (503, "too-many-calls", back()));
        let unreachable = ended_by(ProviderError::Unreachable { leg, cause: HttpError::Timeout });
        assert_eq!(told(&unreachable), (502, "provider-down", back()));
        assert_eq!(told(&ended_by(Refusal::Denied { rule: "vault".to_owned() })), (403, "refused", as_another()));
        assert_eq!(told(&ended_by(SigningError::Ended)), (403, "refused", as_another()));
        assert_eq!(told(&ended_by(SigningError::TooLarge { bytes: 5000 })), (500, "broken", back()));
        assert_eq!(told(&ended_by(SigningError::NoKey)), (503, "broken", back()));
    }

    #[actix_web::test]
    async fn whatever_is_wrong_with_a_link_has_its_own_sentences() {
        assert_eq!(told(&bad("")), (400, "empty-room", None));
        assert_eq!(told(&bad("a*b")), (400, "bad-room", None));
        assert_eq!(told(&bad("..")), (400, "bad-room", None));
        assert_eq!(told(&bad(" a")), (400, "spaced-room", None));
        assert_eq!(told(&bad(&"a".repeat(2000))), (400, "long-room", None));
        assert_eq!(told(&BadRoom::State(StateError::NotAnObject).into()), (400, "bad-settings", None));
        assert_eq!(told(&PageError::Begin(Mismatch::TooLarge)), (400, "bad-settings", None));
        assert_eq!(told(&PageError::StaleForm), (403, "stale-form", None));
        assert_eq!(told(&PageError::NoSessions(None)), (503, "no-sessions", None));
        assert_eq!(told(&PageError::NoProvider), (404, "no-provider", None));
        assert_eq!(told(&PageError::Closed(Box::new(request("vault")))), (403, "closed", None));
    }

    #[test]
    fn a_character_is_shown_where_it_can_be_seen() {
        let shown = |room: &str| match JoinRequest::from_link(None, room, None) {
            Err(BadRoom::Room(name)) => bad_name(name).facts.pop().map(|fact| fact.value),
            other => panic!("{other:?}"),
        };

        assert_eq!(shown("a?b").as_deref(), Some("? (U+003F)"));
        assert_eq!(shown("a\u{202e}b").as_deref(), Some("U+202E"));
        assert_eq!(shown("\u{301}a").as_deref(), Some("U+0301"));
        assert_eq!(shown("a  b").as_deref(), Some("U+0020"));
        assert_eq!(shown(".."), None);
    }

    #[actix_web::test]
    async fn a_lost_login_whose_meeting_is_not_known_any_more_has_no_way_back() {
        let way = WayBack { id: LoginId::random(), path: None, lost_before: 0 };
        let lost = PageError::NoLogin { provider: "work".parse().unwrap(), cause: LoginError::Lost(way) };

        let story = tell(&lost, &app(&["work"], &Clock::standing_at(noon())));

        assert_eq!((story.again, story.next), (None, Some("open-again")));
    }
}

//! What somebody wants a pass to be, as they write it.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::Deserialize;
use utoipa::ToSchema;

use super::Limit;
use super::terms::{Terms, is_wild, one_room};
use crate::policy::{Bearer, Feature, Role, RoomGlob};
use crate::provider::ProviderId;

/// Most rooms and patterns of a pass.
pub const MAX_ROOMS: usize = 20;

/// Longest note, in characters.
pub const MAX_NOTE: usize = 200;

/// Most uses or people.
pub const MAX_COUNT: u32 = 1_000_000;

const MAX_FEATURES: usize = 50;

/// Longest address (RFC 5321, section 4.5.3.1.3) and longest `sub` (OpenID Connect Core 1.0, section 2), in bytes.
const MAX_EMAIL: usize = 254;
const MAX_SUBJECT: usize = 255;

/// What somebody wants a pass to be, as they write it.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Wish {
    /// Rooms, as in a link, or globs over rooms as in a rule; `tenant/room` within a tenant. 1 to 20.
    pub rooms: Vec<String>,
    /// When it begins to be good (RFC 3339, with an offset from UTC). Left out: at once.
    pub from: Option<String>,
    /// When it ends, likewise.
    pub until: String,
    /// The most that its holder is: `participant`, which is the default, or `moderator`.
    pub role: Option<String>,
    /// The most that is on for its holder, as Jitsi's tokens name it. Left out: what the rule gives.
    pub features: Option<Vec<String>>,
    /// How many may enter by it, each entrance counted. Not together with `people`; without both, any number.
    pub uses: Option<u32>,
    /// How many people may enter by it, each as often as they come with the same browser or login.
    pub people: Option<u32>,
    /// It is good only for whoever logs in with this address, verified by the provider.
    pub email: Option<String>,
    /// It is good only for whoever logs in with the provider of this id.
    pub provider: Option<String>,
    /// It is good only for whoever is this to `provider`, which has to be given too.
    pub subject: Option<String>,
    /// What whoever makes it wants to find it by, an order's number for example. Its holder does not see it.
    pub note: Option<String>,
}

/// Something wrong with a [`Wish`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{member}` {what}")]
pub struct Mistake {
    /// Where: `until`, `rooms[0]`.
    pub member: String,
    /// What, as the rest of a sentence. Quotes nothing of the value.
    pub what: String,
}

/// Mistakes, as they are found.
#[derive(Default)]
struct Mistakes(Vec<Mistake>);

impl Mistakes {
    fn add(&mut self, member: impl Into<String>, what: impl Into<String>) {
        self.0.push(Mistake { member: member.into(), what: what.into() });
    }
}

impl Wish {
    /// Checks all of it.
    pub(super) fn check(&self, now: Timestamp) -> Result<Terms, Vec<Mistake>> {
        let mut mistakes = Mistakes::default();
        let globs = self.globs(&mut mistakes);
        let (begins, ends) = self.window(now, &mut mistakes);
        let role = self.role(&mut mistakes);
        let features = self.features(&mut mistakes);
        let limit = self.limit(&mut mistakes);
        let bearer = self.bearer(&mut mistakes);
        if let Some(note) = &self.note
            && (note.chars().count() > MAX_NOTE || note.chars().any(char::is_control))
        {
            mistakes.add("note", format!("is over {MAX_NOTE} characters long, or has a control character"));
        }
        if !mistakes.0.is_empty() {
            return Err(mistakes.0);
        }
        let (rooms, note) = (self.rooms.clone(), self.note.clone().filter(|note| !note.is_empty()));
        Ok(Terms { rooms, globs, begins, ends, role, features, bearer, limit, note })
    }

    fn globs(&self, mistakes: &mut Mistakes) -> Vec<RoomGlob> {
        if self.rooms.is_empty() || self.rooms.len() > MAX_ROOMS {
            mistakes.add("rooms", format!("has to name 1 to {MAX_ROOMS} rooms"));
            return Vec::new();
        }
        let mut globs = Vec::new();
        for (number, room) in self.rooms.iter().enumerate() {
            match room.parse::<RoomGlob>() {
                Err(error) => mistakes.add(format!("rooms[{number}]"), format!("is no room and no glob: {error}")),
                Ok(glob) if is_wild(room) || is_one_of(&glob, room) => globs.push(glob),
                Ok(_) => mistakes.add(format!("rooms[{number}]"), "is a name that Jitsi would change or cannot have"),
            }
        }
        globs
    }

    fn window(&self, now: Timestamp, mistakes: &mut Mistakes) -> (Option<Timestamp>, Timestamp) {
        let mut read = |member: &str, text: &str| {
            let time = text.parse::<Timestamp>().ok();
            if time.is_none() {
                mistakes.add(member, "is no moment: write date, time and offset, as in `2026-12-01T09:00:00+01:00`");
            }
            time
        };
        let begins = self.from.as_deref().and_then(|from| read("from", from));
        let ends = read("until", &self.until);
        match ends {
            Some(ends) if ends <= now => mistakes.add("until", "is over already"),
            Some(ends) if begins.is_some_and(|begins| begins >= ends) => {
                mistakes.add("until", "is not later than `from`");
            }
            _ => {}
        }
        (begins.filter(|begins| *begins > now), ends.unwrap_or(now))
    }

    fn role(&self, mistakes: &mut Mistakes) -> Role {
        match self.role.as_deref() {
            None | Some("participant") => Role::Participant,
            Some("moderator") => Role::Moderator,
            Some(_) => {
                mistakes.add("role", "is neither `participant` nor `moderator`");
                Role::Participant
            }
        }
    }

    fn features(&self, mistakes: &mut Mistakes) -> Option<BTreeSet<Feature>> {
        let names = self.features.as_ref()?;
        if names.len() > MAX_FEATURES {
            mistakes.add("features", format!("names more than {MAX_FEATURES}"));
            return None;
        }
        let mut features = BTreeSet::new();
        for (number, name) in names.iter().enumerate() {
            match name.parse() {
                Ok(feature) => {
                    features.insert(feature);
                }
                Err(_) => mistakes.add(format!("features[{number}]"), "is no feature: 1 to 64 of a-z, 0-9 and -"),
            }
        }
        Some(features)
    }

    fn limit(&self, mistakes: &mut Mistakes) -> Limit {
        let (member, limit) = match (self.uses, self.people) {
            (None, None) => return Limit::None,
            (Some(uses), None) => ("uses", Limit::Uses(uses)),
            (None, Some(people)) => ("people", Limit::People(people)),
            (Some(_), Some(_)) => {
                mistakes.add("people", "cannot stand beside `uses`");
                return Limit::None;
            }
        };
        if let Limit::Uses(most) | Limit::People(most) = limit
            && !(1..=MAX_COUNT).contains(&most)
        {
            mistakes.add(member, format!("has to be from 1 to {MAX_COUNT}"));
        }
        limit
    }

    fn bearer(&self, mistakes: &mut Mistakes) -> Bearer {
        if self.email.as_ref().is_some_and(|email| !is_address(email)) {
            mistakes.add("email", "is no address");
        }
        let provider = self.provider.as_ref().map(|id| id.parse::<ProviderId>());
        if matches!(provider, Some(Err(_))) {
            mistakes.add("provider", "is no id of a provider");
        }
        match &self.subject {
            Some(subject) if subject.is_empty() || subject.len() > MAX_SUBJECT => {
                mistakes.add("subject", format!("has to be 1 to {MAX_SUBJECT} bytes long"));
            }
            Some(_) if provider.is_none() => {
                mistakes.add("subject", "says who somebody is to a provider, and needs `provider`");
            }
            _ => {}
        }
        Bearer { email: self.email.clone(), provider: provider.and_then(Result::ok), subject: self.subject.clone() }
    }
}

/// Whether `room` is the name of one room, and `glob` speaks of that one.
fn is_one_of(glob: &RoomGlob, room: &str) -> bool {
    one_room(room).is_some_and(|request| glob.matches(&request.room, request.tenant.as_ref()))
}

fn is_address(email: &str) -> bool {
    let is_whole = email.rsplit_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty());
    is_whole && email.len() <= MAX_EMAIL && !email.chars().any(|c| c.is_whitespace() || c.is_control())
}

/// Whom it is for, and what was noted, may be about a person.
impl std::fmt::Debug for Wish {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wish").finish_non_exhaustive()
    }
}

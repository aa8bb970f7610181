//! A list of members: who may enter which room, as what, and for how long.

use std::collections::{HashMap, HashSet};
use std::fmt;

use jiff::Timestamp;

use super::{Role, RoomGlob, Window};
use crate::provider::{ProviderId, VerifiedIdentity};
use crate::room::{RoomName, Tenant};

/// The members whom a rule speaks of, found by their address or subject however many there are.
///
/// A value: whoever reads a new list makes a new roster. What it says of people does not print.
#[derive(Default)]
pub struct Roster {
    /// By verified address, in lower case as far as it is ASCII.
    addresses: HashMap<Box<str>, Vec<Seat>>,
    subjects: HashMap<ProviderId, HashMap<Box<str>, Vec<Seat>>>,
    /// Numbers of the rooms that rows name.
    rooms: HashMap<Box<str>, u32>,
    globs: Vec<RoomGlob>,
    glob_texts: HashMap<Box<str>, u32>,
    /// For each place that rows name, whom it is open to and when, each once.
    openings: HashMap<Place, HashSet<Opening>>,
    rows: usize,
}

/// One row of a list.
#[derive(Clone, PartialEq, Eq)]
pub struct Membership {
    /// Who.
    pub member: Member,
    /// Where.
    pub rooms: MemberRooms,
    /// As what; `None` leaves it to the rule.
    pub role: Option<Role>,
    /// When.
    pub window: Window,
}

/// Whom a row means.
#[derive(Clone, PartialEq, Eq)]
pub enum Member {
    /// Whoever has this verified address, compared without regard to ASCII case.
    Address(String),
    /// Who has this subject at this provider; at another it is somebody else.
    Subject(ProviderId, String),
}

/// Which rooms a row means. The rule has to speak of them too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MemberRooms {
    /// All that the rule speaks of.
    All,
    /// This one.
    One(Option<Tenant>, RoomName),
    /// Those that fit.
    Some {
        /// The glob.
        glob: RoomGlob,
        /// Its text, by which equal ones are known.
        text: String,
    },
}

/// Where somebody has a place, with the name of the room or the text of the glob replaced by a number.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Place {
    All,
    Room(u32),
    Glob(u32),
}

/// A place of somebody's.
#[derive(Clone, Copy)]
struct Seat {
    place: Place,
    role: Option<Role>,
    window: Window,
}

/// Who could have a place, without the person: people of one provider, or whoever has an address.
#[derive(PartialEq, Eq, Hash)]
struct Opening {
    provider: Option<ProviderId>,
    window: Window,
}

/// What a roster has to say about somebody who may enter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Taken {
    /// As what.
    pub(super) role: Role,
    /// Until when.
    pub(super) until: Option<Timestamp>,
}

/// A room that is asked about, looked up once.
struct Asked<'a> {
    room: &'a RoomName,
    tenant: Option<&'a Tenant>,
    number: Option<u32>,
}

impl Roster {
    /// Adds a row.
    pub fn add(&mut self, Membership { member, rooms, role, window }: Membership) {
        let place = self.place(rooms);
        let provider = match &member {
            Member::Address(_) => None,
            Member::Subject(provider, _) => Some(provider.clone()),
        };
        self.openings.entry(place).or_default().insert(Opening { provider, window });
        let seats = match member {
            Member::Address(address) => self.addresses.entry(address.to_ascii_lowercase().into()).or_default(),
            Member::Subject(provider, subject) => {
                self.subjects.entry(provider).or_default().entry(subject.into()).or_default()
            }
        };
        seats.push(Seat { place, role, window });
        self.rows += 1;
    }

    fn place(&mut self, rooms: MemberRooms) -> Place {
        match rooms {
            MemberRooms::All => Place::All,
            MemberRooms::One(tenant, room) => {
                let next = next_number(self.rooms.len());
                Place::Room(*self.rooms.entry(key(tenant.as_ref(), &room)).or_insert(next))
            }
            MemberRooms::Some { glob, text } => {
                let next = next_number(self.globs.len());
                let number = *self.glob_texts.entry(text.into()).or_insert(next);
                if number == next {
                    self.globs.push(glob);
                }
                Place::Glob(number)
            }
        }
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The place of somebody in a room at `now`: of several, the highest role and then the latest end. A row without a role has
    /// `role`. Guests have none, whatever they say.
    pub(super) fn find(
        &self,
        identity: &VerifiedIdentity,
        room: &RoomName,
        tenant: Option<&Tenant>,
        role: Role,
        now: Timestamp,
    ) -> Option<Taken> {
        if identity.is_guest() {
            return None;
        }
        let address = identity.verified_email().map(str::to_ascii_lowercase);
        let by_address = address.and_then(|address| self.addresses.get(address.as_str()));
        let of_provider = self.subjects.get(identity.provider());
        let by_subject = of_provider.and_then(|subjects| subjects.get(identity.subject().as_str()));
        let asked = self.ask(room, tenant);
        let seats = by_address.into_iter().chain(by_subject).flatten();
        seats
            .filter(|seat| seat.window.contains(now) && self.is_about(seat.place, &asked))
            .map(|seat| Taken { role: seat.role.unwrap_or(role), until: seat.window.until })
            // Without an end is later than any.
            .max_by_key(|taken| (taken.role, taken.until.is_none(), taken.until))
    }

    /// Whether somebody from `provider` might have a place in the room at `now`.
    pub(super) fn could_seat(
        &self,
        provider: &ProviderId,
        room: &RoomName,
        tenant: Option<&Tenant>,
        now: Timestamp,
    ) -> bool {
        let asked = self.ask(room, tenant);
        let is_open = |opening: &Opening| {
            opening.provider.as_ref().is_none_or(|of| of == provider) && opening.window.contains(now)
        };
        let at = |place| self.openings.get(&place).is_some_and(|openings| openings.iter().any(is_open));
        at(Place::All)
            || asked.number.is_some_and(|number| at(Place::Room(number)))
            || (0..next_number(self.globs.len()))
                .any(|glob| self.is_about(Place::Glob(glob), &asked) && at(Place::Glob(glob)))
    }

    fn ask<'a>(&self, room: &'a RoomName, tenant: Option<&'a Tenant>) -> Asked<'a> {
        let number = if self.rooms.is_empty() { None } else { self.rooms.get(&key(tenant, room)).copied() };
        Asked { room, tenant, number }
    }

    fn is_about(&self, place: Place, asked: &Asked<'_>) -> bool {
        match place {
            Place::All => true,
            Place::Room(number) => asked.number == Some(number),
            Place::Glob(number) => self.globs[number as usize].matches(asked.room, asked.tenant),
        }
    }
}

/// A room's name with that of its tenant. Neither has a `/`.
fn key(tenant: Option<&Tenant>, room: &RoomName) -> Box<str> {
    let tenant = tenant.map_or("", Tenant::as_str);
    format!("{tenant}/{}", room.as_str()).into()
}

fn next_number(count: usize) -> u32 {
    u32::try_from(count).expect("a list is read from files of bounded size, so that its rows are fewer than 2³²")
}

impl fmt::Debug for Roster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Roster").field("rows", &self.rows).finish_non_exhaustive()
    }
}

impl fmt::Debug for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Address(_) => "Address([redacted])",
            Self::Subject(..) => "Subject([redacted])",
        })
    }
}

#[cfg(test)]
mod tests;

//! Lists of Roomkey's own form: a row for each place of somebody's.

use crate::policy::{Member, MemberRooms, Membership, Role, Roster, Window};
use crate::provider::ProviderId;
use crate::room::{RoomName, Tenant};

use super::sheet::{Row, Sheet, plain};
use super::{Mistakes, Reading, date};

/// What a column may be called, plainly.
const NAMES: [(Column, &[&str]); 7] = [
    (Column::Address, &["email", "mail", "address", "emailaddress", "mailaddress"]),
    (Column::Subject, &["subject", "sub"]),
    (Column::Provider, &["provider"]),
    (Column::Room, &["room", "rooms", "meeting"]),
    (Column::Role, &["role"]),
    (Column::From, &["validfrom", "from", "begin", "begins", "start", "starts", "begindate", "startdate"]),
    (Column::Until, &["validuntil", "until", "validto", "to", "till", "end", "ends", "enddate", "expires", "expiry"]),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Column {
    Address,
    Subject,
    Provider,
    Room,
    Role,
    From,
    Until,
}

/// Where each of the columns is.
#[derive(Default)]
struct Columns([Option<usize>; NAMES.len()]);

/// Longest address, in bytes (RFC 5321, section 4.5.3.1.3).
const MAX_ADDRESS_BYTES: usize = 254;

/// Reads a list into `roster`.
pub(super) fn read(sheet: &Sheet<'_>, reading: &Reading, roster: &mut Roster, mistakes: &mut Mistakes) {
    let Some(columns) = Columns::of(sheet, mistakes) else { return };
    sheet.for_each_row(mistakes, |row, mistakes| match membership(&row, &columns, reading) {
        Ok(membership) => roster.add(membership),
        Err(wrong) => wrong.into_iter().for_each(|wrong| mistakes.add(sheet.file(), row.line, wrong)),
    });
}

impl Columns {
    /// `None` if the header is wrong, which has been told. Columns of other names are nobody's business.
    fn of(sheet: &Sheet<'_>, mistakes: &mut Mistakes) -> Option<Self> {
        let mut columns = Self::default();
        let mut right = true;
        let mut tell = |wrong: String| {
            mistakes.add(sheet.file(), sheet.header_line(), wrong);
            right = false;
        };
        for (at, written) in sheet.header().iter().enumerate() {
            let name = plain(written);
            match NAMES.iter().find(|(_, names)| names.contains(&name.as_str())) {
                Some(&(column, _)) => {
                    if columns.0[column as usize].replace(at).is_some() {
                        tell(format!("has two columns for the same: `{}` is the second", shown(written)));
                    }
                }
                // A limit in a column that is not read would be no limit.
                None => {
                    if let Some(near) = nearly(&name) {
                        tell(format!("has a column `{}`, which is not known; did you mean `{near}`?", shown(written)));
                    }
                }
            }
        }
        if columns.at(Column::Address).or(columns.at(Column::Subject)).is_none() {
            tell("has neither a column `email` nor a column `subject`".to_owned());
        }
        right.then_some(columns)
    }

    fn at(&self, column: Column) -> Option<usize> {
        self.0[column as usize]
    }
}

/// The known name that one was probably meant to be.
fn nearly(name: &str) -> Option<&'static str> {
    /// Above this, two names differ by a slip.
    const LEAST: f64 = 0.75;
    let known = NAMES.iter().flat_map(|(_, names)| names.iter().copied()).filter(|known| known.len() >= 4);
    known.into_iter().find(|known| strsim::normalized_damerau_levenshtein(name, known) > LEAST)
}

/// A column's name as it may stand in a report.
fn shown(name: &str) -> String {
    name.chars().take(40).flat_map(char::escape_debug).collect()
}

/// What a row says, or all that is wrong with it.
fn membership(row: &Row<'_>, columns: &Columns, reading: &Reading) -> Result<Membership, Vec<String>> {
    let cell = |column, name: &str| row.text(columns.at(column)).map_err(|fault| format!("the {name} {fault}"));
    let member = member(
        cell(Column::Address, "address"),
        cell(Column::Subject, "subject"),
        cell(Column::Provider, "provider"),
        reading,
    );
    let rooms = cell(Column::Room, "room").and_then(rooms);
    let role = cell(Column::Role, "role").and_then(|word| role(word, reading.needs_role));
    let window = window(cell(Column::From, "beginning"), cell(Column::Until, "end"));
    match (member, rooms, role, window) {
        (Ok(member), Ok(rooms), Ok(role), Ok(window)) => Ok(Membership { member, rooms, role, window }),
        (member, rooms, role, window) => {
            Err([member.err(), rooms.err(), role.err(), window.err()].into_iter().flatten().collect())
        }
    }
}

type Cell<'r> = Result<&'r str, String>;

fn member(address: Cell<'_>, subject: Cell<'_>, provider: Cell<'_>, reading: &Reading) -> Result<Member, String> {
    match (address?, subject?) {
        ("", "") => Err("names nobody: give an address or a subject".to_owned()),
        ("", subject) => Ok(Member::Subject(of_provider(provider?, reading)?, subject.to_owned())),
        (_, subject) if !subject.is_empty() => {
            Err("names an address and a subject too; leave one of them empty".to_owned())
        }
        (address, _) if !is_address(address) => Err("the address is none: write `ada@example.com`".to_owned()),
        (address, _) => Ok(Member::Address(address.to_owned())),
    }
}

/// Whose subject it is: the same text is somebody else at another provider.
fn of_provider(id: &str, reading: &Reading) -> Result<ProviderId, String> {
    match (id, reading.providers.as_slice()) {
        ("", [only]) => Ok(only.clone()),
        ("", _) => Err("a subject needs its provider: name one in the rule, or in a column `provider`".to_owned()),
        (id, known) => known
            .iter()
            .find(|known| known.as_str() == id)
            .cloned()
            .ok_or_else(|| format!("the rule knows no provider `{}`", shown(id))),
    }
}

/// Whether a text is an address: one `@` with something on either side and no space.
pub(super) fn is_address(text: &str) -> bool {
    let whole = text.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && is_domain(domain));
    whole && text.len() <= MAX_ADDRESS_BYTES && !text.contains(char::is_whitespace)
}

fn is_domain(text: &str) -> bool {
    !text.is_empty() && !text.contains(['@', '*', ',', ';'])
}

/// Which rooms a row means: those of a glob, or the one that is called so; none given, all of the rule's.
fn rooms(text: &str) -> Result<MemberRooms, String> {
    if text.is_empty() {
        return Ok(MemberRooms::All);
    }
    if text.contains(['*', '?', '[', ']', '{', '}']) {
        let glob = text.parse().map_err(|fault| format!("the room is no glob: {fault}"))?;
        return Ok(MemberRooms::Some { glob, text: text.to_owned() });
    }
    let (tenant, room) = match text.split_once('/') {
        Some((tenant, room)) => (Some(tenant), room),
        None => (None, text),
    };
    let tenant =
        tenant.map(str::parse::<Tenant>).transpose().map_err(|fault| format!("the tenant cannot be one: {fault}"))?;
    let room: RoomName = room.parse().map_err(|fault| format!("the room cannot be one: {fault}"))?;
    Ok(MemberRooms::One(tenant, room))
}

fn role(word: &str, needed: bool) -> Result<Option<Role>, String> {
    match plain(word).as_str() {
        "" if word.is_empty() && !needed => Ok(None),
        "" if word.is_empty() => Err("has no role, and the rule gives none".to_owned()),
        "moderator" | "teacher" | "host" => Ok(Some(Role::Moderator)),
        "participant" | "student" | "attendee" | "member" => Ok(Some(Role::Participant)),
        _ => Err(format!("the role `{}` is not known; write `moderator` or `participant`", shown(word))),
    }
}

fn window(from: Cell<'_>, until: Cell<'_>) -> Result<Window, String> {
    let moment = |text: &str, name, read: fn(&str) -> Option<_>| match text {
        "" => Ok(None),
        text => read(text).map(Some).ok_or_else(|| format!("the {name} is no moment; {}", date::REMEDY)),
    };
    let window =
        Window { from: moment(from?, "beginning", date::beginning)?, until: moment(until?, "end", date::end)? };
    match window {
        Window { from: Some(from), until: Some(until) } if from >= until => Err("ends before it begins".to_owned()),
        window => Ok(window),
    }
}

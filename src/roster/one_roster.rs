//! OneRoster 1.1 and 1.2 in CSV: who is enrolled in which class.
//!
//! Of the folder, `enrollments.csv`, `users.csv` and `classes.csv` are read; schools, courses and terms say nothing that a room
//! asks for. Teachers moderate the room of their class, everybody else who is enrolled takes part. Rows that are marked
//! `tobedeleted` or `inactive`, and accounts that are not enabled, are as if they were not there.

use std::collections::HashMap;

use crate::policy::{Member, MemberRooms, Membership, Role, Roster, Window};
use crate::room::RoomName;

use super::members::is_address;
use super::sheet::{Row, Sheet, plain};
use super::{ClassRoom, Mistakes, date};

/// The three files.
pub(super) struct Folder<'f> {
    pub(super) users: Sheet<'f>,
    pub(super) classes: Sheet<'f>,
    pub(super) enrollments: Sheet<'f>,
}

/// By their `sourcedId`; `None` for those who are not there any more, or have no address.
type Users = HashMap<String, Option<String>>;
/// By their `sourcedId`; `None` for those that are not there any more.
type Classes = HashMap<String, Option<RoomName>>;

/// Reads a folder into `roster`.
pub(super) fn read(folder: &Folder<'_>, class_room: ClassRoom, roster: &mut Roster, mistakes: &mut Mistakes) {
    let users = users(&folder.users, mistakes);
    let classes = classes(&folder.classes, class_room, mistakes);
    if let (Some(users), Some(classes)) = (users, classes) {
        enrollments(&folder.enrollments, &users, &classes, roster, mistakes);
    }
}

fn users(sheet: &Sheet<'_>, mistakes: &mut Mistakes) -> Option<Users> {
    let (id, email) = (sheet.required("sourcedId", mistakes), sheet.required("email", mistakes));
    let (status, enabled) = (sheet.optional("status"), sheet.optional("enabledUser"));
    let (id, email) = (Some(id?), Some(email?));
    let mut users = Users::new();
    sheet.for_each_row(mistakes, |row, mistakes| {
        let mut tell = |wrong: String| mistakes.add(sheet.file(), row.line, wrong);
        let Some(key) = identifier(&row, id, "sourcedId", &mut tell) else { return };
        let is_enabled = row.text(enabled).is_ok_and(|word| plain(word) != "false");
        let user = match row.text(email) {
            Ok(address) if address.is_empty() || !is_enabled || !is_active(&row, status) => None,
            Ok(address) if is_address(address) => Some(address.to_owned()),
            // Who is enrolled has been told enough about once it is told here.
            Ok(_) => told(&mut tell, "the email is no address".to_owned()),
            Err(fault) => told(&mut tell, format!("the email {fault}")),
        };
        if users.insert(key, user).is_some() {
            tell("has the sourcedId of an earlier line".to_owned());
        }
    });
    Some(users)
}

fn classes(sheet: &Sheet<'_>, class_room: ClassRoom, mistakes: &mut Mistakes) -> Option<Classes> {
    let column = class_room.column();
    let (id, name) = (sheet.required("sourcedId", mistakes), sheet.required(column, mistakes));
    let status = sheet.optional("status");
    let (id, name) = (Some(id?), Some(name?));
    let mut classes = Classes::new();
    let mut taken: HashMap<RoomName, usize> = HashMap::new();
    sheet.for_each_row(mistakes, |row, mistakes| {
        let mut tell = |wrong: String| mistakes.add(sheet.file(), row.line, wrong);
        let Some(key) = identifier(&row, id, "sourcedId", &mut tell) else { return };
        let room = match row.text(name).map(str::parse::<RoomName>) {
            _ if !is_active(&row, status) => None,
            Ok(Ok(room)) => Some(room),
            Ok(Err(fault)) => told(&mut tell, format!("the {column} cannot be the name of a room: {fault}")),
            Err(fault) => told(&mut tell, format!("the {column} {fault}")),
        };
        // The people of one class would be let in to the other.
        if let Some(room) = &room
            && let Some(line) = taken.insert(room.clone(), row.line)
        {
            tell(format!("has the {column} of line {line}, and two classes cannot have one room; set `class_room`"));
        }
        if classes.insert(key, room).is_some() {
            tell("has the sourcedId of an earlier line".to_owned());
        }
    });
    Some(classes)
}

fn enrollments(sheet: &Sheet<'_>, users: &Users, classes: &Classes, roster: &mut Roster, mistakes: &mut Mistakes) {
    let required = ["userSourcedId", "classSourcedId", "role"].map(|name| sheet.required(name, mistakes));
    let [Some(user), Some(class), Some(role)] = required else { return };
    let [status, begin, end] = ["status", "beginDate", "endDate"].map(|name| sheet.optional(name));
    sheet.for_each_row(mistakes, |row, mistakes| {
        let mut tell = |wrong: String| mistakes.add(sheet.file(), row.line, wrong);
        if !is_active(&row, status) {
            return;
        }
        let user = row.text(Some(user)).ok().and_then(|id| users.get(id));
        let room = row.text(Some(class)).ok().and_then(|id| classes.get(id));
        let role = row.text(Some(role)).ok().and_then(role_of);
        // In OneRoster the end is the first day on which they are not enrolled any more.
        let (from, until) = (day(&row, begin), day(&row, end));
        let faults = [
            user.is_none().then_some("the userSourcedId is none of users.csv"),
            room.is_none().then_some("the classSourcedId is none of classes.csv"),
            role.is_none().then_some("the role is not teacher, student, aide, proctor or administrator"),
            from.is_none().then_some("the beginDate is no day; write `2026-12-01`"),
            until.is_none().then_some("the endDate is no day; write `2026-12-01`"),
        ];
        faults.into_iter().flatten().for_each(|fault| tell(fault.to_owned()));
        if let (Some(Some(address)), Some(Some(room)), Some(from), Some(until)) = (user, room, from, until) {
            roster.add(Membership {
                member: Member::Address(address.clone()),
                rooms: MemberRooms::One(None, room.clone()),
                role,
                window: Window { from, until },
            });
        }
    });
}

fn identifier(row: &Row<'_>, column: Option<usize>, name: &str, tell: &mut impl FnMut(String)) -> Option<String> {
    match row.text(column) {
        Ok("") => tell(format!("has no {name}")),
        Ok(id) => return Some(id.to_owned()),
        Err(fault) => tell(format!("the {name} {fault}")),
    }
    None
}

/// Nothing, which has been told.
fn told<T>(tell: &mut impl FnMut(String), wrong: String) -> Option<T> {
    tell(wrong);
    None
}

/// In bulk files the column is empty.
fn is_active(row: &Row<'_>, status: Option<usize>) -> bool {
    row.text(status).is_ok_and(|word| matches!(plain(word).as_str(), "" | "active"))
}

fn role_of(word: &str) -> Option<Role> {
    match plain(word).as_str() {
        "teacher" => Some(Role::Moderator),
        "student" | "aide" | "proctor" | "administrator" => Some(Role::Participant),
        _ => None,
    }
}

/// The midnight that a day begins with; the inner `None` for an empty cell.
fn day(row: &Row<'_>, column: Option<usize>) -> Option<Option<jiff::Timestamp>> {
    match row.text(column).ok()? {
        "" => Some(None),
        text => date::beginning(text).map(Some),
    }
}

//! Folders of OneRoster's.

use std::fs;

use super::super::{ClassRoom, RosterError, RosterFile};
use super::*;

const USERS: &str = "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,email\n\
    u1,,,true,o1,teacher,ada,ada@example.com\n\
    u2,,,true,o1,student,eve,eve@example.com\n\
    u3,,,false,o1,student,bob,bob@example.com\n\
    u4,tobedeleted,,true,o1,student,dan,dan@example.com\n\
    u5,active,,true,o1,student,kim,\n";
const CLASSES: &str = "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode\n\
    c1,,,Mathematics 7b,7,k1,MATH-7B\n\
    c2,active,,History,7,k2,HIS-7\n\
    c3,tobedeleted,,Latin,7,k3,\n";
const ENROLLMENTS: &str = "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate\n\
    e1,,,c1,o1,u1,teacher,true,,\n\
    e2,,,c1,o1,u2,student,,2026-09-01,2027-07-01\n\
    e3,,,c1,o1,u3,student,,,\n\
    e4,,,c1,o1,u4,student,,,\n\
    e5,,,c1,o1,u5,student,,,\n\
    e6,tobedeleted,,c2,o1,u2,student,,,\n\
    e7,active,,c2,o1,u1,administrator,,,2026-12-01\n\
    e8,,,c3,o1,u2,student,,,\n";

fn folder(users: &str, classes: &str, enrollments: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("users.csv", users), ("classes.csv", classes), ("enrollments.csv", enrollments)] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    fs::write(folder.path().join("orgs.csv"), "sourcedId,name,type\no1,\"The, School\",school\n").unwrap();
    folder
}

fn open(folder: &tempfile::TempDir, class_room: ClassRoom) -> Result<Roster, Vec<String>> {
    let reading = Reading { class_room, needs_role: true, ..reading() };
    match RosterFile::open(folder.path().to_owned(), reading) {
        Ok((_, roster)) => Ok(std::sync::Arc::into_inner(roster).unwrap()),
        Err(RosterError::Wrong { mistakes, .. }) => {
            let root = format!("{}/", folder.path().display());
            Err(mistakes.told().iter().map(|mistake| mistake.to_string().replace(&root, "")).collect())
        }
        Err(error) => Err(vec![error.to_string()]),
    }
}

fn school() -> Roster {
    open(&folder(USERS, CLASSES, ENROLLMENTS), ClassRoom::ClassCode).unwrap()
}

fn with(email: &str) -> VerifiedIdentity {
    somebody_from("work").with_email(email, true)
}

#[test]
fn teachers_moderate_the_room_of_their_class_and_students_take_part() {
    let until = Some("2027-07-01T00:00:00Z".to_owned());

    assert_eq!(admits(school(), &with("ada@example.com"), "math-7b"), MODERATES);
    assert_eq!(admits(school(), &with("eve@example.com"), "MATH-7B"), Some((Role::Participant, until)));
    assert_eq!(admits(school(), &with("eve@example.com"), "his-7"), None, "no longer enrolled");
    assert_eq!(admits(school(), &with("ada@example.com"), "his-7"), None, "over since the day of its end began");
}

#[test]
fn whoever_is_gone_is_let_in_nowhere() {
    for email in ["bob@example.com", "dan@example.com", "kim@example.com"] {
        assert_eq!(admits(school(), &with(email), "math-7b"), None, "{email}");
    }
}

#[test]
fn the_room_is_called_as_the_rule_says() {
    let rooms =
        [(ClassRoom::Title, "mathematics%207b"), (ClassRoom::SourcedId, "c1"), (ClassRoom::ClassCode, "math-7b")];

    for (class_room, room) in rooms {
        let school = open(&folder(USERS, CLASSES, ENROLLMENTS), class_room).unwrap();

        assert_eq!(admits(school, &with("ada@example.com"), room), MODERATES, "{class_room:?}");
    }
}

#[test]
fn two_classes_do_not_share_a_room_unseen() {
    let classes = CLASSES.replace("HIS-7", "math-7b");

    assert_eq!(
        open(&folder(USERS, &classes, ENROLLMENTS), ClassRoom::ClassCode).unwrap_err(),
        ["classes.csv:3: has the classCode of line 2, and two classes cannot have one room; set `class_room`"]
    );
}

#[test]
fn every_mistake_in_every_file_is_told() {
    let users = USERS.replace("eve@example.com", "eve").replace("u3,", "u1,");
    let classes = CLASSES.replace("HIS-7", "his/7");
    let enrollments = format!("{ENROLLMENTS}e9,,,c9,o1,u9,guardian,,soon,01/02/2026\n");

    assert_eq!(
        open(&folder(&users, &classes, &enrollments), ClassRoom::ClassCode).unwrap_err(),
        [
            "users.csv:3: the email is no address",
            "users.csv:4: has the sourcedId of an earlier line",
            "classes.csv:3: the classCode cannot be the name of a room: `/` cannot stand in a name",
            "enrollments.csv:4: the userSourcedId is none of users.csv",
            "enrollments.csv:10: the userSourcedId is none of users.csv",
            "enrollments.csv:10: the classSourcedId is none of classes.csv",
            "enrollments.csv:10: the role is not teacher, student, aide, proctor or administrator",
            "enrollments.csv:10: the beginDate is no day; write `2026-12-01`",
            "enrollments.csv:10: the endDate is no day; write `2026-12-01`",
        ]
    );
}

#[test]
fn a_folder_without_its_columns_or_files_is_refused() {
    let renamed = folder(&USERS.replace("email", "phone"), CLASSES, ENROLLMENTS);
    let missing = folder(USERS, CLASSES, ENROLLMENTS);
    fs::remove_file(missing.path().join("users.csv")).unwrap();

    assert_eq!(open(&renamed, ClassRoom::Title).unwrap_err(), ["users.csv:1: has no column `email`"]);
    let told = open(&missing, ClassRoom::Title).unwrap_err();
    assert!(told[0].starts_with("cannot read") && told[0].ends_with("users.csv"), "{told:?}");
}

//! Room names against JavaScript itself: whatever Roomkey accepts, Jitsi's front end makes the same of.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use std::io::Write;
use std::process::{Command, Stdio};

use roomkey::room::RoomName;

/// What the front end makes of each name, by Node.js.
fn in_javascript(typed: &[String]) -> Vec<String> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/front-end-room-name.mjs");
    let mut node = Command::new("node")
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Node.js is installed by scripts/test");
    let input = serde_json::to_vec(typed).unwrap();
    let mut stdin = node.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(&input).unwrap());
    let output = node.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn every_character_that_is_accepted_takes_the_same_form_in_javascript() {
    let (mut typed, mut ours) = (Vec::new(), Vec::new());
    let mut compare = |name: String| {
        let room = name.parse::<RoomName>().ok();
        room.inspect(|room| {
            ours.push(room.to_string());
            typed.push(name);
        })
    };
    for character in '\0'..=char::MAX {
        if compare(character.to_string()).is_some() {
            // The small form of a sigma depends on what stands beside it.
            compare(format!("ΑΣ{character}Α"));
        }
    }

    let theirs = in_javascript(&typed);

    let differing: Vec<_> =
        typed.iter().zip(ours.iter().zip(&theirs)).filter(|(_, (ours, theirs))| ours != theirs).collect();
    assert_eq!(differing, []);
    assert_eq!(ours.len(), theirs.len());
    assert!(ours.len() > 300_000, "only {} names were compared", ours.len());
}

#[test]
fn broken_percent_encoding_is_read_as_in_javascript() {
    let pieces =
        ["%", "2", "5", "c", "C", "3", "A", "9", "%c3", "%A9", "%F0", "%9f", "%8E", "%89", "%e2", "%20", "é", "Σ"];
    let longer = |names: Vec<String>| -> Vec<String> {
        names.iter().flat_map(|name| pieces.iter().map(move |piece| format!("{name}{piece}"))).collect()
    };
    let names = (0..4).fold(vec![String::new()], |names, _| longer(names));
    let (typed, ours): (Vec<_>, Vec<_>) =
        names.into_iter().filter_map(|name| name.parse::<RoomName>().ok().map(|room| (name, room.to_string()))).unzip();

    let theirs = in_javascript(&typed);

    assert_eq!(ours, theirs);
    assert!(ours.len() > 50_000, "only {} names were compared", ours.len());
}

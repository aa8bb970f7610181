//! `roomkey.example.toml` is a file that works, and shows every key.

use std::fs;

use super::{Loaded, check_beside};
use crate::config::schema::sections;
use crate::config::{EXAMPLE, Report};

/// What the example writes below all headers of a section.
pub(super) fn blocks_of(section: &str) -> String {
    let mut current = "";
    let mut block = String::new();
    for line in EXAMPLE.lines() {
        let line_is_header = line.trim_start_matches("# ").starts_with('[');
        if line_is_header {
            current = line.trim_start_matches("# ").split(']').next().unwrap().trim_start_matches('[');
        } else if current == section {
            block.push_str(line);
            block.push('\n');
        }
    }
    block
}

/// Checks a text in the manner of the example, with secrets in a folder instead of `/run/secrets`.
fn check_with_secrets(text: &str) -> Result<Loaded, Report> {
    let folder = tempfile::tempdir().unwrap();
    for secret in ["jitsi", "session", "work"] {
        let mut bytes = [0; 32];
        aws_lc_rs::rand::fill(&mut bytes).unwrap();
        fs::write(folder.path().join(secret), data_encoding::HEXLOWER.encode(&bytes)).unwrap();
    }
    let text = text.replace("/run/secrets", folder.path().to_str().unwrap());
    check_beside(&folder.path().join("roomkey.toml"), &text, &[])
}

#[test]
fn the_example_is_right_once_its_secrets_are_there() {
    let loaded = check_with_secrets(EXAMPLE);

    let Loaded { config, .. } = loaded.unwrap_or_else(|report| panic!("{report}"));
    assert_eq!(config.rules.len(), 2);
}

#[test]
fn the_example_shows_every_key_of_every_section() {
    for section in sections() {
        let block = blocks_of(&section.name);
        for key in section.keys.keys() {
            let is_here = |line: &str| line.trim_start_matches("# ").starts_with(&format!("{key} ="));
            assert!(block.lines().any(is_here), "`{key}` of `[{}]` is not in the example", section.name);
        }
    }
}

/// The example with one line of those that are commented out. If all of its section is, then also with what makes it one.
fn with_line(wanted: usize) -> String {
    let lines: Vec<&str> = EXAMPLE.lines().collect();
    let header = (0..=wanted).rev().find(|&at| lines[at].trim_start_matches("# ").starts_with('[')).unwrap_or(0);
    let is_needed = |at: usize| {
        at == wanted || (header..wanted).contains(&at) && (at == header || lines[at].starts_with("# kind ="))
    };
    let text = lines.iter().enumerate().map(|(at, line)| {
        let line = if is_needed(at) { line.trim_start_matches("# ") } else { line };
        format!("{line}\n")
    });
    text.collect()
}

#[test]
fn every_line_that_is_commented_out_is_a_key() {
    let mut uncommented = 0;
    for (number, line) in EXAMPLE.lines().enumerate() {
        if !line.starts_with("# ") || !line.contains(" = ") {
            continue;
        }
        let text = with_line(number);

        let report = check_with_secrets(&text).map_or_else(|report| report.to_string(), |_| String::new());

        assert!(!report.contains("is no key") && !report.contains("not TOML"), "{line}\n{report}");
        uncommented += 1;
    }
    assert!(uncommented > 20, "{uncommented} lines were tried");
}

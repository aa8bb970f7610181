//! What every kind of mistake is told: its place, its path, what is wrong, and how to mend it.

mod access;
mod file;
mod meeting;
mod providers;
mod together;

use super::{check, least_with};

/// A section, lines in it, and what is reported of them, without the name of the file.
type Case<'a> = (&'a str, &'a str, &'a [&'a str]);

fn assert_reports(cases: &[Case<'_>]) {
    for (section, lines, expected) in cases {
        let text = least_with(section, lines);

        let report = check(&text, &[]).map(|_| ()).unwrap_err();

        let told: Vec<_> = report.lines().map(|line| line.to_string().replacen("roomkey.toml:", "", 1)).collect();
        assert_eq!(told, *expected, "[{section}]\n{lines}");
    }
}

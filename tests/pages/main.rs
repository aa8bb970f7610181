//! Every page as its readers have it, in Chromium: without barriers (axe-core), by keyboard, small, dark, right to left.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test stops at the first thing amiss")]

#[path = "../support/mod.rs"]
mod support;

mod every_page;
mod look;
mod stage;
mod ways;

/// The title of a page, as its language's file has it.
pub fn title(language: &str, message: &str) -> String {
    let text = std::fs::read_to_string(format!("locales/{language}/pages.ftl")).unwrap();
    let after = text.split(&format!("\n{message} =\n")).nth(1).unwrap();
    after.lines().find_map(|line| line.trim().strip_prefix(".title = ")).unwrap().to_owned()
}

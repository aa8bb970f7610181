//! Logins by name and password at a real directory: Debian's slapd.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test stops at the first thing amiss")]

#[path = "../support/mod.rs"]
mod support;

mod accounts;
mod entering;
mod form;
mod groups;
mod inline;
mod patience;
mod presets;
mod referrals;
mod servers;
mod stage;
mod staying;

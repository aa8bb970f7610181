//! Single sign-on for Jitsi Meet.
//!
//! Data walks one way, from a click on a meeting link to the meeting; the modules stand in that order,
//! and each knows only those above it:
//!
//! ```text
//! link → room → login → provider → policy → jitsi → meeting link
//! ```
//!
//! [`web`] alone calls the steps, [`config`] builds what they need, and [`cli`] starts the whole.

pub mod clock;
pub mod room;
pub mod login;
pub mod provider;
pub mod policy;
pub mod jitsi;
pub mod config;
pub mod web;
pub mod cli;

//! Single sign-on for Jitsi Meet.
//!
//! Data walks one way, from a click on a meeting link to the meeting; the modules stand in that order,
//! and each knows only those above it:
//!
//! ```text
//! link → room → login → provider → policy → jitsi → meeting link
//! ```
//!
//! Whoever has come that way once is remembered by [`session`], in what [`store`] keeps, and skips the provider next time.
//! [`keyring`] holds the keys that sign, and publishes them.
//!
//! [`roster`] reads the lists of members that rules speak of, and reads them again when they change.
//!
//! Whatever becomes of an attempt, [`audit`] has a record of it before the visitor has an answer.
//!
//! Jitsi's inline login has a door of its own to the same steps, and ends in a code ([`inline`]) instead of a link.
//!
//! Whoever was invited shows a [`pass`], and needs no login if it is for whoever has it.
//!
//! Whoever does something [`measure`]s how long it takes; [`metrics`] shows what all of them have measured.
//!
//! [`failure`] has a word for every other end. [`web`] alone calls the steps, [`config`] builds what they need, and [`cli`] starts the whole.

pub mod api_key;
pub mod audit;
pub mod branding;
pub mod cli;
pub mod clock;
pub mod config;
pub mod doctor;
pub mod failure;
pub mod inline;
pub mod jitsi;
pub mod keyring;
pub mod login;
pub mod measure;
pub mod metrics;
pub mod pass;
pub mod policy;
pub mod provider;
pub mod room;
pub mod roster;
pub mod session;
pub mod store;
pub mod web;

//! What the journeys need: Roomkey as a process, visitors, and providers of every temper.

#![allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    reason = "each journey uses a part of it, and a test stops at the first thing amiss"
)]

pub mod active_directory;
pub mod authlib_provider;
pub mod chromium;
pub mod doctor;
pub mod ending;
pub mod fake;
pub mod fake_idp;
pub mod front_end;
pub mod login;
pub mod meeting;
pub mod nginx;
pub mod oidc_provider;
pub mod postgres;
pub mod products;
pub mod prosody;
pub mod redis;
pub mod roomkey;
pub mod saml_idp;
pub mod scrape;
pub mod site;
pub mod slapd;
pub mod visitor;

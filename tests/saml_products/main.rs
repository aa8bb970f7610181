//! Logins in Chromium at SAML identity providers that others wrote: PyPI's pysaml2 and npm's samlify.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    missing_docs,
    unreachable_pub,
    reason = "a test stops at the first thing amiss"
)]

#[path = "../support/mod.rs"]
mod support;

mod federation;
mod pysaml2;
mod samlify;
mod stage;

//! The demonstration shows what it says it shows, and its provider and meeting place are as strict as they look.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where something unexpected happens")]

#[path = "../../examples/demo/main.rs"]
#[allow(dead_code, reason = "the demonstration's own `main` is not run here")]
mod demo;

#[path = "../support/visitor.rs"]
#[allow(dead_code, unreachable_pub, missing_docs, reason = "the journeys share it, and each uses a part")]
mod visitor;

mod journey;
mod provider;

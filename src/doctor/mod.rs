//! Checks a living deployment, and names each trouble with its remedy.
//!
//! Every check looks at one thing as it is, over the same roads as a visitor, and gives [`Finding`]s: one line that says
//! what is wrong, and one that says what to do. Nothing is changed, on this side or on the other. What was seen and what
//! it means are apart: the second is pure, and tested by value.

pub mod bosh;
mod finding;
pub mod prosody;

pub use finding::{Finding, Report, Severity};

//! Explains one login by its reference number: what happened, why, and what to do.
//!
//! [`Facts`] are what is known of an event, here out of Roomkey's log; an [`Event`] is what they mean, wherever they were read.

mod event;
mod explanation;
mod line;

pub use event::{Event, Facts};
pub use explanation::{cause, remedy};

use std::fmt;
use std::io::{self, BufRead, Read};

use serde::Serialize;

use crate::login::LoginId;

/// Longest line that is looked into, in bytes; Roomkey's own stay far below. What is longer is passed over.
pub const MAX_LINE_BYTES: usize = 256 * 1024;

/// What the log tells of one login, in the order of its lines.
#[derive(Debug, Serialize)]
pub struct History {
    /// The reference number.
    pub reference: String,
    /// What happened.
    pub events: Vec<Event>,
}

impl History {
    /// Looks for the lines of `reference` in a log: of Roomkey itself, as text or JSON, of `journalctl`, plain or by `-o json`, or
    /// of `docker compose logs`.
    ///
    /// # Errors
    /// If the log cannot be read.
    pub fn read(mut log: impl BufRead, reference: LoginId) -> io::Result<Self> {
        let reference = reference.to_string();
        let mut events = Vec::new();
        let mut piece = Vec::new();
        let mut is_whole = true;
        loop {
            piece.clear();
            if log.by_ref().take(MAX_LINE_BYTES as u64).read_until(b'\n', &mut piece)? == 0 {
                return Ok(Self { reference, events });
            }
            let begins_line = is_whole;
            is_whole = piece.ends_with(b"\n") || piece.len() < MAX_LINE_BYTES;
            if begins_line && is_whole {
                events.extend(line::read(&String::from_utf8_lossy(&piece), &reference).map(Event::from));
            }
        }
    }
}

impl fmt::Display for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.events.is_empty() {
            return write!(
                f,
                "nothing is told of {} in this log\n    \
                 check the number, and that the log reaches back to that time and is of all replicas",
                self.reference
            );
        }
        for (number, event) in self.events.iter().enumerate() {
            if number > 0 {
                f.write_str("\n")?;
            }
            event.fmt(f)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;

//! Reads lists of members, and reads them again when they change.
//!
//! Takes the bytes of CSV files, of Roomkey's own form or of OneRoster's, and gives a [`Roster`](crate::policy::Roster) or every
//! mistake by its line. A list with a mistake in it gives no roster at all, so that nobody is let in or shut out by half a list.
//! Parsing is pure; only [`RosterFile`] touches files, and [`LivePolicy`] puts what it gives into force.

mod date;
mod live;
mod members;
mod mistake;
mod one_roster;
mod reading;
mod sheet;
mod source;
#[cfg(test)]
mod tests;

pub use live::LivePolicy;
pub use mistake::{Mistake, Mistakes};
pub use reading::{ClassRoom, Reading};
pub use source::{RosterError, RosterFile};

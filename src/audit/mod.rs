//! Remembers every attempt: who entered which room by which rule, who did not and why.
//!
//! Takes an [`Event`], gives word once its record is durable ([`Trail::record`]), which is before the visitor has an answer.
//! Records that come at the same time are written together.
//!
//! Records form a chain. Each has a number and a hash made of the hash before and of all that it says, so that one which is
//! altered, removed, put in or moved shows; now and then a hash is signed, and what tells where the chain ends carries a keyed
//! hash, so that neither a shortened nor a rewritten chain passes. [`verify`] checks all of it. Replicas share one chain.
//!
//! What is known of a person is sealed with a key of that person's own, and the hash covers the sealed text: whose key is
//! destroyed is forgotten, and the chain holds. People are found by keyed hashes, which go with their keys.
//!
//! Records are sent on to where the operator wants them ([`Sinks`]), in their order and after the visitor has an answer.
//!
//! While the store is down, records wait in a [journal](Settings::journal) beside it, and go into the chain once it is back.

mod chain;
mod event;
mod export;
mod journal;
mod keys;
mod manage;
mod person;
mod search;
mod sink;
mod trail;
mod verify;

pub use event::{Client, ClientAddress, Event, Outcome, Person};
pub use export::{Format, Writer};
pub use keys::KeysError;
pub use manage::{checkpoint, erase, note, public_keys, trim};
pub use person::Personal;
pub use search::{Filter, Found, Search};
pub use sink::{FileSink, Sinks, Standing, SyslogAddress, SyslogSink, WebhookSecret, WebhookSink};
pub use trail::{Measured, NotRecorded, Settings, Trail};
pub use verify::{Fault, Held, Unverified, verify};

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

//! Records as other programs read them: JSON Lines and CSV.

use std::io::{self, Write};

use jiff::Timestamp;
use serde::Serialize;

use super::person::Personal;
use super::search::Found;
use crate::store::RecordRow;

/// How records are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One JSON object a line; what a record has not is left out.
    Jsonl,
    /// RFC 4180, with a line of names at its head.
    Csv,
}

/// Writes records one after the other.
pub struct Writer<W: Write>(Kind<W>);

enum Kind<W: Write> {
    Jsonl(W),
    Csv(Box<csv::Writer<W>>),
}

/// The columns of CSV.
const COLUMNS: [&str; 19] = [
    "number",
    "at",
    "outcome",
    "reference",
    "room",
    "tenant",
    "provider",
    "rule",
    "role",
    "reason",
    "detail",
    "device",
    "person",
    "subject",
    "name",
    "email",
    "groups",
    "address",
    "hash",
];

/// A record in JSON.
#[derive(Serialize)]
struct Line<'a> {
    number: i64,
    at: String,
    outcome: &'a str,
    reference: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    room: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    tenant: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    provider: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    rule: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    role: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    reason: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    detail: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    device: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    person: &'a str,
    #[serde(flatten)]
    personal: Option<&'a Personal>,
    hash: &'a str,
    /// It may have been sent before.
    #[serde(skip_serializing_if = "is_false")]
    resent: bool,
}

impl<W: Write> Writer<W> {
    /// Writes to `out`.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn new(format: Format, out: W) -> io::Result<Self> {
        Ok(Self(match format {
            Format::Jsonl => Kind::Jsonl(out),
            Format::Csv => {
                let mut writer = csv::Writer::from_writer(out);
                writer.write_record(COLUMNS)?;
                Kind::Csv(Box::new(writer))
            }
        }))
    }

    /// Writes one record.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(&mut self, found: &Found) -> io::Result<()> {
        match &mut self.0 {
            Kind::Jsonl(out) => writeln!(out, "{}", json(&found.record, found.person.as_ref(), false)),
            Kind::Csv(writer) => Ok(writer.write_record(columns(found).map(harmless))?),
        }
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn finish(mut self) -> io::Result<()> {
        match &mut self.0 {
            Kind::Jsonl(out) => out.flush(),
            Kind::Csv(writer) => writer.flush(),
        }
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_false(flag: &bool) -> bool {
    !flag
}

/// A record as one line of JSON, without its end.
pub(super) fn json(record: &RecordRow, person: Option<&Personal>, resent: bool) -> String {
    let line = Line {
        number: record.number,
        at: time(record.at),
        outcome: &record.outcome,
        reference: &record.reference,
        room: &record.room,
        tenant: &record.tenant,
        provider: &record.provider,
        rule: &record.rule,
        role: &record.role,
        reason: &record.reason,
        detail: &record.detail,
        device: &record.device,
        person: &record.person,
        personal: person,
        hash: &record.hash,
        resent,
    };
    serde_json::to_string(&line).expect("strings and numbers are always JSON")
}

fn columns(Found { record, person }: &Found) -> [String; COLUMNS.len()] {
    let Personal { subject, name, email, groups, address } = person.clone().unwrap_or_default();
    let record = record.clone();
    [
        record.number.to_string(),
        time(record.at),
        record.outcome,
        record.reference,
        record.room,
        record.tenant,
        record.provider,
        record.rule,
        record.role,
        record.reason,
        record.detail,
        record.device,
        record.person,
        subject.unwrap_or_default(),
        name.unwrap_or_default(),
        email.unwrap_or_default(),
        groups.join(", "),
        address.unwrap_or_default(),
        record.hash,
    ]
}

/// A text that no spreadsheet takes for a formula: those that begin like one get an apostrophe, which it does not show.
fn harmless(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        format!("'{text}")
    } else {
        text
    }
}

/// RFC 3339, in UTC.
pub(super) fn time(micros: i64) -> String {
    Timestamp::from_microsecond(micros).map_or_else(|_| micros.to_string(), |time| time.to_string())
}

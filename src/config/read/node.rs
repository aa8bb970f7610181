//! A TOML document as a tree whose every value knows its place.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::report::{Mistake, Place};
use super::source::Source;

/// A value and its place.
#[derive(Clone, Debug)]
pub(in crate::config) struct Node {
    pub(in crate::config) place: Place,
    pub(in crate::config) value: Value,
}

/// A value as TOML has it.
#[derive(Clone, Debug)]
pub(in crate::config) enum Value {
    Text(String),
    Integer(i64),
    Float(f64),
    Boolean(bool),
    /// A date, a time or both, as written.
    Time(String),
    List(Vec<Node>),
    Table(Entries),
    /// A number that TOML allows and 64 bits do not hold.
    TooLarge,
}

/// The keys of a table, each with its own place and its value.
pub(in crate::config) type Entries = BTreeMap<String, (Place, Node)>;

impl Node {
    /// The tree of a document, or the lines that are not TOML.
    pub(in crate::config) fn parse(source: &Source) -> Result<Entries, Vec<Mistake>> {
        let (document, errors) = DeTable::parse_recoverable(source.text());
        if errors.is_empty() {
            return Ok(entries(document.into_inner(), &|span| source.place(span.start)));
        }
        let mistake = |error: &toml::de::Error| {
            let place = source.place(error.span().map_or(0, |span| span.start));
            let shown = shown(source, &place).map_or_else(String::new, |line| format!(" in `{line}`"));
            let remedy = match error.message() {
                "duplicate key" => "keep one of the two",
                _ => "see https://toml.io for how it is written; texts stand in quotes",
            };
            let wrong = format!("is not TOML{shown}: {}", error.message());
            Mistake { place, path: String::new(), wrong, remedy: remedy.to_owned() }
        };
        Err(errors.iter().map(mistake).collect())
    }

    /// A value that an environment variable gives.
    pub(in crate::config) fn of_variable(name: &str, text: &str) -> Self {
        Self { place: Place::Variable(name.to_owned()), value: Value::Text(text.to_owned()) }
    }

    /// What a variable's text is where no text is wanted: a variable has no types, so that `true`, `4` and `["a"]` are read as
    /// in the file. A value from the file stays what it is.
    pub(in crate::config) fn untyped(self) -> Self {
        let (Place::Variable(_), Value::Text(text)) = (&self.place, &self.value) else { return self };
        match DeValue::parse(text) {
            Ok(value) => {
                let place = self.place.clone();
                node(value, &|_| place.clone())
            }
            Err(_) => self,
        }
    }

    /// What it is, for people.
    pub(in crate::config) fn kind(&self) -> &'static str {
        match self.value {
            Value::Text(_) => "a string",
            Value::Integer(_) | Value::Float(_) => "a number",
            Value::Boolean(true) => "`true`",
            Value::Boolean(false) => "`false`",
            Value::Time(_) => "a date or time",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
            Value::TooLarge => "a number of more than 64 bits",
        }
    }
}

/// What may be shown of a line that is not TOML: its header, or its key without the value, which may be a secret. A line that begins
/// otherwise may be part of one, such as the last of a PEM.
fn shown(source: &Source, place: &Place) -> Option<String> {
    /// Longer than any key, shorter than a line of base64.
    const MAX_BYTES: usize = 48;
    let Place::File { line, .. } = place else { return None };
    let line = source.line(*line).trim();
    let of_a_key =
        |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-' | '.' | '[' | ']' | ' ');
    match line.split_once('=') {
        Some((key, _)) if key.len() <= MAX_BYTES && !key.is_empty() && key.chars().all(of_a_key) => {
            Some(format!("{}= …", key))
        }
        None if line.len() <= MAX_BYTES && line.starts_with('[') && line.chars().all(of_a_key) => Some(line.to_owned()),
        _ => None,
    }
}

type PlaceOf<'a> = &'a dyn Fn(std::ops::Range<usize>) -> Place;

fn entries(table: DeTable<'_>, place: PlaceOf<'_>) -> Entries {
    let entry = |(key, value): (Spanned<toml::de::DeString<'_>>, Spanned<DeValue<'_>>)| {
        let key_place = place(key.span());
        (key.into_inner().into_owned(), (key_place, node(value, place)))
    };
    table.into_iter().map(entry).collect()
}

fn node(value: Spanned<DeValue<'_>>, place: PlaceOf<'_>) -> Node {
    let at = place(value.span());
    let value = match value.into_inner() {
        DeValue::String(text) => Value::Text(text.into_owned()),
        DeValue::Integer(number) => {
            i64::from_str_radix(number.as_str(), number.radix()).map_or(Value::TooLarge, Value::Integer)
        }
        DeValue::Float(number) => number.as_str().parse().map_or(Value::TooLarge, Value::Float),
        DeValue::Boolean(value) => Value::Boolean(value),
        DeValue::Datetime(time) => Value::Time(time.to_string()),
        DeValue::Array(list) => Value::List(list.into_iter().map(|value| node(value, place)).collect()),
        DeValue::Table(table) => Value::Table(entries(table, place)),
    };
    Node { place: at, value }
}

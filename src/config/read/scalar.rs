//! Single values: strings, whole numbers, `true` and `false`, and whatever is written as a string.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::{Node, Read, Reader, Spot, Value};

/// What is wrong with a text, and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::config) struct Fault {
    pub(in crate::config) wrong: String,
    pub(in crate::config) remedy: String,
}

impl Fault {
    pub(in crate::config) fn new(wrong: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { wrong: wrong.into(), remedy: remedy.into() }
    }
}

impl Reader<'_> {
    /// The string in `node`; anything else is reported.
    pub(in crate::config) fn text(&self, spot: &Spot, node: Node) -> Option<String> {
        match node.value {
            Value::Text(text) => Some(text),
            _ => {
                let remedy = match node.value {
                    Value::List(_) => "give one value, in quotes and without brackets",
                    Value::Table(_) => "give one value, in quotes and without braces",
                    _ => "write it in quotes",
                };
                self.wrong(spot, format!("is {}, not a string", node.kind()), remedy);
                None
            }
        }
    }
}

/// Reads a string that `parse` understands.
pub(in crate::config) fn from_text<T>(
    reader: &Reader<'_>,
    spot: &Spot,
    node: Node,
    parse: impl FnOnce(&str) -> Result<T, Fault>,
) -> Option<T> {
    let text = reader.text(spot, node)?;
    parse(&text).map_err(|Fault { wrong, remedy }| reader.wrong(spot, wrong, remedy)).ok()
}

/// Any string.
impl Read for String {
    fn read(reader: &Reader<'_>, spot: &Spot, node: Node) -> Option<Self> {
        reader.text(spot, node)
    }
}

impl Read for bool {
    fn read(reader: &Reader<'_>, spot: &Spot, node: Node) -> Option<Self> {
        let node = node.untyped();
        match node.value {
            Value::Boolean(value) => Some(value),
            _ => {
                reader.wrong(spot, format!("is {}", node.kind()), "write `true` or `false`, without quotes");
                None
            }
        }
    }
}

/// A whole number from `MIN` to `MAX`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::config) struct Whole<const MIN: i64, const MAX: i64>(pub(in crate::config) i64);

impl<const MIN: i64, const MAX: i64> Read for Whole<MIN, MAX> {
    fn read(reader: &Reader<'_>, spot: &Spot, node: Node) -> Option<Self> {
        let node = node.untyped();
        match node.value {
            Value::Integer(number) if (MIN..=MAX).contains(&number) => Some(Self(number)),
            Value::Integer(_) | Value::TooLarge => {
                reader.wrong(spot, "is out of range", format!("give a whole number from {MIN} to {MAX}"));
                None
            }
            _ => {
                let remedy = format!("give a whole number from {MIN} to {MAX}, without quotes");
                reader.wrong(spot, format!("is {}, not a whole number", node.kind()), remedy);
                None
            }
        }
    }
}

impl<const MIN: i64, const MAX: i64> JsonSchema for Whole<MIN, MAX> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Whole{MIN}To{MAX}").into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": MIN, "maximum": MAX })
    }
}

/// Makes a type that is written as a string readable: by its `parse`, with a schema of `type: string` and the given keywords.
macro_rules! text_type {
    ($type:ty, $name:literal, { $($keyword:literal: $value:expr),* $(,)? }) => {
        impl $crate::config::read::Read for $type {
            fn read(
                reader: &$crate::config::read::Reader<'_>,
                spot: &$crate::config::read::Spot,
                node: $crate::config::read::Node,
            ) -> Option<Self> {
                $crate::config::read::from_text(reader, spot, node, Self::parse)
            }
        }

        impl schemars::JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                $name.into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", $($keyword: $value),* })
            }
        }
    };
}

pub(in crate::config) use text_type;

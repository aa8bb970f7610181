//! Lists: of scalars, of tables, and those that a single value may stand for.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::{At, Field, Node, Read, Reader, Spot, Value};

/// A list of scalars, each with its spot; those that are wrong are left out.
#[derive(Clone, Debug)]
pub(in crate::config) struct List<T>(pub(in crate::config) Vec<At<T>>);

/// A list of scalars, or one of them by itself; those that are wrong are left out.
#[derive(Clone, Debug)]
pub(in crate::config) struct OneOrMany<T>(pub(in crate::config) Vec<At<T>>);

/// A list of tables (`[[…]]`); those that are wrong are left out.
#[derive(Debug)]
pub(in crate::config) struct Tables<T>(pub(in crate::config) Vec<At<T>>);

impl<T> List<T> {
    /// The values alone.
    pub(in crate::config) fn into_values(self) -> Vec<T> {
        self.0.into_iter().map(|at| at.value).collect()
    }
}

impl<T> OneOrMany<T> {
    /// The values alone.
    pub(in crate::config) fn into_values(self) -> Vec<T> {
        self.0.into_iter().map(|at| at.value).collect()
    }
}

/// Reads every member and keeps those that are right, so that more can be found out about them. `None` if none of them is.
fn members<T: Read>(reader: &Reader<'_>, spot: &Spot, nodes: Vec<Node>) -> Option<Vec<At<T>>> {
    let was_empty = nodes.is_empty();
    let read = |(index, node): (usize, Node)| {
        let spot = spot.member(index, node.place.clone());
        T::read(reader, &spot, node).map(|value| At { value, spot })
    };
    let members: Vec<_> = nodes.into_iter().enumerate().filter_map(read).collect();
    (was_empty || !members.is_empty()).then_some(members)
}

impl<T: Read> Read for List<T> {
    fn read(reader: &Reader<'_>, spot: &Spot, node: Node) -> Option<Self> {
        let node = node.untyped();
        match node.value {
            Value::List(nodes) => members(reader, spot, nodes).map(Self),
            _ => {
                let remedy = "write it in brackets, as in `[\"…\"]`";
                reader.wrong(spot, format!("is {}, not a list", node.kind()), remedy);
                None
            }
        }
    }
}

impl<T: Read> Read for OneOrMany<T> {
    fn read(reader: &Reader<'_>, spot: &Spot, node: Node) -> Option<Self> {
        let bracketed = matches!(&node.value, Value::Text(text) if text.trim_start().starts_with('['));
        let node = if bracketed { node.untyped() } else { node };
        match node.value {
            Value::List(nodes) => members(reader, spot, nodes).map(Self),
            _ => T::read(reader, spot, node).map(|value| Self(vec![At { value, spot: spot.clone() }])),
        }
    }
}

impl<T: Read> Read for Tables<T> {
    const OVERRIDABLE: bool = false;

    fn read(reader: &Reader<'_>, spot: &Spot, node: Node) -> Option<Self> {
        match node.value {
            Value::List(nodes) => members(reader, spot, nodes).map(Self),
            _ => {
                let remedy = format!("write `[[{}]]`, in two pairs of brackets, once for each", spot.path);
                reader.wrong(spot, format!("is {}, not a list of tables", node.kind()), remedy);
                None
            }
        }
    }

    fn absent(_reader: &Reader<'_>, spot: Spot) -> Field<Self> {
        Field::Absent(spot)
    }
}

macro_rules! list_schema {
    ($type:ident, $prefix:literal, |$generator:ident, $item:ident| $schema:expr) => {
        impl<T: JsonSchema> JsonSchema for $type<T> {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                format!(concat!($prefix, "{}"), T::schema_name()).into()
            }

            fn json_schema($generator: &mut SchemaGenerator) -> Schema {
                let $item = $generator.subschema_for::<T>();
                $schema
            }
        }
    };
}

list_schema!(List, "ListOf", |generator, item| json_schema!({ "type": "array", "items": item }));
list_schema!(Tables, "TablesOf", |generator, item| json_schema!({ "type": "array", "items": item, "minItems": 1 }));
list_schema!(OneOrMany, "OneOrManyOf", |generator, item| {
    json_schema!({ "anyOf": [item.clone(), { "type": "array", "items": item }] })
});

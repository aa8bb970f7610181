//! Conditions on claims: a table whose keys the operator chooses.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::config::read::{Node, Read, Reader, Spot, Table, Value};
use crate::policy::ClaimCondition;

/// Claims and the values that fit.
#[derive(Debug)]
pub(in crate::config) struct ClaimConditions(pub(super) Vec<ClaimCondition>);

impl Read for ClaimConditions {
    const OVERRIDABLE: bool = false;

    fn read(reader: &Reader<'_>, spot: &Spot, node: Node) -> Option<Self> {
        let mut table = Table::open(reader, spot, node)?;
        let entries = table.rest();
        if entries.is_empty() {
            reader.wrong(
                spot,
                "names no claim",
                "write it as in `claims = { department = \"finance\" }`, or leave the key out",
            );
        }
        let conditions = entries.into_iter().map(|(claim, (_, node))| {
            let spot = Spot { place: node.place.clone(), ..spot.below(&claim) };
            crate::config::providers::check_claim(reader, &spot, &claim);
            values(reader, &spot, node).map(|values| ClaimCondition { claim, values })
        });
        // Each is read before the whole is given up.
        conditions.collect::<Vec<_>>().into_iter().collect::<Option<_>>().map(Self)
    }
}

fn values(reader: &Reader<'_>, spot: &Spot, node: Node) -> Option<Vec<serde_json::Value>> {
    match node.value {
        Value::List(nodes) if nodes.is_empty() => {
            reader.wrong(spot, "is an empty list, which nobody fits", "fill it, or leave the claim out");
            None
        }
        Value::List(nodes) => {
            let member = |(index, node): (usize, Node)| scalar(reader, &spot.member(index, node.place.clone()), &node);
            nodes.into_iter().enumerate().map(member).collect::<Vec<_>>().into_iter().collect()
        }
        _ => scalar(reader, spot, &node).map(|value| vec![value]),
    }
}

fn scalar(reader: &Reader<'_>, spot: &Spot, node: &Node) -> Option<serde_json::Value> {
    let value = match &node.value {
        Value::Text(text) => Some(text.as_str().into()),
        Value::Integer(number) => Some((*number).into()),
        Value::Float(number) => serde_json::Number::from_f64(*number).map(Into::into),
        Value::Boolean(value) => Some((*value).into()),
        Value::Time(_) | Value::List(_) | Value::Table(_) | Value::TooLarge => None,
    };
    if value.is_none() {
        let remedy = "give a string, a number, `true` or `false`, or a list of these";
        reader.wrong(spot, format!("is {}, which no claim can be compared with", node.kind()), remedy);
    }
    value
}

impl JsonSchema for ClaimConditions {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "ClaimConditions".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let scalar = serde_json::json!({ "type": ["string", "number", "boolean"] });
        let list = serde_json::json!({ "type": "array", "items": scalar, "minItems": 1 });
        json_schema!({ "type": "object", "minProperties": 1, "additionalProperties": { "anyOf": [scalar, list] } })
    }
}

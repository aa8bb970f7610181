//! `docs/configuration.md` says of each key what its declaration says.
//!
//! `UPDATE_REFERENCE=1 cargo test --lib reference` writes the keys anew.

use std::fmt::Write;
use std::fs;

use serde_json::Value;

use super::example::blocks_of;
use crate::config::EXAMPLE;
use crate::config::schema::{Section, sections};

const MANUAL: &str = "docs/configuration.md";

/// What stands before is written by hand.
const MARK: &str =
    "<!-- What follows is made from the declarations in src/config: see src/config/tests/reference.rs. -->\n";

/// The keys of every kind of provider.
const COMMON: [&str; 3] = ["id", "name", "kind"];

#[test]
fn the_manual_says_what_the_declarations_say() {
    let manual = fs::read_to_string(MANUAL).unwrap();
    let (by_hand, keys) = manual.split_once(MARK).unwrap();
    let expected = reference();

    if std::env::var_os("UPDATE_REFERENCE").is_some() {
        fs::write(MANUAL, format!("{by_hand}{MARK}{expected}")).unwrap();
    } else {
        assert!(keys == expected, "{MANUAL} is out of date: run `UPDATE_REFERENCE=1 cargo test --lib reference`");
    }
}

fn reference() -> String {
    let mut text = String::new();
    let mut written: Vec<String> = Vec::new();
    let mut in_order: Vec<_> = sections().iter().collect();
    in_order.sort_by_key(|section| EXAMPLE.find(&format!("\n{}", header(section))).unwrap_or(0));
    for section in in_order {
        let mut keys: Vec<_> = section.keys.iter().collect();
        let block = blocks_of(&section.name);
        keys.sort_by_key(|(key, _)| place_in(&block, key));
        let (common, own): (Vec<_>, Vec<_>) =
            keys.into_iter().partition(|(key, _)| section.kind.is_some() && COMMON.contains(&key.as_str()));
        if !common.is_empty() {
            let about = "Where people log in: once for each provider, in the order in which they are offered.";
            write(&mut text, &mut written, "`[[providers]]`", about, section, &common);
        }
        let title = match (&section.kind, section.name.as_str()) {
            (Some(kind), _) => format!("`[[providers]]` of kind `{kind}`"),
            (None, "") => "The top of the file".to_owned(),
            _ => format!("`{}`", header(section)),
        };
        write(&mut text, &mut written, &title, &section.description, section, &own);
    }
    text
}

fn header(section: &Section) -> String {
    if section.is_list { format!("[[{}]]", section.name) } else { format!("[{}]", section.name) }
}

/// A section and its keys, unless several tables have the same.
fn write(
    text: &mut String,
    written: &mut Vec<String>,
    title: &str,
    about: &str,
    section: &Section,
    keys: &[(&String, &Value)],
) {
    if written.iter().any(|earlier| earlier == title) {
        return;
    }
    written.push(title.to_owned());
    writeln!(text, "\n## {title}\n\n{}", flowing(about)).unwrap();
    for (key, schema) in keys {
        let path = if section.name.is_empty() { (*key).clone() } else { format!("{}.{key}", section.name) };
        writeln!(text, "\n### `{path}`\n\n{}", flowing(schema["description"].as_str().unwrap())).unwrap();
        writeln!(text, "\n- Value: {}", value(schema)).unwrap();
        if let Some(default) = schema.get("default") {
            writeln!(text, "- Default: `{}`", toml(default)).unwrap();
        }
        for example in schema["examples"].as_array().into_iter().flatten() {
            writeln!(text, "- Example: `{}`", toml(example)).unwrap();
        }
        if !section.is_list && !section.name.starts_with("providers") {
            writeln!(text, "- Environment: `ROOMKEY_{}`", path.replace('.', "__").to_ascii_uppercase()).unwrap();
        }
    }
}

fn toml(value: &Value) -> String {
    match value {
        Value::Object(table) => {
            let pairs: Vec<_> = table.iter().map(|(key, value)| format!("{key} = {value}")).collect();
            format!("{{ {} }}", pairs.join(", "))
        }
        Value::Array(list) => format!("[{}]", list.iter().map(toml).collect::<Vec<_>>().join(", ")),
        value => value.to_string(),
    }
}

/// Comments are broken where the source's lines end.
fn flowing(comment: &str) -> String {
    comment.replace("\n\n", "\u{0}").replace('\n', " ").replace('\u{0}', "\n\n")
}

fn place_in(block: &str, key: &str) -> usize {
    let is_here =
        |line: &str| line.trim_start_matches("# ").strip_prefix(key).is_some_and(|rest| rest.starts_with(" ="));
    block.lines().position(is_here).unwrap_or(usize::MAX)
}

/// What may be written, in words.
fn value(schema: &Value) -> String {
    let words = |values: &Value| {
        let words: Vec<_> = values.as_array().unwrap().iter().map(|word| format!("`{word}`")).collect();
        format!("one of {}", words.join(", "))
    };
    if let Some(choices) = schema["anyOf"].as_array() {
        return choices.iter().map(value).collect::<Vec<_>>().join(", or ");
    }
    if schema.get("enum").is_some() {
        return words(&schema["enum"]);
    }
    match (schema["type"].as_str(), schema) {
        _ if schema.get("const").is_some() => format!("`{}`", schema["const"]),
        (Some("string"), schema) if schema.get("x-range").is_some() => {
            format!("a duration, {}", schema["x-range"].as_str().unwrap())
        }
        (Some("string"), schema) if schema["writeOnly"] == true => "a secret".to_owned(),
        (Some("string"), schema) if schema["format"] == "uri" => "a URL".to_owned(),
        (Some("string"), schema) if schema["format"] == "date-time" => "a date and time".to_owned(),
        (Some("string"), _) => "a string".to_owned(),
        (Some("integer"), schema) => format!("a whole number, {} to {}", schema["minimum"], schema["maximum"]),
        (Some("boolean"), _) => "`true` or `false`".to_owned(),
        (Some("array"), schema) => format!("a list; each member {}", value(&schema["items"])),
        (Some("object"), _) => "a table".to_owned(),
        other => panic!("no words for {other:?}"),
    }
}

//! The JSON Schema of the operator's file, made from the same declarations that read it.

use std::sync::LazyLock;

use schemars::Schema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

use super::RootKeys;

/// The schema (draft 2020-12), for editors and for checks before a file is deployed.
///
/// It requires no key that the environment may give; what only the whole file shows is checked by `roomkey config check`.
pub fn schema() -> Schema {
    let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<RootKeys>();
    schema.insert("title".to_owned(), "roomkey.toml".into());
    schema
}

/// A table of the file, by what its keys are declared as.
pub(super) struct Section {
    /// Its name without brackets (`meeting.signing`); empty for the file itself.
    pub(super) name: String,
    /// Whether there may be several (`[[…]]`).
    pub(super) is_list: bool,
    /// The kind of its members, if they are of several kinds.
    #[cfg(test)]
    pub(super) kind: Option<String>,
    /// What it is about.
    #[cfg(test)]
    pub(super) description: String,
    /// Its keys, each with its schema.
    pub(super) keys: Map<String, Value>,
}

/// Every table, in the order of the declarations; of a list whose members are of several kinds, one for each kind.
pub(super) fn sections() -> &'static [Section] {
    static SECTIONS: LazyLock<Vec<Section>> = LazyLock::new(|| {
        let schema = schema().to_value();
        let mut sections = Vec::new();
        collect(&schema, &schema, "", false, &mut sections);
        sections
    });
    &SECTIONS
}

/// Where in the file a key of this name may stand.
pub(super) fn sections_with(key: &str) -> Vec<String> {
    let with_key = sections().iter().filter(|section| section.keys.contains_key(key));
    let mut places: Vec<_> = with_key.map(Section::place).collect();
    places.dedup();
    places
}

impl Section {
    fn place(&self) -> String {
        match (self.name.as_str(), self.is_list) {
            ("", _) => "to the top of the file, before the first section".to_owned(),
            (name, false) => format!("into `[{name}]`"),
            (name, true) => format!("into `[[{name}]]`"),
        }
    }
}

fn collect(root: &Value, schema: &Value, name: &str, is_list: bool, sections: &mut Vec<Section>) {
    let schema = resolve(root, schema);
    if let Some(kinds) = schema["oneOf"].as_array() {
        kinds.iter().for_each(|kind| collect(root, kind, name, is_list, sections));
    }
    let Some(properties) = schema["properties"].as_object() else { return };
    let (mut keys, mut tables) = (Map::new(), Vec::new());
    for (key, schema) in properties {
        let (below, many) = match schema.get("items") {
            Some(items) => (resolve(root, items), true),
            None => (resolve(root, schema), false),
        };
        if below.get("properties").is_some() || below.get("oneOf").is_some() {
            tables.push((key, below, many));
        } else {
            keys.insert(key.clone(), schema.clone());
        }
    }
    sections.push(Section {
        name: name.to_owned(),
        is_list,
        #[cfg(test)]
        kind: schema["properties"]["kind"]["const"].as_str().map(str::to_owned),
        #[cfg(test)]
        description: schema["description"].as_str().unwrap_or_default().to_owned(),
        keys,
    });
    for (key, below, many) in tables {
        let name = if name.is_empty() { key.clone() } else { format!("{name}.{key}") };
        collect(root, below, &name, many, sections);
    }
}

/// A schema, or what its `$ref` points to.
fn resolve<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    let pointer = schema["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
    pointer.and_then(|pointer| root.pointer(pointer)).unwrap_or(schema)
}

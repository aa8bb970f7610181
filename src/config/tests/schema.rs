//! The JSON Schema says what the reader says, as far as a schema can.

use serde_json::{Value, json};

use super::LEAST;
use crate::config::{EXAMPLE, schema};

fn accepts(text: &str) -> bool {
    let file: Value = toml::from_str(text).unwrap();
    let schema = jsonschema::draft202012::new(schema().as_value()).unwrap();
    schema.is_valid(&file)
}

#[test]
fn the_schema_is_one() {
    let schema = schema();

    let problem = jsonschema::draft202012::meta::validate(schema.as_value());

    assert!(problem.is_ok(), "{}", problem.unwrap_err());
}

#[test]
fn the_schema_accepts_what_the_reader_accepts() {
    assert!(accepts(EXAMPLE));
    assert!(accepts(LEAST));
    assert!(accepts(""), "the environment may give what has no default");
}

#[test]
fn the_schema_refuses_unknown_keys_wrong_types_and_wrong_words() {
    let wrong = [
        ("[meeting]", "[meeting]\nurll = \"https://meet.example.com\""),
        ("kind = \"oidc\"", "kind = \"odic\""),
        ("kind = \"oidc\"", ""),
        ("id = \"work\"", "id = \"Work\""),
        ("issuer = \"https://id.example.com\"", "issuer = \"id.example.com\""),
        ("issuer = \"https://id.example.com\"", "isuer = \"https://id.example.com\""),
        ("rooms = [\"*\"]", "rooms = \"*\""),
        ("role = \"participant\"", "role = \"host\""),
        ("role = \"participant\"", "role = \"participant\"\ntoken_lifetime = 300"),
        ("role = \"participant\"", "role = \"participant\"\ntoken_lifetime = \"5 min\""),
    ];

    for (right, wrong) in wrong {
        let text = LEAST.replacen(right, wrong, 1);

        assert!(!accepts(&text), "{wrong}");
    }
}

#[test]
fn every_key_has_a_description() {
    for section in crate::config::schema::sections() {
        for (key, schema) in &section.keys {
            assert!(schema["description"].is_string(), "{} {key}", section.name);
        }
    }
}

#[test]
fn a_default_that_is_written_out_changes_nothing() {
    let mut compared = 0;
    for section in crate::config::schema::sections().iter().filter(|section| !section.name.is_empty()) {
        for (key, default) in section.keys.iter().filter_map(|(key, schema)| Some((key, schema.get("default")?))) {
            let text = super::least_with(&section.name, &format!("{key} = {}", toml_of(default)));

            let written = super::check(&text, &[]).unwrap_or_else(|report| panic!("{report}"));
            let left_out = super::check(LEAST, &[]).unwrap();

            assert_eq!(format!("{:?}", written.config), format!("{:?}", left_out.config), "{} {key}", section.name);
            compared += 1;
        }
    }
    assert!(compared > 20, "{compared} defaults were compared");
}

/// Strings, lists of strings and `false` are written alike in TOML and JSON.
fn toml_of(value: &Value) -> String {
    assert_ne!(*value, json!(null));
    value.to_string()
}

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
            let line = format!("{key} = {}", toml_of(default));
            let (least, text) = match &section.kind {
                Some(kind) => (least_of(kind, ""), least_of(kind, &line)),
                None => (LEAST.to_owned(), super::least_with(&section.name, &line)),
            };

            let written = super::check(&text, &[]).unwrap_or_else(|report| panic!("{report}"));
            let left_out = super::check(&least, &[]).unwrap();

            assert_eq!(format!("{:?}", written.config), format!("{:?}", left_out.config), "{} {key}", section.name);
            compared += 1;
        }
    }
    assert!(compared > 20, "{compared} defaults were compared");
}

/// [`LEAST`] with a provider of this kind, and one more line of it.
fn least_of(kind: &str, line: &str) -> String {
    let client = "client_id = \"c\"\nclient_secret = \"what-they-gave-us-at-the-counter\"\n";
    let own = match kind {
        "oidc" => "issuer = \"https://id.example.com\"\nclient_id = \"roomkey\"\n".to_owned(),
        "entra" => format!("{client}tenant = \"11111111-2222-3333-4444-555555555555\"\n"),
        "ldap" => "urls = \"ldaps://ldap.example.com\"\nbase_dn = \"dc=example,dc=com\"\n".to_owned(),
        "saml" => "idp_metadata_url = \"https://id.example.com/metadata\"\n".to_owned(),
        "guest" => String::new(),
        _ => client.to_owned(),
    };
    let (before, after) = LEAST.split_once("kind = \"oidc\"\n").unwrap();
    let (_, after) = after.split_once("[[access]]").unwrap();
    format!("{before}kind = \"{kind}\"\n{own}{line}\n[[access]]{after}")
}

/// Strings, lists of strings and `false` are written alike in TOML and JSON.
fn toml_of(value: &Value) -> String {
    assert_ne!(*value, json!(null));
    value.to_string()
}

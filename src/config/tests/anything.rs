//! No file, however strange, ends in anything but a configuration or a report.

use proptest::prelude::*;

use super::{LEAST, check};
use crate::config::schema::sections;

/// Names that mean something somewhere, and some that do not.
fn key() -> impl Strategy<Value = String> {
    let known: Vec<_> = sections().iter().flat_map(|section| section.keys.keys().cloned()).collect();
    prop_oneof![8 => prop::sample::select(known), 1 => "[a-z_]{1,12}", 1 => "\"[^\"\\\\\n]{0,8}\""]
}

fn value() -> impl Strategy<Value = String> {
    let text = prop_oneof![
        Just("*".to_owned()),
        Just("oidc".to_owned()),
        Just("work".to_owned()),
        Just("https://a.example".to_owned()),
        Just("5m".to_owned()),
        Just(String::new()),
        Just("127.0.0.1:0".to_owned()),
        Just("participant".to_owned()),
        "[^\"\\\\\n\r]{0,16}",
    ];
    let scalar = prop_oneof![
        4 => text.prop_map(|text| format!("\"{}\"", text.replace(|c: char| c.is_control(), ""))),
        1 => any::<i128>().prop_map(|number| number.to_string()),
        1 => any::<bool>().prop_map(|value| value.to_string()),
        1 => Just("2026-12-01T09:00:00Z".to_owned()),
        1 => Just("nan".to_owned()),
    ];
    scalar.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|list| format!("[{}]", list.join(", "))),
            prop::collection::btree_map("[a-z]{1,5}", inner, 0..3).prop_map(|table| {
                let pairs: Vec<_> = table.into_iter().map(|(key, value)| format!("{key} = {value}")).collect();
                format!("{{ {} }}", pairs.join(", "))
            }),
        ]
    })
}

/// A file of sections that exist, with keys and values that need not fit.
fn file() -> impl Strategy<Value = String> {
    let headers: Vec<_> = sections()
        .iter()
        .filter(|section| !section.name.is_empty())
        .map(|section| if section.is_list { format!("[[{}]]", section.name) } else { format!("[{}]", section.name) })
        .collect();
    let section = (prop::sample::select(headers), prop::collection::btree_map(key(), value(), 0..6));
    prop::collection::vec(section, 0..6).prop_map(|sections| {
        let keys = |keys: std::collections::BTreeMap<String, String>| {
            keys.into_iter().map(|(key, value)| format!("{key} = {value}\n")).collect::<String>()
        };
        sections.into_iter().map(|(header, lines)| format!("{header}\n{}", keys(lines))).collect()
    })
}

fn ends_well(text: &str) -> Result<(), TestCaseError> {
    if let Err(report) = check(text, &[]) {
        prop_assert!(!report.is_empty(), "refused for no reason");
        let printed = report.to_string();
        prop_assert_eq!(printed.lines().count(), report.mistakes().len(), "one line a mistake: {}", printed);
        prop_assert!(!printed.chars().any(|c| c.is_control() && c != '\n'), "{:?}", printed);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn any_text_ends_well(text in ".{0,200}") {
        ends_well(&text)?;
    }

    #[test]
    fn any_file_of_known_sections_ends_well(text in file()) {
        ends_well(&text)?;
    }

    #[test]
    fn a_file_cut_short_ends_well(end in 0..LEAST.len()) {
        ends_well(&LEAST[..end])?;
    }

    #[test]
    fn any_value_in_any_variable_ends_well(text in "\\PC{0,40}", name in "[A-Z]{1,8}") {
        let variables = [("ROOMKEY_SERVER__WORKERS", text.as_str()), ("ROOMKEY_MEETING__SHARE", &text), (&format!("ROOMKEY_A__{name}"), "")];

        let report = check(LEAST, &variables).map(|_| ()).unwrap_err();

        prop_assert!(!report.is_empty());
    }
}

//! The texts of the pages, by Project Fluent (`locales/`).

use std::collections::HashMap;

use fluent_templates::fluent_bundle::FluentValue;

use super::language::Language;
use crate::branding::{BUILT_IN, Texts};

/// The texts of one language: the operator's where they have their own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Text<'a> {
    pub(super) language: Language,
    pub(super) own: &'a Texts,
}

impl Text<'_> {
    /// The text `key`, or `message.attribute`, in this language; in English should it be missing.
    pub(super) fn get(self, key: &str) -> String {
        self.look_up(key, None)
    }

    /// The same with a number in it, named `name` in the text.
    pub(super) fn count(self, key: &str, name: &'static str, number: u64) -> String {
        self.look_up(key, Some((name, number)))
    }

    fn look_up(self, key: &str, number: Option<(&'static str, u64)>) -> String {
        self.own.get(self.language.tag(), key, number).unwrap_or_else(|| built_in(self.language, key, number))
    }

    /// For `lang`.
    pub(super) fn tag(self) -> &'static str {
        self.language.tag()
    }

    /// For `dir`.
    pub(super) fn direction(self) -> &'static str {
        self.language.direction()
    }
}

fn built_in(language: Language, key: &str, number: Option<(&'static str, u64)>) -> String {
    let values = number.map(|(name, number)| HashMap::from([(name, FluentValue::from(number))]));
    [language, Language::default()]
        .into_iter()
        .find_map(|language| BUILT_IN.lookup_single_language(&language.identifier(), key, values.as_ref()).ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use fluent_templates::Loader;

    use super::*;

    /// Keys of a language's file: `message`, and `message.attribute`.
    fn keys(language: Language) -> BTreeSet<String> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales").join(language.tag()).join("pages.ftl");
        let mut message = String::new();
        let mut keys = BTreeSet::new();
        for line in fs::read_to_string(path).unwrap().lines() {
            let Some((name, value)) = line.split_once(" =") else { continue };
            match name.trim_start().strip_prefix('.') {
                Some(attribute) => {
                    keys.insert(format!("{message}.{attribute}"));
                }
                None => {
                    message = name.to_owned();
                    if !value.trim().is_empty() {
                        keys.insert(message.clone());
                    }
                }
            }
        }
        keys
    }

    #[test]
    fn every_language_has_every_text() {
        let english = keys(Language::English);

        for language in Language::ALL {
            assert_eq!(keys(language), english, "{language:?}");
        }
        assert!(english.contains("lost-again.cookies") && english.len() > 60);
    }

    #[test]
    fn every_text_can_be_shown_in_every_language() {
        for language in Language::ALL {
            for key in keys(language) {
                let minutes = HashMap::from([("minutes", FluentValue::from(10))]);
                let text = BUILT_IN.lookup_single_language(&language.identifier(), &key, Some(&minutes)).unwrap();
                assert!(!text.trim().is_empty(), "{language:?} {key}");
                assert!(!text.contains(['\u{2068}', '\u{2069}', '{', '}', '<', '>']), "{language:?} {key}: {text}");
            }
        }
    }

    #[test]
    fn every_language_that_is_written_can_be_chosen() {
        let written: BTreeSet<_> = BUILT_IN.locales().map(ToString::to_string).collect();
        let chosen: BTreeSet<_> = Language::ALL.iter().map(|language| language.tag().to_owned()).collect();

        assert_eq!(written, chosen);
    }

    #[test]
    fn every_text_that_is_asked_for_is_there_and_no_other() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut source = String::new();
        for folder in ["templates", "src/web"] {
            for entry in fs::read_dir(root.join(folder)).unwrap() {
                source.push_str(&fs::read_to_string(entry.unwrap().path()).unwrap_or_default());
            }
        }
        let is_asked_for = |key: &String| {
            let quoted = |text: &str| source.contains(&format!("\"{text}\""));
            match key.split_once('.') {
                None => quoted(key),
                Some((message, attribute)) => quoted(key) || (quoted(message) && quoted(attribute)),
            }
        };

        let unused: Vec<_> = keys(Language::English).into_iter().filter(|key| !is_asked_for(key)).collect();

        assert_eq!(unused, Vec::<String>::new());
    }

    #[test]
    fn a_number_is_written_into_its_sentence() {
        let minutes = |language, minutes| built_in(language, "expired.what", Some(("minutes", minutes)));

        assert!(minutes(Language::English, 10).contains("within 10 minutes"));
        assert!(minutes(Language::English, 1).contains("within one minute"));
        assert!(minutes(Language::German, 10).contains("10 Minuten"));
    }

    #[test]
    fn the_operators_text_comes_first_and_roomkeys_own_fills_in() {
        let mut own = Texts::default();
        own.add("de", "choose =\n    .title = Womit?\n".to_owned()).unwrap();
        let text = |language| Text { language, own: &own };

        assert_eq!(text(Language::German).get("choose.title"), "Womit?");
        assert_eq!(text(Language::German).get("try-again"), built_in(Language::German, "try-again", None));
        assert_eq!(text(Language::English).get("choose.title"), "How do you want to log in?");
    }
}

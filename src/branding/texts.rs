//! Texts of the operator's in place of Roomkey's own, by Project Fluent.

use std::collections::BTreeMap;
use std::fmt;

use fluent_syntax::ast::Entry;
use fluent_templates::fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use fluent_templates::{FluentBundle, Loader, langid, static_loader};

static_loader! {
    // The texts that Roomkey comes with.
    pub(crate) static BUILT_IN = {
        locales: "./locales",
        fallback_language: "en",
        // Fluent's invisible isolation marks would be copied along with a text; the templates isolate by `<bdi>`.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

/// Every text there is: no language has another.
const ENGLISH: &str = include_str!("../../locales/en/pages.ftl");

/// Largest file of texts, in bytes. All of Roomkey's own in one language are 12 KiB.
pub const MAX_TEXTS_BYTES: usize = 128 * 1024;

/// Texts in place of Roomkey's own, by language.
#[derive(Default)]
pub struct Texts(BTreeMap<String, FluentBundle<FluentResource>>);

/// What is wrong with a file of texts: the operator mends it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadText {
    /// Over [`MAX_TEXTS_BYTES`].
    #[error("it is larger than {MAX_TEXTS_BYTES} bytes")]
    TooLarge,
    /// Roomkey has no pages in this language.
    #[error("there are no pages in `{language}`")]
    OtherLanguage {
        /// The file's name without its ending.
        language: String,
    },
    /// Not Fluent.
    #[error("line {line} is not Fluent")]
    Syntax {
        /// Counted from 1.
        line: usize,
    },
    /// A text that no page shows.
    #[error("no page has a text `{key}`")]
    Unknown {
        /// `message`, or `message.attribute`.
        key: String,
    },
    /// A text that is there twice.
    #[error("the text `{key}` is there twice")]
    Twice {
        /// `message`.
        key: String,
    },
    /// A text that needs something that is not there when it is shown.
    #[error("the text `{key}` refers to something that it cannot have")]
    Reference {
        /// `message`, or `message.attribute`.
        key: String,
    },
}

impl Texts {
    /// Adds the file of one language: the messages, or attributes of messages, that are to be other than Roomkey's own.
    ///
    /// # Errors
    /// All that is wrong with it; nothing is added then.
    pub fn add(&mut self, language: &str, source: String) -> Result<(), Vec<BadText>> {
        let known = BUILT_IN.locales().find(|known| known.to_string() == language).cloned();
        let known = known.ok_or_else(|| vec![BadText::OtherLanguage { language: language.to_owned() }])?;
        if source.len() > MAX_TEXTS_BYTES {
            return Err(vec![BadText::TooLarge]);
        }
        let resource = parse(source)?;
        let keys = keys(&resource);
        let english = english();
        let mut wrong = unknown(&keys, &english);
        let mut bundle = FluentBundle::new_concurrent(vec![known]);
        bundle.set_use_isolating(false);
        let twice = bundle.add_resource(resource).err().unwrap_or_default();
        wrong.extend(twice.into_iter().filter_map(|error| match error {
            fluent_templates::fluent_bundle::FluentError::Overriding { id, .. } => Some(BadText::Twice { key: id }),
            _ => None,
        }));
        let is_broken = |key: &&String| show(&bundle, key, &given(&english, key)).is_none_or(|(_, whole)| !whole);
        let broken = keys.iter().filter(is_broken);
        wrong.extend(broken.map(|key| BadText::Reference { key: key.clone() }));
        if !wrong.is_empty() {
            return Err(wrong);
        }
        self.0.insert(language.to_owned(), bundle);
        Ok(())
    }

    /// The operator's text for `key` (`message`, or `message.attribute`), if they have one in this language.
    pub(crate) fn get(&self, language: &str, key: &str, number: Option<(&'static str, u64)>) -> Option<String> {
        let mut arguments = FluentArgs::new();
        if let Some((name, number)) = number {
            arguments.set(name, FluentValue::from(number));
        }
        show(self.0.get(language)?, key, &arguments).map(|(text, _)| text)
    }

    /// Languages that have some.
    pub fn languages(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// Roomkey's own texts, by which others are measured.
fn english() -> FluentBundle<FluentResource> {
    let resource = FluentResource::try_new(ENGLISH.to_owned()).unwrap_or_else(|(resource, _)| resource);
    let mut bundle = FluentBundle::new_concurrent(vec![langid!("en")]);
    bundle.add_resource_overriding(resource);
    bundle
}

/// The numbers that a text may have in it: those without which Roomkey's own is not whole.
fn given(english: &FluentBundle<FluentResource>, key: &str) -> FluentArgs<'static> {
    let none = FluentArgs::new();
    match show(english, key, &none) {
        Some((_, false)) => FluentArgs::from_iter([("minutes", FluentValue::from(10))]),
        _ => none,
    }
}

/// A text, and whether all that it refers to was there.
fn show(bundle: &FluentBundle<FluentResource>, key: &str, arguments: &FluentArgs<'_>) -> Option<(String, bool)> {
    let (message, attribute) = key.split_once('.').map_or((key, None), |(message, name)| (message, Some(name)));
    let message = bundle.get_message(message)?;
    let pattern = match attribute {
        Some(name) => message.get_attribute(name)?.value(),
        None => message.value()?,
    };
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, Some(arguments), &mut errors).into_owned();
    Some((text, errors.is_empty()))
}

fn parse(source: String) -> Result<FluentResource, Vec<BadText>> {
    FluentResource::try_new(source).map_err(|(resource, errors)| {
        let before = |at: usize| resource.source().get(..at).unwrap_or_default();
        errors.iter().map(|error| BadText::Syntax { line: before(error.pos.start).matches('\n').count() + 1 }).collect()
    })
}

/// Every text in a file: `message`, and `message.attribute`.
fn keys(resource: &FluentResource) -> Vec<String> {
    let messages = resource.entries().filter_map(|entry| match entry {
        Entry::Message(message) => Some(message),
        _ => None,
    });
    messages
        .flat_map(|message| {
            let own = message.value.iter().map(|_| message.id.name.to_owned());
            let attributes = message.attributes.iter();
            own.chain(attributes.map(|attribute| format!("{}.{}", message.id.name, attribute.id.name)))
        })
        .collect()
}

fn unknown(keys: &[String], english: &FluentBundle<FluentResource>) -> Vec<BadText> {
    let is_unknown = |key: &&String| show(english, key, &FluentArgs::new()).is_none();
    keys.iter().filter(is_unknown).map(|key| BadText::Unknown { key: key.clone() }).collect()
}

impl fmt::Debug for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Texts").field(&self.0.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added(language: &str, source: &str) -> Result<Texts, Vec<BadText>> {
        let mut texts = Texts::default();
        texts.add(language, source.to_owned()).map(|()| texts)
    }

    #[test]
    fn a_text_stands_in_for_one_of_roomkeys_own() {
        let texts = added("de", "choose =\n    .title = Womit?\n").unwrap();

        assert_eq!(texts.get("de", "choose.title", None).as_deref(), Some("Womit?"));
        assert_eq!(texts.get("de", "choose.what", None), None);
        assert_eq!(texts.get("en", "choose.title", None), None);
    }

    #[test]
    fn a_number_is_written_into_an_own_text() {
        let texts = added("en", "expired =\n    .what = Only { $minutes } minutes.\n").unwrap();

        assert_eq!(texts.get("en", "expired.what", Some(("minutes", 3))).as_deref(), Some("Only 3 minutes."));
    }

    #[test]
    fn a_text_that_no_page_shows_is_refused() {
        let wrong = added("en", "chose =\n    .title = A\nchoose = B\n    .hint = C\n").unwrap_err();

        let unknown = |key: &str| BadText::Unknown { key: key.to_owned() };
        assert_eq!(wrong, [unknown("chose.title"), unknown("choose"), unknown("choose.hint")]);
    }

    #[test]
    fn what_is_not_fluent_is_told_by_its_line() {
        assert_eq!(added("en", "reference = A\n\n= B\n").unwrap_err(), [BadText::Syntax { line: 3 }]);
    }

    #[test]
    fn a_text_that_refers_to_what_is_not_there_is_refused() {
        for source in [
            "down = { $who }",
            "down = { -brand }",
            "down = { nothing }",
            "down = { NUMBER(1) }",
            "down = { $minutes }",
        ] {
            let wrong = added("en", source).unwrap_err();
            assert_eq!(wrong, [BadText::Reference { key: "down".to_owned() }], "{source}");
        }
    }

    #[test]
    fn a_text_that_is_there_twice_is_refused() {
        assert_eq!(added("en", "down = A\ndown = B\n").unwrap_err(), [BadText::Twice { key: "down".to_owned() }]);
    }

    #[test]
    fn a_language_without_pages_and_a_file_too_large_are_refused() {
        assert_eq!(added("tlh", "").unwrap_err(), [BadText::OtherLanguage { language: "tlh".to_owned() }]);
        let large = "#".repeat(MAX_TEXTS_BYTES + 1);
        assert_eq!(added("en", &large).unwrap_err(), [BadText::TooLarge]);
    }
}

//! The identity providers that somebody can choose from, and how they are found by a few letters.

use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::IdpMetadata;

/// Those that are offered, in the order of their names.
#[derive(Debug)]
pub struct Directory {
    listed: Vec<Listed>,
}

#[derive(Debug)]
struct Listed {
    idp: Arc<IdpMetadata>,
    /// All that it can be found by, in lower case.
    findable: String,
}

/// Some of them.
#[derive(Debug)]
pub struct Found<'a> {
    /// The first that fit.
    pub idps: Vec<&'a Arc<IdpMetadata>>,
    /// There are more that do.
    pub more: bool,
}

impl Directory {
    /// Those of `idps` that are not hidden.
    pub(super) fn of<'a>(idps: impl Iterator<Item = &'a Arc<IdpMetadata>>) -> Self {
        let shown = idps.filter(|idp| !idp.hidden);
        let mut listed: Vec<_> = shown
            .map(|idp| (idp.name("en").to_lowercase(), Listed { findable: findable(idp), idp: Arc::clone(idp) }))
            .collect();
        listed.sort_by(|(one, a), (other, b)| one.cmp(other).then_with(|| a.idp.entity_id.cmp(&b.idp.entity_id)));
        Self { listed: listed.into_iter().map(|(_, listed)| listed).collect() }
    }

    /// The first `most` that hold every word of `text`, in whichever language; all, if it has none.
    pub fn find(&self, text: &str, most: usize) -> Found<'_> {
        let text = text.to_lowercase();
        let words: Vec<_> = text.split_whitespace().collect();
        let mut fitting = self
            .listed
            .iter()
            .filter(|listed| words.iter().all(|word| listed.findable.contains(word)))
            .map(|listed| &listed.idp);
        Found { idps: fitting.by_ref().take(most).collect(), more: fitting.next().is_some() }
    }

    /// The one of this [`mark`].
    pub fn marked(&self, mark_of_it: &str) -> Option<&Arc<IdpMetadata>> {
        self.listed.iter().map(|listed| &listed.idp).find(|idp| mark(&idp.entity_id) == mark_of_it)
    }
}

/// What stands for an entity id where that is too long: letters, digits, `-` and `_`.
pub fn mark(entity_id: &str) -> String {
    URL_SAFE_NO_PAD.encode(&digest(&SHA256, entity_id.as_bytes()).as_ref()[..12])
}

fn findable(idp: &IdpMetadata) -> String {
    let names = idp.display_name.iter().map(|(_, name)| name.as_str());
    let all: Vec<_> = names.chain(idp.keywords.iter().map(String::as_str)).chain([idp.entity_id.as_str()]).collect();
    all.join("\n").to_lowercase()
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    fn idp(entity_id: &str, names: &[(&str, &str)]) -> Arc<IdpMetadata> {
        let display_name = names.iter().map(|(language, name)| ((*language).to_owned(), (*name).to_owned())).collect();
        Arc::new(IdpMetadata {
            entity_id: entity_id.to_owned(),
            single_sign_on: Vec::new(),
            single_logout: Vec::new(),
            signing_certificates: Vec::new(),
            encryption_certificates: Vec::new(),
            wants_signed_requests: false,
            name_id_formats: Vec::new(),
            display_name,
            keywords: Vec::new(),
            hidden: false,
            valid_until: None,
        })
    }

    fn found(directory: &Directory, text: &str) -> Vec<String> {
        directory.find(text, 10).idps.iter().map(|idp| idp.entity_id.clone()).collect()
    }

    #[test]
    fn all_words_have_to_fit_in_any_order_case_and_language() {
        let north =
            idp("https://a.example.edu", &[("en", "University of the North"), ("de", "Universität des Nordens")]);
        let south = idp("https://b.example.edu", &[("en", "College of the South")]);
        let directory = Directory::of([&north, &south].into_iter());

        assert_eq!(found(&directory, "NORTH univ"), ["https://a.example.edu"]);
        assert_eq!(found(&directory, "nordens"), ["https://a.example.edu"]);
        assert_eq!(found(&directory, "b.example"), ["https://b.example.edu"]);
        assert_eq!(found(&directory, "north college"), [""; 0]);
        assert_eq!(found(&directory, " "), ["https://b.example.edu", "https://a.example.edu"]);
    }

    #[test]
    fn the_hidden_are_not_offered() {
        let mut hidden = IdpMetadata::clone(&idp("https://a.example.edu", &[]));
        hidden.hidden = true;
        let directory = Directory::of([&Arc::new(hidden)].into_iter());

        assert_eq!(found(&directory, ""), [""; 0]);
    }

    #[test]
    fn a_mark_finds_the_one_it_was_made_of() {
        let north = idp("https://a.example.edu", &[]);
        let directory = Directory::of([&north].into_iter());

        assert_eq!(directory.marked(&mark("https://a.example.edu")), Some(&north));
        assert_eq!(directory.marked(&mark("https://b.example.edu")), None);
    }

    #[test]
    fn ten_thousand_are_searched_without_a_pause() {
        let idps: Vec<_> = (0..10_000)
            .map(|n| {
                idp(
                    &format!("https://idp{n}.example.edu/shibboleth"),
                    &[("en", "An Institute"), ("de", "Ein Institut")],
                )
            })
            .collect();
        let directory = Directory::of(idps.iter());

        let began = Instant::now();
        let found = directory.find("idp9999. institut", 50);

        assert_eq!((found.idps.len(), found.more), (1, false));
        assert!(directory.find("institut", 50).more);
        assert!(began.elapsed() < Duration::from_millis(500), "{:?}", began.elapsed());
    }
}

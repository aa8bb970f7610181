//! Reads a TOML document into typed keys, and goes on after each mistake to find the others.
//!
//! A table's keys are declared once, by `keys!`: that declaration is what is read, what the nearest key is searched in, and, with
//! its comments, the JSON Schema and the manual. A value comes from the environment if a variable of its name is there, else from
//! the file. Whatever is wrong is reported at its place and leaves a [`Field::Wrong`] behind.

mod environment;
mod field;
mod list;
mod node;
mod report;
mod scalar;
mod source;
mod table;
mod word;

pub use environment::Environment;
pub use report::{Line, Mistake, Place, Report};
pub use source::{FileError, MAX_FILE_BYTES};

pub(super) use field::{At, Field, Spot};
pub(super) use list::{List, OneOrMany, Tables};
pub(super) use node::{Node, Value};
pub(super) use scalar::{Fault, Whole, from_text, text_type};
pub(super) use source::Source;
pub(super) use table::{Keys, Table, keys};
pub(super) use word::{OneOf, Word};

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What the names of overriding variables begin with.
const VARIABLE_PREFIX: &str = "ROOMKEY_";

/// A type that the value of a key can be read as.
pub(super) trait Read: Sized {
    /// Whether a variable may give it: scalars and lists of scalars.
    const OVERRIDABLE: bool = true;

    /// The value in `node`. `None` if it is wrong, which is then reported.
    fn read(reader: &Reader<'_>, spot: &Spot, node: Node) -> Option<Self>;

    /// What becomes of a key that is not written.
    fn absent(_reader: &Reader<'_>, spot: Spot) -> Field<Self> {
        Field::Absent(spot)
    }
}

/// Everything that is known while a file is read, and everything found wrong with it.
pub(super) struct Reader<'a> {
    source: &'a Source,
    environment: &'a Environment,
    found: RefCell<Found>,
}

#[derive(Default)]
struct Found {
    mistakes: Vec<Mistake>,
    warnings: Vec<Mistake>,
    asked_for: BTreeSet<String>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(source: &'a Source, environment: &'a Environment) -> Self {
        Self { source, environment, found: RefCell::default() }
    }

    /// The environment.
    pub(super) fn environment(&self) -> &'a Environment {
        self.environment
    }

    /// A path that the file names: relative ones begin at the file's own folder.
    pub(super) fn path(&self, path: &str) -> PathBuf {
        self.source.path().parent().unwrap_or(Path::new("")).join(path)
    }

    /// Reports a mistake.
    pub(super) fn wrong(&self, spot: &Spot, wrong: impl Into<String>, remedy: impl Into<String>) {
        self.found.borrow_mut().mistakes.push(mistake(spot, wrong, remedy));
    }

    /// Reports something doubtful, which stops nobody.
    pub(super) fn warn(&self, spot: &Spot, doubt: impl Into<String>, remedy: impl Into<String>) {
        self.found.borrow_mut().warnings.push(mistake(spot, doubt, remedy));
    }

    /// The value of a variable that overrides a key.
    fn variable(&self, name: &str) -> Option<&'a str> {
        self.found.borrow_mut().asked_for.insert(name.to_owned());
        self.environment.get(name)
    }

    /// Reports variables that look like overrides and belong to no key. Names without `__` may be anybody's: Kubernetes sets
    /// `ROOMKEY_PORT` for a service called `roomkey`.
    pub(super) fn check_variables(&self) {
        let is_override = |name: &&str| name.strip_prefix(VARIABLE_PREFIX).is_some_and(|key| key.contains("__"));
        for name in self.environment.names().filter(is_override) {
            let remedy = {
                let asked_for = &self.found.borrow().asked_for;
                if asked_for.contains(name) {
                    continue;
                }
                let near = nearest(name, asked_for.iter().map(String::as_str));
                near.map_or("unset it".to_owned(), |near| format!("did you mean `{near}`?"))
            };
            let spot = Spot { path: String::new(), place: Place::Variable(name.to_owned()) };
            self.wrong(&spot, "belongs to no key that Roomkey knows", remedy);
        }
    }

    /// Mistakes and warnings.
    pub(super) fn into_reports(self) -> (Report, Report) {
        let Found { mistakes, warnings, .. } = self.found.into_inner();
        let report = |found| Report::new(self.source.path().to_owned(), found);
        (report(mistakes), report(warnings))
    }
}

fn mistake(spot: &Spot, wrong: impl Into<String>, remedy: impl Into<String>) -> Mistake {
    Mistake { place: spot.place.clone(), path: spot.path.clone(), wrong: wrong.into(), remedy: remedy.into() }
}

/// A text of the file as it may stand in a report: on one line, and cut where a key or a name would have ended long ago.
pub(super) fn quoted(text: &str) -> String {
    /// In characters.
    const MOST: usize = 64;
    if text.is_empty() {
        return "an empty text".to_owned();
    }
    let shown: String = text.chars().take(MOST).flat_map(char::escape_debug).collect();
    if text.chars().nth(MOST).is_some() { format!("`{shown}…`") } else { format!("`{shown}`") }
}

/// The known name that `name` was probably meant to be.
pub(super) fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    /// Below this, two names have no more in common than any two.
    const LEAST: f64 = 0.7;
    known
        .map(|candidate| {
            (strsim::normalized_damerau_levenshtein(name, candidate).max(prefix(name, candidate)), candidate)
        })
        .filter(|&(likeness, _)| likeness >= LEAST)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// A name that was cut short or went on too long is near, however long the rest.
fn prefix(name: &str, candidate: &str) -> f64 {
    let shared = name.len().min(candidate.len());
    if shared >= 4 && (name.starts_with(candidate) || candidate.starts_with(name)) { 0.75 } else { 0.0 }
}

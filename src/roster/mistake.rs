//! What is wrong with a list, line by line.

use std::fmt;
use std::path::{Path, PathBuf};

/// One thing that is wrong. Says nothing about a person, so that it may be logged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The file.
    pub file: PathBuf,
    /// Its line, counted from 1; 0 if it is about the whole file.
    pub line: usize,
    /// What is wrong, and how to mend it.
    pub wrong: String,
}

/// Everything that is wrong with a list.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Mistakes {
    told: Vec<Mistake>,
    untold: usize,
}

impl Mistakes {
    /// Most mistakes that are told one by one; of a list whose every line is wrong, these are enough.
    pub const MAX_TOLD: usize = 1_000;

    pub(super) fn add(&mut self, file: &Path, line: usize, wrong: impl Into<String>) {
        if self.told.len() < Self::MAX_TOLD {
            self.told.push(Mistake { file: file.to_owned(), line, wrong: wrong.into() });
        } else {
            self.untold += 1;
        }
    }

    /// Those that are told, in the order of the files and their lines.
    pub fn told(&self) -> &[Mistake] {
        &self.told
    }

    /// How many there are beyond these.
    pub fn untold(&self) -> usize {
        self.untold
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.told.is_empty()
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file.display(), self.wrong),
            line => write!(f, "{}:{line}: {}", self.file.display(), self.wrong),
        }
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.told.len() + self.untold {
            1 => f.write_str("1 mistake"),
            count => write!(f, "{count} mistakes"),
        }
    }
}

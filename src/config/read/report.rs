//! What is wrong with a file, all of it together.

use std::fmt;
use std::path::PathBuf;

/// Where a value stands, in the order in which an operator goes through a report.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In the file; both count from 1, columns in characters.
    File {
        /// Line.
        line: usize,
        /// Column.
        column: usize,
    },
    /// In a file that this one names: a list of members.
    OtherFile {
        /// The file.
        file: PathBuf,
        /// Line, counted from 1; 0 if it is about the whole of it.
        line: usize,
    },
    /// In an environment variable of this name.
    Variable(String),
    /// Nowhere: neither the key nor its table is written.
    #[default]
    Nowhere,
}

/// One thing that is wrong, or merely doubtful.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    /// Where it stands.
    pub place: Place,
    /// The dotted path of the key (`providers[0].issuer`); empty if it is about no key.
    pub path: String,
    /// What is wrong. Holds no secret.
    pub wrong: String,
    /// How to mend it.
    pub remedy: String,
}

/// Every mistake of one file, in the order of its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    file: PathBuf,
    mistakes: Vec<Mistake>,
}

/// A mistake with the name of the file it was found in: one line of a report.
pub struct Line<'a> {
    file: &'a std::path::Path,
    mistake: &'a Mistake,
}

impl Report {
    pub(in crate::config) fn new(file: PathBuf, mut mistakes: Vec<Mistake>) -> Self {
        mistakes.sort();
        mistakes.dedup();
        Self { file, mistakes }
    }

    /// The file.
    pub fn file(&self) -> &std::path::Path {
        &self.file
    }

    /// The mistakes, in the order of the file's lines; variables and missing keys follow.
    pub fn mistakes(&self) -> &[Mistake] {
        &self.mistakes
    }

    /// The mistakes, each as the line that is printed for it.
    pub fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        self.mistakes.iter().map(|mistake| Line { file: &self.file, mistake })
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.mistakes.is_empty()
    }
}

impl Line<'_> {
    /// The mistake.
    pub fn mistake(&self) -> &Mistake {
        self.mistake
    }

    /// Where it stands, as editors and terminals read it: `roomkey.toml:12:3`, or a variable's name.
    pub fn place(&self) -> String {
        match &self.mistake.place {
            Place::File { line, column } => format!("{}:{line}:{column}", self.file.display()),
            Place::OtherFile { file, line: 0 } => file.display().to_string(),
            Place::OtherFile { file, line } => format!("{}:{line}", file.display()),
            Place::Variable(name) => name.clone(),
            Place::Nowhere => self.file.display().to_string(),
        }
    }
}

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Mistake { path, wrong, remedy, .. } = self.mistake;
        write!(f, "{}: ", self.place())?;
        if !path.is_empty() {
            write!(f, "{path}: ")?;
        }
        f.write_str(wrong)?;
        if !remedy.is_empty() {
            write!(f, "; {remedy}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, line) in self.lines().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{line}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Report {}

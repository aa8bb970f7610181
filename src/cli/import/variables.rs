//! Variables of another program, from the process and from a file.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use zeroize::Zeroizing;

use super::ImportError;
use super::draft::Reference;
use crate::config::Environment;

/// Largest file of variables, in bytes.
const MAX_FILE_BYTES: u64 = 1024 * 1024;

/// All variables; an empty one is one that is not set.
pub(super) struct Variables(Environment);

impl Variables {
    /// Those of the process, and before them those of a file.
    pub(super) fn read(process: &Environment, file: Option<&Path>) -> Result<Self, ImportError> {
        match file {
            Some(path) => Ok(Self(process.clone().with(variables_in(path)?))),
            None => Ok(Self(process.clone())),
        }
    }

    pub(super) fn environment(&self) -> &Environment {
        &self.0
    }

    /// The value of a variable, or what the file holds that its `_FILE` form names.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        let value = self.set(name).map(str::to_owned);
        value.or_else(|| {
            let text = bounded(Path::new(self.set(&format!("{name}_FILE"))?)).ok()?;
            Some(String::from_utf8(text.to_vec()).ok()?.trim().to_owned()).filter(|value| !value.is_empty())
        })
    }

    /// As [`get`](Self::get), for what the other program has no default for.
    pub(super) fn required(&self, name: &'static str, program: &'static str) -> Result<String, ImportError> {
        self.get(name).ok_or(ImportError::Missing { name, program })
    }

    /// Words with spaces between.
    pub(super) fn words(&self, name: &str) -> Vec<String> {
        self.get(name).map_or_else(Vec::new, |text| text.split_whitespace().map(str::to_owned).collect())
    }

    /// Whether a switch is on; `None` if it is not set.
    pub(super) fn switch(&self, name: &str) -> Option<bool> {
        self.get(name).map(|text| text.eq_ignore_ascii_case("true") || text == "1")
    }

    /// Where a secret is.
    pub(super) fn secret(&self, name: &str) -> Option<Reference> {
        if self.set(name).is_some() {
            return Some(Reference::Variable(name.to_owned()));
        }
        let path = self.set(&format!("{name}_FILE"))?;
        // Where the other program was started need not be where the file will stand.
        Some(Reference::File(std::path::absolute(path).unwrap_or_else(|_| path.into())))
    }

    fn set(&self, name: &str) -> Option<&str> {
        self.0.get(name).filter(|value| !value.is_empty())
    }
}

/// The variables of a file, read as Compose reads its `.env`.
fn variables_in(path: &Path) -> Result<Environment, ImportError> {
    let unreadable = |cause| ImportError::Unreadable { path: path.to_owned(), cause };
    let text = bounded(path).map_err(unreadable)?;
    let mut after = "the beginning of the file".to_owned();
    let mut found = Vec::new();
    for variable in dotenvy::from_read_iter(text.as_slice()) {
        let (name, value) =
            variable.map_err(|_| ImportError::NoVariable { path: path.to_owned(), after: after.clone() })?;
        after = format!("`{name}`");
        found.push((name, value));
    }
    Ok(found.into_iter().collect())
}

fn bounded(path: &Path) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::new());
    File::open(path)?.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("it is larger than {MAX_FILE_BYTES} bytes")));
    }
    Ok(bytes)
}

/// Whether a file ends in a newline, which the program before took for a part of the secret.
pub(super) fn ends_in_newline(reference: &Reference) -> bool {
    match reference {
        Reference::File(path) => bounded(path).is_ok_and(|text| text.ends_with(b"\n")),
        Reference::Variable(_) => false,
    }
}

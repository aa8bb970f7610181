//! The operator's file, as text with line numbers.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::report::Place;

/// Largest file that is read, in bytes: ten thousand rules fit.
pub const MAX_FILE_BYTES: u64 = 4 * 1024 * 1024;

/// A file's text and where its lines begin.
#[derive(Debug)]
pub(in crate::config) struct Source {
    path: PathBuf,
    text: String,
    line_starts: Vec<usize>,
}

/// Why the file itself cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It is not there, or may not be read.
    #[error("cannot read {}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        cause: std::io::Error,
    },
    /// It is larger than [`MAX_FILE_BYTES`].
    #[error("{} is larger than {MAX_FILE_BYTES} bytes", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// It is not UTF-8.
    #[error("{} is not UTF-8 text: line {line} is the first that is not", path.display())]
    NotText {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
    },
}

impl Source {
    /// Reads a file.
    pub(in crate::config) fn read(path: &Path) -> Result<Self, FileError> {
        let unreadable = |cause| FileError::Unreadable { path: path.to_owned(), cause };
        let mut bytes = Vec::new();
        let file = File::open(path).map_err(unreadable)?;
        file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        if bytes.len() as u64 > MAX_FILE_BYTES {
            return Err(FileError::TooLarge { path: path.to_owned() });
        }
        let text = String::from_utf8(bytes).map_err(|error| {
            let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            FileError::NotText { path: path.to_owned(), line: 1 + before.iter().filter(|&&byte| byte == b'\n').count() }
        })?;
        Ok(Self::new(path.to_owned(), text))
    }

    /// A text that was read already.
    pub(in crate::config) fn new(path: PathBuf, text: String) -> Self {
        let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { path, text, line_starts }
    }

    pub(in crate::config) fn path(&self) -> &Path {
        &self.path
    }

    pub(in crate::config) fn text(&self) -> &str {
        &self.text
    }

    /// The line and column of a byte.
    pub(in crate::config) fn place(&self, offset: usize) -> Place {
        let line = self.line_starts.partition_point(|&start| start <= offset);
        let start = self.line_starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let column = self.text.get(start..offset).map_or(1, |before| before.chars().count() + 1);
        Place::File { line, column }
    }

    /// A line's text, counted from 1.
    pub(in crate::config) fn line(&self, line: usize) -> &str {
        self.text.lines().nth(line.saturating_sub(1)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_is_found_by_line_and_character() {
        let source = Source::new("roomkey.toml".into(), "a = 1\n\u{fc}\u{fc} = 2\n".to_owned());

        let places = [0, 4, 6, 10, 11].map(|offset| source.place(offset));

        let at = |line, column| Place::File { line, column };
        assert_eq!(places, [at(1, 1), at(1, 5), at(2, 1), at(2, 3), at(2, 4)]);
        assert_eq!(source.line(2), "\u{fc}\u{fc} = 2");
    }

    #[test]
    fn a_file_that_is_not_text_names_its_line() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), b"a = 1\nb = \"\xff\"\n").unwrap();

        let error = Source::read(file.path()).unwrap_err();

        assert!(matches!(error, FileError::NotText { line: 2, .. }), "{error}");
    }

    #[test]
    fn a_file_without_end_is_not_read_to_its_end() {
        let error = Source::read(Path::new("/dev/zero")).unwrap_err();

        assert!(matches!(error, FileError::TooLarge { .. }), "{error}");
    }
}

//! A CSV file as spreadsheets and databases write them.

use std::borrow::Cow;
use std::path::Path;

use csv::{ReaderBuilder, StringRecord};

use super::Mistakes;

/// A file's rows and the names of their columns.
pub(super) struct Sheet<'f> {
    file: &'f Path,
    text: String,
    delimiter: u8,
    /// The header, and where the rows begin.
    header: Vec<String>,
    header_line: usize,
    body: usize,
}

/// One row.
pub(super) struct Row<'r> {
    /// Where it begins, counted from 1.
    pub(super) line: usize,
    record: &'r StringRecord,
}

/// Longest text of a cell that means something, in bytes: a room's name is the longest.
const MAX_CELL_BYTES: usize = 4096;

impl<'f> Sheet<'f> {
    /// Opens a file: UTF-8 or UTF-16 with or without a byte order mark; commas, semicolons or tabs between the cells, or what
    /// Excel's `sep=` says. `None` if it cannot be read at all, which has been told.
    pub(super) fn open(file: &'f Path, bytes: &[u8], mistakes: &mut Mistakes) -> Option<Self> {
        let text = match decode(bytes) {
            Ok(text) => text.into_owned(),
            Err(line) => {
                mistakes.add(file, line, "is not UTF-8; save the file as `CSV UTF-8`");
                return None;
            }
        };
        let (stated, start) = stated_delimiter(&text);
        let delimiter = stated.unwrap_or_else(|| likely_delimiter(&text[start..]));
        let mut sheet = Self { file, text, delimiter, header: Vec::new(), header_line: 0, body: start };
        let first = sheet.records(start).next();
        let Some((line, end, record)) = first else {
            mistakes.add(file, 0, "is empty; its first line has to name the columns");
            return None;
        };
        sheet.header = record.iter().map(|name| name.trim().to_owned()).collect();
        sheet.header_line = line;
        sheet.body = end;
        Some(sheet)
    }

    /// The file.
    pub(super) fn file(&self) -> &'f Path {
        self.file
    }

    /// The line of the header.
    pub(super) fn header_line(&self) -> usize {
        self.header_line
    }

    /// The names of the columns, as written.
    pub(super) fn header(&self) -> &[String] {
        &self.header
    }

    /// The column of this name, in whatever case and with whatever between its letters. A missing one is told.
    pub(super) fn required(&self, name: &str, mistakes: &mut Mistakes) -> Option<usize> {
        let column = self.optional(name);
        if column.is_none() {
            mistakes.add(self.file, self.header_line, format!("has no column `{name}`"));
        }
        column
    }

    /// The same for a column that may be missing.
    pub(super) fn optional(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|written| plain(written) == plain(name))
    }

    /// Goes through the rows that have something in them. Those that are cut short or too long are told, and left out.
    pub(super) fn for_each_row(&self, mistakes: &mut Mistakes, mut each: impl FnMut(Row<'_>, &mut Mistakes)) {
        for (line, end, record) in self.records(self.body) {
            let (cells, columns) = (record.len(), self.header.len());
            if record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            if cells < columns {
                let wrong = format!("has {cells} cells where the header has {columns}; is the line cut off?");
                mistakes.add(self.file, line, wrong);
            } else if record.iter().skip(columns).any(|cell| !cell.trim().is_empty()) {
                let wrong = format!(
                    "has {cells} cells where the header has {columns}; put quotes around cells with separators"
                );
                mistakes.add(self.file, line, wrong);
            } else if end == self.text.len() && self.ends_in_quotes(line) {
                mistakes.add(self.file, line, "begins a cell with a quote that nothing closes");
            } else {
                each(Row { line, record: &record }, mistakes);
            }
        }
    }

    /// Whether the last row, which begins at `line`, ends inside of quotes.
    fn ends_in_quotes(&self, line: usize) -> bool {
        let mut rest = self.text.as_str();
        for _ in 1..line {
            rest = rest.find(['\r', '\n']).map_or("", |at| after_break(&rest[at..]));
        }
        rest.bytes().filter(|&byte| byte == b'"').count() % 2 == 1
    }

    /// Line, end and cells of every record from `start` on.
    fn records(&self, start: usize) -> impl Iterator<Item = (usize, usize, StringRecord)> + '_ {
        let mut reader = ReaderBuilder::new()
            .delimiter(self.delimiter)
            .flexible(true)
            .has_headers(false)
            .from_reader(self.text.as_bytes().get(start..).unwrap_or_default());
        let (mut seen, mut line) = (0, 1);
        std::iter::from_fn(move || {
            let mut record = StringRecord::new();
            // What is in memory and UTF-8 can always be read.
            if !reader.read_record(&mut record).ok()? {
                return None;
            }
            let offset = |position: &csv::Position| start + usize::try_from(position.byte()).unwrap_or(usize::MAX);
            let begin = record.position().map_or(start, offset);
            let begin = begin + leading_breaks(self.text.get(begin..).unwrap_or_default());
            line += breaks(self.text.get(seen..begin).unwrap_or_default());
            seen = begin;
            Some((line, offset(reader.position()).min(self.text.len()), record))
        })
    }
}

impl<'r> Row<'r> {
    /// The text in a column, without the spaces around it; empty if there is no such column. `="…"`, by which Excel keeps a
    /// number as text, is that text.
    ///
    /// # Errors
    /// What is wrong with the cell: it holds no text that could be meant.
    pub(super) fn text(&self, column: Option<usize>) -> Result<&'r str, &'static str> {
        let cell = column.and_then(|column| self.record.get(column)).unwrap_or_default().trim();
        let kept = cell.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
        match kept.unwrap_or(cell) {
            text if text.len() > MAX_CELL_BYTES => {
                Err("is longer than any could be; is there a quote that nothing closes?")
            }
            text if text.starts_with('=') => Err("is a formula; save the values instead"),
            text if text.starts_with('#') && text.ends_with(['!', '?', 'A']) => Err("is an error of a formula"),
            text if text.contains(char::is_control) => Err("has a line break or another control character in it"),
            text => Ok(text),
        }
    }
}

/// A column's name as it is compared: letters and digits, in lower case.
pub(super) fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The text, or the first line that is none.
fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, usize> {
    let utf16 = |bytes: &[u8], from: fn([u8; 2]) -> u16| {
        let units = bytes.chunks_exact(2).map(|pair| from([pair[0], pair[1]]));
        char::decode_utf16(units).collect::<Result<String, _>>().map(Cow::Owned).map_err(|_| 0)
    };
    match bytes {
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] | rest => std::str::from_utf8(rest).map(Cow::Borrowed).map_err(|error| {
            let before = String::from_utf8_lossy(&rest[..error.valid_up_to()]);
            1 + breaks(&before)
        }),
    }
}

/// What Excel's first line `sep=;` says, and where the rest begins.
fn stated_delimiter(text: &str) -> (Option<u8>, usize) {
    let stated = text.strip_prefix("sep=").and_then(|rest| Some((rest.bytes().next()?, rest.get(1..)?)));
    match stated {
        Some((delimiter @ (b',' | b';' | b'\t' | b'|'), rest)) if rest.starts_with(['\r', '\n']) => {
            (Some(delimiter), text.len() - after_break(rest).len())
        }
        _ => (None, 0),
    }
}

/// What stands most often between the quotes of the first line.
fn likely_delimiter(text: &str) -> u8 {
    let first = text.trim_start().lines().next().unwrap_or_default();
    let outside: String = first.split('"').step_by(2).collect();
    let count = |delimiter: u8| outside.bytes().filter(|&byte| byte == delimiter).count();
    // Of equals the last one is taken: a comma.
    [b'\t', b';', b','].into_iter().max_by_key(|&delimiter| count(delimiter)).unwrap_or(b',')
}

/// Line breaks of any system's.
fn breaks(text: &str) -> usize {
    let returns = text.bytes().filter(|&byte| byte == b'\r').count();
    let feeds = text.bytes().filter(|&byte| byte == b'\n').count();
    returns + feeds - text.matches("\r\n").count()
}

fn leading_breaks(text: &str) -> usize {
    text.len() - text.trim_start_matches(['\r', '\n']).len()
}

/// What follows the line break that `text` begins with.
fn after_break(text: &str) -> &str {
    text.strip_prefix("\r\n").or_else(|| text.strip_prefix(['\r', '\n'])).unwrap_or(text)
}

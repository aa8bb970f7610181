//! The files of a list.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use super::one_roster::{self, Folder};
use super::sheet::Sheet;
use super::{Mistakes, Reading, members};
use crate::policy::Roster;

/// Largest file that is read, in bytes: a million rows fit.
const MAX_FILE_BYTES: u64 = 128 * 1024 * 1024;

/// Most files in a folder.
const MAX_FILES: usize = 1_000;

/// The list of a rule: one file, a folder of them, or a folder of OneRoster's.
#[derive(Clone, Debug)]
pub struct RosterFile {
    path: PathBuf,
    reading: Reading,
    /// How it looked when it was last read, whatever came of it.
    seen: Look,
}

/// Why there is no roster.
#[derive(Debug, thiserror::Error)]
pub enum RosterError {
    /// It is not there, or may not be read.
    #[error("cannot read {}", path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        #[source]
        cause: io::Error,
    },
    /// It is larger than 128 MiB.
    #[error("{} is larger than {MAX_FILE_BYTES} bytes", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// A folder without lists, or with too many.
    #[error("{} holds {found} files that end in `.csv`; 1 to {MAX_FILES} are read", path.display())]
    Files {
        /// The folder.
        path: PathBuf,
        /// How many there are.
        found: usize,
    },
    /// A file was written to while it was read: it will be read again.
    #[error("{} changes while it is read", path.display())]
    Changing {
        /// The file or folder.
        path: PathBuf,
    },
    /// What it says is wrong.
    #[error("{mistakes} in {}", path.display())]
    Wrong {
        /// The file or folder.
        path: PathBuf,
        /// Each by its line.
        mistakes: Mistakes,
    },
}

/// What a list's files look like from outside; another look means other contents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Look(Vec<(PathBuf, u64, Option<SystemTime>, u64)>);

/// What a list is, by what its path leads to.
enum Files {
    /// Lists of Roomkey's own form.
    Own(Vec<PathBuf>),
    /// A folder of OneRoster's.
    OneRoster { users: PathBuf, classes: PathBuf, enrollments: PathBuf },
}

impl Files {
    fn paths(self) -> Vec<PathBuf> {
        match self {
            Self::Own(paths) => paths,
            Self::OneRoster { users, classes, enrollments } => vec![users, classes, enrollments],
        }
    }
}

impl RosterFile {
    /// The list at `path`, read in this way. Blocks for as long as that takes.
    ///
    /// # Errors
    /// [`RosterError`] with every mistake, or with what hinders reading.
    pub fn open(path: PathBuf, reading: Reading) -> Result<(Self, Arc<Roster>), RosterError> {
        let mut list = Self { path, reading, seen: Look::default() };
        let roster = list.read()?;
        Ok((list, roster))
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether it looks otherwise than when it was last read.
    pub(super) fn has_changed(&self, look: &Look) -> bool {
        self.seen != *look
    }

    /// Whether the last line of a file has no end: it may be complete all the same, as some programs write it.
    pub(super) fn ends_open(&self) -> bool {
        let ends_open = |path: &PathBuf| {
            let mut last = [b'\n'];
            let read = File::open(path).and_then(|mut file| {
                file.seek(SeekFrom::End(-1))?;
                file.read_exact(&mut last)
            });
            read.is_ok() && !matches!(last, [b'\n' | b'\r'])
        };
        self.files().is_ok_and(|files| files.paths().iter().any(ends_open))
    }

    /// Reads it all anew.
    pub(super) fn read(&mut self) -> Result<Arc<Roster>, RosterError> {
        let before = self.look();
        let read = self.read_files();
        if self.look() != before {
            return Err(RosterError::Changing { path: self.path.clone() });
        }
        self.seen = before;
        read
    }

    /// How it looks now; nothing at all if it is not there.
    pub(super) fn look(&self) -> Look {
        let Ok(files) = self.files() else { return Look::default() };
        let look = |path: PathBuf| {
            let data = fs::metadata(&path).ok();
            let (size, inode) = data.as_ref().map_or((0, 0), |data| (data.len(), data.ino()));
            (path, size, data.and_then(|data| data.modified().ok()), inode)
        };
        Look(files.paths().into_iter().map(look).collect())
    }

    fn read_files(&self) -> Result<Arc<Roster>, RosterError> {
        let (mut roster, mut mistakes) = (Roster::default(), Mistakes::default());
        match self.files()? {
            Files::Own(paths) => {
                for path in paths {
                    if let Some(sheet) = Sheet::open(&path, &read(&path)?, &mut mistakes) {
                        members::read(&sheet, &self.reading, &mut roster, &mut mistakes);
                    }
                }
            }
            Files::OneRoster { users, classes, enrollments } => {
                let sheets = [&users, &classes, &enrollments].map(|path| {
                    let bytes = read(path)?;
                    Ok(Sheet::open(path, &bytes, &mut mistakes))
                });
                let [users, classes, enrollments] = sheets;
                if let (Some(users), Some(classes), Some(enrollments)) = (users?, classes?, enrollments?) {
                    let folder = Folder { users, classes, enrollments };
                    one_roster::read(&folder, self.reading.class_room, &mut roster, &mut mistakes);
                }
            }
        }
        if mistakes.is_empty() {
            Ok(Arc::new(roster))
        } else {
            Err(RosterError::Wrong { path: self.path.clone(), mistakes })
        }
    }

    fn files(&self) -> Result<Files, RosterError> {
        let path = &self.path;
        let unreadable = |cause| RosterError::Unreadable { path: path.clone(), cause };
        if !fs::metadata(path).map_err(unreadable)?.is_dir() {
            return Ok(Files::Own(vec![path.clone()]));
        }
        let enrollments = path.join("enrollments.csv");
        if enrollments.exists() {
            return Ok(Files::OneRoster {
                users: path.join("users.csv"),
                classes: path.join("classes.csv"),
                enrollments,
            });
        }
        let mut lists = Vec::new();
        for entry in fs::read_dir(path).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv")) && path.is_file() {
                lists.push(path);
            }
        }
        lists.sort();
        match lists.len() {
            1..=MAX_FILES => Ok(Files::Own(lists)),
            found => Err(RosterError::Files { path: path.clone(), found }),
        }
    }
}

fn read(path: &Path) -> Result<Vec<u8>, RosterError> {
    let unreadable = |cause| RosterError::Unreadable { path: path.to_owned(), cause };
    let mut bytes = Vec::new();
    File::open(path).map_err(unreadable)?.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(RosterError::TooLarge { path: path.to_owned() });
    }
    Ok(bytes)
}

//! Where records wait while the store is down: sealed lines in files, each on the disk before anybody is let in by it.
//!
//! A process appends to a file of its own, which it holds locked. Whoever finds the store back, and a file that nobody holds, brings
//! its records into the chain and removes it, so that those of a process that was killed are not forgotten.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::join_all;

use super::trail::Entry;
use crate::login::{Purpose, Sealer, random};
use crate::store::{Line, StoreError, line};

/// Most bytes that wait. A record takes some 500.
const MOST: u64 = 64 * 1024 * 1024;

/// Of these, the bytes that attempts may take by which nobody is let in: those anybody can make, in any number.
const MOST_OF_FAILURES: u64 = MOST / 2;

/// Ends the names of files that hold records.
const EXTENSION: &str = "journal";

/// What a line is sealed for.
const CONTEXT: &[u8] = b"journal";

/// Records that are brought into the chain at a time.
const AT_A_TIME: usize = 64;

/// There is no more room.
#[derive(Debug, thiserror::Error)]
#[error("the journal is full")]
struct Full;

/// The files of one folder. Cheap to clone.
#[derive(Clone)]
pub(super) struct Journal(Arc<Inner>);

struct Inner {
    lines: Line<String>,
    files: Arc<Files>,
}

struct Files {
    folder: PathBuf,
    /// The one of this process, once it has one.
    own: Mutex<Option<File>>,
    size: AtomicU64,
}

impl Journal {
    /// The journal in `folder`, which is made when it is first needed.
    pub(super) fn new(folder: PathBuf) -> Self {
        let files = Arc::new(Files { folder, own: Mutex::new(None), size: AtomicU64::new(0) });
        let (lines, counter) = line();
        let writer = Arc::clone(&files);
        tokio::spawn(counter.serve(move |lines: Vec<String>| {
            let files = Arc::clone(&writer);
            async move {
                let append = tokio::task::spawn_blocking(move || files.append(&lines));
                append.await.map_err(|_| StoreError::stopping())?.map_err(StoreError::unreachable)
            }
        }));
        Self(Arc::new(Inner { lines, files }))
    }

    /// How many bytes wait.
    pub(super) fn size(&self) -> u64 {
        self.0.files.size.load(Ordering::Relaxed)
    }

    /// Keeps an entry until the store is back.
    ///
    /// # Errors
    /// The disk does not take it, or there is no more room.
    pub(super) async fn keep(&self, entry: &Entry, sealer: &Sealer) -> Result<(), StoreError> {
        let most = if entry.event.outcome.is_grant() { MOST } else { MOST_OF_FAILURES };
        let plain = postcard::to_stdvec(entry).expect("plain data serializes");
        let line = sealer.seal(Purpose::Audit, CONTEXT, plain);
        if self.size() + line.len() as u64 > most {
            return Err(StoreError::unreachable(Full));
        }
        self.0.lines.write(line).await
    }

    /// Brings what waits into the chain by way of `entries`. What cannot be written waits on.
    pub(super) async fn replay(&self, sealer: &Sealer, entries: &Line<Entry>) {
        let files = Arc::clone(&self.0.files);
        let Ok(waiting) = tokio::task::spawn_blocking(move || files.take()).await else { return };
        for (path, file, text) in waiting {
            match bring(&text, sealer, entries).await {
                Ok(0) => remove(&path),
                Ok(unreadable) => set_aside(&path, unreadable),
                // Each is looked for in the chain before it is written again.
                Err(_) => {}
            }
            drop(file);
        }
        self.0.files.measure();
    }
}

/// Writes the records of a file; says how many lines cannot be read.
async fn bring(text: &str, sealer: &Sealer, entries: &Line<Entry>) -> Result<usize, StoreError> {
    // What comes after the last line's end was being written when the process ended, and nobody was let in by it.
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    let read: Vec<_> = whole.lines().map(|line| read(line, sealer)).collect();
    let unreadable = read.iter().filter(|entry| entry.is_none()).count();
    let read: Vec<Entry> = read.into_iter().flatten().collect();
    for some in read.chunks(AT_A_TIME) {
        for written in join_all(some.iter().map(|entry| entries.write(entry.clone()))).await {
            written?;
        }
    }
    if !read.is_empty() {
        tracing::info!(records = read.len(), "{} records of the journal are in the audit trail now", read.len());
    }
    Ok(unreadable)
}

fn read(line: &str, sealer: &Sealer) -> Option<Entry> {
    let entry: Entry = postcard::from_bytes(&sealer.open(Purpose::Audit, CONTEXT, line)?).ok()?;
    Some(Entry { is_doubtful: true, ..entry })
}

fn remove(path: &Path) {
    if let Err(error) = fs::remove_file(path) {
        tracing::error!(%error, "{} is in the audit trail, and cannot be removed", path.display());
    }
}

/// A file with lines that do not open must not be lost, nor looked at again and again.
fn set_aside(path: &Path, unreadable: usize) {
    tracing::error!(
        "{} holds {unreadable} records that `session.secret` does not open: it is kept beside, with `.unreadable` at its end",
        path.display(),
    );
    let mut aside = path.as_os_str().to_owned();
    aside.push(".unreadable");
    if let Err(error) = fs::rename(path, aside) {
        tracing::error!(%error, "{} cannot be renamed", path.display());
    }
}

impl Files {
    fn own(&self) -> std::sync::MutexGuard<'_, Option<File>> {
        self.own.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Once this returns, the lines are on the disk.
    fn append(&self, lines: &[String]) -> io::Result<()> {
        let mut own = self.own();
        let file = match own.take() {
            Some(file) => file,
            None => {
                tracing::warn!("records wait in {} until the store is back", self.folder.display());
                create(&self.folder)?
            }
        };
        let length = file.metadata()?.len();
        let mut text = lines.join("\n");
        text.push('\n');
        let written = (&file).write_all(text.as_bytes()).and_then(|()| file.sync_data());
        if written.is_err() {
            // A half-written line must not run into the next one.
            file.set_len(length)?;
        }
        *own = Some(file);
        written?;
        self.size.fetch_add(text.len() as u64, Ordering::Relaxed);
        Ok(())
    }

    /// All files that nobody else holds, each held from now on, with what they say.
    fn take(&self) -> Vec<(PathBuf, File, String)> {
        let mut own = self.own();
        // It is found among the others, and the next line begins another.
        own.take();
        self.paths().filter_map(|path| hold(&path).ok().map(|(file, text)| (path, file, text))).collect()
    }

    fn paths(&self) -> impl Iterator<Item = PathBuf> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|it| it == EXTENSION))
    }

    fn measure(&self) {
        // No line can be added between measuring and noting.
        let _own = self.own();
        let size = self.paths().filter_map(|path| path.metadata().ok()).map(|metadata| metadata.len()).sum();
        self.size.store(size, Ordering::Relaxed);
    }
}

fn create(folder: &Path) -> io::Result<File> {
    if !folder.is_dir() {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let path = folder.join(format!("{}.{EXTENSION}", data_encoding::HEXLOWER.encode(&random::<8>())));
    let file = OpenOptions::new().append(true).create_new(true).mode(0o600).open(path)?;
    file.try_lock()?;
    // The name, too, has to outlast a power cut.
    File::open(folder)?.sync_all()?;
    Ok(file)
}

fn hold(path: &Path) -> io::Result<(File, String)> {
    let mut file = File::open(path)?;
    file.try_lock()?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    // Lines are base64; whatever else stands there is told as unreadable.
    Ok((file, String::from_utf8_lossy(&bytes).into_owned()))
}

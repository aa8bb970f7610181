//! A file, one JSON object a line, with rotation. Its last line tells how far it has come, so that each record stands there once,
//! whenever the process is killed. Each process writes a file of its own; of two with the same, the second waits.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{AT_A_TIME, FIRST_PAUSE, LAST_PAUSE, LOOK, Message, Office, SinkError, Sinks};
use crate::provider::chain as causes;

/// A file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileSink {
    /// Where it is.
    pub path: PathBuf,
    /// Once it is larger than this, in bytes, another begins.
    pub max_bytes: u64,
    /// How many that are full are kept beside it: `FILE.1` is the latest.
    pub keep_files: u32,
    /// Whether what is known of people stands in it.
    pub personal: bool,
}

/// The end of a file that is read for its last line: longer than any line.
const TAIL: u64 = 256 * 1024;

/// What a line tells of where it stands.
#[derive(Deserialize)]
struct Numbered {
    number: i64,
}

/// A file that nobody else writes.
struct Held {
    file: File,
    size: u64,
    /// Nobody else writes for as long as this is open.
    _lock: File,
}

pub(super) async fn write_on(office: Office, sink: FileSink) {
    let mut pause = FIRST_PAUSE;
    loop {
        if let Err(error) = write_until_trouble(&office, &sink, &mut pause).await {
            office.sent.failed(Sinks::FILE);
            if pause == FIRST_PAUSE {
                tracing::error!(
                    audit.sink = "file",
                    error = causes(&error),
                    "{} cannot be written: records wait in the audit trail",
                    sink.path.display(),
                );
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LAST_PAUSE);
        }
    }
}

async fn write_until_trouble(
    office: &Office,
    sink: &FileSink,
    pause: &mut std::time::Duration,
) -> Result<(), SinkError> {
    let (mut held, last) = on_a_thread(sink, open).await?;
    let mut position = match last {
        Some(number) => number,
        // A new file begins with what is recorded from now on.
        None => loop {
            match office.store.head_of_trail().await {
                Ok(head) => break head.number,
                Err(_) => tokio::time::sleep(FIRST_PAUSE).await,
            }
        },
    };
    office.sent.in_file(position);
    loop {
        let messages = match office.store.records_after(position, AT_A_TIME).await {
            Ok(records) => office.messages(records, sink.personal, 0).await,
            Err(error) => Err(error),
        };
        // A store that is down has been logged where it was found so.
        let Ok(messages) = messages else {
            tokio::time::sleep(FIRST_PAUSE).await;
            continue;
        };
        let Some(last) = messages.last() else {
            tokio::time::sleep(LOOK).await;
            continue;
        };
        position = last.record.number;
        held = on_a_thread(sink, move |sink| append(held, sink, &messages)).await?;
        office.sent.in_file(position);
        *pause = FIRST_PAUSE;
    }
}

/// Runs what waits for the disk.
async fn on_a_thread<T: Send + 'static>(
    sink: &FileSink,
    run: impl FnOnce(&FileSink) -> io::Result<T> + Send + 'static,
) -> Result<T, SinkError> {
    let sink = sink.clone();
    let ran = tokio::task::spawn_blocking(move || run(&sink)).await;
    ran.unwrap_or_else(|error| Err(io::Error::other(error))).map_err(SinkError::File)
}

/// The file, and the number of the last record in it or in the one before.
fn open(sink: &FileSink) -> io::Result<(Held, Option<i64>)> {
    let lock = create(&with_end(&sink.path, "lock"))?;
    lock.try_lock()?;
    let mut file = create(&sink.path)?;
    let (last, size) = last_number(&mut file)?;
    // Half a line is of a process that was killed.
    file.set_len(size)?;
    let before = with_end(&sink.path, "1");
    let last = match last {
        None if before.exists() => last_number(&mut File::open(before)?)?.0,
        last => last,
    };
    Ok((Held { file, size, _lock: lock }, last))
}

fn append(mut held: Held, sink: &FileSink, messages: &[Message]) -> io::Result<Held> {
    let text: String = messages.iter().flat_map(|message| [&message.json, "\n"]).collect();
    held.file.write_all(text.as_bytes())?;
    held.file.sync_data()?;
    held.size += text.len() as u64;
    if held.size > sink.max_bytes {
        for number in (1..sink.keep_files).rev() {
            let from = with_end(&sink.path, &number.to_string());
            if from.exists() {
                fs::rename(from, with_end(&sink.path, &(number + 1).to_string()))?;
            }
        }
        fs::rename(&sink.path, with_end(&sink.path, "1"))?;
        (held.file, held.size) = (create(&sink.path)?, 0);
    }
    Ok(held)
}

/// The number in the last whole line, and where that line ends.
fn last_number(file: &mut File) -> io::Result<(Option<i64>, u64)> {
    let length = file.metadata()?.len();
    let begin = length.saturating_sub(TAIL);
    file.seek(SeekFrom::Start(begin))?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail)?;
    let Some(end) = tail.iter().rposition(|&byte| byte == b'\n') else { return Ok((None, begin)) };
    let start = tail[..end].iter().rposition(|&byte| byte == b'\n').map_or(0, |before| before + 1);
    let numbered = serde_json::from_slice::<Numbered>(&tail[start..end]);
    let number =
        numbered.map_err(|_| io::Error::other("its last line is none of Roomkey's: give another path"))?.number;
    Ok((Some(number), begin + end as u64 + 1))
}

/// For its owner alone, and for appending.
fn create(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).append(true).create(true).mode(0o600).open(path)
}

fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(end);
    name.into()
}

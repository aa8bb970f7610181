//! How far records have been sent on, for whoever watches it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use super::Sinks;
use crate::measure::Counter;
use crate::store::{Store, StoreError};

/// In the place of a record's number: the file has not been opened yet.
const UNKNOWN: i64 = i64::MIN;

/// How far one sink has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// `syslog`, `webhook` or `file`.
    pub sink: &'static str,
    /// How many records it has not had yet; `None`: nobody knows yet.
    pub behind: Option<u64>,
    /// How often this process has failed to deliver.
    pub failures: u64,
}

/// What the senders of one process have come to. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub(in crate::audit) struct Sent(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    syslog_failures: Counter,
    webhook_failures: Counter,
    file_failures: Counter,
    /// The last record in the file of this process.
    in_file: AtomicI64,
}

impl Default for Inner {
    fn default() -> Self {
        Self {
            syslog_failures: Counter::default(),
            webhook_failures: Counter::default(),
            file_failures: Counter::default(),
            in_file: AtomicI64::new(UNKNOWN),
        }
    }
}

impl Sent {
    /// A delivery has failed.
    pub(super) fn failed(&self, sink: &'static str) {
        self.failures(sink).add();
    }

    /// The file holds all records up to this one.
    pub(super) fn in_file(&self, number: i64) {
        self.0.in_file.store(number, Ordering::Relaxed);
    }

    fn failures(&self, sink: &'static str) -> &Counter {
        match sink {
            Sinks::SYSLOG => &self.0.syslog_failures,
            Sinks::WEBHOOK => &self.0.webhook_failures,
            _ => &self.0.file_failures,
        }
    }
}

impl Sinks {
    pub(super) const SYSLOG: &str = "syslog";
    pub(super) const WEBHOOK: &str = "webhook";
    pub(super) const FILE: &str = "file";

    /// How far each of them has come, by two or three rows of the store.
    ///
    /// # Errors
    /// The store is down.
    pub(in crate::audit) async fn standings(&self, store: &Store, sent: &Sent) -> Result<Vec<Standing>, StoreError> {
        let shared = [(Self::SYSLOG, self.syslog.is_some()), (Self::WEBHOOK, self.webhook.is_some())];
        let shared: Vec<_> = shared.into_iter().filter_map(|(name, is_wanted)| is_wanted.then_some(name)).collect();
        let mut positions = Vec::new();
        for name in shared {
            positions.push((name, store.sink(name).await?.map(|progress| progress.delivered)));
        }
        if self.file.is_some() {
            let in_file = sent.0.in_file.load(Ordering::Relaxed);
            positions.push((Self::FILE, Some(in_file).filter(|&number| number != UNKNOWN)));
        }
        if positions.is_empty() {
            return Ok(Vec::new());
        }
        // Read last, so that nobody is ahead of it.
        let head = store.head_of_trail().await?.number;
        let standing = |(sink, position): (&'static str, Option<i64>)| Standing {
            sink,
            behind: position.map(|number| head.saturating_sub(number).max(0).unsigned_abs()),
            failures: sent.failures(sink).read(),
        };
        Ok(positions.into_iter().map(standing).collect())
    }
}

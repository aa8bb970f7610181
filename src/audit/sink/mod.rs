//! Sends records on: to a syslog server, to a file, to a webhook.
//!
//! The chain itself is the queue: how far a sink has come is in the store, so that nothing is lost while a receiver stalls, refuses or
//! is gone, and nobody's login waits for it. One replica at a time sends to a receiver. What may have arrived already is sent with
//! `resent`; each record has its number, by which a receiver tells one that it has.
//!
//! A file is another matter: each process writes its own, which tells by itself how far it has come.

mod file;
mod standing;
mod syslog;
mod webhook;

pub use file::FileSink;
pub(super) use standing::Sent;
pub use standing::Standing;
pub use syslog::{SyslogAddress, SyslogSink};
pub use webhook::{WebhookSecret, WebhookSink};

use std::sync::Arc;
use std::time::Duration;

use super::export::json;
use super::keys::{Keys, KeysError};
use super::search::open_all;
use crate::clock::Clock;
use crate::login::{Sealer, random};
use crate::provider::chain as causes;
use crate::store::{Progress, RecordRow, Store, StoreError};

/// Records that are sent at a time.
const AT_A_TIME: i64 = 200;

/// How often new records are looked for.
const LOOK: Duration = Duration::from_millis(500);

/// How long a delivery may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long a replica that is gone keeps others from sending in its place: longer than a delivery.
const LEASE: Duration = Duration::from_secs(30);

/// Pauses after a failed delivery: the first, doubled each time up to the last.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LAST_PAUSE: Duration = Duration::from_secs(60);

/// Where records are sent on to, as section `[audit]` says.
#[derive(Clone, Debug, Default)]
pub struct Sinks {
    /// A syslog server.
    pub syslog: Option<SyslogSink>,
    /// A file.
    pub file: Option<FileSink>,
    /// A webhook.
    pub webhook: Option<WebhookSink>,
}

/// Why a delivery did not succeed, as far as anybody knows.
#[derive(Debug, thiserror::Error)]
pub(super) enum SinkError {
    /// The receiver is not there, or the connection broke.
    #[error("no connection")]
    Connection(#[source] std::io::Error),
    /// TLS does not come about.
    #[error("the name `{0}` is none that a certificate can be for")]
    Name(String),
    /// The webhook gave no answer.
    #[error("no answer")]
    Http(#[from] crate::provider::http::HttpError),
    /// The webhook says no.
    #[error("the answer has status {0}")]
    Status(u16),
    /// It took longer than ten seconds.
    #[error("the receiver stalls")]
    Stalled,
    /// The disk does not take it.
    #[error("the file cannot be written")]
    File(#[source] std::io::Error),
}

/// A record as it is sent.
pub(super) struct Message {
    pub(super) record: RecordRow,
    /// One line of JSON.
    pub(super) json: String,
}

/// Where messages go.
enum Receiver {
    Syslog(SyslogSink),
    Webhook(WebhookSink),
}

impl Receiver {
    fn name(&self) -> &'static str {
        match self {
            Self::Syslog(_) => Sinks::SYSLOG,
            Self::Webhook(_) => Sinks::WEBHOOK,
        }
    }

    fn is_personal(&self) -> bool {
        match self {
            Self::Syslog(sink) => sink.personal,
            Self::Webhook(sink) => sink.personal,
        }
    }

    async fn deliver(&self, messages: &[Message], now: i64) -> Result<(), SinkError> {
        let deliver = async {
            match self {
                Self::Syslog(sink) => sink.deliver(messages).await,
                Self::Webhook(sink) => sink.deliver(messages, now).await,
            }
        };
        tokio::time::timeout(PATIENCE, deliver).await.unwrap_or(Err(SinkError::Stalled))
    }
}

/// What every sender needs.
#[derive(Clone)]
pub(super) struct Office {
    pub(super) store: Store,
    pub(super) clock: Clock,
    pub(super) sealer: Arc<Sealer>,
    pub(super) sent: Sent,
}

/// Senders at work; they stop when this is dropped.
#[derive(Debug, Default)]
pub(super) struct Running(Vec<tokio::task::JoinHandle<()>>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.iter().for_each(tokio::task::JoinHandle::abort);
    }
}

impl Sinks {
    /// Sends on from now on.
    pub(super) fn run(self, office: &Office) -> Running {
        let mut running = Vec::new();
        let receivers = self.syslog.map(Receiver::Syslog).into_iter().chain(self.webhook.map(Receiver::Webhook));
        for receiver in receivers {
            running.push(tokio::spawn(send_on(office.clone(), receiver)));
        }
        if let Some(sink) = self.file {
            running.push(tokio::spawn(file::write_on(office.clone(), sink)));
        }
        Running(running)
    }
}

async fn send_on(office: Office, receiver: Receiver) {
    let holder = data_encoding::HEXLOWER.encode(&random::<8>());
    let (name, mut pause) = (receiver.name(), FIRST_PAUSE);
    loop {
        match office.send_some(&receiver, &holder).await {
            Ok(Delivered::All) => pause = FIRST_PAUSE,
            Ok(Delivered::Nothing) => tokio::time::sleep(LOOK).await,
            Ok(Delivered::Not(error)) => {
                office.sent.failed(name);
                if pause == FIRST_PAUSE {
                    tracing::error!(
                        audit.sink = name,
                        error = causes(&error),
                        "records cannot be sent on to {name}: they wait in the audit trail",
                    );
                }
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(LAST_PAUSE);
            }
            // A store that is down has been logged where it was found so.
            Err(_) => tokio::time::sleep(FIRST_PAUSE).await,
        }
    }
}

enum Delivered {
    All,
    Nothing,
    Not(SinkError),
}

impl Office {
    async fn send_some(&self, receiver: &Receiver, holder: &str) -> Result<Delivered, StoreError> {
        let (name, now) = (receiver.name(), self.clock.now());
        let lease = now.as_second().saturating_add_unsigned(LEASE.as_secs());
        let claimed = self.store.claim_sink(name, holder.to_owned(), now.as_second(), lease).await?;
        let Some(Progress { delivered, tried }) = claimed else { return Ok(Delivered::Nothing) };
        let mut records = self.store.records_after(delivered, AT_A_TIME).await?;
        if tried > delivered {
            // The same once more, so that the receiver knows it by the same id.
            records.retain(|record| record.number <= tried);
        }
        let Some(last) = records.last().map(|record| record.number) else {
            if tried > delivered {
                // They were removed for their age meanwhile.
                self.store.note_sink(name, holder.to_owned(), Progress { delivered: tried, tried }).await?;
            }
            return Ok(Delivered::Nothing);
        };
        let messages = self.messages(records, receiver.is_personal(), tried).await?;
        self.store.note_sink(name, holder.to_owned(), Progress { delivered, tried: last }).await?;
        match receiver.deliver(&messages, now.as_second()).await {
            Ok(()) => {
                self.store.note_sink(name, holder.to_owned(), Progress { delivered: last, tried: last }).await?;
                Ok(Delivered::All)
            }
            Err(error) => Ok(Delivered::Not(error)),
        }
    }

    /// Records as they are sent, those up to `tried` marked; what is personal in them only if it is wanted.
    pub(super) async fn messages(
        &self,
        records: Vec<RecordRow>,
        personal: bool,
        tried: i64,
    ) -> Result<Vec<Message>, StoreError> {
        let keys = match Keys::find(&self.store, &self.sealer).await {
            Ok(keys) if personal => Some(keys),
            Err(KeysError::Store(error)) => return Err(error),
            Ok(_) | Err(KeysError::None) => None,
        };
        let opened = match &keys {
            Some(keys) => open_all(&self.store, keys, records).await?,
            None => records.into_iter().map(|record| super::Found { record, person: None }).collect(),
        };
        let message = |super::Found { record, person }: super::Found| {
            let json = json(&record, person.as_ref(), record.number <= tried);
            Message { record, json }
        };
        Ok(opened.into_iter().map(message).collect())
    }
}

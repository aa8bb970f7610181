//! Where log lines go: standard error, as text or JSON.

use std::io::{self, IsTerminal};

use tracing::Subscriber;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};
use tracing_subscriber::{EnvFilter, Layer, Registry, reload};

use crate::config::{Log, LogFormat};

/// Changes what is let through while the program runs.
#[derive(Clone, Debug)]
pub(super) struct LogControl(reload::Handle<EnvFilter, Registry>);

/// Sends all lines of this process to standard error.
///
/// # Errors
/// If lines go somewhere already.
pub(super) fn start(log: &Log) -> Result<LogControl, TryInitError> {
    let (filter, handle) = reload::Layer::new(log.filter());
    let colours = io::stderr().is_terminal();
    tracing_subscriber::registry().with(filter).with(lines(log.format, colours, io::stderr)).try_init()?;
    Ok(LogControl(handle))
}

/// Writes each event as a line.
fn lines<S, W>(format: LogFormat, colours: bool, writer: W) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let layer = tracing_subscriber::fmt::layer().with_writer(writer);
    match format {
        LogFormat::Text => layer.with_ansi(colours).boxed(),
        // Fields stand at the top, where searches look for `login.id`.
        LogFormat::Json => layer.json().flatten_event(true).boxed(),
    }
}

impl LogControl {
    /// Lets through what `log` says from now on.
    pub(super) fn follow(&self, log: &Log) {
        // It fails only when the subscriber is gone, and then there is no log to change.
        let _ = self.0.reload(log.filter());
    }
}

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

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use serde_json::Value;
    use tracing::subscriber::with_default;

    use super::*;

    #[derive(Clone, Default)]
    struct Buffer(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Buffer {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn written(format: LogFormat) -> String {
        let buffer = Buffer::default();
        let writer = buffer.clone();
        let subscriber = tracing_subscriber::registry().with(lines(format, false, move || writer.clone()));
        with_default(subscriber, || {
            tracing::info!(login.id = "K7QF2M9X", room.name = "standup", "room `standup` opened")
        });
        String::from_utf8(buffer.0.lock().unwrap().clone()).unwrap()
    }

    #[test]
    fn a_json_line_has_its_fields_at_the_top() {
        let text = written(LogFormat::Json);

        assert_eq!(text.lines().count(), 1);
        let line: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            ["level", "message", "login.id", "room.name"].map(|field| line[field].as_str().unwrap()),
            ["INFO", "room `standup` opened", "K7QF2M9X", "standup"]
        );
    }

    #[test]
    fn a_text_line_has_no_colours_where_nobody_sees_them() {
        let text = written(LogFormat::Text);

        assert_eq!(text.lines().count(), 1);
        assert!(text.contains(r#"room `standup` opened login.id="K7QF2M9X" room.name="standup""#), "{text}");
        assert!(!text.contains('\u{1b}'), "{text}");
    }
}

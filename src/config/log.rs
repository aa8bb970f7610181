//! Section `[log]`.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::Directive;

use super::read::{Fault, List, OneOf, Reader, Word, keys, quoted, text_type};

/// Section `[log]`, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// How lines are written.
    pub format: LogFormat,
    /// The least level of Roomkey's own lines.
    pub level: LogLevel,
    /// What is asked for beyond that, in the words of `tracing_subscriber`'s filters.
    directives: Vec<Directive>,
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// How much is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogLevel {
    /// The operator must act.
    Error,
    /// And what was survived.
    Warn,
    /// And one line for each login.
    Info,
    /// And its steps.
    Debug,
    /// And everything else.
    Trace,
}

keys! {
    /// Section `[log]`: what is written to standard error.
    LogKeys {
        /// `text` for people, or `json`, one object a line, for programs. Takes effect at a restart.
        #[schemars(extend("default" = "text"))]
        format: OneOf<LogFormat>,
        /// The least level that is written: `error` (the operator must act), `warn` (something was survived), `info` (one line for
        /// each login), `debug`, `trace`. At none of them is a secret, a token or anything of a person written.
        #[schemars(extend("default" = "info"))]
        level: OneOf<LogLevel>,
        /// Levels of single parts, for looking into something: `["roomkey::provider=trace", "sqlx=debug"]`. The libraries that
        /// Roomkey is built on are at `warn` unless they are named here; below that, they may write addresses with what they carry.
        #[schemars(extend("default" = []))]
        filter: List<FilterText>,
    }
}

/// A directive of a filter.
#[derive(Clone, Debug)]
pub(super) struct FilterText(Directive);

impl FilterText {
    fn parse(text: &str) -> Result<Self, Fault> {
        match text.parse::<Directive>() {
            Ok(directive) => Ok(Self(directive)),
            Err(_) => {
                let wrong = format!("{} is no directive", quoted(text));
                Err(Fault::new(wrong, "write a part and its level, as in `roomkey::provider=debug`"))
            }
        }
    }
}

text_type!(FilterText, "FilterDirective", { "minLength": 1 });

impl Word for LogFormat {
    const WORDS: &'static [(&'static str, Self)] = &[("text", Self::Text), ("json", Self::Json)];
}

impl Word for LogLevel {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("error", Self::Error),
        ("warn", Self::Warn),
        ("info", Self::Info),
        ("debug", Self::Debug),
        ("trace", Self::Trace),
    ];
}

impl LogLevel {
    fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, level)| *level == self).map_or("info", |(word, _)| word)
    }
}

impl LogKeys {
    pub(super) fn check(self, _reader: &Reader<'_>) -> Log {
        let directives = self.filter.given().map(List::into_values).unwrap_or_default();
        Log {
            format: self.format.or(OneOf(LogFormat::Text)).0,
            level: self.level.or(OneOf(LogLevel::Info)).0,
            directives: directives.into_iter().map(|FilterText(directive)| directive).collect(),
        }
    }
}

impl Log {
    /// What is let through: Roomkey's own lines from `level` on, others from `warn` on, and what the file asks for beyond that.
    ///
    /// Other crates log addresses with their query strings, and headers, below `warn`.
    pub fn filter(&self) -> EnvFilter {
        let own = format!("warn,roomkey={}", self.level.word());
        let chosen = self.directives.iter().cloned().fold(EnvFilter::new(own), EnvFilter::add_directive);
        // It prints answers of the directory whole, in warnings too.
        chosen.add_directive("ldap3=off".parse().expect("it is a directive"))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use tracing::subscriber::with_default;
    use tracing_subscriber::Layer;
    use tracing_subscriber::layer::{Context, SubscriberExt};

    use super::*;

    /// Keeps the parts and levels of what is let through.
    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<String>>>);

    impl<S: tracing::Subscriber> Layer<S> for Kept {
        fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
            let metadata = event.metadata();
            self.0.lock().unwrap().push(format!("{} {}", metadata.target(), metadata.level()));
        }
    }

    fn let_through(log: &Log) -> Vec<String> {
        let kept = Kept::default();
        let subscriber = tracing_subscriber::registry().with(log.filter()).with(kept.clone());
        with_default(subscriber, || {
            tracing::info!(target: "actix_web::middleware", "a request");
            tracing::warn!(target: "actix_web::middleware", "a warning");
            tracing::debug!(target: "reqwest::connect", "an address");
            tracing::info!(target: "roomkey::web::log", "a login");
            tracing::debug!(target: "roomkey::web::log", "a step");
        });
        kept.0.lock().unwrap().clone()
    }

    fn log(level: LogLevel, directives: &[&str]) -> Log {
        let directives = directives.iter().map(|text| text.parse().unwrap()).collect();
        Log { format: LogFormat::Text, level, directives }
    }

    #[test]
    fn libraries_are_heard_from_warnings_on() {
        let lines = let_through(&log(LogLevel::Trace, &[]));

        assert_eq!(lines, ["actix_web::middleware WARN", "roomkey::web::log INFO", "roomkey::web::log DEBUG"]);
    }

    #[test]
    fn the_level_is_that_of_roomkeys_own_lines() {
        let lines = [LogLevel::Error, LogLevel::Info].map(|level| let_through(&log(level, &[])));

        assert_eq!(
            lines,
            [vec!["actix_web::middleware WARN"], vec!["actix_web::middleware WARN", "roomkey::web::log INFO"]]
        );
    }

    #[test]
    fn what_prints_answers_of_a_directory_is_never_heard() {
        let kept = Kept::default();
        let log = log(LogLevel::Trace, &["ldap3=trace", "trace"]);
        let subscriber = tracing_subscriber::registry().with(log.filter()).with(kept.clone());

        with_default(subscriber, || tracing::warn!(target: "ldap3::conn", "a result"));

        assert_eq!(*kept.0.lock().unwrap(), Vec::<String>::new());
    }

    #[test]
    fn a_part_that_is_asked_for_is_heard() {
        let lines = let_through(&log(LogLevel::Warn, &["reqwest=debug", "roomkey::web=info"]));

        assert_eq!(lines, ["actix_web::middleware WARN", "reqwest::connect DEBUG", "roomkey::web::log INFO"]);
    }
}

//! Takes a changed configuration over while the service runs.

use std::path::PathBuf;
use std::sync::Arc;

use tracing::{error, info, warn};

use super::super::log::LogControl;
use super::super::{Stores, parts};
use super::warn_of;
use crate::clock::Clock;
use crate::config::{Config, Environment, LoadError, Loaded, LogFormat, Server, Store};
use crate::provider::chain;
use crate::provider::http::Http;
use crate::web::{App, Site};

/// What only a restart changes, as it was at the start.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fixed {
    server: Server,
    store: Store,
    format: LogFormat,
}

impl Fixed {
    pub(super) fn of(config: &Config) -> Self {
        Self { server: config.server.clone(), store: config.store.clone(), format: config.log.format }
    }

    /// The keys that differ in `other` and take no effect until a restart.
    fn differing(&self, other: &Self) -> Vec<&'static str> {
        let (server, store) = (&self.server, &self.store);
        let compared = [
            ("server.listen", server.listen == other.server.listen),
            ("server.management_listen", server.management_listen == other.server.management_listen),
            ("server.workers", server.workers == other.server.workers),
            ("store.url", store.url == other.store.url),
            ("store.sessions", store.sessions == other.store.sessions),
            ("log.format", self.format == other.format),
        ];
        compared.into_iter().filter(|(_, same)| !same).map(|(key, _)| key).collect()
    }
}

/// Reads the file again when it is told to.
pub(super) struct Reloader {
    pub(super) path: PathBuf,
    pub(super) environment: Environment,
    pub(super) site: Arc<Site>,
    pub(super) fixed: Fixed,
    pub(super) stores: Stores,
    pub(super) http: Http,
    pub(super) log: LogControl,
}

impl Reloader {
    /// Lets a file that is right take over from the next request on. One that is wrong changes nothing, and every mistake in it is
    /// logged.
    pub(super) async fn reload(&self) {
        match Config::load(&self.path, &self.environment) {
            Ok(loaded) => self.take_over(loaded).await,
            Err(error) => refuse(&error),
        }
    }

    async fn take_over(&self, Loaded { config, warnings }: Loaded) {
        warn_of(&warnings);
        for key in self.fixed.differing(&Fixed::of(&config)) {
            warn!(config.path = key, "`{key}` has changed, which takes effect at a restart");
        }
        let log = config.log.clone();
        match parts(config, &self.stores, &Clock::system()) {
            Ok(parts) => {
                self.stores.wait_for_keys().await;
                let app = App::new(parts);
                app.prepare(&self.http);
                self.site.replace(app);
                self.log.follow(&log);
                self.stores.record_reload(&self.path).await;
                info!(config.file = %self.path.display(), "{} has been read again and is in force", self.path.display());
            }
            Err(error) => error!("the configuration stays as it was: {}", chain(&error)),
        }
    }
}

fn refuse(error: &LoadError) {
    if let LoadError::Wrong(report) = error {
        for line in report.lines() {
            error!(config.place = line.place(), config.path = line.mistake().path, "{line}");
        }
    }
    let why = match error {
        LoadError::Wrong(_) => error.to_string(),
        LoadError::File(_) => chain(error),
    };
    error!("the configuration stays as it was: {why}");
}

//! `roomkey serve`: runs the service until it is told to end.

mod reload;

use std::io::{self, Write};
use std::net::{SocketAddr, TcpListener};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use tokio::signal::unix::{SignalKind, signal};
use tracing::{error, info, warn};

use self::reload::{Fixed, Reloader};
use super::{FileArgument, Stores, WRONG_CONFIGURATION, log, parts};
use crate::clock::Clock;
use crate::config::{Config, Environment, Loaded, Report};
use crate::login::WeakSecret;
use crate::provider::chain;
use crate::provider::http::{Http, HttpError};
use crate::store::StoreError;
use crate::web::{self, App, Listeners, Site};

/// What `roomkey serve` is given.
#[derive(Debug, Args)]
pub(super) struct Serve {
    #[command(flatten)]
    file: FileArgument,
}

/// Why the service did not start, or ended by itself.
#[derive(Debug, thiserror::Error)]
enum ServeError {
    #[error("cannot listen on {address} (`{key}`)")]
    Listen {
        key: &'static str,
        address: SocketAddr,
        #[source]
        cause: io::Error,
    },
    #[error("the session secret cannot be used")]
    Secret(#[from] WeakSecret),
    #[error("cannot call anybody")]
    Http(#[from] HttpError),
    #[error("cannot open the store")]
    Store(#[from] StoreError),
    #[error("cannot run")]
    Run(#[from] io::Error),
}

impl Serve {
    pub(super) fn run(self, environment: Environment) -> ExitCode {
        let path = Config::location(self.file.config, &environment);
        let Loaded { config, warnings } = match Config::load(&path, &environment) {
            Ok(loaded) => loaded,
            Err(error) => {
                super::config::print(&error);
                return ExitCode::from(WRONG_CONFIGURATION);
            }
        };
        let control = match log::start(&config.log) {
            Ok(control) => control,
            Err(error) => {
                let _ = writeln!(io::stderr(), "cannot start the log: {error}");
                return ExitCode::FAILURE;
            }
        };
        warn_of(&warnings);
        let ended = serve(config, |site, fixed, stores, http| Reloader {
            path,
            environment,
            site,
            fixed,
            stores,
            http,
            log: control,
        });
        match ended {
            Ok(()) => {
                info!("ended");
                ExitCode::SUCCESS
            }
            Err(error) => {
                error!("{}", chain(&error));
                ExitCode::FAILURE
            }
        }
    }
}

/// Runs until a signal ends it. `reloader` gets what a reload needs.
fn serve(config: Config, reloader: impl FnOnce(Arc<Site>, Fixed, Stores, Http) -> Reloader) -> Result<(), ServeError> {
    let fixed = Fixed::of(&config);
    let workers = config.server.workers;
    let (public_address, management_address) = (config.server.listen, config.server.management_listen);
    let public_url = config.public_url.to_string();
    actix_web::rt::System::new().block_on(async {
        let stores = Stores::open(&config.store, &Clock::system())?;
        let app = App::new(parts(config, &stores, &Clock::system())?);
        let http = Http::new()?;
        app.prepare(&http);
        let site = Arc::new(Site::new(app));
        stores.wait_for_keys().await;
        let reloader = reloader(Arc::clone(&site), fixed, stores, http);
        let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        let mut hang_up = signal(SignalKind::hangup())?;
        // Whoever sees it listen may send it signals, which would end it before they are waited for.
        let public = listen("server.listen", public_address)?;
        let management = management_address.map(|address| listen("server.management_listen", address)).transpose()?;
        announce(&public, management.as_ref(), &public_url)?;
        let reloading = actix_web::rt::spawn(async move {
            while hang_up.recv().await.is_some() {
                reloader.reload().await;
            }
        });
        let shutdown = async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            reloading.abort();
        };
        Ok(web::run(site, Listeners { public, management }, workers, shutdown).await?)
    })
}

fn listen(key: &'static str, address: SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address).map_err(|cause| ServeError::Listen { key, address, cause })
}

/// Says where the service is: with port 0, only now is it known.
fn announce(public: &TcpListener, management: Option<&TcpListener>, public_url: &str) -> io::Result<()> {
    let listen = public.local_addr()?;
    let management = management.map(TcpListener::local_addr).transpose()?;
    info!(
        server.listen = %listen,
        server.management_listen = management.map(tracing::field::display),
        server.public_url = public_url,
        version = env!("CARGO_PKG_VERSION"),
        "listening on {listen} for {public_url}",
    );
    Ok(())
}

/// Logs what is doubtful about a file.
fn warn_of(warnings: &Report) {
    for line in warnings.lines() {
        warn!(config.place = line.place(), config.path = line.mistake().path, "{line}");
    }
}

//! Brings up the three servers and introduces them to each other.

use std::error::Error;
use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, TcpListener};

use actix_web::dev::Server;
use actix_web::web::{Data, PayloadConfig, ServiceConfig};
use actix_web::{App, HttpServer};
use futures_util::future::try_join3;
use roomkey::clock::Clock;

use super::meeting::{self, Jitsi, Prosody};
use super::provider::{self, Client, Provider};
use super::{bridge, page};

/// Largest form that is read, in bytes: requests and tokens are a few kilobytes.
const MAX_FORM_BYTES: usize = 16 * 1024;

/// Ports to take if they are free, and any others if not.
pub(crate) struct Ports {
    pub(crate) meetings: u16,
    pub(crate) roomkey: u16,
    pub(crate) provider: u16,
}

/// A server that is about to run: its socket, and the address a browser finds it at.
struct Place {
    listener: TcpListener,
    url: String,
}

/// The three servers, bound to their ports.
pub(crate) struct Demo {
    meetings: Place,
    roomkey: Place,
    provider: Place,
}

impl Ports {
    /// The same at every start, so that a link can be kept.
    pub(crate) const USUAL: Self = Self { meetings: 47800, roomkey: 47801, provider: 47802 };
}

impl Demo {
    /// Takes three ports.
    ///
    /// # Errors
    /// If this machine has no free port on 127.0.0.1.
    pub(crate) fn bind(ports: &Ports) -> io::Result<Self> {
        Ok(Self {
            meetings: Place::bind(ports.meetings)?,
            roomkey: Place::bind(ports.roomkey)?,
            provider: Place::bind(ports.provider)?,
        })
    }

    /// Address of the meeting place.
    pub(crate) fn meetings(&self) -> &str {
        &self.meetings.url
    }

    /// Address of Roomkey.
    pub(crate) fn roomkey(&self) -> &str {
        &self.roomkey.url
    }

    /// Address of the provider, which is its `issuer` as well.
    pub(crate) fn provider(&self) -> &str {
        &self.provider.url
    }

    /// Runs all three until `shutdown`.
    ///
    /// # Errors
    /// Whatever keeps one of them from starting.
    pub(crate) async fn run(self, shutdown: impl Future<Output = ()>) -> Result<(), Box<dyn Error>> {
        let (app_secret, client_secret) = (bridge::secret(), bridge::secret());
        let config = bridge::config(&bridge::Introduction {
            roomkey: self.roomkey(),
            meetings: self.meetings(),
            provider: self.provider(),
            client_secret: &client_secret,
            app_secret: &app_secret,
        });
        let client = Client {
            id: bridge::CLIENT_ID.to_owned(),
            secret: client_secret,
            redirect_uri: format!("{}/callback/demo", self.roomkey()),
        };
        let provider = Data::new(Provider::new(self.provider.url.clone(), client)?);
        let prosody = Prosody {
            app_id: bridge::APP_ID.to_owned(),
            app_secret,
            audience: bridge::AUDIENCE.to_owned(),
            domain: bridge::XMPP_DOMAIN.to_owned(),
        };
        let token_auth_url = format!("{}/room/{{room}}?state={{state}}", self.roomkey());
        let jitsi = Data::new(Jitsi { prosody, token_auth_url, clock: Clock::system() });

        let meetings = serve(self.meetings.listener, move |config: &mut ServiceConfig| {
            config.app_data(jitsi.clone()).configure(meeting::routes);
        })?;
        let provider = serve(self.provider.listener, move |config: &mut ServiceConfig| {
            config.app_data(provider.clone()).configure(provider::routes);
        })?;
        let others = [meetings.handle(), provider.handle()];
        let roomkey = async {
            let ended = bridge::run(&config, self.roomkey.listener, shutdown).await;
            for other in others {
                other.stop(false).await;
            }
            ended
        };
        try_join3(async { Ok(meetings.await?) }, async { Ok(provider.await?) }, roomkey).await?;
        Ok(())
    }
}

impl Place {
    fn bind(port: u16) -> io::Result<Self> {
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, port)).or_else(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))?;
        let url = format!("http://{}", listener.local_addr()?);
        Ok(Self { listener, url })
    }
}

/// A server of one thread, on its way.
fn serve<R>(listener: TcpListener, routes: R) -> io::Result<Server>
where
    R: FnOnce(&mut ServiceConfig) + Clone + Send + 'static,
{
    let app =
        move || App::new().wrap(page::headers()).app_data(PayloadConfig::new(MAX_FORM_BYTES)).configure(routes.clone());
    Ok(HttpServer::new(app).workers(1).disable_signals().listen(listener)?.run())
}

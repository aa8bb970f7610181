//! Listening, and ending in an orderly way.

use std::future::{Future, ready};
use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::middleware::from_fn;
use actix_web::web::Data;
use actix_web::{App, HttpServer};
use futures_util::FutureExt;
use futures_util::future::{OptionFuture, try_join3};
use tracing::info;

use super::app::Site;
use super::{health, manners, routes, visitor};
use crate::provider::http::Http;

/// How long a request may take to say what it wants, so that a slow client holds a connection only so long.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(5);

/// How long an idle connection is kept: longer than proxies commonly reuse theirs, so that a request seldom meets a
/// connection that is just being closed.
const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// Most connections of one worker; more wait to be accepted.
const MAX_CONNECTIONS: usize = 8192;

/// How long load balancers are given to see that this process is not ready any more, before it stops listening.
const DRAIN: Duration = Duration::from_secs(2);

/// How long logins under way are given to end: as long as all calls to a provider may take, and with [`DRAIN`] less than
/// the half minute that Kubernetes waits.
const SHUTDOWN_TIMEOUT_SECONDS: u64 = 25;

/// Where a site is served.
pub struct Listeners {
    /// For visitors.
    pub public: TcpListener,
    /// For `/health` and what else is not for visitors.
    pub management: Option<TcpListener>,
}

/// Serves `site` until `shutdown` resolves, by as many threads as `workers` says or the machine has cores; then finishes
/// what has begun.
///
/// # Errors
/// Any of the operating system, on taking over the listeners or starting the workers.
pub async fn run(
    site: Arc<Site>,
    listeners: Listeners,
    workers: Option<usize>,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let public = public_server(&site, listeners.public, workers)?;
    let management = listeners.management.map(|listener| management_server(&site, listener)).transpose()?;
    let handles = [Some(public.handle()), management.as_ref().map(Server::handle)];
    let ending = async {
        shutdown.await;
        site.end();
        info!("ending: not ready any more, listening for another {} s", DRAIN.as_secs());
        actix_web::rt::time::sleep(DRAIN).await;
        // One after the other: health is answered until the last login has ended.
        for handle in handles.into_iter().flatten() {
            handle.stop(true).await;
        }
        Ok(())
    };
    try_join3(public, OptionFuture::from(management).map(|ended| ended.unwrap_or(Ok(()))), ending).await?;
    Ok(())
}

fn public_server(site: &Arc<Site>, listener: TcpListener, workers: Option<usize>) -> io::Result<Server> {
    let site = Data::from(Arc::clone(site));
    let app = move || {
        App::new()
            .app_data(site.clone())
            .data_factory(|| ready(Http::new()))
            .configure(|config| routes::routes(config, &visitor::sessions(&site)))
            .wrap(from_fn(manners::manners))
    };
    let server = HttpServer::new(app);
    let server = match workers {
        Some(workers) => server.workers(workers.max(1)),
        None => server,
    };
    Ok(server
        .client_request_timeout(REQUEST_TIMEOUT)
        .keep_alive(KEEP_ALIVE)
        .max_connections(MAX_CONNECTIONS)
        .shutdown_timeout(SHUTDOWN_TIMEOUT_SECONDS)
        .disable_signals()
        .listen(listener)?
        .run())
}

fn management_server(site: &Arc<Site>, listener: TcpListener) -> io::Result<Server> {
    let site = Data::from(Arc::clone(site));
    let app = move || App::new().app_data(site.clone()).configure(health::routes);
    Ok(HttpServer::new(app).workers(1).shutdown_timeout(1).disable_signals().listen(listener)?.run())
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;
    use tokio::sync::oneshot;

    use super::*;
    use crate::clock::Clock;
    use crate::web::testing::app;

    /// The status line and what follows; nothing if nobody listens.
    async fn get(address: SocketAddr, path: &str) -> String {
        let mut answer = String::new();
        if let Ok(mut stream) = TcpStream::connect(address).await {
            let request = format!("GET {path} HTTP/1.1\r\nhost: sso.example.com\r\nconnection: close\r\n\r\n");
            stream.write_all(request.as_bytes()).await.unwrap();
            stream.read_to_string(&mut answer).await.unwrap();
        }
        answer
    }

    fn listener() -> (TcpListener, SocketAddr) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        (listener, address)
    }

    #[actix_web::test]
    async fn readiness_ends_before_service_does() {
        let site = Arc::new(Site::new(app(&["work"], &Clock::system())));
        let ((public, public_at), (management, management_at)) = (listener(), listener());
        let listeners = Listeners { public, management: Some(management) };
        let (stop, stopped) = oneshot::channel::<()>();
        let ending = actix_web::rt::spawn(run(site, listeners, Some(1), stopped.map(|_| ())));

        assert!(get(management_at, "/health/live").await.starts_with("HTTP/1.1 200"));
        assert!(get(management_at, "/health/ready").await.starts_with("HTTP/1.1 200"));
        assert!(get(management_at, "/").await.starts_with("HTTP/1.1 404"));
        stop.send(()).unwrap();
        actix_web::rt::time::sleep(DRAIN / 2).await;

        assert!(get(management_at, "/health/live").await.starts_with("HTTP/1.1 200"));
        assert!(get(management_at, "/health/ready").await.starts_with("HTTP/1.1 503"));
        assert!(get(public_at, "/").await.starts_with("HTTP/1.1 200"));
        ending.await.unwrap().unwrap();
        assert_eq!(get(public_at, "/").await, "");
    }

    #[actix_web::test]
    async fn a_login_under_way_is_finished() {
        let site = Arc::new(Site::new(app(&["work"], &Clock::system())));
        let (public, address) = listener();
        let listeners = Listeners { public, management: None };
        let (stop, stopped) = oneshot::channel::<()>();
        let ending = actix_web::rt::spawn(run(site, listeners, Some(1), stopped.map(|_| ())));
        let mut stream = TcpStream::connect(address).await.unwrap();
        let head = "POST /callback/work HTTP/1.1\r\nhost: sso.example.com\r\n\
                    content-type: application/x-www-form-urlencoded\r\ncontent-length: 6\r\n\r\n";

        stream.write_all(format!("{head}cod").as_bytes()).await.unwrap();
        stop.send(()).unwrap();
        actix_web::rt::time::sleep(DRAIN + Duration::from_millis(500)).await;
        let refused = get(address, "/").await;
        stream.write_all(b"e=1").await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();

        assert_eq!(refused, "", "nobody listens any more");
        assert!(answer.contains("This answer belongs to another login"), "{answer}");
        ending.await.unwrap().unwrap();
    }

    #[actix_web::test]
    async fn a_new_configuration_takes_over_without_a_new_listener() {
        let site = Arc::new(Site::new(app(&["work"], &Clock::system())));
        let (public, address) = listener();
        let listeners = Listeners { public, management: None };
        let serving = actix_web::rt::spawn(run(Arc::clone(&site), listeners, Some(1), std::future::pending()));

        let before = get(address, "/room/standup").await;
        site.replace(app(&["school"], &Clock::system()));
        let after = get(address, "/room/standup").await;
        serving.abort();

        assert!(before.contains("location: https://work.invalid/"), "{before}");
        assert!(after.contains("location: https://school.invalid/"), "{after}");
    }
}

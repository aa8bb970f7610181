//! The load balancer: as plain as one can be.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};

use crate::person::{Request, exchange};
use crate::support::roomkey::Roomkey;

/// Where a replica listens, for visitors and for its health.
#[derive(Clone, Copy)]
pub(crate) struct Backend {
    pub(crate) public: SocketAddr,
    pub(crate) management: SocketAddr,
}

impl Backend {
    pub(crate) fn of(replica: &Roomkey) -> Self {
        let port = replica.url.rsplit_once(':').unwrap().1.parse().unwrap();
        Self { public: SocketAddr::from(([127, 0, 0, 1], port)), management: replica.management }
    }
}

/// Sends connections to the backends in turn, but to none that says it is not ready or takes no connection.
pub(crate) async fn start(backends: [Backend; 2]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let ready = Arc::new([AtomicBool::new(true), AtomicBool::new(true)]);
    for (number, backend) in backends.into_iter().enumerate() {
        let ready = Arc::clone(&ready);
        tokio::spawn(async move {
            loop {
                let answer = exchange(backend.management, &Request::get("/health/ready"), "").await;
                ready[number].store(answer.is_some_and(|answer| answer.status == 200), Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        });
    }
    tokio::spawn(async move {
        for turn in 0.. {
            let (mut visitor, _) = listener.accept().await.unwrap();
            let ready = Arc::clone(&ready);
            tokio::spawn(async move {
                let order = [turn % 2, (turn + 1) % 2];
                let chosen = order.into_iter().filter(|&number| ready[number].load(Ordering::SeqCst));
                for number in chosen.chain(order) {
                    if let Ok(mut backend) = TcpStream::connect(backends[number].public).await {
                        let _ = copy_bidirectional(&mut visitor, &mut backend).await;
                        return;
                    }
                }
            });
        }
    });
    address
}

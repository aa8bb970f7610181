//! Receivers that stall, refuse and come back get every record, and none twice unmarked; nobody's login waits for them.

use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::on_both_stores;
use crate::audit::testing::{Stage, entered, failed, sealer};
use crate::audit::{
    ClientAddress, FileSink, Settings, Sinks, SyslogAddress, SyslogSink, Trail, WebhookSecret, WebhookSink,
};
use crate::store::Store;

on_both_stores!(a_syslog_server_that_refuses_stalls_and_breaks_off_gets_everything, one_replica_sends_at_a_time);

/// The number of each record that was received, and whether it is marked as sent again.
type Received = Vec<(i64, bool)>;

fn follow(stage: &Stage, sinks: Sinks) -> Trail {
    let trail = Trail::new(Store::open(&stage.address).unwrap(), crate::clock::Clock::system());
    trail.follow(Settings {
        client_address: ClientAddress::Full,
        keep: None,
        journal: stage.journal(),
        sealer: Arc::new(sealer(&[1])),
        sinks,
    });
    trail
}

fn syslog(port: u16, tls: Option<Arc<ClientConfig>>) -> Sinks {
    let address = SyslogAddress { host: "localhost".to_owned(), port };
    Sinks { syslog: Some(SyslogSink { address, tls, personal: false }), ..Sinks::default() }
}

fn number(record: &Value) -> (i64, bool) {
    (record["number"].as_i64().unwrap(), record.get("resent").is_some())
}

/// All messages of a connection.
async fn receive(mut stream: impl AsyncRead + Unpin) -> Received {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.unwrap();
    let (mut rest, mut received) = (&bytes[..], Vec::new());
    while let Some(space) = rest.iter().position(|&byte| byte == b' ') {
        let length: usize = std::str::from_utf8(&rest[..space]).unwrap().parse().unwrap();
        let message = std::str::from_utf8(&rest[space + 1..=space + length]).unwrap();
        received.push(number(&serde_json::from_str(message.split_once("] ").unwrap().1).unwrap()));
        rest = &rest[space + 1 + length..];
    }
    received
}

async fn receive_until(listener: &TcpListener, last: i64) -> Received {
    let mut received = Received::new();
    while received.last().is_none_or(|(number, _)| *number < last) {
        let (stream, _) = listener.accept().await.unwrap();
        received.extend(receive(stream).await);
    }
    received
}

async fn begun(stage: &Stage, name: &'static str) {
    for _ in 0..200 {
        if stage.store.sink(name).await.unwrap().is_some() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("nobody sends");
}

async fn a_syslog_server_that_refuses_stalls_and_breaks_off_gets_everything(stage: Stage) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let trail = follow(&stage, syslog(port, None));
    begun(&stage, "syslog").await;

    let began = Instant::now();
    for name in ["ada", "bob", "eve"] {
        trail.record(entered(name, "board")).await.unwrap();
    }
    let waited = began.elapsed();
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    let stalled: TcpStream = listener.accept().await.unwrap().0;
    trail.record(failed("203.0.113.9")).await.unwrap();
    // What has not been read is lost with the connection, whatever was written to it.
    let broken = listener.accept().await.unwrap().0;
    broken.set_zero_linger().unwrap();
    drop((stalled, broken));
    let received = receive_until(&listener, 4).await;

    assert!(waited < Duration::from_secs(2), "{waited:?}");
    assert_eq!(received, [(1, true), (2, true), (3, true), (4, false)]);
}

async fn one_replica_sends_at_a_time(stage: Stage) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let replicas = [follow(&stage, syslog(port, None)), follow(&stage, syslog(port, None))];
    begun(&stage, "syslog").await;

    for number in 0..40 {
        replicas[number % 2].record(entered("ada", "board")).await.unwrap();
    }
    let received = receive_until(&listener, 40).await;

    assert_eq!(received, (1..=40).map(|number| (number, false)).collect::<Vec<_>>());
}

/// A certificate for `localhost` that vouches for itself, and its key.
fn certificate(folder: &std::path::Path) -> (CertificateDer<'static>, PrivateKeyDer<'static>) {
    let (cert, key) = (folder.join("cert.pem"), folder.join("key.pem"));
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"])
        .args(["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .arg("-keyout")
        .arg(&key)
        .arg("-out")
        .arg(&cert)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    (CertificateDer::from_pem_file(cert).unwrap(), PrivateKeyDer::from_pem_file(key).unwrap())
}

#[tokio::test]
async fn a_syslog_server_by_tls_gets_records_if_its_certificate_is_believed() {
    let stage = Stage::sqlite();
    let folder = tempfile::tempdir().unwrap();
    let (cert, key) = certificate(folder.path());
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let server = ServerConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions();
    let server = server.unwrap().with_no_client_auth().with_single_cert(vec![cert.clone()], key).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(server));
    let client = |roots: RootCertStore| {
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions();
        Some(Arc::new(builder.unwrap().with_root_certificates(roots).with_no_client_auth()))
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();

    let trail = follow(&stage, syslog(port, client(RootCertStore::empty())));
    begun(&stage, "syslog").await;
    trail.record(entered("ada", "board")).await.unwrap();
    let refused = acceptor.accept(listener.accept().await.unwrap().0).await;
    let mut roots = RootCertStore::empty();
    roots.add(cert).unwrap();
    drop(trail);
    // The one before holds the sink for a while.
    stage.meddle("UPDATE audit_sink SET lease = 0").await;
    let _trail = follow(&stage, syslog(port, client(roots)));
    let received = loop {
        if let Ok(stream) = acceptor.accept(listener.accept().await.unwrap().0).await {
            break receive(stream).await;
        }
    };

    assert!(refused.is_err(), "an unknown certificate is not believed");
    assert_eq!(received, [(1, true)]);
}

#[tokio::test]
async fn a_webhook_that_refuses_gets_the_same_again_under_the_same_key() {
    let stage = Stage::sqlite();
    let server = MockServer::start().await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(503)).up_to_n_times(1).mount(&server).await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(204)).mount(&server).await;
    let webhook = WebhookSink {
        url: server.uri().parse().unwrap(),
        secret: WebhookSecret::new(vec![7; 32].into()),
        personal: true,
    };
    let trail = follow(&stage, Sinks { webhook: Some(webhook), ..Sinks::default() });
    begun(&stage, "webhook").await;

    trail.record(entered("ada", "board")).await.unwrap();
    let mut requests = Vec::new();
    while requests.len() < 2 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        requests = server.received_requests().await.unwrap();
    }

    let key = |at: usize| requests[at].headers["idempotency-key"].to_str().unwrap().to_owned();
    assert_eq!([key(0), key(1)], ["audit-1-1", "audit-1-1"]);
    assert!(requests[1].headers["webhook-signature"].to_str().unwrap().starts_with("v1,"));
    let body: Value = serde_json::from_slice(&requests[1].body).unwrap();
    let record = &body["records"][0];
    assert_eq!((number(record), record["email"].as_str()), ((1, true), Some("ada@example.com")));
    let first: Value = serde_json::from_slice(&requests[0].body).unwrap();
    assert_eq!(number(&first["records"][0]), (1, false));
}

#[tokio::test]
async fn a_file_has_every_record_once_over_rotation_and_restart() {
    let stage = Stage::sqlite();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("audit.jsonl");
    let file = FileSink { path: path.clone(), max_bytes: 1_500, keep_files: 100, personal: false };
    let sinks = Sinks { file: Some(file), ..Sinks::default() };
    let written = || {
        let files = std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().path());
        let texts =
            files.filter(|file| !file.ends_with("audit.jsonl.lock")).map(|file| std::fs::read_to_string(file).unwrap());
        let texts: Vec<String> = texts.collect();
        let lines = texts.iter().flat_map(|text| text.lines());
        let mut numbers: Vec<i64> = lines.map(|line| number(&serde_json::from_str(line).unwrap()).0).collect();
        numbers.sort_unstable();
        numbers
    };
    let wait = async |records: usize| {
        for _ in 0..200 {
            if written().len() >= records {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{:?}", written());
    };
    let trail = follow(&stage, sinks.clone());
    while !path.exists() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    for _ in 0..10 {
        trail.record(entered("ada", "board")).await.unwrap();
    }
    wait(10).await;
    drop(trail);
    tokio::time::sleep(Duration::from_millis(700)).await;
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("{text}{{\"number\":11,\"half")).unwrap();

    let trail = follow(&stage, sinks);
    for _ in 0..10 {
        trail.record(entered("bob", "board")).await.unwrap();
    }
    wait(20).await;

    assert_eq!(written(), (1..=20).collect::<Vec<_>>());
    assert!(folder.path().join("audit.jsonl.1").exists(), "it has become too large");
}

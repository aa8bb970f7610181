//! Real Chromium, by way of chromedriver.

use std::net::TcpStream;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::{Client, ClientBuilder};
use serde_json::{Map, Value, json};

use super::roomkey::free_port;

/// A browser with a profile of its own, closed when dropped.
pub struct Chromium {
    driver: Child,
    pub client: Client,
    _profile: tempfile::TempDir,
}

/// How the browser is set up.
#[derive(Clone, Copy, Default)]
pub struct Options {
    pub dark: bool,
    pub without_javascript: bool,
    /// Width of the window in CSS pixels; 0 for a wide one.
    pub width: u32,
    pub language: Option<&'static str>,
}

impl Chromium {
    pub async fn start(options: Options) -> Self {
        let (port, profile) = (free_port(), tempfile::tempdir().unwrap());
        let driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("scripts/test installs chromium-driver");
        let deadline = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < deadline, "chromedriver does not start");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let capabilities = capabilities(options, profile.path().to_str().unwrap());
        let client = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("a session begins");
        Self { driver, client, _profile: profile }
    }

    /// Waits until the address begins with `prefix`.
    pub async fn arrives_at(&self, prefix: &str) {
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            let address = self.client.current_url().await.unwrap();
            if address.as_str().starts_with(prefix) {
                return;
            }
            assert!(Instant::now() < deadline, "still at {address}:\n{}", self.client.source().await.unwrap());
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // The whole group: chromedriver leaves its browser behind.
        let group = format!("-{}", self.driver.id());
        Command::new("kill").args(["-s", "KILL", "--", &group]).status().ok();
        self.driver.wait().ok();
    }
}

fn capabilities(options: Options, profile: &str) -> Map<String, Value> {
    let width = if options.width == 0 { 1280 } else { options.width };
    let mut arguments = vec![
        "--headless".to_owned(),
        "--no-sandbox".to_owned(),
        "--disable-gpu".to_owned(),
        "--disable-quic".to_owned(),
        "--no-first-run".to_owned(),
        "--disable-background-networking".to_owned(),
        "--disable-component-update".to_owned(),
        "--disable-sync".to_owned(),
        "--disable-dev-shm-usage".to_owned(),
        // Nobody outside of this machine is asked for anything: pages of providers name fonts that would hold them up.
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1".to_owned(),
        format!("--window-size={width},900"),
        format!("--user-data-dir={profile}"),
    ];
    if options.dark {
        arguments.push("--force-dark-mode".to_owned());
        arguments.push("--blink-settings=preferredColorScheme=0".to_owned());
    }
    let mut preferences = json!({"intl.accept_languages": options.language.unwrap_or("en")});
    if options.without_javascript {
        preferences["profile.managed_default_content_settings.javascript"] = json!(2);
    }
    let mut chrome = json!({"args": arguments, "prefs": preferences, "binary": "/usr/bin/chromium"});
    if options.width != 0 {
        // A window has a least width of its own.
        chrome["mobileEmulation"] =
            json!({"deviceMetrics": {"width": width, "height": 800, "pixelRatio": 1, "touch": false}});
    }
    json!({"goog:chromeOptions": chrome, "timeouts": {"pageLoad": 30_000, "script": 60_000}})
        .as_object()
        .unwrap()
        .clone()
}

//! SAML identity providers that others wrote, each as a process of its own: PyPI's `pysaml2` and npm's `samlify`. People log in by name
//! (`ada`, `ben`, `cleo`).

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use super::roomkey::free_port;

/// A running identity provider, stopped when dropped.
pub struct SamlIdp {
    child: Child,
    pub url: String,
    /// What went wrong there.
    errors: Arc<Mutex<String>>,
}

impl SamlIdp {
    /// pysaml2, for the Roomkey at `roomkey` that knows it as `uni`; `options` as its `server.py` has them.
    pub fn pysaml2(roomkey: &str, options: &[&str]) -> Self {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/saml-pysaml2");
        let mut command = Command::new(format!("{folder}/venv/bin/python"));
        command.args(["-W", "ignore", "server.py"]);
        Self::start(command, folder, roomkey, options)
    }

    /// samlify, with the key and certificate in `keys`, as [`make_key`] makes them; `options` as its `server.mjs` has them.
    pub fn samlify(roomkey: &str, options: &[&str], keys: &Path) -> Self {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/saml-samlify");
        let mut command = Command::new("node");
        command.arg("server.mjs");
        let (key, certificate) = (keys.join("key.pem"), keys.join("certificate.pem"));
        let files = [key.to_str().unwrap(), certificate.to_str().unwrap()];
        Self::start(command, folder, roomkey, &[options, &files].concat())
    }

    fn start(mut command: Command, folder: &str, roomkey: &str, options: &[&str]) -> Self {
        let port = free_port();
        let mut child = command
            .args([&port.to_string(), &format!("{roomkey}/saml/uni/metadata")])
            .args(options)
            .current_dir(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("scripts/test installs it");
        let errors = Arc::new(Mutex::new(String::new()));
        let (lines, told) = (BufReader::new(child.stderr.take().unwrap()).lines(), Arc::clone(&errors));
        std::thread::spawn(move || {
            lines.map_while(Result::ok).for_each(|line| told.lock().unwrap().push_str(&(line + "\n")));
        });
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let listens = lines.any(|line| line.is_ok_and(|line| line.starts_with("listening on ")));
        assert!(listens, "it does not start; has scripts/test installed it? {}", errors.lock().unwrap());
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, url: format!("http://localhost:{port}"), errors }
    }

    /// Its `[[providers]]` entry, with `more` keys.
    pub fn configuration(&self, more: &str) -> String {
        format!(
            "[[providers]]\nid = \"uni\"\nname = \"Example University\"\nkind = \"saml\"\nidp_metadata_url = \"{}/metadata\"\n{more}",
            self.url
        )
    }

    /// What went wrong there so far.
    pub fn errors(&self) -> String {
        self.errors.lock().unwrap().clone()
    }

    /// Has it do something that only its operator can.
    #[allow(clippy::disallowed_methods, reason = "an operator is no provider")]
    pub async fn control(&self, what: &str) -> String {
        reqwest::get(format!("{}/control/{what}", self.url)).await.unwrap().text().await.unwrap()
    }
}

impl Drop for SamlIdp {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Makes an RSA key, and a certificate that it has signed itself, in `folder`: `key.pem` and `certificate.pem`.
pub fn make_key(folder: &Path) {
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "365", "-subj", "/CN=test"])
        .args(["-keyout", "key.pem", "-out", "certificate.pem"])
        .current_dir(folder)
        .stderr(Stdio::null())
        .status();
    assert!(made.expect("scripts/test installs openssl").success());
}

//! A real provider from PyPI: Authlib, as a process of its own.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use super::roomkey::free_port;

/// A running provider, stopped when dropped.
pub struct AuthlibProvider {
    child: Child,
    pub issuer: String,
}

impl AuthlibProvider {
    pub fn start() -> Self {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/authlib-provider");
        let port = free_port();
        let mut child = Command::new(format!("{folder}/venv/bin/python"))
            .args(["server.py", &port.to_string()])
            .current_dir(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("scripts/test installs Authlib");
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = lines.next().expect("it says that it listens").unwrap();
        assert!(first.starts_with("listening on "), "{first}");
        // Flask goes on writing, and must not be stopped by a full pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, issuer: format!("http://localhost:{port}") }
    }

    pub fn configuration(&self) -> String {
        format!(
            "[[providers]]\nid = \"authlib\"\nkind = \"oidc\"\nissuer = \"{}\"\nclient_id = \"roomkey\"\n\
             client_secret = \"nine-brass-weights-on-a-wooden-scale\"\n",
            self.issuer
        )
    }
}

impl Drop for AuthlibProvider {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

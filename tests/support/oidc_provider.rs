//! npm's `oidc-provider`, certified by the OpenID Foundation, as a process of its own.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use super::roomkey::free_port;

pub const CLIENT_ID: &str = "roomkey";
pub const CLIENT_SECRET: &str = "nine-oars-in-a-boat-of-birch";

/// A running provider, stopped when dropped. People log in by name (`ada`, `ben`, `cleo`) with any password.
pub struct OidcProvider {
    child: Child,
    pub issuer: String,
    keys: String,
}

impl OidcProvider {
    /// Starts a provider whose client comes back to `redirect_uri` and has a secret.
    pub fn start(redirect_uri: &str) -> Self {
        let proof = format!("client_secret = \"{CLIENT_SECRET}\"\n");
        Self::registered("localhost", redirect_uri, &json!({ "client_secret": CLIENT_SECRET }), proof)
    }

    /// Starts a provider on a host of this machine, whose client has `metadata` of its own (OpenID Connect Dynamic
    /// Registration 1.0, section 2) and the `keys` in Roomkey's file that fit.
    pub fn registered(host: &str, redirect_uri: &str, metadata: &Value, keys: String) -> Self {
        let port = free_port();
        let mut client = json!({
            "client_id": CLIENT_ID,
            "redirect_uris": [redirect_uri],
            "response_types": ["code"],
            "grant_types": ["authorization_code", "refresh_token"],
        });
        client.as_object_mut().unwrap().extend(metadata.as_object().unwrap().clone());
        let mut child = Command::new("node")
            .args(["server.mjs", host, &port.to_string(), &json!([client]).to_string()])
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/oidc-provider"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("scripts/test installs node");
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let listening = lines.any(|line| line.is_ok_and(|line| line.starts_with("listening on ")));
        assert!(listening, "the provider does not start: has scripts/test installed it?");
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, issuer: format!("http://{host}:{port}"), keys }
    }

    /// Shuts somebody out, as its administrator would.
    #[allow(clippy::disallowed_methods, reason = "an administrator is no provider")]
    pub async fn disable(&self, name: &str) {
        let answer = reqwest::get(format!("{}/disable/{name}", self.issuer)).await.unwrap();
        assert_eq!(answer.text().await.unwrap(), "disabled");
    }

    /// The same entry, by which sessions are confirmed without the browser.
    pub fn configuration_offline(&self) -> String {
        self.configuration().replace("\"groups\"]", "\"groups\", \"offline_access\"]\nprompt = \"consent\"")
    }

    /// Its `[[providers]]` entry.
    pub fn configuration(&self) -> String {
        format!(
            "[[providers]]\nid = \"work\"\nname = \"Example Corp\"\nkind = \"oidc\"\nissuer = \"{}\"\n\
             client_id = \"{CLIENT_ID}\"\n{}scopes = [\"openid\", \"profile\", \"email\", \"groups\"]\n",
            self.issuer, self.keys
        )
    }
}

impl Drop for OidcProvider {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

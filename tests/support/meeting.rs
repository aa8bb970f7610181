//! A page that stands where the meeting would: it shows the path it was opened by and the claims of its token.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tokio::net::TcpListener;

use super::fake::{Reply, serve};

/// A running meeting page.
pub struct MeetingPage {
    pub url: String,
}

impl MeetingPage {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
        tokio::spawn(serve(listener, |request| Reply::Raw(200, "text/html; charset=utf-8", page(&request.path))));
        Self { url }
    }

    /// Its `[meeting]` section.
    pub fn configuration(&self) -> String {
        format!("[meeting]\nurl = \"{}\"\napp_id = \"roomkey\"\naudience = \"jitsi\"\n", self.url)
    }
}

fn page(path: &str) -> Vec<u8> {
    let token = path.split_once("jwt=").map_or("", |(_, token)| token.split('&').next().unwrap_or_default());
    let payload = token.split('.').nth(1).unwrap_or_default();
    let claims = String::from_utf8(URL_SAFE_NO_PAD.decode(payload).unwrap_or_default()).unwrap_or_default();
    let room = path.split('?').next().unwrap_or_default();
    format!("<!doctype html><title>Meeting</title><h1>{room}</h1><pre id=claims>{claims}</pre>").into_bytes()
}

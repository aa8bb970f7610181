//! A stand-in for Jitsi's front end with its inline login, in `front-end/`: a meeting page, `sso.html` and `logout.html`.

use serde_json::json;
use tokio::net::TcpListener;

use super::fake::{Reply, serve};

pub const CLIENT_ID: &str = "jitsi-meet";

/// A running front end on the same site as Roomkey, so that its hidden frame has Roomkey's cookies.
pub struct FrontEnd {
    pub url: String,
}

impl FrontEnd {
    /// For the Roomkey at `roomkey`. Tokens are renewed this long before they expire.
    pub async fn start(roomkey: &str, renew_milliseconds: u32) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        let redirect_uri: String =
            url::form_urlencoded::byte_serialize(format!("{url}/static/sso.html").as_bytes()).collect();
        let config = json!({
            "tokenAuthUrl": format!(
                "{roomkey}/oauth2/authorize?client_id={CLIENT_ID}&redirect_uri={redirect_uri}&response_type=code\
                 &scope=openid&state={{state}}&code_challenge={{code_challenge}}&code_challenge_method=S256"
            ),
            "tokenLogoutUrl": format!("{roomkey}/oauth2/logout"),
            "tokenService": format!("{roomkey}/oauth2"),
            "clientId": CLIENT_ID,
            "renewMilliseconds": renew_milliseconds,
        });
        let config = format!("const config = {config};").into_bytes();
        tokio::spawn(serve(listener, move |request| {
            let (media_type, body) = match request.path.split('?').next().unwrap_or_default() {
                "/config.js" => ("text/javascript", config.clone()),
                "/front-end.js" => ("text/javascript", include_bytes!("front-end/front-end.js").to_vec()),
                "/static/sso.html" => ("text/html; charset=utf-8", include_bytes!("front-end/sso.html").to_vec()),
                "/static/logout.html" => ("text/html; charset=utf-8", include_bytes!("front-end/logout.html").to_vec()),
                _ => ("text/html; charset=utf-8", include_bytes!("front-end/meeting.html").to_vec()),
            };
            Reply::Raw(200, media_type, body)
        }));
        Self { url }
    }

    /// Its `[meeting]` section, with tokens of the shortest life there is.
    pub fn configuration(&self) -> String {
        format!(
            "[meeting]\nurl = \"{}\"\napp_id = \"roomkey\"\naudience = \"jitsi\"\ntoken_lifetime = \"10s\"\n\
             [meeting.inline]\nclient_id = \"{CLIENT_ID}\"\n",
            self.url
        )
    }
}

//! The front end's `config.js`.

use std::fmt::Write;

use super::{Printed, quoted};

impl Printed<'_> {
    /// What belongs at the end of `config.js`.
    pub fn config_js(&self) -> String {
        let js = |text: &str| quoted(text, '\'');
        let mut text = format!(
            "// Roomkey's settings for Jitsi's front end. Put them at the end of /etc/jitsi/meet/{}-config.js, or in\n\
             // docker-jitsi-meet into ${{CONFIG}}/web/custom-config.js, the braces as they stand.\n\n",
            self.meeting_host()
        );
        if let Some(client_id) = self.inline {
            let service = self.below("oauth2");
            let service = service.split_once("://").map_or("", |(_, rest)| rest);
            let _ = write!(
                text,
                "// Logins in a window of their own, while the meeting stays open.\n\
                 config.tokenAuthInline = true;\n\
                 config.tokenAuthUrl = {};\n\
                 config.tokenLogoutUrl = {};\n\
                 config.sso = {{ tokenService: {}, clientId: {} }};\n",
                js(&self.token_auth_url()),
                js(&self.below("oauth2/logout")),
                js(service),
                js(client_id),
            );
        } else {
            let _ = write!(
                text,
                "config.tokenAuthUrl = {};\n\
                 // People who have logged in once are sent to log in again without being asked.\n\
                 config.tokenAuthUrlAutoRedirect = true;\n",
                js(&self.token_auth_url()),
            );
        }
        if self.guests {
            let guests = js(&format!("guest.{}", self.domain()));
            let _ = write!(
                text,
                "// Guests wait until somebody with a token is there.\nconfig.hosts.anonymousdomain = {guests};\n"
            );
        }
        text
    }
}

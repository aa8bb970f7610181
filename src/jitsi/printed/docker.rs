//! docker-jitsi-meet's `.env`.

use std::fmt::Write;

use super::Printed;

impl Printed<'_> {
    /// What belongs into the `.env` of docker-jitsi-meet.
    pub fn docker(&self) -> String {
        let mut text = "# Roomkey's settings for docker-jitsi-meet. Put them into its .env in place of those that are there by the\n\
             # same names. Then: docker compose up -d --force-recreate\n"
            .to_owned();
        for (comment, variables) in self.variables() {
            let _ = write!(text, "\n# {comment}\n");
            for (name, value) in variables {
                let _ = writeln!(text, "{name}={}", in_environment(&value));
            }
        }
        text
    }

    /// The variables, in paragraphs that each have their reason.
    fn variables(&self) -> Vec<(&'static str, Vec<(&'static str, String)>)> {
        let meeting = self.meeting;
        let mut token = vec![("JWT_APP_ID", meeting.app_id.clone())];
        if self.algorithm.is_symmetric() {
            token.push(("JWT_APP_SECRET", self.secret().to_owned()));
        } else {
            token.push(("JWT_ASAP_KEYSERVER", self.below("asap")));
        }
        token.extend([
            ("JWT_SIGN_TYPE", self.algorithm.to_string()),
            ("JWT_ACCEPTED_ISSUERS", meeting.app_id.clone()),
            ("JWT_ACCEPTED_AUDIENCES", meeting.audience.clone()),
            ("JWT_ALLOW_EMPTY", "0".to_owned()),
        ]);
        let mut room_modules = "token_affiliation".to_owned();
        let mut paragraphs = vec![
            ("Tokens instead of everybody.", vec![("ENABLE_AUTH", "1".to_owned()), ("AUTH_TYPE", "jwt".to_owned())]),
            ("What is in the tokens, as in roomkey.toml: [meeting] and [meeting.signing].", token),
            (
                "A token of one tenant opens no room of another. XMPP_DOMAIN has to be meeting.subject.",
                vec![("JWT_ENABLE_DOMAIN_VERIFICATION", "true".to_owned()), ("XMPP_DOMAIN", self.domain().to_owned())],
            ),
        ];
        if self.guests {
            room_modules.push_str(",muc_wait_for_host");
            paragraphs.push((
                "Guests, who have no token, wait until somebody with one is there.",
                vec![
                    ("ENABLE_GUESTS", "1".to_owned()),
                    ("XMPP_MODULES", "persistent_lobby".to_owned()),
                    ("XMPP_MUC_CONFIGURATION", "wait_for_host_disable_auto_owners = true".to_owned()),
                ],
            ));
        } else {
            paragraphs.push(("Everybody needs a token.", vec![("ENABLE_GUESTS", "0".to_owned())]));
        }
        paragraphs.push((
            "Roles come from Roomkey's rules, and from nowhere else.",
            vec![("XMPP_MUC_MODULES", room_modules), ("ENABLE_AUTO_OWNER", "false".to_owned())],
        ));
        paragraphs.push((
            "Prosody checks tokens; with Jicofo doing so as well, meetings do not start.",
            vec![("JICOFO_ENABLE_AUTH", "false".to_owned())],
        ));
        paragraphs.push((
            "Where people are sent to log in, the braces as they stand. What has no variable: roomkey jitsi print config.js",
            vec![("TOKEN_AUTH_URL", self.token_auth_url())],
        ));
        paragraphs
    }
}

/// A value as Docker Compose reads it from a file: between single quotes nothing is replaced.
fn in_environment(value: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.,:/?&={}%".contains(c);
    if value.chars().all(is_plain) { value.to_owned() } else { format!("'{}'", value.replace('\'', "\\'")) }
}

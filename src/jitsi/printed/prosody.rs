//! Prosody's configuration, as Debian's packages have it.

use std::fmt::Write;

use super::{Printed, quoted};

impl Printed<'_> {
    /// What belongs into `/etc/prosody/conf.avail/<host>.cfg.lua`.
    pub fn prosody(&self) -> String {
        let (host, domain) = (self.meeting_host(), self.domain());
        let lua = |text: &str| quoted(text, '"');
        let mut text = format!(
            "-- Roomkey's settings for Prosody. Put them into the sections of the same name in\n\
             -- /etc/prosody/conf.avail/{host}.cfg.lua, in place of those that are there by the same names, and leave\n\
             -- all others as they are. Then: prosodyctl check config && systemctl restart prosody jicofo jitsi-videobridge2\n\
             \n\
             VirtualHost {}\n    authentication = \"token\"\n    app_id = {}\n",
            lua(domain),
            lua(&self.meeting.app_id),
        );
        text.push_str(&self.key_for_prosody());
        let _ = write!(
            text,
            "    signature_algorithm = \"{}\"\n    \
             -- without this anybody may enter without a token\n    \
             allow_empty_token = false\n    \
             asap_accepted_issuers = {{ {} }}\n    \
             asap_accepted_audiences = {{ {} }}\n    \
             -- a token of one tenant opens no room of another\n    \
             enable_domain_verification = true\n",
            self.algorithm,
            lua(&self.meeting.app_id),
            lua(&self.meeting.audience),
        );
        if self.guests {
            let _ = write!(
                text,
                "    lobby_muc = {}\n    main_muc = {}\n    modules_enabled = {{\n        -- those that are there, and:\n        \
                 \"muc_lobby_rooms\";\n        -- the lobby is there before the first person is\n        \
                 \"persistent_lobby\";\n    }}\n\n\
                 -- guests, who have no token; config.js: config.hosts.anonymousdomain = {}\n\
                 VirtualHost {}\n    authentication = \"jitsi-anonymous\"\n    c2s_require_encryption = false\n",
                lua(&format!("lobby.{domain}")),
                lua(&format!("conference.{domain}")),
                quoted(&format!("guest.{domain}"), '\''),
                lua(&format!("guest.{domain}")),
            );
        }
        let _ = write!(
            text,
            "\nComponent {} \"muc\"\n    modules_enabled = {{\n        -- those that are there, and:\n        \
             -- without it a token for one room opens all\n        \"token_verification\";\n        \
             -- without it nobody becomes moderator by a token\n        \"token_affiliation\";\n",
            lua(&format!("conference.{domain}")),
        );
        if self.guests {
            text.push_str(
                "        -- guests wait until somebody with a token is there\n        \"muc_wait_for_host\";\n    }\n    \
                 -- otherwise whoever comes with a token becomes moderator, whatever the rules say\n    \
                 wait_for_host_disable_auto_owners = true\n",
            );
        } else {
            text.push_str("    }\n");
        }
        text
    }

    /// The secret, or where the public keys are.
    fn key_for_prosody(&self) -> String {
        if self.algorithm.is_symmetric() {
            let told = if self.secret.is_some() { "" } else { " -- the secret of meeting.signing" };
            return format!("    app_secret = {}{told}\n", quoted(self.secret(), '"'));
        }
        format!(
            "    asap_key_server = {}\n    cache_keys_url = {}\n",
            quoted(&self.below("asap"), '"'),
            quoted(&self.below(".well-known/jwks.json"), '"'),
        )
    }
}

//! The Jitsi Meet deployment that tokens are for.

use std::time::Duration;

use url::Url;

/// Section `[meeting]` of the operator's file, checked.
#[derive(Clone, Debug)]
pub struct Meeting {
    /// Public address of Jitsi Meet; `https`, or `http` on a loopback host. A path, if any, ends in `/`.
    pub url: Url,
    /// `iss` of every token: Prosody's `app_id`.
    pub app_id: String,
    /// `aud`: always one string, since Prosody refuses a list.
    pub audience: String,
    /// `sub` without a tenant: Prosody's XMPP domain.
    pub subject: String,
    /// What of a person goes into the token, where everybody in the room can read it.
    pub share: Share,
    /// Longest life of a token when the rule gives none.
    pub token_lifetime: Duration,
    /// Where in the link the token stands.
    pub deliver: Deliver,
    /// `context.group`.
    pub group: Option<String>,
    /// Whether links turn Jitsi's page before the meeting off.
    pub skip_prejoin: bool,
}

/// What of a person goes into the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// `context.user.name`.
    pub name: bool,
    /// `context.user.email`.
    pub email: bool,
    /// `context.user.avatar`.
    pub avatar: bool,
}

/// Where in the meeting link the token stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Deliver {
    /// `?jwt=…`
    #[default]
    Query,
    /// `#jwt="…"`: reaches no server log and no `Referer`.
    Fragment,
}

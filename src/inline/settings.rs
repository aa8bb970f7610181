//! What the front end is registered as.

use url::Url;

/// Section `[meeting.inline]` of the operator's file, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inline {
    /// `client_id`: the front end's `sso.clientId`.
    pub client_id: String,
    /// `redirect_uri`: Jitsi's own page that takes the answer. Compared to the letter (RFC 9700, section 2.1).
    pub redirect_uri: String,
    /// The only origin whose scripts may read what the token endpoint says, as browsers write it (RFC 6454, section 6.2).
    pub origin: String,
}

impl Inline {
    /// The door for the deployment at `meeting`, whose path ends in `/`.
    pub fn new(meeting: &Url, client_id: String) -> Self {
        Self {
            client_id,
            redirect_uri: format!("{meeting}static/sso.html"),
            origin: meeting.origin().ascii_serialization(),
        }
    }
}

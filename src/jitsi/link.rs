//! The link that carries the token into the meeting.

use percent_encoding::utf8_percent_encode;
use url::Position;

use super::{Deliver, Meeting, MeetingToken};
use crate::room::form::UNRESERVED;
use crate::room::{Client, JoinRequest};

/// The address to send the visitor to (JITSI.md, "The way back to the meeting"). Holds the token: never logged, does not print.
pub struct MeetingLink(String);

/// Jitsi's page for camera and microphone, before the meeting (jitsi-meet, `config.js`).
const PREJOIN: &str = "config.prejoinConfig.enabled";

/// What ends the address of an Android intent (developer.chrome.com, "Android Intents with Chrome").
const ANDROID_END: &str = "#Intent;scheme=org.jitsi.meet;package=org.jitsi.meet;end";

impl MeetingLink {
    /// The way into the meeting that `request` asked for, with `token`, in the program it was asked from.
    ///
    /// Apps always find the token in the query: they are opened by a scheme of their own, which reaches no server.
    pub fn new(meeting: &Meeting, request: &JoinRequest, token: MeetingToken) -> Self {
        let scheme = match request.client {
            Client::Browser => meeting.url.scheme(),
            Client::Ios => "org.jitsi.meet",
            Client::Android => "intent",
            Client::Electron => "jitsi-meet",
        };
        let mut link = String::with_capacity(token.text.len() + 2048);
        for part in [scheme, "://", &meeting.url[Position::BeforeHost..Position::AfterPath]] {
            link.push_str(part);
        }
        if !link.ends_with('/') {
            link.push('/');
        }
        if let Some(tenant) = &request.tenant {
            link.push_str(tenant.as_str());
            link.push('/');
        }
        link.push_str(request.room.as_str());
        let in_fragment = meeting.deliver == Deliver::Fragment && request.client == Client::Browser;
        if in_fragment {
            // A fragment's values are JSON: a string has its quotes.
            link.push_str("#jwt=%22");
            link.push_str(&token.text);
            link.push_str("%22");
        } else {
            link.push_str("?jwt=");
            link.push_str(&token.text);
        }
        let mut separator = if in_fragment { '&' } else { '#' };
        let says_otherwise = request.options.iter().any(|(key, _)| key == PREJOIN);
        let skip_prejoin = (meeting.skip_prejoin && !says_otherwise).then_some((PREJOIN, "false"));
        for (key, value) in request.options.iter().chain(skip_prejoin) {
            link.push(separator);
            link.push_str(key);
            link.push('=');
            // Whatever could end the value, or the fragment of an Android intent, is percent-encoded.
            link.extend(utf8_percent_encode(value, UNRESERVED));
            separator = '&';
        }
        if request.client == Client::Android {
            link.push_str(ANDROID_END);
        }
        Self(link)
    }

    /// As the `Location` of a redirect.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests;

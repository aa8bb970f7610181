//! Section `[meeting]`.

use std::time::Duration;

use super::address::WebUrl;
use super::period::{Period, TokenLifetime};
use super::read::{At, Fault, Field, List, OneOf, Reader, Word, keys, text_type};
use super::signing::SigningKeys;
use crate::inline::Inline;
use crate::jitsi::{Deliver, Meeting, Share};

/// Life of a token unless the file says otherwise.
const TOKEN_LIFETIME: Duration = Duration::from_mins(5);

keys! {
    /// Section `[meeting]`: the Jitsi Meet deployment.
    MeetingKeys {
        /// Public address of Jitsi Meet: `https`, or `http` on a loopback host. Required.
        #[schemars(extend("examples" = ["https://meet.example.com"]))]
        url: WebUrl,
        /// The token's issuer (`iss`): Prosody's `app_id`.
        #[schemars(extend("default" = "roomkey"))]
        app_id: ClaimText,
        /// The token's audience (`aud`): one of Prosody's `asap_accepted_audiences`, if it has any.
        #[schemars(extend("default" = "jitsi"))]
        audience: ClaimText,
        /// The token's subject (`sub`) for meetings without a tenant: Prosody's XMPP domain, which in docker-jitsi-meet is
        /// `meet.jitsi`. With a tenant, the subject is the tenant. Default: the host of `url`.
        subject: ClaimText,
        /// What of a person goes into the token, where everybody in the room can read it: any of `name`, `email` and `avatar`.
        #[schemars(extend("default" = ["name", "email", "avatar"]))]
        share: List<OneOf<Shared>>,
        /// Longest life of a token, from `10s` to `1d`. It has to last for the way into the meeting only: who is in, stays in.
        #[schemars(extend("default" = "5m"))]
        token_lifetime: TokenLifetime,
        /// Where in the link to the meeting the token stands: `query` (`?jwt=…`) or `fragment` (`#jwt="…"`), which reaches no
        /// server log and no `Referer`.
        #[schemars(extend("default" = "query"))]
        deliver: OneOf<Deliver>,
        /// The token's group (`context.group`): a word by which modules of Prosody tell one deployment or customer from another.
        #[schemars(extend("examples" = ["example"]))]
        group: ClaimText,
        /// Whether everybody enters at once, without Jitsi's page for camera and microphone before (`config.prejoinConfig.enabled`).
        /// A link that says otherwise is obeyed.
        #[schemars(extend("default" = false))]
        skip_prejoin: bool,
        /// Section `[meeting.signing]`: how tokens are signed.
        signing: SigningKeys,
        /// Section `[meeting.inline]`: Jitsi's inline login.
        inline: InlineKeys,
    }
}

keys! {
    /// Section `[meeting.inline]`: Jitsi's inline login, in which the meeting stays open while somebody logs in.
    InlineKeys {
        /// What the front end calls itself: `sso.clientId` in its `config.js`. Only if this is given, there is an inline login, with
        /// its routes below `/oauth2/`.
        #[schemars(extend("examples" = ["jitsi-meet"]))]
        client_id: ClientId,
    }
}

/// An OAuth client's id (RFC 6749, appendix A.1).
#[derive(Clone, Debug)]
pub(super) struct ClientId(String);

impl ClientId {
    /// Longest one, in characters.
    const MAX: usize = 128;

    fn parse(text: &str) -> Result<Self, Fault> {
        let printable = |byte: u8| byte.is_ascii_graphic() || byte == b' ';
        if text.is_empty() || text.len() > Self::MAX || !text.bytes().all(printable) {
            let wrong = format!("is not 1 to {} printable ASCII characters", Self::MAX);
            return Err(Fault::new(wrong, "give the `sso.clientId` of Jitsi's `config.js`"));
        }
        Ok(Self(text.to_owned()))
    }
}

text_type!(ClientId, "ClientId", { "minLength": 1, "maxLength": 128 });

/// A text that Prosody compares with a setting of its own.
#[derive(Clone, Debug)]
pub(super) struct ClaimText(String);

impl ClaimText {
    fn parse(text: &str) -> Result<Self, Fault> {
        if text.is_empty() {
            return Err(Fault::new("is empty", "give the value that Prosody is set to, or leave the key out"));
        }
        if text.chars().any(char::is_control) || text.trim() != text {
            return Err(Fault::new(
                "has a space at an end or a control character",
                "give it exactly as Prosody has it",
            ));
        }
        Ok(Self(text.to_owned()))
    }
}

text_type!(ClaimText, "ClaimText", { "minLength": 1 });

/// What of a person may be shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shared {
    Name,
    Email,
    Avatar,
}

impl Word for Shared {
    const WORDS: &'static [(&'static str, Self)] =
        &[("name", Self::Name), ("email", Self::Email), ("avatar", Self::Avatar)];
}

impl Word for Deliver {
    const WORDS: &'static [(&'static str, Self)] = &[("query", Self::Query), ("fragment", Self::Fragment)];
}

impl MeetingKeys {
    /// The section without its keys for signing, which are checked by themselves.
    pub(super) fn check(self, reader: &Reader<'_>) -> (Option<Deployment>, SigningField) {
        let url = self.url.required(reader, r#"url = "https://meet.example.com""#);
        if let Field::Given(At { value: ClaimText(text), spot }) = &self.subject
            && text == "*"
        {
            let doubt = "lets a token in at every XMPP domain and tenant that trusts the same key";
            reader.warn(spot, doubt, "give Prosody's XMPP domain");
        }
        let share = self.share.given().map(List::into_values);
        let shares = |what| share.as_ref().is_none_or(|list| list.iter().any(|&OneOf(shared)| shared == what));
        let share = Share { name: shares(Shared::Name), email: shares(Shared::Email), avatar: shares(Shared::Avatar) };
        let text = |field: Field<ClaimText>, default: &str| {
            field.given().map_or_else(|| default.to_owned(), |ClaimText(text)| text)
        };
        let meeting = url.map(|url| Meeting {
            subject: text(self.subject, url.0.host_str().unwrap_or_default()),
            url: url.as_folder(),
            app_id: text(self.app_id, "roomkey"),
            audience: text(self.audience, "jitsi"),
            share,
            token_lifetime: self.token_lifetime.or(Period::of(TOKEN_LIFETIME)).0,
            deliver: self.deliver.or(OneOf(Deliver::default())).0,
            group: self.group.given().map(|ClaimText(text)| text),
            skip_prejoin: self.skip_prejoin.or(false),
        });
        let client_id = self.inline.given().and_then(|inline| inline.client_id.given());
        let deployment = meeting.map(|meeting| {
            let inline = client_id.map(|ClientId(id)| Inline::new(&meeting.url, id));
            Deployment { meeting, inline }
        });
        (deployment, self.signing)
    }
}

/// The deployment, and its front end if that logs people in by itself.
pub(super) struct Deployment {
    pub(super) meeting: Meeting,
    pub(super) inline: Option<Inline>,
}

/// `[meeting.signing]`, not yet checked.
pub(super) type SigningField = Field<SigningKeys>;

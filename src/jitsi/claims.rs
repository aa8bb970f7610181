//! The claims of a Jitsi token, written out in full (JITSI.md, "The safest token").
//!
//! Prosody's plugin crashes on a `null`, a list or a control character, and answers nothing at all: what a person does
//! not have, or has in such a form, is left out.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::time::Duration;

use icu_properties::CodePointSetData;
use icu_properties::props::BidiControl;
use jiff::Timestamp;
use serde::{Serialize, Serializer};
use url::Url;

use super::{Meeting, Pseudonyms, SigningError};
use crate::policy::{Feature, Grant, Role};
use crate::provider::VerifiedIdentity;

/// How far back `nbf` is set: Prosody's clock may be late, and it allows no difference.
pub(super) const CLOCK_SLACK: Duration = Duration::from_secs(10);

/// Longest `context.user.name`, in characters; what is longer is cut, as it is only read by people.
const MAX_NAME_CHARS: usize = 200;

/// Longest `context.user.email`, in bytes (RFC 5321, section 4.5.3.1.3, less the angle brackets).
const MAX_EMAIL_BYTES: usize = 254;

/// Longest `context.user.avatar`, in bytes.
const MAX_AVATAR_BYTES: usize = 1024;

/// The payload.
#[derive(Serialize)]
pub(super) struct Claims<'a> {
    iss: &'a str,
    aud: &'a str,
    sub: &'a str,
    room: &'a str,
    iat: i64,
    nbf: i64,
    exp: i64,
    context: Context<'a>,
}

#[derive(Serialize)]
struct Context<'a> {
    user: User<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    features: Option<Features<'a>>,
}

#[derive(Serialize)]
struct User<'a> {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    avatar: Option<String>,
    affiliation: &'static str,
    moderator: bool,
}

/// An object that turns each feature on; present, it turns all others off.
struct Features<'a>(&'a BTreeSet<Feature>);

impl<'a> Claims<'a> {
    /// What Jitsi has to know, from `now` until the grant or the token's life ends.
    pub(super) fn new(
        meeting: &'a Meeting,
        pseudonyms: &Pseudonyms,
        grant: &'a Grant,
        identity: &'a VerifiedIdentity,
        now: Timestamp,
    ) -> Result<Self, SigningError> {
        let (lifetime, now) = (grant.token_lifetime().unwrap_or(meeting.token_lifetime), now.as_second());
        let lifetime = i64::try_from(lifetime.as_secs()).unwrap_or(i64::MAX);
        let end = grant.not_after().map_or(i64::MAX, Timestamp::as_second);
        if end <= now {
            return Err(SigningError::Ended);
        }
        let share = meeting.share;
        let (affiliation, moderator) = match grant.role() {
            Role::Moderator => ("owner", true),
            Role::Participant => ("member", false),
        };
        let user = User {
            id: pseudonyms.of(identity.provider().as_str(), identity.subject().as_str()),
            name: identity.name().filter(|_| share.name).and_then(readable),
            // Signed, an address would be taken for the person's own: only one that is.
            email: identity.verified_email().filter(|email| share.email && is_sendable(email)),
            avatar: identity.avatar().filter(|_| share.avatar).and_then(picture),
            affiliation,
            moderator,
        };
        Ok(Self {
            iss: &meeting.app_id,
            aud: &meeting.audience,
            sub: grant.tenant().map_or(meeting.subject.as_str(), |tenant| tenant.as_str()),
            room: grant.room().as_str(),
            iat: now,
            nbf: now - CLOCK_SLACK.as_secs().cast_signed(),
            exp: now.saturating_add(lifetime).min(end),
            context: Context { user, group: meeting.group.as_deref(), features: grant.features().map(Features) },
        })
    }

    /// When the token ends, in Unix seconds.
    pub(super) fn ends(&self) -> i64 {
        self.exp
    }

    /// Leaves the picture out, which the meeting can do without. Whether there was one.
    pub(super) fn drop_avatar(&mut self) -> bool {
        self.context.user.avatar.take().is_some()
    }
}

impl Serialize for Features<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|feature| (feature.as_str(), true)))
    }
}

/// A name without the characters that nobody reads, but that turn others around or break lines.
fn readable(name: &str) -> Option<Cow<'_, str>> {
    let unwanted = |c: char| {
        c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') || CodePointSetData::new::<BidiControl>().contains(c)
    };
    let name = name.trim();
    if !name.is_empty() && name.len() <= MAX_NAME_CHARS && !name.contains(unwanted) {
        return Some(Cow::Borrowed(name));
    }
    let name: String = name.chars().filter(|&c| !unwanted(c)).take(MAX_NAME_CHARS).collect();
    let name = name.trim();
    (!name.is_empty()).then(|| Cow::Owned(name.to_owned()))
}

fn is_sendable(email: &str) -> bool {
    email.len() <= MAX_EMAIL_BYTES && !email.contains(|c: char| c.is_control() || c.is_whitespace())
}

/// An address that every browser in the meeting may load: over `https`, without a password in it.
fn picture(address: &str) -> Option<String> {
    if address.len() > MAX_AVATAR_BYTES {
        return None;
    }
    let url = Url::parse(address).ok()?;
    let fit = url.scheme() == "https" && url.username().is_empty() && url.password().is_none();
    (fit && url.as_str().len() <= MAX_AVATAR_BYTES).then(|| url.into())
}

//! Tokens for Roomkey's own checks of a Jitsi server: right in every part, or wrong in exactly one.

use jiff::Timestamp;
use serde_json::json;

use super::claims::CLOCK_SLACK;
use super::{Meeting, SigningKey};
use crate::policy::Role;
use crate::room::RoomName;

/// How long a probe's token lives, in seconds: longer than the checks take.
const LIFETIME_SECONDS: i64 = 120;

/// A token that stands for nobody, for a scratch room of the doctor's. Does not print.
pub struct ProbeToken(String);

/// What is wrong with a probe's token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Flaw {
    /// The signature is of another key.
    Signature,
    /// `iss`.
    Issuer,
    /// `aud`.
    Audience,
    /// `sub`.
    Subject,
    /// `room`.
    Room,
    /// `exp` has passed.
    Expired,
    /// `nbf` has not come.
    NotYet,
}

impl Flaw {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Signature, Self::Issuer, Self::Audience, Self::Subject, Self::Room, Self::Expired, Self::NotYet];

    /// The part of the token that is wrong.
    pub fn part(self) -> &'static str {
        match self {
            Self::Signature => "signature",
            Self::Issuer => "iss",
            Self::Audience => "aud",
            Self::Subject => "sub",
            Self::Room => "room",
            Self::Expired => "exp",
            Self::NotYet => "nbf",
        }
    }
}

impl ProbeToken {
    /// Signs a token for `room` and `role`, wrong in the part that `flaw` names.
    ///
    /// # Errors
    /// If the key does not sign.
    pub fn sign(
        meeting: &Meeting,
        key: &SigningKey,
        room: &RoomName,
        role: Role,
        flaw: Option<Flaw>,
        now: Timestamp,
    ) -> Result<Self, aws_lc_rs::error::Unspecified> {
        const WRONG: &str = "roomkey-doctor-wrong";
        let part = |wrong: Flaw, right: &str| if flaw == Some(wrong) { WRONG.to_owned() } else { right.to_owned() };
        let now = now.as_second();
        let (nbf, exp) = match flaw {
            Some(Flaw::Expired) => (now - 2 * LIFETIME_SECONDS, now - LIFETIME_SECONDS),
            Some(Flaw::NotYet) => (now + LIFETIME_SECONDS, now + 2 * LIFETIME_SECONDS),
            _ => (now - CLOCK_SLACK.as_secs().cast_signed(), now + LIFETIME_SECONDS),
        };
        let moderator = role == Role::Moderator;
        let claims = json!({
            "iss": part(Flaw::Issuer, &meeting.app_id),
            "aud": part(Flaw::Audience, &meeting.audience),
            "sub": part(Flaw::Subject, &meeting.subject),
            "room": part(Flaw::Room, room.as_str()),
            "iat": now,
            "nbf": nbf,
            "exp": exp,
            "context": { "user": {
                "id": WRONG.trim_end_matches("-wrong"),
                "affiliation": if moderator { "owner" } else { "member" },
                "moderator": moderator,
            } },
        });
        let mut token = key.sign(claims.to_string().as_bytes())?;
        if flaw == Some(Flaw::Signature) {
            spoil_signature(&mut token);
        }
        Ok(Self(token))
    }

    /// As it stands in the address of a connection.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Changes the first character of the signature, which is still base64url.
fn spoil_signature(token: &mut String) {
    if let Some(dot) = token.rfind('.') {
        let other = if token[dot + 1..].starts_with('A') { "B" } else { "A" };
        token.replace_range(dot + 1..dot + 2, other);
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use serde_json::Value;

    use super::*;
    use crate::jitsi::Algorithm;
    use crate::jitsi::testing::meeting;

    fn parts(flaw: Option<Flaw>) -> (Value, String) {
        let key = SigningKey::new(Algorithm::Hs256, &[7; 32], None).unwrap();
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let token =
            ProbeToken::sign(&meeting(), &key, &"scratch".parse().unwrap(), Role::Moderator, flaw, now).unwrap();
        let parts: Vec<_> = token.as_str().split('.').collect();
        (serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap(), parts[2].to_owned())
    }

    #[test]
    fn a_flaw_spoils_its_own_part_and_no_other() {
        let (good, signature) = parts(None);

        for flaw in Flaw::ALL {
            let (claims, spoilt) = parts(Some(flaw));

            let changed: Vec<_> = good.as_object().unwrap().keys().filter(|&key| claims[key] != good[key]).collect();
            match flaw {
                Flaw::Signature => assert!(changed.is_empty() && spoilt != signature),
                Flaw::Expired | Flaw::NotYet => assert_eq!(changed, ["exp", "nbf"]),
                _ => assert_eq!(changed, [flaw.part()]),
            }
        }
    }
}

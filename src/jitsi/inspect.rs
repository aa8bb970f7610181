//! Looks at a token from outside, as Prosody would: what is in it, and what is wrong with it.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{Algorithm, Meeting, MeetingToken, SigningKey};
use crate::room::{JoinRequest, Tenant};

/// A token taken apart: nothing in it has been verified. Does not print.
pub struct UnverifiedToken<'a> {
    header: Map<String, Value>,
    claims: Map<String, Value>,
    /// What the signature is over.
    signed: &'a str,
    signature: Vec<u8>,
    bytes: usize,
}

/// Why a text is no token at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAToken {
    /// Far larger than any.
    #[error("no token: it is over {} bytes long", UnverifiedToken::MAX_BYTES)]
    TooLong,
    /// It has other than three parts (RFC 7515, section 7.1).
    #[error("no token: it has {found} parts, divided by dots, and a token has three")]
    Parts {
        /// How many.
        found: usize,
    },
    /// A part is no base64url, or has padding.
    #[error("no token: its {part} is not base64url without padding")]
    Encoding {
        /// Which one.
        part: &'static str,
    },
    /// A part is no JSON object.
    #[error("no token: its {part} is not a JSON object")]
    Json {
        /// Which one.
        part: &'static str,
    },
}

/// What a token is compared with.
pub struct Expected<'a> {
    /// The deployment.
    pub meeting: &'a Meeting,
    /// How it signs.
    pub algorithm: Algorithm,
    /// All keys that Prosody may know.
    pub keys: &'a [Arc<SigningKey>],
    /// The meeting that it should open, if one is meant.
    pub request: Option<&'a JoinRequest>,
    /// The time.
    pub now: Timestamp,
}

/// What is wrong with a token, each by the rule of Prosody's that refuses it (JITSI.md, "The token").
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// `typ`
    #[error("typ: has to be `JWT`, exactly")]
    Type,
    /// `alg`
    #[error("alg: is {found}, and tokens here are signed by {wanted}")]
    Algorithm {
        /// What it is.
        found: String,
        /// What it should be.
        wanted: Algorithm,
    },
    /// `kid` is missing where it names the public key.
    #[error("kid: is missing, so that Prosody finds no public key")]
    NoKeyId,
    /// `kid` names no key of ours.
    #[error("kid: {found} is no key of this deployment: withdrawn, or another's")]
    UnknownKey {
        /// What it is.
        found: String,
    },
    /// The signature.
    #[error("signature: is not that of {by}")]
    Signature {
        /// Which key.
        by: String,
    },
    /// A claim that has to have one value.
    #[error("{claim}: is {found}, and has to be `{wanted}`")]
    Claim {
        /// Which one.
        claim: &'static str,
        /// What it is.
        found: String,
        /// What it should be.
        wanted: String,
    },
    /// A claim that has to be a text, whichever.
    #[error("{claim}: is {found}, and has to be a text")]
    NoText {
        /// Which one.
        claim: &'static str,
        /// What it is.
        found: String,
    },
    /// `room` is such that it opens others too.
    #[error("room: opens more than one room")]
    EveryRoom,
    /// A time that is missing or no number.
    #[error("{claim}: is {found}, and has to be a time in seconds")]
    Time {
        /// Which one.
        claim: &'static str,
        /// What it is.
        found: String,
    },
    /// `exp` is over.
    #[error("exp: was over {ago} s ago")]
    Expired {
        /// Since when.
        ago: i64,
    },
    /// `nbf` has not begun.
    #[error("nbf: begins in {ahead} s, and Prosody allows no difference of clocks")]
    NotYet {
        /// Until when.
        ahead: i64,
    },
    /// Something at which Prosody's plugin stumbles, and answers nothing at all.
    #[error("{place}: is {found}, at which Prosody stumbles")]
    Stumbling {
        /// Where.
        place: String,
        /// What it is.
        found: String,
    },
    /// Too large for the way.
    #[error("size: {bytes} bytes, and {} are the most that surely arrive", MeetingToken::MAX_BYTES)]
    TooLarge {
        /// Its length.
        bytes: usize,
    },
}

impl<'a> UnverifiedToken<'a> {
    /// Longest text that is looked at, in bytes.
    pub const MAX_BYTES: usize = 64 * 1024;

    /// Takes a token in compact form apart.
    ///
    /// # Errors
    /// [`NotAToken`]: it is something else.
    pub fn parse(text: &'a str) -> Result<Self, NotAToken> {
        if text.len() > Self::MAX_BYTES {
            return Err(NotAToken::TooLong);
        }
        let parts: Vec<_> = text.split('.').collect();
        let [header, claims, signature] = parts[..] else { return Err(NotAToken::Parts { found: parts.len() }) };
        let decode = |part, text: &str| BASE64URL.decode(text).map_err(|_| NotAToken::Encoding { part });
        let object =
            |part, text: &str| serde_json::from_slice(&decode(part, text)?).map_err(|_| NotAToken::Json { part });
        Ok(Self {
            header: object("header", header)?,
            claims: object("payload", claims)?,
            signed: &text[..header.len() + 1 + claims.len()],
            signature: decode("signature", signature)?,
            bytes: text.len(),
        })
    }

    /// Its header.
    pub fn header(&self) -> &Map<String, Value> {
        &self.header
    }

    /// Its claims.
    pub fn claims(&self) -> &Map<String, Value> {
        &self.claims
    }

    /// Everything that is wrong with it, in the order in which Prosody looks.
    pub fn faults(&self, expected: &Expected<'_>) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.header.get("typ").is_none_or(|typ| typ != "JWT") {
            faults.push(Fault::Type);
        }
        if self.header.get("alg").is_none_or(|alg| alg != expected.algorithm.name()) {
            faults.push(Fault::Algorithm { found: shown(self.header.get("alg")), wanted: expected.algorithm });
        } else {
            faults.extend(self.fault_of_signature(expected));
        }
        let claim = |claim, wanted: &str| self.fault_of_claim(claim, wanted);
        faults.extend(claim("iss", &expected.meeting.app_id));
        faults.extend(claim("aud", &expected.meeting.audience));
        if let Some(request) = expected.request {
            let subject = request.tenant.as_ref().map_or(expected.meeting.subject.as_str(), Tenant::as_str);
            faults.extend(claim("sub", subject));
            faults.extend(claim("room", request.room.as_str()));
        } else {
            let is_text = |claim: &&str| self.claims.get(*claim).is_some_and(Value::is_string);
            let missing = ["sub", "room"].into_iter().filter(|claim| !is_text(claim));
            faults.extend(missing.map(|claim| Fault::NoText { claim, found: shown(self.claims.get(claim)) }));
        }
        let has_pattern = self.claims.get("context").and_then(|context| context.pointer("/room/regex")).is_some();
        if has_pattern || self.claims.get("room").is_some_and(|room| room == "*") {
            faults.push(Fault::EveryRoom);
        }
        faults.extend(self.faults_of_time(expected.now.as_second()));
        let context = self.claims.get("context").unwrap_or(&Value::Null);
        if let Some(Value::Object(user)) = context.get("user") {
            let stumbling = user.iter().filter(|(_, value)| makes_stumble(value));
            faults.extend(stumbling.map(|(member, value)| Fault::Stumbling {
                place: format!("context.user.{member}"),
                found: shown(Some(value)),
            }));
        }
        if self.bytes > MeetingToken::MAX_BYTES {
            faults.push(Fault::TooLarge { bytes: self.bytes });
        }
        faults
    }

    fn fault_of_signature(&self, Expected { algorithm, keys, .. }: &Expected<'_>) -> Option<Fault> {
        let fits = |key: &Arc<SigningKey>| key.verifies(self.signed.as_bytes(), &self.signature);
        if algorithm.is_symmetric() {
            // Prosody goes by its secret, whatever `kid` says.
            return (!keys.iter().any(fits)).then(|| Fault::Signature { by: "the secret".to_owned() });
        }
        let Some(kid) = self.header.get("kid") else { return Some(Fault::NoKeyId) };
        match keys.iter().find(|key| kid == key.key_id()) {
            None => Some(Fault::UnknownKey { found: shown(Some(kid)) }),
            Some(key) => (!fits(key)).then(|| Fault::Signature { by: format!("`{}`", key.key_id()) }),
        }
    }

    fn fault_of_claim(&self, claim: &'static str, wanted: &str) -> Option<Fault> {
        let found = self.claims.get(claim);
        let fits = found.is_some_and(|found| found == wanted);
        (!fits).then(|| Fault::Claim { claim, found: shown(found), wanted: wanted.to_owned() })
    }

    fn faults_of_time(&self, now: i64) -> Vec<Fault> {
        let time = |claim| {
            let found = self.claims.get(claim);
            found.and_then(Value::as_f64).ok_or_else(|| Fault::Time { claim, found: shown(found) })
        };
        // Whole seconds are more exact than any clock here.
        let whole = |seconds: f64| seconds.floor() as i64;
        let end = match time("exp").map(whole) {
            Ok(exp) if exp <= now => Some(Fault::Expired { ago: now.saturating_sub(exp) }),
            Ok(_) => None,
            Err(fault) => Some(fault),
        };
        let beginning = match time("nbf").map(whole) {
            Ok(nbf) if nbf > now => Some(Fault::NotYet { ahead: nbf.saturating_sub(now) }),
            Ok(_) => None,
            Err(fault) => self.claims.contains_key("nbf").then_some(fault),
        };
        end.into_iter().chain(beginning).collect()
    }
}

fn makes_stumble(value: &Value) -> bool {
    match value {
        Value::Null | Value::Array(_) | Value::Number(_) => true,
        Value::String(text) => text.contains(char::is_control),
        Value::Bool(_) | Value::Object(_) => false,
    }
}

/// A value of a token, for one line.
fn shown(value: Option<&Value>) -> String {
    match value {
        None => "missing".to_owned(),
        Some(Value::String(text)) => format!("`{}`", text.escape_debug()),
        Some(Value::Array(_)) => "a list".to_owned(),
        Some(Value::Object(_)) => "an object".to_owned(),
        Some(other) => other.to_string(),
    }
}

#[cfg(test)]
mod tests;

//! Reads a token the way Jitsi's Prosody does, and says of every check how it went.
//!
//! The checks and their strictness are those of Jitsi Meet's `prosody-plugins/token/util.lib.lua` and
//! `luajwtjitsi.lib.lua`: no leeway for clocks, `aud` a single string, `room` in lower case.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde_json::{Map, Value};

/// Prosody's side of the agreement with Roomkey.
pub(crate) struct Prosody {
    /// `app_id`.
    pub(crate) app_id: String,
    /// `app_secret`, for HS256.
    pub(crate) app_secret: String,
    /// The one entry of `asap_accepted_audiences`.
    pub(crate) audience: String,
    /// The virtual host, which `sub` names where there is no tenant.
    pub(crate) domain: String,
}

/// A token, read.
pub(crate) struct Examined {
    pub(crate) header: Map<String, Value>,
    pub(crate) claims: Map<String, Value>,
    pub(crate) checks: Vec<Check>,
}

/// One check.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Check {
    /// Of what.
    pub(crate) what: &'static str,
    pub(crate) holds: bool,
    /// What has to be so.
    pub(crate) rule: String,
}

/// Not even three parts of JSON in base64url.
#[derive(Debug)]
pub(crate) struct NotAToken;

impl Prosody {
    /// Reads `token`, which is to open `room`, at `now`.
    pub(crate) fn examine(&self, token: &str, room: &str, now: Timestamp) -> Result<Examined, NotAToken> {
        let (signed, signature) = token.rsplit_once('.').ok_or(NotAToken)?;
        let (header, claims) = signed.split_once('.').ok_or(NotAToken)?;
        let (header, claims) = (object(header)?, object(claims)?);
        let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).map_err(|_| NotAToken)?;
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.app_secret.as_bytes());

        let check = |what, holds, rule| Check { what, holds, rule };
        let text = |name: &str| claims.get(name).and_then(Value::as_str);
        let time = |name: &str| claims.get(name).and_then(Value::as_i64);
        let now = now.as_second();
        let checks = vec![
            check("typ", header.get("typ").is_some_and(|typ| typ == "JWT"), "JWT".to_owned()),
            check("alg", header.get("alg").is_some_and(|alg| alg == "HS256"), "HS256".to_owned()),
            check(
                "signature",
                hmac::verify(&key, signed.as_bytes(), &signature).is_ok(),
                "made with the secret that Prosody shares with Roomkey".to_owned(),
            ),
            check("iss", text("iss") == Some(&self.app_id), format!("{}, the app_id", self.app_id)),
            check("aud", text("aud") == Some(&self.audience), self.audience.clone()),
            check("nbf", time("nbf").is_some_and(|start| start <= now), "in the past".to_owned()),
            check("exp", time("exp").is_some_and(|end| now < end), "in the future".to_owned()),
            check("room", text("room").is_some_and(|claim| claim == "*" || claim == room), room.to_owned()),
            check("sub", text("sub") == Some(&self.domain), format!("{}, the XMPP domain", self.domain)),
        ];
        Ok(Examined { header, claims, checks })
    }
}

impl Examined {
    /// Whether Prosody lets the bearer in.
    pub(crate) fn opens_the_room(&self) -> bool {
        self.checks.iter().all(|check| check.holds)
    }

    /// A text under `context.user`.
    pub(crate) fn user(&self, field: &str) -> Option<&str> {
        self.claims.get("context")?.get("user")?.get(field)?.as_str()
    }

    /// Whether the bearer moderates, as `mod_token_affiliation` decides it.
    pub(crate) fn moderates(&self) -> bool {
        let moderator = self.claims.get("context").and_then(|context| context.get("user")?.get("moderator"));
        moderator.is_some_and(|flag| *flag == true || flag == "true")
            || matches!(self.user("affiliation"), Some("owner" | "moderator" | "teacher"))
    }

    /// The features that are on, if the token says so at all.
    pub(crate) fn features(&self) -> Option<Vec<&str>> {
        let features = self.claims.get("context")?.get("features")?.as_object()?;
        let on = |value: &Value| *value == true || *value == "true";
        Some(features.iter().filter(|(_, value)| on(value)).map(|(name, _)| name.as_str()).collect())
    }
}

fn object(part: &str) -> Result<Map<String, Value>, NotAToken> {
    let json = BASE64_URL_SAFE_NO_PAD.decode(part).map_err(|_| NotAToken)?;
    serde_json::from_slice(&json).map_err(|_| NotAToken)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn prosody() -> Prosody {
        Prosody {
            app_id: "roomkey".to_owned(),
            app_secret: "the secret".to_owned(),
            audience: "jitsi".to_owned(),
            domain: "meet.demo".to_owned(),
        }
    }

    fn header() -> Value {
        json!({ "typ": "JWT", "alg": "HS256" })
    }

    fn claims() -> Value {
        json!({
            "iss": "roomkey", "aud": "jitsi", "sub": "meet.demo", "room": "standup", "nbf": NOW - 10, "exp": NOW + 300,
            "context": {
                "user": { "name": "Ada", "affiliation": "owner" },
                "features": { "recording": true, "flip": false }
            },
        })
    }

    fn sign(secret: &str, header: &Value, claims: &Value) -> String {
        let encode = |part: &Value| BASE64_URL_SAFE_NO_PAD.encode(part.to_string());
        let signed = format!("{}.{}", encode(header), encode(claims));
        let signature = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), signed.as_bytes());
        format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
    }

    fn failed(token: &str) -> Vec<&'static str> {
        let examined = prosody().examine(token, "standup", Timestamp::from_second(NOW).unwrap()).unwrap();
        examined.checks.iter().filter(|check| !check.holds).map(|check| check.what).collect()
    }

    #[test]
    fn a_good_token_opens_its_room() {
        let token = sign("the secret", &header(), &claims());

        let examined = prosody().examine(&token, "standup", Timestamp::from_second(NOW).unwrap()).unwrap();

        assert!(examined.opens_the_room());
        assert!(examined.moderates());
        assert_eq!(examined.user("name"), Some("Ada"));
        assert_eq!(examined.features(), Some(vec!["recording"]));
    }

    #[test]
    fn each_check_fails_by_itself() {
        let faults = [
            ("iss", json!("another")),
            ("aud", json!(["jitsi"])),
            ("nbf", json!(NOW + 1)),
            ("exp", json!(NOW)),
            ("room", json!("standup2")),
            ("sub", json!("another.demo")),
        ];
        for (claim, value) in faults {
            let mut claims = claims();
            claims[claim] = value;
            assert_eq!(failed(&sign("the secret", &header(), &claims)), [claim]);
        }

        assert_eq!(failed(&sign("the secret", &json!({ "typ": "at+jwt", "alg": "HS256" }), &claims())), ["typ"]);
        assert_eq!(failed(&sign("the secret", &json!({ "typ": "JWT", "alg": "none" }), &claims())), ["alg"]);
        assert_eq!(failed(&sign("another secret", &header(), &claims())), ["signature"]);
    }

    #[test]
    fn what_is_no_token_is_not_examined() {
        for text in ["", "a.b", "e30.e30", "!.e30.", "e30.W10."] {
            assert!(prosody().examine(text, "standup", Timestamp::UNIX_EPOCH).is_err(), "{text}");
        }
    }
}

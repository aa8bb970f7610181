//! The ID Token beside the access token (OpenID Connect Core 1.0, section 2).

use jiff::Timestamp;
use serde::Serialize;

use super::Inline;
use crate::jitsi::{Pseudonyms, SigningError, SigningKey};
use crate::provider::VerifiedIdentity;

/// `typ` of its header. Prosody, which knows the same key, takes tokens of `typ` `JWT` alone: this one opens no room.
const TYP: &str = "id_token+jwt";

/// What an ID Token is about, beside the person.
#[derive(Clone, Copy, Debug)]
pub struct Occasion<'a> {
    /// `iss`: the issuer of the metadata.
    pub issuer: &'a str,
    /// `nonce` of the authorization request; none after a refresh (section 12.2).
    pub nonce: Option<&'a str>,
    /// `auth_time`: when the person has logged in; none for guests, who have not.
    pub since: Option<Timestamp>,
    /// `iat`.
    pub now: Timestamp,
    /// `exp`, in Unix seconds.
    pub ends: i64,
}

/// The payload: who the person is, for their own front end.
#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: String,
    aud: &'a str,
    iat: i64,
    exp: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email_verified: Option<bool>,
}

/// Signs that the person is `identity`. Its `sub` is their `context.user.id` in meetings.
///
/// # Errors
/// [`SigningError::Key`] if the key does not sign.
pub fn id_token(
    key: &SigningKey,
    pseudonyms: &Pseudonyms,
    inline: &Inline,
    identity: &VerifiedIdentity,
    occasion: Occasion<'_>,
) -> Result<String, SigningError> {
    let claims = Claims {
        iss: occasion.issuer,
        sub: pseudonyms.of(identity.provider().as_str(), identity.subject().as_str()),
        aud: &inline.client_id,
        iat: occasion.now.as_second(),
        exp: occasion.ends,
        auth_time: occasion.since.map(Timestamp::as_second),
        nonce: occasion.nonce,
        name: identity.name(),
        email: identity.email(),
        email_verified: identity.email().map(|_| identity.verified_email().is_some()),
    };
    let json = serde_json::to_vec(&claims).expect("strings, numbers and booleans are always JSON");
    key.sign_as(TYP, &json).map_err(SigningError::Key)
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use serde_json::{Value, json};

    use super::*;
    use crate::jitsi::Algorithm;
    use crate::login::SealingKeys;
    use crate::provider::testing::{guest_of, somebody_from};

    fn parts(identity: &VerifiedIdentity, nonce: Option<&str>, since: Option<i64>) -> (Value, Value) {
        let key = SigningKey::new(Algorithm::Hs256, &[7; 32], Some("k1".to_owned())).unwrap();
        let inline = Inline::new(&"https://meet.example.com/".parse().unwrap(), "jitsi".to_owned());
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let since = since.map(|since| Timestamp::from_second(since).unwrap());
        let occasion = Occasion { issuer: "https://sso.example.com", nonce, since, now, ends: 1_800_000_300 };
        let secrets = SealingKeys { current: vec![9; 32].into(), previous: Vec::new() };
        let pseudonyms = Pseudonyms::new(&secrets).unwrap();
        let token = id_token(&key, &pseudonyms, &inline, identity, occasion).unwrap();
        let part = |index| {
            let part = token.split('.').nth(index).unwrap();
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
        };
        (part(0), part(1))
    }

    #[test]
    fn it_says_who_the_person_is_and_for_whom() {
        let ada = somebody_from("work").with_name("Ada").with_email("ada@example.com", true);

        let (header, mut claims) = parts(&ada, Some("n-1"), Some(1_799_999_000));

        assert_eq!(header, json!({"typ": "id_token+jwt", "alg": "HS256", "kid": "k1"}));
        assert!(claims["sub"].take().as_str().is_some_and(|sub| sub.len() == 32));
        assert_eq!(
            claims,
            json!({
                "iss": "https://sso.example.com", "aud": "jitsi", "sub": null, "nonce": "n-1", "name": "Ada",
                "email": "ada@example.com", "email_verified": true, "iat": 1_800_000_000, "exp": 1_800_000_300,
                "auth_time": 1_799_999_000,
            })
        );
    }

    #[test]
    fn what_a_person_does_not_have_is_left_out() {
        let (_, claims) = parts(&guest_of("guest", "Ada"), None, None);

        let members: Vec<_> = claims.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(members, ["aud", "exp", "iat", "iss", "name", "sub"]);
    }

    #[test]
    fn an_address_that_nobody_verified_is_told_as_such() {
        let (_, claims) = parts(&somebody_from("work").with_email("ada@example.com", false), None, None);

        assert_eq!((&claims["email"], &claims["email_verified"]), (&json!("ada@example.com"), &json!(false)));
    }
}

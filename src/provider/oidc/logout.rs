//! Logging out: at the provider by way of the browser (OpenID Connect RP-Initiated Logout 1.0), and here by a token that the
//! provider posts (OpenID Connect Back-Channel Logout 1.0).

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::id_token::{check_audience, check_times, required_time, subject};
use super::jws::UnverifiedJws;
use super::{Habits, OidcProvider};
use crate::provider::error::Untrusted;
use crate::provider::http::Http;
use crate::provider::identity::Subject;
use crate::provider::{
    FailedCheck, LogoutRequest, LogoutStep, LogoutToken, LogoutTokens, ProviderError, SingleLogout, Tether, Told,
};

/// The member of `events` that makes a token a logout token (Back-Channel Logout 1.0, section 2.4).
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// What the header of a logout token may call it: as section 2.4 has it, or as providers before that have.
const TYPES: [&str; 2] = ["logout+jwt", "JWT"];

/// Longest `sid` and `jti`, in bytes.
const MAX_NAME_BYTES: usize = 255;

impl SingleLogout for OidcProvider {
    fn request<'a>(
        &'a self,
        http: &'a Http,
        tether: &'a Tether,
        back: LogoutRequest<'a>,
    ) -> BoxFuture<'a, Option<LogoutStep>> {
        async move {
            let peer = self.directory.peer(http).await.ok()?;
            let mut address = peer.metadata.end_session.clone()?;
            {
                let mut query = address.query_pairs_mut();
                query.append_pair("client_id", &self.settings().client_id);
                if let Some(id_token) = tether.id_token() {
                    query.append_pair("id_token_hint", id_token);
                }
                query.append_pair("post_logout_redirect_uri", back.back).append_pair("state", back.state);
            }
            Some(LogoutStep::Redirect(address))
        }
        .boxed()
    }

    fn told(&self) -> Told<'_> {
        Told::Tokens(self)
    }
}

impl LogoutTokens for OidcProvider {
    fn check<'a>(
        &'a self,
        http: &'a Http,
        logout_token: &'a str,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<LogoutToken, ProviderError>> {
        async move {
            let peer = self.directory.peer(http).await?;
            let jws = UnverifiedJws::parse_as(&TYPES, logout_token, &peer.metadata.algorithms)?;
            self.directory.verify(http, &peer, &jws).await?;
            let settings = self.settings();
            Ok(read(&jws.into_claims()?, &settings.issuer, &settings.client_id, &settings.habits, now)?)
        }
        .boxed()
    }

    fn is_issuer(&self, iss: &str) -> bool {
        self.settings().habits.issuer.may_be(&self.settings().issuer, iss)
    }

    fn issuer(&self) -> &str {
        &self.settings().issuer
    }
}

/// The checks of section 2.6 that follow that of the signature, in its order.
fn read(
    claims: &Map<String, Value>,
    issuer: &str,
    client_id: &str,
    habits: &Habits,
    now: Timestamp,
) -> Result<LogoutToken, Untrusted> {
    habits.issuer.check(issuer, claims)?;
    check_audience(claims, client_id)?;
    check_times(claims, now)?;
    let sid = name(claims, "sid", FailedCheck::LogoutSession)?;
    claims.contains_key("sub").then(|| subject(claims)).transpose()?;
    let rule = &habits.subject;
    // A subject of other claims than `sub` is named only by a token that holds them all.
    let subject = rule.0.iter().all(|claim| claims.contains_key(*claim)).then(|| rule.read(claims)).transpose()?;
    if sid.is_none() && subject.is_none() {
        return Err(Untrusted::new(FailedCheck::LogoutSession, "both are missing"));
    }
    if !claims.get("events").and_then(|events| events.get(EVENT)).is_some_and(Value::is_object) {
        return Err(Untrusted::new(FailedCheck::LogoutEvent, "it does not say that this is a logout"));
    }
    if claims.contains_key("nonce") {
        return Err(Untrusted::new(FailedCheck::Nonce, "a logout token has none: this may be an ID Token"));
    }
    let jti = name(claims, "jti", FailedCheck::TokenId)?
        .ok_or_else(|| Untrusted::new(FailedCheck::TokenId, "it is missing"))?;
    let expires = required_time(claims, "exp", FailedCheck::Expiry)?;
    Ok(LogoutToken {
        sid: sid.map(str::to_owned),
        subject: subject.map(Subject),
        jti: jti.to_owned(),
        expires: Timestamp::from_second(expires).unwrap_or(Timestamp::MAX),
    })
}

/// A claim that names something: a string that is not empty.
fn name<'a>(claims: &'a Map<String, Value>, claim: &str, check: FailedCheck) -> Result<Option<&'a str>, Untrusted> {
    match claims.get(claim) {
        None => Ok(None),
        Some(Value::String(name)) if !name.is_empty() && name.len() <= MAX_NAME_BYTES => Ok(Some(name)),
        Some(_) => Err(Untrusted::new(check, format!("`{claim}` is no string, empty, or too long"))),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::provider::oidc::SubjectRule;

    fn now() -> Timestamp {
        Timestamp::from_second(1_800_000_000).unwrap()
    }

    fn good() -> Map<String, Value> {
        let claims = json!({
            "iss": "https://id.example.com",
            "aud": "roomkey",
            "sub": "u-1",
            "sid": "s-1",
            "iat": 1_800_000_000,
            "exp": 1_800_000_120,
            "jti": "t-1",
            "events": { EVENT: {} },
        });
        claims.as_object().unwrap().clone()
    }

    fn outcome(claims: &Map<String, Value>) -> Result<LogoutToken, FailedCheck> {
        let habits = Habits::default();
        read(claims, "https://id.example.com", "roomkey", &habits, now()).map_err(|untrusted| untrusted.check)
    }

    #[test]
    fn a_token_without_all_parts_of_the_subject_ends_a_session_by_its_sid_alone() {
        let habits = Habits { subject: SubjectRule(&["tid", "oid"]), ..Habits::default() };
        let read = |claims: &Map<String, Value>| read(claims, "https://id.example.com", "roomkey", &habits, now());
        let mut whole = good();
        whole.extend([("tid".to_owned(), json!("t")), ("oid".to_owned(), json!("o"))]);
        let mut without_sid = good();
        without_sid.remove("sid");

        assert!(read(&good()).unwrap().subject.is_none());
        assert_eq!(read(&whole).unwrap().subject.unwrap().as_str(), "t:o");
        assert_eq!(read(&without_sid).unwrap_err().check, FailedCheck::LogoutSession);
    }

    #[test]
    fn a_logout_token_says_whose_session_is_over() {
        let token = outcome(&good()).unwrap();

        assert_eq!(token.sid.as_deref(), Some("s-1"));
        assert_eq!(token.subject.unwrap().as_str(), "u-1");
        assert_eq!(token.jti, "t-1");
        assert_eq!(token.expires.as_second(), 1_800_000_120);
    }

    #[test]
    fn one_of_sub_and_sid_is_enough() {
        for left_out in ["sub", "sid"] {
            let mut claims = good();
            claims.remove(left_out);

            assert!(outcome(&claims).is_ok(), "{left_out}");
        }
    }

    #[test]
    fn each_check_refuses_what_breaks_it_alone() {
        let broken = [
            ("iss", json!("https://evil.example.com"), FailedCheck::Issuer),
            ("aud", json!("another"), FailedCheck::Audience),
            ("aud", json!(["another"]), FailedCheck::Audience),
            ("iat", json!(1_800_000_061), FailedCheck::IssuedAt),
            ("iat", json!(1_799_990_000), FailedCheck::IssuedAt),
            ("exp", json!(1_799_999_940), FailedCheck::Expiry),
            ("exp", json!("soon"), FailedCheck::Expiry),
            ("sid", json!(7), FailedCheck::LogoutSession),
            ("sid", json!(""), FailedCheck::LogoutSession),
            ("sub", json!(""), FailedCheck::Subject),
            ("events", json!({}), FailedCheck::LogoutEvent),
            ("events", json!({ EVENT: true }), FailedCheck::LogoutEvent),
            ("events", json!([EVENT]), FailedCheck::LogoutEvent),
            ("nonce", json!("n"), FailedCheck::Nonce),
            ("nonce", json!(null), FailedCheck::Nonce),
            ("jti", json!(""), FailedCheck::TokenId),
            ("jti", json!(1), FailedCheck::TokenId),
        ];
        for (claim, value, check) in broken {
            let mut claims = good();
            claims.insert(claim.to_owned(), value.clone());

            assert_eq!(outcome(&claims).unwrap_err(), check, "{claim} = {value}");
        }
    }

    #[test]
    fn each_claim_that_is_needed_is_missed() {
        let needed = [
            ("iss", FailedCheck::Issuer),
            ("aud", FailedCheck::Audience),
            ("iat", FailedCheck::IssuedAt),
            ("exp", FailedCheck::Expiry),
            ("events", FailedCheck::LogoutEvent),
            ("jti", FailedCheck::TokenId),
        ];
        for (claim, check) in needed {
            let mut claims = good();
            claims.remove(claim);

            assert_eq!(outcome(&claims).unwrap_err(), check, "{claim}");
        }
    }

    #[test]
    fn a_token_about_nobody_is_refused() {
        let mut claims = good();
        claims.remove("sub");
        claims.remove("sid");

        assert_eq!(outcome(&claims).unwrap_err(), FailedCheck::LogoutSession);
    }

    proptest! {
        #[test]
        fn arbitrary_claims_neither_pass_nor_panic(claim in "[a-z]{0,6}", text in ".{0,40}") {
            let claims = Map::from_iter([(claim, Value::from(text))]);

            prop_assert!(outcome(&claims).is_err());
        }
    }
}

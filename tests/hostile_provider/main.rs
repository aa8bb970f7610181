//! A provider that is wrong in one way at a time: the login ends with the right page and the right line in the log, and
//! the next login at the same provider, good again, succeeds. No secret and nothing of the person stands in any line.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test stops at the first thing amiss")]

mod support;

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::fake::{CLIENT_ID, CLIENT_SECRET, EMAIL, FakeProvider, NAME, Reply, SUBJECT, Script, keys, now};
use support::roomkey::{JITSI_SECRET, Roomkey};
use support::visitor::{Page, Visitor};

const ACCESS: &str = "[[access]]\nname = \"staff\"\nrooms = [\"*\"]\nproviders = [\"fake\"]\ngroups = [\"staff\"]\nrole = \"moderator\"\n";

const UNTRUSTED: (u16, &str) = (400, "Your login couldn’t be confirmed");
const DOWN: (u16, &str) = (502, "The login isn’t answering");
const TURNED_AWAY: (u16, &str) = (502, "The login isn’t set up right");
const CANCELLED: (u16, &str) = (403, "You weren’t logged in");
const NOT_YOURS: (u16, &str) = (400, "This answer belongs to another login");
const DAMAGED: (u16, &str) = (400, "The link is damaged");

/// Roomkey, a provider, and one visitor.
struct Stage {
    roomkey: Roomkey,
    provider: FakeProvider,
    visitor: Visitor,
}

impl Stage {
    async fn set(more: &str) -> Self {
        let provider = FakeProvider::start().await;
        let roomkey = Roomkey::start(&format!("{}{ACCESS}", provider.configuration(more)));
        Self { roomkey, provider, visitor: Visitor::new() }
    }

    /// One login, as far as it goes, whoever has been signed in before.
    async fn log_in(&mut self) -> Page {
        self.visitor.cookies_mut().remove("roomkey-session");
        let redirect = self.visitor.get(&format!("{}/room/standup", self.roomkey.url)).await;
        if redirect.status != 303 {
            return redirect;
        }
        let response = self.provider.log_in(&redirect.location());
        self.visitor.get(&self.callback(&response)).await
    }

    fn callback(&self, response: &[(String, String)]) -> String {
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(response).finish();
        format!("{}/callback/fake?{query}", self.roomkey.url)
    }

    /// The page is the right one, and its number leads to the line of the log that holds `cause`.
    fn assert_ended(&self, page: &Page, (status, heading): (u16, &str), cause: &str) {
        assert_eq!((page.status.as_u16(), page.heading().as_str()), (status, heading), "{}", self.roomkey.log());
        let line = self.roomkey.wait_for_log(cause);
        let line: Value = serde_json::from_str(&line).unwrap();
        let id = line["fields"]["login.id"].as_str().or_else(|| line["login.id"].as_str()).unwrap();
        assert!(page.body.contains(id), "the page shows the number of the line");
        assert!(!page.body.contains(NAME) && !page.body.contains(EMAIL), "a page repeats nothing of a provider");
    }

    /// The provider is good again: so is the login, at the latest when no failed fetch is remembered any more.
    async fn assert_next_login_succeeds(&mut self) {
        self.provider.behave();
        let deadline = Instant::now() + Duration::from_millis(1500);
        let mut page = self.log_in().await;
        while page.status != 303 && Instant::now() < deadline {
            tokio::time::sleep(Duration::from_millis(100)).await;
            page = self.log_in().await;
        }
        assert_entered(&page, &self.roomkey);
    }

    fn assert_log_holds_no_secret(&mut self) {
        let log = self.roomkey.whole_log();
        let known = [CLIENT_SECRET, JITSI_SECRET, SUBJECT, NAME, EMAIL, "eleven-paper-boats", "Bearer "];
        for secret in known.into_iter().map(str::to_owned).chain(self.provider.secrets()) {
            assert!(!log.contains(&secret), "`{secret}` stands in the log:\n{log}");
        }
        for cookie in self.visitor.cookies().values() {
            assert!(!log.contains(cookie.as_str()), "a cookie stands in the log");
        }
    }
}

fn assert_entered(page: &Page, roomkey: &Roomkey) {
    assert_eq!(page.status, 303, "{}\n{}", page.body, roomkey.log());
    let claims = page.meeting_claims();
    assert_eq!((&claims["room"], &claims["context"]["user"]["moderator"]), (&json!("standup"), &json!(true)));
    assert_eq!(claims["context"]["user"]["name"], NAME);
}

/// A login that `script` breaks ends as expected; unbroken, it succeeds.
async fn breaks(more: &str, script: impl FnOnce(&mut Script), ending: (u16, &str), cause: &str) {
    let mut stage = Stage::set(more).await;
    stage.provider.script(script);

    let page = stage.log_in().await;

    stage.assert_ended(&page, ending, cause);
    stage.assert_next_login_succeeds().await;
    stage.assert_log_holds_no_secret();
}

/// A login in spite of what `script` does.
async fn survives(more: &str, script: impl FnOnce(&mut Script)) {
    let mut stage = Stage::set(more).await;
    stage.provider.script(script);

    let page = stage.log_in().await;

    assert_entered(&page, &stage.roomkey);
    stage.assert_log_holds_no_secret();
}

fn claim(name: &'static str, value: Value) -> impl FnOnce(&mut Script) {
    move |script| {
        script.claims = Box::new(move |claims| match &value {
            Value::Null => drop(claims.as_object_mut().unwrap().remove(name)),
            value => claims[name] = value.clone(),
        });
    }
}

fn header(name: &'static str, value: Value) -> impl FnOnce(&mut Script) {
    move |script| script.header = Box::new(move |header| header[name] = value.clone())
}

/// Tokens signed by the client's secret, or by what everybody can read.
fn forged_by(secret: Vec<u8>) -> impl FnOnce(&mut Script) {
    move |script| {
        script.id_token = Box::new(move |token| {
            let claims = decode(token);
            *token = keys::sign_by_secret(&secret, &json!({"alg": "HS256", "kid": "rsa"}), &claims);
        });
    }
}

fn decode(token: &str) -> Value {
    use base64::Engine;
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

fn token_answer(answer: impl Fn(Value) -> Reply + Send + 'static) -> impl FnOnce(&mut Script) {
    move |script| script.token = Box::new(answer)
}

fn tokens_with(name: &'static str, value: Value) -> impl FnOnce(&mut Script) {
    token_answer(move |mut tokens| {
        tokens[name] = value.clone();
        Reply::Json(tokens)
    })
}

fn discovery_with(name: &'static str, value: Value) -> impl FnOnce(&mut Script) {
    move |script| {
        script.discovery = Box::new(move |mut document| {
            document[name] = value.clone();
            Reply::Json(document)
        });
    }
}

fn user_info_of_name(answer: impl Fn(Value) -> Reply + Send + 'static) -> impl FnOnce(&mut Script) {
    move |script| {
        script.in_user_info = &["name"];
        script.user_info = Box::new(answer);
    }
}

fn parameters(change: impl Fn(&mut Vec<(String, String)>) + Send + 'static) -> impl FnOnce(&mut Script) {
    move |script| script.response = Box::new(change)
}

fn parameter(name: &'static str, value: Option<&'static str>) -> impl FnOnce(&mut Script) {
    parameters(move |response| {
        response.retain(|(key, _)| key != name);
        response.extend(value.map(|value| (name.to_owned(), value.to_owned())));
    })
}

fn error(code: &'static str) -> impl FnOnce(&mut Script) {
    parameters(move |response| {
        response.retain(|(key, _)| key != "code");
        response.push(("error".to_owned(), code.to_owned()));
        response.push(("error_description".to_owned(), "<script>alert(1)</script>".to_owned()));
    })
}

fn oauth_error(status: u16, code: &'static str) -> impl Fn(Value) -> Reply + Send + 'static {
    move |_| Reply::Raw(status, "application/json", json!({ "error": code }).to_string().into_bytes())
}

fn signed_user_info(
    key: keys::Key,
    change: impl Fn(&mut Value) + Send + 'static,
) -> impl Fn(Value) -> Reply + Send + 'static {
    move |mut claims| {
        change(&mut claims);
        let token = key.sign(&json!({"alg": "RS256", "kid": "rsa"}), &claims);
        Reply::Raw(200, "application/jwt", token.into_bytes())
    }
}

macro_rules! broken {
    ($($name:ident: $script:expr => $ending:expr, $cause:literal $(, with $more:literal)?;)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            let more = concat!("", $($more)?);
            breaks(more, $script, $ending, $cause).await;
        }
    )*};
}

macro_rules! unbroken {
    ($($name:ident: $script:expr $(, with $more:literal)?;)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            let more = concat!("", $($more)?);
            survives(more, $script).await;
        }
    )*};
}

unbroken! {
    a_good_login_enters: |_| {};
    an_id_token_by_rs384_enters: |script| script.alg = "RS384";
    an_id_token_by_rs512_enters: |script| script.alg = "RS512";
    an_id_token_by_ps256_enters: |script| script.alg = "PS256";
    an_id_token_by_ps384_enters: |script| script.alg = "PS384";
    an_id_token_by_ps512_enters: |script| script.alg = "PS512";
    an_id_token_by_es256_enters: |script| script.alg = "ES256";
    an_id_token_by_es384_enters: |script| script.alg = "ES384";
    an_id_token_by_es512_enters: |script| script.alg = "ES512";
    an_id_token_by_eddsa_enters: |script| script.alg = "EdDSA";
    a_list_of_this_audience_alone_enters: claim("aud", json!([CLIENT_ID]));
    several_audiences_with_this_client_as_party_enter: |script| {
        script.claims = Box::new(|claims| {
            claims["aud"] = json!([CLIENT_ID, "other"]);
            claims["azp"] = json!(CLIENT_ID);
        });
    };
    a_token_without_at_hash_enters: claim("at_hash", Value::Null);
    a_clock_half_a_minute_ahead_enters: claim("iat", json!(now() + 30));
    an_asked_for_acr_enters: |_| {}, with "acr_values = [\"gold\", \"silver\"]";
    a_recent_authentication_enters: |_| {}, with "max_age = \"1m\"";
    a_name_from_user_info_enters: user_info_of_name(Reply::Json);
    a_signed_user_info_enters: user_info_of_name(|claims| {
        signed_user_info(keys::key("RS256"), |_| {})(claims)
    });
    useless_keys_in_the_set_hide_no_good_one: |script| {
        script.keys = Box::new(|mut set| {
            let list = set["keys"].as_array_mut().unwrap();
            list.insert(0, json!({"kty": "oct", "k": "AAAA", "kid": "rsa"}));
            list.insert(0, json!({"kty": "QUANTUM", "kid": "rsa"}));
            list.insert(0, json!(7));
            Reply::Json(set)
        });
    };
    a_silent_provider_of_responses_without_iss_enters: |script| script.response_iss = false;
    keys_that_come_with_the_token_are_not_looked_at: header("jwk", json!({"kty": "oct", "k": "AAAA"}));
}

broken! {
    // OpenID Connect Core 1.0, section 3.1.3.7
    another_issuer: claim("iss", json!("https://evil.example")) => UNTRUSTED, "fails the `iss` check";
    an_issuer_with_a_slash_more: |script| {
        script.claims = Box::new(|claims| claims["iss"] = json!(format!("{}/", claims["iss"].as_str().unwrap())));
    } => UNTRUSTED, "fails the `iss` check";
    a_missing_issuer: claim("iss", Value::Null) => UNTRUSTED, "fails the `iss` check";
    another_audience: claim("aud", json!("another-client")) => UNTRUSTED, "fails the `aud` check";
    a_list_of_other_audiences: claim("aud", json!(["a", "b"])) => UNTRUSTED, "fails the `aud` check";
    a_missing_audience: claim("aud", Value::Null) => UNTRUSTED, "fails the `aud` check";
    several_audiences_without_a_party: claim("aud", json!([CLIENT_ID, "other"])) => UNTRUSTED, "fails the `azp` check";
    another_authorized_party: claim("azp", json!("other")) => UNTRUSTED, "fails the `azp` check";
    a_token_that_has_expired: claim("exp", json!(now() - 61)) => UNTRUSTED, "fails the `exp` check";
    a_missing_expiry: claim("exp", Value::Null) => UNTRUSTED, "fails the `exp` check";
    an_expiry_in_words: claim("exp", json!("tomorrow")) => UNTRUSTED, "fails the `exp` check";
    a_token_from_the_future: claim("iat", json!(now() + 120)) => UNTRUSTED, "fails the `iat` check";
    a_token_from_long_ago: claim("iat", json!(now() - 3600)) => UNTRUSTED, "fails the `iat` check";
    a_missing_time_of_issue: claim("iat", Value::Null) => UNTRUSTED, "fails the `iat` check";
    a_token_not_valid_yet: claim("nbf", json!(now() + 120)) => UNTRUSTED, "fails the `nbf` check";
    another_logins_nonce: claim("nonce", json!("AAAAAAAAAAAAAAAAAAAAAA")) => UNTRUSTED, "fails the `nonce` check";
    a_missing_nonce: claim("nonce", Value::Null) => UNTRUSTED, "fails the `nonce` check";
    another_access_tokens_hash: claim("at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA")) => UNTRUSTED, "fails the `at_hash` check";
    a_hash_that_is_no_text: claim("at_hash", json!(7)) => UNTRUSTED, "fails the `at_hash` check";
    a_missing_subject: claim("sub", Value::Null) => UNTRUSTED, "fails the `sub` check";
    an_empty_subject: claim("sub", json!("")) => UNTRUSTED, "fails the `sub` check";
    a_subject_that_is_a_number: claim("sub", json!(4711)) => UNTRUSTED, "fails the `sub` check";
    a_huge_subject: claim("sub", json!("s".repeat(256))) => UNTRUSTED, "fails the `sub` check";
    an_authentication_too_long_ago: claim("auth_time", json!(now() - 3600)) => UNTRUSTED, "fails the `auth_time` check", with "max_age = \"5m\"";
    a_missing_time_of_authentication: claim("auth_time", Value::Null) => UNTRUSTED, "fails the `auth_time` check", with "max_age = \"5m\"";
    an_authentication_to_come: claim("auth_time", json!(now() + 3600)) => UNTRUSTED, "fails the `auth_time` check", with "max_age = \"5m\"";
    another_acr: claim("acr", json!("bronze")) => UNTRUSTED, "fails the `acr` check", with "acr_values = [\"silver\"]";
    a_missing_acr: claim("acr", Value::Null) => UNTRUSTED, "fails the `acr` check", with "acr_values = [\"silver\"]";

    // Signatures
    an_unsigned_token: |script| {
        script.id_token = Box::new(|token| {
            use base64::Engine;
            let header = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#);
            *token = format!("{header}.{}.", token.split('.').nth(1).unwrap());
        });
    } => UNTRUSTED, "fails the `alg` check";
    a_token_by_the_client_secret: forged_by(CLIENT_SECRET.into()) => UNTRUSTED, "fails the `alg` check";
    a_token_by_the_public_key_as_secret: forged_by(keys::key("RS256").jwk().to_string().into_bytes()) => UNTRUSTED, "fails the `alg` check";
    an_algorithm_the_client_is_not_registered_for: |script| script.alg = "RS512" => UNTRUSTED, "fails the `alg` check", with "id_token_signed_response_alg = \"RS256\"";
    a_flipped_bit_in_the_signature: |script| {
        script.id_token = Box::new(|token| {
            let place = token.len() - 20;
            let other = if &token[place..=place] == "A" { "B" } else { "A" };
            token.replace_range(place..=place, other);
        });
    } => UNTRUSTED, "fails the signature check";
    a_changed_payload: |script| {
        script.id_token = Box::new(|token| {
            use base64::Engine;
            let mut claims = decode(token);
            claims["groups"] = json!(["board"]);
            let payload = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(claims.to_string());
            let parts: Vec<_> = token.split('.').collect();
            *token = format!("{}.{payload}.{}", parts[0], parts[2]);
        });
    } => UNTRUSTED, "fails the signature check";
    a_strangers_key_by_the_providers_name: |script| script.key = Some(keys::stranger("rsa")) => UNTRUSTED, "fails the signature check";
    an_unknown_key: |script| script.key = Some(keys::stranger("new")) => UNTRUSTED, "fails the `kid` check";
    a_key_of_another_algorithm: header("kid", json!("p256")) => UNTRUSTED, "fails the `kid` check";
    a_key_brought_along_in_the_header: |script| {
        script.key = Some(keys::stranger("mine"));
        script.header = Box::new(|header| header["jwk"] = keys::stranger("mine").jwk());
    } => UNTRUSTED, "fails the `kid` check";
    a_key_pointed_to_by_the_header: |script| {
        script.key = Some(keys::stranger("mine"));
        script.header = Box::new(|header| header["jku"] = json!("http://localhost:9/jwks"));
    } => UNTRUSTED, "fails the `kid` check";
    a_critical_extension: header("crit", json!(["exp"])) => UNTRUSTED, "fails the ID Token check";
    a_detached_payload: |script| {
        script.header = Box::new(|header| {
            header["b64"] = json!(false);
            header["crit"] = json!(["b64"]);
        });
    } => UNTRUSTED, "fails the ID Token check";
    an_access_token_in_place_of_an_id_token: header("typ", json!("at+jwt")) => UNTRUSTED, "fails the ID Token check";
    a_logout_token_in_place_of_an_id_token: header("typ", json!("logout+jwt")) => UNTRUSTED, "fails the ID Token check";
    an_empty_id_token: |script| script.id_token = Box::new(String::clear) => UNTRUSTED, "fails the ID Token check";
    a_token_of_two_parts: |script| {
        script.id_token = Box::new(|token| token.truncate(token.rfind('.').unwrap()));
    } => UNTRUSTED, "fails the ID Token check";
    an_encrypted_token: |script| script.id_token = Box::new(|token| token.push_str(".AAAA.AAAA")) => UNTRUSTED, "fails the ID Token check";
    a_token_with_padding: |script| {
        script.id_token = Box::new(|token| *token = token.replacen('.', "==.", 1));
    } => UNTRUSTED, "fails the ID Token check";
    a_token_too_long: claim("story", json!("long ".repeat(20_000))) => UNTRUSTED, "fails the ID Token check";

    // The token endpoint
    no_id_token: token_answer(|mut tokens| {
        tokens.as_object_mut().unwrap().remove("id_token");
        Reply::Json(tokens)
    }) => UNTRUSTED, "fails the ID Token check";
    another_token_type: tokens_with("token_type", json!("mac")) => UNTRUSTED, "fails the `token_type` check";
    no_access_token: token_answer(|mut tokens| {
        tokens.as_object_mut().unwrap().remove("access_token");
        Reply::Json(tokens)
    }) => UNTRUSTED, "fails the token response check";
    tokens_of_the_wrong_shape: tokens_with("access_token", json!({"nested": true})) => UNTRUSTED, "fails the token response check";
    a_token_response_in_html: token_answer(|_| Reply::Raw(200, "text/html", b"<html>Sign in</html>".to_vec())) => UNTRUSTED, "fails the token response check";
    an_empty_token_response: token_answer(|_| Reply::Raw(200, "application/json", Vec::new())) => UNTRUSTED, "fails the token response check";
    a_truncated_token_response: token_answer(Reply::Truncated) => DOWN, "no usable answer from the token endpoint";
    a_huge_token_response: tokens_with("more", json!("x".repeat(600_000))) => DOWN, "larger than";
    an_endless_token_response: token_answer(|_| Reply::Endless) => DOWN, "larger than";
    a_redirecting_token_endpoint: token_answer(|_| Reply::Redirect("http://localhost:9/".to_owned())) => DOWN, "is a redirect";
    a_silent_token_endpoint: token_answer(|_| Reply::Silent) => DOWN, "no answer in time";
    a_token_endpoint_that_hangs_up: token_answer(|_| Reply::Gone) => DOWN, "no usable answer from the token endpoint";
    a_failing_token_endpoint: token_answer(|_| Reply::Raw(500, "text/html", b"oops".to_vec())) => DOWN, "status 500";
    a_rejected_client: token_answer(oauth_error(401, "invalid_client")) => TURNED_AWAY, "turned Roomkey away at the token endpoint (`invalid_client`)";
    a_client_without_the_right: token_answer(oauth_error(400, "unauthorized_client")) => TURNED_AWAY, "(`unauthorized_client`)";
    a_spent_code: token_answer(oauth_error(400, "invalid_grant")) => CANCELLED, "(`invalid_grant`)";
    an_error_that_forges_a_log_line: token_answer(oauth_error(400, "x\n{\"login.id\":\"FORGED\"}")) => TURNED_AWAY, "(`xlogin.idFORGED`)";

    // Discovery
    a_discovery_document_of_another_issuer: discovery_with("issuer", json!("https://evil.example")) => UNTRUSTED, "fails the discovered `issuer` check";
    a_token_endpoint_over_plain_http: discovery_with("token_endpoint", json!("http://id.example.com/token")) => UNTRUSTED, "`token_endpoint` is not an https address";
    an_authorization_endpoint_that_is_a_script: discovery_with("authorization_endpoint", json!("javascript:alert(1)")) => UNTRUSTED, "`authorization_endpoint` is not an https address";
    keys_over_plain_http: discovery_with("jwks_uri", json!("http://id.example.com/jwks")) => UNTRUSTED, "`jwks_uri` is not an https address";
    no_token_endpoint: discovery_with("token_endpoint", Value::Null) => UNTRUSTED, "`token_endpoint` is missing";
    a_provider_that_signs_by_secrets_only: discovery_with("id_token_signing_alg_values_supported", json!(["HS256", "none"])) => UNTRUSTED, "holds no algorithm";
    a_discovery_document_in_html: |script| script.discovery = Box::new(|_| Reply::Raw(200, "text/html", b"<html>".to_vec())) => DOWN, "not an OpenID provider's discovery document";
    a_discovery_document_that_is_deep: |script| {
        script.discovery = Box::new(|_| Reply::Raw(200, "application/json", "[".repeat(100_000).into_bytes()));
    } => DOWN, "not an OpenID provider's discovery document";
    a_missing_discovery_document: |script| script.discovery = Box::new(|_| Reply::Raw(404, "text/plain", Vec::new())) => DOWN, "status 404";
    an_endless_discovery_document: |script| script.discovery = Box::new(|_| Reply::Endless) => DOWN, "larger than";
    a_redirecting_discovery_document: |script| script.discovery = Box::new(|_| Reply::Redirect("http://169.254.169.254/".to_owned())) => DOWN, "is a redirect";
    a_silent_discovery_document: |script| script.discovery = Box::new(|_| Reply::Silent) => DOWN, "no answer in time";

    // Key sets
    an_empty_key_set: |script| script.keys = Box::new(|_| Reply::Json(json!({"keys": []}))) => DOWN, "a key that can be used";
    a_key_set_of_secrets: |script| script.keys = Box::new(|_| Reply::Json(json!({"keys": [{"kty": "oct", "k": "AAAA", "kid": "rsa"}]}))) => DOWN, "a key that can be used";
    a_key_for_encryption: |script| {
        script.keys = Box::new(|mut set| {
            for key in set["keys"].as_array_mut().unwrap() {
                key["use"] = json!("enc");
            }
            Reply::Json(set)
        });
    } => DOWN, "a key that can be used";
    a_key_set_in_html: |script| script.keys = Box::new(|_| Reply::Raw(200, "text/html", b"<html>".to_vec())) => DOWN, "not a JSON Web Key Set";
    an_endless_key_set: |script| script.keys = Box::new(|_| Reply::Endless) => DOWN, "larger than";
    a_key_set_that_hangs_up: |script| script.keys = Box::new(|_| Reply::Gone) => DOWN, "no usable answer from the key set";

    // UserInfo
    user_info_of_somebody_else: user_info_of_name(|mut claims| {
        claims["sub"] = json!("somebody-else");
        Reply::Json(claims)
    }) => UNTRUSTED, "fails the UserInfo `sub` check";
    user_info_of_nobody: user_info_of_name(|mut claims| {
        claims.as_object_mut().unwrap().remove("sub");
        Reply::Json(claims)
    }) => UNTRUSTED, "fails the UserInfo `sub` check";
    user_info_in_html: user_info_of_name(|_| Reply::Raw(200, "text/html", b"<html>".to_vec())) => UNTRUSTED, "fails the UserInfo check";
    user_info_that_is_a_list: user_info_of_name(|_| Reply::Json(json!([]))) => UNTRUSTED, "fails the UserInfo check";
    user_info_by_a_strangers_key: user_info_of_name(signed_user_info(keys::stranger("rsa"), |_| {})) => UNTRUSTED, "its signature does not hold";
    user_info_for_another_client: user_info_of_name(signed_user_info(keys::key("RS256"), |claims| claims["aud"] = json!("other"))) => UNTRUSTED, "its `aud` does not name this client";
    user_info_of_another_issuer: user_info_of_name(signed_user_info(keys::key("RS256"), |claims| claims["iss"] = json!("https://evil.example"))) => UNTRUSTED, "its `iss` is another issuer's";
    unsigned_user_info_that_claims_to_be_signed: user_info_of_name(|claims| {
        use base64::Engine;
        let text = |json: &Value| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(json.to_string());
        let token = format!("{}.{}.", text(&json!({"alg": "none"})), text(&claims));
        Reply::Raw(200, "application/jwt", token.into_bytes())
    }) => UNTRUSTED, "fails the UserInfo check";
    user_info_refused: user_info_of_name(|_| Reply::Raw(401, "application/json", b"{}".to_vec())) => DOWN, "no usable answer from the UserInfo endpoint";
    user_info_that_is_silent: user_info_of_name(|_| Reply::Silent) => DOWN, "no answer in time";

    // The authorization response
    another_issuers_response: parameter("iss", Some("https://evil.example")) => UNTRUSTED, "fails the response `iss` check";
    a_response_without_the_promised_issuer: parameter("iss", None) => UNTRUSTED, "fails the response `iss` check";
    an_error_of_another_issuer: parameters(|response| {
        response.retain(|(key, _)| key != "code" && key != "iss");
        response.push(("iss".to_owned(), "https://evil.example".to_owned()));
        response.push(("error".to_owned(), "access_denied".to_owned()));
    }) => UNTRUSTED, "fails the response `iss` check";
    a_login_declined: error("access_denied") => CANCELLED, "(`access_denied`)";
    a_login_required: error("login_required") => CANCELLED, "(`login_required`)";
    a_provider_in_trouble: error("server_error") => DOWN, "in trouble at the authorization endpoint (`server_error`)";
    a_provider_busy: error("temporarily_unavailable") => DOWN, "(`temporarily_unavailable`)";
    a_scope_not_given: error("invalid_scope") => TURNED_AWAY, "turned Roomkey away at the authorization endpoint (`invalid_scope`)";
    an_error_nobody_knows: error("teapot") => TURNED_AWAY, "(`teapot`)";
    an_error_in_html: error("<b>bold</b>") => TURNED_AWAY, "(`bboldb`)";
    neither_code_nor_error: parameter("code", None) => UNTRUSTED, "neither `code` nor `error`";
    an_empty_code: parameter("code", Some("")) => UNTRUSTED, "fails the authorization response check";
    a_code_of_another_login: parameter("code", Some("code-of-another-login")) => CANCELLED, "(`invalid_grant`)";
    a_code_given_twice: parameters(|response| {
        let code = response[0].clone();
        response.push(code);
    }) => DAMAGED, "bad parameters";
    a_state_given_twice: parameters(|response| {
        let state = response[1].clone();
        response.push(state);
    }) => DAMAGED, "bad parameters";
    a_code_too_long: parameters(|response| response[0].1 = "c".repeat(9_000)) => DAMAGED, "bad parameters";
    a_missing_state: parameter("state", None) => NOT_YOURS, "`state` is not one of Roomkey's";
    a_made_up_state: parameter("state", Some("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")) => NOT_YOURS, "`state` is not one of Roomkey's";
    a_state_cut_short: parameters(|response| {
        response[1].1.pop();
    }) => NOT_YOURS, "`state` is not one of Roomkey's";
    a_state_with_a_changed_letter: parameters(|response| {
        let other = if response[1].1.as_bytes()[30] == b'A' { "B" } else { "A" };
        response[1].1.replace_range(30..31, other);
    }) => NOT_YOURS, "`state` is not one of Roomkey's";
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_response_in_another_browser_is_lost() {
    let mut stage = Stage::set("").await;
    let redirect = stage.visitor.get(&format!("{}/room/standup", stage.roomkey.url)).await;
    let response = stage.provider.log_in(&redirect.location());

    let page = Visitor::new().get(&stage.callback(&response)).await;

    stage.assert_ended(&page, (400, "Your login got lost on the way"), "the login's cookie is missing");
    assert!(page.body.contains("/room/standup?"), "there is a way to start again");
    stage.assert_log_holds_no_secret();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_response_sent_twice_counts_once() {
    let mut stage = Stage::set("").await;
    let redirect = stage.visitor.get(&format!("{}/room/standup", stage.roomkey.url)).await;
    let response = stage.provider.log_in(&redirect.location());
    let callback = stage.callback(&response);

    let first = stage.visitor.get(&callback).await;
    let second = stage.visitor.get(&callback).await;

    assert_entered(&first, &stage.roomkey);
    assert_eq!(second.heading(), "Your login got lost on the way");
    assert_eq!(stage.provider.count("/token"), 1, "the second response reaches no provider");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tampered_cookie_opens_nothing() {
    let mut stage = Stage::set("").await;
    let redirect = stage.visitor.get(&format!("{}/room/standup", stage.roomkey.url)).await;
    let response = stage.provider.log_in(&redirect.location());
    let cookie = stage.visitor.cookies_mut().values_mut().next().unwrap();
    let other = if cookie.as_bytes()[40] == b'A' { "B" } else { "A" };
    cookie.replace_range(40..41, other);

    let page = stage.visitor.get(&stage.callback(&response)).await;

    stage.assert_ended(&page, NOT_YOURS, "the cookie does not open");
    assert_eq!(stage.provider.count("/token"), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_response_to_another_providers_address_is_refused() {
    let (one, two) = (FakeProvider::start().await, FakeProvider::start().await);
    let second = two.configuration("").replace("\"fake\"", "\"other\"");
    let access = ACCESS.replace("[\"fake\"]", "[\"fake\", \"other\"]");
    let roomkey = Roomkey::start(&format!("{}{second}{access}", one.configuration("")));
    let mut stage = Stage { roomkey, provider: one, visitor: Visitor::new() };
    let redirect = stage.visitor.get(&format!("{}/room/standup?provider=fake", stage.roomkey.url)).await;
    let response = stage.provider.log_in(&redirect.location());

    let page = stage.visitor.get(&stage.callback(&response).replace("/callback/fake", "/callback/other")).await;

    stage.assert_ended(&page, NOT_YOURS, "begun with another provider");
    assert_eq!((stage.provider.count("/token"), two.count("/token")), (0, 0), "the code reaches neither");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn new_keys_are_found_by_one_fetch_for_all_who_wait() {
    let mut stage = Stage::set("").await;
    assert_entered(&stage.log_in().await, &stage.roomkey);
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let before = stage.provider.count("/jwks");
    stage.provider.script(|script| {
        script.key = Some(keys::stranger("rolled-over"));
        script.keys = Box::new(|_| Reply::Json(json!({"keys": [keys::stranger("rolled-over").jwk()]})));
    });

    let logins = (0..50).map(|_| {
        let (url, provider) = (stage.roomkey.url.clone(), stage.provider.clone());
        tokio::spawn(async move {
            let mut visitor = Visitor::new();
            let redirect = visitor.get(&format!("{url}/room/standup")).await;
            let response = provider.log_in(&redirect.location());
            let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&response).finish();
            visitor.get(&format!("{url}/callback/fake?{query}")).await
        })
    });
    let pages = futures_util::future::join_all(logins.collect::<Vec<_>>()).await;

    for page in pages {
        assert_entered(&page.unwrap(), &stage.roomkey);
    }
    assert!(stage.provider.count("/jwks") - before <= 2, "fetched {} times", stage.provider.count("/jwks") - before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_is_gone_signs_no_more() {
    let mut stage = Stage::set("").await;
    assert_entered(&stage.log_in().await, &stage.roomkey);
    tokio::time::sleep(Duration::from_millis(1100)).await;
    stage.provider.script(|script| {
        script.key = Some(keys::stranger("rolled-over"));
        script.keys = Box::new(|_| Reply::Json(json!({"keys": [keys::stranger("rolled-over").jwk()]})));
    });
    assert_entered(&stage.log_in().await, &stage.roomkey);
    stage.provider.script(|script| script.key = None);

    let page = stage.log_in().await;

    stage.assert_ended(&page, UNTRUSTED, "fails the `kid` check");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn known_keys_serve_while_the_provider_hides_them() {
    let mut stage = Stage::set("").await;
    assert_entered(&stage.log_in().await, &stage.roomkey);
    stage.provider.script(|script| {
        script.discovery = Box::new(|_| Reply::Gone);
        script.keys = Box::new(|_| Reply::Gone);
    });

    assert_entered(&stage.log_in().await, &stage.roomkey);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_silent_provider_hurts_only_its_own_visitors() {
    let (silent, good) = (FakeProvider::start().await, FakeProvider::start().await);
    silent.script(|script| script.discovery = Box::new(|_| Reply::Silent));
    let second = good.configuration("").replace("\"fake\"", "\"good\"");
    let access = ACCESS.replace("[\"fake\"]", "[\"fake\", \"good\"]");
    let roomkey = Roomkey::start(&format!("{}{second}{access}", silent.configuration("")));
    let url = roomkey.url.clone();
    let stuck: Vec<_> = (0..100)
        .map(|_| {
            let url = url.clone();
            tokio::spawn(async move { Visitor::new().get(&format!("{url}/room/standup?provider=fake")).await })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(200)).await;

    let mut visitor = Visitor::new();
    let redirect = visitor.get(&format!("{url}/room/standup?provider=good")).await;
    let response = good.log_in(&redirect.location());
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&response).finish();
    let page = visitor.get(&format!("{url}/callback/good?{query}")).await;

    assert_entered(&page, &roomkey);
    assert!(stuck.iter().all(|visit| !visit.is_finished()), "the good login is over before the silent ones give up");
    for visit in stuck {
        assert_eq!(visit.await.unwrap().heading(), DOWN.1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_credentials_turn_roomkey_away() {
    let provider = FakeProvider::start().await;
    let wrong = provider.configuration("").replace(CLIENT_SECRET, "another-secret-than-the-providers");
    let roomkey = Roomkey::start(&format!("{wrong}{ACCESS}"));
    let mut stage = Stage { roomkey, provider, visitor: Visitor::new() };

    let page = stage.log_in().await;

    stage.assert_ended(&page, TURNED_AWAY, "(`invalid_client`)");
}

//! Ways in which a provider is wrong.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::support::fake::{Reply, Script, keys};

pub fn claim(name: &'static str, value: Value) -> impl FnOnce(&mut Script) {
    move |script| {
        script.claims = Box::new(move |claims| match &value {
            Value::Null => drop(claims.as_object_mut().unwrap().remove(name)),
            value => claims[name] = value.clone(),
        });
    }
}

/// Changes several claims, or one by what it was.
pub fn claims(change: impl Fn(&mut Value) + Send + 'static) -> impl FnOnce(&mut Script) {
    move |script| script.claims = Box::new(change)
}

pub fn header(name: &'static str, value: Value) -> impl FnOnce(&mut Script) {
    move |script| script.header = Box::new(move |header| header[name] = value.clone())
}

/// Tokens signed by the client's secret, or by what everybody can read.
pub fn forged_by(secret: Vec<u8>) -> impl FnOnce(&mut Script) {
    move |script| {
        script.id_token = Box::new(move |token| {
            let claims = decode(token);
            *token = keys::sign_by_secret(&secret, &json!({"alg": "HS256", "kid": "rsa"}), &claims);
        });
    }
}

/// Tokens signed by the provider's own key, whose header and payload need not be JSON.
pub fn rewritten(change: impl Fn(&mut String, &mut String) + Send + 'static) -> impl FnOnce(&mut Script) {
    id_token(move |token| {
        let mut parts =
            token.split('.').map(|part| String::from_utf8(URL_SAFE_NO_PAD.decode(part).unwrap_or_default()));
        let mut next = || parts.next().unwrap().unwrap_or_default();
        let (mut header, mut payload) = (next(), next());
        change(&mut header, &mut payload);
        *token = keys::key("RS256").sign_text("RS256", &header, payload);
    })
}

/// Changes the finished ID Token.
pub fn id_token(change: impl Fn(&mut String) + Send + 'static) -> impl FnOnce(&mut Script) {
    move |script| script.id_token = Box::new(change)
}

/// Tokens with another signature.
pub fn signature(alg: &'static str, change: impl Fn(&mut Vec<u8>) + Send + 'static) -> impl FnOnce(&mut Script) {
    move |script| {
        script.alg = alg;
        script.id_token = Box::new(move |token| {
            let (input, signature) = token.rsplit_once('.').unwrap();
            let mut signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
            change(&mut signature);
            *token = format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature));
        });
    }
}

pub fn decode(token: &str) -> Value {
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

pub fn token_answer(answer: impl Fn(Value) -> Reply + Send + 'static) -> impl FnOnce(&mut Script) {
    move |script| script.token = Box::new(answer)
}

pub fn tokens_with(name: &'static str, value: Value) -> impl FnOnce(&mut Script) {
    token_answer(move |mut tokens| {
        tokens[name] = value.clone();
        Reply::Json(tokens)
    })
}

/// Metadata of its own, whatever the good ones are.
pub fn discovery(answer: impl Fn(Value) -> Reply + Send + 'static) -> impl FnOnce(&mut Script) {
    move |script| script.discovery = Box::new(answer)
}

pub fn key_set(answer: impl Fn(Value) -> Reply + Send + 'static) -> impl FnOnce(&mut Script) {
    move |script| script.keys = Box::new(answer)
}

/// A key set of these keys alone.
pub fn keys_alone(keys: Vec<Value>) -> impl FnOnce(&mut Script) {
    key_set(move |_| Reply::Json(json!({ "keys": keys })))
}

/// A key set whose every key is changed.
pub fn each_key(change: impl Fn(&mut Value) + Send + 'static) -> impl FnOnce(&mut Script) {
    key_set(move |mut set| {
        set["keys"].as_array_mut().unwrap().iter_mut().for_each(&change);
        Reply::Json(set)
    })
}

/// An answer in JSON that is none, or too much of it.
pub fn text(body: impl Into<String>) -> Reply {
    Reply::Raw(200, "application/json", body.into().into_bytes())
}

pub fn html(status: u16) -> Reply {
    Reply::Raw(status, "text/html", b"<html><title>Sign in</title></html>".to_vec())
}

pub fn discovery_with(name: &'static str, value: Value) -> impl FnOnce(&mut Script) {
    move |script| {
        script.discovery = Box::new(move |mut document| {
            document[name] = value.clone();
            Reply::Json(document)
        });
    }
}

pub fn user_info_of_name(answer: impl Fn(Value) -> Reply + Send + 'static) -> impl FnOnce(&mut Script) {
    move |script| {
        script.in_user_info = &["name"];
        script.user_info = Box::new(answer);
    }
}

pub fn parameters(change: impl Fn(&mut Vec<(String, String)>) + Send + 'static) -> impl FnOnce(&mut Script) {
    move |script| script.response = Box::new(change)
}

pub fn parameter(name: &'static str, value: Option<&'static str>) -> impl FnOnce(&mut Script) {
    parameters(move |response| {
        response.retain(|(key, _)| key != name);
        response.extend(value.map(|value| (name.to_owned(), value.to_owned())));
    })
}

pub fn error(code: &'static str) -> impl FnOnce(&mut Script) {
    parameters(move |response| {
        response.retain(|(key, _)| key != "code");
        response.push(("error".to_owned(), code.to_owned()));
        response.push(("error_description".to_owned(), "<script>alert(1)</script>".to_owned()));
    })
}

pub fn oauth_error(status: u16, code: &'static str) -> impl Fn(Value) -> Reply + Send + 'static {
    move |_| Reply::Raw(status, "application/json", json!({ "error": code }).to_string().into_bytes())
}

pub fn signed_user_info(
    key: keys::Key,
    change: impl Fn(&mut Value) + Send + 'static,
) -> impl Fn(Value) -> Reply + Send + 'static {
    move |mut claims| {
        change(&mut claims);
        let token = key.sign(&json!({"alg": "RS256", "kid": "rsa"}), &claims);
        Reply::Raw(200, "application/jwt", token.into_bytes())
    }
}

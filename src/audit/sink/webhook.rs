//! A webhook: records in JSON, signed as <https://www.standardwebhooks.com> has it, and with an `Idempotency-Key` that is the same each
//! time the same records are sent.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Method, Request};
use secrecy::{ExposeSecret, SecretSlice};
use url::Url;

use super::{Message, SinkError};
use crate::provider::http::{Http, HttpError};

/// A webhook.
#[derive(Clone, Debug)]
pub struct WebhookSink {
    /// Where records are posted to.
    pub url: Url,
    /// What signs them.
    pub secret: WebhookSecret,
    /// Whether it gets what is known of people.
    pub personal: bool,
}

/// The secret that the receiver has too. Does not print.
#[derive(Clone)]
pub struct WebhookSecret(SecretSlice<u8>);

impl WebhookSecret {
    /// These bytes, as they are.
    pub fn new(secret: SecretSlice<u8>) -> Self {
        Self(secret)
    }
}

impl WebhookSink {
    pub(super) async fn deliver(&self, messages: &[Message], now: i64) -> Result<(), SinkError> {
        let number = |message: Option<&Message>| message.map_or(0, |message| message.record.number);
        let id = format!("audit-{}-{}", number(messages.first()), number(messages.last()));
        let records: Vec<&str> = messages.iter().map(|message| message.json.as_str()).collect();
        let body = format!("{{\"records\":[{}]}}", records.join(","));
        let signature = self.sign(&id, now, &body);
        let mut request = Request::new(body.into_bytes());
        *request.method_mut() = Method::POST;
        let unusable = |_| HttpError::Connection { cause: "unusable address".to_owned() };
        *request.uri_mut() = self.url.as_str().parse().map_err(unusable)?;
        let headers = request.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert("webhook-timestamp", now.into());
        for (name, value) in [("webhook-id", &id), ("idempotency-key", &id), ("webhook-signature", &signature)] {
            headers.insert(name, HeaderValue::from_str(value).expect("it is of letters, digits and signs"));
        }
        // Connections belong to the runtime that opened them; this one is asked for seldom enough.
        match Http::new()?.call(request).await?.status {
            status if status.is_success() => Ok(()),
            status => Err(SinkError::Status(status.as_u16())),
        }
    }

    /// `v1,` and HMAC-SHA256 over id, time and body.
    fn sign(&self, id: &str, now: i64, body: &str) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.secret.0.expose_secret());
        format!("v1,{}", STANDARD.encode(hmac::sign(&key, format!("{id}.{now}.{body}").as_bytes())))
    }
}

impl std::fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WebhookSecret([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_that_of_the_standard() {
        // The example of standardwebhooks.com's own libraries.
        let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let secret = WebhookSecret::new(secret.into());
        let sink = WebhookSink { url: "https://example.com/".parse().unwrap(), secret, personal: false };

        let signature = sink.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);

        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}

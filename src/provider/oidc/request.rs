//! The authentication request (OpenID Connect Core 1.0, section 3.1.2.1; RFC 7636, section 4.3).

use openidconnect::PkceCodeChallenge;
use url::Url;

use super::Settings;
use crate::login::{Manner, NewAttempt};
use crate::provider::AuthenticationRequest;

/// The authorization endpoint with all parameters that no login changes.
#[derive(Debug)]
pub(super) struct AuthorizationEndpoint {
    prefix: String,
    prompt: Option<String>,
}

impl AuthorizationEndpoint {
    pub(super) fn new(settings: &Settings, endpoint: &Url) -> Self {
        let mut url = endpoint.clone();
        {
            let mut query = url.query_pairs_mut();
            query
                .append_pair("response_type", "code")
                .append_pair("client_id", &settings.client_id)
                .append_pair("redirect_uri", settings.redirect_uri.as_str())
                .append_pair("scope", &settings.scopes.join(" "));
            if settings.form_post {
                query.append_pair("response_mode", "form_post");
            }
            if let Some(max_age) = settings.max_age {
                query.append_pair("max_age", &max_age.as_secs().to_string());
            }
            if !settings.acr_values.is_empty() {
                query.append_pair("acr_values", &settings.acr_values.join(" "));
            }
            if let Some(login_hint) = &settings.login_hint {
                query.append_pair("login_hint", login_hint);
            }
            for (name, value) in &settings.habits.parameters {
                query.append_pair(name, value);
            }
            query.append_pair("code_challenge_method", "S256");
        }
        Self { prefix: url.into(), prompt: settings.prompt.clone() }
    }

    /// Where the browser goes for `attempt`.
    pub(super) fn request(&self, attempt: &NewAttempt) -> AuthenticationRequest {
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&attempt.code_verifier());
        let (state, nonce) = (attempt.state(), attempt.nonce());
        let prompt = match attempt.manner() {
            Manner::Plain => self.prompt.as_deref(),
            Manner::Silent => Some("none"),
            Manner::Afresh => Some("login"),
        };
        let prompt = prompt.map_or_else(String::new, |prompt| {
            let pair: String = url::form_urlencoded::byte_serialize(prompt.as_bytes()).collect();
            format!("&prompt={pair}")
        });
        // The others are base64url, which needs no escaping.
        AuthenticationRequest::Redirect(format!(
            "{}{prompt}&code_challenge={}&nonce={}&state={}",
            self.prefix,
            challenge.as_str(),
            nonce.secret(),
            state.secret(),
        ))
    }
}

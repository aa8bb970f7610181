//! One attempt to log in.

use std::fmt;
use std::time::Duration;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use data_encoding::BASE32HEX_NOPAD;
use jiff::Timestamp;
use openidconnect::{CsrfToken, Nonce, PkceCodeVerifier};
use serde::{Deserialize, Serialize};

use super::seal::{Purpose, Sealer, random};
use super::state::State;
use super::{LoginId, ProviderId, WayBack};
use crate::room::{Door, JoinRequest};

/// How long a visitor may take at the provider.
pub const LIFETIME: Duration = Duration::from_mins(10);

/// How many attempts one browser may have under way; the oldest gives way.
pub const MAX_SIDE_BY_SIDE: usize = 5;

/// Longest `state` that can be one of Roomkey's, in bytes.
pub const MAX_STATE_BYTES: usize = 512;

/// Longest value of an attempt's cookie, in bytes: browsers keep 4096 for name, value and attributes together.
pub const MAX_COOKIE_BYTES: usize = 3800;

/// An attempt that begins: what the provider is sent, and what the browser keeps sealed.
pub struct NewAttempt {
    attempt: LoginAttempt,
    state: String,
    sealed: SealedAttempt,
}

/// An attempt of this browser's own. One that was opened from a cookie is good for one response.
#[derive(Serialize, Deserialize)]
pub struct LoginAttempt {
    id: LoginId,
    request: JoinRequest,
    provider: ProviderId,
    /// Unix time in seconds.
    began: i64,
    binding: [u8; 16],
    nonce: [u8; 16],
    code_verifier: [u8; 32],
    manner: Manner,
    /// Entity id of the identity provider that was chosen among those behind `provider`.
    peer: Option<String>,
}

/// How the provider is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Manner {
    /// As the operator has it.
    #[default]
    Plain,
    /// Without a word to the visitor, to confirm a session (`prompt=none`).
    Silent,
    /// So that the visitor can be somebody else than the last time (`prompt=login`).
    Afresh,
}

/// How and where at a provider somebody logs in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Course {
    /// How the provider is asked.
    pub manner: Manner,
    /// Entity id of the identity provider that was chosen among those behind the provider (SAML 2.0).
    pub peer: Option<String>,
}

/// What the browser keeps: a cookie of this attempt's own.
pub struct SealedAttempt {
    /// Tells this attempt's cookie from those of others under way: `0-9 A-V`, of one length, and sorted by time, so that
    /// the smallest is the oldest.
    pub tag: String,
    /// The cookie's value.
    pub value: String,
}

/// Why a response belongs to no attempt of this browser.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoginError {
    /// Roomkey began this login, but this browser does not hold it: cookies off, another browser, or already used.
    #[error("the login's cookie is missing")]
    Lost(WayBack),
    /// It took longer than [`LIFETIME`].
    #[error("the login has expired")]
    Expired(WayBack),
    /// No login of Roomkey's, or one of another provider or browser.
    #[error("the response does not belong to this login: {0}")]
    NotYours(Mismatch),
}

/// What of a response does not fit the login it claims to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Mismatch {
    /// `state` was not made here, or was changed.
    #[error("`state` is not one of Roomkey's")]
    State,
    /// The cookie was changed, or is another attempt's.
    #[error("the cookie does not open")]
    Cookie,
    /// The cookie is that of another login than `state`.
    #[error("`state` and cookie are of two logins")]
    Binding,
    /// The response came to the redirect URI of another provider (RFC 9700, section 4.4.2.2).
    #[error("the login was begun with another provider")]
    Provider,
    /// The request it holds is too large for a cookie.
    #[error("the meeting's options are too large")]
    TooLarge,
}

impl NewAttempt {
    /// Begins to log somebody in with `provider`; `lost_before` counts the attempts that this browser has lost in a row.
    ///
    /// # Errors
    /// [`Mismatch::TooLarge`] if `request` does not fit a cookie.
    pub fn begin(
        request: JoinRequest,
        provider: ProviderId,
        lost_before: u8,
        sealer: &Sealer,
        now: Timestamp,
    ) -> Result<Self, Mismatch> {
        Self::begin_by(Course { manner: Manner::Plain, peer: None }, request, provider, lost_before, sealer, now)
    }

    /// The same, by a way of its own.
    ///
    /// # Errors
    /// [`Mismatch::TooLarge`] if `request` does not fit a cookie.
    pub fn begin_by(
        Course { manner, peer }: Course,
        request: JoinRequest,
        provider: ProviderId,
        lost_before: u8,
        sealer: &Sealer,
        now: Timestamp,
    ) -> Result<Self, Mismatch> {
        let attempt = LoginAttempt {
            id: LoginId::random(),
            request,
            provider,
            began: now.as_second(),
            binding: random(),
            nonce: random(),
            code_verifier: random(),
            manner,
            peer,
        };
        let expires = attempt.began.saturating_add_unsigned(LIFETIME.as_secs());
        let path = match attempt.request.door {
            Door::Link => Some(attempt.request.path()),
            // The way back would lead out of the window that Jitsi's front end waits for.
            Door::Inline(_) => None,
            // Nor is a code to leave this browser, sealed or not.
            Door::Pass(_) => None,
        };
        let state = State::new(attempt.id, attempt.binding, expires, lost_before, path).seal(sealer);
        let tag = tag(attempt.id, expires);
        let plain = postcard::to_stdvec(&attempt).expect("plain data serializes");
        let value = sealer.seal(Purpose::Attempt, tag.as_bytes(), plain);
        if value.len() > MAX_COOKIE_BYTES {
            return Err(Mismatch::TooLarge);
        }
        Ok(Self { attempt, state, sealed: SealedAttempt { tag, value } })
    }

    /// The login's reference number.
    pub fn id(&self) -> LoginId {
        self.attempt.id
    }

    /// The meeting it leads to.
    pub fn request(&self) -> &JoinRequest {
        &self.attempt.request
    }

    /// The provider it is begun with.
    pub fn provider(&self) -> &ProviderId {
        &self.attempt.provider
    }

    /// How the provider is asked.
    pub fn manner(&self) -> Manner {
        self.attempt.manner
    }

    /// When it begins.
    pub fn began(&self) -> Timestamp {
        self.attempt.began()
    }

    /// The same with a `state` of at most 80 bytes (SAML 2.0 Bindings, section 3.4.3): one that knows no way back.
    pub fn with_short_state(mut self, lost_before: u8, sealer: &Sealer) -> Self {
        let expires = self.attempt.began.saturating_add_unsigned(LIFETIME.as_secs());
        self.state = State::new(self.attempt.id, self.attempt.binding, expires, lost_before, None).seal(sealer);
        self
    }

    /// The identity provider that was chosen, by its entity id; `None` if there is no choice.
    pub fn peer(&self) -> Option<&str> {
        self.attempt.peer()
    }

    /// The cookie for the browser to keep.
    pub fn sealed(&self) -> &SealedAttempt {
        &self.sealed
    }

    /// `state` of the authentication request.
    pub fn state(&self) -> CsrfToken {
        CsrfToken::new(self.state.clone())
    }

    /// `nonce` of the authentication request.
    pub fn nonce(&self) -> Nonce {
        self.attempt.nonce()
    }

    /// `code_verifier` (RFC 7636), whose hash the authentication request carries.
    pub fn code_verifier(&self) -> PkceCodeVerifier {
        self.attempt.code_verifier()
    }
}

impl LoginAttempt {
    /// Finds the attempt that a response to `provider`'s redirect URI belongs to; `cookie` gives the cookie of a tag.
    ///
    /// # Errors
    /// [`LoginError`] tells what the visitor can do: start again, mend the browser's cookies, or be careful.
    pub fn open(
        state: &str,
        provider: &ProviderId,
        cookie: impl FnOnce(&str) -> Option<String>,
        sealer: &Sealer,
        now: Timestamp,
    ) -> Result<Self, LoginError> {
        let state = State::open(sealer, state).ok_or(LoginError::NotYours(Mismatch::State))?;
        if state.has_expired(now) {
            return Err(LoginError::Expired(state.into_way_back()));
        }
        let tag = tag(state.id, state.expires);
        let Some(cookie) = cookie(&tag) else {
            return Err(LoginError::Lost(state.into_way_back()));
        };
        let attempt = sealer
            .open(Purpose::Attempt, tag.as_bytes(), &cookie)
            .and_then(|plain| postcard::from_bytes::<Self>(&plain).ok())
            .ok_or(LoginError::NotYours(Mismatch::Cookie))?;
        verify_slices_are_equal(&attempt.binding, &state.binding)
            .map_err(|_| LoginError::NotYours(Mismatch::Binding))?;
        if attempt.provider != *provider {
            return Err(LoginError::NotYours(Mismatch::Provider));
        }
        Ok(attempt)
    }

    /// The login's reference number.
    pub fn id(&self) -> LoginId {
        self.id
    }

    /// The meeting it leads to.
    pub fn request(&self) -> &JoinRequest {
        &self.request
    }

    /// The provider it was begun with.
    pub fn provider(&self) -> &ProviderId {
        &self.provider
    }

    /// How the provider was asked.
    pub fn manner(&self) -> Manner {
        self.manner
    }

    /// The identity provider that was chosen, by its entity id: the only one whose response counts. `None` if there was no choice.
    pub fn peer(&self) -> Option<&str> {
        self.peer.as_deref()
    }

    /// When it began.
    pub fn began(&self) -> Timestamp {
        Timestamp::from_second(self.began).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// `nonce`, as the ID Token has to repeat it.
    pub fn nonce(&self) -> Nonce {
        Nonce::new(URL_SAFE_NO_PAD.encode(self.nonce))
    }

    /// `code_verifier` of the token request (RFC 7636, section 4.5).
    pub fn code_verifier(&self) -> PkceCodeVerifier {
        PkceCodeVerifier::new(URL_SAFE_NO_PAD.encode(self.code_verifier))
    }
}

/// The cookie that holds the attempt which `state` names, to be removed with the response; `None` if `state` is not one of Roomkey's.
pub fn cookie_tag(state: &str, sealer: &Sealer) -> Option<String> {
    State::open(sealer, state).map(|state| tag(state.id, state.expires))
}

fn tag(id: LoginId, expires: i64) -> String {
    let mut bytes = [0; 9];
    // Four bytes of seconds reach to the year 2106 and keep the order of tags that of time.
    bytes[..4].copy_from_slice(&u32::try_from(expires).unwrap_or(u32::MAX).to_be_bytes());
    bytes[4..].copy_from_slice(&id.bytes());
    BASE32HEX_NOPAD.encode(&bytes)
}

impl fmt::Debug for NewAttempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewAttempt").field("id", &self.attempt.id).finish_non_exhaustive()
    }
}

impl fmt::Debug for LoginAttempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoginAttempt").field("id", &self.id).field("provider", &self.provider).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;

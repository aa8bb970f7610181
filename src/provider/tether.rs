//! What ties a login to its provider once it is over: to confirm it later, and to end it on either side.

use serde::{Deserialize, Serialize};

use super::VerifiedIdentity;
use crate::login::{Purpose, Sealer};

/// A login that a provider has proved.
#[derive(Debug)]
pub struct Login {
    /// The person.
    pub identity: VerifiedIdentity,
    /// What ties the login to the provider.
    pub tether: Tether,
}

/// What a provider gave along with an identity. Holds credentials: does not print, and leaves memory sealed only.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tether {
    /// `refresh_token` (RFC 6749, section 6), or an access token that lives as long (GitHub).
    pub(super) refresh_token: Option<String>,
    /// The ID Token, as `id_token_hint` of a logout (OpenID Connect RP-Initiated Logout 1.0, section 2).
    pub(super) id_token: Option<String>,
    /// `sid`: the session at the provider (OpenID Connect Back-Channel Logout 1.0, section 2.1).
    pub(super) sid: Option<String>,
}

/// The outcome of asking a provider whether somebody may still log in.
#[derive(Debug)]
pub enum Confirmation {
    /// They may: with claims taken anew, and a tether that takes the place of the old one.
    Confirmed(Box<Login>),
    /// The provider can only tell with the browser's help (`prompt=none`), or by a new login.
    NeedsBrowser,
}

impl Tether {
    /// The session at the provider, by which it ends sessions here.
    pub fn sid(&self) -> Option<&str> {
        self.sid.as_deref()
    }

    /// The ID Token, for `id_token_hint`.
    pub(super) fn id_token(&self) -> Option<&str> {
        self.id_token.as_deref()
    }

    /// Seals it for the store.
    pub fn seal(&self, sealer: &Sealer) -> String {
        let plain = postcard::to_stdvec(self).expect("plain data serializes");
        sealer.seal(Purpose::Tether, b"", plain)
    }

    /// Opens what [`seal`](Self::seal) gave.
    pub fn unseal(sealed: &str, sealer: &Sealer) -> Option<Self> {
        postcard::from_bytes(&sealer.open(Purpose::Tether, b"", sealed)?).ok()
    }
}

impl std::fmt::Debug for Tether {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tether([redacted])")
    }
}

#[cfg(test)]
impl Tether {
    /// A tether for the tests of the steps that follow.
    pub(crate) fn for_tests(refresh_token: Option<&str>, sid: Option<&str>) -> Self {
        let own = |text: Option<&str>| text.map(str::to_owned);
        Self { refresh_token: own(refresh_token), id_token: None, sid: own(sid) }
    }

    pub(crate) fn refresh_token_for_tests(&self) -> Option<&str> {
        self.refresh_token.as_deref()
    }
}

//! What ties a login to its provider once it is over: to confirm it later, and to end it on either side.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::VerifiedIdentity;
use super::saml::SamlTether;
use crate::login::{Purpose, Sealer};

/// A login that a provider has proved.
#[derive(Debug)]
pub struct Login {
    /// The person.
    pub identity: VerifiedIdentity,
    /// What ties the login to the provider.
    pub tether: Tether,
    /// What proved it, where that may prove it once only and nobody has looked yet whether it has before.
    pub once: Option<OneUse>,
}

/// A proof that is good for one login.
#[derive(Debug)]
pub struct OneUse {
    /// What names it at its provider.
    pub id: String,
    /// When it proves nothing any more: it has to be remembered until then.
    pub expires: Timestamp,
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
    /// What single logout by SAML says of the login.
    pub(super) saml: Option<SamlTether>,
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
        let mut plain = sealer.open(Purpose::Tether, b"", sealed)?;
        // Those that are older than SAML end before it: what stands there then is that there is none.
        plain.push(0);
        postcard::from_bytes(&plain).ok()
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
        Self { refresh_token: own(refresh_token), sid: own(sid), ..Self::default() }
    }

    pub(crate) fn refresh_token_for_tests(&self) -> Option<&str> {
        self.refresh_token.as_deref()
    }
}

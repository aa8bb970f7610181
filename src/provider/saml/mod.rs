//! Any SAML 2.0 identity provider: the Web Browser SSO profile (SAML 2.0 Profiles, section 4.1).
//!
//! A response is parsed once. Its signature, or its assertion's, is checked over an element of that one tree, and only that element
//! is read afterwards; each check has a name of its own ([`SamlCheck`]).

mod algorithm;
mod assertion;
mod attributes;
mod check;
mod document;
mod encryption;
mod key;
mod logout;
mod logout_message;
mod metadata;
mod name_id;
mod own_key;
mod request;
mod response;
mod settings;
mod signature;
mod tether;
mod xml;

pub mod idp;

pub use check::SamlCheck;
pub use document::DocumentError;
pub use key::certificate_ends;
pub use name_id::NameId;
pub use own_key::{OwnKey, UnusableOwnKey};
pub use response::MAX_RESPONSE_BYTES;
pub use settings::{Settings, SubjectSource};
pub use tether::SamlTether;

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use jiff::Timestamp;

use self::assertion::Proved;
use self::idp::{IdpMetadata, Idps};
use self::response::{Asked, LEEWAY};
use super::error::Untrusted;
use super::http::Http;
use super::{
    AuthenticationRequest, AuthenticationResponse, Confirmation, FailedCheck, Health, Login, OneUse, ProviderError,
    RedirectProvider, ServiceProvider, SingleLogout, Subject, Tether, VerifiedIdentity,
};
use crate::clock::Clock;
use crate::login::{LoginAttempt, Manner, NewAttempt};

/// The namespace of the protocol.
pub const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";

/// The namespace of assertions.
const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";

/// HTTP-Redirect (Bindings, section 3.4).
const REDIRECT_BINDING: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";

/// HTTP-POST (Bindings, section 3.5).
const POST_BINDING: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";

/// An identifier that is the same at each login (Core, section 8.3.7).
const PERSISTENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";

/// An identifier for one session (Core, section 8.3.8).
pub const TRANSIENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";

/// One SAML identity provider, or all of a federation.
#[derive(Debug)]
pub struct SamlProvider {
    settings: Settings,
    idps: Arc<Idps>,
    /// Roomkey's own.
    metadata: String,
}

impl SamlProvider {
    /// A provider that is asked for nothing yet.
    pub fn new(settings: Settings, clock: &Clock) -> Self {
        let idps = Arc::new(Idps::new(settings.metadata.clone(), clock));
        Self { metadata: metadata::document(&settings), idps, settings }
    }

    async fn check(
        &self,
        http: &Http,
        attempt: LoginAttempt,
        response: AuthenticationResponse,
        now: Timestamp,
    ) -> Result<Login, ProviderError> {
        let xml = decoded(response)?;
        let idp = self.idps.idp(http, attempt.peer()).await?;
        let settings = &self.settings;
        let afresh = match attempt.manner() {
            Manner::Afresh => true,
            Manner::Plain => settings.force_authn,
            Manner::Silent => false,
        };
        let request_id = request::id(attempt.nonce().secret());
        let authenticated_after = afresh.then(|| attempt.began() - LEEWAY);
        let asked = |idp| Asked { settings, idp, request_id: &request_id, authenticated_after, now };
        match self.health().verifications().time_now(|| response::check(&xml, &asked(&idp))) {
            Ok(proved) => Ok(self.vouch(proved, &idp)),
            // The provider may sign by a key that its metadata have had for a short while only.
            Err(error) if is_unknown_key(&error) => match self.idps.newer(http, &idp).await {
                Some(newer) => Ok(self.vouch(response::check(&xml, &asked(&newer))?, &newer)),
                None => Err(error),
            },
            Err(error) => Err(error),
        }
    }

    fn vouch(&self, proved: Proved, idp: &IdpMetadata) -> Login {
        let person = self.settings.claims.read(&proved.claims);
        let provider = self.settings.id.clone();
        let identity = VerifiedIdentity::vouch(provider, Subject(proved.subject), person, proved.claims);
        let sid = proved.session_indexes.first().map(|index| tether::sid(&idp.entity_id, index));
        let saml =
            SamlTether { idp: idp.entity_id.clone(), name_id: proved.name_id, session_indexes: proved.session_indexes };
        Login {
            identity: identity.until(proved.session_ends),
            tether: Tether { sid, saml: Some(saml), ..Tether::default() },
            once: Some(OneUse { id: proved.id, expires: proved.expires }),
        }
    }
}

/// The document that the browser brought.
fn decoded(response: AuthenticationResponse) -> Result<Vec<u8>, Untrusted> {
    let encoded = response.saml_response.filter(|encoded| !encoded.is_empty());
    let mut encoded = encoded.ok_or_else(|| SamlCheck::Encoding.failed("it is missing"))?;
    // Providers break it into lines.
    encoded.retain(|c| !c.is_ascii_whitespace());
    STANDARD.decode(encoded).map_err(|_| SamlCheck::Encoding.failed("it is not base64"))
}

fn is_unknown_key(error: &ProviderError) -> bool {
    matches!(error, ProviderError::Untrusted { check: FailedCheck::Saml(SamlCheck::Signature), .. })
}

impl RedirectProvider for SamlProvider {
    fn health(&self) -> &Health {
        self.idps.health()
    }

    fn request<'a>(
        &'a self,
        http: &'a Http,
        attempt: &'a NewAttempt,
    ) -> BoxFuture<'a, Result<AuthenticationRequest, ProviderError>> {
        async move {
            let idp = self.idps.idp(http, attempt.peer()).await?;
            Ok(request::request(&self.settings, &idp, attempt)?)
        }
        .boxed()
    }

    fn verify<'a>(
        &'a self,
        http: &'a Http,
        attempt: LoginAttempt,
        response: AuthenticationResponse,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Login, ProviderError>> {
        self.check(http, attempt, response, now).boxed()
    }

    /// Only the browser can tell, by a request that the provider answers without a word to the person (`IsPassive`). Until then its
    /// own word holds: `SessionNotOnOrAfter` ends the identity, and a logout the session.
    fn confirm<'a>(
        &'a self,
        _: &'a Http,
        _: Tether,
        _: &'a Subject,
        _: Timestamp,
    ) -> BoxFuture<'a, Result<Confirmation, ProviderError>> {
        async { Ok(Confirmation::NeedsBrowser) }.boxed()
    }

    fn single_logout(&self) -> Option<&dyn SingleLogout> {
        self.settings.own_key.as_ref().map(|_| self as &dyn SingleLogout)
    }

    fn service_provider(&self) -> Option<&dyn ServiceProvider> {
        Some(self)
    }

    fn federation(&self) -> Option<&Arc<Idps>> {
        Some(&self.idps)
    }
}

impl ServiceProvider for SamlProvider {
    fn metadata(&self) -> &str {
        &self.metadata
    }

    fn certificate_ends(&self) -> Option<Timestamp> {
        self.settings.own_key.as_ref().and_then(|key| certificate_ends(key.certificate()))
    }

    fn may_begin_there(&self) -> bool {
        self.settings.idp_initiated
    }
}

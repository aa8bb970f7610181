//! The providers of an operator's file, ready for use.

use std::sync::Arc;

use super::guest::GuestProvider;
use super::http::Http;
use super::ldap::LdapProvider;
use super::{Health, ProviderId, RedirectProvider};

/// Which kind a provider is (`kind` in the operator's file).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Any OpenID Connect provider.
    Oidc,
    /// Google.
    Google,
    /// Microsoft Entra ID.
    Entra,
    /// GitHub.
    GitHub,
    /// Any SAML 2.0 identity provider.
    Saml,
    /// A directory.
    Ldap,
    /// Whoever gives a name.
    Guest,
}

/// A provider, by what it can do.
#[derive(Debug)]
pub enum Provider {
    /// The browser goes there and comes back.
    Redirect(Box<dyn RedirectProvider>),
    /// The visitor gives name and password.
    Password(Box<LdapProvider>),
    /// The visitor gives a name.
    Guest(GuestProvider),
}

/// All providers, in the order of the file.
#[derive(Debug)]
pub struct Registry {
    entries: Vec<Entry>,
}

/// A provider and how it is shown.
#[derive(Debug)]
pub struct Entry {
    /// Its id.
    pub id: ProviderId,
    /// What its button says.
    pub name: String,
    /// Its kind.
    pub kind: Kind,
    /// The provider itself.
    pub provider: Provider,
}

impl Provider {
    /// What Roomkey's own calls to it came to; `None` where there are none.
    pub fn health(&self) -> Option<&Health> {
        match self {
            Self::Redirect(provider) => Some(provider.health()),
            Self::Password(provider) => Some(provider.health()),
            Self::Guest(_) => None,
        }
    }
}

impl Entry {
    /// Whether it has failed to answer a moment ago. Asks nobody.
    pub fn is_down(&self) -> bool {
        self.provider.health().is_some_and(Health::is_down)
    }
}

impl Registry {
    /// Providers in the order in which they are offered; ids are unique (checked with the configuration).
    pub fn new(entries: Vec<Entry>) -> Self {
        Self { entries }
    }

    /// The provider with this id.
    pub fn get(&self, id: &ProviderId) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.id == *id)
    }

    /// Begins to fetch what the first login would otherwise wait for longest: the metadata of SAML providers, some of which have tens of
    /// megabytes. Waits for nothing.
    ///
    /// # Panics
    /// Outside a Tokio runtime.
    pub fn prepare(&self, http: &Http) {
        for entry in &self.entries {
            let Provider::Redirect(provider) = &entry.provider else { continue };
            if let Some(idps) = provider.federation() {
                let (idps, http) = (Arc::clone(idps), http.clone());
                tokio::spawn(async move { idps.prepare(&http).await });
            }
        }
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }
}

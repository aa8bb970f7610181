//! Redirect URIs that are registered for another program, whose place Roomkey has taken.

use url::Url;

use super::ProviderId;

/// Section `[compat]`, checked: which provider sends people back to the redirect URI of which program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormerClients {
    /// To that of jitsi-openid.
    pub jitsi_openid: Option<ProviderId>,
    /// To that of jitsi-oidc-adapter, whose other routes are answered, too.
    pub jitsi_oidc_adapter: Option<ProviderId>,
}

impl FormerClients {
    /// Where jitsi-openid has people sent back to, below its own address (its `src/main.rs`).
    pub const OPENID_CALLBACK: &str = "/callback";

    /// Where jitsi-oidc-adapter has people sent back to, on the host of the meetings (its `src/adapter.ts`, `auth`).
    pub const ADAPTER_CALLBACK: &str = "/oidc/tokenize";

    /// The provider that sends people back to `path`.
    pub fn provider_at(&self, path: &str) -> Option<&ProviderId> {
        match path {
            Self::OPENID_CALLBACK => self.jitsi_openid.as_ref(),
            Self::ADAPTER_CALLBACK => self.jitsi_oidc_adapter.as_ref(),
            _ => None,
        }
    }

    /// The redirect URI by which `provider` knows another program; `None` if it knows Roomkey by its own. `public_url` ends in `/`.
    pub fn redirect_uri(&self, provider: &ProviderId, public_url: &Url) -> Option<Url> {
        let is = |former: &Option<ProviderId>| former.as_ref() == Some(provider);
        if is(&self.jitsi_openid) {
            public_url.join(Self::OPENID_CALLBACK.trim_start_matches('/')).ok()
        } else if is(&self.jitsi_oidc_adapter) {
            public_url.join(Self::ADAPTER_CALLBACK).ok()
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn former() -> FormerClients {
        FormerClients { jitsi_openid: "work".parse().ok(), jitsi_oidc_adapter: "school".parse().ok() }
    }

    #[test]
    fn each_program_has_its_own_way_back() {
        let former = former();

        let at = |path| former.provider_at(path).map(ProviderId::as_str);

        assert_eq!([at("/callback"), at("/oidc/tokenize"), at("/callback/work")], [Some("work"), Some("school"), None]);
        assert_eq!(FormerClients::default().provider_at("/callback"), None);
    }

    #[test]
    fn the_way_back_of_one_is_below_the_public_address_and_of_the_other_on_its_host() {
        let public_url: Url = "https://meet.example.com/sso/".parse().unwrap();

        let uri = |id: &str| former().redirect_uri(&id.parse().unwrap(), &public_url).map(String::from);

        assert_eq!(uri("work").as_deref(), Some("https://meet.example.com/sso/callback"));
        assert_eq!(uri("school").as_deref(), Some("https://meet.example.com/oidc/tokenize"));
        assert_eq!(uri("other"), None);
    }
}

//! Section `[compat]`.

use super::providers::{Id, Providers};
use super::read::{At, Field, Reader, keys};
use crate::provider::{FormerClients, ProviderId};

keys! {
    /// Section `[compat]`: the routes of a program whose place Roomkey takes, so that neither the provider nor Jitsi has to be
    /// changed on that day. `roomkey config import` writes it.
    CompatKeys {
        /// The `id` of the provider where jitsi-openid was the client: people come back to `{public_url}/callback`, as it is
        /// registered there, instead of `{public_url}/callback/{id}`.
        #[schemars(extend("examples" = ["work"]))]
        jitsi_openid: Id,
        /// The `id` of the provider where jitsi-oidc-adapter was the client: people come back to `/oidc/tokenize` on the host of
        /// `public_url`, as it is registered there, and `/oidc/auth?state=…` and `/oidc/health` are answered. A proxy that passes on
        /// `/oidc/` alone needs a `public_url` that ends in `/oidc`.
        #[schemars(extend("examples" = ["work"]))]
        jitsi_oidc_adapter: Id,
    }
}

/// The section as it is written, to be compared with the providers.
pub(super) struct Written {
    openid: Option<At<ProviderId>>,
    adapter: Option<At<ProviderId>>,
}

impl CompatKeys {
    pub(super) fn read(self) -> Written {
        let id = |field: Field<Id>| field.at().map(|At { value, spot }| At { value: value.into_id(), spot });
        Written { openid: id(self.jitsi_openid), adapter: id(self.jitsi_oidc_adapter) }
    }
}

impl Written {
    /// Which provider has which redirect URI.
    pub(super) fn former(&self) -> FormerClients {
        let id = |written: &Option<At<ProviderId>>| written.as_ref().map(|at| at.value.clone());
        FormerClients { jitsi_openid: id(&self.openid), jitsi_oidc_adapter: id(&self.adapter) }
    }

    /// Reports what cannot be: a provider that is not there, one where nobody comes back from, or one with two redirect URIs.
    pub(super) fn check(&self, reader: &Reader<'_>, providers: &Providers) {
        let guests: Vec<_> = providers.guests().collect();
        for At { value: id, spot } in [&self.openid, &self.adapter].into_iter().flatten() {
            if providers.ids.as_ref().is_some_and(|ids| !ids.contains(id)) {
                reader.wrong(spot, format!("no provider has the id `{id}`"), "give the `id` of one of `[[providers]]`");
            } else if guests.contains(id) {
                reader.wrong(spot, format!("nobody comes back from `{id}`"), "name a provider where people log in");
            }
        }
        if let (Some(openid), Some(adapter)) = (&self.openid, &self.adapter)
            && openid.value == adapter.value
        {
            let wrong = format!("`{}` has the redirect URI of jitsi-openid already", adapter.value);
            reader.wrong(&adapter.spot, wrong, "keep the one that is registered at the provider");
        }
    }
}

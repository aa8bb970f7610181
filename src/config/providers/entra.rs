//! Providers of kind `entra`.

mod tenant;

use schemars::JsonSchema;

use self::tenant::{TenantId, TenantName, allowed};
use super::claims::ClaimKeys;
use super::client::{certified, secret};
use super::values::{ClientId, Prompt, Scope};
use super::{Module, Own, ProviderKind};
use crate::config::address::WebUrl;
use crate::config::read::{Field, Keys, List, OneOf, Reader, Word, keys};
use crate::config::secret::{PathText, SecretKeys, SecretText, VariableName};
use crate::provider::entra::{AUTHORITY, Entra, GRAPH, claims};
use crate::provider::oidc::ClientAuth;

/// This kind, for the table of kinds.
pub(super) const MODULE: Module = Module {
    read: |table| {
        let keys = EntraKeys::take(table);
        Box::new(move |reader, _, own| keys.check(reader, own))
    },
    schema: |generator| EntraKeys::json_schema(generator),
};

keys! {
    /// A provider of kind `entra`: Microsoft Entra ID. A person is `tid` and `oid` of their token. An address counts as verified only
    /// by the optional claim `xms_edov`, or where `email_verified` in `[providers.claims]` says so.
    EntraKeys {
        /// The application's (client) id. Required.
        client_id: ClientId,
        /// A client secret's value. Better in a file or a variable than here. Required in one of the three, unless there is a
        /// `client_key`.
        client_secret: SecretText,
        /// A file that holds `client_secret` alone; a newline at its end does not count.
        client_secret_file: PathText,
        /// The name of an environment variable that holds `client_secret`.
        client_secret_env: VariableName,
        /// Instead of a secret, an RSA key and the certificate that is registered for it, one after the other in PEM: Roomkey
        /// proves itself by `private_key_jwt` (PS256, `x5t#S256`). Better in a file than here.
        client_key: SecretText,
        /// A file that holds `client_key`.
        client_key_file: PathText,
        /// The name of an environment variable that holds `client_key`.
        client_key_env: VariableName,
        /// Who can log in: a tenant's id; `organizations`, for people of several tenants; `common`, for these and personal accounts;
        /// or `consumers`, for personal accounts alone. Required.
        #[schemars(extend("examples" = ["organizations"]))]
        tenant: TenantName,
        /// Ids of the tenants whose people are admitted. Required with `organizations` and `common`; personal accounts are the
        /// tenant `9188040d-6c67-4c5b-b112-36a304b66dad`.
        allowed_tenants: List<TenantId>,
        /// Where groups come from: `roles`, the application's own roles; or `groups`, ids of groups in the directory, fetched from
        /// Graph when there are too many for the token.
        #[schemars(extend("default" = "roles"))]
        groups: OneOf<Groups>,
        /// What is asked for; `openid` has to be among it. Default: `openid`, `profile` and `email`, and `User.Read` with
        /// `groups = "groups"`. With `offline_access`, sessions are confirmed without the browser.
        scopes: List<Scope>,
        /// OpenID's `prompt`: `login`, `consent`, `select_account` or `none`; `""` leaves it to Microsoft.
        #[schemars(extend("default" = ""))]
        prompt: Prompt,
        /// Whom Microsoft should expect, by `login_hint`; `""` for nobody.
        #[schemars(extend("default" = ""))]
        login_hint: String,
        /// The sign-in address of the cloud, for national clouds.
        #[schemars(extend("default" = "https://login.microsoftonline.com"))]
        authority: WebUrl,
        /// Microsoft Graph of the cloud, for national clouds.
        #[schemars(extend("default" = "https://graph.microsoft.com"))]
        graph_url: WebUrl,
        /// Section `[providers.claims]`. Default here: `email_verified` by `xms_edov`, no avatar, groups by `groups` above.
        claims: ClaimKeys,
    }
}

/// `groups`, by its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Groups {
    Roles,
    Groups,
}

impl Word for Groups {
    const WORDS: &'static [(&'static str, Self)] = &[("roles", Self::Roles), ("groups", Self::Groups)];
}

impl EntraKeys {
    fn check(self, reader: &Reader<'_>, own: Own) -> Option<(ProviderKind, String)> {
        let client_id = self.client_id.required(reader, r#"client_id = "00000000-0000-0000-0000-000000000000""#);
        let secrets =
            SecretKeys { value: self.client_secret, file: self.client_secret_file, variable: self.client_secret_env };
        let keys = SecretKeys { value: self.client_key, file: self.client_key_file, variable: self.client_key_env };
        let client_auth = client_auth(reader, secrets, keys);
        let tenant = self.tenant.required(reader, r#"tenant = "organizations""#);
        let tenant = tenant.and_then(|tenant| allowed(reader, tenant, self.allowed_tenants));
        let groups = self.groups.or(OneOf(Groups::Roles)).0;
        let claim_keys = self.claims.given()?;
        if groups == Groups::Groups && !claim_keys.groups.is_absent() {
            let remedy = "leave out one of them: `groups = \"groups\"`, or `groups` below `[providers.claims]`";
            reader.wrong(claim_keys.groups.spot(), "is given beside `groups` of the provider", remedy);
        }
        let scopes = scopes(reader, self.scopes, groups);
        let entra = Entra {
            id: own.id,
            authority: text(self.authority, AUTHORITY),
            graph: text(self.graph_url, GRAPH).parse().ok()?,
            tenant: tenant?,
            client_id: client_id?.0,
            client_auth: client_auth?,
            redirect_uri: own.redirect_uri,
            scopes,
            prompt: self.prompt.given().and_then(|Prompt(prompt)| prompt),
            login_hint: self.login_hint.given().filter(|hint| !hint.is_empty()),
            claims: claim_keys.check_with(claims(match groups {
                Groups::Roles => "roles",
                Groups::Groups => "groups",
            })),
            fetch_groups: groups == Groups::Groups,
        };
        Some((ProviderKind::Entra(entra.into()), "Microsoft".to_owned()))
    }
}

/// A secret, or a key with its certificate.
fn client_auth(reader: &Reader<'_>, secrets: SecretKeys, keys: SecretKeys) -> Option<ClientAuth> {
    if keys.are_absent() {
        return secret(reader, secrets).map(ClientAuth::SecretPost);
    }
    if !secrets.are_absent() {
        reader.wrong(secrets.spot(), "is given beside `client_key`", "keep one of the two");
    }
    certified(reader, keys).map(ClientAuth::PrivateKey)
}

/// An address without a slash at its end.
fn text(field: Field<WebUrl>, default: &str) -> String {
    field.given().map_or_else(|| default.to_owned(), |WebUrl(url)| url.as_str().trim_end_matches('/').to_owned())
}

fn scopes(reader: &Reader<'_>, field: Field<List<Scope>>, groups: Groups) -> Vec<String> {
    if !field.is_absent() {
        return super::oidc::scopes(reader, field);
    }
    let mut scopes = ["openid", "profile", "email"].map(str::to_owned).to_vec();
    if groups == Groups::Groups {
        scopes.push("User.Read".to_owned());
    }
    scopes
}

//! Providers of kind `google`.

use schemars::JsonSchema;

use super::client::secret;
use super::values::{ClientId, Issuer, Prompt};
use super::{Module, Own, ProviderKind};
use crate::config::access::Domain;
use crate::config::read::{Field, Keys, List, Reader, keys};
use crate::config::secret::{PathText, SecretKeys, SecretText, VariableName};
use crate::provider::google::{Google, ISSUER};
use crate::provider::oidc::ClientAuth;

/// This kind, for the table of kinds.
pub(super) const MODULE: Module = Module {
    read: |table| {
        let keys = GoogleKeys::take(table);
        Box::new(move |reader, _, own| keys.check(reader, own))
    },
    schema: |generator| GoogleKeys::json_schema(generator),
};

keys! {
    /// A provider of kind `google`: Google accounts, of Workspace organisations or of anybody. An address counts as verified only
    /// where Google is in charge of it: at `gmail.com`, or of an organisation.
    GoogleKeys {
        /// The OAuth client's id. Required.
        #[schemars(extend("examples" = ["123-abc.apps.googleusercontent.com"]))]
        client_id: ClientId,
        /// The client's secret. Better in a file or a variable than here. Required in one of the three.
        client_secret: SecretText,
        /// A file that holds `client_secret` alone; a newline at its end does not count.
        client_secret_file: PathText,
        /// The name of an environment variable that holds `client_secret`.
        client_secret_env: VariableName,
        /// Primary domains of the Workspace organisations whose accounts are admitted, by the claim `hd`. Empty: any Google account.
        #[schemars(extend("default" = []))]
        hosted_domains: List<Domain>,
        /// OpenID's `prompt`: `select_account`, `consent`, both with a space between, or `none`; `""` leaves it to Google.
        #[schemars(extend("default" = ""))]
        prompt: Prompt,
        /// Whom Google should expect, by `login_hint`; `""` for nobody.
        #[schemars(extend("default" = ""))]
        login_hint: String,
        /// The issuer: another than Google's own is for a stand-in in tests.
        #[schemars(extend("default" = "https://accounts.google.com"))]
        issuer: Issuer,
    }
}

impl GoogleKeys {
    fn check(self, reader: &Reader<'_>, own: Own) -> Option<(ProviderKind, String)> {
        let client_id = self.client_id.required(reader, r#"client_id = "….apps.googleusercontent.com""#);
        let keys =
            SecretKeys { value: self.client_secret, file: self.client_secret_file, variable: self.client_secret_env };
        let client_auth = secret(reader, keys).map(ClientAuth::SecretPost);
        let (issuer, domains_are_wrong) = (self.issuer.given(), matches!(self.hosted_domains, Field::Wrong(_)));
        let domains = self.hosted_domains.given().map_or_else(Vec::new, List::into_values);
        let google = Google {
            id: own.id,
            issuer: issuer.map_or_else(|| ISSUER.to_owned(), |issuer| issuer.text),
            client_id: client_id?.0,
            client_auth: client_auth?,
            redirect_uri: own.redirect_uri,
            hosted_domains: domains.into_iter().map(Domain::into_text).collect(),
            prompt: self.prompt.given().and_then(|Prompt(prompt)| prompt),
            login_hint: self.login_hint.given().filter(|hint| !hint.is_empty()),
        };
        (!domains_are_wrong).then(|| (ProviderKind::Google(google.into()), "Google".to_owned()))
    }
}

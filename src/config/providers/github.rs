//! Providers of kind `github`.

use schemars::JsonSchema;
use url::Url;

use super::client::secret;
use super::values::{ClientId, Scope};
use super::{Module, Own, ProviderKind};
use crate::config::address::WebUrl;
use crate::config::read::{At, Fault, Field, Keys, List, Reader, Spot, keys, quoted, text_type};
use crate::config::secret::{PathText, SecretKeys, SecretText, VariableName};
use crate::provider::github::{READ_ORG, Settings, api_url};

/// This kind, for the table of kinds.
pub(super) const MODULE: Module = Module {
    read: |table| {
        let keys = GitHubKeys::take(table);
        Box::new(move |reader, spot, own| keys.check(reader, spot, own))
    },
    schema: |generator| GitHubKeys::json_schema(generator),
};

/// Where people log in, unless it says otherwise.
const GITHUB: &str = "https://github.com";

keys! {
    /// A provider of kind `github`: GitHub.com, GHE.com, or a GitHub Enterprise Server. A person is their numeric id. Groups are `org`
    /// and `org/team`.
    GitHubKeys {
        /// The OAuth App's client id. Required.
        client_id: ClientId,
        /// The app's client secret. Better in a file or a variable than here. Required in one of the three.
        client_secret: SecretText,
        /// A file that holds `client_secret` alone; a newline at its end does not count.
        client_secret_file: PathText,
        /// The name of an environment variable that holds `client_secret`.
        client_secret_env: VariableName,
        /// Where people log in.
        #[schemars(extend("default" = "https://github.com"))]
        base_url: WebUrl,
        /// The REST API. Default: `https://api.github.com`, that of the same name at GHE.com, or `/api/v3` of a server of one's own.
        #[schemars(extend("examples" = ["https://api.github.com"]))]
        api_url: WebUrl,
        /// Members of one of these organisations are admitted, and only these become groups. Empty: anybody with an account.
        #[schemars(extend("default" = []))]
        organizations: List<Organization>,
        /// What is asked for. Without `read:org` there are no groups.
        #[schemars(extend("default" = ["user:email", "read:org"]))]
        scopes: List<Scope>,
    }
}

/// An organisation's name, as in its address.
#[derive(Clone, Debug)]
pub(in crate::config) struct Organization(String);

impl Organization {
    fn parse(text: &str) -> Result<Self, Fault> {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if text.is_empty() || text.len() > 100 || !text.chars().all(fits) {
            let remedy = "give its name as in its address, https://github.com/NAME";
            return Err(Fault::new(format!("{} is no organisation's name", quoted(text)), remedy));
        }
        Ok(Self(text.to_owned()))
    }
}

text_type!(Organization, "Organization", { "pattern": "^[A-Za-z0-9_-]{1,100}$" });

impl GitHubKeys {
    fn check(self, reader: &Reader<'_>, spot: &Spot, own: Own) -> Option<(ProviderKind, String)> {
        let client_id = self.client_id.required(reader, r#"client_id = "Iv…""#);
        let keys =
            SecretKeys { value: self.client_secret, file: self.client_secret_file, variable: self.client_secret_env };
        let client_secret = secret(reader, keys);
        let github: Url = GITHUB.parse().expect("an address");
        let base = self.base_url.given().map_or(github, |WebUrl(url)| url);
        let api = self.api_url.given().map(|WebUrl(url)| url).or_else(|| api_url(&base));
        if api.is_none() {
            reader.wrong(&spot.below("base_url"), "has no API that could be found", "give `api_url` too");
        }
        let scopes = scopes(self.scopes);
        let organizations = organizations(reader, self.organizations, &scopes)?;
        let name = if base.host_str() == Some("github.com") { "GitHub".to_owned() } else { host(&base) };
        let settings = Settings {
            id: own.id,
            base_url: base,
            api_url: api?,
            client_id: client_id?.0,
            client_secret: client_secret?,
            redirect_uri: own.redirect_uri,
            scopes,
            organizations,
        };
        Some((ProviderKind::GitHub(settings), name))
    }
}

fn host(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}

fn scopes(field: Field<List<Scope>>) -> Vec<String> {
    field.given().map_or_else(
        || ["user:email", READ_ORG].map(str::to_owned).to_vec(),
        |list| list.into_values().into_iter().map(|Scope(scope)| scope).collect(),
    )
}

/// A wrong name is no reason to admit anybody.
fn organizations(reader: &Reader<'_>, field: Field<List<Organization>>, scopes: &[String]) -> Option<Vec<String>> {
    match field {
        Field::Absent(_) => Some(Vec::new()),
        Field::Wrong(_) => None,
        Field::Given(At { value, spot }) => {
            let names: Vec<_> = value.into_values().into_iter().map(|Organization(name)| name).collect();
            if !names.is_empty() && !scopes.iter().any(|scope| scope == READ_ORG) {
                let remedy = format!("add `{READ_ORG}` to `scopes`, or leave `scopes` out");
                reader.wrong(&spot, "cannot be found out by these `scopes`", remedy);
            }
            Some(names)
        }
    }
}

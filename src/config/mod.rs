//! The operator's file, read and checked into a value.
//!
//! Takes the text of `roomkey.toml` and the environment, gives a [`Config`] made of the types that the steps of a login work with,
//! or a [`Report`] of everything that is wrong, each with its place and its remedy. What is merely doubtful comes as warnings.
//! Nothing of it is checked again later.

mod access;
mod address;
mod audit;
mod branding;
mod compat;
mod log;
mod meeting;
mod period;
mod providers;
mod read;
mod schema;
mod secret;
mod server;
mod session;
mod signing;
mod store;
#[cfg(test)]
mod tests;

pub use address::{NotAPublicUrl, PublicUrl};
pub use audit::Audit;
pub use log::{Log, LogFormat, LogLevel};
pub use providers::{ProviderConfig, ProviderKind};
pub use read::{Environment, FileError, Line, MAX_FILE_BYTES, Mistake, Place, Report};
pub use schema::schema;
pub use server::Server;
pub use session::Session;
pub use signing::Signing;
pub use store::{SessionsUrl, Store, StoreUrl};

use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};

use crate::branding::Branding;
use crate::inline::Inline;
use crate::jitsi::Meeting;
use crate::policy::Rule;
use crate::provider::FormerClients;
use crate::roster::RosterFile;

use access::AccessKeys;
use address::WebUrl;
use audit::AuditKeys;
use branding::BrandingKeys;
use compat::CompatKeys;
use log::LogKeys;
use meeting::{Deployment, MeetingKeys};
use providers::ProviderKeys;
use read::{Field, Keys, Node, Reader, Source, Table, Tables, keys};
use server::ServerKeys;
use session::SessionKeys;
use store::StoreKeys;

/// A file to begin with: every key with its comment.
pub const EXAMPLE: &str = include_str!("../../roomkey.example.toml");

/// Everything that the operator decides, checked.
#[derive(Debug)]
pub struct Config {
    /// Where browsers reach Roomkey.
    pub public_url: PublicUrl,
    /// Where it listens.
    pub server: Server,
    /// The Jitsi Meet deployment.
    pub meeting: Meeting,
    /// Its front end, if that logs people in by itself.
    pub inline: Option<Inline>,
    /// What signs its tokens.
    pub signing: Signing,
    /// The secret that Prosody shares with it, for `roomkey jitsi print`; `None` for private keys.
    pub shared_secret: Option<SecretString>,
    /// Logins under way and people who are signed in.
    pub session: Session,
    /// What outlasts a restart.
    pub store: Store,
    /// What is recorded of attempts.
    pub audit: Audit,
    /// Where people log in, in the order of the file.
    pub providers: Vec<ProviderConfig>,
    /// Who may enter what, in the order of the file.
    pub rules: Vec<Rule>,
    /// Lists of members, each with the number of its rule, counted from 0.
    pub rosters: Vec<(usize, RosterFile)>,
    /// Which providers have redirect URIs of other programs.
    pub former_clients: FormerClients,
    /// How the pages look and what they say.
    pub branding: Branding,
    /// What is written to standard error.
    pub log: Log,
}

/// A file that is right.
#[derive(Debug)]
pub struct Loaded {
    /// What it says.
    pub config: Config,
    /// What is allowed and yet probably not meant.
    pub warnings: Report,
}

/// Why there is no configuration: the operator must act.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The file cannot be read.
    #[error("no configuration")]
    File(#[from] FileError),
    /// It is wrong.
    #[error("{} in {}", mistakes(.0), .0.file().display())]
    Wrong(#[source] Report),
}

keys! {
    /// The operator's file.
    RootKeys {
        /// Where browsers reach Roomkey; every URL that it hands out starts with it. `https`, or `http` on a loopback host; it may
        /// have a path. Required.
        #[schemars(extend("examples" = ["https://sso.example.com"]))]
        public_url: WebUrl,
        /// Section `[server]`.
        server: ServerKeys,
        /// Section `[meeting]`.
        meeting: MeetingKeys,
        /// Section `[session]`.
        session: SessionKeys,
        /// Section `[store]`.
        store: StoreKeys,
        /// Section `[audit]`.
        audit: AuditKeys,
        /// Section `[branding]`.
        branding: BrandingKeys,
        /// Section `[compat]`.
        compat: CompatKeys,
        /// Section `[log]`.
        log: LogKeys,
        /// The providers, `[[providers]]`, in the order in which they are offered. At least one is required.
        providers: Tables<ProviderKeys>,
        /// The rules, `[[access]]`, in the order in which they are tried. At least one is required: whoever no rule fits is refused.
        access: Tables<AccessKeys>,
    }
}

impl Config {
    /// Where the file is: what the command line says, else `$ROOMKEY_CONFIG`, else `roomkey.toml` in the working folder.
    pub fn location(argument: Option<PathBuf>, environment: &Environment) -> PathBuf {
        let variable = || environment.get("ROOMKEY_CONFIG").filter(|path| !path.is_empty()).map(PathBuf::from);
        argument.or_else(variable).unwrap_or_else(|| PathBuf::from("roomkey.toml"))
    }

    /// Reads and checks a file and whatever files it names.
    ///
    /// # Errors
    /// [`LoadError`] with every mistake; the operator mends them and starts again.
    pub fn load(path: &Path, environment: &Environment) -> Result<Loaded, LoadError> {
        Self::check(&Source::read(path)?, environment).map_err(LoadError::Wrong)
    }

    /// The same for a text that was read already, or is yet to be written; `path` says where it will stand.
    ///
    /// # Errors
    /// A [`Report`] with every mistake.
    pub fn check_text(path: &Path, text: String, environment: &Environment) -> Result<Loaded, Report> {
        Self::check(&Source::new(path.to_owned(), text), environment)
    }

    fn check(source: &Source, environment: &Environment) -> Result<Loaded, Report> {
        let refuse = |mistakes| Report::new(source.path().to_owned(), mistakes);
        let reader = Reader::new(source, environment);
        let mut table = Table::root(&reader, Node::parse(source).map_err(refuse)?);
        let keys = RootKeys::take(&mut table);
        table.finish();
        reader.check_variables();
        let config = keys.check(&reader);
        let (mistakes, warnings) = reader.into_reports();
        match config {
            Some(config) if mistakes.is_empty() => Ok(Loaded { config, warnings }),
            _ => Err(mistakes),
        }
    }
}

impl RootKeys {
    /// Every section is checked, whatever became of those before it.
    fn check(self, reader: &Reader<'_>) -> Option<Config> {
        let public_url = self.public_url.required(reader, r#"public_url = "https://sso.example.com""#);
        let public_url = public_url.as_ref().map(PublicUrl::new);
        let server = self.server.given().map(|server| server.check(reader));
        let (meeting, signing) = self.meeting.given().map(|meeting| meeting.check(reader)).unzip();
        let signing = signing.and_then(Field::given).map(|signing| signing.check(reader));
        let signing_secrets = signing.as_ref().map_or(&[][..], |signing| &signing.secrets);
        let session = self.session.given().and_then(|session| session.check(reader, signing_secrets));
        let store = self.store.given().map(|store| store.check(reader));
        let audit = self.audit.given().map(|audit| audit.check(reader));
        let branding = self.branding.given().map(|branding| branding.check(reader));
        let log = self.log.given().map(|log| log.check(reader));
        let provider_lines =
            "[[providers]]` with `id`, `kind` and what the kind needs, or start from `roomkey config example";
        let providers = some(reader, self.providers, provider_lines);
        let are_readable = providers.is_some();
        let compat = self.compat.given().map(CompatKeys::read);
        let former = compat.as_ref().map(compat::Written::former).unwrap_or_default();
        let providers = providers::check(reader, providers.unwrap_or_default(), public_url.as_ref(), &former);
        compat.filter(|_| are_readable).inspect(|compat| compat.check(reader, &providers));
        let guests: Vec<_> = providers.guests().collect();
        let known = access::Known { providers: providers.ids.as_deref().filter(|_| are_readable), guests: &guests };
        let access_lines = "[[access]]` with `rooms = [\"*\"]` and `role = \"participant\"";
        let access::Checked { rules, rosters } =
            access::check(reader, some(reader, self.access, access_lines).unwrap_or_default(), &known);
        let Deployment { meeting, inline } = meeting.flatten()?;
        Some(Config {
            public_url: public_url?,
            server: server?,
            shared_secret: signing_secrets.first().and_then(as_text),
            meeting,
            inline,
            signing: signing?.signing?,
            session: session?,
            store: store?,
            audit: audit?,
            providers: providers.checked,
            rules,
            rosters,
            former_clients: former,
            branding: branding?,
            log: log?,
        })
    }
}

/// A secret that can be printed.
fn as_text(secret: &secret::Secret) -> Option<SecretString> {
    std::str::from_utf8(secret.value.expose_secret()).ok().map(SecretString::from)
}

/// The tables of a list that may not be empty.
fn some<T>(reader: &Reader<'_>, field: Field<Tables<T>>, lines: &str) -> Option<Vec<read::At<T>>> {
    let at = field.required_at(reader, lines)?;
    if at.value.0.is_empty() {
        reader.wrong(&at.spot, "is an empty list", format!("add `{lines}`"));
        return None;
    }
    Some(at.value.0)
}

fn mistakes(report: &Report) -> String {
    match report.mistakes().len() {
        1 => "1 mistake".to_owned(),
        count => format!("{count} mistakes"),
    }
}

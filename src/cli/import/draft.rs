//! The file that is being written.

use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use toml::Value;
use zeroize::Zeroizing;

use super::ImportError;

/// The `id` of the provider.
pub(super) const PROVIDER: &str = "sso";

/// What the environment of another program says, in Roomkey's terms.
pub(super) struct Draft {
    /// The program.
    pub(super) program: &'static str,
    /// Its key in `[compat]`.
    pub(super) compat: &'static str,
    pub(super) public_url: String,
    pub(super) listen: String,
    pub(super) meeting_url: String,
    pub(super) app_id: String,
    pub(super) audience: String,
    /// `None`: the host of the meetings.
    pub(super) subject: Option<String>,
    pub(super) group: Option<String>,
    pub(super) skip_prejoin: bool,
    /// `None`: Roomkey's own.
    pub(super) token_lifetime: Option<String>,
    pub(super) algorithm: String,
    pub(super) signing_secret: Reference,
    pub(super) issuer: String,
    pub(super) client_id: String,
    /// `None`: a public client.
    pub(super) client_secret: Option<Reference>,
    pub(super) scopes: Vec<String>,
    pub(super) acr_values: Vec<String>,
    /// Rules before the one that lets everybody in.
    pub(super) moderators: &'static [(&'static str, &'static str)],
    /// What has no equivalent, or is different.
    pub(super) notes: Vec<String>,
}

/// Where a secret is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reference {
    Variable(String),
    File(PathBuf),
}

/// A session secret drawn for the file: none of the programs has one.
pub(super) struct SessionSecret(Zeroizing<String>);

impl SessionSecret {
    /// `None` if the system gives no random numbers.
    pub(super) fn draw() -> Option<Self> {
        let mut bytes = Zeroizing::new([0; 32]);
        aws_lc_rs::rand::fill(bytes.as_mut_slice()).ok()?;
        Some(Self(Zeroizing::new(HEXLOWER.encode(bytes.as_slice()))))
    }

    /// As it stands in the file itself.
    pub(super) fn in_clear(&self) -> String {
        let line = line("secret", self.0.as_str());
        format!("# Drawn for this file. Better in a file of its own, by `secret_file`.\n{line}")
    }
}

impl Draft {
    /// Writes the file and beside it the session secret, both for their owner alone, and gives the file's text.
    pub(super) fn write_beside(&self, path: &Path, secret: &SessionSecret) -> Result<String, ImportError> {
        let beside = path.with_extension("session-secret");
        let name = beside.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = self.text(&line("secret_file", name.as_str()));
        write_new(path, &text).map_err(|cause| ImportError::Unwritable { path: path.to_owned(), cause })?;
        match write_new(&beside, &format!("{}\n", secret.0.as_str())) {
            // Left by an import before: people who are signed in stay so.
            Err(cause) if cause.kind() != io::ErrorKind::AlreadyExists => {
                Err(ImportError::Unwritable { path: beside, cause })
            }
            _ => Ok(text),
        }
    }

    /// The text, with these lines for the session secret.
    pub(super) fn text(&self, session_secret: &str) -> String {
        let mut text = format!("# Written by `roomkey config import` from the environment of {}.\n", self.program);
        if !self.notes.is_empty() {
            text.push_str("#\n# What is different now, or has no equivalent:\n");
        }
        for note in &self.notes {
            text.push_str(&format!("# - {note}\n"));
        }
        text.push_str(&format!("\n{}", line("public_url", self.public_url.as_str())));
        text.push_str(&format!("\n[server]\n{}", line("listen", self.listen.as_str())));
        text.push_str("# trusted_proxies = [\"127.0.0.1/32\"]   # whose X-Forwarded-For is to be believed\n");
        text.push_str(&self.meeting());
        text.push_str(&format!("\n[session]\n{session_secret}"));
        text.push_str(&format!(
            "\n# Delete this section once {{public_url}}/callback/{PROVIDER} is registered at the provider and Jitsi has its new address.\n\
             [compat]\n{}",
            line(self.compat, PROVIDER)
        ));
        text.push_str(&self.provider());
        text.push_str(&self.rules());
        text
    }

    fn meeting(&self) -> String {
        let mut text = String::from("\n[meeting]\n");
        text.push_str(&line("url", self.meeting_url.as_str()));
        text.push_str(&line("app_id", self.app_id.as_str()));
        text.push_str(&line("audience", self.audience.as_str()));
        let more = [("subject", &self.subject), ("group", &self.group), ("token_lifetime", &self.token_lifetime)];
        for (key, value) in more {
            text.extend(value.as_deref().map(|value| line(key, value)));
        }
        if self.skip_prejoin {
            text.push_str(&line("skip_prejoin", true));
        }
        text.push_str(&format!("\n[meeting.signing]\n{}", line("algorithm", self.algorithm.as_str())));
        text.push_str(&self.signing_secret.line("secret"));
        text
    }

    fn provider(&self) -> String {
        let mut text = format!("\n[[providers]]\n{}{}", line("id", PROVIDER), line("kind", "oidc"));
        text.push_str(&line("issuer", self.issuer.as_str()));
        text.push_str(&line("client_id", self.client_id.as_str()));
        text.extend(self.client_secret.as_ref().map(|secret| secret.line("client_secret")));
        text.push_str(&line("scopes", self.scopes.clone()));
        if !self.acr_values.is_empty() {
            text.push_str(&line("acr_values", self.acr_values.clone()));
        }
        text
    }

    fn rules(&self) -> String {
        let mut text = String::new();
        let provider = line("providers", vec![PROVIDER.to_owned()]);
        // Neither program tells tenants apart.
        let rooms = line("rooms", ["*", "*/*"].map(Value::from).to_vec());
        for (name, claims) in self.moderators {
            let _ = write!(
                text,
                "\n[[access]]\n{}{rooms}{provider}claims = {claims}\nrole = \"moderator\"\n",
                line("name", *name)
            );
        }
        text + &format!("\n[[access]]\n{}{rooms}{provider}role = \"participant\"\n", line("name", "everybody"))
    }
}

impl Reference {
    fn line(&self, key: &str) -> String {
        match self {
            Self::Variable(name) => line(&format!("{key}_env"), name.as_str()),
            Self::File(path) => line(&format!("{key}_file"), path.to_string_lossy().as_ref()),
        }
    }
}

fn line(key: &str, value: impl Into<Value>) -> String {
    format!("{key} = {}\n", value.into())
}

fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text.as_bytes())
}

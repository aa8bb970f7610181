//! Sections `[audit.syslog]`, `[audit.file]` and `[audit.webhook]`.

use std::sync::Arc;

use url::Url;

use crate::audit::{FileSink, SyslogAddress, SyslogSink, WebhookSecret, WebhookSink};
use crate::config::address::WebUrl;
use crate::config::providers::ldap::transport::tls;
use crate::config::read::{Fault, Field, Reader, Spot, Whole, keys, text_type};
use crate::config::secret::{PathText, SecretKeys, SecretText, VariableName};

/// Size of a file after which the next one begins, in MiB, unless the file says otherwise.
const MAX_SIZE: i64 = 100;

/// Full files that are kept, unless the file says otherwise.
const KEEP_FILES: i64 = 10;

keys! {
    /// Section `[audit.syslog]`: records sent on to a syslog server, one replica at a time (RFC 5424, octet counting).
    SyslogKeys {
        /// The server: `tls://HOST:PORT` (RFC 5425), or `tcp://HOST:PORT`, which anybody on the way can read and change. Only if
        /// this is given, records are sent.
        #[schemars(extend("examples" = ["tls://logs.example.com:6514"]))]
        address: ServerText,
        /// A file of the authorities whose certificates are believed, PEM. Default: those of the system.
        ca_file: PathText,
        /// Whether what is known of people is sent, which then cannot be erased there.
        #[schemars(extend("default" = false))]
        personal: bool,
    }
}

keys! {
    /// Section `[audit.file]`: records written to a file, one JSON object a line, by each process to its own.
    FileKeys {
        /// The file. Only if this is given, records are written.
        #[schemars(extend("examples" = ["/var/log/roomkey/audit.jsonl"]))]
        path: PathText,
        /// How large it may become before the next one begins, in MiB, from 1 to 100000.
        #[schemars(extend("default" = 100))]
        max_size_mib: Whole<1, 100_000>,
        /// How many full files are kept beside it, as `FILE.1` (the latest) and so on, from 1 to 1000.
        #[schemars(extend("default" = 10))]
        keep_files: Whole<1, 1_000>,
        /// Whether what is known of people is written, which then cannot be erased there.
        #[schemars(extend("default" = false))]
        personal: bool,
    }
}

keys! {
    /// Section `[audit.webhook]`: records posted to an address, one replica at a time, signed as standardwebhooks.com has it.
    WebhookKeys {
        /// Where they are posted to: `https`, or `http` on a loopback host. Only if this is given, records are posted.
        #[schemars(extend("examples" = ["https://siem.example.com/roomkey"]))]
        url: WebUrl,
        /// The secret that signs them, which the receiver has too. Required, in one of its three forms.
        secret: SecretText,
        /// A file that holds `secret` alone; a newline at its end does not count.
        secret_file: PathText,
        /// The name of an environment variable that holds `secret`.
        secret_env: VariableName,
        /// Whether what is known of people is posted, which then cannot be erased there.
        #[schemars(extend("default" = false))]
        personal: bool,
    }
}

/// A server by TCP or TLS.
#[derive(Clone, Debug)]
pub(in crate::config) struct ServerText {
    address: SyslogAddress,
    is_tls: bool,
}

impl ServerText {
    fn parse(text: &str) -> Result<Self, Fault> {
        let remedy = "write `tls://HOST:PORT` or `tcp://HOST:PORT`";
        let url = Url::parse(text).map_err(|_| Fault::new("is no address of a server", remedy))?;
        let is_tls = match url.scheme() {
            "tls" => true,
            "tcp" => false,
            _ => return Err(Fault::new("is neither `tls` nor `tcp`", remedy)),
        };
        match (url.host_str(), url.port()) {
            (Some(host), Some(port)) if !host.is_empty() && matches!(url.path(), "" | "/") => {
                Ok(Self { address: SyslogAddress { host: host.to_owned(), port }, is_tls })
            }
            _ => Err(Fault::new("has no host, no port, or more than both", remedy)),
        }
    }
}

text_type!(ServerText, "SyslogServer", { "pattern": "^(tls|tcp)://.+:[0-9]+$" });

impl SyslogKeys {
    pub(super) fn check(self, reader: &Reader<'_>) -> Option<SyslogSink> {
        let absent = || Field::Absent(Spot::default());
        let personal = self.personal.or(false);
        let ServerText { address, is_tls } = self.address.given()?;
        let tls = match is_tls {
            true => Some(Arc::new(tls(reader, self.ca_file, absent(), absent())?)),
            false => None,
        };
        Some(SyslogSink { address, tls, personal })
    }
}

impl FileKeys {
    pub(super) fn check(self, reader: &Reader<'_>) -> Option<FileSink> {
        let Whole(mib) = self.max_size_mib.or(Whole(MAX_SIZE));
        let Whole(keep_files) = self.keep_files.or(Whole(KEEP_FILES));
        Some(FileSink {
            path: reader.path(self.path.given()?.as_str()),
            max_bytes: mib.unsigned_abs() * 1024 * 1024,
            keep_files: u32::try_from(keep_files).unwrap_or(u32::MAX),
            personal: self.personal.or(false),
        })
    }
}

impl WebhookKeys {
    pub(super) fn check(self, reader: &Reader<'_>) -> Option<WebhookSink> {
        let secret = SecretKeys { value: self.secret, file: self.secret_file, variable: self.secret_env };
        let WebUrl(url) = self.url.given()?;
        let secret = WebhookSecret::new(secret.read(reader, true).given()?);
        Some(WebhookSink { url, secret, personal: self.personal.or(false) })
    }
}

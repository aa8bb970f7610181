//! Section `[audit]`.

mod sinks;

use std::path::PathBuf;
use std::time::Duration;

use self::sinks::{FileKeys, SyslogKeys, WebhookKeys};
use super::period::Period;
use super::read::{OneOf, Reader, Word, keys};
use super::secret::PathText;
use crate::audit::{ClientAddress, Sinks};

/// How long records are kept, unless the file says otherwise.
const KEEP: Duration = Duration::from_hours(365 * 24);

/// Section `[audit]`, checked.
#[derive(Clone, Debug)]
pub struct Audit {
    /// How much of a client's address is kept.
    pub client_address: ClientAddress,
    /// How long records are kept; `None`: for ever.
    pub keep: Option<Duration>,
    /// The folder in which records wait while the store is down.
    pub journal: PathBuf,
    /// Where records are sent on to.
    pub sinks: Sinks,
}

keys! {
    /// Section `[audit]`: the record of every attempt.
    AuditKeys {
        /// How much of the network address of whoever comes is kept: `full`, `shortened` to its network (`/24` of IPv4, `/48` of IPv6),
        /// or `none`.
        #[schemars(extend("default" = "shortened"))]
        client_address: OneOf<ClientAddress>,
        /// How long records are kept, up to `3650d`; `0s` keeps them for ever. Old ones are removed some time after that, a thousand
        /// at a time.
        #[schemars(extend("default" = "365d"))]
        keep: Period<0, 315_360_000>,
        /// The folder in which records wait while the store is down, sealed; at most 64 MiB of them. It has to outlast a restart.
        /// Default: `audit-journal` in the working folder. Takes effect at a restart.
        journal: PathText,
        /// Section `[audit.syslog]`.
        syslog: SyslogKeys,
        /// Section `[audit.file]`.
        file: FileKeys,
        /// Section `[audit.webhook]`.
        webhook: WebhookKeys,
    }
}

impl Word for ClientAddress {
    const WORDS: &'static [(&'static str, Self)] =
        &[("full", Self::Full), ("shortened", Self::Shortened), ("none", Self::None)];
}

impl AuditKeys {
    pub(super) fn check(self, reader: &Reader<'_>) -> Audit {
        Audit {
            client_address: self.client_address.or(OneOf(ClientAddress::Shortened)).0,
            keep: Some(self.keep.or(Period::of(KEEP)).0).filter(|keep| !keep.is_zero()),
            sinks: Sinks {
                syslog: self.syslog.given().and_then(|syslog| syslog.check(reader)),
                file: self.file.given().and_then(|file| file.check(reader)),
                webhook: self.webhook.given().and_then(|webhook| webhook.check(reader)),
            },
            journal: self.journal.given().map_or_else(|| "audit-journal".into(), |path| reader.path(path.as_str())),
        }
    }
}

//! What the operator says of a directory.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use url::Url;

use super::dn::DnTemplate;
use super::entry::SubjectAttribute;
use super::filter::{Filter, FilterTemplate};
use super::server::Account;
use crate::provider::{ClaimMap, ProviderId};

/// A provider of kind `ldap`, checked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Its id.
    pub id: ProviderId,
    /// `ldap://` or `ldaps://`, tried in this order; at least one.
    pub servers: Vec<Url>,
    /// The servers that referrals are followed to; none: they are not followed.
    pub referrals: Vec<Url>,
    /// How all of them are reached.
    pub transport: Transport,
    /// Who looks for people and groups; `None`: nobody in particular.
    pub account: Option<Account>,
    /// How somebody's entry is told by what they type.
    pub find: Find,
    /// Where people are.
    pub base: String,
    /// What says who somebody is for good.
    pub subject: SubjectAttribute,
    /// What an entry has to fit for a session to go on.
    pub active: Option<Filter>,
    /// Which groups somebody is in.
    pub groups: Groups,
    /// From which attribute each field comes.
    pub claims: ClaimMap,
    /// Further attributes that become claims.
    pub attributes: Vec<String>,
}

/// How servers are reached.
#[derive(Clone)]
pub struct Transport {
    /// Which certificates are believed, and which is shown.
    pub tls: Arc<ClientConfig>,
    /// Whether connections of `ldap://` become encrypted before anything else.
    pub start_tls: bool,
    /// How long a connection and each answer may take.
    pub timeout: Duration,
}

/// How somebody's entry is told by what they type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Find {
    /// It is searched for, then bound to.
    Search(FilterTemplate),
    /// Its name is known.
    Bind(DnTemplate),
}

/// Which groups somebody is in, beside those that their own entry names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Groups {
    /// Where groups are; those elsewhere do not count.
    pub base: Option<String>,
    /// How groups are found by the DN of a member; `None`: by the member's entry alone.
    pub filter: Option<FilterTemplate>,
    /// Whether groups of groups count, too.
    pub nested: bool,
    /// How a group is called in rules.
    pub called_by: CalledBy,
}

/// How a group is called in rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CalledBy {
    /// By the first part of its DN: `board`.
    Name,
    /// By its whole DN, as the directory spells it.
    Dn,
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport")
            .field("start_tls", &self.start_tls)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

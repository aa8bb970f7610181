//! What there is to record.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::login::LoginId;
use crate::policy::Role;
use crate::provider::{ProviderId, VerifiedIdentity};
use crate::room::JoinRequest;

/// What became of an attempt, or what else was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// Somebody was let in.
    Entered,
    /// A rule, or that there is none, kept somebody out.
    Refused,
    /// Nobody was verified, or there was no token.
    Failed,
    /// Jitsi's inline login was given tokens, the first or the next.
    Renewed,
    /// Sessions ended, by their owner or by the provider.
    LoggedOut,
    /// A pass was made.
    PassMade,
    /// A pass let somebody in.
    PassUsed,
    /// A pass was withdrawn.
    PassWithdrawn,
    /// The operator changed something.
    SettingsChanged,
    /// What is known of a person was made unreadable.
    Erased,
    /// Records were removed for their age.
    Trimmed,
    /// The chain was found changed by somebody else.
    Tampered,
}

/// Something to record. Begins with [`Event::new`]; what it has not is left out.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Event {
    pub(super) outcome: Outcome,
    pub(super) reference: String,
    pub(super) room: String,
    pub(super) tenant: String,
    pub(super) provider: String,
    pub(super) rule: String,
    pub(super) role: String,
    pub(super) reason: String,
    pub(super) detail: String,
    pub(super) person: Option<Person>,
    pub(super) client: Client,
}

/// Where a request came from.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// Its network address, whole: how much of it is kept is decided by [`ClientAddress`].
    pub address: Option<IpAddr>,
    /// Family of browser and system ([`device`](crate::session::device)).
    pub device: String,
}

/// Who an event is about. Does not print.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub(super) provider: String,
    pub(super) subject: String,
    pub(super) name: Option<String>,
    pub(super) email: Option<String>,
    pub(super) groups: Vec<String>,
    pub(super) is_guest: bool,
}

/// How much of a client's address is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientAddress {
    /// All of it.
    Full,
    /// Its network: `/24` of IPv4, `/48` of IPv6.
    Shortened,
    /// Nothing.
    None,
}

/// Most bytes of a detail, and of any other text that comes from outside.
const MAX_TEXT: usize = 512;

/// Most groups of a person that are kept.
const MAX_GROUPS: usize = 20;

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Entered,
        Self::Refused,
        Self::Failed,
        Self::Renewed,
        Self::LoggedOut,
        Self::PassMade,
        Self::PassUsed,
        Self::PassWithdrawn,
        Self::SettingsChanged,
        Self::Erased,
        Self::Trimmed,
        Self::Tampered,
    ];

    /// Its word in the store and in exports.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Entered => "entered",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Renewed => "renewed",
            Self::LoggedOut => "logged_out",
            Self::PassMade => "pass_made",
            Self::PassUsed => "pass_used",
            Self::PassWithdrawn => "pass_withdrawn",
            Self::SettingsChanged => "settings_changed",
            Self::Erased => "erased",
            Self::Trimmed => "trimmed",
            Self::Tampered => "tampered",
        }
    }

    /// Whether somebody gets something by it, which they may not before it is recorded.
    pub(super) fn is_grant(self) -> bool {
        match self {
            Self::Entered | Self::Renewed | Self::PassMade | Self::PassUsed => true,
            Self::Refused
            | Self::Failed
            | Self::LoggedOut
            | Self::PassWithdrawn
            | Self::SettingsChanged
            | Self::Erased
            | Self::Trimmed
            | Self::Tampered => false,
        }
    }
}

impl Event {
    /// Something that is known to the visitor and in the log by this `reference`.
    pub fn new(outcome: Outcome, reference: LoginId) -> Self {
        Self {
            outcome,
            reference: reference.to_string(),
            room: String::new(),
            tenant: String::new(),
            provider: String::new(),
            rule: String::new(),
            role: String::new(),
            reason: String::new(),
            detail: String::new(),
            person: None,
            client: Client::default(),
        }
    }

    /// An attempt that has not led into the meeting.
    pub fn failed(failure: Failure, reference: LoginId) -> Self {
        let outcome = match failure {
            Failure::RoomClosed | Failure::NoRule | Failure::RuleDenies | Failure::GrantEnded => Outcome::Refused,
            _ => Outcome::Failed,
        };
        Self::new(outcome, reference).reason(failure.code())
    }

    /// The meeting it is about.
    pub fn meeting(mut self, request: &JoinRequest) -> Self {
        request.room.as_str().clone_into(&mut self.room);
        self.tenant = request.tenant.as_ref().map_or_else(String::new, |tenant| tenant.as_str().to_owned());
        self
    }

    /// The provider it is about.
    pub fn provider(mut self, provider: &ProviderId) -> Self {
        provider.as_str().clone_into(&mut self.provider);
        self
    }

    /// The rule that decided.
    pub fn rule(mut self, rule: &str) -> Self {
        self.rule = cut(rule).to_owned();
        self
    }

    /// As what somebody was let in.
    pub fn role(mut self, role: Role) -> Self {
        self.role = role.to_string();
        self
    }

    /// Why, by a word that stays the same over versions.
    pub fn reason(mut self, code: &'static str) -> Self {
        code.clone_into(&mut self.reason);
        self
    }

    /// More about it, for people to read; nothing of a person may stand in it. Cut after 512 bytes.
    pub fn detail(mut self, detail: &str) -> Self {
        self.detail = cut(detail).to_owned();
        self
    }

    /// Who it is about.
    pub fn person(mut self, person: Option<Person>) -> Self {
        self.person = person;
        self
    }

    /// Where the request came from.
    pub fn client(mut self, client: Client) -> Self {
        self.client = client;
        self
    }
}

impl Person {
    /// What is recorded of somebody: who they are, and not what they are in, unless that is why they were [refused](Self::with_groups).
    pub fn of(identity: &VerifiedIdentity) -> Self {
        Self {
            provider: identity.provider().to_string(),
            subject: identity.subject().as_str().to_owned(),
            name: identity.name().map(|name| cut(name).to_owned()),
            email: identity.email().map(|email| cut(email).to_owned()),
            groups: Vec::new(),
            is_guest: identity.is_guest(),
        }
    }

    /// With the first of their groups, for an operator who looks into a refusal.
    pub fn with_groups(mut self, identity: &VerifiedIdentity) -> Self {
        self.groups = identity.groups().iter().take(MAX_GROUPS).map(|group| cut(group).to_owned()).collect();
        self
    }

    /// Somebody of whom a provider says no more than who they are there.
    pub fn known_as(provider: &ProviderId, subject: &str) -> Self {
        Self {
            provider: provider.to_string(),
            subject: subject.to_owned(),
            name: None,
            email: None,
            groups: Vec::new(),
            is_guest: false,
        }
    }
}

impl ClientAddress {
    /// What is kept of `address`.
    pub(super) fn keep(self, address: IpAddr) -> Option<String> {
        match (self, address) {
            (Self::None, _) => None,
            (Self::Full, address) => Some(address.to_string()),
            (Self::Shortened, IpAddr::V4(address)) => {
                Some(format!("{}/24", Ipv4Addr::from_bits(address.to_bits() & (!0 << 8))))
            }
            (Self::Shortened, IpAddr::V6(address)) => {
                Some(format!("{}/48", Ipv6Addr::from_bits(address.to_bits() & (!0 << 80))))
            }
        }
    }
}

/// The beginning of `text` that is kept.
fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(MAX_TEXT)]
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Person").field("provider", &self.provider).finish_non_exhaustive()
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("device", &self.device).finish_non_exhaustive()
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shortened_address_is_that_of_a_network() {
        let keep = |kind: ClientAddress, address: &str| kind.keep(address.parse().unwrap());

        assert_eq!(keep(ClientAddress::Shortened, "198.51.100.77").as_deref(), Some("198.51.100.0/24"));
        assert_eq!(keep(ClientAddress::Shortened, "2001:db8:1:2:3::4").as_deref(), Some("2001:db8:1::/48"));
        assert_eq!(keep(ClientAddress::Full, "2001:db8:1:2:3::4").as_deref(), Some("2001:db8:1:2:3::4"));
        assert_eq!(keep(ClientAddress::None, "198.51.100.77"), None);
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        let event = Event::new(Outcome::Failed, LoginId::random()).detail(&"ä".repeat(400));

        assert_eq!(event.detail, "ä".repeat(256));
    }

    #[test]
    fn a_person_and_a_client_do_not_print() {
        let person = Person::known_as(&"work".parse().unwrap(), "u-1");
        let client = Client { address: "198.51.100.77".parse().ok(), device: "Firefox".to_owned() };

        let printed = format!("{person:?} {client:?}");

        assert_eq!(printed, "Person { provider: \"work\", .. } Client { device: \"Firefox\", .. }");
    }
}

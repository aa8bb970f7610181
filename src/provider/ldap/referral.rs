//! Referrals: another server has a part of the directory (RFC 4511, sections 4.1.10 and 4.5.3).
//!
//! A server may name whichever other it likes. Followed are those to servers that the operator has named, and to the address that the
//! operator wrote, so that no server can lead Roomkey, or somebody's password, elsewhere or into the clear. What is looked for stays what
//! it was: of the referral, place and scope count alone.

use ldap3::Scope;
use percent_encoding::percent_decode_str;
use url::Url;

use super::server::Search;

/// How many servers one look may be handed on by, one after the other.
pub(super) const MOST_HOPS: usize = 3;

/// How many referrals one look may follow in all.
pub(super) const MOST: usize = 16;

/// Longest referral that is read, in bytes.
const MAX_BYTES: usize = 4096;

/// Where a server says that more is (RFC 4516).
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Referral {
    host: String,
    port: Option<u16>,
    base: Option<String>,
    scope: Option<Scope>,
}

impl Referral {
    /// Reads an LDAP URL; `None` for anything else, and for one with an extension that has to be understood.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let url = (text.len() <= MAX_BYTES).then(|| Url::parse(text).ok())??;
        if !matches!(url.scheme(), "ldap" | "ldaps") {
            return None;
        }
        let base = percent_decode_str(url.path().trim_start_matches('/')).decode_utf8().ok()?.into_owned();
        let mut parts = url.query().unwrap_or_default().splitn(4, '?').skip(1);
        let scope = match parts.next().unwrap_or_default() {
            "" => None,
            "base" => Some(Scope::Base),
            "one" => Some(Scope::OneLevel),
            "sub" => Some(Scope::Subtree),
            _ => return None,
        };
        if parts.nth(1).is_some_and(|extensions| extensions.split(',').any(|extension| extension.starts_with('!'))) {
            return None;
        }
        let host = url.host_str().filter(|host| !host.is_empty())?.to_ascii_lowercase();
        Some(Self { host, port: url.port(), base: Some(base).filter(|base| !base.is_empty()), scope })
    }

    /// Whether the server of this address, which the operator wrote, is meant. A referral without a port is to the host as such.
    pub(super) fn leads_to(&self, server: &Url) -> bool {
        let standard = if server.scheme() == "ldaps" { 636 } else { 389 };
        let is_host = server.host_str().is_some_and(|host| host.eq_ignore_ascii_case(&self.host));
        is_host && self.port.is_none_or(|port| port == server.port().unwrap_or(standard))
    }

    /// What is looked for there.
    pub(super) fn search(&self, search: &Search) -> Search {
        let base = self.base.clone().unwrap_or_else(|| search.base.clone());
        Search { base, scope: self.scope.unwrap_or(search.scope), ..search.clone() }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::filter::Filter;
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn leads(referral: &str, server: &str) -> bool {
        Referral::parse(referral).is_some_and(|referral| referral.leads_to(&url(server)))
    }

    fn search() -> Search {
        let base = "dc=example,dc=com".to_owned();
        Search { base, scope: Scope::Subtree, filter: Filter::any(), attributes: vec!["cn".to_owned()], limit: 2 }
    }

    #[test]
    fn a_referral_leads_to_the_server_that_it_names_and_to_no_other() {
        for (referral, server, leads_there) in [
            ("ldap://eu.example.com/dc=example", "ldaps://eu.example.com", true),
            ("ldap://EU.example.com", "ldaps://eu.example.com:3269", true),
            ("ldap://eu.example.com:389/", "ldap://eu.example.com", true),
            ("ldaps://eu.example.com:636/", "ldaps://eu.example.com", true),
            // An address of its own in the clear, where the operator has one by TLS.
            ("ldap://eu.example.com:389/", "ldaps://eu.example.com", false),
            ("ldap://eu.example.com.evil.test/", "ldaps://eu.example.com", false),
            ("ldap://evil.test/eu.example.com", "ldaps://eu.example.com", false),
            ("ldap://eu.example.com@evil.test/", "ldaps://eu.example.com", false),
            ("ldap:///dc=example", "ldaps://eu.example.com", false),
            ("http://eu.example.com/", "ldaps://eu.example.com", false),
        ] {
            assert_eq!(leads(referral, server), leads_there, "{referral} to {server}");
        }
    }

    #[test]
    fn place_and_scope_are_the_referrals_and_all_else_stays() {
        let there = |text: &str| {
            let Search { base, scope, filter, attributes, limit } = Referral::parse(text).unwrap().search(&search());
            assert_eq!((filter.as_str(), attributes.as_slice(), limit), ("(objectClass=*)", &["cn".to_owned()][..], 2));
            (base, scope)
        };

        assert_eq!(
            there("ldap://eu.example.com/ou=people%20here,dc=example?uid?base?(uid=*)"),
            ("ou=people here,dc=example".to_owned(), Scope::Base)
        );
        assert_eq!(there("ldap://eu.example.com"), ("dc=example,dc=com".to_owned(), Scope::Subtree));
        assert_eq!(there("ldap://eu.example.com/o=x??one"), ("o=x".to_owned(), Scope::OneLevel));
    }

    #[test]
    fn what_has_to_be_understood_and_is_not_is_no_referral() {
        assert_eq!(Referral::parse("ldap://eu.example.com/o=x??sub??!bindname=cn=admin"), None);
        assert_eq!(Referral::parse("ldap://eu.example.com/o=x??everything"), None);
        assert_eq!(Referral::parse(&format!("ldap://eu.example.com/{}", "x".repeat(MAX_BYTES))), None);
        assert!(Referral::parse("ldap://eu.example.com/o=x??sub??bindname=cn=admin").is_some());
    }

    proptest! {
        #[test]
        fn no_text_panics_or_leads_to_a_server_that_it_does_not_name(text: String) {
            prop_assert!(!leads(&text, "ldaps://a-server-of-the-operators.example.com"));
        }
    }
}

//! What is usual in a directory of each kind.

use crate::config::read::Word;
use crate::provider::ldap::{Filter, FilterTemplate, Place};
use crate::provider::{ClaimMap, ClaimSource, EmailVerified};

/// Which directory it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::config) enum Preset {
    ActiveDirectory,
    OpenLdap,
    FreeIpa,
    Lldap,
}

impl Word for Preset {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("active_directory", Self::ActiveDirectory),
        ("openldap", Self::OpenLdap),
        ("freeipa", Self::FreeIpa),
        ("lldap", Self::Lldap),
    ];
}

/// Defaults of a preset.
pub(in crate::config) struct Standard {
    pub(super) user_filter: &'static str,
    pub(super) subject: &'static str,
    pub(super) active_filter: Option<&'static str>,
    pub(super) group_filter: Option<&'static str>,
    pub(super) nested: bool,
    pub(super) claims: ClaimMap,
}

/// The defaults.
pub(super) fn standard(preset: Preset) -> Standard {
    let claims = |names: &[&str]| ClaimSource(names.iter().map(|&name| name.to_owned()).collect());
    let of_all = ClaimMap {
        name: claims(&["displayName", "cn"]),
        email: claims(&["mail"]),
        email_verified: EmailVerified::Always(false),
        avatar: claims(&[]),
        groups: claims(&["memberOf"]),
    };
    match preset {
        Preset::ActiveDirectory => Standard {
            user_filter: "(&(objectCategory=person)(objectClass=user)(|(sAMAccountName={name})(userPrincipalName={name})))",
            subject: "objectGUID",
            // LDAP_MATCHING_RULE_BIT_AND with ADS_UF_ACCOUNTDISABLE (MS-ADTS, sections 3.1.1.3.4.4.1 and 2.2.16).
            active_filter: Some("(!(userAccountControl:1.2.840.113556.1.4.803:=2))"),
            // LDAP_MATCHING_RULE_TRANSITIVE_EVAL (section 3.1.1.3.4.4.3): the server itself looks into groups of groups.
            group_filter: Some("(&(objectClass=group)(member:1.2.840.113556.1.4.1941:={dn}))"),
            nested: false,
            claims: of_all,
        },
        Preset::OpenLdap => Standard {
            user_filter: "(&(objectClass=inetOrgPerson)(uid={name}))",
            subject: "entryUUID",
            active_filter: None,
            group_filter: Some("(|(member={dn})(uniqueMember={dn}))"),
            nested: true,
            claims: of_all,
        },
        // Its `memberOf` has groups of groups already.
        Preset::FreeIpa => Standard {
            user_filter: "(&(objectClass=person)(uid={name}))",
            subject: "ipaUniqueID",
            active_filter: Some("(!(nsAccountLock=TRUE))"),
            group_filter: None,
            nested: false,
            claims: of_all,
        },
        Preset::Lldap => Standard {
            user_filter: "(&(objectClass=person)(|(uid={name})(mail={name})))",
            subject: "entryUUID",
            active_filter: None,
            group_filter: None,
            nested: false,
            claims: of_all,
        },
    }
}

/// A filter of a preset.
pub(super) fn filter(text: &str) -> Filter {
    text.parse().expect("it is a filter, as a test shows")
}

/// A filter of a preset with a place in it.
pub(super) fn template(text: &str, place: Place) -> FilterTemplate {
    FilterTemplate::new(text, place).expect("it is a filter with a place, as a test shows")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_is_made_of_filters() {
        for (_, preset) in Preset::WORDS {
            let standard = standard(*preset);

            template(standard.user_filter, Place::Name);
            standard.group_filter.map(|text| template(text, Place::Dn));
            standard.active_filter.map(filter);
        }
    }
}

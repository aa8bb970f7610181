//! What is usual at an identity provider of each kind.

use crate::config::read::Word;
use crate::provider::saml::SubjectSource;
use crate::provider::{ClaimMap, ClaimSource, EmailVerified};

/// Which provider it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::config) enum Preset {
    EduPerson,
    Entra,
    Adfs,
    Okta,
    Keycloak,
}

impl Word for Preset {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("eduperson", Self::EduPerson),
        ("entra", Self::Entra),
        ("adfs", Self::Adfs),
        ("okta", Self::Okta),
        ("keycloak", Self::Keycloak),
    ];
}

/// Defaults of a preset.
pub(super) struct Standard {
    pub(super) subject: SubjectSource,
    pub(super) claims: ClaimMap,
}

/// The defaults.
pub(super) fn standard(preset: Preset) -> Standard {
    match preset {
        // eduPerson 202208, section 3, and the LDAP attributes of RFC 4519 and RFC 4524 by their OIDs.
        Preset::EduPerson => Standard {
            subject: SubjectSource::NameId,
            claims: claims(
                &["urn:oid:2.16.840.1.113730.3.1.241", "displayName", "urn:oid:2.5.4.3", "cn"],
                &["urn:oid:0.9.2342.19200300.100.1.3", "mail"],
                &[
                    "urn:oid:1.3.6.1.4.1.5923.1.5.1.1",
                    "isMemberOf",
                    "urn:oid:1.3.6.1.4.1.5923.1.1.1.9",
                    "eduPersonScopedAffiliation",
                ],
            ),
        },
        // Microsoft identity platform, "Customize SAML token claims".
        Preset::Entra => Standard {
            subject: SubjectSource::Attribute(
                "http://schemas.microsoft.com/identity/claims/objectidentifier".to_owned(),
            ),
            claims: claims(
                &[
                    "http://schemas.microsoft.com/identity/claims/displayname",
                    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name",
                ],
                &["http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"],
                &[
                    "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups",
                    "http://schemas.microsoft.com/ws/2008/06/identity/claims/role",
                ],
            ),
        },
        Preset::Adfs => Standard {
            subject: SubjectSource::NameId,
            claims: claims(
                &[
                    "http://schemas.xmlsoap.org/claims/CommonName",
                    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name",
                ],
                &["http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"],
                &[
                    "http://schemas.xmlsoap.org/claims/Group",
                    "http://schemas.microsoft.com/ws/2008/06/identity/claims/role",
                ],
            ),
        },
        Preset::Okta => Standard {
            subject: SubjectSource::NameId,
            claims: claims(&["displayName", "name"], &["email"], &["groups"]),
        },
        // The names of its built-in mappers.
        Preset::Keycloak => Standard {
            subject: SubjectSource::NameId,
            claims: claims(
                &["name", "urn:oid:2.16.840.1.113730.3.1.241", "urn:oid:2.5.4.42", "givenName"],
                &["urn:oid:1.2.840.113549.1.9.1", "email"],
                &["member", "groups", "Role"],
            ),
        },
    }
}

fn claims(name: &[&str], email: &[&str], groups: &[&str]) -> ClaimMap {
    let source = |names: &[&str]| ClaimSource(names.iter().map(|&name| name.to_owned()).collect());
    ClaimMap {
        name: source(name),
        email: source(email),
        email_verified: EmailVerified::Always(false),
        avatar: source(&[]),
        groups: source(groups),
    }
}

//! Which tenants of Microsoft Entra ID people may come from.

use crate::config::read::{Fault, Field, List, Reader, quoted, text_type};
use crate::provider::entra::{CONSUMERS, Tenant};

/// `tenant`: an id or one of three words.
#[derive(Clone, Debug)]
pub(in crate::config) enum TenantName {
    One(TenantId),
    Organizations,
    Consumers,
    Common,
}

/// The id of a tenant, in lower case.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::config) struct TenantId(String);

impl TenantName {
    fn parse(text: &str) -> Result<Self, Fault> {
        match text {
            "organizations" => Ok(Self::Organizations),
            "consumers" => Ok(Self::Consumers),
            "common" => Ok(Self::Common),
            _ => TenantId::parse(text).map(Self::One).map_err(|Fault { wrong, .. }| {
                let remedy = "give the tenant's id (Overview, Tenant ID), `organizations`, `consumers` or `common`";
                Fault::new(wrong, remedy)
            }),
        }
    }
}

impl TenantId {
    /// A GUID: groups of 8, 4, 4, 4 and 12 hexadecimal digits.
    fn parse(text: &str) -> Result<Self, Fault> {
        let lengths = [8, 4, 4, 4, 12];
        let groups: Vec<_> = text.split('-').collect();
        let fits = groups.len() == lengths.len()
            && groups
                .iter()
                .zip(lengths)
                .all(|(group, length)| group.len() == length && group.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match fits {
            true => Ok(Self(text.to_ascii_lowercase())),
            // A domain can be moved to another tenant; its id cannot.
            false => Err(Fault::new(format!("{} is no tenant's id", quoted(text)), "give the id, not a domain")),
        }
    }
}

text_type!(TenantName, "TenantName", { "minLength": 6 });
text_type!(TenantId, "TenantId", { "pattern": "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$" });

/// The tenant with those whose people are admitted.
pub(super) fn allowed(reader: &Reader<'_>, tenant: TenantName, field: Field<List<TenantId>>) -> Option<Tenant> {
    let spot = field.spot().clone();
    let is_absent = field.is_absent();
    let given = field.given();
    let listed = given.map(|list| list.into_values().into_iter().map(|TenantId(id)| id).collect::<Vec<_>>());
    let only = match &tenant {
        TenantName::One(TenantId(id)) => Some(id.as_str()),
        TenantName::Consumers => Some(CONSUMERS),
        TenantName::Organizations | TenantName::Common => None,
    };
    match (only, &listed) {
        (Some(only), Some(listed)) if *listed != [only] => {
            reader.wrong(&spot, "names other tenants than `tenant`, which is one", "leave it out");
        }
        (None, None) if is_absent => {
            let remedy = "add `allowed_tenants = [\"…\"]` with the ids of the tenants whose people are admitted";
            reader.wrong(&spot, "is missing: without it, anybody with a Microsoft account could log in", remedy);
        }
        (None, Some(listed)) if listed.is_empty() => {
            reader.wrong(&spot, "is an empty list, which admits nobody", "add the ids of tenants");
        }
        _ => {}
    }
    match (tenant, listed) {
        (TenantName::One(TenantId(id)), _) => Some(Tenant::One(id)),
        (TenantName::Consumers, _) => Some(Tenant::Consumers),
        (TenantName::Organizations, listed) => listed.map(Tenant::Organizations),
        (TenantName::Common, listed) => listed.map(Tenant::Common),
    }
}

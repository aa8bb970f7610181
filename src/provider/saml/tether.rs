//! What ties a login to a SAML provider, for single logout on either side.

use serde::{Deserialize, Serialize};

use super::name_id::NameId;

/// What single logout says of a login (SAML 2.0 Core, section 3.7.1).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SamlTether {
    /// The identity provider's entity id.
    pub idp: String,
    /// What it called the person.
    pub name_id: Option<NameId>,
    /// Its sessions (`SessionIndex`).
    pub session_indexes: Vec<String>,
}

/// The name by which a session at the provider is found here: an index is unique within its provider only. An entity id is an URI,
/// hence without blanks.
pub(super) fn sid(idp: &str, session_index: &str) -> String {
    format!("{idp} {session_index}")
}

//! Room and tenant names, in the form in which Prosody compares them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A meeting name in the form Prosody compares: NFKC, lower case, percent-encoded, lower case again.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RoomName(String);

/// The name of a tenant, in the same form.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tenant(String);

/// Why a name is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RoomNameError {
    /// Nothing is left of it.
    #[error("empty")]
    Empty,
}

impl RoomName {
    /// The name as Prosody has it: ASCII.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Tenant {
    /// The name as Prosody has it: ASCII.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RoomName {
    type Err = RoomNameError;

    fn from_str(_typed: &str) -> Result<Self, Self::Err> {
        todo!()
    }
}

impl FromStr for Tenant {
    type Err = RoomNameError;

    fn from_str(_typed: &str) -> Result<Self, Self::Err> {
        todo!()
    }
}

impl fmt::Display for RoomName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Tenant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

//! Providers of kind `guest`.

use schemars::JsonSchema;

use super::{Module, ProviderKind};
use crate::config::read::{Keys, keys};

/// This kind, for the table of kinds.
pub(super) const MODULE: Module = Module {
    read: |table| {
        GuestKeys::take(table);
        Box::new(|_, _, _| Some((ProviderKind::Guest, "Guest".to_owned())))
    },
    schema: |generator| GuestKeys::json_schema(generator),
};

keys! {
    /// A provider of kind `guest`: asks for a name and for nothing else. Nobody has verified a guest, so only a rule that names this
    /// provider in `providers` lets one in.
    GuestKeys {}
}

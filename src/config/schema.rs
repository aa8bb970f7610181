//! The JSON Schema of the operator's file, made from the same declarations that read it.

use schemars::Schema;
use schemars::generate::SchemaSettings;

use super::RootKeys;

/// The schema (draft 2020-12), for editors and for checks before a file is deployed.
///
/// It requires no key that the environment may give; what only the whole file shows is checked by `roomkey config check`.
pub fn schema() -> Schema {
    let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<RootKeys>();
    schema.insert("title".to_owned(), "roomkey.toml".into());
    schema
}

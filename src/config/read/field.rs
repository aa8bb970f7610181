//! What became of one key.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};

use super::Reader;
use super::report::Place;

/// A key's dotted path and where it stands; if it is not written, where its table stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::config) struct Spot {
    pub(in crate::config) path: String,
    pub(in crate::config) place: Place,
}

/// A value and its spot.
#[derive(Clone, Debug)]
pub(in crate::config) struct At<T> {
    pub(in crate::config) value: T,
    pub(in crate::config) spot: Spot,
}

/// What became of one key.
#[derive(Debug)]
pub(in crate::config) enum Field<T> {
    /// Neither the file nor the environment gives it.
    Absent(Spot),
    /// It is given and wrong, which is reported already.
    Wrong(Spot),
    /// It is given and read.
    Given(At<T>),
}

impl<T> Field<T> {
    /// Where it stands, or would.
    pub(in crate::config) fn spot(&self) -> &Spot {
        match self {
            Self::Absent(spot) | Self::Wrong(spot) | Self::Given(At { spot, .. }) => spot,
        }
    }

    /// Whether it is not written.
    pub(in crate::config) fn is_absent(&self) -> bool {
        matches!(self, Self::Absent(_))
    }

    /// The value with its spot, if there is one.
    pub(in crate::config) fn at(self) -> Option<At<T>> {
        match self {
            Self::Given(at) => Some(at),
            Self::Absent(_) | Self::Wrong(_) => None,
        }
    }

    /// The value, if there is one.
    pub(in crate::config) fn given(self) -> Option<T> {
        self.at().map(|at| at.value)
    }

    /// The value, or `default`. A wrong value becomes the default too, so that what depends on it can still be checked; the
    /// file as a whole is refused.
    pub(in crate::config) fn or(self, default: T) -> T {
        self.given().unwrap_or(default)
    }

    /// The value of a key that has no default: if it is absent, that is reported with the line to add.
    pub(in crate::config) fn required(self, reader: &Reader<'_>, line: &str) -> Option<T> {
        self.required_at(reader, line).map(|at| at.value)
    }

    /// As [`required`](Self::required), with its spot.
    pub(in crate::config) fn required_at(self, reader: &Reader<'_>, line: &str) -> Option<At<T>> {
        if let Self::Absent(spot) = &self {
            let section = spot.path.rsplit_once('.').filter(|_| spot.place == Place::Nowhere);
            let below = section.map_or_else(String::new, |(section, _)| format!(" below `[{section}]`"));
            reader.wrong(spot, "is missing", format!("add `{line}`{below}"));
        }
        self.at()
    }
}

/// For the schema alone, which asks for the default of a key that may be left out.
impl<T> Default for Field<T> {
    fn default() -> Self {
        Self::Absent(Spot::default())
    }
}

/// A key's schema is that of its value.
impl<T: JsonSchema> JsonSchema for Field<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

//! Takes keys out of a table, one by one, and names those that are left over.

use std::borrow::Cow;

use super::field::{At, Field, Spot};
use super::node::{Entries, Node, Value};
use super::report::Place;
use super::{Read, Reader, nearest, quoted};

/// A table that is being read: each key is taken out by the type that it has to have.
pub(in crate::config) struct Table<'r> {
    reader: &'r Reader<'r>,
    spot: Spot,
    entries: Entries,
    /// Keys that were asked for, hence known.
    known: Vec<&'static str>,
}

/// The keys of one table, as a type.
pub(in crate::config) trait Keys: Sized {
    /// Takes each of them.
    fn take(table: &mut Table<'_>) -> Self;
}

impl<'r> Table<'r> {
    /// The whole document.
    pub(in crate::config) fn root(reader: &'r Reader<'r>, entries: Entries) -> Self {
        Self { reader, spot: Spot::default(), entries, known: Vec::new() }
    }

    /// The table in `node`; anything else is reported.
    pub(in crate::config) fn open(reader: &'r Reader<'r>, spot: &Spot, node: Node) -> Option<Self> {
        match node.value {
            Value::Table(entries) => Some(Self { reader, spot: spot.clone(), entries, known: Vec::new() }),
            _ => {
                let remedy = format!("write a table: `[{}]` with its keys below", spot.header());
                reader.wrong(spot, format!("is {}, not a table", node.kind()), remedy);
                None
            }
        }
    }

    /// A table that is not written; the environment may still give its keys.
    pub(in crate::config) fn unwritten(reader: &'r Reader<'r>, spot: &Spot) -> Self {
        Self { reader, spot: spot.clone(), entries: Entries::new(), known: Vec::new() }
    }

    /// Takes the value of `key`: from the environment, else from the file.
    pub(in crate::config) fn take<T: Read>(&mut self, key: &'static str) -> Field<T> {
        self.known.push(key);
        let mut spot = self.spot.below(key);
        let written = self.entries.remove(key).map(|(_, node)| node);
        let Some(node) = self.overridden::<T>(&spot).or(written) else {
            return T::absent(self.reader, spot);
        };
        spot.place = node.place.clone();
        match T::read(self.reader, &spot, node) {
            Some(value) => Field::Given(At { value, spot }),
            None => Field::Wrong(spot),
        }
    }

    fn overridden<T: Read>(&self, spot: &Spot) -> Option<Node> {
        let name = spot.variable();
        let value = T::OVERRIDABLE.then(|| self.reader.variable(&name)).flatten()?;
        Some(Node::of_variable(&name, value))
    }

    /// The keys that nobody has taken, with their values: for tables whose keys the operator chooses.
    pub(in crate::config) fn rest(&mut self) -> Entries {
        std::mem::take(&mut self.entries)
    }

    /// Reports the keys that nobody has taken.
    pub(in crate::config) fn finish(mut self) {
        for (key, (place, _)) in self.rest() {
            let mut spot = self.spot.below(&key);
            spot.place = place;
            self.reader.wrong(&spot, "is no key that Roomkey knows".to_owned(), self.remedy(&key));
        }
    }

    fn remedy(&self, key: &str) -> String {
        let elsewhere = crate::config::schema::sections_with(key);
        match nearest(key, self.known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if !elsewhere.is_empty() => format!("it belongs {}", elsewhere.join(" or ")),
            None if self.spot.path.is_empty() => {
                "`roomkey config example` shows every key; keys of a section stand below its `[…]` line".to_owned()
            }
            None => format!("known here: {}", self.known.join(", ")),
        }
    }
}

impl Spot {
    /// The spot of a key in the table at this spot; it stands at the table's own place until a value is found.
    pub(in crate::config) fn below(&self, key: &str) -> Self {
        let is_bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        let key = if !key.is_empty() && key.chars().all(is_bare) { key.into() } else { Cow::from(quoted(key)) };
        let path = if self.path.is_empty() { key.into_owned() } else { format!("{}.{key}", self.path) };
        Self { path, place: self.place.clone() }
    }

    /// The spot of a member of the list at this spot.
    pub(in crate::config) fn member(&self, index: usize, place: Place) -> Self {
        Self { path: format!("{}[{index}]", self.path), place }
    }

    /// The name of the variable that overrides the value at this spot.
    fn variable(&self) -> String {
        let path = self.path.replace("].", "__").replace('[', "__").replace(']', "").replace('.', "__");
        format!("{}{}", super::VARIABLE_PREFIX, path.to_ascii_uppercase())
    }

    /// The path as a table's header has it: without the positions in lists.
    fn header(&self) -> String {
        self.path.split('.').map(|part| part.split('[').next().unwrap_or(part)).collect::<Vec<_>>().join(".")
    }
}

/// Declares the keys of a table. Their comments are the reference: they go into the JSON Schema and the manual.
macro_rules! keys {
    ($(#[$about:meta])* $name:ident { $($(#[$comment:meta])* $key:ident: $type:ty,)* }) => {
        $(#[$about])*
        #[derive(schemars::JsonSchema)]
        #[schemars(deny_unknown_fields)]
        pub(in crate::config) struct $name {
            $($(#[$comment])* #[schemars(default)] pub(in crate::config) $key: $crate::config::read::Field<$type>,)*
        }

        impl $crate::config::read::Keys for $name {
            fn take(_table: &mut $crate::config::read::Table<'_>) -> Self {
                Self { $($key: _table.take(stringify!($key)),)* }
            }
        }

        impl $crate::config::read::Read for $name {
            const OVERRIDABLE: bool = false;

            fn read(
                reader: &$crate::config::read::Reader<'_>,
                spot: &$crate::config::read::Spot,
                node: $crate::config::read::Node,
            ) -> Option<Self> {
                let mut table = $crate::config::read::Table::open(reader, spot, node)?;
                let keys = <Self as $crate::config::read::Keys>::take(&mut table);
                table.finish();
                Some(keys)
            }

            fn absent(
                reader: &$crate::config::read::Reader<'_>,
                spot: $crate::config::read::Spot,
            ) -> $crate::config::read::Field<Self> {
                let mut table = $crate::config::read::Table::unwritten(reader, &spot);
                let value = <Self as $crate::config::read::Keys>::take(&mut table);
                $crate::config::read::Field::Given($crate::config::read::At { value, spot })
            }
        }
    };
}

pub(in crate::config) use keys;

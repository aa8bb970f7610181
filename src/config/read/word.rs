//! Words of which one has to be chosen.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::{Fault, Node, Read, Reader, Spot, from_text, nearest, quoted};

/// A type whose values are words in the file.
pub(in crate::config) trait Word: Copy + 'static {
    /// The words and what they stand for, in the order in which they are offered.
    const WORDS: &'static [(&'static str, Self)];
}

/// One of the words of `T`.
#[derive(Clone, Copy, Debug)]
pub(in crate::config) struct OneOf<T>(pub(in crate::config) T);

impl<T: Word> OneOf<T> {
    fn words() -> impl Iterator<Item = &'static str> {
        T::WORDS.iter().map(|&(word, _)| word)
    }

    /// The value of a word.
    ///
    /// # Errors
    /// The nearest word, or all of them.
    pub(in crate::config) fn parse(text: &str) -> Result<Self, Fault> {
        if let Some(&(_, value)) = T::WORDS.iter().find(|&&(word, _)| word == text) {
            return Ok(Self(value));
        }
        let remedy = nearest(&text.to_ascii_lowercase(), Self::words())
            .or_else(|| nearest(&text.to_ascii_uppercase(), Self::words()))
            .map_or_else(|| format!("choose from {}", list(Self::words())), |near| format!("did you mean `{near}`?"));
        Err(Fault::new(format!("{} is unknown here", quoted(text)), remedy))
    }
}

fn list(words: impl Iterator<Item = &'static str>) -> String {
    words.map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

impl<T: Word> Read for OneOf<T> {
    fn read(reader: &Reader<'_>, spot: &Spot, node: Node) -> Option<Self> {
        from_text(reader, spot, node, Self::parse)
    }
}

impl<T: Word> JsonSchema for OneOf<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        Self::words().collect::<Vec<_>>().join("_").into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "enum": Self::words().collect::<Vec<_>>() })
    }
}

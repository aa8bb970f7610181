//! Elements in canonical form (Exclusive XML Canonicalization 1.0), as long as each that is signed declares its own prefixes.

/// An element; attributes in any order, empty values among them.
pub fn element(name: &str, attributes: &[(&str, &str)], content: &str) -> String {
    let mut attributes = attributes.to_vec();
    attributes.sort_by_key(|(name, _)| (!name.starts_with("xmlns"), *name));
    let attributes: String = attributes.iter().map(|(name, value)| format!(" {name}=\"{}\"", escaped(value))).collect();
    format!("<{name}{attributes}>{content}</{name}>")
}

pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

/// Attributes that are there.
pub fn given<'a>(attributes: &[(&'a str, &'a Option<String>)]) -> Vec<(&'a str, &'a str)> {
    attributes.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?))).collect()
}

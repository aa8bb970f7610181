//! Attributes of an assertion, as claims (SAML 2.0 Core, section 2.7.3).

use serde_json::{Map, Value};

use super::ASSERTION;
use super::check::SamlCheck;
use super::document::Element;
use super::name_id::NameId;
use crate::provider::error::Untrusted;

/// The claim that holds the text of the `NameID`, unless an attribute has that name.
const NAME_ID: &str = "NameID";

/// The attributes by their `Name`, and by their `FriendlyName` where nothing else is called that: a string where there is one value, a
/// list where there are several. Encrypted attributes are passed over.
pub(super) fn read(assertion: Element<'_>, name_id: Option<&NameId>) -> Result<Map<String, Value>, Untrusted> {
    let mut claims = Map::new();
    let mut friendly = Vec::new();
    let statements = assertion.children(ASSERTION, "AttributeStatement");
    for attribute in statements.flat_map(|statement| statement.children(ASSERTION, "Attribute")) {
        let Some(name) = attribute.attribute("Name").filter(|name| !name.is_empty()) else { continue };
        let mut values = Vec::new();
        for value in attribute.children(ASSERTION, "AttributeValue") {
            values.extend(text(value)?.map(Value::from));
        }
        if let Some(friendly_name) = attribute.attribute("FriendlyName").filter(|name| !name.is_empty()) {
            friendly.push((friendly_name, name));
        }
        add(&mut claims, name, values);
    }
    for (friendly_name, name) in friendly {
        if let (false, Some(value)) = (claims.contains_key(friendly_name), claims.get(name)) {
            let value = value.clone();
            claims.insert(friendly_name.to_owned(), value);
        }
    }
    if let (false, Some(name_id)) = (claims.contains_key(NAME_ID), name_id) {
        claims.insert(NAME_ID.to_owned(), name_id.value.clone().into());
    }
    Ok(claims)
}

/// A name that stands on two attributes has the values of both.
fn add(claims: &mut Map<String, Value>, name: &str, mut values: Vec<Value>) {
    match claims.remove(name) {
        Some(Value::Array(before)) => values.splice(0..0, before).for_each(drop),
        Some(before) => values.insert(0, before),
        None => {}
    }
    match values.len() {
        0 => {}
        1 => drop(claims.insert(name.to_owned(), values.swap_remove(0))),
        _ => drop(claims.insert(name.to_owned(), Value::Array(values))),
    }
}

/// The text of a value, or of the `NameID` that it is (`eduPersonTargetedID`); `None` for other elements.
fn text(value: Element<'_>) -> Result<Option<String>, Untrusted> {
    let mut within = value.elements();
    let read = match (within.next(), within.next()) {
        (None, _) => value.text(),
        (Some(name_id), None) if name_id.is(ASSERTION, "NameID") => name_id.text(),
        _ => return Ok(None),
    };
    let text = read.map_err(|_| SamlCheck::PlainText.failed("there is a comment within an attribute's value"))?;
    Ok(Some(text).filter(|text| !text.is_empty()))
}

//! One line of a log, in whichever dress.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::Facts;

/// Longest text that is repeated, in characters.
const MAX_SHOWN: usize = 1000;

/// How often a line may be wrapped in another: Roomkey's JSON in that of the journal.
const MAX_WRAPPINGS: usize = 3;

/// What stands before the name of the module in a line of text.
const LEVELS: [&str; 5] = [" ERROR ", " WARN ", " INFO ", " DEBUG ", " TRACE "];

/// What `text` tells of `reference`; `None` if it is about something else.
pub(super) fn read(text: &str, reference: &str) -> Option<Facts> {
    unwrap(text, reference, MAX_WRAPPINGS)
}

fn unwrap(text: &str, reference: &str, wrappings: usize) -> Option<Facts> {
    // Docker puts a name before, and nothing behind.
    let json = text.find('{').and_then(|at| serde_json::from_str::<Map<String, Value>>(text[at..].trim_end()).ok());
    match json {
        Some(fields) => match fields.get("MESSAGE") {
            Some(message) if wrappings > 0 => unwrap(&journal_text(message)?, reference, wrappings - 1),
            _ => of_json(&fields, reference),
        },
        None if text.contains(reference) => of_text(text, reference),
        None => None,
    }
}

/// `log.format = "json"`, whose fields stand at the top.
fn of_json(fields: &Map<String, Value>, reference: &str) -> Option<Facts> {
    let text = |name: &str| fields.get(name).and_then(Value::as_str).map(str::to_owned);
    let message = text("message").unwrap_or_default();
    facts(text("timestamp"), &message, &text, reference)
}

/// `log.format = "text"`: time, level, module, message, and then `name=value`, with the texts between quotes.
fn of_text(text: &str, reference: &str) -> Option<Facts> {
    let text = without_colours(text);
    let text = text.trim_end();
    let (before, fields) = text.match_indices(" login.id=").find_map(|(at, _)| {
        let fields = fields_of(&text[at + 1..])?;
        Some((&text[..at], fields))
    })?;
    let (start, level) = LEVELS.iter().filter_map(|level| Some((before.find(level)?, level))).min()?;
    let (_module, message) = before[start + level.len()..].split_once(": ")?;
    let time = before[..start].split_whitespace().next_back().map(str::to_owned);
    facts(time, message, &|name| fields.get(name).cloned(), reference)
}

fn facts(
    time: Option<String>,
    message: &str,
    field: &dyn Fn(&str) -> Option<String>,
    reference: &str,
) -> Option<Facts> {
    let field = |name: &str| field(name).as_deref().map(shown);
    (field("login.id")? == reference).then(|| Facts {
        time: time.as_deref().map(shown),
        message: shown(message),
        failure: field("login.failure"),
        provider: field("provider.id"),
        room: field("room.name"),
        tenant: field("room.tenant"),
        role: field("grant.role"),
        rule: field("grant.rule"),
        address: field("client.address"),
        host: field("request.host"),
    })
}

/// `name=value name="value" …`, and nothing else to the end: a value in which something of the kind stands is none.
fn fields_of(mut text: &str) -> Option<BTreeMap<&str, String>> {
    let mut fields = BTreeMap::new();
    while !text.is_empty() {
        let (name, rest) = text.split_once('=')?;
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_')) {
            return None;
        }
        let (value, rest) = match rest.strip_prefix('"') {
            Some(quoted) => unquoted(quoted)?,
            None => {
                let end = rest.find(' ').unwrap_or(rest.len());
                (rest[..end].to_owned(), &rest[end..])
            }
        };
        fields.insert(name, value);
        text = if rest.is_empty() { rest } else { rest.strip_prefix(' ')? };
    }
    Some(fields)
}

/// A text as `Debug` writes it, without its first quote, and what follows its last one.
fn unquoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut rest = text.chars();
    loop {
        match rest.next()? {
            '"' => return Some((value, rest.as_str())),
            '\\' => value.push(escaped(&mut rest)?),
            plain => value.push(plain),
        }
    }
}

/// The character that stands behind a backslash.
fn escaped(rest: &mut std::str::Chars<'_>) -> Option<char> {
    Some(match rest.next()? {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        '0' => '\0',
        'u' => {
            let (number, after) = rest.as_str().strip_prefix('{')?.split_once('}')?;
            *rest = after.chars();
            char::from_u32(u32::from_str_radix(number, 16).ok()?)?
        }
        itself => itself,
    })
}

/// The journal gives a text as such, or, with colours in it, as a list of bytes.
fn journal_text(message: &Value) -> Option<String> {
    match message {
        Value::String(text) => Some(text.clone()),
        Value::Array(bytes) => {
            let bytes: Option<Vec<u8>> = bytes.iter().map(|byte| u8::try_from(byte.as_u64()?).ok()).collect();
            Some(String::from_utf8_lossy(&bytes?).into_owned())
        }
        _ => None,
    }
}

/// Without the escapes that colour a terminal.
fn without_colours(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain.push_str(part.split_once('m').map_or("", |(_, after)| after));
    }
    plain
}

/// Fit for a terminal.
fn shown(text: &str) -> String {
    text.trim().chars().filter(|c| !c.is_control()).take(MAX_SHOWN).collect()
}

//! The form of a name that Jitsi's front end makes for Prosody (jitsi-meet, `react/features/base/util/uri.ts`,
//! `getBackendSafeRoomName`): percent-decoded, NFKC, lower case, percent-encoded, lower case.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use unicode_normalization::UnicodeNormalization;

use super::character;
use super::{RoomName, RoomNameError};

/// Longest text that can still shrink to [`RoomName::MAX_BYTES`]: four bytes of a mathematical letter, each typed as
/// `%XX`, become one byte of ASCII.
const MAX_TYPED_BYTES: usize = 12 * RoomName::MAX_BYTES;

/// What `encodeURIComponent` leaves alone (ECMA-262, section 19.2.6.4), without the `!*'()` that names cannot have.
pub(crate) const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// What the front end makes of `typed`.
pub(super) fn backend_safe(typed: &str) -> Result<String, RoomNameError> {
    if typed.len() > MAX_TYPED_BYTES {
        return Err(RoomNameError::TooLong { bytes: typed.len() });
    }
    let decoded = decode_uri_component(typed);
    decoded.chars().try_for_each(character::check)?;
    let name = fold(&decoded)?;
    let safe = utf8_percent_encode(&name, UNRESERVED).to_string().to_ascii_lowercase();
    match &*name {
        "" => Err(RoomNameError::Empty),
        "." | ".." => Err(RoomNameError::DotSegment),
        _ if name.starts_with(' ') || name.ends_with(' ') || name.contains("  ") => Err(RoomNameError::Space),
        _ if safe.len() > RoomName::MAX_BYTES => Err(RoomNameError::TooLong { bytes: safe.len() }),
        _ => Ok(safe),
    }
}

/// `safe` itself, if the front end would make the same of it.
pub(super) fn already_safe(safe: String) -> Result<String, RoomNameError> {
    match backend_safe(&safe)? {
        same if same == safe => Ok(safe),
        _ => Err(RoomNameError::OtherForm),
    }
}

/// A safe form, percent-decoded.
pub(super) fn decoded(safe: &str) -> Cow<'_, str> {
    percent_decode_str(safe).decode_utf8_lossy()
}

/// As the JavaScript function, but what that refuses stays as it is, as in the front end.
pub(crate) fn decode_uri_component(text: &str) -> Cow<'_, str> {
    let well_formed = text
        .split('%')
        .skip(1)
        .all(|after| after.len() >= 2 && after.as_bytes()[..2].iter().all(u8::is_ascii_hexdigit));
    match percent_decode_str(text).decode_utf8() {
        Ok(decoded) if well_formed => decoded,
        _ => Cow::Borrowed(text),
    }
}

/// NFKC, then lower case: the name as people read it.
pub(crate) fn folded(text: &str) -> String {
    text.nfkc().collect::<String>().to_lowercase()
}

/// [`folded`], where NFKC and lower case have to agree: the front end makes the same of its own form again when it reads the
/// meeting link. They do not for a capital that has no accented form of its own while its small letter has (`J̌`).
fn fold(decoded: &str) -> Result<Cow<'_, str>, RoomNameError> {
    if decoded.is_ascii() {
        return Ok(Cow::Owned(decoded.to_ascii_lowercase()));
    }
    let name = folded(decoded);
    if let Some(found) = name.chars().next().filter(|&c| character::is_mark(c)) {
        return Err(RoomNameError::LeadingMark { found });
    }
    let again = folded(&name);
    if name == again {
        return Ok(Cow::Owned(name));
    }
    let differing = name.chars().zip(again.chars()).find(|(once, twice)| once != twice).map(|(once, _)| once);
    Err(RoomNameError::Unstable { found: differing.or(name.chars().last()).unwrap_or_default() })
}

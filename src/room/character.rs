//! Which characters can stand in a name: those that keep their meaning on the way to Prosody and that people see.

use std::sync::LazyLock;

use icu_properties::props::{CanonicalCombiningClass, DefaultIgnorableCodePoint, GeneralCategory as Category};
use icu_properties::{CodePointMapData, CodePointSetData};
use regex_syntax::hir::{Class, HirKind};
use unicode_normalization::UnicodeNormalization;

use super::RoomNameError;

/// Left out of names by the front end (`uri.ts`, `_ROOM_EXCLUDE_PATTERN`), and the backslash, which browsers take for `/`.
const RESERVED: &str = r#":?#[]@!$&'()*+,;=></"\"#;

/// Drawn as nothing, or as a stand-in for what could not be read, though Unicode calls them letters or symbols.
const BLANK: &[char] = &['\u{2800}', '\u{FFFC}', '\u{FFFD}', '\u{13441}', '\u{13442}', '\u{1D159}'];

/// The characters of Unicode 15.0 (2022), which every browser that runs Jitsi knows, as ranges in order.
static KNOWN_TO_BROWSERS: LazyLock<Vec<(char, char)>> = LazyLock::new(|| {
    let hir = regex_syntax::parse(r"\p{Age=15.0}").expect("a property and a value that Unicode defines");
    match hir.kind() {
        HirKind::Class(Class::Unicode(class)) => class.iter().map(|range| (range.start(), range.end())).collect(),
        _ => Vec::new(),
    }
});

/// Refuses a typed character for what NFKC makes of it.
pub(crate) fn check(typed: char) -> Result<(), RoomNameError> {
    if typed.is_ascii() {
        return match typed {
            _ if typed.is_ascii_control() => Err(RoomNameError::Invisible { found: typed }),
            _ if RESERVED.contains(typed) => Err(RoomNameError::Reserved { found: typed }),
            _ => Ok(()),
        };
    }
    for made in std::iter::once(typed).nfkc() {
        if RESERVED.contains(made) {
            return Err(RoomNameError::Reserved { found: typed });
        }
        if made != ' ' && is_invisible(made) {
            return Err(RoomNameError::Invisible { found: typed });
        }
    }
    if is_folded_by_few(typed) {
        return Err(RoomNameError::TooNew { found: typed });
    }
    Ok(())
}

/// Whether a character is drawn onto the one before it.
pub(super) fn is_mark(c: char) -> bool {
    let category = CodePointMapData::<Category>::new().get(c);
    matches!(category, Category::NonspacingMark | Category::EnclosingMark | Category::SpacingMark)
}

fn is_invisible(c: char) -> bool {
    BLANK.contains(&c) || is_never_drawn(c) || CodePointMapData::<Category>::new().get(c) == Category::SpaceSeparator
}

/// Controls, marks of direction, zero-width and other ignored characters, line breaks, and what no font draws. A space is none of
/// them.
pub(crate) fn is_never_drawn(c: char) -> bool {
    CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
        || matches!(
            CodePointMapData::<Category>::new().get(c),
            Category::Control
                | Category::Format
                | Category::PrivateUse
                | Category::Surrogate
                | Category::Unassigned
                | Category::LineSeparator
                | Category::ParagraphSeparator
        )
}

/// Whether NFKC or lower case change a character so new that a browser may leave it alone, which would make a name of
/// its own. Other new characters, most of them emoji, are the same everywhere.
fn is_folded_by_few(c: char) -> bool {
    let moves = CodePointMapData::<CanonicalCombiningClass>::new().get(c) != CanonicalCombiningClass::NotReordered;
    let folded = || std::iter::once(c).nfkc().flat_map(char::to_lowercase);
    (moves || !folded().eq(std::iter::once(c))) && !is_known_to_browsers(c)
}

fn is_known_to_browsers(c: char) -> bool {
    let after = KNOWN_TO_BROWSERS.partition_point(|&(start, _)| start <= c);
    after > 0 && c <= KNOWN_TO_BROWSERS[after - 1].1
}

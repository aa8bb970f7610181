use proptest::prelude::*;
use serde::Deserialize;

use super::*;

#[derive(Deserialize)]
struct Names {
    accepted: Vec<Accepted>,
    refused: Vec<String>,
}

#[derive(Deserialize)]
struct Accepted {
    typed: String,
    safe: String,
}

fn names() -> Names {
    serde_json::from_str(include_str!("../../../tests/data/room-names.json")).unwrap()
}

fn safe(typed: &str) -> Result<String, RoomNameError> {
    typed.parse().map(|RoomName(safe)| safe)
}

#[test]
fn every_accepted_name_takes_the_form_that_the_front_end_gives_it() {
    let accepted = names().accepted;

    for Accepted { typed, safe: expected } in &accepted {
        assert_eq!(safe(typed).as_ref(), Ok(expected), "{typed:?}");
        assert_eq!(typed.parse::<Tenant>().unwrap().as_str(), expected, "{typed:?}");
    }
    assert_eq!(accepted.len(), 22);
}

#[test]
fn every_refused_name_is_refused_for_its_character() {
    let refused = names().refused;

    for typed in &refused {
        let reason = safe(typed).unwrap_err();
        match reason {
            RoomNameError::Empty => assert_eq!(typed, ""),
            RoomNameError::Space => assert_eq!(typed, " "),
            RoomNameError::Reserved { found } => {
                assert!(r#"*/\?#:@[]!$&'()+,;=<>""#.contains(found), "{typed:?}: {reason}");
                assert!(typed.contains(found) || typed == "a%2Fb", "{typed:?}: {reason}");
            }
            RoomNameError::Invisible { found } => {
                assert!(typed.contains(found) && (found.is_control() || found == '\u{202E}'), "{typed:?}: {reason}");
            }
            _ => panic!("{typed:?}: {reason}"),
        }
        assert!(typed.parse::<Tenant>().is_err(), "{typed:?}");
    }
    assert_eq!(refused.len(), 27);
}

#[test]
fn each_rule_refuses_what_only_it_refuses() {
    let reserved = |found| RoomNameError::Reserved { found };
    let invisible = |found| RoomNameError::Invisible { found };
    let table = [
        ("fullwidth solidus", "a／b", reserved('／')),
        ("fullwidth asterisk", "a＊", reserved('＊')),
        ("parenthesised letter", "⑴", reserved('⑴')),
        ("account of", "℀", reserved('℀')),
        ("Greek question mark", "a\u{37E}", reserved('\u{37E}')),
        ("equals sign under a stroke", "a=\u{338}", reserved('=')),
        ("delete", "a\u{7F}", invisible('\u{7F}')),
        ("C1 control", "a\u{85}b", invisible('\u{85}')),
        ("soft hyphen", "a\u{AD}b", invisible('\u{AD}')),
        ("zero width space", "a\u{200B}", invisible('\u{200B}')),
        ("zero width joiner", "a\u{200D}b", invisible('\u{200D}')),
        ("left-to-right mark", "\u{200E}a", invisible('\u{200E}')),
        ("first strong isolate", "\u{2068}a\u{2069}", invisible('\u{2068}')),
        ("byte order mark", "\u{FEFF}a", invisible('\u{FEFF}')),
        ("variation selector", "❤\u{FE0F}", invisible('\u{FE0F}')),
        ("tag", "a\u{E0041}", invisible('\u{E0041}')),
        ("Hangul filler", "a\u{3164}", invisible('\u{3164}')),
        ("combining grapheme joiner", "a\u{34F}b", invisible('\u{34F}')),
        ("Ogham space", "a\u{1680}b", invisible('\u{1680}')),
        ("line separator", "a\u{2028}b", invisible('\u{2028}')),
        ("paragraph separator", "a\u{2029}b", invisible('\u{2029}')),
        ("Braille blank", "a\u{2800}b", invisible('\u{2800}')),
        ("replacement character", "a\u{FFFD}", invisible('\u{FFFD}')),
        ("private use", "a\u{E000}", invisible('\u{E000}')),
        ("unassigned", "a\u{378}", invisible('\u{378}')),
        ("noncharacter", "a\u{FFFF}", invisible('\u{FFFF}')),
        ("percent-encoded control", "a%00b", invisible('\0')),
        ("percent-encoded override", "%E2%80%AEevil", invisible('\u{202E}')),
        ("leading mark", "\u{301}a", RoomNameError::LeadingMark { found: '\u{301}' }),
        ("leading mark after NFKC", "\u{FF9E}", RoomNameError::LeadingMark { found: '\u{3099}' }),
        ("leading space", " a", RoomNameError::Space),
        ("trailing space", "a%20", RoomNameError::Space),
        ("trailing ideographic space", "a\u{3000}", RoomNameError::Space),
        ("two spaces", "a  b", RoomNameError::Space),
        ("no-break space beside a space", "a \u{A0}b", RoomNameError::Space),
        ("single-dot segment", ".", RoomNameError::DotSegment),
        ("double-dot segment", "..", RoomNameError::DotSegment),
        ("encoded double-dot segment", "%2e%2E", RoomNameError::DotSegment),
        ("two dot leader", "‥", RoomNameError::DotSegment),
        ("J with caron", "J\u{30C}", RoomNameError::Unstable { found: 'j' }),
        ("T with diaeresis", "aT\u{308}", RoomNameError::Unstable { found: 't' }),
        ("Garay capital letter", "\u{10D50}", RoomNameError::TooNew { found: '\u{10D50}' }),
    ];

    for (what, typed, expected) in table {
        assert_eq!(safe(typed), Err(expected), "{what}");
    }
}

#[test]
fn names_beside_the_refused_ones_are_accepted() {
    let table = [
        ("three dots", "...", "..."),
        ("dots in a name", "a..b", "a..b"),
        ("a space within", "a b c", "a%20b%20c"),
        ("not equal", "a≠b", "a%e2%89%a0b"),
        ("braces, caret, bar, backtick", "{^|`}", "%7b%5e%7c%60%7d"),
        ("small j with caron", "ǰ", "%c7%b0"),
        ("new emoji", "\u{1FAE9}", "%f0%9f%ab%a9"),
        ("final sigma before a hyphen", "ΟΔΟΣ-1", "%ce%bf%ce%b4%ce%bf%cf%82-1"),
        ("sigma within", "ΟΔΟΣΑ", "%ce%bf%ce%b4%ce%bf%cf%83%ce%b1"),
        ("Kelvin sign", "\u{212A}", "k"),
        ("a route of the bridge", "http-bind", "http-bind"),
    ];

    for (what, typed, expected) in table {
        assert_eq!(safe(typed).as_deref(), Ok(expected), "{what}");
    }
}

#[test]
fn what_does_not_decode_stays_as_it_is() {
    assert_eq!(safe("%").as_deref(), Ok("%25"));
    assert_eq!(safe("%4").as_deref(), Ok("%254"));
    assert_eq!(safe("%zz").as_deref(), Ok("%25zz"));
    assert_eq!(safe("%FF").as_deref(), Ok("%25ff"));
    assert_eq!(safe("%C0%AF").as_deref(), Ok("%25c0%25af"));
    assert_eq!(safe("%ED%A0%80").as_deref(), Ok("%25ed%25a0%2580"));
    assert_eq!(safe("%41%").as_deref(), Ok("%2541%25"));
    assert_eq!(safe("é%").as_deref(), Ok("%c3%a9%25"));
}

#[test]
fn a_name_is_as_long_as_prosody_holds() {
    let longest = "a".repeat(1023);

    assert_eq!(safe(&longest), Ok(longest.clone()));
    assert_eq!(safe(&format!("{longest}a")), Err(RoomNameError::TooLong { bytes: 1024 }));
    assert_eq!(safe(&"é".repeat(171)), Err(RoomNameError::TooLong { bytes: 1026 }));
    assert_eq!(safe(&"%F0%9D%90%80".repeat(1023)), Ok(longest));
    assert_eq!(safe(&"%F0%9D%90%80".repeat(1024)), Err(RoomNameError::TooLong { bytes: 12_288 }));
}

#[test]
fn only_prosodys_own_form_is_deserialised() {
    let name = |json| serde_json::from_str::<RoomName>(json).map_err(|error| error.to_string());

    assert_eq!(name(r#""r%c3%a9union""#).unwrap().as_str(), "r%c3%a9union");
    for other in [r#""Standup""#, r#""réunion""#, r#""r%C3%A9union""#, r#""%61""#, r#""100%""#] {
        assert!(name(other).unwrap_err().starts_with("not in the form Prosody compares"), "{other}");
    }
    assert!(name(r#""*""#).unwrap_err().starts_with("`*` cannot stand in a name"));
    assert!(serde_json::from_str::<Tenant>(r#""Acme""#).is_err());
}

#[test]
fn the_refusal_shows_the_character() {
    let shown = |typed: &str| safe(typed).unwrap_err().to_string();

    assert_eq!(shown("a*"), "`*` cannot stand in a name");
    assert_eq!(shown("\u{202E}evil"), "the invisible character U+202E cannot stand in a name");
    assert_eq!(safe("a*").unwrap_err().found(), Some('*'));
    assert_eq!(safe("").unwrap_err().found(), None);
}

#[test]
fn a_name_reads_as_it_was_meant() {
    assert_eq!("Weekly%20Sync".parse::<RoomName>().unwrap().decoded(), "weekly sync");
    assert_eq!("Réunion 100%".parse::<Tenant>().unwrap().decoded(), "réunion 100%");
}

proptest! {
    #[test]
    fn the_front_end_makes_the_same_of_its_own_form(typed in "\\PC{0,40}") {
        if let Ok(name) = safe(&typed) {
            prop_assert_eq!(safe(&name), Ok(name.clone()));
            prop_assert!(RoomName::try_from(name).is_ok());
        }
    }

    #[test]
    fn a_name_is_safe_in_a_path_a_claim_and_an_xmpp_address(typed in any::<String>()) {
        if let Ok(name) = safe(&typed) {
            prop_assert!((1..=RoomName::MAX_BYTES).contains(&name.len()));
            let only = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.~%".contains(&byte);
            prop_assert!(name.bytes().all(only), "{}", name);
            prop_assert!(name != "." && name != "..");
        }
    }

    #[test]
    fn case_and_encoding_do_not_matter(typed in "[a-zA-Z0-9äÖéÑжЖ漢 _.~-]{1,30}") {
        let encoded = percent_encoding::utf8_percent_encode(&typed, percent_encoding::NON_ALPHANUMERIC).to_string();

        prop_assert_eq!(safe(&encoded), safe(&typed));
        prop_assert_eq!(safe(&typed.to_uppercase()), safe(&typed));
    }

    #[test]
    fn what_a_person_reads_leads_to_the_same_name(typed in "[a-zäéж漢0-9 .-]{1,20}") {
        if let Ok(name) = typed.parse::<RoomName>() {
            prop_assert_eq!(name.decoded().parse::<RoomName>().unwrap(), name);
        }
    }

    #[test]
    fn no_text_makes_the_parser_panic(typed in any::<String>()) {
        let _ = safe(&typed);
    }
}

use proptest::prelude::*;

use super::*;

fn glob(text: &str) -> RoomGlob {
    text.parse().unwrap()
}

fn matches(text: &str, tenant: Option<&str>, room: &str) -> bool {
    let tenant = tenant.map(|tenant| tenant.parse().unwrap());
    glob(text).matches(&room.parse().unwrap(), tenant.as_ref())
}

#[test]
fn a_glob_speaks_of_the_names_it_describes() {
    let table = [
        ("board", "board", true),
        ("board", "board-1", false),
        ("board", "aboard", false),
        ("board-*", "board-1", true),
        ("board-*", "board-", true),
        ("board-*", "board", false),
        ("*", "anything", true),
        ("**", "anything", true),
        ("*-*-c", "a-b-c", true),
        ("*-*-c", "a-b-c-d", false),
        ("*ab", "aab", true),
        ("*ab*ab*", "abab", true),
        ("*ab*ab*", "aba", false),
        ("a*a", "a", false),
        ("a?", "ab", true),
        ("a?", "a", false),
        ("a?", "abc", false),
        ("?", "é", true),
        ("r?union", "Réunion", true),
        ("[a-c]x", "bx", true),
        ("[a-c]x", "dx", false),
        ("[!a-c]x", "bx", false),
        ("[^a-c]x", "dx", true),
        ("[abc-]x", "-x", true),
        ("[-a]x", "-x", true),
        ("[äé]x", "Éx", true),
        ("[A-C]x", "bx", true),
        ("{a,b-*}", "b-7", true),
        ("{a,b-*}", "a", true),
        ("{a,b-*}", "a-7", false),
        ("{a,{b,c}d}e", "cde", true),
        ("{a,{b,c}d}e", "ce", false),
        ("x{,-*}", "x", true),
        ("x{,-*}", "x-1", true),
        ("a.c", "abc", false),
    ];

    for (text, room, expected) in table {
        assert_eq!(matches(text, None, room), expected, "{text} on {room}");
    }
}

#[test]
fn a_glob_may_be_written_as_people_read_names_or_as_prosody_has_them() {
    let table = [
        ("Standup", "standup"),
        ("Réunion *", "réunion 7"),
        ("re\u{301}union*", "RÉUNION"),
        ("r%c3%a9union%20*", "Réunion 7"),
        ("ＦＵＬＬ", "full"),
        ("100%*", "100% sure"),
        ("100%25*", "100% sure"),
        ("a%7bb", "a{b"),
        ("面談*", "面談室"),
    ];

    for (text, room) in table {
        assert!(matches(text, None, room), "{text} on {room}");
    }
}

#[test]
fn tenants_are_reached_by_a_slash_alone() {
    let table = [
        ("board", Some("acme"), false),
        ("*", Some("acme"), false),
        ("acme/board", Some("acme"), true),
        ("acme/board", Some("other"), false),
        ("acme/board", None, false),
        ("acme/*", Some("acme"), true),
        ("*/board", Some("acme"), true),
        ("*/board", None, false),
        ("*/*", Some("acme"), true),
        ("{acme,other}/board", Some("other"), true),
        ("{acme/board,board}", None, true),
        ("{acme/board,board}", Some("acme"), true),
        ("ac*board", Some("acme"), false),
        ("Acme/Board", Some("acme"), true),
    ];

    for (text, tenant, expected) in table {
        assert_eq!(matches(text, tenant, "board"), expected, "{text} in {tenant:?}");
    }
}

#[test]
fn what_could_never_match_is_no_glob() {
    let table = [
        ("", RoomGlobError::Empty),
        ("/a", RoomGlobError::Empty),
        ("a/", RoomGlobError::Empty),
        ("a/b/c", RoomGlobError::Slashes),
        ("{a/b,c}/d", RoomGlobError::Slashes),
        ("[a", RoomGlobError::Unbalanced('[')),
        ("[]", RoomGlobError::Unbalanced('[')),
        ("[!]", RoomGlobError::Unbalanced('[')),
        ("a]", RoomGlobError::Impossible(']')),
        ("{a", RoomGlobError::Unbalanced('{')),
        ("a}", RoomGlobError::Unbalanced('}')),
        ("{}", RoomGlobError::Unbalanced('{')),
        ("[z-a]", RoomGlobError::Range { from: 'z', to: 'a' }),
        ("a:b", RoomGlobError::Impossible(':')),
        ("a,b", RoomGlobError::Impossible(',')),
        ("a\\*", RoomGlobError::Impossible('\\')),
        ("a%2a", RoomGlobError::Impossible('*')),
        ("a\u{200B}", RoomGlobError::Impossible('\u{200B}')),
        ("[*]", RoomGlobError::Impossible('*')),
    ];

    for (text, expected) in table {
        assert_eq!(text.parse::<RoomGlob>(), Err(expected), "{text}");
    }
}

#[test]
fn braces_do_not_multiply_without_end() {
    assert!("{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}".parse::<RoomGlob>().is_ok());
    assert_eq!("{a,b}".repeat(9).parse::<RoomGlob>(), Err(RoomGlobError::TooMany));
    assert_eq!("{a,b}".repeat(800).parse::<RoomGlob>(), Err(RoomGlobError::TooMany));
    assert_eq!("a".repeat(4097).parse::<RoomGlob>(), Err(RoomGlobError::TooLong { bytes: 4097 }));
}

/// The textbook definition, exponential and obviously right.
fn plainly(glob: &[char], name: &[char]) -> bool {
    match (glob, name) {
        ([], []) => true,
        (['*', rest @ ..], _) => plainly(rest, name) || matches!(name, [_, shorter @ ..] if plainly(glob, shorter)),
        (['?', rest @ ..], [_, shorter @ ..]) => plainly(rest, shorter),
        ([wanted, rest @ ..], [found, shorter @ ..]) => wanted == found && plainly(rest, shorter),
        _ => false,
    }
}

proptest! {
    #[test]
    fn matching_follows_the_textbook(text in "[ab?*é]{1,10}", room in "[abé]{1,12}") {
        let chars = |text: &str| text.chars().collect::<Vec<_>>();

        prop_assert_eq!(matches(&text, None, &room), plainly(&chars(&text), &chars(&room)));
    }

    #[test]
    fn every_room_is_its_own_glob(typed in "[a-zA-Z0-9éÄ漢 ._~%-]{1,20}") {
        if let Ok(room) = typed.parse::<RoomName>() {
            prop_assert!(glob(room.as_str()).matches(&room, None));
        }
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in any::<String>(), specials in "[a*?{},\\[\\]!/-]{0,30}") {
        let _ = (text.parse::<RoomGlob>(), specials.parse::<RoomGlob>());
    }
}

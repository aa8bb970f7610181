use super::*;

fn glob(text: &str) -> RoomGlob {
    text.parse().unwrap()
}

fn matches(text: &str, room: &str) -> bool {
    glob(text).matches(&room.parse().unwrap(), None)
}

#[test]
fn a_glob_speaks_of_the_names_it_describes() {
    let table: &[(&str, &str, bool)] = &[
        ("board", "board", true),
        ("board", "board-1", false),
        ("board-*", "board-1", true),
        ("board-*", "board-", true),
        ("board-*", "board", false),
        ("*", "anything", true),
        ("*-*-c", "a-b-c", true),
        ("*ab", "aab", true),
        ("r?union", "Réunion", true),
        ("[a-c]x", "bx", true),
        ("[!a-c]x", "bx", false),
        ("{a,b-*}", "b-7", true),
        ("Réunion *", "réunion 7", true),
        ("r%c3%a9union%20*", "réunion 7", true),
    ];

    for &(text, room, expected) in table {
        assert_eq!(matches(text, room), expected, "{text} on {room}");
    }
}

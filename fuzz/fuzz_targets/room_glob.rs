//! Globs: none makes the parser or the matcher panic or take long, whatever the room.

#![no_main]

use libfuzzer_sys::fuzz_target;
use roomkey::policy::RoomGlob;
use roomkey::room::RoomName;

fuzz_target!(|input: (&str, &str)| {
    let (glob, room) = input;
    if let (Ok(glob), Ok(room)) = (glob.parse::<RoomGlob>(), room.parse::<RoomName>()) {
        glob.matches(&room, None);
        assert!(room.as_str().parse::<RoomGlob>().is_ok_and(|own| own.matches(&room, None)));
    }
});

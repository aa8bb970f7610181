//! Room names: whatever is accepted is safe in a path and a claim, and the front end makes the same of it again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use roomkey::room::{JoinRequest, RoomName};

fuzz_target!(|typed: &str| {
    let Ok(name) = typed.parse::<RoomName>() else { return };
    let safe = name.as_str();
    assert!((1..=RoomName::MAX_BYTES).contains(&safe.len()));
    assert!(safe.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'%')));
    assert!(safe != "." && safe != "..");
    assert_eq!(safe.parse(), Ok(name.clone()));
    assert_eq!(RoomName::try_from(safe.to_owned()), Ok(name.clone()));
    assert_eq!(JoinRequest::from_link(None, typed, None).map(|request| request.room), Ok(name));
});

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

#[test]
fn every_accepted_name_takes_the_form_that_the_front_end_gives_it() {
    for Accepted { typed, safe } in names().accepted {
        let name = typed.parse::<RoomName>();

        assert_eq!(name.as_ref().map(RoomName::as_str), Ok(safe.as_str()), "{typed:?}");
    }
}

#[test]
fn every_refused_name_is_refused() {
    for typed in names().refused {
        assert!(typed.parse::<RoomName>().is_err(), "{typed:?}");
    }
}

//! The query of a callback: whatever is read of it is within its limit and stands in it once.

#![no_main]

use libfuzzer_sys::fuzz_target;
use roomkey::web::query::{Parameter, read};

const WANTED: [Parameter; 5] = [
    Parameter { name: "state", max_bytes: 512 },
    Parameter { name: "code", max_bytes: 8 * 1024 },
    Parameter { name: "error", max_bytes: 256 },
    Parameter { name: "iss", max_bytes: 2 * 1024 },
    Parameter { name: "relayed", max_bytes: 1 },
];

fuzz_target!(|query: &str| {
    let Ok(values) = read(query, WANTED) else { return };
    let pairs: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).collect();
    for (Parameter { name, max_bytes }, value) in WANTED.into_iter().zip(values) {
        let same: Vec<_> = pairs.iter().filter(|(key, _)| key == name).collect();
        assert_eq!(same.len(), usize::from(value.is_some()), "{name}");
        if let Some(value) = value {
            assert!(value.len() <= max_bytes);
            assert_eq!(value, same[0].1);
        }
    }
});

//! What `roomkey doctor` says of a site that has no Jitsi.

use std::path::Path;

use serde_json::Value;

use super::roomkey::{Roomkey, run};

/// What it finds of the providers and the public address, and everything that it says.
pub fn examined(folder: &Path) -> (Vec<String>, String) {
    let output = run(folder, &["doctor", "--json"]);
    let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    let report: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let checks = report["findings"].as_array().unwrap().iter().map(|finding| finding["check"].as_str().unwrap());
    (checks.filter(|check| !check.starts_with("meeting.")).map(str::to_owned).collect(), text)
}

/// A Roomkey that is ready to be examined.
pub fn started(sections: &str) -> Roomkey {
    let roomkey = Roomkey::start(sections);
    roomkey.wait_until_ready();
    roomkey
}

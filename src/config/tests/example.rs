//! `roomkey.example.toml` is a file that works.

use std::fs;

use super::{Loaded, check_beside};
use crate::config::EXAMPLE;

#[test]
fn the_example_is_right_once_its_secrets_are_there() {
    let folder = tempfile::tempdir().unwrap();
    for secret in ["jitsi", "session", "work"] {
        let mut bytes = [0; 32];
        aws_lc_rs::rand::fill(&mut bytes).unwrap();
        fs::write(folder.path().join(secret), data_encoding::HEXLOWER.encode(&bytes)).unwrap();
    }
    let text = EXAMPLE.replace("/run/secrets", folder.path().to_str().unwrap());

    let loaded = check_beside(&folder.path().join("roomkey.toml"), &text, &[]);

    let Loaded { config, .. } = loaded.unwrap_or_else(|report| panic!("{report}"));
    assert_eq!(config.rules.len(), 2);
}

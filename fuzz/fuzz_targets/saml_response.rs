//! Responses of SAML identity providers: whatever is believed speaks of the person whom the provider signed for, in their groups.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/support/saml_login.rs"]
#[allow(dead_code, reason = "a part of it writes the login down")]
mod saml_login;

use saml_login::{SUBJECT, SamlLogin};

static LOGIN: LazyLock<SamlLogin> =
    LazyLock::new(|| SamlLogin::read(concat!(env!("CARGO_MANIFEST_DIR"), "/..")));

fuzz_target!(|document: &[u8]| {
    let Ok(login) = LOGIN.verify(document) else { return };
    assert_eq!(login.identity.subject().as_str(), SUBJECT);
    assert_eq!(login.identity.groups(), ["staff", "nurses"]);
});

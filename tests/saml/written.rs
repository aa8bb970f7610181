//! The login that is written down for benchmarks and fuzzing.

use std::fs;

use jiff::Timestamp;
use roomkey::clock::Clock;
use roomkey::login::NewAttempt;
use roomkey::room::JoinRequest;

use crate::saml_login::{FOLDER, SUBJECT, SamlLogin, id, sealer};
use crate::support::fake_idp::encryption::Encryption;
use crate::support::fake_idp::message::Message;
use crate::support::fake_idp::{Asked, FakeIdp, keys};

const REPOSITORY: &str = env!("CARGO_MANIFEST_DIR");

/// Makes a good message special.
type Special = fn(&mut Message);

/// Its responses: what they are called, and what is special about each.
const RESPONSES: [(&str, Special); 3] = [
    ("signed-assertion.xml", |_| {}),
    ("signed-response.xml", |m| m.sign_response = m.assertion.sign.take()),
    ("encrypted.xml", |m| m.encryption = Some(Encryption::for_key(&keys::kept()))),
];

fn write_down() {
    let now: Timestamp = Clock::system().now();
    let request = JoinRequest::from_link(None, "standup", None).unwrap();
    let attempt = NewAttempt::begin(request, id(), 0, &sealer(), now).unwrap();
    let write = |name: &str, text: &str| fs::write(format!("{REPOSITORY}/{FOLDER}/{name}"), text).unwrap();
    write("state", attempt.state().secret());
    write("cookie", &attempt.sealed().value);
    write("began", &now.as_second().to_string());
    let idp = FakeIdp::new();
    write("idp.xml", &idp.metadata());
    let own = |path: &str| format!("https://sso.example.com/saml/kept/{path}");
    let asked = Asked {
        document: String::new(),
        id: format!("_{}", attempt.nonce().secret()),
        acs: own("acs"),
        sp: own("metadata"),
        relay_state: attempt.state().secret().clone(),
    };
    for (name, special) in RESPONSES {
        let mut message = idp.message(&asked);
        special(&mut message);
        write(name, &message.write());
    }
}

#[test]
fn every_response_that_was_written_down_is_still_good() {
    if std::env::var_os("UPDATE_SAML_LOGIN").is_some() {
        write_down();
        return;
    }
    let login = SamlLogin::read(REPOSITORY);

    for (name, _) in RESPONSES {
        let document = fs::read(format!("{REPOSITORY}/{FOLDER}/{name}")).unwrap();
        let identity = login.verify(&document).unwrap().identity;

        assert_eq!(identity.subject().as_str(), SUBJECT, "{name}");
        assert_eq!(identity.groups(), ["staff", "nurses"], "{name}");
    }
}

//! Metadata of SAML identity providers: whatever is read can be used, and where signatures count, it is what was signed.

#![no_main]

use std::sync::LazyLock;

use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use roomkey::provider::saml::idp::read;

/// The certificate of the federation among the seeds.
static FEDERATION: LazyLock<Vec<u8>> = LazyLock::new(|| {
    pem::parse(include_str!("../../tests/data/saml/federation.pem")).expect("it is a certificate").into_contents()
});

fn noon() -> Timestamp {
    "2026-12-01T12:00:00Z".parse().expect("an instant")
}

fuzz_target!(|document: &[u8]| {
    if let Ok(metadata) = read(document, &[], noon()) {
        assert!(!metadata.idps.is_empty());
        for idp in &metadata.idps {
            assert!(!idp.single_sign_on.is_empty() && !idp.signing_certificates.is_empty() && idp.is_valid(noon()));
            assert!(!idp.name("de").is_empty());
        }
    }
    if let Ok(signed) = read(document, std::slice::from_ref(&FEDERATION), noon()) {
        let names: Vec<_> = signed.idps.iter().map(|idp| idp.entity_id.as_str()).collect();
        assert_eq!(names, ["https://north.example.edu/idp", "https://south.example.edu/idp"]);
    }
});

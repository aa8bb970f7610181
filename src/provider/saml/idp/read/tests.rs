use proptest::prelude::*;
use url::Url;

use super::*;
use crate::provider::saml::SamlCheck;
use crate::provider::saml::idp::{Binding, Endpoint};

/// A federation's document, signed by xmlsec1: `north` and `south` (which is hidden) are right, `broken` is wrong, `wiki` is no
/// identity provider.
const FEDERATION: &str = include_str!("../../../../../tests/data/saml/federation.xml");
const BY_ECDSA: &str = include_str!("../../../../../tests/data/saml/federation-ec.xml");
const BY_SHA1: &str = include_str!("../../../../../tests/data/saml/federation-sha1.xml");

const NORTH: &str = "https://north.example.edu/idp";

fn certificate(pem: &str) -> Vec<u8> {
    pem::parse(pem).unwrap().into_contents()
}

fn federation() -> Vec<u8> {
    certificate(include_str!("../../../../../tests/data/saml/federation.pem"))
}

fn another() -> Vec<u8> {
    certificate(include_str!("../../../../../tests/data/saml/other.pem"))
}

fn now() -> Timestamp {
    "2026-12-01T12:00:00Z".parse().unwrap()
}

fn signed(document: &str) -> Result<Metadata, MetadataError> {
    read(document.as_bytes(), &[federation()], now())
}

fn unsigned(document: &str) -> Result<Metadata, MetadataError> {
    read(document.as_bytes(), &[], now())
}

/// `FEDERATION` with one thing changed.
fn with(from: &str, to: &str) -> String {
    assert!(FEDERATION.contains(from), "{from}");
    FEDERATION.replacen(from, to, 1)
}

/// The description of `north` alone.
fn single() -> String {
    let from = FEDERATION.find("<md:EntityDescriptor").unwrap();
    let to = FEDERATION.find("</md:EntityDescriptor>").unwrap() + "</md:EntityDescriptor>".len();
    let namespaces = "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" \
                      xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" xmlns:mdui=\"urn:oasis:names:tc:SAML:metadata:ui\"";
    FEDERATION[from..to].replacen("<md:EntityDescriptor", namespaces, 1)
}

fn mistakes_of_single(from: &str, to: &str) -> Vec<Mistake> {
    let single = single();
    assert!(single.contains(from), "{from}");
    match unsigned(&single.replace(from, to)).unwrap_err() {
        MetadataError::NoIdp(mut mistakes) => mistakes.remove(0).1,
        other => panic!("{other}"),
    }
}

#[test]
fn a_federation_is_read_with_all_that_a_login_needs() {
    let metadata = signed(FEDERATION).unwrap();

    let [north, south] = metadata.idps.as_slice() else { panic!("{:?}", metadata.idps) };
    let address = |text: &str| Url::parse(text).unwrap();
    assert_eq!(north.entity_id, NORTH);
    assert_eq!(
        north.single_sign_on,
        [("/sso/post", Binding::Post), ("/sso", Binding::Redirect)].map(|(path, binding)| Endpoint {
            binding,
            location: address(&format!("https://north.example.edu{path}")),
            response_location: None,
        })
    );
    assert_eq!(
        north.single_logout_by(Binding::Redirect),
        Some(&Endpoint {
            binding: Binding::Redirect,
            location: address("https://north.example.edu/slo"),
            response_location: Some(address("https://north.example.edu/slo/done")),
        })
    );
    assert_eq!((north.signing_certificates.len(), north.encryption_certificates.len()), (2, 1));
    assert_eq!(north.signing_certificates[1], north.encryption_certificates[0]);
    assert!(north.wants_signed_requests && !south.wants_signed_requests);
    assert_eq!(north.name_id_formats, ["urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"]);
    assert_eq!(north.keywords, ["polar", "snow hall"]);
    assert_eq!((north.hidden, south.hidden), (false, true));
    assert_eq!(metadata.cache_duration, Some(Duration::from_hours(12)));
    assert_eq!(metadata.valid_until, Some("2026-12-31T00:00:00Z".parse().unwrap()));
}

#[test]
fn a_name_is_told_in_the_readers_language_else_in_english_else_at_all() {
    let idps = signed(FEDERATION).unwrap().idps;

    assert_eq!(idps[0].name("de"), "Universität des Nordens");
    assert_eq!(idps[0].name("fr"), "University of the North");
    assert_eq!(idps[1].name("de"), "College of the South");
    assert_eq!(IdpMetadata { display_name: Vec::new(), ..idps[1].clone() }.name("de"), "https://south.example.edu/idp");
}

#[test]
fn what_ends_within_something_ends_with_it() {
    let idps = signed(FEDERATION).unwrap().idps;

    assert_eq!(idps[0].valid_until, Some("2026-12-31T00:00:00Z".parse().unwrap()));
    assert_eq!(idps[1].valid_until, Some("2026-12-15T00:00:00Z".parse().unwrap()));
    let later = read(FEDERATION.as_bytes(), &[], "2026-12-20T00:00:00Z".parse().unwrap()).unwrap();
    assert_eq!(later.idps.len(), 1);
    assert!(later.doubtful.iter().any(|(id, mistakes)| id.contains("south") && *mistakes == [Mistake::Expired]));
}

#[test]
fn one_that_is_wrong_is_named_with_all_its_mistakes_and_spoils_no_other() {
    let doubtful = signed(FEDERATION).unwrap().doubtful;

    let mistakes = [
        Mistake::Location("SingleSignOnService"),
        Mistake::Certificate,
        Mistake::NoSingleSignOn,
        Mistake::NoSigningCertificate,
    ];
    assert_eq!(doubtful, [("https://broken.example.edu/idp".to_owned(), mistakes.to_vec())]);
}

#[test]
fn a_document_of_one_identity_provider_is_read() {
    let metadata = unsigned(&single()).unwrap();

    assert_eq!(metadata.idps.len(), 1);
    assert_eq!((metadata.idps[0].entity_id.as_str(), metadata.valid_until), (NORTH, None));
}

#[test]
fn a_key_counts_for_what_it_says_it_is_for() {
    let second_encrypts = single().replace("<md:KeyDescriptor>", "<md:KeyDescriptor use=\"encryption\">");
    let both_encrypt = second_encrypts.replace("\"signing\"", "\"encryption\"");

    assert_eq!(unsigned(&second_encrypts).unwrap().idps[0].signing_certificates.len(), 1);
    assert!(matches!(unsigned(&both_encrypt), Err(MetadataError::NoIdp(_))));
}

#[test]
fn each_mistake_that_makes_one_unusable_is_found() {
    let location = "Location=\"https://north.example.edu/sso";

    assert_eq!(mistakes_of_single(" entityID=\"https://north.example.edu/idp\"", ""), [Mistake::EntityId]);
    let long = format!("entityID=\"https://north.example.edu/{}\"", "x".repeat(1024));
    assert_eq!(mistakes_of_single("entityID=\"https://north.example.edu/idp\"", &long), [Mistake::EntityId]);
    for other in ["Location=\"javascript:alert(1)//", "Location=\"http://north.example.edu/", "Location=\"sso"] {
        let mistakes = mistakes_of_single(location, other);
        assert_eq!(mistakes, [Mistake::Location("SingleSignOnService"), Mistake::NoSingleSignOn], "{other}");
    }
    assert_eq!(mistakes_of_single("KeyDescriptor", "KeyDescriptors"), [Mistake::NoSigningCertificate]);
    let past = "<md:IDPSSODescriptor validUntil=\"2026-11-30T00:00:00Z\"";
    assert_eq!(mistakes_of_single("<md:IDPSSODescriptor", past), [Mistake::Expired]);
    let never = "<md:IDPSSODescriptor validUntil=\"soon\"";
    assert_eq!(mistakes_of_single("<md:IDPSSODescriptor", never), [Mistake::ValidUntil]);
}

#[test]
fn an_error_names_the_mistakes() {
    let error = unsigned(&single().replace("KeyDescriptor", "KeyDescriptors")).unwrap_err();

    assert_eq!(
        error.to_string(),
        "the metadata hold no identity provider that can be used; \"https://north.example.edu/idp\": \
         no `KeyDescriptor` for signing holds a certificate"
    );
}

#[test]
fn identity_providers_of_other_protocols_are_none() {
    let shibboleth_1 = single().replace("urn:oasis:names:tc:SAML:2.0:protocol", "urn:mace:shibboleth:1.0");

    assert_eq!(unsigned(&shibboleth_1).unwrap_err(), MetadataError::NoIdp(Vec::new()));
}

#[test]
fn a_signature_by_ecdsa_vouches_too() {
    let key = certificate(include_str!("../../../../../tests/data/saml/federation-ec.pem"));

    assert!(read(BY_ECDSA.as_bytes(), &[another(), key], now()).is_ok());
}

#[test]
fn each_way_of_not_being_vouched_for_is_refused() {
    let refused = |document: &str| match signed(document) {
        Err(MetadataError::Signature { check: FailedCheck::Saml(check), .. }) => check,
        other => panic!("{other:?}"),
    };
    let signature =
        &FEDERATION[FEDERATION.find("<ds:Signature>").unwrap()..FEDERATION.find("</ds:Signature>").unwrap()];
    let without = with(signature, "<ds:Sign>").replace("</ds:Signature>", "</ds:Sign>");
    let xpath = "http://www.w3.org/TR/1999/REC-xpath-19991116";

    assert_eq!(refused(&without), SamlCheck::Signed);
    assert_eq!(refused(&with("north.example.edu/sso", "evil.example.org/sso")), SamlCheck::Digest);
    assert_eq!(refused(BY_ECDSA), SamlCheck::Signature);
    assert_eq!(refused(BY_SHA1), SamlCheck::SignatureAlgorithm);
    assert_eq!(refused(&with("URI=\"#_federation\"", "URI=\"\"")), SamlCheck::SignatureReference);
    assert_eq!(refused(&with("ID=\"_federation\"", "ID=\"_another\"")), SamlCheck::SignatureReference);
    assert_eq!(refused(&with("rsa-sha256", "hmac-sha256")), SamlCheck::SignatureAlgorithm);
    let transformed = with("http://www.w3.org/2000/09/xmldsig#enveloped-signature", xpath);
    assert_eq!(refused(&transformed), SamlCheck::SignatureForm);
    let by_another = read(FEDERATION.as_bytes(), &[another()], now()).unwrap_err();
    assert!(by_another.to_string().contains("signature key"), "{by_another}");
    let no_certificate = read(FEDERATION.as_bytes(), &[b"none".to_vec()], now()).unwrap_err();
    assert_eq!(no_certificate, MetadataError::Certificate);
}

#[test]
fn what_was_signed_cannot_be_wrapped_into_something_else() {
    let (declaration, root) = FEDERATION.split_at(FEDERATION.find("<md:EntitiesDescriptor").unwrap());
    let evil = single().replace("north.example.edu", "evil.example.org");
    let (head, _) = root.split_at(root.find('>').unwrap() + 1);
    let signature = &root[root.find("<ds:Signature>").unwrap()..root.find("</ds:Signature>").unwrap()];
    let signature = format!("{signature}</ds:Signature>");
    let other_root = head.replace("_federation", "_evil");
    let around = format!("{declaration}{other_root}{evil}{root}</md:EntitiesDescriptor>");
    let moved = format!("{declaration}{other_root}{signature}{evil}{root}</md:EntitiesDescriptor>");
    let same_id = format!("{declaration}{head}{signature}{evil}{root}</md:EntitiesDescriptor>");
    let inside = format!(
        "{declaration}{head}{}{evil}</md:EntitiesDescriptor>",
        signature.replace("</ds:Signature>", &format!("<ds:Object>{root}</ds:Object></ds:Signature>"))
    );

    for wrapped in [around, moved, same_id, inside] {
        let outcome = signed(&wrapped);
        let refused = matches!(outcome, Err(MetadataError::Signature { .. } | MetadataError::Document(_)));
        assert!(refused, "{wrapped}");
    }
}

#[test]
fn expired_metadata_are_refused_to_the_second() {
    let until: Timestamp = "2026-12-31T00:00:00Z".parse().unwrap();
    let at = |time| read(FEDERATION.as_bytes(), &[federation()], time).map(drop);

    assert_eq!(at(until - Duration::from_secs(1)), Ok(()));
    assert_eq!(at(until), Err(MetadataError::Expired(until)));
}

#[test]
fn times_that_cannot_be_read_are_refused() {
    assert_eq!(unsigned(&with("2026-12-31T00:00:00Z", "soon")).unwrap_err(), MetadataError::Time("validUntil"));
    assert_eq!(unsigned(&with("PT12H", "12h")).unwrap_err(), MetadataError::Time("cacheDuration"));
}

#[test]
fn documents_that_are_no_metadata_are_told_apart() {
    let error = |document: &[u8]| read(document, &[], now()).unwrap_err();
    let bomb = "<!DOCTYPE a [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]>\n<a>&b;</a>";
    let padding = format!("<!-- {} -->", "x".repeat(MAX_SINGLE_BYTES));

    assert_eq!(error(b"<html><body>Log in</body></html>"), MetadataError::NotMetadata);
    assert_eq!(error(b"<EntityDescriptor entityID=\"a\"/>"), MetadataError::NotMetadata);
    assert_eq!(error(b"\xff\xfe"), MetadataError::Document(DocumentError::NotUtf8));
    assert_eq!(error(b"<a>\n<b></a>"), MetadataError::Document(DocumentError::Malformed(MAX_DEPTH)));
    assert_eq!(error(bomb.as_bytes()), MetadataError::Document(DocumentError::Doctype));
    assert_eq!(error(&vec![b' '; MAX_BYTES + 1]), MetadataError::TooLarge { most: MAX_BYTES });
    assert_eq!(error(format!("{}{padding}", single()).as_bytes()), MetadataError::TooLarge { most: MAX_SINGLE_BYTES });
}

#[test]
fn a_byte_order_mark_is_no_mistake() {
    assert!(unsigned(&format!("\u{feff}{FEDERATION}")).is_ok());
    assert!(signed(&format!("\u{feff}{FEDERATION}")).is_ok());
}

proptest! {
    #[test]
    fn arbitrary_bytes_are_refused_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(read(&bytes, &[], now()).is_err());
    }

    #[test]
    fn a_byte_changed_anywhere_never_makes_another_signed_document(at in 0..FEDERATION.len(), byte in any::<u8>()) {
        let mut bytes = FEDERATION.as_bytes().to_vec();
        bytes[at] = byte;

        if let Ok(metadata) = read(&bytes, &[federation()], now()) {
            // White space between attributes, or in what a signature leaves out.
            prop_assert_eq!(metadata.idps, signed(FEDERATION).unwrap().idps);
        }
    }
}

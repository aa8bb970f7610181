use std::sync::Arc;

use super::*;
use crate::config::ProviderKind;
use crate::doctor::testing::{FILE, load};
use crate::provider::FailedCheck;
use crate::provider::saml::idp::Endpoint;
use crate::provider::saml::{OwnKey, SamlCheck};

const CERTIFICATE: &str = include_str!("../../../../tests/data/saml/federation.pem");

fn der() -> Vec<u8> {
    pem::parse(CERTIFICATE).unwrap().into_contents()
}

/// Long before everything ends.
fn noon() -> Timestamp {
    "2026-12-01T12:00:00Z".parse().unwrap()
}

fn in_days(days: i64) -> Timestamp {
    noon() + SignedDuration::from_hours(24 * days)
}

fn settings() -> Settings {
    let saml = "kind = \"saml\"\nidp_metadata_url = \"https://id.example.com/metadata\"\n";
    let file = FILE.replace("kind = \"oidc\"", saml);
    let file: String = file
        .lines()
        .filter(|line| !["issuer", "client_id", "client_secret"].iter().any(|key| line.trim().starts_with(key)))
        .map(|line| format!("{line}\n"))
        .collect();
    match load(&file).unwrap().config.providers.remove(0).kind {
        ProviderKind::Saml(settings) => *settings,
        other => panic!("{other:?}"),
    }
}

fn by_file() -> Settings {
    let mut settings = settings();
    settings.metadata.source = MetadataSource::File("idp.xml".into());
    settings
}

fn endpoint(binding: Binding) -> Endpoint {
    Endpoint { binding, location: "https://id.example.com/sso".parse().unwrap(), response_location: None }
}

fn idp() -> IdpMetadata {
    IdpMetadata {
        entity_id: "https://id.example.com".to_owned(),
        single_sign_on: vec![endpoint(Binding::Redirect)],
        single_logout: Vec::new(),
        signing_certificates: vec![der()],
        encryption_certificates: Vec::new(),
        wants_signed_requests: false,
        name_id_formats: Vec::new(),
        display_name: Vec::new(),
        keywords: Vec::new(),
        hidden: false,
        valid_until: None,
    }
}

fn arrived(status: u16) -> Begun {
    Begun::Arrived(Ok(Arrived { status, location: None, entra_error: None }))
}

fn seen(idps: Vec<IdpMetadata>) -> Observed {
    let metadata = Ok(Probe { idps, doubtful: Vec::new(), valid_until: None });
    Observed { metadata, login: Some(arrived(200)), clock: None }
}

fn none(none: NoMetadata) -> Observed {
    Observed { metadata: Err(none), login: None, clock: None }
}

fn found_by(settings: &Settings, observed: &Observed, now: Timestamp) -> Vec<(&'static str, Severity)> {
    diagnose(settings, observed, now).iter().map(|finding| (finding.check, finding.severity)).collect()
}

fn found(observed: &Observed) -> Vec<(&'static str, Severity)> {
    found_by(&settings(), observed, noon())
}

#[test]
fn a_good_identity_provider_gives_no_finding() {
    assert_eq!(found(&seen(vec![idp()])), []);
}

#[test]
fn each_way_to_have_no_metadata_is_told_apart() {
    let signature =
        MetadataError::Signature { check: FailedCheck::Saml(SamlCheck::Signature), detail: "another key".to_owned() };
    let missing = |mistakes: &[Mistake]| NoMetadata::Missing { others: 3, mistakes: mistakes.to_vec() };
    for (error, named) in [
        (NoMetadata::Unreachable(HttpError::Timeout), "provider.unreachable"),
        (NoMetadata::Unreachable(HttpError::Status(404)), "provider.answer"),
        (NoMetadata::File { cause: "permission denied".to_owned() }, "provider.metadata_file"),
        (NoMetadata::Unusable(signature), "provider.metadata_signature"),
        (NoMetadata::Unusable(MetadataError::Certificate), "provider.metadata_certificate"),
        (NoMetadata::Unusable(MetadataError::Expired(noon())), "provider.metadata_expired"),
        (NoMetadata::Unusable(MetadataError::NoIdp(Vec::new())), "provider.no_idp"),
        (NoMetadata::Unusable(MetadataError::NotMetadata), "provider.metadata"),
        (NoMetadata::Unusable(MetadataError::TooLarge { most: 1 }), "provider.metadata"),
        (NoMetadata::Unusable(MetadataError::Time("validUntil")), "provider.metadata"),
        (missing(&[]), "provider.idp_entity_id"),
        (missing(&[Mistake::NoSingleSignOn]), "provider.idp_entity_id"),
    ] {
        assert_eq!(found(&none(error.clone())), [(named, Severity::Error)], "{error:?}");
    }
}

#[test]
fn metadata_that_end_soon_are_told_of_while_somebody_can_act() {
    let ending = |days| {
        let mut seen = seen(vec![idp()]);
        seen.metadata.as_mut().unwrap().valid_until = Some(in_days(days));
        seen
    };
    let told = [("provider.metadata_ending", Severity::Warning)];

    assert_eq!(found_by(&by_file(), &ending(13), noon()), told);
    assert_eq!(found_by(&by_file(), &ending(15), noon()), []);
    assert_eq!(found(&ending(0)), told);
    assert_eq!(found(&ending(2)), []);
}

#[test]
fn a_signing_certificate_that_ends_is_a_warning_where_somebody_has_to_act() {
    let last = certificate_ends(&der()).unwrap();
    let (before, after) = (last - SignedDuration::from_hours(24), last + SignedDuration::from_hours(24));

    for now in [before, after] {
        assert_eq!(
            found_by(&by_file(), &seen(vec![idp()]), now),
            [("provider.signing_certificate", Severity::Warning)]
        );
        assert_eq!(found_by(&settings(), &seen(vec![idp()]), now), [("provider.signing_certificate", Severity::Note)]);
    }
    assert_eq!(found_by(&by_file(), &seen(vec![idp()]), last - SignedDuration::from_hours(31 * 24)), []);
    let told = |now| diagnose(&by_file(), &seen(vec![idp()]), now)[0].trouble.clone();
    assert!(told(before).contains("certificate that ends at"), "{}", told(before));
    assert!(told(after).contains("certificate that has ended at"), "{}", told(after));
}

#[test]
fn a_certificate_of_roomkeys_own_that_ends_is_told() {
    let made = own_key();
    let mut with_key = settings();
    let end = certificate_ends(made.certificate()).unwrap();
    with_key.own_key = Some(Arc::new(made));
    let mut federation = seen(vec![idp(), idp()]);
    federation.login = None;
    with_key.metadata.signed_by = vec![der()];

    let day_before = found_by(&with_key, &federation, end - SignedDuration::from_hours(24));
    let long_before = found_by(&with_key, &federation, end - SignedDuration::from_hours(31 * 24));

    assert_eq!(day_before, [("provider.own_certificate", Severity::Warning)]);
    assert_eq!(long_before, []);
}

/// A key and its certificate, as `openssl req -x509` has made them.
fn own_key() -> OwnKey {
    let key = include_str!("../../../../tests/data/keys/rsa-2048-pkcs8.pem");
    let certificate = include_str!("../../../../tests/data/saml/roomkey.pem");
    OwnKey::from_pem(&key.to_owned().into(), certificate).unwrap()
}

#[test]
fn a_binding_that_is_not_offered_is_named_with_the_one_that_is() {
    let mut by_post = settings();
    by_post.request_binding = Some(Binding::Post);

    let findings = diagnose(&by_post, &seen(vec![idp()]), noon());

    assert_eq!((findings.len(), findings[0].check), (1, "provider.request_binding"));
    assert!(findings[0].remedy.contains("make it \"redirect\""), "{}", findings[0].remedy);
    let both = IdpMetadata { single_sign_on: vec![endpoint(Binding::Redirect), endpoint(Binding::Post)], ..idp() };
    assert_eq!(found_by(&by_post, &seen(vec![both]), noon()), []);
}

#[test]
fn signed_requests_need_a_key() {
    let wants = IdpMetadata { wants_signed_requests: true, ..idp() };
    let error = || ProviderError::TurnedAway { leg: Leg::Metadata, code: "x".to_owned() };
    let observed = Observed { login: Some(Begun::NoRequest(error())), ..seen(vec![wants.clone()]) };
    let mut with_key = settings();
    with_key.own_key = Some(Arc::new(own_key()));

    assert_eq!(found(&observed), [("provider.request_key", Severity::Error)]);
    assert_eq!(found_by(&with_key, &seen(vec![wants]), noon()), [("provider.single_logout", Severity::Note)]);
}

#[test]
fn single_logout_that_one_side_lacks_is_worth_a_note() {
    let offers = IdpMetadata { single_logout: vec![endpoint(Binding::Post)], ..idp() };
    let mut with_key = settings();
    with_key.own_key = Some(Arc::new(own_key()));

    assert_eq!(found(&seen(vec![offers.clone()])), [("provider.single_logout", Severity::Note)]);
    assert_eq!(found_by(&with_key, &seen(vec![offers]), noon()), []);
}

#[test]
fn names_that_change_at_each_login_are_no_subject() {
    let transient = IdpMetadata { name_id_formats: vec![TRANSIENT.to_owned()], ..idp() };
    let mut by_attribute = settings();
    by_attribute.subject = SubjectSource::Attribute("employeeNumber".to_owned());

    assert_eq!(found(&seen(vec![transient.clone()])), [("provider.subject", Severity::Error)]);
    assert_eq!(found_by(&by_attribute, &seen(vec![transient]), noon()), []);
}

#[test]
fn a_federation_that_nobody_vouches_for_is_a_warning() {
    let mut signed = settings();
    signed.metadata.signed_by = vec![der()];
    let federation = Observed { login: None, ..seen(vec![idp(), idp()]) };

    assert_eq!(found(&federation), [("provider.metadata_unsigned", Severity::Warning)]);
    assert_eq!(found_by(&signed, &federation, noon()), []);
}

#[test]
fn doubtful_descriptions_are_named_up_to_a_number() {
    let mut observed = seen(vec![idp()]);
    let doubtful = (0..7).map(|number| (format!("https://id{number}.example.com"), vec![Mistake::Certificate]));
    observed.metadata.as_mut().unwrap().doubtful = doubtful.collect();

    let findings = diagnose(&settings(), &observed, noon());

    assert_eq!((findings[0].check, findings[0].severity), ("provider.metadata_doubt", Severity::Note));
    assert!(findings[0].trouble.contains("\"https://id4.example.com\" (an `X509Certificate` is none), and 2 more"));
}

#[test]
fn an_identity_provider_that_does_not_know_roomkey_is_given_its_metadata() {
    let turned_away = |status, entra_error| {
        let login = Some(Begun::Arrived(Ok(Arrived { status, location: None, entra_error })));
        diagnose(&settings(), &Observed { login, ..seen(vec![idp()]) }, noon()).remove(0)
    };

    for (finding, severity) in [
        (turned_away(400, None), Severity::Error),
        (turned_away(500, None), Severity::Error),
        (turned_away(200, Some("AADSTS700016")), Severity::Error),
        (turned_away(403, None), Severity::Warning),
    ] {
        assert_eq!((finding.check, finding.severity), ("provider.service_provider", severity));
        assert!(finding.remedy.contains("https://sso.example.com/saml/work/metadata"), "{}", finding.remedy);
        assert!(finding.remedy.contains("https://sso.example.com/saml/work/acs"), "{}", finding.remedy);
    }
    let lost = Some(Begun::Arrived(Err(HttpError::Timeout)));
    assert_eq!(found(&Observed { login: lost, ..seen(vec![idp()]) }), [("provider.unreachable", Severity::Error)]);
}

#[test]
fn a_request_that_cannot_be_made_says_why() {
    let error = ProviderError::Untrusted { check: FailedCheck::Metadata, detail: "no endpoint".to_owned() };

    let findings =
        diagnose(&settings(), &Observed { login: Some(Begun::NoRequest(error)), ..seen(vec![idp()]) }, noon());

    assert_eq!((findings.len(), findings[0].check), (1, "provider.request"));
    assert!(findings[0].trouble.contains("no endpoint"));
}

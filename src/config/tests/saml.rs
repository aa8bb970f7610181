//! Providers of kind `saml`.

use super::{AROUND, check};
use crate::config::ProviderKind;
use crate::provider::EmailVerified;
use crate::provider::saml::idp::{Binding, MetadataSource};
use crate::provider::saml::{Settings, SubjectSource};

const LEAST: &str = "idp_metadata_url = \"https://id.example.com/saml/metadata\"\n";

fn load(lines: &str) -> (Settings, String, usize) {
    let loaded = check(&format!("{AROUND}kind = \"saml\"\n{lines}"), &[]).unwrap_or_else(|report| panic!("{report}"));
    let warnings = loaded.warnings.mistakes().len();
    let provider = loaded.config.providers.into_iter().next().unwrap();
    match provider.kind {
        ProviderKind::Saml(settings) => (*settings, provider.name, warnings),
        other => panic!("{other:?}"),
    }
}

fn settings(lines: &str) -> Settings {
    load(lines).0
}

/// What each mistake is told, without its place.
fn mistakes(lines: &str) -> Vec<String> {
    let report = check(&format!("{AROUND}kind = \"saml\"\n{lines}"), &[])
        .err()
        .map(|report| report.to_string())
        .unwrap_or_default();
    report.lines().filter_map(|line| Some(line.split_once("providers[0].")?.1.to_owned())).collect()
}

#[test]
fn the_least_provider_is_strict_and_known_by_its_addresses() {
    let (settings, name, warnings) = load(LEAST);

    assert_eq!((name.as_str(), warnings), ("id.example.com", 0));
    assert_eq!(settings.entity_id, "https://sso.example.com/saml/them/metadata");
    assert_eq!(settings.acs.as_str(), "https://sso.example.com/saml/them/acs");
    let source = MetadataSource::Url("https://id.example.com/saml/metadata".parse().unwrap());
    assert_eq!((settings.metadata.source, settings.metadata.only), (source, None));
    assert!(settings.own_key.is_none() && settings.authn_context.is_empty() && settings.request_binding.is_none());
    assert!(!settings.insecure_sha1 && !settings.idp_initiated && !settings.sign_requests && !settings.force_authn);
    assert_eq!(settings.subject, SubjectSource::NameId);
    assert_eq!(settings.claims.email_verified, EmailVerified::Always(false));
}

#[test]
fn each_preset_has_its_own_subject_and_claims() {
    let preset = |word: &str| settings(&format!("{LEAST}preset = \"{word}\"\n"));

    let words = ["eduperson", "entra", "adfs", "okta", "keycloak"];
    let of_entra = "http://schemas.microsoft.com/identity/claims/objectidentifier".to_owned();
    let subjects = words.map(|word| preset(word).subject);
    let emails = words.map(|word| preset(word).claims.email.0.swap_remove(0));

    let name_id = SubjectSource::NameId;
    assert_eq!(
        subjects,
        [name_id.clone(), SubjectSource::Attribute(of_entra), name_id.clone(), name_id.clone(), name_id]
    );
    assert_eq!((emails[0].as_str(), emails[3].as_str()), ("urn:oid:0.9.2342.19200300.100.1.3", "email"));
    let own = settings(&format!("{LEAST}preset = \"entra\"\nsubject = \"name_id\"\n"));
    assert_eq!(own.subject, SubjectSource::NameId);
}

#[test]
fn all_that_is_written_counts() {
    let lines = "idp_entity_id = \"https://id.example.com/idp\"\nentity_id = \"urn:roomkey\"\nrequest_binding = \"post\"\n\
                 force_authn = true\nidp_initiated = true\nauthn_context = [\"https://refeds.org/profile/mfa\"]\n\
                 discovery_url = \"https://ds.example.org/DS\"\n";

    let settings = settings(&format!("{LEAST}{lines}"));

    assert_eq!((settings.entity_id.as_str(), settings.request_binding), ("urn:roomkey", Some(Binding::Post)));
    assert_eq!(settings.metadata.only.as_deref(), Some("https://id.example.com/idp"));
    assert_eq!(settings.metadata.discovery.unwrap().own_entity_id, "urn:roomkey");
    assert!(settings.force_authn && settings.idp_initiated);
    assert_eq!(settings.authn_context, ["https://refeds.org/profile/mfa"]);
}

#[test]
fn sha1_is_warned_of_at_each_start() {
    assert_eq!(load(&format!("{LEAST}insecure_sha1 = true\n")).2, 1);
}

#[test]
fn each_mistake_is_told_with_its_remedy() {
    let told = [
        mistakes(""),
        mistakes(&format!("{LEAST}idp_metadata_file = \"idp.xml\"\n")),
        mistakes("idp_metadata_file = \"there-is-none.xml\"\n"),
        mistakes("idp_metadata_url = \"http://id.example.com/metadata\"\n"),
        mistakes(&format!("{LEAST}metadata_certificate_file = \"there-is-none.pem\"\n")),
        mistakes(&format!("{LEAST}metadata_certificate_file = \"tests/data/keys/ec-p256.pem\"\n")),
        mistakes(&format!("{LEAST}sign_requests = true\n")),
        mistakes(&format!("{LEAST}want_assertions_encrypted = true\n")),
        mistakes(&format!("{LEAST}key_file = \"tests/data/keys/rsa-2048-pkcs8.pem\"\n")),
        mistakes(&format!("{LEAST}certificate_file = \"tests/data/saml/federation.pem\"\n")),
        mistakes(&format!(
            "{LEAST}key_file = \"tests/data/keys/ec-p256.pem\"\ncertificate_file = \"tests/data/saml/federation.pem\"\n"
        )),
        mistakes(&format!(
            "{LEAST}key_file = \"tests/data/keys/rsa-2048-pkcs8.pem\"\ncertificate_file = \"tests/data/saml/federation.pem\"\n"
        )),
        mistakes(&format!("{LEAST}idp_entity_id = \"idp\"\n")),
        mistakes(&format!("{LEAST}authn_context = [\"mfa\"]\n")),
        mistakes(&format!("{LEAST}subject = \"\"\n")),
        mistakes(&format!("{LEAST}preset = \"simplesaml\"\n")),
    ];

    insta::assert_snapshot!(told.map(|told| told.join("\n")).join("\n"), @r#"
    idp_metadata_url: is missing; add `idp_metadata_url = "https://id.example.com/saml/metadata"`, or `idp_metadata_file`
    idp_metadata_url: is given beside `idp_metadata_file`; keep one of them
    idp_metadata_file: cannot read there-is-none.xml (No such file or directory (os error 2)); check the path and that `roomkey` may read it
    idp_metadata_url: is plain `http`; use `https`; plain `http` is for loopback hosts (`127.0.0.1`, `[::1]`, `localhost`) only
    metadata_certificate_file: cannot be read (No such file or directory (os error 2)); check the path, its permissions and what stands in it
    metadata_certificate_file: holds no certificate; give one in PEM
    key: is missing, and `sign_requests` needs it; give `key_file` and `certificate_file`
    key: is missing, and `want_assertions_encrypted` needs it; give `key_file` and `certificate_file`
    certificate_file: is missing, and there is a `key`; give both or none
    key: is missing; give it as `key_file` (a path), `key_env` (a variable's name) or `key`
    key_file: cannot be used: there is no RSA key of 2048 to 8192 bits in PEM (PKCS#8 or PKCS#1) in it; make one with `openssl req -x509 -newkey rsa:3072 -nodes`
    certificate_file: cannot be used: the certificate is that of another key; give the certificate that was made for `key`
    idp_entity_id: is no entity id; give it letter for letter as `entityID` in the metadata: a URI without blanks
    authn_context[0]: is no class of authentication; give its whole URI, as in `urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport`
    subject: is empty or has a control character; write `name_id`, or an attribute's name
    preset: `simplesaml` is unknown here; choose from `eduperson`, `entra`, `adfs`, `okta`, `keycloak`
    "#);
}

//! Where secrets come from, and which are refused.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use secrecy::ExposeSecret;

use super::{LEAST, check, check_beside, least_with};
use crate::config::{EXAMPLE, Signing};
use crate::keyring::KeyRing;

/// A secret that nothing speaks against.
const GOOD: &str = "9c3f7b1e5d80a2464e1d9a7c3b5f0826";

/// A file that only its owner can read, in a folder of its own.
fn file(name: &str, content: impl AsRef<[u8]>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    folder
}

/// [`LEAST`] with the session's secret from elsewhere.
fn with_session(lines: &str) -> String {
    least_with("session", lines).replace("secret = \"0b4d7a9c2e6f81530d9c7b5a3e1f8642\"\n", "")
}

#[test]
fn a_secret_may_come_from_a_file_beside_the_configuration_or_from_a_variable() {
    let folder = file("session", format!("{GOOD}\r\n"));
    let beside = folder.path().join("roomkey.toml");

    let from_file = check_beside(&beside, &with_session("secret_file = \"session\""), &[]).unwrap();
    let from_variable = check(&with_session("secret_env = \"SESSION\""), &[("SESSION", GOOD)]).unwrap();
    let overridden = check(LEAST, &[("ROOMKEY_SESSION__SECRET", GOOD)]).unwrap();

    for loaded in [from_file, from_variable, overridden] {
        assert_eq!(loaded.config.session.keys.current.expose_secret(), GOOD.as_bytes());
        assert!(loaded.warnings.is_empty(), "{}", loaded.warnings);
    }
}

#[test]
fn only_one_newline_at_the_end_does_not_count() {
    let folder = file("session", format!(" {GOOD}\n\n"));
    let beside = folder.path().join("roomkey.toml");

    let config = check_beside(&beside, &with_session("secret_file = \"session\""), &[]).unwrap().config;

    assert_eq!(config.session.keys.current.expose_secret(), format!(" {GOOD}\n").as_bytes());
}

#[test]
fn a_secret_that_is_not_there_is_told_apart_from_one_that_is_empty() {
    let folder = file("empty", "\n");
    let beside = folder.path().join("roomkey.toml");
    let told = |lines: &str, variables: &[(&str, &str)]| {
        let report = check_beside(&beside, &with_session(lines), variables).unwrap_err().to_string();
        report.replace(folder.path().to_str().unwrap(), "FOLDER")
    };

    let reports = [
        told("secret_file = \"gone\"", &[]),
        told("secret_file = \".\"", &[]),
        told("secret_file = \"empty\"", &[]),
        told("secret_file = \"/dev/zero\"", &[]),
        told("secret_file = \"\"", &[]),
        told("secret_env = \"SESSION\"", &[]),
        told("secret_env = \"SESSION\"", &[("SESSION", "")]),
        told("", &[]),
    ];

    insta::assert_snapshot!(reports.join("\n"), @r#"
    FOLDER/roomkey.toml:7:15: session.secret_file: cannot read FOLDER/gone (No such file or directory (os error 2)); check the path and that `roomkey` may read it
    FOLDER/roomkey.toml:7:15: session.secret_file: cannot read FOLDER/. (Is a directory (os error 21)); check the path and that `roomkey` may read it
    FOLDER/roomkey.toml:7:15: session.secret_file: is an empty secret; fill it
    FOLDER/roomkey.toml:7:15: session.secret_file: /dev/zero is larger than 65536 bytes; give the file of the secret alone
    FOLDER/roomkey.toml:7:15: session.secret_file: is an empty path; give the path of a file, or leave the key out
    FOLDER/roomkey.toml:7:14: session.secret_env: names the variable `SESSION`, which is not set; set it for the `roomkey` process
    FOLDER/roomkey.toml:7:14: session.secret_env: is an empty secret; fill it
    FOLDER/roomkey.toml:6:1: session.secret: is missing; give it as `secret_file` (a path), `secret_env` (a variable's name) or `secret`
    "#);
}

#[test]
fn a_secret_that_everybody_can_read_is_warned_of() {
    let folder = file("session", GOOD);
    let path = folder.path().join("session");
    fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();

    let loaded = check_beside(&folder.path().join("roomkey.toml"), &with_session("secret_file = \"session\""), &[]);

    let told = loaded.unwrap().warnings.to_string().replace(folder.path().to_str().unwrap(), "FOLDER");
    insta::assert_snapshot!(told, @r#"FOLDER/roomkey.toml:7:15: session.secret_file: FOLDER/session can be read by everybody on this machine; `chmod o-r FOLDER/session`"#);
}

#[test]
fn old_secrets_are_read_one_a_line() {
    let folder = file("old", format!("{GOOD}\r\n\n5a0e7c3b9d1f48266e8c0b2d4f6a1937\n"));
    let beside = folder.path().join("roomkey.toml");

    let config = check_beside(&beside, &least_with("session", "previous_secrets_file = \"old\""), &[]).unwrap().config;

    let previous: Vec<_> = config.session.keys.previous.iter().map(|secret| secret.expose_secret().to_vec()).collect();
    assert_eq!(previous, [GOOD.as_bytes().to_vec(), b"5a0e7c3b9d1f48266e8c0b2d4f6a1937".to_vec()]);
}

#[test]
fn a_private_key_signs_by_rs() {
    let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let der: Pkcs8V1Der<'_> = pair.as_der().unwrap();
    let base64 = data_encoding::BASE64.encode(der.as_ref());
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{base64}\n-----END PRIVATE KEY-----\n");
    let folder = file("jitsi.pem", pem);
    let text =
        least_with("meeting.signing", "algorithm = \"RS384\"\nprivate_key_file = \"jitsi.pem\"\nkey_id = \"2026-01\"");
    let text = text.replace("secret = \"e3a5f0c9b1d74826af0e5c3d9b718264\"\n", "");

    let config = check_beside(&folder.path().join("roomkey.toml"), &text, &[]).unwrap().config;

    let Signing::Given { signing, others, .. } = config.signing else { panic!("the key is the operator's") };
    assert_eq!((signing.algorithm().name(), signing.key_id(), others.len()), ("RS384", "2026-01", 0));
    assert!(signing.public_jwk().is_some());
}

/// The least file, but that it signs by what these lines say.
fn signing_by(lines: &str) -> String {
    least_with("meeting.signing", lines).replace("secret = \"e3a5f0c9b1d74826af0e5c3d9b718264\"\n", "")
}

#[test]
fn of_several_private_keys_the_first_signs_and_the_others_are_published() {
    let first = fs::read_to_string("tests/data/keys/rsa-2048-pkcs1.pem").unwrap();
    let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let der: Pkcs8V1Der<'_> = pair.as_der().unwrap();
    let second = data_encoding::BASE64.encode(der.as_ref());
    let second = format!("-----BEGIN PRIVATE KEY-----\n{second}\n-----END PRIVATE KEY-----\n");
    let folder = file("jitsi.pem", format!("{first}{second}"));
    let text = signing_by("algorithm = \"RS256\"\nprivate_key_file = \"jitsi.pem\"");
    let path = folder.path().join("roomkey.toml");

    let config = check_beside(&path, &text, &[]).unwrap().config;
    let named = check_beside(&path, &text.replace("jitsi.pem\"", "jitsi.pem\"\nkey_id = \"k1\""), &[]).map(drop);

    let Signing::Given { signing, others, .. } = config.signing else { panic!("the keys are the operator's") };
    assert_eq!((signing.key_id(), others.len()), ("pBTBMpUFQYCuRBoxpSf2y1bh1uPY92qMbJrNEYsdrpc", 1));
    assert!(named.unwrap_err().to_string().contains("meeting.signing.key_id: is one name for several keys"));
}

#[test]
fn the_next_secret_takes_over_at_its_time() {
    let next = "5a0e7c3b9d1f48266e8c0b2d4f6a1937";
    let lines = format!("next_secret = \"{next}\"\nnext_from = \"2026-12-01T03:00:00+01:00\"");

    let config = check(&least_with("meeting.signing", &lines), &[]).unwrap().config;

    let Signing::Given { signing, next: Some(next), .. } = config.signing else { panic!("a secret follows") };
    assert_eq!(next.from.to_string(), "2026-12-01T02:00:00Z");
    assert_ne!(next.key.key_id(), signing.key_id());
    let ring = KeyRing::given(signing.clone(), &[], Some(next.clone()));
    let signs = |seconds: i64| ring.signing(next.from.as_second() + seconds).unwrap().key_id().to_owned();
    assert_eq!([signs(-1), signs(0)], [signing.key_id(), next.key.key_id()]);
}

#[test]
fn roomkey_makes_its_keys_itself_if_it_is_told_to() {
    let config = check(&signing_by("managed = true"), &[]).unwrap().config;
    let quick = check(&signing_by("managed = true\nalgorithm = \"RS512\"\nrotate = \"30m\""), &[]).unwrap();

    let managed = |signing| match signing {
        Signing::Managed { algorithm, rotation } => (algorithm.name(), rotation.lead().as_secs()),
        Signing::Given { .. } => panic!("the keys are Roomkey's own"),
    };
    assert_eq!(managed(config.signing), ("RS256", 24 * 60 * 60));
    let alone = check(&least_with("meeting.signing", "rotate = \"30d\""), &[]).unwrap().warnings.to_string();
    assert!(alone.contains("meeting.signing.rotate: is about keys that Roomkey makes itself"), "{alone}");
    assert!(quick.warnings.to_string().contains("meeting.signing.rotate: is shorter than 1h"), "{}", quick.warnings);
    assert_eq!(managed(quick.config.signing), ("RS512", 15 * 60));
}

#[test]
fn the_secrets_of_the_documentation_are_refused() {
    let manual = fs::read_to_string("docs/configuration.md").unwrap();
    let readme = fs::read_to_string("README.md").unwrap_or_default();
    let value = |line: &str| line.split_once("secret = \"")?.1.split_once('"').map(|(secret, _)| secret.to_owned());

    let secrets: Vec<_> = [EXAMPLE, &manual, &readme].iter().flat_map(|text| text.lines()).filter_map(value).collect();

    assert!(!secrets.is_empty(), "the example shows where a secret would stand");
    for secret in secrets {
        assert!(super::super::secret::weakness(secret.as_bytes()).is_some(), "{secret}");
    }
}

#[test]
fn no_report_and_no_debug_output_holds_a_secret() {
    let text =
        least_with("store", "url = \"postgres://roomkey:hunter2@db/roomkey\"\nsessions = \"redis://:hunter2@redis\"");
    let text = text.replace("client_id = \"roomkey\"", "client_id = \"roomkey\"\nclient_secret = \"hunter2\"");
    let wrong = text.replace("postgres:", "mysql:").replace("0b4d7a9c2e6f81530d9c7b5a3e1f8642", "hunter2");

    let debug = format!("{:?}", check(&text, &[]).unwrap());
    let report = check(&wrong, &[]).unwrap_err();

    for printed in [debug, report.to_string(), format!("{report:?}")] {
        for secret in ["hunter2", "e3a5f0c9b1d74826af0e5c3d9b718264", "0b4d7a9c2e6f81530d9c7b5a3e1f8642"] {
            assert!(!printed.contains(secret), "{printed}");
        }
    }
}

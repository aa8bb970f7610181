//! Keys and certificates of SAML providers, out of the operator's files.

use std::fs;

use crate::config::read::{At, Field, Reader};
use crate::config::secret::{PathText, SecretKeys, as_text};
use crate::provider::saml::{OwnKey, UnusableOwnKey};

/// The certificates in a PEM file, in DER; at least one.
pub(super) fn certificates(reader: &Reader<'_>, file: &At<PathText>) -> Option<Vec<Vec<u8>>> {
    let text = text(reader, file)?;
    let blocks = pem::parse_many(text).unwrap_or_default();
    let all: Vec<_> = blocks.into_iter().filter(|block| block.tag() == "CERTIFICATE").collect();
    if all.is_empty() {
        reader.wrong(&file.spot, "holds no certificate", "give one in PEM");
        return None;
    }
    Some(all.into_iter().map(pem::Pem::into_contents).collect())
}

/// Roomkey's own key: `Some(None)` without one, `None` for one that is wrong.
#[allow(clippy::option_option, reason = "a mistake is not the same as no key")]
pub(super) fn own_key(reader: &Reader<'_>, key: SecretKeys, certificate: Field<PathText>) -> Option<Option<OwnKey>> {
    let key_spot = key.spot().clone();
    match certificate {
        Field::Absent(_) if key.are_absent() => Some(None),
        Field::Absent(spot) => {
            reader.wrong(&spot, "is missing, and there is a `key`", "give both or none");
            None
        }
        Field::Wrong(_) => None,
        Field::Given(file) => {
            let key = as_text(reader, &key.read(reader, true).at()?)?;
            let own = OwnKey::from_pem(&key, &text(reader, &file)?);
            let wrong = |error: UnusableOwnKey| {
                let (spot, remedy) = match error {
                    UnusableOwnKey::Key => (&key_spot, "make one with `openssl req -x509 -newkey rsa:3072 -nodes`"),
                    UnusableOwnKey::Certificate => (&file.spot, "give the certificate in PEM"),
                    UnusableOwnKey::Apart => (&file.spot, "give the certificate that was made for `key`"),
                };
                reader.wrong(spot, format!("cannot be used: {error}"), remedy);
            };
            own.map_err(wrong).ok().map(Some)
        }
    }
}

fn text(reader: &Reader<'_>, At { value, spot }: &At<PathText>) -> Option<String> {
    let read = fs::read_to_string(reader.path(value.as_str()));
    let say = |cause| {
        reader.wrong(
            spot,
            format!("cannot be read ({cause})"),
            "check the path, its permissions and what stands in it",
        );
    };
    read.map_err(say).ok()
}

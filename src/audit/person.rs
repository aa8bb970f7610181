//! A person's own key: what it seals, and how its owner is found.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::event::Person;
use super::keys::{Keys, Master};
use crate::login::{Cipher, random};
use crate::store::PersonRow;

/// What is known of a person by one record. Does not print.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Personal {
    /// Who they are at the provider; guests are nobody there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Their name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Their address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The first of their groups, if they were refused.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
    /// Where they came from, as much of it as is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

/// By which hashes a person is found. Two logins of one person at one provider under another address are two to find.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tag {
    pub(super) subject: String,
    pub(super) handle: String,
}

/// Most bytes of a subject that are kept; its hash is of all of it.
const MAX_SUBJECT: usize = 1024;

/// Longest address that is a handle, in bytes (RFC 5321, section 4.5.3.1).
const MAX_HANDLE: usize = 320;

impl Tag {
    /// Of somebody who is known, else of the address they come from; `None` if there is neither.
    pub(super) fn of(master: &Master, person: Option<&Person>, address: Option<&str>) -> Option<Self> {
        match person {
            Some(person) => {
                let handle = person.email.as_deref().or(person.name.as_deref().filter(|_| person.is_guest));
                Some(Self {
                    // A guest has a new subject each time, and is the same person as far as anybody can tell.
                    subject: match handle {
                        Some(name) if person.is_guest => master.find(&["guest", &person.provider, &comparable(name)]),
                        _ => of_subject(master, &person.provider, &person.subject),
                    },
                    handle: handle.map_or_else(String::new, |handle| of_handle(master, handle)),
                })
            }
            None => {
                let address = address?;
                Some(Self { subject: master.find(&["address", address]), handle: of_handle(master, address) })
            }
        }
    }
}

/// The hash of a subject at a provider.
pub(super) fn of_subject(master: &Master, provider: &str, subject: &str) -> String {
    master.find(&["subject", provider, subject])
}

/// The hash of an e-mail address, a guest's name or a network address.
pub(super) fn of_handle(master: &Master, handle: &str) -> String {
    master.find(&["handle", &comparable(handle)])
}

fn comparable(handle: &str) -> String {
    handle[..handle.floor_char_boundary(MAX_HANDLE)].trim().to_lowercase()
}

impl Personal {
    pub(super) fn new(person: Option<&Person>, address: Option<String>) -> Self {
        let Some(person) = person else { return Self { address, ..Self::default() } };
        let subject = &person.subject[..person.subject.floor_char_boundary(MAX_SUBJECT)];
        Self {
            subject: Some(subject.to_owned()).filter(|_| !person.is_guest),
            name: person.name.clone(),
            email: person.email.clone(),
            groups: person.groups.clone(),
            address,
        }
    }

    /// Sealed for one record of the owner of `key`.
    pub(super) fn seal(&self, key: &Cipher, person: &str, number: i64) -> String {
        let plain = serde_json::to_vec(self).expect("strings are always JSON");
        key.seal(&of_record(person, number), plain)
    }

    /// What [`seal`](Self::seal) sealed.
    pub(super) fn open(sealed: &str, key: &Cipher, person: &str, number: i64) -> Option<Self> {
        serde_json::from_slice(&key.open_text(&of_record(person, number), sealed)?).ok()
    }
}

/// A new key for whoever is found by `tag`, and its row.
pub(super) fn make(master: &Master, Tag { subject, handle }: Tag) -> (PersonRow, Cipher) {
    let person = URL_SAFE_NO_PAD.encode(random::<16>());
    let key = Zeroizing::new(random::<32>());
    let mut row = PersonRow { person, subject, handle, sealed: String::new() };
    row.sealed = master.people.seal(&of_row(&row), key.to_vec());
    (row, Cipher::new(&key))
}

/// The key of a row; `None` if any of it has been changed, or the keys of the trail have.
pub(super) fn open(keys: &Keys, row: &PersonRow) -> Option<Cipher> {
    let context = of_row(row);
    let key = keys.all().find_map(|master| master.people.open_text(&context, &row.sealed))?;
    let key: &[u8; 32] = key.as_slice().try_into().ok()?;
    Some(Cipher::new(key))
}

/// A key opens beside its own name and hashes alone.
fn of_row(PersonRow { person, subject, handle, .. }: &PersonRow) -> Vec<u8> {
    format!("person {person} {subject} {handle}").into_bytes()
}

fn of_record(person: &str, number: i64) -> Vec<u8> {
    format!("record {number} {person}").into_bytes()
}

impl std::fmt::Debug for Personal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Personal([redacted])")
    }
}

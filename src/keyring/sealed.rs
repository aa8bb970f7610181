//! Private keys on their way into the store and out of it.

use std::sync::Arc;

use super::managed::Settings;
use crate::jitsi::{SigningKey, SigningKeyError, Term};
use crate::login::{Age, Purpose};
use crate::store::KeyRow;

/// A key that the store has and that opens.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub(super) term: Term,
    pub(super) published: i64,
    pub(super) key: Arc<SigningKey>,
}

/// What has become of all rows.
pub(super) struct Opened {
    pub(super) held: Vec<Held>,
    /// Rows that only a previous secret opens, with what to put in place of their text.
    pub(super) outdated: Vec<(KeyRow, String)>,
    /// Rows that do not open at all.
    pub(super) foreign: Vec<KeyRow>,
}

impl Opened {
    pub(super) fn terms(&self) -> Vec<Term> {
        self.held.iter().map(|held| held.term).collect()
    }

    /// The number of the next key.
    pub(super) fn next_number(&self) -> i64 {
        let numbers = self.held.iter().map(|held| held.term.number);
        numbers.chain(self.foreign.iter().map(|row| row.number)).max().unwrap_or(0).saturating_add(1)
    }
}

/// Opens rows; keys that are among `known` already are not parsed again.
pub(super) fn open(rows: Vec<KeyRow>, settings: &Settings, known: &[Held]) -> Opened {
    let mut opened = Opened { held: Vec::new(), outdated: Vec::new(), foreign: Vec::new() };
    for row in rows {
        let is_known = |held: &&Held| held.key.key_id() == row.kid && held.key.algorithm() == settings.algorithm;
        let unsealed = settings.sealer.open_with_age(Purpose::SigningKey, row.kid.as_bytes(), &row.sealed);
        let parse = || SigningKey::from_pkcs8(settings.algorithm, &unsealed.as_ref()?.0).ok().map(Arc::new);
        let Some(key) = known.iter().find(is_known).map(|held| Arc::clone(&held.key)).or_else(parse) else {
            opened.foreign.push(row);
            continue;
        };
        let term = Term { number: row.number, signs: row.signs, token_lifetime: row.token_lifetime };
        opened.held.push(Held { term, published: row.published, key });
        if let Some((document, Age::Previous)) = unsealed {
            let sealed = settings.sealer.seal(Purpose::SigningKey, row.kid.as_bytes(), document.to_vec());
            opened.outdated.push((row, sealed));
        }
    }
    opened
}

/// Makes a key and seals it: computes for a good part of a second. Its number and times are for the caller to fill in.
pub(super) fn make(settings: &Settings) -> Result<KeyRow, SigningKeyError> {
    let (key, document) = SigningKey::generate(settings.algorithm)?;
    let kid = key.key_id().to_owned();
    let sealed = settings.sealer.seal(Purpose::SigningKey, kid.as_bytes(), document.to_vec());
    let token_lifetime = i64::try_from(settings.token_lifetime.as_secs()).unwrap_or(i64::MAX);
    Ok(KeyRow { number: 0, kid, sealed, published: 0, signs: 0, token_lifetime })
}

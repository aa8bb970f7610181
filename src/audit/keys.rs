//! The keys of the trail: all derived from one secret, which the store holds sealed.
//!
//! A new `session.secret` thereby reseals one row, and what was sealed, signed and hashed before stays as it is. If the secret does not
//! open any more, a new one goes on, and what only the old one opened stays shut.

use aws_lc_rs::hmac;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::login::{Age, Cipher, Purpose, Sealer, derive_key, random};
use crate::store::{AuditKeyRow, Store, StoreError};

/// Why the keys cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// The store is down.
    #[error("the keys of the audit trail cannot be read")]
    Store(#[from] StoreError),
    /// Nothing has been recorded yet, or `session.secret` is another than it was then.
    #[error("there is no key of the audit trail that `session.secret` or a previous secret opens")]
    None,
}

/// All keys, the ones in force first.
pub(super) struct Keys(Vec<Master>);

/// What is derived from one secret.
pub(super) struct Master {
    /// Hashes by which people are found.
    find: hmac::Key,
    /// Seals people's keys.
    pub(super) people: Cipher,
    /// Seals the head of the chain.
    head: hmac::Key,
    signer: Ed25519KeyPair,
}

/// `SubjectPublicKeyInfo` of an Ed25519 key, up to the key itself (RFC 8410, section 4).
const ED25519_SPKI: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

impl Keys {
    /// The keys there are.
    ///
    /// # Errors
    /// [`KeysError`].
    pub(super) async fn find(store: &Store, sealer: &Sealer) -> Result<Self, KeysError> {
        let opened = open(store.audit_keys().await?, sealer);
        if opened.masters.is_empty() { Err(KeysError::None) } else { Ok(Self(opened.masters)) }
    }

    /// The same, of which the newest can be used: it is made if need be, and sealed anew if an old secret sealed it.
    ///
    /// # Errors
    /// The store is down.
    pub(super) async fn find_or_make(store: &Store, sealer: &Sealer) -> Result<Self, KeysError> {
        let mut opened = open(store.audit_keys().await?, sealer);
        if !opened.newest_opens {
            if opened.newest > 0 {
                tracing::error!(
                    "the audit trail goes on with new keys: `session.secret` has changed and its old value is not among \
                     `session.previous_secrets`, so that what is recorded of people until now cannot be read"
                );
            }
            let number = opened.newest + 1;
            let sealed = sealer.seal(Purpose::Audit, &context(number), random::<32>().to_vec());
            store.add_audit_key(AuditKeyRow { number, sealed }).await?;
            // Another replica may have been first.
            opened = open(store.audit_keys().await?, sealer);
        }
        for (row, sealed) in opened.outdated {
            store.reseal_audit_key(row, sealed).await?;
        }
        if opened.newest_opens { Ok(Self(opened.masters)) } else { Err(KeysError::None) }
    }

    /// Those in force.
    pub(super) fn current(&self) -> &Master {
        &self.0[0]
    }

    /// All of them.
    pub(super) fn all(&self) -> impl Iterator<Item = &Master> {
        self.0.iter()
    }

    /// The public halves, the one in force first, as PEM.
    pub(super) fn public_pems(&self) -> Vec<String> {
        self.all()
            .map(|master| {
                let document = [&ED25519_SPKI, master.signer.public_key().as_ref()].concat();
                pem::encode(&pem::Pem::new("PUBLIC KEY", document))
            })
            .collect()
    }
}

impl Master {
    fn new(secret: &[u8]) -> Self {
        let hash = |label| hmac::Key::new(hmac::HMAC_SHA256, &*derive_key(secret, label));
        let seed = derive_key(secret, b"roomkey/audit/sign/1");
        Self {
            find: hash(b"roomkey/audit/find/1"),
            people: Cipher::new(&derive_key(secret, b"roomkey/audit/people/1")),
            head: hash(b"roomkey/audit/head/1"),
            signer: Ed25519KeyPair::from_seed_unchecked(&*seed).expect("any 32 bytes are a seed"),
        }
    }

    /// The keyed hash by which somebody is found who goes by `parts`.
    pub(super) fn find(&self, parts: &[&str]) -> String {
        URL_SAFE_NO_PAD.encode(hash(&self.find, parts))
    }

    /// The keyed hash of what the head of the chain says.
    pub(super) fn seal_head(&self, parts: &[&str]) -> String {
        URL_SAFE_NO_PAD.encode(hash(&self.head, parts))
    }

    /// The public key, as checkpoints name it.
    pub(super) fn public_key(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.signer.public_key())
    }

    pub(super) fn sign(&self, statement: &[u8]) -> String {
        URL_SAFE_NO_PAD.encode(self.signer.sign(statement))
    }
}

/// What has become of all rows.
struct Opened {
    masters: Vec<Master>,
    outdated: Vec<(AuditKeyRow, String)>,
    /// The highest number; 0 if there is none.
    newest: i64,
    newest_opens: bool,
}

fn open(rows: Vec<AuditKeyRow>, sealer: &Sealer) -> Opened {
    let newest = rows.last().map_or(0, |row| row.number);
    let mut opened = Opened { masters: Vec::new(), outdated: Vec::new(), newest, newest_opens: false };
    for row in rows.into_iter().rev() {
        let context = context(row.number);
        let Some((secret, age)) = sealer.open_with_age(Purpose::Audit, &context, &row.sealed) else { continue };
        opened.newest_opens |= row.number == newest;
        opened.masters.push(Master::new(&secret));
        if age == Age::Previous {
            let sealed = sealer.seal(Purpose::Audit, &context, secret.to_vec());
            opened.outdated.push((row, sealed));
        }
    }
    opened
}

/// A row opens under its own number alone.
fn context(number: i64) -> Vec<u8> {
    [b"key ".as_slice(), &number.to_be_bytes()].concat()
}

/// Each part with its length before it, so that no two lists run into the same bytes.
fn hash(key: &hmac::Key, parts: &[&str]) -> hmac::Tag {
    let mut context = hmac::Context::with_key(key);
    for part in parts {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part.as_bytes());
    }
    context.sign()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::testing::{Stage, sealer};

    #[tokio::test]
    async fn replicas_agree_on_the_keys_and_keep_them_over_a_new_secret() {
        let stage = Stage::sqlite();

        let secret = sealer(&[1]);
        let (one, other) =
            tokio::join!(Keys::find_or_make(&stage.store, &secret), Keys::find_or_make(&stage.store, &secret));
        let later = Keys::find_or_make(&stage.store, &sealer(&[2, 1])).await.unwrap();
        let at_last = Keys::find(&stage.store, &sealer(&[2])).await.unwrap();

        let public = one.unwrap().public_pems();
        assert_eq!(public.len(), 1);
        for keys in [other.unwrap(), later, at_last] {
            assert_eq!(keys.public_pems(), public);
        }
    }

    #[tokio::test]
    async fn keys_that_do_not_open_are_followed_by_new_ones() {
        let stage = Stage::sqlite();
        Keys::find_or_make(&stage.store, &sealer(&[1])).await.unwrap();

        let before = Keys::find(&stage.store, &sealer(&[2])).await;
        let made = Keys::find_or_make(&stage.store, &sealer(&[2])).await.unwrap();

        assert!(matches!(before, Err(KeysError::None)));
        assert_eq!(made.public_pems().len(), 1);
        assert_eq!(Keys::find(&stage.store, &sealer(&[2, 1])).await.unwrap().public_pems().len(), 2);
    }

    #[tokio::test]
    async fn the_public_key_is_one_for_other_programs() {
        let stage = Stage::sqlite();
        let keys = Keys::find_or_make(&stage.store, &sealer(&[1])).await.unwrap();

        let document = pem::parse(&keys.public_pems()[0]).unwrap();

        assert_eq!(document.tag(), "PUBLIC KEY");
        assert_eq!(document.contents().len(), 44);
        assert_eq!(URL_SAFE_NO_PAD.encode(&document.contents()[12..]), keys.current().public_key());
    }

    #[test]
    fn parts_do_not_run_into_one_another() {
        let master = Master::new(&[7; 32]);

        assert_ne!(master.find(&["a", "bc"]), master.find(&["ab", "c"]));
        assert_ne!(master.find(&["a"]), master.seal_head(&["a"]));
    }
}

//! How records hang together: their hashes, the head's seal, and signatures.

use aws_lc_rs::digest::{Context, SHA256};
use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::event::{Event, Outcome};
use super::keys::{Keys, Master};
use crate::login::LoginId;
use crate::store::{Added, CheckpointRow, HeadRow, PersonRow, RecordRow};

/// Records between two signatures at most.
pub(super) const SIGN_EVERY: i64 = 1_000;

/// Time between two signatures at most while there are records, in microseconds.
const SIGN_AFTER: i64 = 3_600_000_000;

/// What the first record has instead of a hash before.
pub(super) const NOTHING_BEFORE: &str = "";

/// The hash of a record: SHA-256 over what it is, the hash before, and every column in its order, each text with its length before it.
pub(super) fn hash(previous: &str, record: &RecordRow) -> String {
    let RecordRow {
        number,
        at,
        outcome,
        reference,
        room,
        tenant,
        provider,
        rule,
        role,
        reason,
        detail,
        device,
        person,
        sealed,
        hash: _,
    } = record;
    let mut context = Context::new(&SHA256);
    context.update(b"roomkey audit record 1\n");
    context.update(&number.to_be_bytes());
    context.update(&at.to_be_bytes());
    for text in
        [previous, outcome, reference, room, tenant, provider, rule, role, reason, detail, device, person, sealed]
    {
        context.update(&(text.len() as u64).to_be_bytes());
        context.update(text.as_bytes());
    }
    URL_SAFE_NO_PAD.encode(context.finish())
}

/// The seal of what the head says.
fn seal(master: &Master, HeadRow { number, hash, cut, checkpoint, checkpoint_at, .. }: &HeadRow) -> String {
    let numbers = [number, cut, checkpoint, checkpoint_at].map(i64::to_string);
    master.seal_head(&[hash, &numbers[0], &numbers[1], &numbers[2], &numbers[3]])
}

/// Whether the head says what it said when it was sealed. Before the first record it has no seal.
pub(super) fn is_sealed(keys: &Keys, head: &HeadRow) -> bool {
    *head == HeadRow::default() || keys.all().any(|master| seal(master, head) == head.seal)
}

/// What is being added to the chain.
pub(super) struct Links<'a> {
    keys: &'a Keys,
    head: HeadRow,
    added: Added,
    /// In Unix microseconds.
    now: i64,
}

impl<'a> Links<'a> {
    /// Begins at `head`, at `now`. If that is not what Roomkey wrote, or comes before the record `seen`, the first link says so: to
    /// seal it without a word would hide what has been done to it.
    pub(super) fn begin(keys: &'a Keys, head: HeadRow, now: i64, seen: i64) -> Self {
        let is_changed = head.number < seen || !is_sealed(keys, &head);
        let mut links = Self { keys, head, added: Added::default(), now };
        if is_changed {
            tracing::error!("the audit trail has been changed by somebody else: `roomkey audit verify` shows where");
            links.add(links.record(now, Event::new(Outcome::Tampered, LoginId::random())));
        }
        links
    }

    /// The next record, as far as it is no secret whom it is about.
    pub(super) fn record(&self, at: i64, event: Event) -> RecordRow {
        RecordRow {
            number: self.head.number + 1,
            at,
            outcome: event.outcome.word().to_owned(),
            reference: event.reference,
            room: event.room,
            tenant: event.tenant,
            provider: event.provider,
            rule: event.rule,
            role: event.role,
            reason: event.reason,
            detail: event.detail,
            device: event.client.device,
            ..RecordRow::default()
        }
    }

    pub(super) fn add(&mut self, mut record: RecordRow) {
        record.hash = hash(&self.head.hash, &record);
        (self.head.number, self.head.hash) = (record.number, record.hash.clone());
        self.added.records.push(record);
    }

    pub(super) fn add_person(&mut self, row: PersonRow) {
        self.added.people.push(row);
    }

    /// Destroys people's keys.
    pub(super) fn erase(&mut self, people: Vec<String>) {
        self.added.erased.extend(people);
    }

    /// Removes all records up to the checkpoint `number`.
    pub(super) fn cut(&mut self, number: i64) {
        self.head.cut = number;
    }

    /// Signs the last record, unless that is done.
    pub(super) fn sign(&mut self) {
        if self.head.number > self.head.checkpoint {
            self.added.checkpoint = Some(sign(self.keys.current(), &mut self.head, self.now));
        }
    }

    /// All of it, signed if it is time for that.
    pub(super) fn end(mut self) -> Added {
        if is_due(&self.head, self.now) {
            self.sign();
        }
        self.head.seal = seal(self.keys.current(), &self.head);
        self.added.head = self.head;
        self.added
    }
}

/// Whether it is time for a signature.
fn is_due(head: &HeadRow, now: i64) -> bool {
    let (records, time) = (head.number - head.checkpoint, now - head.checkpoint_at);
    records >= SIGN_EVERY || (records > 0 && time >= SIGN_AFTER)
}

/// Signs the last record of the chain, which `head` then knows.
fn sign(master: &Master, head: &mut HeadRow, now: i64) -> CheckpointRow {
    let mut row = CheckpointRow {
        number: head.number,
        at: now,
        hash: head.hash.clone(),
        previous: head.checkpoint,
        public_key: master.public_key(),
        signature: String::new(),
    };
    row.signature = master.sign(statement(&row).as_bytes());
    (head.checkpoint, head.checkpoint_at) = (row.number, row.at);
    row
}

/// Whether a checkpoint was signed by the key that it names.
pub(super) fn is_signed(row: &CheckpointRow) -> bool {
    let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).ok();
    let (Some(key), Some(signature)) = (bytes(&row.public_key), bytes(&row.signature)) else { return false };
    UnparsedPublicKey::new(&ED25519, key).verify(statement(row).as_bytes(), &signature).is_ok()
}

/// What is signed: readable, so that an auditor can check it with other programs.
fn statement(CheckpointRow { number, at, hash, previous, public_key, .. }: &CheckpointRow) -> String {
    format!(
        "roomkey audit checkpoint 1\nnumber {number}\nat {at}\nhash {hash}\nprevious {previous}\nkey {public_key}\n"
    )
}

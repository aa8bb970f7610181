//! What an operator does with the trail, and what is done for them: records of what commands have done, signatures to keep elsewhere,
//! erasure, removal of what is old.

use jiff::Timestamp;

use super::chain::{Links, SIGN_EVERY};
use super::event::{Event, Outcome};
use super::keys::{Keys, KeysError};
use crate::login::{LoginId, Sealer};
use crate::store::{CheckpointRow, Found, Store};

/// Records of one transaction.
const PORTION: usize = 512;

/// Keys that one record of an erasure names.
const AT_A_TIME: usize = 20;

/// Records what an operator does by a command, in the order given: a command ends before a [`Trail`](super::Trail) would have begun.
/// Tells of nobody: a person of an event is left out.
///
/// # Errors
/// [`KeysError`]: not all of it is recorded.
pub async fn note(store: &Store, sealer: &Sealer, events: Vec<Event>, now: Timestamp) -> Result<(), KeysError> {
    let now = now.as_microsecond();
    for some in portions(events) {
        let keys = Keys::find_or_make(store, sealer).await?;
        let add = move |found: Found| {
            let mut links = Links::begin(&keys, found.head, now, 0);
            for event in some {
                links.add(links.record(now, event));
            }
            links.end()
        };
        store.add_to_trail(Vec::new(), Vec::new(), add).await?;
    }
    Ok(())
}

/// Events in their order, as many at a time as one transaction takes without keeping others waiting.
pub(super) fn portions<T>(events: Vec<T>) -> impl Iterator<Item = Vec<T>> {
    let mut events = events.into_iter();
    std::iter::from_fn(move || Some(events.by_ref().take(PORTION).collect::<Vec<_>>()).filter(|some| !some.is_empty()))
}

/// Signs the last record, and gives the signature to keep elsewhere: `None` before the first record.
///
/// # Errors
/// [`KeysError`].
pub async fn checkpoint(store: &Store, sealer: &Sealer, now: Timestamp) -> Result<Option<CheckpointRow>, KeysError> {
    let keys = Keys::find(store, sealer).await?;
    let now = now.as_microsecond();
    let sign = move |found: Found| {
        let mut links = Links::begin(&keys, found.head, now, 0);
        links.sign();
        links.end()
    };
    store.add_to_trail(Vec::new(), Vec::new(), sign).await?;
    Ok(store.checkpoints().await?.pop())
}

/// The keys by which others can check signatures, the one in force first, as PEM.
///
/// # Errors
/// [`KeysError`].
pub async fn public_keys(store: &Store, sealer: &Sealer) -> Result<Vec<String>, KeysError> {
    Ok(Keys::find(store, sealer).await?.public_pems())
}

/// Destroys these people's keys, named as [`Search::keys_of`](super::Search::keys_of) names them: what records hold of them cannot be
/// read or found any more, by anybody. The chain tells that it was done, and holds.
///
/// # Errors
/// [`KeysError`]: some of it may have been done, and can be done again.
pub async fn erase(store: &Store, sealer: &Sealer, people: &[String], now: Timestamp) -> Result<(), KeysError> {
    for some in people.chunks(AT_A_TIME) {
        let keys = Keys::find(store, sealer).await?;
        let (some, now) = (some.to_vec(), now.as_microsecond());
        let erase = move |found: Found| {
            let mut links = Links::begin(&keys, found.head, now, 0);
            let event = Event::new(Outcome::Erased, LoginId::random()).detail(&some.join(" "));
            links.add(links.record(now, event));
            links.erase(some);
            links.end()
        };
        store.add_to_trail(Vec::new(), Vec::new(), erase).await?;
    }
    Ok(())
}

/// Removes what was recorded before `before`, up to the last checkpoint from then, and says how many records it was.
///
/// # Errors
/// [`KeysError`]: some of it may have been done, and can be done again.
pub async fn trim(store: &Store, sealer: &Sealer, before: Timestamp, now: Timestamp) -> Result<u64, KeysError> {
    let before = before.as_microsecond();
    let first = store.head_of_trail().await?.cut;
    let checkpoints = store.checkpoints().await?;
    let old = checkpoints.iter().filter(|row| row.number > first && row.at < before).map(|row| row.number);
    let old: Vec<i64> = old.collect();
    let mut last = first;
    for (at, &number) in old.iter().enumerate() {
        // In steps that nobody waits long for, and no smaller ones.
        if old.get(at + 1).is_some_and(|next| next - last <= SIGN_EVERY) {
            continue;
        }
        let keys = Keys::find(store, sealer).await?;
        let now = now.as_microsecond();
        let cut = move |found: Found| {
            let from = found.head.cut + 1;
            let mut links = Links::begin(&keys, found.head, now, 0);
            // Another replica may have done it.
            if from <= number {
                let event =
                    Event::new(Outcome::Trimmed, LoginId::random()).detail(&format!("records {from} to {number}"));
                links.add(links.record(now, event));
                links.cut(number);
            }
            links.end()
        };
        store.add_to_trail(Vec::new(), Vec::new(), cut).await?;
        last = number;
    }
    Ok(last.abs_diff(first))
}

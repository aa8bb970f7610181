//! What signs tokens, and until when.

use jiff::Timestamp;
use prometheus_client::registry::Unit;

use super::exposition::Family;
use crate::keyring::KeyRing;

#[allow(clippy::cast_precision_loss, reason = "seconds are exact for millions of years")]
pub(super) fn families(keys: &KeyRing, now: Timestamp) -> [Family; 3] {
    let now = now.as_second();
    let (ready, times) = (f64::from(u8::from(keys.signing(now).is_some())), keys.times(now));
    let time = |second: Option<i64>| second.map(|second| (Vec::new(), second as f64)).into_iter().collect();
    [
        Family::gauge(
            "roomkey_signing_key_ready",
            "1 if there is a key to sign tokens with, else 0.",
            vec![(Vec::new(), ready)],
        ),
        Family::gauge("roomkey_signing_key_since_timestamp", "Since when the key signs.", time(times.since))
            .in_unit(Unit::Seconds),
        Family::gauge("roomkey_signing_key_next_timestamp", "When the next key takes over.", time(times.next))
            .in_unit(Unit::Seconds),
    ]
}

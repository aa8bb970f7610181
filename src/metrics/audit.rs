//! Whether attempts are recorded, and records sent on.

use prometheus_client::registry::Unit;

use super::exposition::{Family, label};
use super::store::number;
use crate::audit::Trail;

pub(super) async fn families(trail: &Trail) -> [Family; 6] {
    let measured = trail.measured();
    let kept = [("store", &measured.in_store), ("journal", &measured.in_journal), ("nowhere", &measured.nowhere)];
    let kept = kept.map(|(kept, counter)| (vec![label("kept", kept)], counter.read()));
    let standings = trail.standings().await.unwrap_or_default();
    let of = |sink: &'static str| vec![label("sink", sink)];
    let behind = standings.iter().filter_map(|sink| Some((of(sink.sink), number(sink.behind?))));
    let failures = standings.iter().map(|sink| (of(sink.sink), sink.failures));
    [
        Family::counter("roomkey_audit_records", "Records, by where they are durable.", kept.into()),
        Family::histogram(
            "roomkey_audit_record",
            "Time until a record was durable.",
            vec![(Vec::new(), measured.took.read())],
        ),
        Family::gauge(
            "roomkey_audit_waiting",
            "Records that wait to be written.",
            vec![(Vec::new(), number(trail.waiting() as u64))],
        ),
        Family::gauge(
            "roomkey_audit_journal",
            "Records that wait beside a store that is down.",
            vec![(Vec::new(), number(trail.in_journal()))],
        )
        .in_unit(Unit::Bytes),
        Family::gauge("roomkey_audit_sink_behind", "Records that a sink has not had yet.", behind.collect()),
        Family::counter("roomkey_audit_sink_failures", "Deliveries of this process that failed.", failures.collect()),
    ]
}

//! What sealing a login into the browser costs, and finding it again.

#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark stops at the first thing amiss")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use jiff::Timestamp;
use roomkey::login::{LoginAttempt, NewAttempt, ProviderId, Sealer, SealingKeys};
use roomkey::room::JoinRequest;
use secrecy::SecretSlice;

fn attempts(criterion: &mut Criterion) {
    let keys = SealingKeys {
        current: SecretSlice::from(b"a benchmark needs a secret as well".to_vec()),
        previous: Vec::new(),
    };
    let sealer = Sealer::new(&keys).unwrap();
    let provider: ProviderId = "work".parse().unwrap();
    let now = Timestamp::from_second(1_800_000_000).unwrap();
    let request = JoinRequest::from_link(None, "Weekly sync", None).unwrap();
    let begin = || NewAttempt::begin(request.clone(), provider.clone(), 0, &sealer, now).unwrap();
    let attempt = begin();
    let (state, cookie) = (attempt.state(), attempt.sealed().value.clone());

    criterion.bench_function("begin an attempt", |bencher| bencher.iter(|| black_box(begin())));
    criterion.bench_function("open an attempt", |bencher| {
        bencher.iter(|| {
            let cookie = |_: &str| Some(cookie.clone());
            black_box(LoginAttempt::open(state.secret(), &provider, cookie, &sealer, now).unwrap())
        });
    });
}

criterion_group!(benches, attempts);
criterion_main!(benches);

//! What a SAML response costs, from the browser's parameter to somebody verified.

use std::hint::black_box;

use criterion::Criterion;

use crate::saml_login::{FOLDER, SamlLogin};

/// Each kind of response: RSA of 2048 bits signs, and encrypts.
pub(crate) fn responses(criterion: &mut Criterion) {
    let repository = env!("CARGO_MANIFEST_DIR");
    let login = SamlLogin::read(repository);
    let mut group = criterion.benchmark_group("saml");
    for kind in ["signed-assertion", "signed-response", "encrypted"] {
        let document = std::fs::read(format!("{repository}/{FOLDER}/{kind}.xml")).unwrap();
        group.bench_function(kind, |bencher| bencher.iter(|| login.verify(black_box(&document)).unwrap()));
    }
    group.finish();
}
